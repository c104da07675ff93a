"""The frozen dataclasses that travel between the stages, from a recording to the tracked walk.

What gait is read from it stands in `gait_result`, what is known of the camera in `footage`.

World and heading frame: x along progression, y to the person's left, z up; metres, seconds,
radians, newtons, kilograms. Missing is NaN, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import frame_rate_hz
from simgait.detector_facts import DetectorFacts
from simgait.footage import Camera, Footage
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.sides import Side
from simgait.skeleton.skeleton import Skeleton

EventKind = Literal["initial_contact", "foot_off"]
EVENT_KINDS: tuple[EventKind, EventKind] = ("initial_contact", "foot_off")

PathBasis = Literal[
    "nothing",  # there is no path
    "measured",  # in metres, by markers or several cameras
    "feet",  # nobody called it measured; the stance feet confirm it, and nothing trembles
    "belt_said",  # made with a belt speed that somebody said
    "belt_estimated",  # made with one that the stance feet gave
    "distance_said",  # brought to the distance that somebody walked
    "factor_said",  # multiplied by what somebody said
    "detector",  # by what is known of the detector, or of any
    "visit",  # by a distance that is known of other walks of the visit
    "denied",  # the legs walk further than it goes
]
"""What the length of a walk's path rests on."""


@dataclass(frozen=True)
class GaitEvent:
    """One foot event; `time_s` counts from the same zero as the times of its recording."""

    time_s: float
    side: Side
    kind: EventKind


def event_times_s(events: Iterable[GaitEvent], side: Side, kind: EventKind) -> list[float]:
    """Times (s) of one kind of event of one foot, in order."""
    return sorted(e.time_s for e in events if e.side == side and e.kind == kind)


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
        source_format: "npz", "c3d", "trc", "amc", "video", "2d json", "synthetic" (made up), ...
        time_s: (T,) time stamps from the file (frame / fps where the file has no stamps).
        keypoint_names: K canonical names, unique, a subset of `keypoints.KEYPOINT_NAMES`.
        keypoints_m: (T, K, 3), NaN where missing.
        confidence: (T, K) in 0..1, 0 where missing.
        scale_is_metric: positions are true metres (markers) rather than a detector's guess.
        pelvis_travels: the pelvis's own path through space is in `keypoints_m` (False for
            root-relative keypoints and for a treadmill without belt speed).
        height_is_estimated: nobody said `height_m`, it is that of the reader's skeleton.
        belt_speed_mps: treadmill belt speed; None over ground.
        belt_is_estimated: nobody said that speed, it is the stance foot's.
        pose: (T, D) skeleton coordinates of the truth where the source knows them
            (ASF/AMC, synthetic); None otherwise. See `skeleton.default.POSE_NAMES`.
        floor_z_m: height of the floor that `pose` stands on; None where it has to be found from
            the soles (motion capture).
        error_model: the synthetic detector that the keypoints went through ("monocular-v1"), of
            real walks too; empty where they are as measured or as a detector gave them.
        distance_m: way that the person walks, straight, from first to last frame, where somebody
            said so.
        travel_factor: what the pelvis's path, scaled to the height, is to be multiplied by, where
            somebody said so.
        reference_angles_rad: (T, A) clinical angles measured by the lab's own model (Plug-in
            Gait), columns as `skeleton.default.ANGLE_NAMES`, NaN where absent; None without any.
        events: foot events stored in the file.
        recorded_on: date of the recording, "2026-11-21", where the file states it; else empty.
        notes: one sentence each, on what the reader assumed or left out.
        camera: that filmed it, where that is known.
        image_px: (T, K, 2) the keypoints in the camera's pictures, as detected; NaN where missing.
        drawn_by: keypoint set of the detector whose points they are ("blazepose-33"); empty where
            nobody knows.
        image_sd_px: (T, K) SD of these places, to the right and down each, and with the camera of
            the rays to the keypoints; NaN where missing, None where nobody knows it of the
            detector.
        footage: the video that it was made of, in this very process.
        asis_apart_m: of markers, by how much the two ASIS differ in where they sit, see
            `markers.asis`; 0 where no more than people's do.
        detector_facts: what its user states of the detector.
        people: where the file holds several people, what it calls each of them. May be names:
            shown to whoever has the file, never written.
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
    height_is_estimated: bool = False
    mass_kg: float | None = None
    belt_speed_mps: float | None = None
    belt_is_estimated: bool = False
    pose: Float[np.ndarray, "T D"] | None = None
    floor_z_m: float | None = None
    error_model: str = ""
    distance_m: float | None = None
    travel_factor: float | None = None
    reference_angles_rad: Float[np.ndarray, "T A"] | None = None
    events: tuple[GaitEvent, ...] = ()
    force_plates: tuple[ForcePlate, ...] = ()
    recorded_on: str = ""
    notes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    camera: Camera | None = None
    image_px: Float[np.ndarray, "T K 2"] | None = None
    drawn_by: str = ""
    image_sd_px: Float[np.ndarray, "T K"] | None = None
    footage: Footage | None = None
    asis_apart_m: float = 0.0
    detector_facts: DetectorFacts | None = None

    @property
    def fps_hz(self) -> float:
        """Median frame rate."""
        return frame_rate_hz(self.time_s)

    @property
    def is_lifted(self) -> bool:
        """Whether simgait put its points on the rays of a camera's pictures.

        Points of another detector may know their camera too, and are not where its rays are.
        """
        return self.camera is not None and self.image_px is not None

    @property
    def all_keypoints_m(self) -> Float[np.ndarray, "T 23 3"]:
        """Positions in the columns of `KEYPOINT_NAMES`; NaN of those that it does not hold."""
        points_m = np.full((len(self.time_s), len(KEYPOINT_NAMES), 3), np.nan)
        points_m[:, [KEYPOINT_INDEX[name] for name in self.keypoint_names]] = self.keypoints_m
        return points_m


