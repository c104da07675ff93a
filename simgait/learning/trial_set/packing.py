"""Trials of recordings packed into shards of like size, in an order that mixes people."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from simgait.learning.kept_walks import decoded_walk, write_walks
from simgait.learning.trial_set.index import SHARDS, Index, Made, Shard
from simgait.provenance import file_sha256
from simgait.skeleton.skeleton import Skeleton
from simgait.text_files import parse_json
from simgait.types import FittedTrial

OPEN_FILES = 32
"""Files that are held open while trials are gathered from many."""
Place = tuple[Path, int]
"""A file of trials, and which of its trials."""


def shard_plan(
    recordings: Mapping[str, Made], part: str, size: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The shards of a part: name and trials of each.

    Trials lie in the order of hashes of their ids, so that each shard is a sample of all people;
    sizes differ by one at most, and none is beyond `size`.
    """
    trials = [t for made in recordings.values() if made.part == part for t in made.trials]
    trials.sort(key=lambda trial: hashlib.sha256(trial.encode()).hexdigest())
    count = -(-len(trials) // size)
    for n in range(count):
        own = tuple(trials[n * len(trials) // count : (n + 1) * len(trials) // count])
        name = hashlib.sha256("\n".join(own).encode()).hexdigest()[:16]
        yield f"{part}-{name}.safetensors", own


def write_shard(folder: Path, part: str, name: str, trials: Sequence[str], reader: Trials) -> Shard:
    """Gathers trials from wherever they lie into one file.

    Raises:
        InputError: it cannot be written.
    """
    path = folder / SHARDS / name
    walks = [reader.trial(trial) for trial in trials]
    write_walks(path, walks, {"trials": list(trials)}, reader.skeleton)
    return Shard(name, part, tuple(trials), file_sha256(path))


def whole_shards(folder: Path, index: Index) -> list[Shard]:
    """The shards of an index whose files are there and are what they were."""
    found = []
    for shard in index.shards:
        path = folder / SHARDS / shard.file
        if path.is_file() and file_sha256(path) == shard.sha256:
            found.append(shard)
    return found


class Trials:
    """Reads trials one by one from files of many, a few of which are open at a time."""

    def __init__(self, places: Mapping[str, Place], skeleton: Skeleton) -> None:
        """`places`: where each trial lies."""
        self._places, self.skeleton = places, skeleton
        self._open: OrderedDict[Path, tuple[_Arrays, list[Any]]] = OrderedDict()

    def trial(self, trial: str) -> FittedTrial:
        """One trial; its file was checked before."""
        path, row = self._places[trial]
        if path not in self._open:
            arrays = _Arrays(path)
            text = arrays["['text']"].tobytes().decode()
            self._open[path] = arrays, parse_json(text, path.name)["walks"]
            if len(self._open) > OPEN_FILES:
                self._open.popitem(last=False)
        self._open.move_to_end(path)
        arrays, walks = self._open[path]
        walk: FittedTrial = decoded_walk(walks[row], arrays, self.skeleton)
        return walk


class _Arrays(Mapping[str, np.ndarray]):
    """The arrays of a file, read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._file: Any = safe_open(path, "numpy")

    def __getitem__(self, name: str) -> np.ndarray:
        array: np.ndarray = self._file.get_tensor(name)
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._file.keys())

    def __len__(self) -> int:
        return len(self._file.keys())
