"""One training by several processes, on one machine or many: who writes, and what they agree on.

Process 0 prepares and writes; the others wait until it has a checkpoint, and begin with that. From
then on all of them run the same program on the same state, each with its devices' share of the
environments. They see one folder, on a file system that all of them have.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from simgait.errors import InputError
from simgait.files import write_whole
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.run_folder import RunFolder
from simgait.text_files import read_facts

READY_FILE = ".processes.json"
LOOK_S = 0.5
"""Between two looks of those that wait: a shared file system is spared."""
READY, OVER, FAILED = "ready", "over", "failed"
Tree = TypeVar("Tree")


@dataclass(frozen=True)
class Together:
    """What a shell says of the processes: all of it, or nothing where the cluster says it."""

    count: int | None = None
    number: int | None = None
    coordinator: str | None = None


def begin_together(said: Together) -> None:
    """Meets the other processes; JAX must not have begun yet.

    What is not said, JAX asks the cluster's manager for (SLURM, Open MPI, Kubernetes).

    Raises:
        InputError: they do not meet, or nothing says how many there are.
    """
    try:
        jax.distributed.initialize(said.coordinator, said.count, said.number)
    except Exception as error:
        where = said.coordinator or "the cluster's own coordinator"
        raise InputError(
            f"--processes: the processes did not meet at {where} "
            f"({' '.join(str(error).split())[:160]}); every process needs the same --processes and "
            "--coordinator and its own --process, from 0, and port and host must be reachable; "
            "without --process and --coordinator a cluster's manager (SLURM) has to say them."
        ) from error


def is_first() -> bool:
    """Whether this is the process that writes; the only one is."""
    return jax.process_index() == 0


def n_processes() -> int:
    """How many work on this training."""
    return jax.process_count()


def any_of(asked: bool) -> bool:
    """Whether any of the processes says so; all of them ask at the same place."""
    if n_processes() == 1:
        return asked
    from jax.experimental.multihost_utils import process_allgather

    return bool(np.any(process_allgather(np.array([asked]))))


def gathered(tree: Tree) -> Tree:
    """Arrays as every process has them whole; all of them ask at the same place."""
    if n_processes() == 1:
        return tree
    from jax.experimental.multihost_utils import process_allgather

    def one(leaf: Any) -> Any:
        if not isinstance(leaf, jax.Array) or leaf.is_fully_addressable:
            return leaf
        if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
            return jax.random.wrap_key_data(one(jax.random.key_data(leaf)))
        if leaf.is_fully_replicated:
            return np.asarray(leaf)
        return process_allgather(leaf, tiled=True)

    whole: Tree = jax.tree.map(one, tree)
    return whole


class Doorkeeper:
    """Lets the other processes in when the first has prepared what they begin with."""

    def __init__(self, folder: Path) -> None:
        """`folder`: of the run. All processes make one at the same place."""
        self._path, self._folder, self._meeting = folder / READY_FILE, folder, 0
        if n_processes() > 1:
            from jax.experimental.multihost_utils import broadcast_one_to_all

            # A file of an earlier meeting lets nobody in.
            drawn = np.random.default_rng().integers(2**31, dtype=np.int32)
            self._meeting = int(broadcast_one_to_all(drawn))

    def open(self, state: str = READY, sentence: str = "") -> None:
        """The first process has prepared all, or has no need of the others."""
        if n_processes() > 1 and is_first() and self._folder.is_dir():
            facts = {"meeting": self._meeting, "state": state, "sentence": sentence}
            write_whole(self._path, json.dumps(facts) + "\n")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """The others are told if the block, of the first process, ends before it has opened."""
        try:
            yield
        except InputError as error:
            self.open(FAILED, str(error))
            raise
        finally:
            if n_processes() > 1 and self._said() is None:
                self.open(OVER)

    def _said(self) -> dict[str, Any] | None:
        try:
            facts = read_facts(self._path)
        except InputError:
            return None
        return facts if facts.get("meeting") == self._meeting else None

    def wait(self) -> bool:
        """Waits for the first process; False where nothing is left to do.

        Raises:
            InputError: the first process could not begin, and why.
        """
        while (said := self._said()) is None:
            time.sleep(LOOK_S)
        if said["state"] == FAILED:
            raise InputError(str(said["sentence"]))
        return bool(said["state"] == READY)


def guest_folder(path: Path, checkpoint: str, tell: Callable[[str], None]) -> RunFolder:
    """The run's folder as another process than the first has it: to read only.

    Raises:
        InputError: the folder is not that of the first process.
    """
    checkpoints = Checkpoints(path, checkpoint)
    facts = checkpoints.facts(tell)
    if facts is None:
        raise InputError(
            f"{path.name}: the first process has left no checkpoint here; every process needs the "
            "same folder, on a file system that all of them have."
        )
    return RunFolder(path, facts["provenance"], checkpoints, facts)
