"""From a recording to trials: checked, on a 30 Hz clock, cut into straight bouts, heading frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.clock import CONTROL_RATE_HZ, frame_rate_hz
from simgait.errors import InputError, PathNotAsSaidError
from simgait.parameters.wording import counted
from simgait.provenance import bytes_sha256
from simgait.series.gaps import bridge
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials import bouts, heading
from simgait.trials.cleaning import HIPS, Cleaned, check_recording, clean
from simgait.trials.event_check import without_denied_events
from simgait.trials.joint_definitions import KnownAs, PlacedJoints, known_by, placed_joints
from simgait.trials.person_size import PersonSize, person_size
from simgait.trials.speed_witnesses import TravelWitnesses, pelvis_path, travel_witnesses
from simgait.trials.standing import refuse_standing
from simgait.trials.travel_scale import TravelScale, travel_scale
from simgait.trials.truth import RecordingTruth, trial_truth, truth_on_clock
from simgait.trials.viewing_direction import seen_along_from
from simgait.types import Recording, Trial

# Shortest trial of Smyrnakis, Karakostas & Cotton (2024): 2.5 s at 30 Hz.
PAPER_FRAMES = 75
# The feet pass each other once in every step. A full cycle takes three passes; a step is known
# where both its feet are seen to land, so that two are enough for one.
CYCLE_CROSSINGS = 3
STEP_CROSSINGS = 2
# A bout is all there is of a walk where it is this share of the frames that show the person:
# then less than a cycle is taken. The straight remains of a turn need a full one.
WHOLE_WALK_SHARE = 0.8
_ANKLES = [KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]]


class PreparationConfig(BaseModel):
    """How recordings become trials. Every length in m, time in s, angle in degrees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fps_hz: float = Field(CONTROL_RATE_HZ, gt=0, description="Frame rate of the trial (Hz).")
    max_gap_s: float = Field(0.2, ge=0, description="Longest gap that is filled (s).")
    cutoff_hz: float = Field(
        12.0, gt=0, description="Low-pass before a recording is slowed to fps_hz (Hz)."
    )
    min_frames: int = Field(
        75, ge=10, description="Fewest frames of a bout (the paper's 75 are 2.5 s at 30 Hz)."
    )
    min_frames_alone: int | None = Field(
        None, ge=10, description="Fewest frames where no bout is as long; None: no fewer."
    )
    min_person_fraction: float = Field(
        0.95, ge=0, le=1, description="Share of a bout's frames in which the person is found."
    )
    max_joint_angle_deg: float = Field(
        136.0,
        gt=0,
        description="Hip or knee flexion beyond which a frame is a detector's error (°).",
    )
    max_turn_deg: float = Field(
        30.0, gt=0, description="Widest range of the smoothed heading within a straight bout (°)."
    )
    min_speed_mps: float = Field(
        0.1,
        gt=0,
        description="Pelvis speed (treadmill: stepping speed) below which one stands (m/s).",
    )
    max_pause_s: float = Field(1.0, ge=0, description="Longest standstill kept within a bout (s).")
    max_absence_s: float = Field(
        1.0, ge=0, description="Longest absence of the person that does not end a bout (s)."
    )
    min_scale: float = Field(0.7, gt=0, description="Smallest believable keypoint scale (1).")
    max_scale: float = Field(1.4, gt=0, description="Largest believable keypoint scale (1).")


