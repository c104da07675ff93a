"""The shards of a trial set, refined and ready to be learned from, in files of a training's own.

Refining takes longer than reading, and its last bits hang on what is refined together: so each
shard is refined once, and a training that goes on reads the very numbers that it read before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from simgait.body.refiner import RefinerWeights, refine_references
from simgait.errors import InputError
from simgait.files import cannot_be_written
from simgait.learning.config import TrainingConfig
from simgait.learning.progress import Progress
from simgait.learning.trial_set.index import TrialSet
from simgait.text_files import parse_json
from simgait.tracking.clips import ClipBank, build_clips
from simgait.weight_files import load_arrays, save_tree

FOLDER = "clips"
FACTS = "facts"
Arrays = dict[str, np.ndarray]
"""The arrays of clips that differ between them, by name; clips first."""


@dataclass(frozen=True)
class ClipShards:
    """Clips of each shard of a set: arrays of one shape, and what is the same for all clips.

    Attributes:
        folder: of the files.
        count: of shards.
        size: clips of each; a shard of fewer trials holds its first ones twice.
        like: a bank of one clip.
    """

    folder: Path
    count: int
    size: int
    like: ClipBank

    def load(self, number: int) -> Arrays:
        """The clips of a shard.

        Raises:
            InputError: its file is missing or damaged.
        """
        arrays = load_arrays(self.folder / _name(number))
        return {name[2:-2]: values for name, values in arrays.items() if name[2:-2] != FACTS}

    def remove(self) -> None:
        """Removes the files, and the folder when nothing is left in it."""
        for number in range(self.count):
            (self.folder / _name(number)).unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()


def arrays_of(clips: ClipBank) -> dict[str, Any]:
    """What differs between clips, by name."""
    own = {f.name: getattr(clips, f.name) for f in fields(clips) if f.name != "bodies"}
    bodies = clips.bodies
    own |= {f"body {name}": leaf for name, leaf in bodies.leaves.items()}
    own |= {f"size {f.name}": getattr(bodies.dims, f.name) for f in fields(bodies.dims)}
    return own | {"stiffness": bodies.stiffness_nm_per_rad}


def with_arrays(clips: ClipBank, arrays: Mapping[str, Any]) -> ClipBank:
    """The bank with other clips, of arrays named as in `arrays_of`."""
    bodies = clips.bodies
    dims = replace(bodies.dims, **{f.name: arrays[f"size {f.name}"] for f in fields(bodies.dims)})
    bodies = replace(
        bodies,
        leaves={name: arrays[f"body {name}"] for name in bodies.leaves},
        dims=dims,
        stiffness_nm_per_rad=arrays["stiffness"],
    )
    own = {f.name: arrays[f.name] for f in fields(clips) if f.name != "bodies"}
    return replace(clips, **own, bodies=bodies)


def clip_shards(
    trials: TrialSet,
    refiner: RefinerWeights,
    refiner_sha256: str,
    config: TrainingConfig,
    folder: Path,
    progress: Progress,
) -> ClipShards:
    """Refines the shards of a set one after the other; those that are there already are kept.

    Args:
        trials: the set.
        refiner: that the training uses.
        refiner_sha256: of its file.
        config: whose body and length of clips they get.
        folder: for the files.
        progress: what says how far it is.

    Raises:
        InputError: a shard is damaged, or the folder cannot be written to.
    """
    body, frames = config.tracking.body, config.data.frames
    size = max(len(shard.trials) for shard in trials.shards)
    like: ClipBank | None = None
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_be_written(folder, error) from error
    with progress.bar("refining", len(trials.shards), "shards") as advance:
        for number, shard in enumerate(trials.shards):
            path = folder / _name(number)
            facts = {
                "shard": shard.sha256, "refiner": refiner_sha256, "frames": frames, "size": size,
                "body": body.model_dump(mode="json"),
            }  # fmt: skip
            is_there = _facts(path) == json.loads(json.dumps(facts))
            if like is None or not is_there:
                walks = trials.read(number)
                like = like or build_clips(walks[:1], body, frames=frames)
            if not is_there:
                refined = refine_references(refiner, walks)
                full = [refined[i % len(refined)] for i in range(size)]
                arrays = arrays_of(build_clips(full, body, frames=frames))
                text = np.frombuffer(json.dumps(facts).encode(), np.uint8)
                save_tree(path, {**arrays, FACTS: text})
            advance(1)
    assert like is not None  # a set without shards is none
    return ClipShards(folder, len(trials.shards), size, like)


def _facts(path: Path) -> Any:
    try:
        text = load_arrays(path)[f"['{FACTS}']"].tobytes().decode()
        return parse_json(text, path.name)
    except (InputError, KeyError):
        return None


def _name(number: int) -> str:
    return f"{number:05d}.safetensors"
