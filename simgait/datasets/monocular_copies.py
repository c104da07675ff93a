"""Marker recordings as a detector on a monocular video would have seen them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgait.datasets.detector_mixture import NOT_LEGS
from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.incomplete_points import through_monocular_v1
from simgait.synthetic.detectors.monocular_v1 import Distance, View
from simgait.trials.truth import with_known_floor
from simgait.types import Recording


def fully_seen_span(recording: Recording) -> Recording:
    """The recording from its first to its last frame with all of its markers, its clock from 0.

    Raises:
        InputError: no frame shows all markers at a time.
    """
    empty = np.isnan(recording.keypoints_m).all(axis=(0, 2))
    keep = np.isfinite(recording.keypoints_m[:, ~empty]).all(axis=(1, 2))
    if not keep.any():
        raise InputError(
            f"{recording.recording_id}: no frame shows all markers at a time, so no camera can be "
            "placed; leave this recording out."
        )
    first, last = np.flatnonzero(keep)[[0, -1]]
    span, start_s = slice(first, last + 1), float(recording.time_s[first])

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[span]

    return replace(
        recording,
        keypoints_m=recording.keypoints_m[span],
        confidence=recording.confidence[span],
        time_s=recording.time_s[span] - start_s,
        pose=cut(recording.pose),
        reference_angles_rad=cut(recording.reference_angles_rad),
        events=tuple(replace(e, time_s=e.time_s - start_s) for e in recording.events),
        force_plates=tuple(replace(p, time_s=p.time_s - start_s) for p in recording.force_plates),
    )


def as_monocular(
    recording: Recording,
    seed: int,
    *,
    legs_only: bool,
    view: View | None = None,
    distance: Distance | None = None,
) -> Recording:
    """A marker recording as monocular-v1 would see it, along its own direction of walking.

    Its clock is that of `fully_seen_span`. View and distance are drawn where they are not given.

    Raises:
        InputError: the recording lacks required keypoints for good.
    """
    whole = with_known_floor(fully_seen_span(recording))
    seed_rng = np.random.default_rng([seed, 77])
    missing = NOT_LEGS if legs_only else None
    # Every fifth copy lacks nothing but what the markers lack.
    missing = () if missing is None and seed_rng.random() < 0.2 else missing
    seen, _ = through_monocular_v1(
        whole.all_keypoints_m, seed, recording.fps_hz,
        view=view, distance=distance, missing=missing,
    )  # fmt: skip
    return replace(
        whole,
        error_model=seen.errors.version,
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=seen.keypoints_m,
        confidence=seen.confidence,
        scale_is_metric=False,
    )
