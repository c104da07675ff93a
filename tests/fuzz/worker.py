"""One process that reads inputs as it is told; whatever kills it kills no other case."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import Target, targets

MORE_BYTES = 2 << 30
"""What a case may take beyond what the imports took."""


@dataclass(frozen=True)
class Result:
    """How a case ended: "read", "refused", or what went wrong, with the place and the story."""

    outcome: str
    place: str = ""
    story: str = ""


def case_bytes(target: Target, seed: int, number: int) -> bytes:
    """The input of a case, the same whenever and wherever it is made."""
    rng = np.random.default_rng([seed, sum(target.name.encode()), number])
    return mutated(rng, target.seeds[rng.integers(len(target.seeds))], target.mutations)


def run_case(target: Target, seed: int, number: int, folder: Path) -> Result:
    """Make the input, read it, and say how that went."""
    from simgait.errors import InputError

    for name, content in {**target.beside, target.file: case_bytes(target, seed, number)}.items():
        (folder / name).write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            target.read(folder / target.file)
            result = Result("read")
        except InputError as error:
            result = _sentence(str(error))
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            result = Result(type(error).__name__, _place(error), traceback.format_exc())
    if result.outcome in ("read", "refused") and caught:
        first = caught[0]
        place = f"{Path(first.filename).name}:{first.lineno}"
        return Result("warning", place, f"{first.category.__name__}: {first.message}")
    return result


def _sentence(text: str) -> Result:
    is_one = text.endswith(".") and "\n" not in text and text.isprintable() and len(text) < 1000
    return Result("refused") if is_one else Result("no sentence", text[:60], repr(text[:2000]))


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}simgait{os.sep}" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MORE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def serve(connection: Connection, seed: int, reader: str) -> None:
    """Read cases (target, number) from the connection until None comes, and answer each."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - until the end
    logging.disable()
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as work:
        known = [t for t in targets(Path(made)) if t.name.startswith(reader)]
        for target in known:  # what is imported late is imported now
            for name, content in {**target.beside, target.file: target.seeds[0]}.items():
                (Path(work) / name).write_bytes(content)
            with contextlib.suppress(Exception):
                target.read(Path(work) / target.file)
        _limit_memory()
        connection.send("ready")
        while (told := connection.recv()) is not None:
            index, number = told
            connection.send(run_case(known[index], seed, number, Path(work)))
