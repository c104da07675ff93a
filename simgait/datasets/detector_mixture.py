"""What a walk shows: through which detector's errors, and which of its points."""

from __future__ import annotations

from collections.abc import Iterable
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


def draw_detector(rng: np.random.Generator) -> str:
    """Through which detector a training walk is seen, or `EXACT`, by `DETECTOR_SHARES`."""
    return drawn_by_share(rng, DETECTOR_SHARES)


def refuse_left_out(detectors: Iterable[str]) -> None:
    """Raises InputError if a detector through which training walks are seen is to be left out."""
    overlap = sorted(set(detectors) & set(LEFT_OUT))
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
