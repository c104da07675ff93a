"""Is it a level walk, and at a pace that people walk at? What the recording's own points say.

simgait reads level walking on two feet that carry in turn. Other ways of getting along give
numbers, too, and a simulated body may even follow them for a while; so they are recognised here,
before anything is tracked, and named. Each limit stands beside what was measured on 97 walks of
real recordings (seven laboratories, CMU) and on 240 synthetic walkers of all patterns, half of
them through monocular-v1; none of them is beyond a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgait.findings import Code, Finding, Severity
from simgait.parameters.catalogue import parameter
from simgait.series.gaps import bridge
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.bouts import crossing_frames
from simgait.trials.running import Running, measure_running
from simgait.trials.speed_witnesses import TravelWitnesses, witnesses_of_path
from simgait.types import Trial

RISE_LIMIT_PER_M = 0.05
"""A ramp for wheelchairs rises by .08, stairs by .5 to .7 a metre; level walks -.008 to .023."""
PITCH_LIMITS_DEG = (-13.0, 30.0)
"""Of a detector's path against the trunk, which stands for the vertical. 151 level walkers through
five detectors -7 to 19, stairs of .55 a metre 22 to 43 up and -40 to -14 down. A trunk that leans
looks like a way up, and people lean forward, so that the upper limit is where a path is no longer
believed."""
BOUNCE_LIMIT_PER_LEG = 0.2
"""Of a jump, a squat, a chair; walks .02 to .11."""
BOUNCE_LIMIT_DETECTED = 0.3
"""The same by a detector: the walkers .01 to .12, with a jump of 0.4 m .43 or more."""
IN_PLACE_LIMIT_MPS = 0.12
"""Speed of the standing foot under a pelvis that stays where it is; the slowest walkers' is .20."""
WALK_RATIO_LIMIT = 2.4
"""People keep their walk ratio over a wide range of speeds, half the true frame rate doubles it:
.39 to 2.33 in walks (1.1 or more in real ones), 2.1 to 5.1 at half of the real ones' frame rate, so
that 96 of 97 are named, 4.3 or more at a quarter. Of 16,000 synthetic walkers 1 in 1000 lies above
it. There is no lower limit: doubled rates give .6 to 1.1, as short steps do; cadence tells them."""
WALK_RATIO_STOP = 4.0
"""Below the 4.3 of films at a quarter of their rate, above all but some at half of it."""
SHORTEST_WAY_M = 0.5
"""About a step: on less of a way the pelvis's bob of 4 cm is a slope."""


@dataclass(frozen=True)
class Walking:
    """What tells a level walk from other ways of getting along; NaN where it is not shown.

    Attributes:
        speed_mps: median speed of the pelvis, else of the stance foot under it.
        stance_mps: of the stance foot under the pelvis.
        leg_m: hip to ankle.
        rise_per_m: how much the pelvis rises on each metre of its way, sinks where negative.
        bounce_per_leg: range of the pelvis's height, less that rise, over the leg's length.
        bounce_limit: of that, for these points.
        pitch_rad: of a detector's path against the trunk.
        running: what tells a run.
        cadence_spm: steps per minute, from the feet passing each other.
        step_length_m: speed over cadence.
    """

    speed_mps: float
    stance_mps: float
    leg_m: float
    rise_per_m: float
    bounce_per_leg: float
    bounce_limit: float
    pitch_rad: float
    running: Running
    cadence_spm: float
    step_length_m: float

    @property
    def walk_ratio(self) -> float:
        """Step length over step frequency, both by the leg's length."""
        return walk_ratio(self.step_length_m, self.cadence_spm, self.leg_m)


def walk_ratio(step_length_m: float, cadence_spm: float, leg_m: float) -> float:
    """Dimensionless walk ratio: step length over step frequency, both by the leg's length."""
    frequency = cadence_spm / 60.0 * np.sqrt(leg_m / GRAVITY_MPS2)
    return float(step_length_m / leg_m / frequency) if frequency > 0.0 else float("nan")


def measure_walking(trial: Trial, witnesses: TravelWitnesses | None = None) -> Walking:
    """What a prepared walk shows, see `Walking`; of its travel, where that is known already."""
    witnesses = witnesses or witnesses_of_path(trial)
    speed_mps = witnesses.travel_mps
    if not np.isfinite(speed_mps):
        speed_mps = witnesses.stance_mps
    leg_m = _leg_m(trial)
    rise, bounce_m = _height(trial)
    cadence = points_cadence_spm(trial)
    return Walking(
        speed_mps=speed_mps,
        stance_mps=witnesses.stance_mps,
        leg_m=leg_m,
        rise_per_m=rise,
        bounce_per_leg=bounce_m / leg_m,
        bounce_limit=BOUNCE_LIMIT_PER_LEG if trial.scale_is_metric else BOUNCE_LIMIT_DETECTED,
        pitch_rad=trial.path_pitch_rad,
        running=measure_running(trial, leg_m),
        cadence_spm=cadence,
        step_length_m=speed_mps / (cadence / 60.0),
    )