def prepare(
    recording: Recording,
    config: PreparationConfig | None = None,
    *,
    height_m: float | None = None,
    contact_truth: Float[np.ndarray, "T 2"] | None = None,
    known_as: KnownAs = known_by,
) -> list[Trial]:
    """Cut a recording into trials: straight walking bouts at 30 Hz in the heading frame.

    Args:
        recording: metres, z up, NaN where missing.
        config: limits; the defaults are the paper's where it names them.
        height_m: the person's height (m); wins over the recording's own. Metric recordings may
            do without: it is then estimated from the legs, with a note.
        contact_truth: (T, 2) foot contact on the recording's clock (left, right), if known.
        known_as: tells where a detector's points have the joints; by this recording's own if not
            given.

    Returns:
        One trial per bout, in order of time; never empty.

    Raises:
        InputError: nothing in the recording can be tracked; the sentence names the first reason.
        StandingTrialError: because the person stands all the time.
    """
    config = config or PreparationConfig()
    where = recording.recording_id
    check_recording(recording)
    _check_contact_truth(recording, contact_truth)
    heading.check_upright(
        lambda name: recording.keypoints_m[:, recording.keypoint_names.index(name)], where
    )
    refuse_standing(recording)
    cleaned = clean(
        recording,
        fps_hz=config.fps_hz,
        max_gap_s=config.max_gap_s,
        cutoff_hz=config.cutoff_hz,
        max_joint_angle_deg=config.max_joint_angle_deg,
    )
    joints = _joints(recording, cleaned, known_as)
    cleaned = replace(cleaned, points_m=joints.points_m)
    leg_m = heading.leg_length_m(lambda name: cleaned.points_m[:, KEYPOINT_INDEX[name]])
    size = person_size(recording, leg_m, height_m, (config.min_scale, config.max_scale))
    travels, travel_notes = judge_travel(recording, cleaned, config)
    search = search_bouts(cleaned, config, metric=recording.scale_is_metric, travels=travels)
    truth = truth_on_clock(
        recording, cleaned.time_s, size.height_m, contact_truth=contact_truth,
        cutoff_hz=config.cutoff_hz, max_gap_s=config.max_gap_s,
    )  # fmt: skip
    walk = _Walk(recording, cleaned, joints, truth, travels, size)
    notes = (
        *recording.notes,
        *cleaned.notes,
        *joints.notes,
        *size.notes,
        *travel_notes,
    )
    return _trials(walk, search, notes)


def _joints(recording: Recording, cleaned: Cleaned, known_as: KnownAs) -> PlacedJoints:
    """The cleaned points with their joints where people's are, as stated or known of the set."""
    facts = recording.detector_facts
    return placed_joints(
        cleaned.points_m,
        measured=recording.scale_is_metric,
        known_as=known_as,
        stated=None if facts is None else facts.joints,
    )


def points_of(recording: Recording, joints: str) -> str:
    """How a detector's points are defined, "coco-17"; empty of markers and where nobody knows it.

    Equal texts are points that mean the same: of one keypoint set, whose joints were moved alike.

    Args:
        recording: as it was read.
        joints: the definitions that its hips and knees were moved by; empty for none.
    """
    if recording.scale_is_metric or not recording.drawn_by:
        return ""
    facts = recording.detector_facts
    stated = "" if facts is None or facts.joints is None else repr(facts.joints)
    moved = [f"joints of {joints}"] * bool(joints)
    told = [f"stated {bytes_sha256(stated.encode())[:12]}"] * bool(stated)
    return ", ".join((recording.drawn_by, *moved, *told))


def _check_contact_truth(
    recording: Recording, contact_truth: Float[np.ndarray, "T 2"] | None
) -> None:
    n_frames = len(recording.time_s)
    if contact_truth is not None and contact_truth.shape != (n_frames, 2):
        raise InputError(
            f"{recording.recording_id}: contact truth is {contact_truth.shape}, "
            f"not ({n_frames}, 2); give left and right for every frame."
        )


@dataclass(frozen=True)
class _Walk:
    """What the trials of one recording share.

    Attributes:
        travels: the pelvis's path tells how fast the person walks.
    """

    recording: Recording
    cleaned: Cleaned
    joints: PlacedJoints
    truth: RecordingTruth | None
    travels: bool
    size: PersonSize


def _trials(walk: _Walk, search: bouts.BoutSearch, notes: tuple[str, ...]) -> list[Trial]:
    """One trial per bout; raises InputError where none is a forward walk, or for what was said."""
    where = walk.recording.recording_id
    trials, rejected = [], list(search.rejected)
    for bout in search.bouts:
        try:
            trials.append(_trial(walk, bout))
        except PathNotAsSaidError:
            raise
        except InputError as error:
            rejected.append(bouts.Rejection(str(error).removeprefix(f"{where}: ")))
    if not trials:
        rejected = [*(bouts.Rejection(jump) for jump in walk.cleaned.jumps), *rejected]
        none = [bouts.Rejection("the hips were never found together", "run the detector again")]
        raise InputError(f"{where}: no straight walking bout: {bouts.refusal(rejected or none)}.")
    left_out = tuple(f"Left out: {rejection.reason.rstrip('.')}." for rejection in rejected)
    return [
        replace(
            trial,
            trial_id=where if len(trials) == 1 else f"{where}_bout{number}",
            notes=(*notes, *trial.notes, *left_out),
        )
        for number, trial in enumerate(trials, start=1)
    ]


