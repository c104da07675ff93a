"""The 3D replay's data, small: whole millimetres around the pelvis, in base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.gait_result import GaitResult
from simgait.report.trial.measure import force_per_frame_n, keypoints_at_body, live_end_s, stances
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent, Rollout

MISSING = -32768
"""The least of 16 bits, which no position in millimetres is."""
# 100 s at 30 Hz, about 1 MB: a longer walk is replayed at a lower rate.
MAX_FRAMES = 3000


def replay_data(rollout: Rollout, result: GaitResult, ringed: Sequence[str] = ()) -> dict[str, Any]:
    """What a report's script draws: `moving_body` with the recorded keypoints laid over it."""
    return moving_body(rollout, keypoints_at_body(rollout), result.events, ringed)


def moving_body(
    rollout: Rollout,
    target_m: Float[np.ndarray, "T 23 3"],
    events: tuple[GaitEvent, ...],
    ringed: Sequence[str] = (),
    most_frames: int = MAX_FRAMES,
) -> dict[str, Any]:
    """What a page's script draws. Points: int16 mm from `origin`, MISSING where unknown.

    Of the rollout's frames every `stride`-th is kept, F of them. origin: (F, 3) mid-hip, int32 mm.
    body: (F, K, 3), the K keypoints of `bodyNames`. target: (F, 23, 3), those of `targetNames`.
    force: (F, 2, 3) in tenths of a percent of body weight. Little-endian, C order.

    Args:
        rollout: the simulated body's walk.
        target_m: keypoints that are drawn beside the body, NaN where there is none.
        events: of its feet, in seconds of the rollout's clock.
        ringed: keypoints of the body about which a ring is drawn.
        most_frames: a longer walk keeps every other, third, ... frame.
    """
    stride = frame_stride(rollout, most_frames)
    kept = slice(None, None, stride)
    origin_mm = np.round(1000.0 * rollout.pose[kept, POSITION])
    force = 1000.0 * force_per_frame_n(rollout)[kept] / rollout.body_weight_n
    end_s = live_end_s(rollout)
    dims = rollout.dimensions
    return {
        "end": round(float(rollout.time_s[kept][-1]), 4),
        "frames": len(origin_mm),
        "stride": stride,
        "recorded": len(rollout.time_s),
        "alive": int(rollout.alive[kept].sum()),
        "bodyNames": list(rollout.skeleton.keypoints),
        "targetNames": list(KEYPOINT_NAMES),
        "ringed": [name for name in ringed if name in rollout.skeleton.keypoints],
        "height": round(float(dims.height_m), 4),
        **packed_points(origin_mm, rollout.keypoints_m[kept]),
        "target": _base64(_around(target_m[kept], origin_mm), "<i2"),
        "force": _base64(_int16(force), "<i2"),
        "stance": [
            [[round(a, 3), round(b, 3)] for a, b in stances(events, side, end_s)] for side in SIDES
        ],
    }


def packed_points(
    origin_mm: Float[np.ndarray, "F 3"], points_m: Float[np.ndarray, "F K 3"]
) -> dict[str, str]:
    """Entries origin and body of `replay_data`; points about mid-hips, NaN where unknown."""
    return {
        "origin": _base64(origin_mm, "<i4"),
        "body": _base64(_around(points_m, origin_mm), "<i2"),
    }


def frame_stride(rollout: Rollout, most_frames: int = MAX_FRAMES) -> int:
    """Every how many-th frame is replayed: 1 unless the walk is very long."""
    return -(-len(rollout.time_s) // most_frames)


def _around(points_m: np.ndarray, origin_mm: np.ndarray) -> np.ndarray:
    return _int16(1000.0 * points_m - origin_mm[:, None])


def _int16(values: np.ndarray) -> np.ndarray:
    # A point 32 m from the pelvis is a detector's error: missing rather than wrapped around.
    usable = np.isfinite(values) & (np.abs(values) < 32767)
    if values.ndim == 3:
        usable = usable & usable.all(axis=-1, keepdims=True)
    return np.where(usable, np.round(np.where(usable, values, 0.0)), MISSING)


def _base64(values: np.ndarray, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values.astype(kind)).tobytes()).decode("ascii")
