"""What training walks show."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.datasets.detector_mixture import MIXTURE, NOT_LEGS, draw_kind
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS


def test_kinds_are_drawn_by_their_shares() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_kind(rng) for _ in range(4000)]
    assert sum(MIXTURE.values()) == pytest.approx(1.0)
    for kind, share in MIXTURE.items():
        assert drawn.count(kind) / 4000 == pytest.approx(share, abs=0.03)


def test_legs_only_shows_hips_knees_and_ankles() -> None:
    assert set(NOT_LEGS) | set(REQUIRED_KEYPOINTS) == set(KEYPOINT_NAMES)
    trial = synthetic_trial("validation", 3, "exact_legs", 4.0, "normal")
    seen = np.isfinite(trial.keypoints_m).all(-1).any(0)
    assert {n for n, s in zip(KEYPOINT_NAMES, seen, strict=True) if s} == set(REQUIRED_KEYPOINTS)
