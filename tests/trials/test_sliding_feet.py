"""A measured foot that stands stays where it is; one that slides denies the path and the points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.findings import Basis, Code
from simgait.recordings.read import read_recording
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.trials.sliding_feet import feet_aside_deg
from tests.let_walk import let_walk

HIPS = [KEYPOINT_NAMES.index(f"{side} Hip") for side in ("Left", "Right")]


def walked(pattern="normal"):
    return trial_from_walk(let_walk(5, pattern, 5.0), monocular=False).recording


def along(recording, degrees):
    """The same person's points with the way of the hips turned, seen from above."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    way = recording.keypoints_m[:, HIPS].mean(axis=1)
    way = (way - way[:1]) * [1.0, 1.0, 0.0]
    turned = way @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return replace(recording, keypoints_m=recording.keypoints_m + (turned - way)[:, None])


def slides(recording):
    return [f for t in prepare(recording) for f in assess(t).findings if f.code is Code.FEET_SLIDE]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_feet_of_walkers_stand(pattern):
    (trial,) = prepare(walked(pattern))
    assert feet_aside_deg(trial) < 5.0 and slides(walked(pattern)) == []


@pytest.mark.parametrize("degrees", [-30.0, -9.0, 9.0, 30.0])
def test_a_way_that_the_feet_do_not_go_takes_all_but_the_rhythm(degrees):
    found = slides(along(walked(), degrees))
    assert len(found) == (abs(degrees) > 15.0)
    for one in found:
        assert one.values["aside_deg"] == pytest.approx(abs(degrees), abs=3.0)
        assert {Basis.TRAVEL, Basis.FOOTPRINTS, Basis.ANGLES, Basis.FORCES} <= one.touches
        assert not {Basis.RHYTHM, Basis.CLOCK} & one.touches


def test_a_camera_s_feet_are_not_asked_for_their_direction():
    seen = replace(along(walked(), 30.0), scale_is_metric=False)
    assert slides(seen) == []


def test_real_feet_stand(data_dir):
    asked = 0
    laboratory = sorted((data_dir / "mcgill_c3d").glob("*/*.c3d"))[1::4]
    for file in (*laboratory, *sorted((data_dir / "cmu_asfamc" / "16").glob("*.amc"))[:3]):
        try:
            trials = prepare(read_recording(file), SHORT_WALKS)
        except InputError:
            continue
        for trial in trials:
            asked += 1
            assert feet_aside_deg(trial) < 8.0
            codes = {finding.code for finding in assess(trial).findings}
            assert not {Code.FEET_SLIDE, Code.SWING_UNSEEN} & codes
    assert asked >= 5
