"""The nine angles: pelvis and foot are counted from where the person goes."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.gait.scores import SCORED_ANGLES
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.sides import SIDES
from simgait.types import Rollout
from tests.report.conftest import make_walk

PELVIS, FOOT = (SCORED_ANGLES.index(name) for name in ("pelvis_rotation", "foot_progression"))


@pytest.fixture(scope="module")
def rollout() -> Rollout:
    return make_walk(8.0)[1]


def about_z(points: np.ndarray, deg: float) -> np.ndarray:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def test_every_stride_has_nine_angles_on_51_points(rollout: Rollout) -> None:
    found = analyse_rollout(rollout)
    for side in SIDES:
        curves = found.scored_curves_deg[side]
        assert curves.shape == (sum(c.side == side for c in found.cycles), 9, 51)
        assert np.isfinite(curves).all()
        knee = found.curves_deg[f"{side}_knee_flexion_deg"][:, ::2]
        assert np.array_equal(curves[:, SCORED_ANGLES.index("knee_flexion")], knee)


def test_the_pelvis_of_a_straight_walk_turns_as_it_is_reported(rollout: Rollout) -> None:
    found = analyse_rollout(rollout)
    for side in SIDES:
        reported = found.curves_deg[f"{side}_pelvis_rotation_deg"][:, ::2]
        assert np.allclose(found.scored_curves_deg[side][:, PELVIS], reported, atol=0.3)


def test_a_foot_follows_pelvis_and_hip_and_nothing_else(rollout: Rollout) -> None:
    """Toes in where they turn in; the leg's other angles tilt the foot a little."""
    found = analyse_rollout(rollout)
    for side in SIDES:
        curves = found.scored_curves_deg[side]
        turned = curves[:, PELVIS] + curves[:, SCORED_ANGLES.index("hip_rotation")]
        standing = slice(3, 20)
        assert np.allclose(curves[:, FOOT, standing], turned[:, standing], atol=4.0)


@pytest.mark.parametrize("deg", [30.0, 135.0, -160.0])
def test_where_the_room_s_axes_lie_does_not_matter(rollout: Rollout, deg: float) -> None:
    events = analyse_rollout(rollout).events
    angles = rollout.pose[:, ANGLES]
    plain, turned = (
        analyse_markers(rollout.time_s, points, events, angles, BODY_KEYPOINTS).scored_curves_deg
        for points in (rollout.keypoints_m, about_z(rollout.keypoints_m, deg))
    )
    for side in SIDES:
        assert np.allclose(plain[side], turned[side], atol=1e-6)


def test_walking_askew_shows_in_pelvis_and_feet(rollout: Rollout) -> None:
    """Who faces 10 degrees to the left of where they go has the right side 10 degrees forward."""
    events, angles = analyse_rollout(rollout).events, rollout.pose[:, ANGLES]
    path = rollout.pose[:, None, :3] * [1.0, 1.0, 0.0]
    askew = about_z(rollout.keypoints_m - path, 10.0) + path
    plain, turned = (
        analyse_markers(rollout.time_s, points, events, angles, BODY_KEYPOINTS).scored_curves_deg
        for points in (rollout.keypoints_m, askew)
    )
    for side, internal in (("left", -10.0), ("right", 10.0)):
        change = turned[side] - plain[side]  # type: ignore[index]
        assert np.allclose(change[:, [PELVIS, FOOT]], internal, atol=0.1)
        others = [i for i in range(9) if i not in (PELVIS, FOOT)]
        assert np.allclose(change[:, others], 0.0)


def test_without_a_heel_of_its_own_a_foot_has_no_progression(rollout: Rollout) -> None:
    names = [name for name in BODY_KEYPOINTS if "Heel" not in name]
    points = rollout.keypoints_m[:, [BODY_KEYPOINTS.index(name) for name in names]]
    events, angles = analyse_rollout(rollout).events, rollout.pose[:, ANGLES]
    found = analyse_markers(rollout.time_s, points, events, angles, names).scored_curves_deg
    assert np.isnan(found["left"][:, FOOT]).all()
    assert np.isfinite(found["left"][:, PELVIS]).all()


def test_without_joint_angles_nothing_is_scored(rollout: Rollout) -> None:
    events = analyse_rollout(rollout).events
    found = analyse_markers(
        rollout.time_s, rollout.keypoints_m, events, None, BODY_KEYPOINTS
    ).scored_curves_deg
    assert not found
