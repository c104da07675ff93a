"""The Movement Analysis Profile shows each angle of each side, and where healthy people lie."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from simgait.gait.walk_scores import walk_scores
from simgait.gait_result import WalkScores
from simgait.report.trial.profile_bars import LABELS, movement_profile
from tests.gait.conftest import made_up_strides


@pytest.fixture(scope="module")
def scores() -> WalkScores:
    made = made_up_strides()
    strides = {"left": made.curves_deg[:3], "right": made.curves_deg[3:6]}
    return walk_scores(strides, made.reference())  # type: ignore[arg-type]


def test_nine_angles_and_gps_of_both_sides_are_drawn(scores: WalkScores) -> None:
    drawn = str(movement_profile(scores))
    assert drawn.count("<rect") == 2 * 10
    assert all(LABELS[name] in drawn for name in scores.angles) and "GPS" in drawn
    mean_deg = scores.sides["left"].gps_deg.mean()
    assert f">{mean_deg:.1f}<" in drawn


def test_bars_are_as_long_as_the_scores(scores: WalkScores) -> None:
    widths = [
        float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)"', movement_profile(scores))
    ]
    left = scores.sides["left"].variable_scores_deg.mean(axis=0)
    assert np.allclose(np.array(widths[0:18:2]) / widths[0], left / left[0], atol=0.02)


def test_one_side_alone_is_drawn_alone(scores: WalkScores) -> None:
    alone = replace(scores, sides={"right": scores.sides["right"]})
    assert str(movement_profile(alone)).count("<rect") == 10
