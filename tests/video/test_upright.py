from dataclasses import replace

import numpy as np
import pytest

from simgait.video.landmarks import HIPS, SHOULDERS
from simgait.video.lift import lift
from simgait.video.traits import BLAZEPOSE
from tests.video.made_up import LENS, RATE_HZ, filmed_walker

AS_SEEN = replace(BLAZEPOSE, to_joints=None)
"""Joints where the detector has them: the made-up one has them right."""


def lean_deg(points_m, up):
    """Of shoulders over hips, forward along the way."""
    hips = points_m[:, HIPS].mean(axis=1)
    way = hips[-1] - hips[0]
    way = way - (way @ up) * up
    trunk = (points_m[:, SHOULDERS].mean(axis=1) - hips).mean(axis=0)
    return float(np.degrees(np.arctan2(trunk @ way / np.linalg.norm(way), trunk @ up)))


@pytest.mark.parametrize("view_deg", [0.0, pytest.param(180.0, marks=pytest.mark.slow)])
@pytest.mark.parametrize("nearer_m", [-0.25, 0.25])
def test_a_trunk_that_the_detector_leans_in_depth_is_upright(view_deg, nearer_m):
    walker = filmed_walker(view_deg)
    walker.track.world_m[:, :13, 2] -= nearer_m
    lifted = lift(walker.track, LENS, RATE_HZ, AS_SEEN)
    # Without the term by 27 to 35°.
    assert abs(lean_deg(lifted.points_m, np.array([0.0, 0.0, 1.0]))) < 10.0


def test_a_trunk_that_the_picture_shows_leaning_leans():
    walker = filmed_walker(90.0)
    lean_m = 0.5 * np.tan(np.radians(20.0))
    walker.track.image_px[:, :13, 0] += lean_m * LENS.focal_px / 7.0
    walker.track.world_m[:, :13, 0] += lean_m
    lifted = lift(walker.track, LENS, RATE_HZ, AS_SEEN)
    assert lean_deg(lifted.points_m, np.array([0.0, 0.0, 1.0])) > 10.0
