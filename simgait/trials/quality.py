"""How good are a trial's keypoints? A level, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from simgait.findings import Basis, Code, Finding, Severity
from simgait.parameters.catalogue import parameter
from simgait.series.gaps import bridge
from simgait.series.jitter import jitter_m
from simgait.series.runs import runs_of_true
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.skeleton.keypoints import (
    FOOT_KEYPOINTS,
    FOOT_POINTS,
    FOOT_TURNS_BY,
    KEYPOINT_INDEX,
    KEYPOINT_NAMES,
    REQUIRED_KEYPOINTS,
)
from simgait.skeleton.sides import SIDES
from simgait.trials.bouts import count_crossings, stepping_speed
from simgait.trials.cleaning import FILLED_CONFIDENCE
from simgait.trials.heading import leg_length_m
from simgait.trials.misplaced_points import misplaced_findings
from simgait.trials.posture import posture_findings
from simgait.trials.sliding_feet import sliding_findings
from simgait.trials.speed_witnesses import TravelWitnesses, witnesses_of_path
from simgait.trials.walking import measure_walking, walking_findings
from simgait.types import Trial

Level = Literal["good", "caution", "poor"]


@dataclass(frozen=True)
class Limits:
    """Above which value of a metric one should be careful, above which it is poor."""

    code: Code
    caution: float
    poor: float


# Monocular detectors measured on clinical walks: jitter 4 mm in depth (up to 10), 1-2 mm across;
# thigh and shank vary by 1.5 and 2.3 %.
LIMITS: dict[str, Limits] = {
    "masked_fraction": Limits(Code.POSITIONS_MISSING, 0.05, 0.20),
    "filled_fraction": Limits(Code.POSITIONS_FILLED, 0.05, 0.25),
    "jitter_mm": Limits(Code.KEYPOINTS_JITTER, 10.0, 30.0),
    "path_jitter_mm": Limits(Code.PATH_JITTERS, 40.0, 100.0),
    "bone_length_variation_percent": Limits(Code.LEG_LENGTH_VARIES, 5.0, 12.0),
    "frozen_fraction": Limits(Code.FRAMES_FROZEN, 0.05, 0.20),
}
# How far belt or pelvis and the stance feet may be apart: a factor, (caution, poor) beyond. Their
# ratio was 1.00 to 1.18 on 93 real marker walks (McGill, CMU, five other laboratories; 1.23 on one
# more that turns) and 1.03 to 1.11 on 96 exact synthetic ones of all patterns. The leg swing
# (`travel_to_stepping`) is no such witness: it gave up to 1.5, the more the higher the cadence.
TRAVEL_LIMITS = (1.25, 1.60)
# Detectors compress the leg swing along the camera's axis, to 0.72 on frontal walks, so that
# their stance feet may truly be this much slower than the belt (203 synthetic walkers seen from
# all sides on a belt whose speed is known: 0.95 to 1.63, none flagged).
SWING_COMPRESSION = 1.4
# Legs as recorded against those that the height implies: a factor, of measured positions and of a
# detector's. Measured ones were 2 % shorter, SD 4 % (27 real recordings with a known height); the
# legs of one camera's detector 7 % longer, SD 8.5 % (what `synthetic.detectors` draws, from 327
# published walks of MeTRAbs).
LEG_LIMIT_MEASURED = 1.15
LEG_LIMIT_DETECTED = 1.25
# The shortest trial of Smyrnakis, Karakostas & Cotton (2024).
MIN_DURATION_S = 2.5
# Of three real walks, thinned from 100 and 120 Hz, stance fell by up to 3 and double support by up
# to 5 % of the cycle at 10 to 12.5 Hz, by 1.5 and 3 at 15, by no more than 0.6 and 0.9 from 20 on.
LEAST_RATE_HZ = 19.5
BELT_DENIED = (Code.BELT_SPEED_DENIED, Code.BELT_ESTIMATE_DENIED)
# A foot that is out of sight for half a stride lands or leaves unseen; where that is more than this
# share of a walk, no mean over its steps is one of seen steps.
UNSEEN_FOOT_S = 0.6
UNSEEN_FOOT_SHARE = 0.15
# Of four events in a stride one falls into a gap that is longer than this.
UNSEEN_PERSON_S = 0.25
MIN_CYCLES = 2.0


@dataclass(frozen=True)
class Quality:
    """Verdict on a trial before tracking.

    Attributes:
        usable: False where the level is poor; results should then not be believed.
        level: "good", "caution" (read the reasons) or "poor".
        findings: worst first; those of severity "stop" make the level poor, those of severity
            "caution" make it no better than that, notes leave it alone.
        metrics: name with unit -> value; NaN where it could not be measured.
    """

    usable: bool
    level: Level
    findings: tuple[Finding, ...]
    metrics: dict[str, float]


def assess(trial: Trial, belt_speed_mps: float | None = None) -> Quality:
    """Judge a prepared trial by its keypoints alone.

    Args:
        trial: from `prepare`.
        belt_speed_mps: of the treadmill, where the trial's path was made with it.

    Metrics: duration_s, cycles, masked_fraction and filled_fraction (of hip, knee and ankle
    samples), jitter_mm (largest over hips, knees, ankles and axes, RMS above 6 Hz, relative to
    mid-hip), path_jitter_mm, bone_length_variation_percent (largest SD / mean of thighs and
    shanks), frozen_fraction, missing_keypoints (of those that the body carries),
    path_believed_fraction, travel_to_stepping (pelvis speed / speed that the legs' swing
    implies), travel_to_stance (pelvis speed / speed of the stance foot under it, medians),
    stance_mps, keypoint_scale.
    """
    witnesses = witnesses_of_path(trial)
    metrics = _metrics(trial, witnesses)
    in_place = belt_speed_mps is not None or not trial.pelvis_path_mask.any()
    conflicts = list(_travel_conflict(trial, metrics, belt_speed_mps))
    walking = walking_findings(measure_walking(trial, witnesses), in_place=in_place)
    found = [
        *(finding for finding in walking if not explained_by_belt(finding, conflicts)),
        *_beyond_limits(metrics),
        *_freezes(trial),
        *_skipped_frames(trial),
        *_slow_camera(trial),
        *posture_findings(trial),
        *_absent_feet(trial),
        *_unseen_feet(trial),
        *_unseen_person(trial),
        *misplaced_findings(trial),
        *_denied_height(trial),
        *_unknown_travel(metrics),
        *_assumed_travel(trial),
        *_denied_distance(trial),
        *_estimated_belt(trial, belt_speed_mps),
        *conflicts,
        *_too_short(metrics),
    ]
    poor = [finding for finding in found if finding.severity == "stop"]
    caution = [finding for finding in found if finding.severity == "caution"]
    notes = [finding for finding in found if finding.severity == "note"]
    return Quality(
        usable=not poor,
        level="poor" if poor else "caution" if caution else "good",
        findings=(*poor, *caution, *notes),
        metrics=metrics,
    )


def _beyond_limits(metrics: Mapping[str, float]) -> Iterator[Finding]:
    for name, limits in LIMITS.items():
        value = metrics[name]
        if value > limits.caution:
            severity: Severity = "stop" if value > limits.poor else "caution"
            yield Finding(limits.code, severity, {"value": value})


def _freezes(trial: Trial) -> Iterator[Finding]:
    if trial.freezes_s:
        frozen_s = sum(last_s - first_s for first_s, last_s in trial.freezes_s)
        values = {"start_s": trial.freezes_s[0][0], "frozen_s": frozen_s}
        yield Finding(Code.WALK_FREEZES, values=values)


def _skipped_frames(trial: Trial) -> Iterator[Finding]:
    if trial.skipped_share > 0.0:
        yield Finding(Code.FRAMES_SKIPPED, values={"percent": 100.0 * trial.skipped_share})


def _slow_camera(trial: Trial) -> Iterator[Finding]:
    if trial.recorded_hz < LEAST_RATE_HZ:
        yield Finding(Code.RATE_LOW, values={"hz": trial.recorded_hz, "least_hz": LEAST_RATE_HZ})


def _absent_feet(trial: Trial) -> Iterator[Finding]:
    feet = [name for name in _absent(trial) if name in FOOT_KEYPOINTS]
    if len(feet) == len(FOOT_KEYPOINTS):
        yield Finding(Code.NO_FEET)
        return
    lacking = tuple(name for name in feet if name.split(" ", 1)[-1] in FOOT_TURNS_BY)
    if lacking:
        yield Finding(Code.FEET_INCOMPLETE, values={"points": lacking})


def _unseen_feet(trial: Trial) -> Iterator[Finding]:
    """Feet of which nothing is seen for long, while the hips are."""
    seen = np.isfinite(trial.keypoints_m).all(axis=-1)
    hips = seen[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].all(axis=1)
    for side in SIDES:
        foot = [KEYPOINT_INDEX[f"{side.title()} {point}"] for point in ("Ankle", *FOOT_POINTS)]
        unseen = hips & ~seen[:, foot].any(axis=1)
        longest = max((stop - start for start, stop in runs_of_true(unseen)), default=0)
        unseen_s, share = longest / trial.fps_hz, float(unseen.mean())
        if unseen_s >= UNSEEN_FOOT_S and share > UNSEEN_FOOT_SHARE:
            values = {"unseen_s": unseen_s, "percent": 100.0 * share}
            yield Finding(Code.FOOT_UNSEEN, values=values, where=side)


def _unseen_person(trial: Trial) -> Iterator[Finding]:
    """Gaps in which nothing is seen of the legs, as where frames were dropped."""
    legs = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]
    unseen = ~np.isfinite(trial.keypoints_m[:, legs]).all(axis=-1).any(axis=1)
    gaps = [
        (start, stop)
        for start, stop in runs_of_true(unseen)
        if (stop - start) / trial.fps_hz >= UNSEEN_PERSON_S
    ]
    if not gaps:
        return
    start, stop = max(gaps, key=lambda gap: gap[1] - gap[0])
    share = sum(stop - start for start, stop in gaps) / trial.n_frames
    severity: Severity = "caution" if share > UNSEEN_FOOT_SHARE else "note"
    values = {
        "start_s": trial.start_s + start / trial.fps_hz,
        "unseen_s": (stop - start) / trial.fps_hz,
        "percent": 100.0 * share,
    }
    yield Finding(Code.PERSON_UNSEEN, severity, values)


def _denied_height(trial: Trial) -> Iterator[Finding]:
    """Legs that the height does not have: it is another person's, or the scale is wrong.

    One camera shows nobody's size: a film's legs are those that its detector gives everybody
    (`person_size.FILMED_LEGS_M`), or those of the height itself, and deny none.
    """
    if trial.is_filmed:
        return
    scaled_m = leg_length_m(lambda name: trial.keypoints_m[:, KEYPOINT_INDEX[name]])
    legs_m, usual_m = scaled_m / trial.keypoint_scale, LEG_PER_HEIGHT * trial.height_m
    limit = LEG_LIMIT_MEASURED if trial.scale_is_metric else LEG_LIMIT_DETECTED
    if max(usual_m / legs_m, legs_m / usual_m) > limit:
        values = {
            "legs_m": legs_m, "usual_m": usual_m, "height_m": trial.height_m,
            "limit_percent": 100.0 * (limit - 1.0),
        }  # fmt: skip
        yield Finding(Code.HEIGHT_DENIED, values=values)


def explained_by_belt(finding: Finding, told: Iterable[Finding]) -> bool:
    """Whether a wrong belt speed is why a number is odd that rests on it.

    Args:
        finding: that a number, or the pace, is none of a walker's.
        told: what else was found of the walk.
    """
    if not any(other.code in BELT_DENIED for other in told):
        return False
    if finding.code is Code.IMPLAUSIBLE:
        return Basis.TRAVEL in parameter(str(finding.values["parameter"])).rests_on
    return finding.code is Code.LONG_STEPS


def _unknown_travel(metrics: Mapping[str, float]) -> Iterator[Finding]:
    if metrics["path_believed_fraction"] < 0.5:
        yield Finding(Code.TRAVEL_UNKNOWN)


def _assumed_travel(trial: Trial) -> Iterator[Finding]:
    if trial.path_binds and trial.travel_spread > 0.0:
        code = Code.SIZE_ASSUMED if trial.path_basis == "feet" else Code.TRAVEL_ASSUMED
        yield Finding(code, "note", {"spread_percent": 100.0 * trial.travel_spread})


def _denied_distance(trial: Trial) -> Iterator[Finding]:
    percent = trial.distance_denied_percent
    if np.isfinite(percent):
        yield Finding(Code.DISTANCE_DENIED, values={"percent": percent})


def _estimated_belt(trial: Trial, belt_speed_mps: float | None) -> Iterator[Finding]:
    if belt_speed_mps is not None and trial.path_basis == "belt_estimated":
        values = {"belt_mps": belt_speed_mps, "spread_percent": 100.0 * trial.travel_spread}
        yield Finding(Code.BELT_ESTIMATED, "note", values)


def _too_short(metrics: Mapping[str, float]) -> Iterator[Finding]:
    if metrics["duration_s"] < MIN_DURATION_S:
        yield Finding(Code.WALK_SHORT, "note", {"duration_s": metrics["duration_s"]})
    if metrics["cycles"] < MIN_CYCLES:
        yield Finding(Code.WALK_FEW_CYCLES, "note", {"cycles": metrics["cycles"]})


def _travel_conflict(
    trial: Trial, metrics: Mapping[str, float], belt_speed_mps: float | None
) -> Iterator[Finding]:
    """Whether the walk's speed is one that the stance feet deny.

    A detector's own travel over ground is asked only where it is shorter than the legs walk
    (`trials.travel_scale`): else it is the better witness of the two.
    """
    ratio = metrics["travel_to_stance"]
    if not np.isfinite(ratio):
        return
    stance_mps = metrics["stance_mps"]
    speeds = {"travel_mps": ratio * stance_mps, "stance_mps": stance_mps}
    if belt_speed_mps is None and not trial.scale_is_metric:
        if trial.path_basis == "denied":
            yield Finding(Code.TRAVEL_DENIED, "caution", speeds)
        return
    allowed = 1.0 if trial.scale_is_metric else SWING_COMPRESSION
    factor = max(ratio / allowed, 1.0 / ratio if ratio > 0.0 else np.inf)
    severity: Severity | None = None
    if factor > TRAVEL_LIMITS[0]:
        severity = "stop" if factor > TRAVEL_LIMITS[1] else "caution"
    if belt_speed_mps is None:
        yield from sliding_findings(trial, severity=severity, **speeds)
    elif severity is not None:
        code = (
            Code.BELT_SPEED_DENIED if trial.path_basis == "belt_said" else Code.BELT_ESTIMATE_DENIED
        )
        yield Finding(code, severity, {"belt_mps": belt_speed_mps, "stance_mps": stance_mps})


def _metrics(trial: Trial, witnesses: TravelWitnesses) -> dict[str, float]:
    required = [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]
    points = trial.keypoints_m[:, required].astype(float)
    present = np.isfinite(points).all(axis=-1)
    filled = present & np.isclose(trial.confidence[:, required], FILLED_CONFIDENCE, atol=1e-6)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    moved = np.isfinite(steps).any(axis=1)
    frozen = moved & (np.nan_to_num(steps).max(axis=1) < 1e-7)
    ankle = {s: trial.keypoints_m[:, KEYPOINT_INDEX[f"{s} Ankle"]] for s in ("Left", "Right")}
    separation = bridge(ankle["Left"] - ankle["Right"])
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, np.nan)
    known = np.flatnonzero(trial.pelvis_path_mask)
    travel_to_stepping = float("nan")
    if len(known) > 1:
        elapsed = trial.time_s[known[-1]] - trial.time_s[known[0]]
        speed = (path[known[-1], 0] - path[known[0], 0]) / elapsed
        stepping = float(stepping_speed(separation, trial.fps_hz).mean())
        travel_to_stepping = float(speed / stepping) if stepping > 0.0 else float("nan")
    return {
        "duration_s": float(trial.time_s[-1] - trial.time_s[0]),
        "cycles": 0.5 * max(0, count_crossings(separation[:, 0]) - 1),
        "masked_fraction": float(1.0 - present.mean()),
        "filled_fraction": float(filled.mean()),
        # Where no run is long enough to tell, the largest is NaN, without a warning.
        "jitter_mm": 1000.0 * float(np.fmax.reduce(jitter_m(points, trial.fps_hz), axis=None)),
        "path_jitter_mm": witnesses.path_jitter_mm,
        "bone_length_variation_percent": 100.0 * bone_length_variation(trial.keypoints_m),
        "frozen_fraction": float(frozen.mean()),
        "missing_keypoints": float(len(_absent(trial))),
        "path_believed_fraction": float(trial.pelvis_path_mask.mean()),
        "travel_to_stepping": travel_to_stepping,
        "travel_to_stance": witnesses.travel_to_stance,
        "stance_mps": witnesses.stance_mps,
        "keypoint_scale": float(trial.keypoint_scale),
    }


def _absent(trial: Trial) -> list[str]:
    never = ~np.isfinite(trial.keypoints_m).all(axis=-1).any(axis=0)
    return [KEYPOINT_NAMES[k] for k in np.flatnonzero(never) if KEYPOINT_NAMES[k] in BODY_KEYPOINTS]


def bone_length_variation(points_m: Float[np.ndarray, "T 23 3"]) -> float:
    """Largest SD / mean of the lengths of thighs and shanks; NaN where none was seen twice."""
    worst = float("nan")
    for side in ("Left", "Right"):
        for upper, lower in (("Hip", "Knee"), ("Knee", "Ankle")):
            a, b = (points_m[:, KEYPOINT_INDEX[f"{side} {joint}"]] for joint in (upper, lower))
            length = np.linalg.norm(a - b, axis=-1)
            length = length[np.isfinite(length)]
            if len(length) > 1:
                worst = float(np.fmax(worst, length.std() / length.mean()))
    return worst
