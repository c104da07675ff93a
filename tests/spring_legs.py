"""A spring-legged runner: lowest over the leg that carries, whose knee gives; with flight or none.

Speeds, cadences and rises of the pelvis are those of slow runs on the level: 5 to 10 cm at 150 to
170 steps/min (Cavagna et al. 1964; McMahon et al. 1987).
"""

from __future__ import annotations

import numpy as np

from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.types import Recording

HEIGHT_M = 1.75
SEGMENT_M = 0.245 * HEIGHT_M
ANKLE_M, FOOT_M, TRACK_M = 0.04 * HEIGHT_M, 0.152 * HEIGHT_M, 0.08
HEEL_OFF_RAD = np.radians(45.0)


def running_recording(
    speed_mps: float,
    cadence_spm: float,
    *,
    stance: float,
    rise_m: float,
    knee_deg: float = 42.0,
    seconds: float = 6.0,
    fps_hz: float = 30.0,
) -> Recording:
    """Exact points of a run.

    Args:
        speed_mps: of the pelvis.
        cadence_spm: steps per minute.
        stance: share of the cycle in which a foot stands; no flight from 0.5 on.
        rise_m: how far the pelvis goes up and down.
        knee_deg: bend of the knee in the middle of stance.
        seconds: how long.
        fps_hz: frame rate.
    """
    time_s = np.arange(round(seconds * fps_hz)) / fps_hz
    cycle = time_s * cadence_spm / 120.0
    low_m = 2.0 * SEGMENT_M * np.cos(np.radians(knee_deg / 2.0)) + ANKLE_M
    bob_m = 0.5 * rise_m * (1.0 - np.cos(4.0 * np.pi * (cycle - stance / 2.0)))
    middle = _columns(speed_mps * time_s, 0.0, low_m + bob_m)
    points = np.full((len(time_s), len(KEYPOINT_NAMES), 3), np.nan)
    turn = np.radians(5.0) * np.sin(2.0 * np.pi * cycle)
    stride_m = speed_mps * 120.0 / cadence_spm
    for side, sign, shift in (("Left", 1.0, 0.0), ("Right", -1.0, 0.5)):
        hip = middle + 0.09 * sign * _columns(-np.sin(turn), np.cos(turn), 0.0)
        leg = _leg(hip, cycle - shift, shift, stance, stride_m, sign)
        shoulder = middle + [0.04, 0.18 * sign, 0.5]
        arm = 0.2 * sign * _columns(np.sin(2.0 * np.pi * cycle), 0.0, 0.0)
        elbow = shoulder - 0.5 * arm - [0.05, 0.0, 0.27]
        wrist = elbow + [0.2, 0.0, 0.0] - 0.3 * arm
        arms = {"Shoulder": shoulder, "Elbow": elbow, "Wrist": wrist, "Hand": wrist + [0.1, 0, 0]}
        for name, at in {"Hip": hip, **leg, **arms}.items():
            points[:, KEYPOINT_INDEX[f"{side} {name}"]] = at
    for name, height_m in (("Pelvis", 0.08), ("Sternum", 0.36), ("Head", 0.8)):
        points[:, KEYPOINT_INDEX[name]] = middle + [0.08 * height_m, 0.0, height_m]
    return Recording(
        recording_id="run", source_format="c3d", time_s=time_s, keypoint_names=KEYPOINT_NAMES,
        keypoints_m=points, confidence=np.ones(points.shape[:2]), scale_is_metric=True,
        pelvis_travels=True, height_m=HEIGHT_M,
    )  # fmt: skip


def _columns(*parts: np.ndarray | float) -> np.ndarray:
    return np.stack(np.broadcast_arrays(*parts), axis=-1).astype(float)


def _smooth(share: np.ndarray) -> np.ndarray:
    u = np.clip(share, 0.0, 1.0)
    return u**3 * (10.0 - 15.0 * u + 6.0 * u**2)


def _leg(
    hip: np.ndarray, cycle: np.ndarray, shift: float, stance: float, stride_m: float, sign: float
) -> dict[str, np.ndarray]:
    """Knee, ankle and foot of one leg; its foot stands under the hip in the middle of stance."""
    number, part = np.floor(cycle), cycle % 1.0
    stands, air = part < stance, np.clip((part - stance) / (1.0 - stance), 0.0, 1.0)
    late = _smooth((part / stance - 0.55) / 0.45)
    pitch = -HEEL_OFF_RAD * np.where(stands, late, 1.0 - _smooth(1.2 * air))
    ball_m = 0.7 * FOOT_M
    end_x, end_z = ball_m * (1.0 - np.cos(HEEL_OFF_RAD)), ball_m * np.sin(HEEL_OFF_RAD)
    swing_x = end_x + (stride_m - end_x) * _smooth(air)
    swing_z = end_z * (1.0 - _smooth(air)) + 0.25 * np.sin(np.pi * air) ** 1.5 * (1.0 - 0.5 * air)
    x = np.where(stands, ball_m * (1.0 - np.cos(pitch)), swing_x)
    z = np.where(stands, -ball_m * np.sin(pitch), swing_z)
    start_m = (number + shift + stance / 2.0) * stride_m - 0.02
    ankle = _columns(start_m + x, 0.5 * sign * TRACK_M, ANKLE_M + z)
    reach = np.linalg.norm(ankle - hip, axis=-1, keepdims=True)
    along = (ankle - hip) / reach
    half_m = 0.5 * np.minimum(reach, 1.998 * SEGMENT_M)
    ankle = hip + 2.0 * half_m * along
    forward = _columns(-along[:, 2], 0.0, along[:, 0])
    knee = hip + half_m * along + np.sqrt(SEGMENT_M**2 - half_m**2) * forward
    sole = _columns(np.cos(pitch), 0.0, np.sin(pitch))
    up = _columns(-np.sin(pitch), 0.0, np.cos(pitch))
    foot = {
        name: ankle + share * FOOT_M * sole - (ANKLE_M - 0.02) * up
        for name, share in (("Heel", -0.25), ("Foot", 0.45), ("Big Toe", 0.7))
    }
    return {"Knee": knee, "Ankle": ankle, **foot}
