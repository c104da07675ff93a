"""Scores of a walk: strides of both sides, pooled as the papers do."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.scores import SAGITTAL_ANGLES, SCORED_ANGLES, ScoreReference
from simgait.gait.walk_scores import walk_scores
from simgait.skeleton.sides import SIDES
from tests.gait.conftest import MadeUp


def test_sides_and_overall_follow_from_the_strides(
    healthy: MadeUp, reference: ScoreReference
) -> None:
    left, right = healthy.curves_deg[:2], healthy.curves_deg[3:6]
    scores = walk_scores({"left": left, "right": right}, reference)
    assert [len(scores.sides[side].gdi_points) for side in ("left", "right")] == [2, 3]
    gvs = [scores.sides[side].variable_scores_deg.mean(axis=0) for side in ("left", "right")]
    fifteen = np.concatenate([gvs[0], gvs[1][3:]])
    assert scores.overall_gps_deg == pytest.approx(np.sqrt(np.mean(fifteen**2)))
    assert scores.reference == "made up"


def test_one_side_has_no_overall_score(healthy: MadeUp, reference: ScoreReference) -> None:
    scores = walk_scores({"left": healthy.curves_deg[:2], "right": np.empty((0, 9, 51))}, reference)
    assert list(scores.sides) == ["left"]
    assert np.isnan(scores.overall_gps_deg)


def test_sagittal_angles_have_a_profile_and_no_gdi(
    healthy: MadeUp, reference: ScoreReference
) -> None:
    columns = [SCORED_ANGLES.index(name) for name in SAGITTAL_ANGLES]
    strides = {side: healthy.curves_deg[:2][:, columns] for side in SIDES}
    scores = walk_scores(strides, reference, SAGITTAL_ANGLES)
    assert np.isnan(scores.sides["left"].gdi_points).all()
    assert scores.sides["left"].variable_scores_deg.shape == (2, 4)
    assert np.isfinite(scores.sides["left"].gps_deg).all()
    assert np.isnan(scores.overall_gps_deg)
