"""Normal walks in normalised time: synthetic walkers without their pattern, recorded people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simgait.companions.gengait.cycles import NormalisedWalk, normalised
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import real_recordings
from simgait.errors import InputError
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import WalkerSpec, draw_own_normal, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import prepare
from simgait.types import Recording, Trial


@dataclass(frozen=True)
class PersonsWalk:
    """A walk in normalised time, whose, and how tall they are."""

    person: str
    walk: NormalisedWalk
    height_m: float


def exact_trial(spec: WalkerSpec, walk_s: float, *, monocular: bool = False) -> Trial:
    """A walker's walk, prepared, as exact points or as a monocular detector sees them.

    Raises:
        InputError: nothing is left that can be used.
    """
    recording = trial_from_walk(walk(spec, walk_s), monocular=monocular).recording
    return longest(recording)


def longest(recording: Recording, height_m: float | None = None) -> Trial:
    """The longest straight walk of a recording.

    Raises:
        InputError: there is none.
    """
    return max(prepare(recording, SHORT_WALKS, height_m=height_m), key=lambda trial: trial.n_frames)


def walk_of(spec: WalkerSpec, walk_s: float, *, monocular: bool = False) -> PersonsWalk:
    """The same in normalised time.

    Raises:
        InputError: nothing is left that can be used, or it shows too few strides.
    """
    trial = exact_trial(spec, walk_s, monocular=monocular)
    return PersonsWalk(trial.subject_id, normalised(trial), trial.height_m)


def normal_walks(
    split: Literal["train", "validation"],
    first: int,
    count: int,
    walk_s: float,
    report: Callable[[int], None] = lambda done: None,
    *,
    monocular: bool = False,
) -> list[PersonsWalk]:
    """Walkers `first` .. of a split as they would walk without their pattern.

    So they walk at the speeds at which patients walk, too.

    Args:
        split: of the walkers' seeds.
        first: index of the first.
        count: of walkers.
        walk_s: seconds of each.
        report: called with the number of walkers done, every hundred.
        monocular: as a detector sees them.
    """
    walks = []
    for index in range(first, first + count):
        try:
            spec = draw_own_normal(walker_seed(split, index))
            walks.append(walk_of(spec, walk_s, monocular=monocular))
        except InputError:
            continue
        finally:
            if (index - first + 1) % 100 == 0:
                report(index - first + 1)
    return walks


def recorded_walks(data_dir: Path) -> Iterator[PersonsWalk]:
    """Straight walks of the recorded people of the training split, never of test people."""
    for recording in real_recordings(data_dir, test=False):
        for trial in prepare(recording, SHORT_WALKS):
            try:
                yield PersonsWalk(recording.subject_id, normalised(trial), trial.height_m)
            except InputError:
                continue
