"""From a recording to trials: checked, on a 30 Hz clock, cut into straight bouts, heading frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.clock import CONTROL_RATE_HZ
from simgait.errors import InputError
from simgait.limits import HEIGHT_M, check_height, check_times
from simgait.series.gaps import bridge, fill_short_gaps
from simgait.series.resampling import nearest, resample
from simgait.series.spikes import find_spikes
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.trials import bouts, heading
from simgait.trials import side_exchanges as side_swaps
from simgait.trials.truth import RecordingTruth, trial_truth, truth_on_clock
from simgait.types import Recording, Trial

FILLED_CONFIDENCE = 0.1
"""Confidence of every keypoint sample that was filled in, so that later stages can tell."""

_HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
_ANKLES = [KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]]
_REQUIRED = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]


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


@dataclass(frozen=True)
class _Cleaned:
    """A whole recording on the 30 Hz clock, all 23 keypoints, recording's axes and scale."""

    time_s: Float[np.ndarray, " T"]
    points_m: Float[np.ndarray, "T 23 3"]
    confidence: Float[np.ndarray, "T 23"]
    person_found: Bool[np.ndarray, " T"]
    notes: tuple[str, ...]


def prepare(
    recording: Recording,
    config: PreparationConfig | None = None,
    *,
    height_m: float | None = None,
    contact_truth: Float[np.ndarray, "T 2"] | None = None,
) -> list[Trial]:
    """Cut a recording into trials: straight walking bouts at 30 Hz in the heading frame.

    Args:
        recording: metres, z up, NaN where missing.
        config: limits; the defaults are the paper's where it names them.
        height_m: the person's height (m); wins over the recording's own. Metric recordings may
            do without: it is then estimated from the legs, with a note.
        contact_truth: (T, 2) foot contact on the recording's clock (left, right), if known.

    Returns:
        One trial per bout, in order of time; never empty.

    Raises:
        InputError: nothing in the recording can be tracked; the sentence names the first reason.
    """
    config = config or PreparationConfig()
    where = recording.recording_id
    check_recording(recording)
    if contact_truth is not None and contact_truth.shape != (len(recording.time_s), 2):
        raise InputError(
            f"{where}: contact truth is {contact_truth.shape}, "
            f"not ({len(recording.time_s)}, 2); give left and right for every frame."
        )
    heading.check_upright(
        lambda name: recording.keypoints_m[:, recording.keypoint_names.index(name)], where
    )
    cleaned = clean(recording, config)

    def locate(name: str) -> Float[np.ndarray, "T 3"]:
        return cleaned.points_m[:, KEYPOINT_INDEX[name]]

    leg_m = heading.leg_length_m(locate)
    height, height_notes = choose_height(recording, leg_m, height_m)
    scale = heading.scale_from_height(
        leg_m,
        height,
        metric=recording.scale_is_metric,
        limits=(config.min_scale, config.max_scale),
        where=where,
    )
    travels, travel_notes = judge_travel(recording, cleaned, config)
    search = search_bouts(cleaned, config, metric=recording.scale_is_metric, travels=travels)
    truth = truth_on_clock(
        recording, cleaned.time_s, height, contact_truth=contact_truth,
        cutoff_hz=config.cutoff_hz, max_gap_s=config.max_gap_s,
    )  # fmt: skip
    shared = (*recording.notes, *cleaned.notes, *height_notes, *travel_notes)
    trials, rejected = [], list(search.rejected)
    for start, stop in search.bouts:
        try:
            trials.append(
                _trial(recording, cleaned, truth, (start, stop), travels, height, scale, config)
            )
        except InputError as error:
            rejected.append(bouts.Rejection(str(error).removeprefix(f"{where}: ")))
    if not trials:
        none = [bouts.Rejection("the hips were never found together", "run the detector again")]
        raise InputError(f"{where}: no straight walking bout: {bouts.refusal(rejected or none)}.")
    left_out = tuple(f"Left out: {rejection.reason.rstrip('.')}." for rejection in rejected)
    return [
        replace(
            trial,
            trial_id=where if len(trials) == 1 else f"{where}_bout{number}",
            notes=(*shared, *trial.notes, *left_out),
        )
        for number, trial in enumerate(trials, start=1)
    ]


def check_recording(recording: Recording) -> None:
    """Raise InputError for a clock, names, shapes or required keypoints that cannot be used."""
    where = recording.recording_id
    check_times(recording.time_s, where)
    names, shape = recording.keypoint_names, recording.keypoints_m.shape
    if shape != (len(recording.time_s), len(names), 3):
        raise InputError(
            f"{where}: keypoints are {shape} but there are {len(recording.time_s)} time stamps "
            f"and {len(names)} keypoint names; give frames x keypoints x 3."
        )
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise InputError(f"{where}: keypoint names appear twice: {', '.join(twice)}; rename one.")
    unknown = sorted(set(names) - set(KEYPOINT_NAMES))
    if unknown:
        raise InputError(
            f"{where}: unknown keypoint names: {', '.join(unknown)}; use those of KEYPOINT_NAMES."
        )
    if np.isinf(recording.keypoints_m).any():
        raise InputError(f"{where}: keypoints hold infinite values; mark missing ones as NaN.")
    absent = [
        name
        for name in REQUIRED_KEYPOINTS
        if name not in names
        or not np.isfinite(recording.keypoints_m[:, names.index(name)]).all(axis=-1).any()
    ]
    if absent:
        raise InputError(
            f"{where}: required keypoints are missing from the whole recording: "
            f"{', '.join(absent)}; hips, knees and ankles of both sides are needed."
        )


