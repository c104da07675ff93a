"""A recording checked, its errors taken out, and put on the clock of its trials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.limits import check_times
from simgait.parameters.wording import counted
from simgait.recordings.wild_samples import wild_notes, wild_samples
from simgait.series.gaps import fill_short_gaps
from simgait.series.quantiles import known_median
from simgait.series.resampling import nearest, resample
from simgait.series.spikes import find_spikes
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES, REQUIRED_KEYPOINTS
from simgait.trials import side_exchanges
from simgait.trials.freezes import freezes_s
from simgait.trials.skipped_frames import skipped_share
from simgait.trials.track_jumps import JUMP_M, jump_notes, largest_step_m, other_persons_frames
from simgait.types import Recording

FILLED_CONFIDENCE = 0.1
"""Confidence of every keypoint sample that was filled in, so that later stages can tell."""
LONGEST_SEGMENT = 1.5
"""Of a thigh or shank, over its median; detectors' vary by 2 %, at worst by a fifth."""
STEADY_SHARE = 0.95
"""Of the frames that show the person."""
LEAST_POINTS = 4
"""Of the six required keypoints; with fewer the person counts as not found."""

HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
_REQUIRED = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]


@dataclass(frozen=True)
class Cleaned:
    """A whole recording on its trials' clock, all 23 keypoints, recording's axes and scale.

    `person_found` is True where the person was found, or lost for so short that it was filled in;
    `notes` say what was taken out or changed, `jumps` among them where the track jumped;
    `freezes_s` are the stretches of `trials.freezes`, in the recording's time; `skipped_share` is
    that of `trials.skipped_frames`.
    """

    fps_hz: float
    time_s: Float[np.ndarray, " T"]
    points_m: Float[np.ndarray, "T 23 3"]
    confidence: Float[np.ndarray, "T 23"]
    person_found: Bool[np.ndarray, " T"]
    jumps: tuple[str, ...]
    notes: tuple[str, ...]
    freezes_s: tuple[tuple[float, float], ...] = ()
    skipped_share: float = 0.0


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


def clean(
    recording: Recording,
    *,
    fps_hz: float,
    max_gap_s: float,
    cutoff_hz: float,
    max_joint_angle_deg: float,
) -> Cleaned:
    """Sides exchanged back, errors out, short gaps filled, 23 columns, on an even clock.

    Args:
        recording: as `check_recording` lets it pass.
        fps_hz: of that clock.
        max_gap_s: longest gap that is filled.
        cutoff_hz: of the low-pass where the recording is faster than that clock.
        max_joint_angle_deg: hip or knee flexion beyond which a frame is a detector's error.

    Raises:
        InputError: the recording is shorter than two frames of that clock.
    """
    time_s = recording.time_s
    points, confidence = _in_columns(recording)
    freezes, skipped = freezes_s(points, time_s), skipped_share(points, time_s)
    wild = wild_samples(points)
    points = np.where(wild[..., None], np.nan, points)
    middle = _middle(points)
    jump_m = largest_step_m(middle) if recording.scale_is_metric else JUMP_M
    other = other_persons_frames(middle, time_s, jump_m)
    points = np.where(other[:, None, None], np.nan, points)
    jumps = jump_notes(other, middle, time_s)
    points, confidence, swap_notes = side_exchanges.exchanged_back(
        points, confidence, time_s, measured=recording.scale_is_metric
    )
    seen = _shows_person(points)
    points, filled, notes = _without_errors(points, time_s, max_gap_s, max_joint_angle_deg)
    found = seen | (_shows_person(points) & filled[:, _REQUIRED].any(axis=1))
    clock_s = _even_clock(time_s, fps_hz, recording.recording_id)
    frame_s = float(np.median(np.diff(time_s)))
    points = resample(
        points, time_s, clock_s, cutoff_hz=cutoff_hz, max_step_s=max_gap_s + 1.5 * frame_s
    )
    present = np.isfinite(points).all(axis=-1)
    confidence = np.clip(nearest(confidence, time_s, clock_s), 0.0, 1.0)
    confidence = np.where(nearest(filled, time_s, clock_s), FILLED_CONFIDENCE, confidence)
    return Cleaned(
        fps_hz=fps_hz,
        time_s=clock_s,
        points_m=points,
        confidence=np.where(present, confidence, 0.0),
        person_found=nearest(found, time_s, clock_s).astype(bool),
        jumps=jumps,
        notes=(
            *wild_notes(wild, KEYPOINT_NAMES),
            *jumps,
            *swap_notes,
            *notes,
        ),
        freezes_s=freezes,
        skipped_share=skipped,
    )


def _in_columns(
    recording: Recording,
) -> tuple[Float[np.ndarray, "T 23 3"], Float[np.ndarray, "T 23"]]:
    """Positions and confidence in the columns of `KEYPOINT_NAMES`; NaN and 0 where missing."""
    confidence = np.zeros((len(recording.time_s), len(KEYPOINT_NAMES)))
    columns = [KEYPOINT_INDEX[name] for name in recording.keypoint_names]
    confidence[:, columns] = recording.confidence
    return recording.all_keypoints_m, confidence


