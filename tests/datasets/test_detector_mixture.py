"""What training walks show."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.datasets.detector_mixture import (
    DETECTOR_SHARES,
    EXACT,
    LEFT_OUT,
    MIXTURE,
    NOT_LEGS,
    draw_detector,
    draw_kind,
    refuse_left_out,
    shares_without,
)
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.errors import InputError
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


def test_without_some_detectors_the_others_are_drawn_more_often() -> None:
    without = ("metrabs-17-v1", "metrabs-87-v1")
    shares = shares_without(without)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["wide-v1"] == pytest.approx(0.6) and not shares.keys() & set(without)
    rng = np.random.default_rng(0)
    drawn = [draw_detector(rng, without) for _ in range(4000)]
    assert set(drawn) == shares.keys()
    assert drawn.count("wide-v1") / 4000 == pytest.approx(0.6, abs=0.03)


def test_without_none_the_same_detectors_are_drawn_as_ever() -> None:
    assert shares_without() == DETECTOR_SHARES
    drawn = [draw_detector(np.random.default_rng(seed)) for seed in range(6)]
    assert drawn == [list(DETECTOR_SHARES)[i] for i in (2, 1, 0, 0, 4, 3)]


def test_what_is_not_in_the_mixture_cannot_be_left_out() -> None:
    for name in (*LEFT_OUT, EXACT, "nobody-v1"):
        with pytest.raises(InputError, match=f"{name} cannot be left out; it has wide-v1"):
            shares_without([name])
    with pytest.raises(InputError, match="No detector would be left"):
        shares_without(list(DETECTOR_SHARES.keys() - {EXACT}))


def test_walks_through_a_detector_that_the_recipe_leaves_out_are_refused() -> None:
    refuse_left_out(["wide-v1", ""])
    with pytest.raises(InputError, match=r"learn from wide-v1"):
        refuse_left_out(["wide-v1", ""], ["wide-v1"])
