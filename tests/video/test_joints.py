from dataclasses import replace

import numpy as np
import pytest

from simgait.video.joints import ANKLE_DOWN, HIP_UP, blazepose_joints
from simgait.video.landmarks import ANKLES, HIPS, SHOULDERS
from simgait.video.lift import lift
from simgait.video.traits import BLAZEPOSE
from tests.video.conftest import STANDING
from tests.video.made_up import LENS, RATE_HZ, filmed_walker
from tests.video.test_lift import leg_m


def test_legs_become_as_long_as_a_persons():
    """Hips go up the trunk, ankles down the shank; nothing else moves."""
    points = np.tile(STANDING, (5, 1, 1))
    moved = blazepose_joints(points)
    assert leg_m(moved) / leg_m(points) == pytest.approx(1.0 + HIP_UP + ANKLE_DOWN, abs=0.002)
    others = [k for k in range(33) if k not in (*HIPS, *ANKLES)]
    assert np.array_equal(moved[:, others], points[:, others])
    trunk = points[:, list(SHOULDERS)].mean(axis=1) - points[:, list(HIPS)].mean(axis=1)
    shift = moved[:, HIPS[0]] - points[:, HIPS[0]]
    assert np.allclose(np.cross(shift, trunk), 0.0, atol=1e-9) and (shift * trunk).sum() > 0.0


def test_only_a_detector_that_is_known_is_put_right():
    track = filmed_walker(90.0, seconds=2.0).track
    as_seen = lift(track, LENS, RATE_HZ, replace(BLAZEPOSE, to_joints=None)).points_m
    assert np.allclose(
        lift(track, LENS, RATE_HZ).points_m[:, HIPS], blazepose_joints(as_seen)[:, HIPS]
    )
