"""monocular-v1 on walks that do not show every point, as markers do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.synthetic.detectors.monocular_v1 import Camera, MonocularKeypoints, corrupt


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