def clean(recording: Recording, config: PreparationConfig) -> _Cleaned:
    """Sides exchanged back, spikes out, short gaps filled, 23 columns, on the 30 Hz clock.

    Everything but the hips is cleaned relative to mid-hip: a detector's root jitters by
    centimetres for all keypoints at once, which must not end up in a filled gap.
    """
    time_s, n = recording.time_s, len(recording.time_s)
    points = np.full((n, len(KEYPOINT_NAMES), 3), np.nan)
    confidence = np.zeros((n, len(KEYPOINT_NAMES)))
    columns = [KEYPOINT_INDEX[name] for name in recording.keypoint_names]
    points[:, columns] = recording.keypoints_m
    confidence[:, columns] = recording.confidence
    swapped = side_swaps.swapped_frames(points, time_s)
    points = side_swaps.exchange(points, swapped)
    confidence = side_swaps.exchange(confidence, swapped)
    person_found = np.isfinite(points[:, _REQUIRED]).all(axis=-1).sum(axis=1) >= 4

    hips = points[:, _HIPS]
    hip_spikes = find_spikes(hips, time_s)
    hips, hips_filled = fill_short_gaps(
        np.where(hip_spikes[..., None], np.nan, hips), time_s, config.max_gap_s
    )
    mid_hip = hips.mean(axis=1, keepdims=True)
    relative = points - mid_hip
    spikes = find_spikes(relative, time_s)
    spikes[:, _HIPS] = hip_spikes
    relative = np.where(spikes[..., None], np.nan, relative)
    bent = impossible_legs(relative, config.max_joint_angle_deg)
    relative = np.where(bent[..., None], np.nan, relative)
    relative, filled = fill_short_gaps(relative, time_s, config.max_gap_s)
    filled[:, _HIPS] = hips_filled
    points = relative + mid_hip
    points[:, _HIPS] = hips

    duration_s = float(time_s[-1] - time_s[0])
    clock = time_s[0] + np.arange(int(duration_s * config.fps_hz + 1e-6) + 1) / config.fps_hz
    if len(clock) < 2:
        raise InputError(
            f"{recording.recording_id}: the recording lasts {duration_s:.3f} s; give a longer one."
        )
    frame_s = float(np.median(np.diff(time_s)))
    points = resample(
        points, time_s, clock,
        cutoff_hz=config.cutoff_hz, max_step_s=config.max_gap_s + 1.5 * frame_s,
    )  # fmt: skip
    present = np.isfinite(points).all(axis=-1)
    confidence = np.clip(nearest(confidence, time_s, clock), 0.0, 1.0)
    confidence = np.where(nearest(filled, time_s, clock), FILLED_CONFIDENCE, confidence)
    notes = list(side_swaps.swap_notes(swapped, time_s))
    for count, what in ((spikes.sum(), "jumped away for a frame or two"),
                        (bent.sum() // 2, "bent a joint beyond reach")):  # fmt: skip
        if count:
            notes.append(f"{int(count)} keypoint samples {what} and were taken out.")
    return _Cleaned(
        time_s=clock,
        points_m=points,
        confidence=np.where(present, confidence, 0.0),
        person_found=nearest(person_found, time_s, clock).astype(bool),
        notes=tuple(notes),
    )


def impossible_legs(
    points_m: Float[np.ndarray, "T 23 3"], max_angle_deg: float
) -> Bool[np.ndarray, "T 23"]:
    """Knee and ankle samples of frames in which knee or hip bends further than anybody's."""
    out = np.zeros(points_m.shape[:2], dtype=bool)
    for side in ("Left", "Right"):
        hip, knee, ankle = (
            points_m[:, KEYPOINT_INDEX[f"{side} {joint}"]] for joint in ("Hip", "Knee", "Ankle")
        )
        thigh, shank = knee - hip, ankle - knee
        down = np.broadcast_to([0.0, 0.0, -1.0], thigh.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            for a, b in ((thigh, shank), (thigh, down)):
                cosine = (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
                bad = cosine < np.cos(np.radians(max_angle_deg))
                for joint in ("Knee", "Ankle"):
                    out[:, KEYPOINT_INDEX[f"{side} {joint}"]] |= bad
    return out


def choose_height(
    recording: Recording, leg_m: float, height_m: float | None
) -> tuple[float, tuple[str, ...]]:
    """The height (m) to use and a note where it was estimated. Raises InputError if unknown."""
    where = recording.recording_id
    height = check_height(height_m if height_m is not None else recording.height_m, where)
    if height is not None:
        return height, ()
    if not recording.scale_is_metric:
        raise InputError(f"{where}: the person's height is unknown; give it in metres (--height).")
    estimate = leg_m / heading.LEG_PER_HEIGHT
    if estimate not in HEIGHT_M:
        raise InputError(
            f"{where}: the legs measure {leg_m:.4g} m, which is no person's; "
            "check the unit of the file."
        )
    return estimate, (f"Height was not given: estimated as {estimate:.2f} m from the legs.",)


def judge_travel(
    recording: Recording, cleaned: _Cleaned, config: PreparationConfig
) -> tuple[bool, tuple[str, ...]]:
    """Does the pelvis's own path tell how fast the person walks? With a note where it does not."""
    if recording.belt_speed_mps is not None:
        belt = f"{recording.belt_speed_mps:g} m/s"
        return False, (f"Treadmill: its belt's {belt} are added to the pelvis's path.",)
    if not recording.pelvis_travels:
        return False, ("The recording has no pelvis travel: velocity rests on the legs' swing.",)
    points = cleaned.points_m
    if not np.isfinite(points[:, _HIPS]).all(axis=(1, 2)).any():
        return True, ()
    if bouts.looks_like_treadmill(
        points[:, _HIPS].mean(axis=1),
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
    cleaned: _Cleaned, config: PreparationConfig, *, metric: bool, travels: bool
) -> bouts.BoutSearch:
    """Straight walking bouts of the cleaned recording, ends trimmed to frames with both hips."""
    points = cleaned.points_m
    found = cleaned.person_found
    return bouts.find_bouts(
        points[:, _HIPS].mean(axis=1),
        points[:, _HIPS[0]] - points[:, _HIPS[1]],
        points[:, _ANKLES[0]] - points[:, _ANKLES[1]],
        metric=metric,
        travels=travels,
        rules=bouts.BoutRules(
            fps_hz=config.fps_hz,
            min_frames=config.min_frames,
            min_speed_mps=config.min_speed_mps,
            max_turn_deg=config.max_turn_deg,
            max_pause_s=config.max_pause_s,
            max_absence_s=config.max_absence_s,
        ),
        person_share=lambda start, stop: float(found[start:stop].mean()),
        min_person_fraction=config.min_person_fraction,
    )


def _trial(
    recording: Recording,
    cleaned: _Cleaned,
    truth: RecordingTruth | None,
    bout: tuple[int, int],
    travels: bool,
    height_m: float,
    scale: float,
    config: PreparationConfig,
) -> Trial:
    """One bout in its heading frame. Raises InputError where it is no forward walk."""
    hips_known = np.isfinite(cleaned.points_m[bout[0] : bout[1], _HIPS]).all(axis=(1, 2))
    inner = np.flatnonzero(hips_known)
    span = slice(bout[0] + int(inner[0]), bout[0] + int(inner[-1]) + 1)
    time_s, points = cleaned.time_s[span], cleaned.points_m[span]
    where = f"{recording.recording_id}: {time_s[0]:.1f} to {time_s[-1]:.1f} s"

    def locate(name: str) -> Float[np.ndarray, "T 3"]:
        return points[:, KEYPOINT_INDEX[name]]

    frame = heading.heading_frame(
        locate, time_s, metric=recording.scale_is_metric, travels=travels, where=where
    )
    mid_hip = points[:, _HIPS].mean(axis=1)
    centred = scale * (points - mid_hip[:, None]) @ frame.axes.T
    separation = (centred[:, _ANKLES[0]] - centred[:, _ANKLES[1]])[:, 0]
    crossings = bouts.count_crossings(bridge(separation[:, None])[:, 0])
    if np.ptp(separation[np.isfinite(separation)]) < 0.1 * heading.LEG_PER_HEIGHT * height_m:
        raise InputError(f"{where}: the feet never pass each other; give somebody's walk.")
    if crossings < 3:
        raise InputError(
            f"{where}: no full gait cycle (the feet pass each other {crossings} times, "
            "three are needed); give a longer walk."
        )
    path = scale * (mid_hip - mid_hip[0]) @ frame.axes.T
    mask = np.isfinite(path).all(axis=-1)
    if recording.belt_speed_mps is not None:
        path[:, 0] += recording.belt_speed_mps * (time_s - time_s[0])
    elif not travels:
        path[:] = np.nan
    if recording.belt_speed_mps is None and not (travels and frame.travel_believed):
        mask[:] = False
    notes = list(frame.notes)
    if len(time_s) < 75:
        notes.append(f"Short: {len(time_s)} frames, where the paper asks for 75.")
    return Trial(
        trial_id=recording.recording_id,
        subject_id=recording.subject_id or recording.recording_id,
        source_format=recording.source_format,
        error_model=recording.error_model,
        time_s=np.arange(len(time_s)) / config.fps_hz,
        start_s=float(time_s[0]),
        keypoints_m=centred,
        confidence=cleaned.confidence[span],
        pelvis_path_m=path,
        pelvis_path_mask=mask,
        scale_is_metric=recording.scale_is_metric,
        keypoint_scale=scale,
        height_m=height_m,
        mass_kg=recording.mass_kg,
        truth=None if truth is None else trial_truth(truth, span, frame.yaw_rad),
        notes=tuple(notes),
    )
