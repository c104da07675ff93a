"""Walks that were made for a training, kept in its folder: a stopped training makes none twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.files import cannot_be_written
from simgait.learning.progress import SILENT, Progress
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.skeleton import Skeleton
from simgait.text_files import parse_json
from simgait.types import FittedTrial, GaitEvent, Trial, TrialTruth
from simgait.weight_files import load_arrays, save_tree

FOLDER = "walks"
IN_A_FILE = 128
"""People of a file; about 20 MB, some seconds' work."""
_TYPES = {kind.__name__: kind for kind in (FittedTrial, Trial, TrialTruth, GaitEvent, Dimensions)}

Advance = Callable[[int], None]
Make = Callable[[int, int, Advance], list[FittedTrial]]
"""Walks of the people from a first to before a last one; says how many more of them are done."""


@dataclass(frozen=True)
class WalkStore:
    """Makes walks part by part, and keeps each part in a file of `folder` (None: keeps nothing)."""

    folder: Path | None
    skeleton: Skeleton
    progress: Progress = SILENT

    def walks(
        self, name: str, count: int, make: Make, facts: Mapping[str, Any], size: int = IN_A_FILE
    ) -> list[FittedTrial]:
        """The walks of `count` people: read where they are kept, else made and kept.

        Args:
            name: of the stage, and of its files.
            count: how many people.
            make: makes the walks of some of them.
            facts: all that decides what comes out; what was kept for other facts is made again.
            size: people of a file.

        Raises:
            InputError: the folder cannot be written to.
        """
        found: list[FittedTrial] = []
        with self.progress.bar(name, count, "people") as advance:
            for first in range(0, count, size):
                last = min(first + size, count)
                kept = self._kept(name, first, {**facts, "first": first, "last": last})
                if kept is None:
                    kept = make(first, last, advance)
                    self._keep(name, first, kept, {**facts, "first": first, "last": last})
                else:
                    advance(last - first)
                found += kept
        return found

    def _path(self, name: str, first: int) -> Path | None:
        plain = name.replace(" ", "-")
        return None if self.folder is None else self.folder / f"{plain}-{first:06d}.safetensors"

    def _kept(self, name: str, first: int, facts: dict[str, Any]) -> list[FittedTrial] | None:
        path = self._path(name, first)
        return None if path is None else read_walks(path, facts, self.skeleton)

    def _keep(
        self, name: str, first: int, walks: Sequence[FittedTrial], facts: dict[str, Any]
    ) -> None:
        path = self._path(name, first)
        if path is None:
            return
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_be_written(path.parent, error) from error
        write_walks(path, walks, facts, self.skeleton)

    def remove(self, *names: str) -> None:
        """Removes the files of stages, and the folder when nothing is left in it."""
        if self.folder is None or not self.folder.is_dir():
            return
        for name in names:
            for path in self.folder.glob(f"{name.replace(' ', '-')}-*.safetensors"):
                path.unlink()
        if not any(self.folder.iterdir()):
            self.folder.rmdir()


def write_walks(
    path: Path, walks: Sequence[FittedTrial], facts: Mapping[str, Any], skeleton: Skeleton
) -> None:
    """Walks and what decided about them as one file; raises InputError where it cannot be written.

    Every array keeps its type and every number its bits.
    """
    arrays: list[np.ndarray] = []
    held = [_encoded(walk, arrays) for walk in walks]
    text = json.dumps({"facts": {**facts, "skeleton": skeleton.name}, "walks": held})
    save_tree(path, {"text": np.frombuffer(text.encode(), np.uint8), "arrays": arrays})


def read_walks(
    path: Path, facts: Mapping[str, Any], skeleton: Skeleton
) -> list[FittedTrial] | None:
    """The walks of a file; None where it is missing, damaged or made for other facts."""
    try:
        arrays = load_arrays(path)
        kept = parse_json(arrays["['text']"].tobytes().decode(), path.name)
        if kept["facts"] != json.loads(json.dumps({**facts, "skeleton": skeleton.name})):
            return None
        return [decoded_walk(walk, arrays, skeleton) for walk in kept["walks"]]
    except (InputError, KeyError, TypeError):
        return None


def _encoded(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, Skeleton):
        return {"skeleton": value.name}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array": len(arrays) - 1, "number": isinstance(value, np.generic)}
    if isinstance(value, tuple | list):
        return [_encoded(one, arrays) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    kind = type(value).__name__
    if not is_dataclass(value) or kind not in _TYPES:
        raise TypeError(f"a {kind} cannot be kept with a walk; name it in {__name__}")
    held = {field.name: _encoded(getattr(value, field.name), arrays) for field in fields(value)}
    return {"type": kind, "fields": held}


def decoded_walk(value: Any, arrays: Mapping[str, np.ndarray], skeleton: Skeleton) -> Any:
    """A walk of a file's "walks", its arrays looked up by their names in the file."""
    if isinstance(value, list):
        return tuple(decoded_walk(one, arrays, skeleton) for one in value)
    if not isinstance(value, dict):
        return value
    if "skeleton" in value:
        return skeleton
    if "array" in value:
        array = arrays[f"['arrays'][{value['array']}]"]
        return array[()] if value["number"] else array
    held = {name: decoded_walk(one, arrays, skeleton) for name, one in value["fields"].items()}
    return _TYPES[value["type"]](**held)
