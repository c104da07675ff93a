"""A score reaches as far as its curves do, together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from simgait.certainty.score_widths import score_half_widths
from simgait.gait.scores import SCORED_ANGLES, ScoreReference, gait_deviation_index
from simgait.gait.walk_scores import walk_scores
from simgait.gait_result import WalkScores
from simgait.skeleton.sides import SIDES
from tests.gait.conftest import MadeUp, made_up_strides

reach = partial(score_half_widths, measured=False)
HALVES = {f"{side}_{name}_deg": 2.0 for side in SIDES for name in SCORED_ANGLES[:-1]}


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return made_up_strides()


@pytest.fixture(scope="module")
def reference(made: MadeUp) -> ScoreReference:
    return made.reference()


@pytest.fixture(scope="module")
def scores(made: MadeUp, reference: ScoreReference) -> WalkScores:
    return walk_scores({"left": made.curves_deg[:3], "right": made.curves_deg[3:6]}, reference)


def test_one_uncertain_curve_moves_the_score_as_it_would(
    made: MadeUp, reference: ScoreReference, scores: WalkScores
) -> None:
    halves = dict.fromkeys(HALVES, 0.0) | {"left_knee_flexion_deg": 1.0}
    moved = np.zeros((9, 51))
    moved[SCORED_ANGLES.index("knee_flexion")] = 1.0
    up, down = (
        gait_deviation_index(made.curves_deg[:3] + s * moved, reference).mean() for s in (1, -1)
    )
    found = reach(scores, "left", halves)
    assert found["gdi_points"] == pytest.approx(abs(up - down) / 2)


def test_a_turning_hip_turns_the_foot_with_it(scores: WalkScores) -> None:
    own = scores.sides["left"]
    halves = dict.fromkeys(HALVES, 0.0) | {"left_hip_rotation_deg": 1.0}
    hip, foot = (SCORED_ANGLES.index(name) for name in ("hip_rotation", "foot_progression"))
    found = reach(scores, "left", halves)
    assert found["gps_deg"] == pytest.approx(abs(own.gps_per_deg[hip] + own.gps_per_deg[foot]))


def test_marker_walks_have_the_errors_that_were_measured(scores: WalkScores) -> None:
    side, both = (score_half_widths(scores, pool, {}, measured=True) for pool in ("right", "both"))
    assert side == {"gdi_points": 4.2, "gps_deg": 0.75}
    assert both == {"gdi_points": 3.8, "gps_deg": 0.70}


def test_of_marker_walks_against_own_people_nobody_measured_it(scores: WalkScores) -> None:
    own = replace(scores, is_own=True)
    assert score_half_widths(own, "right", {}, measured=True) == {}
    assert reach(own, "left", HALVES) == reach(scores, "left", HALVES)


def test_both_sides_share_their_errors(scores: WalkScores) -> None:
    left, right, both = (reach(scores, p, HALVES) for p in ("left", "right", "both"))
    for key in ("gdi_points", "gps_deg"):
        assert both[key] == pytest.approx((left[key] + right[key]) / 2)


def test_what_nobody_knows_is_not_known(scores: WalkScores) -> None:
    lacking = {key: half for key, half in HALVES.items() if key != "left_pelvis_tilt_deg"}
    assert np.isnan(reach(scores, "left", lacking)["gdi_points"])
    assert np.isfinite(reach(scores, "right", lacking)["gdi_points"])
    assert reach(None, "left", HALVES) == {}
    alone = replace(scores, sides={"left": scores.sides["left"]})
    assert reach(alone, "both", HALVES) == {}
