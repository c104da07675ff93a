"""What a walk shows: through which detector's errors, and which of its points."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Literal

import numpy as np

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.draws import drawn_by_share
from simgait.types import Trial

Keypoints = Literal["exact", "monocular", "exact_legs", "monocular_legs"]
EXACT = "exact"
NOT_LEGS = tuple(name for name in KEYPOINT_NAMES if name not in REQUIRED_KEYPOINTS)
MIXTURE: dict[Keypoints, float] = {
    "monocular": 0.62,
    "monocular_legs": 0.15,
    "exact": 0.15,
    "exact_legs": 0.08,
}
"""Share of each kind of keypoints among training walks."""
WITHOUT_PATH = 0.15
"""Share of monocular training walks whose pelvis path is withheld: many detectors give none."""
DETECTOR_SHARES: dict[str, float] = {
    "wide-v1": 0.45,
    "metrabs-17-v1": 0.15,
    "metrabs-87-v1": 0.10,
    "monocular-v1": 0.15,
    EXACT: 0.15,
}
"""Share of each detector among the walks that a refiner learns from."""
LEFT_OUT = ("blazepose-v1",)
"""Detectors that nothing released learns from, so that they can say what an unknown one meets."""
LEGS_ONLY = 0.2
"""Share of the monocular copies of real walks that show hips, knees and ankles only."""


def draw_kind(rng: np.random.Generator) -> Keypoints:
    """Which keypoints a training walk shows, by `MIXTURE`."""
    return drawn_by_share(rng, MIXTURE)


def shares_without(left_out: Collection[str] = ()) -> dict[str, float]:
    """Share of each detector of `DETECTOR_SHARES` but some; the others' grow alike.

    Raises:
        InputError: one of them is not in the mixture, or no detector would be left.
    """
    unknown = sorted(set(left_out) - (DETECTOR_SHARES.keys() - {EXACT}))
    detectors = ", ".join(name for name in DETECTOR_SHARES if name != EXACT)
    if unknown:
        raise InputError(
            f"Of the mixture that a refiner learns from {', '.join(unknown)} cannot be left out; "
            f"it has {detectors}."
        )
    kept = {name: share for name, share in DETECTOR_SHARES.items() if name not in left_out}
    if not kept.keys() - {EXACT}:
        raise InputError(f"No detector would be left to learn from; leave one in of {detectors}.")
    whole = sum(kept.values()) if left_out else 1.0
    return {name: share / whole for name, share in kept.items()}


def draw_detector(rng: np.random.Generator, left_out: Collection[str] = ()) -> str:
    """Through which detector a training walk is seen, or `EXACT`, by `shares_without`."""
    return drawn_by_share(rng, shares_without(left_out))


def refuse_left_out(detectors: Iterable[str], left_out: Collection[str] = ()) -> None:
    """Raises InputError if training walks are seen through a detector that is to be left out.

    Args:
        detectors: of the walks.
        left_out: by the recipe, beside `LEFT_OUT`.
    """
    overlap = sorted(set(detectors) & {*LEFT_OUT, *left_out})
    if overlap:
        raise InputError(
            f"Nothing may learn from {', '.join(overlap)}: it says what an unknown detector meets; "
            "leave it out of the training walks."
        )


def without_path(trial: Trial) -> Trial:
    """The trial as a root-relative detector would give it: the pelvis's travel is unknown."""
    return replace(
        trial,
        pelvis_path_m=np.full_like(trial.pelvis_path_m, np.nan),
        pelvis_path_mask=np.zeros_like(trial.pelvis_path_mask),
    )
