"""What a refiner learns from: restyled walkers and real people, through many detectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.datasets.detector_copies import as_seen_by, at_video_rate
from simgait.datasets.detector_mixture import (
    EXACT,
    LEGS_ONLY,
    NOT_LEGS,
    WITHOUT_PATH,
    draw_detector,
    without_path,
)
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import fingerprint, n_real_files, real_recordings
from simgait.datasets.restyled_walks import restyled_person, restyled_walker
from simgait.datasets.synthetic_trials import LONGEST_S, SHORTEST_S, Split
from simgait.errors import InputError
from simgait.learning.examples import fit_examples
from simgait.learning.kept_walks import WalkStore
from simgait.learning.marker_truth import with_fitted_poses
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.skeleton import Skeleton
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Recording, Trial

RESTYLED_PEOPLE = 0.6
"""Share of the copies of real walks that are restyled: or their few speeds would be learned."""


def restyled_examples(
    split: Split,
    first: int,
    count: int,
    *,
    seed: int,
    store: WalkStore,
    name: str,
    left_out: Sequence[str] = (),
) -> list[FittedTrial]:
    """Restyled walkers from index `first` of a split, each through a detector of the mixture.

    Args:
        split: whose walkers.
        first: index of the first.
        count: how many; those that cannot be tracked or fitted are left out.
        seed: of lengths, detectors and their errors.
        store: keeps them, and knows the body.
        name: of the stage in the store.
        left_out: detectors of the mixture that nobody is seen through.
    """

    def make(begin: int, end: int, advance: Callable[[int], None]) -> list[FittedTrial]:
        exact, draws = [], []
        for index in range(first + begin, first + end):
            rng = np.random.default_rng([seed, index, 33])
            duration_s = float(rng.uniform(SHORTEST_S, LONGEST_S))
            try:
                exact += with_fitted_poses([restyled_walker(split, index, duration_s)], SHORT_WALKS)
                draws.append(rng)
            except InputError:
                continue
            finally:
                advance(1)
        return _fitted(exact, draws, store.skeleton, left_out)

    facts = {"split": split, "index": first, "count": count, "seed": seed, "style": "restyled"}
    return store.walks(name, count, make, facts | _said_of(left_out))


def people_examples(
    data_dir: Path,
    *,
    copies: int,
    seed: int,
    store: WalkStore,
    name: str,
    left_out: Sequence[str] = (),
) -> list[FittedTrial]:
    """The real training subjects, each walk `copies` times through a detector of the mixture.

    Args:
        data_dir: of the shared data.
        copies: of each walk; some of them in other styles.
        seed: of styles, detectors and their errors.
        store: keeps them, and knows the body.
        name: of the stage in the store.
        left_out: detectors of the mixture that nobody is seen through.
    """
    count = n_real_files(data_dir)

    def make(_begin: int, _end: int, advance: Callable[[int], None]) -> list[FittedTrial]:
        exact, draws = [], []
        for number, recording in enumerate(real_recordings(data_dir, test=False)):
            advance(1)
            known = replace(recording, height_m=_height_m(recording))
            for copy in range(copies):
                rng = np.random.default_rng([seed, number, copy, 34])
                walk = known
                try:
                    if rng.random() < RESTYLED_PEOPLE:
                        walk = restyled_person(known, int(rng.integers(2**31)))
                    exact += with_fitted_poses([at_video_rate(walk)], SHORT_WALKS)
                    draws.append(rng)
                except InputError:
                    continue
        return _fitted(exact, draws, store.skeleton, left_out)

    files = fingerprint(data_dir, test=False)
    facts = {"files": files, "copies": copies, "seed": seed, "style": "restyled"}
    return store.walks(name, count, make, facts | _said_of(left_out), max(count, 1))


def _said_of(left_out: Sequence[str]) -> dict[str, Sequence[str]]:
    """A fact of kept walks; none of the whole mixture, as walks that were kept before have it."""
    return {"left_out_detectors": list(left_out)} if left_out else {}


def _fitted(
    exact: Sequence[Recording],
    draws: Sequence[np.random.Generator],
    skeleton: Skeleton,
    left_out: Sequence[str],
) -> list[FittedTrial]:
    trials: list[Trial] = []
    for recording, rng in zip(exact, draws, strict=True):
        trials += detected(recording, rng, left_out)
    return fit_examples(trials, skeleton=skeleton)


def detected(
    recording: Recording, rng: np.random.Generator, left_out: Sequence[str] = ()
) -> list[Trial]:
    """Trials with truth of an exact walk through a detector of the mixture; none if it fails.

    Args:
        recording: with a truth.
        rng: of the detector and its errors.
        left_out: detectors that it is not seen through.
    """
    detector, seed = draw_detector(rng, left_out), int(rng.integers(2**31))
    legs_only, withheld = rng.random() < LEGS_ONLY, rng.random() < WITHOUT_PATH
    height_m = _height_m(recording)
    try:
        seen = recording
        if detector != EXACT:
            seen = as_seen_by(detector, recording, height_m, seed)
        trials = [t for t in prepare(seen, SHORT_WALKS, height_m=height_m) if t.truth is not None]
    except InputError:
        return []
    if legs_only:
        trials = [_legs(trial) for trial in trials]
    return [without_path(t) for t in trials] if withheld and detector != EXACT else trials


def _legs(trial: Trial) -> Trial:
    """The trial with nothing but hips, knees and ankles."""
    columns = [KEYPOINT_INDEX[name] for name in NOT_LEGS]
    points, confidence = trial.keypoints_m.copy(), trial.confidence.copy()
    points[:, columns], confidence[:, columns] = np.nan, 0.0
    return replace(trial, keypoints_m=points, confidence=confidence)


def _height_m(recording: Recording) -> float:
    return recording.height_m or prepare(recording, SHORT_WALKS)[0].height_m
