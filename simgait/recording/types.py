"""The frozen dataclasses that travel between the stages, with shapes and units.

World and heading frame: x along progression, y to the person's left, z up; metres, seconds,
radians, newtons, kilograms. Missing is NaN, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

Side = Literal["left", "right"]
EventKind = Literal["initial_contact", "foot_off"]
EVENT_KINDS: tuple[EventKind, EventKind] = ("initial_contact", "foot_off")
SIDES: tuple[Side, Side] = ("left", "right")


class InputError(ValueError):
    """A user's input cannot be used. The message is one sentence: what, where, what to do."""


@dataclass(frozen=True)
class GaitEvent:
    """One foot event; `time_s` counts from the same zero as the times of its recording."""

    time_s: float
    side: Side
    kind: EventKind


@dataclass(frozen=True)
class ForcePlate:
    """One force plate in the recording's z-up axes; `force_n` acts on the person (upwards is +)."""

    time_s: Float[np.ndarray, " N"]
    force_n: Float[np.ndarray, "N 3"]
    centre_of_pressure_m: Float[np.ndarray, "N 3"]
    corners_m: Float[np.ndarray, "4 3"]


@dataclass(frozen=True)
class Recording:
    """What one file holds, in metres, on z-up axes, before any preparation.

    Attributes:
        recording_id: file stem made safe for file names; no folders, no names of people.
        source_format: "npz", "c3d", "trc", "amc", "video", "synthetic", ...
        time_s: (T,) time stamps from the file (frame / fps where the file has no stamps).
        keypoint_names: K canonical names, unique, a subset of `keypoints.KEYPOINT_NAMES`.
        keypoints_m: (T, K, 3), NaN where missing.
        confidence: (T, K) in 0..1, 0 where missing.
        scale_is_metric: positions are true metres (markers) rather than a detector's guess.
        pelvis_travels: the pelvis's own path through space is in `keypoints_m` (False for
            root-relative keypoints and for a treadmill without belt speed).
        belt_speed_mps: treadmill belt speed; None over ground.
        pose: (T, 16) skeleton coordinates of the truth where the source knows them
            (ASF/AMC, synthetic); None otherwise. See `skeleton.POSE_NAMES`.
        reference_angles_rad: (T, 13) clinical angles measured by the lab's own model (Plug-in
            Gait), columns as `skeleton.POSE_NAMES[3:]`, NaN where absent; None without any.
        events: foot events stored in the file.
        notes: one sentence each, on what the reader assumed or left out.
    """

    recording_id: str
    source_format: str
    time_s: Float[np.ndarray, " T"]
    keypoint_names: tuple[str, ...]
    keypoints_m: Float[np.ndarray, "T K 3"]
    confidence: Float[np.ndarray, "T K"]
    scale_is_metric: bool
    pelvis_travels: bool
    subject_id: str = ""
    height_m: float | None = None
    mass_kg: float | None = None
    belt_speed_mps: float | None = None
    pose: Float[np.ndarray, "T 16"] | None = None
    reference_angles_rad: Float[np.ndarray, "T 13"] | None = None
    events: tuple[GaitEvent, ...] = ()
    force_plates: tuple[ForcePlate, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def fps_hz(self) -> float:
        """Median frame rate."""
        return float(1.0 / np.median(np.diff(self.time_s)))


@dataclass(frozen=True)
class TrialTruth:
    """What is known to be true of a trial, on the trial's clock and in its heading frame.

    Attributes:
        pose: (T, 16) skeleton coordinates (see `skeleton.POSE_NAMES`); from the generator, or from
            fitting the body to exact markers.
        reference_angles_rad: (T, 13) the lab's own angles (Plug-in Gait), NaN where unknown; or
            None.
        contact: (T, 2) 1 = foot on the floor, 0 = off, NaN = unknown; columns left, right.
        events: true foot events, times on the trial's clock.
    """

    pose: Float[np.ndarray, "T 16"]
    reference_angles_rad: Float[np.ndarray, "T 13"] | None
    contact: Float[np.ndarray, "T 2"]
    events: tuple[GaitEvent, ...] = ()


@dataclass(frozen=True)
class Trial:
    """A straight walking bout, prepared for tracking: 30 Hz, heading frame, 23 keypoints with mask.

    Attributes:
        time_s: (T,) from 0, spacing 1/30 s.
        start_s: recording time of frame 0.
        keypoints_m: (T, 23, 3) in `keypoints.KEYPOINT_NAMES` order, centred at mid-hip frame by
            frame, heading frame, NaN where missing (also where a gap was too long to fill).
        confidence: (T, 23), 0 where missing.
        pelvis_path_m: (T, 3) mid-hip in the heading frame, scaled as the keypoints, 0 at frame 0;
            NaN where the recording has no travel.
        pelvis_path_mask: (T,) True where `pelvis_path_m` may be believed.
        scale_is_metric: no rescaling by height was needed.
        keypoint_scale: factor that was applied to the recording's keypoints.
    """

    trial_id: str
    subject_id: str
    source_format: str
    time_s: Float[np.ndarray, " T"]
    start_s: float
    keypoints_m: Float[np.ndarray, "T 23 3"]
    confidence: Float[np.ndarray, "T 23"]
    pelvis_path_m: Float[np.ndarray, "T 3"]
    pelvis_path_mask: Bool[np.ndarray, " T"]
    scale_is_metric: bool
    keypoint_scale: float
    height_m: float
    mass_kg: float | None = None
    truth: TrialTruth | None = None
    notes: tuple[str, ...] = ()

    @property
    def fps_hz(self) -> float:
        """Frame rate (30 Hz unless the preparation's config says otherwise)."""
        return float(1.0 / np.median(np.diff(self.time_s)))

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.time_s)