def judge_travel(
    recording: Recording, cleaned: Cleaned, config: PreparationConfig
) -> tuple[bool, tuple[str, ...]]:
    """Does the pelvis's own path tell how fast the person walks? With a note where it does not."""
    if recording.belt_speed_mps is not None:
        belt = f"{recording.belt_speed_mps:.2f} m/s"
        return False, (f"Treadmill: its belt's {belt} are added to the pelvis's path.",)
    if not recording.pelvis_travels:
        return False, ("The recording has no pelvis travel: velocity rests on the legs' swing.",)
    points = cleaned.points_m
    if not np.isfinite(points[:, HIPS]).all(axis=(1, 2)).any():
        return True, ()
    if bouts.looks_like_treadmill(
        points[:, HIPS].mean(axis=1),
        points[:, _ANKLES[0]] - points[:, _ANKLES[1]],
        config.fps_hz,
        config.min_speed_mps,
    ):
        return False, (
            "The legs walk but the pelvis stays in place: taken for a treadmill; "
            "give its belt speed to have a path.",
        )
    return True, ()


def search_bouts(
    cleaned: Cleaned, config: PreparationConfig, *, metric: bool, travels: bool
) -> bouts.BoutSearch:
    """Straight walking bouts of the cleaned recording: long ones, else the shorter ones."""
    points = cleaned.points_m
    motion = bouts.Motion(
        mid_hip_m=points[:, HIPS].mean(axis=1),
        hip_axis_m=points[:, HIPS[0]] - points[:, HIPS[1]],
        ankle_separation_m=points[:, _ANKLES[0]] - points[:, _ANKLES[1]],
        metric=metric,
        travels=travels,
    )
    rules = bouts.BoutRules(
        fps_hz=config.fps_hz,
        min_frames=config.min_frames,
        min_speed_mps=config.min_speed_mps,
        max_turn_deg=config.max_turn_deg,
        max_pause_s=config.max_pause_s,
        max_absence_s=config.max_absence_s,
    )
    found = bouts.find_bouts(motion, rules, cleaned.person_found, config.min_person_fraction)
    if found.bouts or config.min_frames_alone is None:
        return found
    shorter = replace(rules, min_frames=config.min_frames_alone)
    return bouts.find_bouts(motion, shorter, cleaned.person_found, config.min_person_fraction)


def _within(
    time_s: Float[np.ndarray, " T"], stretches_s: tuple[tuple[float, float], ...]
) -> tuple[tuple[float, float], ...]:
    """The stretches (begin, end) that touch these times."""
    return tuple(
        (first_s, last_s)
        for first_s, last_s in stretches_s
        if first_s < time_s[-1] and last_s > time_s[0]
    )