def _shows_person(points_m: Float[np.ndarray, "T 23 3"]) -> Bool[np.ndarray, " T"]:
    known = np.isfinite(points_m[:, _REQUIRED]).all(axis=-1)
    return np.asarray(known.sum(axis=1) >= LEAST_POINTS)


def _middle(points_m: Float[np.ndarray, "T 23 3"]) -> Float[np.ndarray, "T 3"]:
    """Median of hips, knees and ankles where enough of them are seen, else NaN.

    Of those that are nearly always seen, where these are enough: a knee that appears moves nobody.
    """
    required = points_m[:, _REQUIRED]
    seen = np.isfinite(required).all(axis=-1)
    enough = seen.sum(axis=1) >= LEAST_POINTS
    if enough.any():
        steady = seen[enough].mean(axis=0) >= STEADY_SHARE
        if steady.sum() >= LEAST_POINTS:
            required = required[:, steady]
            enough = seen[:, steady].sum(axis=1) >= min(LEAST_POINTS, int(steady.sum()))
    middle = np.full((len(points_m), 3), np.nan)
    if enough.any():
        middle[enough] = known_median(required[enough], axis=1)
    return middle


def _without_errors(
    points_m: Float[np.ndarray, "T 23 3"],
    time_s: Float[np.ndarray, " T"],
    max_gap_s: float,
    max_joint_angle_deg: float,
) -> tuple[Float[np.ndarray, "T 23 3"], Bool[np.ndarray, "T 23"], list[str]]:
    """Points without spikes and impossible legs, short gaps filled; what was filled, and notes.

    Everything but the hips is cleaned relative to mid-hip: a detector's root jitters by
    centimetres for all keypoints at once, which must not end up in a filled gap.
    """
    hips = points_m[:, HIPS]
    hip_spikes = find_spikes(hips, time_s)
    hips, hips_filled = fill_short_gaps(
        np.where(hip_spikes[..., None], np.nan, hips), time_s, max_gap_s
    )
    mid_hip = hips.mean(axis=1, keepdims=True)
    relative = points_m - mid_hip
    spikes = find_spikes(relative, time_s)
    spikes[:, HIPS] = hip_spikes
    relative = np.where(spikes[..., None], np.nan, relative)
    stretched = stretched_legs(relative)
    relative = np.where(stretched[..., None], np.nan, relative)
    bent = impossible_legs(relative, max_joint_angle_deg)
    relative = np.where(bent[..., None], np.nan, relative)
    relative, filled = fill_short_gaps(relative, time_s, max_gap_s)
    filled[:, HIPS] = hips_filled
    points = relative + mid_hip
    points[:, HIPS] = hips
    notes = [
        f"{counted(count, 'keypoint sample')} {what} and "
        f"{'was' if count == 1 else 'were'} taken out."
        for count, what in (
            (int(spikes.sum()), "jumped away for a frame or two"),
            (int(stretched.sum()), "made a thigh or shank half as long again"),
            (int(bent.sum()) // 2, "bent a joint beyond reach"),
        )
        if count
    ]
    return points, filled, notes


def _even_clock(
    time_s: Float[np.ndarray, " T"], fps_hz: float, where: str
) -> Float[np.ndarray, " N"]:
    """Times (s) at an even rate from the first frame on; raises InputError for fewer than two."""
    duration_s = float(time_s[-1] - time_s[0])
    clock_s = time_s[0] + np.arange(int(duration_s * fps_hz + 1e-6) + 1) / fps_hz
    if len(clock_s) < 2:
        raise InputError(f"{where}: the recording lasts {duration_s:.3f} s; give a longer one.")
    return np.asarray(clock_s)


def stretched_legs(points_m: Float[np.ndarray, "T 23 3"]) -> Bool[np.ndarray, "T 23"]:
    """Knee and ankle samples that make a thigh or shank half as long again as it is.

    A shank alone tells of the ankle, a thigh of the knee, or of both where the knee's place is
    all that the ankle had.
    """
    out = np.zeros(points_m.shape[:2], dtype=bool)
    for side in ("Left", "Right"):
        hip, knee, ankle = (
            points_m[:, KEYPOINT_INDEX[f"{side} {joint}"]] for joint in ("Hip", "Knee", "Ankle")
        )
        thigh, shank = (np.linalg.norm(a - b, axis=-1) for a, b in ((knee, hip), (ankle, knee)))
        if not (np.isfinite(thigh).any() and np.isfinite(shank).any()):
            continue
        with np.errstate(invalid="ignore"):
            long_thigh = thigh > LONGEST_SEGMENT * np.nanmedian(thigh)
            long_shank = shank > LONGEST_SEGMENT * np.nanmedian(shank)
        out[:, KEYPOINT_INDEX[f"{side} Knee"]] = long_thigh
        out[:, KEYPOINT_INDEX[f"{side} Ankle"]] = long_shank & ~long_thigh
    return out


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
