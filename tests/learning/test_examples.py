"""Walks to learn from: everybody with truth and a fit."""

from __future__ import annotations

import numpy as np

from simgait.learning.examples import fit_examples, synthetic_examples
from simgait.types import FittedTrial


def test_synthetic_walks_have_truth_and_a_fit_and_repeat_themselves(
    walks: list[FittedTrial],
) -> None:
    assert 1 <= len(walks) <= 4
    for one in walks:
        assert one.trial.truth is not None
        assert np.isfinite(one.trial.truth.contact).any()
        assert one.pose.shape == (one.trial.n_frames, one.skeleton.n_coordinates)
        assert np.isfinite(one.pose).all()
    again = synthetic_examples("train", 30, 4, seed=0)
    for one, two in zip(walks, again, strict=True):
        assert one.trial.trial_id == two.trial.trial_id
        assert np.array_equal(one.pose, two.pose)


def test_walks_that_no_body_fits_are_left_out(walks: list[FittedTrial]) -> None:
    trial = walks[0].trial
    giant = type(trial)(**(vars(trial) | {"keypoints_m": 3.0 * trial.keypoints_m}))
    kept = fit_examples([giant, trial])
    assert len(kept) == 1
    assert kept[0].trial is trial