def _trial(walk: _Walk, bout: tuple[int, int]) -> Trial:
    """One bout in its heading frame. Raises InputError where it is no forward walk."""
    recording, cleaned, scale = walk.recording, walk.cleaned, walk.size.scale
    span = _with_hips(cleaned, bout)
    time_s, points = cleaned.time_s[span], cleaned.points_m[span]
    where = f"{recording.recording_id}: {time_s[0]:.1f} to {time_s[-1]:.1f} s"
    frame = heading.heading_frame(
        lambda name: points[:, KEYPOINT_INDEX[name]], time_s, metric=recording.scale_is_metric,
        travels=walk.travels, where=where,
    )  # fmt: skip
    mid_hip = points[:, HIPS].mean(axis=1)
    centred = scale * (points - mid_hip[:, None]) @ frame.axes.T
    is_whole = len(time_s) >= WHOLE_WALK_SHARE * cleaned.person_found.sum()
    _check_steps(
        (centred[:, _ANKLES[0]] - centred[:, _ANKLES[1]])[:, 0],
        0.1 * LEG_PER_HEIGHT * walk.size.height_m,
        STEP_CROSSINGS if is_whole else CYCLE_CROSSINGS,
        where,
    )
    way = scale * (mid_hip - mid_hip[0]) @ frame.axes.T
    path, mask = pelvis_path(
        way, time_s, recording.belt_speed_mps, walk.travels, frame.travel_believed
    )
    witnesses = _as_filmed(walk, mid_hip, travel_witnesses(centred, path, mask, cleaned.fps_hz))
    length = _length_of_path(walk, frame.travel_believed, witnesses)
    trial = Trial(
        trial_id=recording.recording_id,
        subject_id=recording.subject_id,
        source_format=recording.source_format,
        error_model=recording.error_model,
        recorded_on=recording.recorded_on,
        time_s=np.arange(len(time_s)) / cleaned.fps_hz,
        start_s=float(time_s[0]),
        keypoints_m=centred,
        confidence=cleaned.confidence[span],
        pelvis_path_m=path,
        pelvis_path_mask=mask,
        scale_is_metric=recording.scale_is_metric,
        keypoint_scale=scale,
        height_m=walk.size.height_m,
        height_is_estimated=walk.size.height_is_estimated,
        mass_kg=recording.mass_kg,
        truth=None if walk.truth is None else trial_truth(walk.truth, span, frame.yaw_rad),
        notes=(*frame.notes, *length.notes, *_short(len(time_s), cleaned.fps_hz)),
        path_basis=length.basis,
        travel_factor=length.factor,
        travel_spread=length.spread,
        distance_denied_percent=length.denied_percent,
        joint_definitions=walk.joints.name,
        points=points_of(recording, walk.joints.name),
        path_pitch_rad=frame.pitch_rad,
        heading_rad=frame.yaw_rad,
        freezes_s=_within(time_s, cleaned.freezes_s),
        skipped_share=cleaned.skipped_share,
        asis_apart_m=recording.asis_apart_m,
        recorded_hz=frame_rate_hz(recording.time_s),
        is_filmed=recording.is_lifted,
        seen_along=witnesses.seen_along,
    )
    return without_denied_events(trial)


def _as_filmed(
    walk: _Walk, mid_hip_m: Float[np.ndarray, "T 3"], witnesses: TravelWitnesses
) -> TravelWitnesses:
    """The witnesses with the view that the camera's place tells, where it is known."""
    camera = walk.recording.camera
    if camera is None:
        return witnesses
    return replace(witnesses, seen_along=seen_along_from(camera.position_m, mid_hip_m))


def _length_of_path(walk: _Walk, believed: bool, witnesses: TravelWitnesses) -> TravelScale:
    """What the length of a bout's path rests on; `believed` is its travel in the heading frame."""
    return travel_scale(
        walk.recording,
        walk.size.scale * walk.cleaned.points_m[:, HIPS].mean(axis=1),
        walk.cleaned.fps_hz,
        travels=walk.travels and believed,
        leg_share=walk.joints.leg_share,
        witnesses=witnesses,
    )


def _short(n_frames: int, fps_hz: float) -> tuple[str, ...]:
    if n_frames >= PAPER_FRAMES:
        return ()
    return (f"Short: {n_frames / fps_hz:.1f} s; means over few cycles are less certain.",)


def _with_hips(cleaned: Cleaned, bout: tuple[int, int]) -> slice:
    """The bout's frames, ends trimmed to frames with both hips."""
    known = np.isfinite(cleaned.points_m[bout[0] : bout[1], HIPS]).all(axis=(1, 2))
    inner = np.flatnonzero(known)
    return slice(bout[0] + int(inner[0]), bout[0] + int(inner[-1]) + 1)


def _check_steps(
    separation_m: Float[np.ndarray, " T"], least_range_m: float, least_crossings: int, where: str
) -> None:
    """Raises InputError where the feet, apart along progression, make no step or no full cycle."""
    if np.ptp(separation_m[np.isfinite(separation_m)]) < least_range_m:
        raise InputError(f"{where}: the feet never pass each other; give somebody's walk.")
    crossings = bouts.count_crossings(bridge(separation_m))
    if crossings < least_crossings:
        lacking = "step" if least_crossings == STEP_CROSSINGS else "full gait cycle"
        raise InputError(
            f"{where}: no {lacking} (the feet pass each other {counted(crossings, 'time')}, "
            f"{least_crossings} are needed); give a longer walk."
        )
