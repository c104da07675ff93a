"""Points as no person has them are named, and nothing of them may be used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import EVERYTHING, Basis, Code
from simgait.report.words import sentence
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.garbage import (
    bent_knees,
    breathing_shanks,
    leaning_back,
    root_relative,
    still_leg,
    without_swing,
)
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.posture import measure_posture
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from tests.let_walk import let_walk

NAMED = {Code.KNEES_STAY_BENT, Code.TRUNK_LEANS_BACK, Code.SWING_UNSEEN, Code.JOINTS_ELSEWHERE}
NO_FEET = tuple(n for n in KEYPOINT_NAMES if n.split()[-1] in ("Heel", "Toe", "Foot"))


def recording(pattern="normal", view="ahead", index=5):
    made = let_walk(index, pattern, 5.0)
    return trial_from_walk(made, view=view, missing=NO_FEET).recording


def unmeasured(walker):
    """Exact points that nobody called measured, as a perfect detector's would be."""
    exact = trial_from_walk(synthetic_walk(walker, 5.0), monocular=False).recording
    return replace(exact, scale_is_metric=False)


def found_in(one):
    return {f.code: f for trial in prepare(one) for f in assess(trial).findings}


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("view", VIEWS)
def test_walkers_through_the_synthetic_detector_are_people(pattern, view):
    assert not NAMED & set(found_in(recording(pattern, view)))


def test_knees_that_never_get_straight_take_everything_away():
    found = found_in(root_relative(bent_knees(recording(), 55.0)))
    assert found[Code.KNEES_STAY_BENT].touches == EVERYTHING
    assert 40.0 < float(str(found[Code.KNEES_STAY_BENT].values["deg"])) < 70.0


def test_a_trunk_that_leans_back_takes_everything_away():
    found = found_in(root_relative(leaning_back(recording(), 27.0)))
    assert found[Code.TRUNK_LEANS_BACK].touches == EVERYTHING
    (trial,) = prepare(root_relative(leaning_back(recording(), 10.0)))
    assert Code.TRUNK_LEANS_BACK not in {f.code for f in assess(trial).findings}


def test_a_trunk_that_leans_forward_is_a_persons():
    assert not NAMED & set(found_in(leaning_back(recording(), -25.0)))


def test_bones_that_breathe_take_everything_away():
    found = found_in(root_relative(breathing_shanks(recording(), 0.45)))
    assert found[Code.LEG_LENGTH_VARIES].touches == EVERYTHING
    assert float(str(found[Code.LEG_LENGTH_VARIES].values["value"])) > 15.0


@pytest.mark.parametrize("left", [1.0, 0.6, 0.45, 0.35, 0.2])
def test_a_swing_is_held_against_the_way_of_the_pelvis(left):
    found = found_in(without_swing(unmeasured(draw_walker(5, "normal")), left))
    assert (Code.SWING_UNSEEN in found) == (left < 0.4)
    if left < 0.4:
        ratio = float(str(found[Code.SWING_UNSEEN].values["travel_to_stance"]))
        assert ratio == pytest.approx(1.0 / left, rel=0.1)


def test_small_steps_that_the_way_bears_out_are_no_unseen_swing():
    slow = replace(draw_walker(5, "short_steps"), step_length_m=(0.13, 0.13))
    assert Code.SWING_UNSEEN not in found_in(unmeasured(slow))


@pytest.mark.parametrize(("degrees", "named"), [(14.0, False), (20.0, True)])
def test_a_trunk_is_named_beyond_what_training_people_lean(degrees, named):
    upright = unmeasured(draw_walker(5, "normal"))
    (trial,) = prepare(upright)
    asked = degrees - measure_posture(trial).backward_lean_deg
    found = found_in(leaning_back(upright, asked))
    assert (Code.TRUNK_LEANS_BACK in found) == named


def test_without_a_swing_only_the_path_tells_anything():
    (trial,) = prepare(without_swing(recording(), 0.2))
    hidden = replace(trial, pelvis_path_mask=np.zeros(trial.n_frames, bool))
    for walk, tells in ((trial, True), (hidden, False)):
        (finding,) = (f for f in assess(walk).findings if f.code is Code.SWING_UNSEEN)
        assert float(str(finding.values["percent_of_leg"])) < 25.0
        assert (Basis.TRAVEL not in finding.touches) == tells
        assert (finding.roughens == {Basis.TRAVEL, Basis.RHYTHM}) == tells
        assert Basis.ANGLES in finding.touches and Basis.FOOTPRINTS in finding.touches


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("side", ["Left", "Right"])
def test_one_leg_that_hangs_is_named_by_its_side(pattern, side):
    exact = unmeasured(draw_walker(5, pattern))
    assert Code.SWING_UNSEEN not in found_in(exact)
    found = found_in(still_leg(exact, side))[Code.SWING_UNSEEN]
    assert found.where == side.lower() and float(str(found.values["percent_of_other"])) < 5.0
    assert {Basis.ANGLES, Basis.FOOTPRINTS} <= found.touches
    assert found.roughens == {Basis.TRAVEL, Basis.RHYTHM}
    named = sentence(found)
    assert f"hardly any swing of the {side.lower()} leg (0 % of the other's)" in named
    centred = found_in(root_relative(still_leg(exact, side)))[Code.SWING_UNSEEN]
    assert centred.touches == EVERYTHING


@pytest.mark.parametrize("share", [0.25, 0.55])
def test_a_leg_that_swings_half_as_far_is_a_detectors_and_no_worse(share):
    exact = unmeasured(draw_walker(5, "normal"))
    still = still_leg(exact, "Left").keypoints_m
    between = replace(exact, keypoints_m=still + share * (exact.keypoints_m - still))
    found = [f for trial in prepare(between) for f in assess(trial).findings if f.where == "left"]
    assert [f.code for f in found] == [Code.SWING_UNSEEN] * (share < 0.4)
    shown = [float(str(f.values["percent_of_other"])) for f in found]
    assert shown == [pytest.approx(25.0, abs=4.0)] * (share < 0.4)


def test_a_leg_that_is_hardly_seen_is_not_asked_for_its_swing():
    (trial,) = prepare(unmeasured(draw_walker(5, "normal")))
    points = np.array(trial.keypoints_m)
    ankle = KEYPOINT_NAMES.index("Left Ankle")
    points[: int(0.6 * len(points)), ankle] = np.nan
    assert np.isnan(measure_posture(replace(trial, keypoints_m=points)).swing_of_other)


def test_of_measured_legs_one_that_hangs_takes_everything_away():
    exact = trial_from_walk(let_walk(5, "hemiparetic", 5.0), monocular=False).recording
    assert exact.scale_is_metric and not NAMED & set(found_in(exact))
    assert found_in(still_leg(exact, "Right"))[Code.SWING_UNSEEN].touches == EVERYTHING


def test_what_is_measured_is_not_asked():
    made = let_walk(5, "normal", 5.0)
    exact = trial_from_walk(made, monocular=False).recording
    bent = replace(bent_knees(exact, 55.0), scale_is_metric=True)
    assert not NAMED & set(found_in(bent))
    assert measure_posture(prepare(bent)[0]).straightest_knee_deg > 40.0