@dataclass(frozen=True)
class TrialTruth:
    """What is known to be true of a trial, on the trial's clock and in its heading frame.

    Attributes:
        pose: (T, D) skeleton coordinates (`skeleton.default.POSE_NAMES`); from the generator, or
            from fitting the body to exact markers.
        reference_angles_rad: (T, A) the lab's own angles (Plug-in Gait), NaN where unknown; or
            None.
        contact: (T, 2) 1 = foot on the floor, 0 = off, NaN = unknown; columns left, right.
        events: true foot events, times on the trial's clock.
    """

    pose: Float[np.ndarray, "T D"]
    reference_angles_rad: Float[np.ndarray, "T A"] | None
    contact: Float[np.ndarray, "T 2"]
    events: tuple[GaitEvent, ...] = ()


@dataclass(frozen=True)
class Trial:
    """A straight walking bout, prepared for tracking: 30 Hz, heading frame, 23 keypoints with mask.

    Attributes:
        subject_id: a code for the person, "" where nobody said whose walk it is.
        time_s: (T,) from 0, spacing 1/30 s.
        start_s: recording time of frame 0.
        keypoints_m: (T, 23, 3) in `keypoints.KEYPOINT_NAMES` order, centred at mid-hip frame by
            frame, heading frame, NaN where missing (also where a gap was too long to fill).
        confidence: (T, 23), 0 where missing.
        pelvis_path_m: (T, 3) mid-hip in the heading frame, scaled as the keypoints, 0 at frame 0;
            NaN where the recording has no travel.
        pelvis_path_mask: (T,) True where `pelvis_path_m` may be believed.
        path_basis: what the length of the path rests on.
        travel_factor: the path in truth over the path as recorded, along the ground.
        travel_spread: SD of its logarithm between recordings; 0 where the factor is known.
        distance_denied_percent: by how much a stated distance makes the path longer than the points
            can have it; NaN where they can, or none was stated.
        joint_definitions: the keypoint set whose hips and knees were moved to where people have
            them; empty for none.
        points: definition of a detector's points, alike where they mean the same; empty: unknown.
        path_pitch_rad: how much a detector's path rises against the trunk, which stands for the
            vertical; NaN where that is measured, or nothing travels.
        freezes_s: first and last recording time of stretches in which the points of the walking
            person do not move at all.
        asis_apart_m: of the recording, see there.
        skipped_share: of the recording's steps from frame to frame, those that are several frames
            long though its times do not say so; 0 where few are.
        recorded_hz: frames per second of the recording; NaN where nobody knows.
        heading_rad: direction of progression about the vertical of the recording's axes.
        scale_is_metric: the points are measured: they need no rescaling by height, and nothing
            that was learned of detectors is laid over them.
        keypoint_scale: factor that was applied to the recording's keypoints.
        is_filmed: simgait lifted the points from the pictures of one camera, which show nobody's
            size.
        seen_along: cosine of the angle between the way and the camera's line of sight: of a film
            from the camera's place, else from how the path trembles; NaN unknown.
        height_is_estimated: from measured legs, as nobody said it.
        error_model: the synthetic detector that the keypoints went through, empty for none.
        recorded_on: date of the recording, "2026-11-21"; empty where the file does not state it.
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
    error_model: str = ""
    recorded_on: str = ""
    path_basis: PathBasis = "detector"
    travel_factor: float = 1.0
    travel_spread: float = 0.0
    distance_denied_percent: float = float("nan")
    joint_definitions: str = ""
    points: str = ""
    path_pitch_rad: float = float("nan")
    heading_rad: float = float("nan")
    freezes_s: tuple[tuple[float, float], ...] = ()
    skipped_share: float = 0.0
    asis_apart_m: float = 0.0
    recorded_hz: float = float("nan")
    is_filmed: bool = False
    seen_along: float = float("nan")
    height_is_estimated: bool = False

    @property
    def believed_path_m(self) -> Float[np.ndarray, "T 3"]:
        """`pelvis_path_m` with its length along the ground put right; NaN where not believed."""
        path_m = self.pelvis_path_m * [self.travel_factor, self.travel_factor, 1.0]
        return np.where(self.pelvis_path_mask[:, None], path_m, np.nan)

    @property
    def path_binds(self) -> bool:
        """What was learned of detectors does not change how far the path goes.

        It does where nobody knows: without a path, under an estimated belt, and where the legs
        deny the path.
        """
        unknown: tuple[PathBasis, ...] = ("nothing", "belt_estimated", "denied")
        return self.path_basis not in unknown and bool(self.pelvis_path_mask.any())

    @property
    def fps_hz(self) -> float:
        """Frame rate (30 Hz unless the preparation's config says otherwise)."""
        return frame_rate_hz(self.time_s)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.time_s)


