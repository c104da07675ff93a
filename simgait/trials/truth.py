"""The truth of a recording on the trial's clock and in its heading frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.series.angles import near_zero, unwrap
from simgait.series.resampling import nearest, resample
from simgait.skeleton.coordinates import ANGLES, HORIZONTAL
from simgait.skeleton.default import ANGLE_NAMES, POSE_INDEX, POSE_NAMES
from simgait.skeleton.dimensions import LEG_PER_HEIGHT, Dimensions, dimensions_from_height
from simgait.skeleton.kinematics import sole_heights
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent, Recording, TrialTruth


@dataclass(frozen=True)
class RecordingTruth:
    """Truth of the whole recording on the 30 Hz clock, recording's axes, angles unwrapped."""

    time_s: Float[np.ndarray, " T"]
    pose: Float[np.ndarray, "T D"]
    reference_angles_rad: Float[np.ndarray, "T A"] | None
    contact: Float[np.ndarray, "T 2"]
    events: tuple[GaitEvent, ...]


def truth_on_clock(
    recording: Recording,
    clock_s: Float[np.ndarray, " N"],
    height_m: float,
    *,
    contact_truth: Float[np.ndarray, "T 2"] | None,
    cutoff_hz: float,
    max_gap_s: float,
) -> RecordingTruth | None:
    """Everything the recording knows to be true, at the times `clock_s`; None if it knows nothing.

    The pose is filtered and resampled as the keypoints are, so that the two stay in step. Its
    height counts from the floor: that of the recording where it is known, else the one under its
    soles (`floor_height_m`).
    """
    time_s = recording.time_s
    step_s = float(np.median(np.diff(time_s)))

    def on_clock(values: Float[np.ndarray, "T C"]) -> Float[np.ndarray, "N C"]:
        return resample(
            values[:, :, None], time_s, clock_s,
            cutoff_hz=cutoff_hz, max_step_s=max_gap_s + 1.5 * step_s,
        )[..., 0]  # fmt: skip

    pose, angles = recording.pose, recording.reference_angles_rad
    if pose is None and angles is None and contact_truth is None and not recording.events:
        return None
    resampled = np.full((len(clock_s), len(POSE_NAMES)), np.nan)
    if pose is not None:
        unwrapped = pose.copy()
        unwrapped[:, ANGLES] = unwrap(pose[:, ANGLES])
        resampled = on_clock(unwrapped)
        floor_m = recording.floor_z_m
        if floor_m is None:
            floor_m = floor_height_m(recording, resampled, height_m)
        resampled[:, POSE_INDEX["pelvis_z_m"]] -= floor_m
    if contact_truth is not None:
        contact = nearest(np.asarray(contact_truth, dtype=float), time_s, clock_s)
    else:
        contact = contact_from_events(recording.events, clock_s)
    return RecordingTruth(
        time_s=clock_s,
        pose=resampled,
        reference_angles_rad=None if angles is None else on_clock(unwrap(angles)),
        contact=contact,
        events=recording.events,
    )


def floor_height_m(recording: Recording, pose: Float[np.ndarray, "T D"], height_m: float) -> float:
    """Floor (m, recording's z) under the soles of this pose.

    A walker has always a foot on the floor, so the lower sole of each frame is a measurement of
    it; their median shrugs off feet that seem to dip (a foot is rigid here, and bent in life).
    """
    known = np.isfinite(pose).all(axis=-1)
    if not known.any():
        return 0.0
    dims = _measured_dimensions(recording, height_m)
    soles = np.asarray(sole_heights(pose[known], dims)).min(axis=(1, 2))
    return float(np.median(soles))


def with_known_floor(recording: Recording) -> Recording:
    """A marker recording that says where its floor is, before its keypoints are given errors.

    From keypoints with errors the floor comes out wrong: a detector's legs are too short or long.
    """
    if recording.pose is None or recording.floor_z_m is not None:
        return recording
    height_m = recording.height_m
    if height_m is None:
        usual = _measured_dimensions(recording, height_m=1.7)
        height_m = float(usual.thigh_m + usual.shank_m) / LEG_PER_HEIGHT
    return replace(recording, floor_z_m=floor_height_m(recording, recording.pose, height_m))


def _measured_dimensions(recording: Recording, height_m: float) -> Dimensions:
    def at(name: str) -> Float[np.ndarray, "T 3"]:
        return recording.keypoints_m[:, recording.keypoint_names.index(name)]

    def length(a: str, b: str) -> float:
        sides = [np.linalg.norm(at(f"{s} {a}") - at(f"{s} {b}"), axis=-1) for s in _SIDES]
        return float(np.nanmedian(np.stack(sides)))

    usual = dimensions_from_height(height_m, recording.mass_kg)
    return Dimensions(
        height_m=height_m,
        mass_kg=usual.mass_kg,
        hip_width_m=float(np.nanmedian(np.linalg.norm(at("Left Hip") - at("Right Hip"), axis=-1))),
        thigh_m=length("Hip", "Knee"),
        shank_m=length("Knee", "Ankle"),
        ankle_height_m=usual.ankle_height_m,
        foot_length_m=usual.foot_length_m,
    )


_SIDES = ("Left", "Right")


def contact_from_events(
    events: tuple[GaitEvent, ...], clock_s: Float[np.ndarray, " N"]
) -> Float[np.ndarray, "N 2"]:
    """Contact between successive events of a foot; NaN before its first and after its last."""
    contact = np.full((len(clock_s), 2), np.nan)
    for column, side in enumerate(SIDES):
        own = sorted((e for e in events if e.side == side), key=lambda e: e.time_s)
        for event, following in zip(own[:-1], own[1:], strict=True):
            # Two events of one kind in a row: one between them was not marked.
            if event.kind != following.kind:
                between = (clock_s >= event.time_s) & (clock_s < following.time_s)
                contact[between, column] = float(event.kind == "initial_contact")
    return contact


def trial_truth(truth: RecordingTruth, span: slice, yaw_rad: float) -> TrialTruth:
    """The truth of one bout, turned about the vertical by the heading `yaw_rad`.

    Only yaw is taken out: a heading frame that leans with a detector's axes is an error of the
    keypoints, which the truth must not share. x and y count from the true mid-hip at frame 0.
    """
    pose = np.array(truth.pose[span])
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    known = np.flatnonzero(np.isfinite(pose[:, HORIZONTAL]).all(axis=-1))
    if len(known):
        xy = pose[:, HORIZONTAL] - pose[known[0], HORIZONTAL]
        pose[:, 0], pose[:, 1] = c * xy[:, 0] + s * xy[:, 1], -s * xy[:, 0] + c * xy[:, 1]
    turned = POSE_INDEX["pelvis_rotation"]
    pose[:, ANGLES] = near_zero(pose[:, ANGLES])
    pose[:, turned] = near_zero(pose[:, [turned]] - yaw_rad)[:, 0]
    reference = truth.reference_angles_rad
    if reference is not None:
        reference = np.array(reference[span])
        column = ANGLE_NAMES.index("pelvis_rotation")
        reference[:, column] = near_zero(reference[:, [column]])[:, 0]
    start_s, end_s = float(truth.time_s[span][0]), float(truth.time_s[span][-1])
    return TrialTruth(
        pose=pose,
        reference_angles_rad=reference,
        contact=np.array(truth.contact[span]),
        events=tuple(
            GaitEvent(event.time_s - start_s, event.side, event.kind)
            for event in sorted(truth.events, key=lambda e: e.time_s)
            if start_s <= event.time_s <= end_s
        ),
    )
