"""What a policy or a refiner learns from: walks with truth, and the body fitted to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from simgait.body.fit import fit_references
from simgait.body.sizing import SizedBy, body_size
from simgait.datasets.detector_mixture import LEGS_ONLY, Keypoints
from simgait.datasets.monocular_copies import as_monocular
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import fingerprint, n_real_files, real_recordings
from simgait.datasets.synthetic_trials import Split, drawn_walkers, trials_of
from simgait.errors import InputError
from simgait.learning.kept_walks import WalkStore
from simgait.learning.marker_truth import with_fitted_pose
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.skeleton import Skeleton
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Recording, Trial


def fit_examples(
    trials: list[Trial],
    people: list[Dimensions] | None = None,
    *,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> list[FittedTrial]:
    """Fits trials in one batch; trials that the body cannot fit are left out.

    Args:
        trials: prepared trials with truth.
        people: sizes where known; by `sized_by` where None.
        sized_by: see `body_size`.
        skeleton: the body.
    """
    kept, sizes = [], []
    for i, trial in enumerate(trials):
        try:
            sizes.append(people[i] if people else body_size(trial, sized_by))
        except InputError:
            continue
        kept.append(trial)
    if not kept:
        return []
    return fit_references(kept, sizes, skeleton=skeleton)


def synthetic_examples(
    split: Split,
    first: int,
    count: int,
    *,
    seed: int,
    kind: Keypoints | None = None,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
    store: WalkStore | None = None,
    name: str = "walks",
) -> list[FittedTrial]:
    """Synthetic walkers from index `first` of a split, and the body fitted to each.

    Args:
        split: whose walkers.
        first: index of the first.
        count: how many; those that cannot be tracked or fitted are left out.
        seed: of lengths and kinds of keypoints.
        kind: None draws each walker's kind of keypoints, and whether its path is known.
        sized_by: see `body_size`.
        skeleton: the body.
        store: keeps them; None keeps nothing.
        name: of the stage in the store.
    """
    walkers = drawn_walkers(first, count, seed=seed, kind=kind)

    def make(begin: int, end: int, advance: Callable[[int], None]) -> list[FittedTrial]:
        trials = []
        for walker in walkers[begin:end]:
            trials += trials_of(split, [walker])
            advance(1)
        return fit_examples(trials, sized_by=sized_by, skeleton=skeleton)

    facts = {
        "split": split, "index": first, "count": count, "seed": seed, "kind": kind,
        "sized_by": sized_by,
    }  # fmt: skip
    return (store or WalkStore(None, skeleton)).walks(name, count, make, facts)


def real_examples(
    data_dir: Path,
    *,
    copies: int,
    seed: int,
    kind: Keypoints | None = None,
    sized_by: SizedBy = "keypoints",
    skeleton: Skeleton = TRIMMED_HUMANOID,
    store: WalkStore | None = None,
    name: str = "real walks",
) -> list[FittedTrial]:
    """The real training subjects: once as they are, and `copies` times through monocular-v1.

    The truth of the copies is what the markers say.

    With `kind` "exact" the copies are left out, with "monocular" the originals; every copy then
    shows all keypoints that the markers give. `store` and `name` as in `synthetic_examples`.
    """
    files = fingerprint(data_dir, test=False)
    count = n_real_files(data_dir)

    def make(_begin: int, _end: int, advance: Callable[[int], None]) -> list[FittedTrial]:
        trials = _real_trials(data_dir, copies, seed, kind, advance)
        return fit_examples(trials, sized_by=sized_by, skeleton=skeleton)

    facts = {
        "files": files, "copies": copies, "seed": seed, "kind": kind, "sized_by": sized_by,
    }  # fmt: skip
    # In one part: what is drawn for a recording hangs on how many before it could be used.
    whole = max(count, 1)
    return (store or WalkStore(None, skeleton)).walks(name, count, make, facts, whole)


def _real_trials(
    data_dir: Path,
    copies: int,
    seed: int,
    kind: Keypoints | None,
    advance: Callable[[int], None],
) -> list[Trial]:
    copies = 0 if kind == "exact" else copies
    rng = np.random.default_rng([seed, 5])
    trials: list[Trial] = []
    for bare in real_recordings(data_dir, test=False):
        recording = with_fitted_pose(bare, SHORT_WALKS)
        if kind != "monocular":
            trials += [t for t in prepare(recording, SHORT_WALKS) if t.truth is not None]
        seen = monocular_trials(recording, copies, rng, kind, partial(_height, recording))
        trials += [t for t in seen if t.truth is not None]
        advance(1)
    return trials


def monocular_trials(
    recording: Recording,
    copies: int,
    rng: np.random.Generator,
    kind: Keypoints | None,
    height_m: Callable[[], float],
) -> Iterator[Trial]:
    """Trials of copies of a marker walk through monocular-v1; those that give none are left out.

    Args:
        recording: the walk.
        copies: how many.
        rng: of their errors, and which of them show legs only.
        kind: as in `real_examples`; legs alone are shown only where it is None.
        height_m: the person's.
    """
    for _ in range(copies):
        copy_seed, legs_only = int(rng.integers(2**31)), bool(rng.random() < LEGS_ONLY)
        try:
            seen = as_monocular(recording, copy_seed, legs_only=legs_only and kind is None)
            trials = prepare(seen, SHORT_WALKS, height_m=height_m())
        except InputError:
            continue
        yield from trials


def _height(recording: Recording) -> float:
    return recording.height_m or prepare(recording, SHORT_WALKS)[0].height_m
