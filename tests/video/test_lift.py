from dataclasses import replace

import numpy as np
import pytest

from simgait.video.floor import Floor
from simgait.video.landmarks import ANKLES, HIPS
from simgait.video.lift import level_axes, lift, stretches
from simgait.video.placing import placed
from simgait.video.traits import BLAZEPOSE
from tests.video.made_up import LENS, RATE_HZ, filmed_walker, to_and_fro

AS_SEEN = replace(BLAZEPOSE, to_joints=None)
"""Joints where the detector has them: the made-up one has them right."""


def speed_mps(points):
    hips = points[:, HIPS].mean(axis=1)
    return float(np.linalg.norm(np.polyfit(np.arange(len(hips)) / RATE_HZ, hips, 1)[0]))


def leg_m(points):
    """Thigh and shank."""
    joints = [points[:, [k, k + 1]] for k in (23, 25, 27)]
    pairs = zip(joints[:-1], joints[1:], strict=True)
    return sum(float(np.linalg.norm(a - b, axis=-1).mean()) for a, b in pairs)


def spread_m(points):
    """Mean of the distances of the ankles along the way at their peaks."""
    hips = points[:, HIPS].mean(axis=1)
    way = hips[-1] - hips[0]
    ahead = (points[:, ANKLES[0]] - points[:, ANKLES[1]]) @ (way / np.linalg.norm(way))
    inner = np.abs(ahead[1:-1])
    peaks = (inner > np.abs(ahead[:-2])) & (inner >= np.abs(ahead[2:])) & (inner > 0.1)
    return float(np.percentile(inner[peaks], 75))


@pytest.mark.parametrize("view_deg", [0.0, 30.0, 90.0, 180.0])
def test_the_swing_that_the_detector_shrinks_comes_back(view_deg):
    """Depths are a third of the truth; the legs' rhythm and the standing feet tell the rest."""
    walker = filmed_walker(view_deg)
    lifted = lift(walker.track, LENS, RATE_HZ, AS_SEEN)
    assert lifted.fitted.all()
    true = spread_m(walker.points)
    first = abs(spread_m(placed(walker.track, LENS)) / true - 1)
    assert abs(spread_m(lifted.points_m) / true - 1) < max(0.2, 0.5 * first)
    # Standing feet do not hold the hips back: by 4 to 7 % in all of these views, once.
    scale = leg_m(walker.points) / leg_m(lifted.points_m)
    assert scale * speed_mps(lifted.points_m) == pytest.approx(speed_mps(walker.points), rel=0.03)


def test_points_stand_level_on_the_floor():
    walker = filmed_walker(60.0)
    lifted = lift(walker.track, LENS, RATE_HZ)
    # From here the floor's tilt is hardly seen, and with it how high the camera is.
    assert lifted.camera_height_m == pytest.approx(1.0, abs=0.45)
    heels = lifted.points_m[:, [29, 30], 2]
    assert np.percentile(heels, 10) == pytest.approx(0.0, abs=0.06)
    assert (lifted.points_m[:, HIPS, 2] > 0.6).all()


@pytest.mark.parametrize("view_deg", [0.0, 180.0])
def test_no_foot_goes_through_the_floor(view_deg):
    """Swinging feet that did (by 6 cm here) made the simulated body trip."""
    lifted = lift(filmed_walker(view_deg).track, LENS, RATE_HZ)
    assert np.percentile(lifted.points_m[:, [29, 30, 31, 32], 2], 3) > -0.03


def test_pictures_that_are_missing_take_nothing_with_them():
    walker = filmed_walker(60.0)
    kept = np.ones(len(walker.track.frames), bool)
    kept[40:46] = False
    lifted = lift(walker.track.part(kept), LENS, RATE_HZ)
    whole = lift(walker.track, LENS, RATE_HZ)
    assert len(lifted.points_m) == kept.sum() and np.isfinite(lifted.points_m).all()
    difference = np.abs(lifted.points_m[:, HIPS] - whole.points_m[kept][:, HIPS])
    # The ends, where feet stand for a moment only, move by up to 15 cm in any view.
    assert difference.mean() < 0.02
    assert difference.max() < 0.2


def test_there_and_back_are_two_stretches():
    there = np.column_stack([np.linspace(0, 4, 120), np.zeros(120), np.full(120, 5.0)])
    hips = np.concatenate([there, there[::-1]])
    pairs = stretches(hips, np.arange(len(hips)) / RATE_HZ)
    # The turn itself is in neither.
    (begin, turns), (turned, end) = pairs
    assert (begin, end) == (0, len(hips)) and 90 < turns < 120 < turned < 150


@pytest.mark.parametrize("view_deg", [0.0, 90.0])
def test_who_goes_to_and_fro_stays_the_same_and_keeps_his_legs(view_deg):
    """Once half of the passes were lost: joints jumped by up to 1.4 m where the person turns."""
    walker = to_and_fro(view_deg, passes=3)
    lifted = lift(walker.track, LENS, RATE_HZ, AS_SEEN)
    assert 0 < lifted.turning == len(walker.points) - len(lifted.points_m)
    frames, hips = lifted.track.frames, lifted.points_m[:, HIPS]
    runs = np.split(np.arange(len(frames)), np.flatnonzero(np.diff(frames) > 1) + 1)
    assert len(runs) == 3
    for run in runs:
        assert len(run) > 90
        assert np.linalg.norm(np.diff(hips[run].mean(axis=1), axis=0), axis=1).max() < 0.15
    left = [(hips[run, 0] - hips[run, 1]).mean(axis=0) for run in runs]
    # Who comes back has his left on the other side.
    assert left[0] @ left[1] < 0 < left[0] @ left[2]


def test_what_is_too_short_is_no_stretch():
    hips = np.column_stack([np.linspace(0, 0.5, 15), np.zeros(15), np.full(15, 5.0)])
    assert stretches(hips, np.arange(15) / RATE_HZ) == []


def test_axes_are_level_with_a_tilted_floor():
    """A camera that looks down by 10°: the floor rises in its picture with distance."""
    axes, height_m = level_axes(Floor(0.0, -np.tan(np.radians(10.0)), 1.0))
    assert np.allclose(axes.T @ axes, np.eye(3))
    assert height_m == pytest.approx(np.cos(np.radians(10.0)))
    ahead_on_floor = np.array([0.0, 1.0 - np.tan(np.radians(10.0)), 1.0])
    below = np.array([0.0, 1.0, 0.0])
    assert (ahead_on_floor - below) @ axes[:, 2] == pytest.approx(0.0)
