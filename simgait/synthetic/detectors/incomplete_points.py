"""monocular-v1 on walks in any direction that do not show every point, as markers do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.synthetic.detectors.definitions import HIPS, walking_direction
from simgait.synthetic.detectors.monocular_v1 import (
    Camera,
    Distance,
    MonocularKeypoints,
    View,
    corrupt,
    place_camera,
)


def through_monocular_v1(
    keypoints_m: Float[np.ndarray, "T 23 3"],
    seed: int,
    fps_hz: float,
    *,
    view: View | None = None,
    distance: Distance | None = None,
    missing: tuple[str, ...] | None = None,
) -> tuple[MonocularKeypoints, Camera]:
    """Sends exact points (m) of a walk through monocular-v1, along the walk's own direction.

    What comes back lies on the axes of what was given. View and distance are drawn where they are
    not given; the rest as `corrupt_shown`.

    Raises:
        InputError: as `corrupt_shown`.
    """
    ahead = walking_direction(keypoints_m)
    turn = np.stack([ahead, np.cross([0.0, 0.0, 1.0], ahead), [0.0, 0.0, 1.0]])
    local = keypoints_m @ turn.T
    mid_hip_m = local[:, HIPS].mean(axis=1)
    camera = place_camera(mid_hip_m, seed, view, distance)
    seen = corrupt_shown(local, mid_hip_m, camera, seed, fps_hz, missing)
    return replace(seen, keypoints_m=seen.keypoints_m @ turn), camera


def corrupt_shown(
    keypoints_m: Float[np.ndarray, "T 23 3"],
    mid_hip_m: Float[np.ndarray, "T 3"],
    camera: Camera,
    seed: int,
    fps_hz: float,
    missing: tuple[str, ...] | None = None,
) -> MonocularKeypoints:
    """As `monocular_v1.corrupt`, of exact points (m) that may be NaN; those stay so.

    Args:
        keypoints_m: exact world positions (z up).
        mid_hip_m: the middle of the hips, all finite.
        camera: from `place_camera`.
        seed: everything drawn here depends on it alone.
        fps_hz: frame rate of the keypoints.
        missing: names of points the detector lacks; drawn if None, () for none.

    Raises:
        InputError: as `monocular_v1.corrupt`.
    """
    holes = ~np.isfinite(keypoints_m).all(axis=-1)
    # Points that never were stand in at mid-hip only to satisfy the error model; they are taken
    # out again below.
    filled = np.where(holes[..., None], mid_hip_m[:, None], keypoints_m)
    seen = corrupt(filled, camera, seed, fps_hz, missing)
    keypoints = np.where(holes[..., None], np.nan, seen.keypoints_m)
    shown = np.isfinite(keypoints).all(axis=-1)
    return replace(seen, keypoints_m=keypoints, confidence=np.where(shown, seen.confidence, 0.0))
