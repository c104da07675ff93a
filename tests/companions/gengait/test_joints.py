"""What is withheld for a joint, and its angles."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.companions.gengait.joints import (
    ANGLE_INDEX,
    ANGLES,
    JOINTS,
    POINT_INDEX,
    POINTS,
    TILE_POINTS,
    angles_rad,
    mirrored,
    side_of,
    withheld_for,
)
from tests.companions.gengait.made_up import walk


def standing() -> np.ndarray:
    """Upright, toes ahead; lengths in body heights."""
    at = {"Hip": (0, 0.05, 0), "Knee": (0, 0.05, -0.25), "Ankle": (0, 0.05, -0.5),
          "Heel": (-0.03, 0.05, -0.53), "Big Toe": (0.1, 0.05, -0.53)}  # fmt: skip
    points = np.zeros((len(POINTS), 3))
    for name, place in at.items():
        points[POINT_INDEX[f"Left {name}"]] = place
        points[POINT_INDEX[f"Right {name}"]] = np.array(place) * [1, -1, 1]
    points[POINT_INDEX["Sternum"]] = (0, 0, 0.25)
    return points


def turned(points: np.ndarray, about: str, names: list[str], angle: float) -> np.ndarray:
    """Points turned forward-up about another in the plane of progression."""
    out, centre = points.copy(), points[POINT_INDEX[about]]
    c, s = np.cos(angle), np.sin(angle)
    for name in names:
        x, y, z = points[POINT_INDEX[name]] - centre
        out[POINT_INDEX[name]] = centre + [c * x - s * z, y, s * x + c * z]
    return out


def test_angles_have_clinical_signs() -> None:
    assert np.abs(angles_rad(standing())).max() == pytest.approx(0.0, abs=1e-9)
    leg = ["Left Knee", "Left Ankle", "Left Heel", "Left Big Toe"]
    cases = {
        "left_thigh_flexion": turned(standing(), "Left Hip", leg, 0.4),
        "left_knee_flexion": turned(standing(), "Left Knee", leg[1:], -0.4),
        "left_ankle_dorsiflexion": turned(standing(), "Left Ankle", leg[2:], 0.4),
    }
    for name, points in cases.items():
        found = angles_rad(points)
        assert found[ANGLE_INDEX[name]] == pytest.approx(0.4)
        assert np.abs(np.delete(found, ANGLE_INDEX[name])).max() < 1e-9
    out = standing()
    out[POINT_INDEX["Right Knee"], 1] -= 0.05
    assert angles_rad(out)[ANGLE_INDEX["right_thigh_abduction"]] == pytest.approx(
        np.arctan2(0.05, 0.25)
    )


def test_a_mirror_exchanges_the_legs_angles() -> None:
    found, other = angles_rad(walk(0).points), angles_rad(mirrored(walk(0).points))
    for name in ANGLES[2:]:
        side, angle = name.split("_", 1)
        swapped = f"{'right' if side == 'left' else 'left'}_{angle}"
        assert other[:, ANGLE_INDEX[swapped]] == pytest.approx(found[:, ANGLE_INDEX[name]])


def test_what_moves_with_a_joint_is_withheld() -> None:
    hidden = withheld_for(["left_knee"])
    assert [name for name, gone in zip(POINTS, hidden, strict=True) if gone] == [
        "Left Ankle", "Left Heel", "Left Big Toe",
    ]  # fmt: skip
    assert withheld_for([]).sum() == 0
    assert (withheld_for(["left_hip", "pelvis"]).sum(), side_of("pelvis")) == (7, "both")
    assert len(TILE_POINTS) == 10 and not TILE_POINTS.all(axis=1).any()
    assert {side_of(joint) for joint in JOINTS} == {"left", "right", "both"}
