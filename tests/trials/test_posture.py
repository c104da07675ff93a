"""Points as no person has them are named, and nothing of them may be used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import EVERYTHING, Basis, Code
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.garbage import (
    bent_knees,
    breathing_shanks,
    leaning_back,
    root_relative,
    without_swing,
)
from simgait.synthetic.detectors.monocular_v1 import VIEWS
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.posture import measure_posture
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess

NAMED = {Code.KNEES_STAY_BENT, Code.TRUNK_LEANS_BACK, Code.SWING_UNSEEN, Code.JOINTS_ELSEWHERE}
NO_FEET = tuple(n for n in KEYPOINT_NAMES if n.split()[-1] in ("Heel", "Toe", "Foot"))


def recording(pattern="normal", view="ahead", index=5):
    made = synthetic_walk(draw_walker(index, pattern), 5.0)
    return trial_from_walk(made, view=view, missing=NO_FEET).recording


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


def test_without_a_swing_only_the_path_tells_anything():
    (trial,) = prepare(without_swing(recording(), 0.2))
    hidden = replace(trial, pelvis_path_mask=np.zeros(trial.n_frames, bool))
    for walk, tells in ((trial, True), (hidden, False)):
        (finding,) = (f for f in assess(walk).findings if f.code is Code.SWING_UNSEEN)
        assert float(str(finding.values["percent_of_leg"])) < 25.0
        assert (Basis.TRAVEL not in finding.touches) == tells
        assert Basis.ANGLES in finding.touches and Basis.FOOTPRINTS in finding.touches


def test_what_is_measured_is_not_asked():
    made = synthetic_walk(draw_walker(5, "normal"), 5.0)
    exact = trial_from_walk(made, monocular=False).recording
    bent = replace(bent_knees(exact, 55.0), scale_is_metric=True)
    assert not NAMED & set(found_in(bent))
    assert measure_posture(prepare(bent)[0]).straightest_knee_deg > 40.0