@dataclass(frozen=True)
class FittedTrial:
    """A trial and the body fitted to it: what the policy starts from and follows.

    Attributes:
        trial: what was recorded.
        dims: the person's.
        skeleton: the body; a pose has its D coordinates.
        pose: (T, D) skeleton coordinates (m, rad) in the heading frame, on the floor.
        pose_velocity: (T, D) their rates (m/s, rad/s).
        fit_error_m: (T,) RMS distance between the body's and the recording's keypoints; NaN where
            a frame has none.
        travel_is_measured: (T,) pelvis travel came from the recording (True) or from the stance
            foot (False).
        witness_mps: (T, 2) horizontal pelvis velocity as the recording shows it, NaN where it
            does not.
        contact_probability: (T, 2) that each foot (left, right) stands, by the refiner and the
            motion of the feet (`body.contact_timing`); 0.5, which says nothing, before that.
        foot_events: when the fitted feet come to rest and leave (s), on the trial's clock; none
            before refinement.
        measured_events: when measured feet do, on the trial's clock; none where they are not
            measured, and none before refinement.
    """

    trial: Trial
    dims: Dimensions
    skeleton: Skeleton
    pose: Float[np.ndarray, "T D"]
    pose_velocity: Float[np.ndarray, "T D"]
    fit_error_m: Float[np.ndarray, " T"]
    travel_is_measured: Bool[np.ndarray, " T"]
    witness_mps: Float[np.ndarray, "T 2"]
    contact_probability: Float[np.ndarray, "T 2"]
    foot_events: tuple[GaitEvent, ...] = ()
    measured_events: tuple[GaitEvent, ...] = ()


