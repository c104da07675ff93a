import numpy as np
import pytest

from simgait.recording.travel import pelvis_travels, stance_speed_mps, treadmill


def points_of(recording):
    return {n: recording.keypoints_m[:, i].copy() for i, n in enumerate(recording.keypoint_names)}


def on_belt(points):
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    drift = mid_hip * [1, 1, 0]
    return {n: p - drift for n, p in points.items()}


def test_walk_over_ground_travels(walk):
    assert pelvis_travels(points_of(walk()), 30.0)


def test_the_same_walk_on_a_belt_does_not(walk):
    points = on_belt(points_of(walk()))
    assert not pelvis_travels(points, 30.0)
    travels, belt, notes = treadmill(points, 30.0, None)
    assert not travels and belt == pytest.approx(stance_speed_mps(points, 30.0))
    assert "estimate" in notes[0]
    assert treadmill(points, 30.0, 1.1)[:2] == (False, 1.1)


def test_standing_still_is_no_treadmill(walk):
    points = {n: np.repeat(p[:1], len(p), axis=0) for n, p in points_of(walk()).items()}
    assert pelvis_travels(points, 30.0)


def test_gaps_do_not_matter(walk):
    points = points_of(walk())
    for p in points.values():
        p[20:40] = np.nan
    assert pelvis_travels(points, 30.0)
    assert not pelvis_travels(on_belt(points), 30.0)


def test_belt_speed_of_a_rigid_stance_foot():
    # One foot slides backward at 1.3 m/s while the other swings forward, in turn.
    fps, t = 100.0, np.arange(400) / 100.0
    phase = (t % 1.0)[:, None]

    def foot(phase):
        x = np.where(phase < 0.5, 0.325 - 1.3 * phase, -0.325 + 1.3 * (phase - 0.5))
        z = np.where(phase < 0.5, 0.08, 0.08 + 0.05 * np.sin(2 * np.pi * (phase - 0.5)))
        return np.hstack([x, 0 * x, z])

    points = {"Left Ankle": foot(phase), "Right Ankle": foot((phase + 0.5) % 1.0)}
    for side in ("Left", "Right"):
        points |= {f"{side} Hip": np.tile([0.0, 0, 0.9], (400, 1)),
                   f"{side} Knee": np.tile([0.0, 0, 0.5], (400, 1))}  # fmt: skip
    assert stance_speed_mps(points, fps) == pytest.approx(1.3, abs=0.01)
    assert not pelvis_travels(points, fps)
