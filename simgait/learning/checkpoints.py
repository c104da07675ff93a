"""Checkpoints of a training: one file with its checksum, and the one before it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgait.errors import InputError
from simgait.files import cannot_be_written
from simgait.text_files import parse_json
from simgait.weight_files import load_arrays, load_tree, save_tree

FACTS = "facts"


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one training in its folder.

    Each holds a state (a tree of arrays: all that an exact resume needs) and facts (JSON: "steps"
    and whatever else).
    """

    folder: Path
    name: str

    @property
    def newest(self) -> Path:
        """File of the newest checkpoint."""
        return self.folder / self.name

    @property
    def before(self) -> Path:
        """File of the one before it."""
        return self.newest.with_suffix(f".before{self.newest.suffix}")

    def save(self, state: Any, facts: Mapping[str, Any]) -> None:
        """Writes a checkpoint; the newest becomes the one before it. Never is there none.

        Raises:
            InputError: it cannot be written; the newest is still there then.
        """
        if self.newest.exists():
            _put(self.newest, self.before)
        text = json.dumps(facts).encode()
        save_tree(self.newest, {"state": state, FACTS: np.frombuffer(text, np.uint8)})

    def facts(self, tell: Callable[[str], None]) -> dict[str, Any] | None:
        """Facts of the newest checkpoint that is whole; None where there is none at all.

        Where the newest is missing or damaged, the one before takes its place, and `tell` gets a
        sentence.

        Raises:
            InputError: there are checkpoints, and none is whole.
        """
        found = [path for path in (self.newest, self.before) if path.exists()]
        for path in found:
            try:
                facts = _facts(path)
            except InputError:
                continue
            if path == self.before:
                tell(
                    f"{self.folder.name}: {self.name} is damaged or missing; going on from the "
                    f"checkpoint before it, after {facts['steps']:,} steps."
                )
                _put(self.before, self.newest)
            return facts
        if found:
            raise InputError(
                f"{self.folder.name}: {' and '.join(p.name for p in found)} cannot be gone on from "
                "(damaged, or of another version of simgait); begin anew in another folder, from "
                "the best policy so far with --warm-start where there is one."
            )
        return None

    def load(self, like: Any) -> Any:
        """The newest checkpoint's state, or the part of it that has the structure of `like`.

        Raises:
            InputError: it is damaged, or of another structure.
        """
        return load_tree(self.newest, {"state": like})["state"]

    def remove(self) -> None:
        """Removes both."""
        for path in (self.newest, self.before):
            path.unlink(missing_ok=True)


def _facts(path: Path) -> dict[str, Any]:
    written = load_arrays(path).get(f"['{FACTS}']", np.zeros(0, np.uint8))
    facts = parse_json(written.tobytes().decode("utf-8", "replace"), path.name)
    if not isinstance(facts, dict) or not isinstance(facts.get("steps"), int):
        raise InputError(f"{path.name}: is no checkpoint.")
    return facts


def _put(source: Path, target: Path) -> None:
    """Makes `target` the same file as `source`, in one step."""
    aside = target.with_name(f".{target.name}.part")
    try:
        aside.unlink(missing_ok=True)
        try:
            os.link(source, aside)
        except OSError:  # a file system without hard links
            shutil.copyfile(source, aside)
        aside.replace(target)
        # Renaming one name of a file to another of its names does nothing at all.
        aside.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_be_written(target, error) from error
