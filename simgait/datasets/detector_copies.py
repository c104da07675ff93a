"""Exact recordings, of markers or walkers, as a detector on a video would have seen them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import CONTROL_RATE_HZ
from simgait.datasets.monocular_copies import fully_seen_span
from simgait.series.angles import unwrap
from simgait.series.gaps import bridge
from simgait.series.resampling import nearest, resample
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.monocular_v1 import View
from simgait.synthetic.detectors.named import seen_through
from simgait.synthetic.detectors.travel import travel_scale
from simgait.trials.truth import with_known_floor
from simgait.types import Recording

VIDEO_HZ = CONTROL_RATE_HZ
"""Detectors look at videos: their jitter is of each frame of one."""
CUTOFF_HZ = 12.0
"""Before markers are slowed to a video's rate; as in preparation."""
_REQUIRED = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]


def at_video_rate(recording: Recording) -> Recording:
    """The recording on a clock of 30 frames a second, its gaps as they were.

    Angles that a laboratory measured, and its forces, keep no place on it and are left out.
    """
    if abs(recording.fps_hz - VIDEO_HZ) < 0.5:
        return recording
    time_s, step_s = recording.time_s, 1.0 / recording.fps_hz
    clock_s = time_s[0] + np.arange(int((time_s[-1] - time_s[0]) * VIDEO_HZ + 1e-6) + 1) / VIDEO_HZ

    def on_clock(values: np.ndarray) -> np.ndarray:
        return resample(values, time_s, clock_s, cutoff_hz=CUTOFF_HZ, max_step_s=1.5 * step_s)

    pose = recording.pose
    if pose is not None:
        pose = pose.copy()
        pose[:, ANGLES] = unwrap(pose[:, ANGLES])
        pose = on_clock(pose[:, :, None])[..., 0]
    points = on_clock(recording.keypoints_m)
    confidence = nearest(recording.confidence, time_s, clock_s)
    return replace(
        recording,
        time_s=clock_s,
        keypoints_m=points,
        confidence=np.where(np.isfinite(points).all(axis=-1), confidence, 0.0),
        pose=pose,
        reference_angles_rad=None,
        force_plates=(),
    )


def as_seen_by(
    detector: str,
    recording: Recording,
    height_m: float,
    seed: int,
    *,
    camera_seed: int | None = None,
    view: View | None = None,
    travel_share: float | None = None,
) -> Recording:
    """An exact recording as a detector would have seen it on a video.

    Its clock begins with the first frame that shows all of its points, at 0. What the recording
    does not show, the detector does not either. The other arguments are those of
    `synthetic.detectors.seeing.see`.

    Raises:
        InputError: no frame shows everything, or as `seen_through`.
    """
    whole, points, holes = _shown(recording)
    seen = seen_through(
        detector, points, height_m, VIDEO_HZ, seed,
        camera_seed=camera_seed, view=view, travel_share=travel_share,
    )  # fmt: skip
    keypoints = np.where(holes[..., None], np.nan, seen.keypoints_m)
    return replace(
        whole,
        error_model=seen.detector,
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=keypoints,
        confidence=np.where(np.isfinite(keypoints).all(axis=-1), seen.confidence, 0.0),
        height_m=height_m,
        scale_is_metric=False,
        pelvis_travels=seen.pelvis_travels,
    )


def travel_scale_of(
    detector: str,
    recording: Recording,
    height_m: float,
    seed: int,
    *,
    camera_seed: int | None = None,
    travel_share: float | None = None,
) -> float:
    """What the scale of travel alone multiplies the way by in `as_seen_by` of the same arguments.

    Raises:
        InputError: as `as_seen_by`.
    """
    _, points, _ = _shown(recording)
    return travel_scale(
        detector, points, height_m, VIDEO_HZ, seed,
        camera_seed=camera_seed, travel_share=travel_share,
    )  # fmt: skip


def _shown(
    recording: Recording,
) -> tuple[Recording, Float[np.ndarray, "T 23 3"], Bool[np.ndarray, "T 23"]]:
    """What a camera sees: the recording at a video's rate, its points bridged, and their holes.

    Raises:
        InputError: no frame shows everything.
    """
    whole = at_video_rate(with_known_floor(fully_seen_span(recording)))
    points = whole.all_keypoints_m
    holes = ~np.isfinite(points).all(axis=-1)
    points[:, _REQUIRED] = bridge(points[:, _REQUIRED])
    return whole, points, holes