@dataclass(frozen=True)
class Rollout:
    """The simulated body through one trial. T control frames (30 Hz), S physics substeps.

    Attributes:
        time_s: (T,) the trial's clock.
        pose: (T, D) skeleton coordinates, see `skeleton`.
        pose_velocity: (T, D) their time derivatives.
        keypoints_m: (T, K, 3) world positions of the body's keypoints.
        substep_time_s: (S,) times of the physics steps.
        foot_force_n: (S, 2, 3) force of the floor on each foot (left, right), world axes, z up.
        joint_moment_nm: (T, J) net moment at each joint along its coordinate, mean over the frame
            that ends there, `Skeleton.joint_names` order; NaN of the first (`body.dynamics`).
        centre_of_mass_m: (T, 3) of the whole body, world axes.
        residual_force_n, residual_moment_nm: (T, 3) mean residual wrench on the pelvis.
        target_keypoints_m: (T, 23, 3) the recording's keypoints placed at the reference path
            (what the policy was asked to follow); NaN where missing.
        reference_pose: (T, D) the fitted reference.
        skeleton: the body, whose D coordinates, K keypoints and J joints these are.
        alive: (T,) False from the frame of a fall on (later frames repeat the last live state).
        attempts: how many times the trial was tracked until the body stayed up (or attempts ran
            out): later ones have a larger residual moment, the last ones a larger force, too.
        measured_events: foot events (s) as measured feet show them, on the trial's clock. They
            bind; empty where a foot's contacts are those of the simulation.
        foot_events: those of the feet that the body follows (s), which time its contacts.
    """

    trial_id: str
    time_s: Float[np.ndarray, " T"]
    pose: Float[np.ndarray, "T D"]
    pose_velocity: Float[np.ndarray, "T D"]
    keypoints_m: Float[np.ndarray, "T K 3"]
    substep_time_s: Float[np.ndarray, " S"]
    foot_force_n: Float[np.ndarray, "S 2 3"]
    joint_moment_nm: Float[np.ndarray, "T J"]
    centre_of_mass_m: Float[np.ndarray, "T 3"]
    residual_force_n: Float[np.ndarray, "T 3"]
    residual_moment_nm: Float[np.ndarray, "T 3"]
    target_keypoints_m: Float[np.ndarray, "T 23 3"]
    reference_pose: Float[np.ndarray, "T D"]
    alive: Bool[np.ndarray, " T"]
    dimensions: Dimensions
    body_weight_n: float
    attempts: int = 1
    skeleton: Skeleton = TRIMMED_HUMANOID
    measured_events: tuple[GaitEvent, ...] = ()
    foot_events: tuple[GaitEvent, ...] = ()

    @property
    def fell(self) -> bool:
        """True where the body did not stay up to the end of the trial."""
        return not bool(self.alive.all())


@dataclass(frozen=True)
class TrackedTrial:
    """A fitted trial and the simulated body that walked it."""

    fitted: FittedTrial
    rollout: Rollout

    @property
    def trial(self) -> Trial:
        """What was recorded."""
        return self.fitted.trial

    @property
    def dims(self) -> Dimensions:
        """The person's."""
        return self.fitted.dims