def walking_findings(walking: Walking, *, in_place: bool) -> Iterator[Finding]:
    """What is no level walk, and what a wrong frame rate would explain.

    Args:
        walking: from `measure_walking`.
        in_place: the pelvis does not travel through the recording's space (a treadmill, or not).
    """
    running = walking.running
    sloping = abs(walking.rise_per_m) > RISE_LIMIT_PER_M
    if running.flies:
        yield Finding(Code.RUNNING, "stop", {"flight_share": running.flight_share})
    # On stairs and slopes the pelvis is lowest elsewhere without a run.
    elif running.bounces and not sloping:
        values = {"low_m": -running.spring_per_leg * walking.leg_m, "give_deg": running.give_deg}
        yield Finding(Code.SLOW_RUN, "stop", values)
    if sloping:
        values = {"rise_per_m": walking.rise_per_m, "limit_per_m": RISE_LIMIT_PER_M}
        yield Finding(Code.FLOOR_NOT_LEVEL, "stop", values)
    low_deg, high_deg = PITCH_LIMITS_DEG
    pitch_deg = np.degrees(walking.pitch_rad)
    if pitch_deg < low_deg or pitch_deg > high_deg:
        limit_deg = low_deg if pitch_deg < low_deg else high_deg
        values = {"pitch_deg": float(pitch_deg), "limit_deg": limit_deg}
        yield Finding(Code.PATH_NOT_LEVEL, "caution", values)
    if walking.bounce_per_leg > walking.bounce_limit:
        limit_m = walking.bounce_limit * walking.leg_m
        detected = walking.bounce_limit == BOUNCE_LIMIT_DETECTED
        values = {
            "bounce_m": walking.bounce_per_leg * walking.leg_m,
            "limit_m": limit_m,
            "detected": detected,
        }
        yield Finding(Code.PELVIS_BOUNCES, "stop", values)
    if in_place and walking.stance_mps < IN_PLACE_LIMIT_MPS:
        values = {"stance_mps": walking.stance_mps, "limit_mps": IN_PLACE_LIMIT_MPS}
        yield Finding(Code.STEPPING_IN_PLACE, "stop", values)
    elif not (running.flies or running.bounces):
        yield from _odd_pace(walking)


def _odd_pace(walking: Walking) -> Iterator[Finding]:
    """A frame rate that the walk denies."""
    ratio = walking.walk_ratio
    if ratio > WALK_RATIO_LIMIT:
        values = {
            "step_length_m": walking.step_length_m, "cadence_spm": walking.cadence_spm,
            "walk_ratio": ratio, "limit": WALK_RATIO_LIMIT,
        }  # fmt: skip
        severity: Severity = "stop" if ratio > WALK_RATIO_STOP else "caution"
        yield Finding(Code.LONG_STEPS, severity, values)
    for key, value in (("cadence_spm", walking.cadence_spm), ("velocity_mps", walking.speed_mps)):
        plausible = parameter(key).plausible
        if plausible is not None and not plausible.holds(value):
            yield Finding(Code.IMPLAUSIBLE, values={"parameter": key, "value": value}, where="both")


def _leg_m(trial: Trial) -> float:
    lengths = []
    for side in ("Left", "Right"):
        hip, knee, ankle = (
            trial.keypoints_m[:, KEYPOINT_INDEX[f"{side} {joint}"]]
            for joint in ("Hip", "Knee", "Ankle")
        )
        lengths += [np.linalg.norm(a - b, axis=-1) for a, b in ((hip, knee), (knee, ankle))]
    return 0.5 * float(sum(np.nanmedian(length) for length in lengths))


def _height(trial: Trial) -> tuple[float, float]:
    """Rise per metre of way, and the range (m) of the height about that line.

    The rise is that of measured positions only: a detector's vertical is taken from the walk.
    """
    known = trial.pelvis_path_mask & np.isfinite(trial.pelvis_path_m).all(axis=-1)
    way_m, height_m = trial.pelvis_path_m[known, 0], trial.pelvis_path_m[known, 2]
    if len(way_m) < 2 or np.ptp(way_m) < SHORTEST_WAY_M:
        return float("nan"), float("nan")
    rise, start_m = np.polyfit(way_m, height_m, 1)
    low_m, high_m = np.percentile(height_m - rise * way_m - start_m, [1.0, 99.0])
    return float(rise) if trial.scale_is_metric else float("nan"), float(high_m - low_m)


def points_cadence_spm(trial: Trial) -> float:
    """From the times between every second passing of the feet, which are strides."""
    left, right = (trial.keypoints_m[:, KEYPOINT_INDEX[f"{s} Ankle"], 0] for s in ("Left", "Right"))
    frames = crossing_frames(bridge((left - right).astype(float)))
    if len(frames) < 3:
        return float("nan")
    stride_s = float(np.median(frames[2:] - frames[:-2])) / trial.fps_hz
    return 120.0 / stride_s
