"""Whether a trial's numbers may be used, and why: one rule set, every reason a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgait.gait.matching import match_events
from simgait.parameters.catalogue import parameters
from simgait.parameters.wording import number
from simgait.report.trial.measure import (
    complete_cycles,
    keypoint_errors,
    leg_error_mm,
    path_error_mps,
)
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.sides import SIDES
from simgait.trials.quality import Quality
from simgait.types import GaitResult, Rollout, Trial

Level = Literal["good", "caution", "do_not_use"]
TITLES: dict[Level, str] = {
    "good": "Good",
    "caution": "Use with caution",
    "do_not_use": "Do not use",
}

MIN_CYCLES = 3
RESIDUAL_CAUTION_PERCENT_BW = 10.0
RESIDUAL_STOP_PERCENT_BW = 25.0
LEG_ERROR_CAUTION_MM = 50.0
LEG_ERROR_STOP_MM = 120.0
# A change of 0.05 m/s is small to a clinician, 0.10 substantial (Perera et al. 2006).
PATH_CAUTION_MPS = 0.10
PATH_STOP_MPS = 0.25
EVENT_DISAGREEMENT_CAUTION_MS = 60.0
UNMATCHED_CAUTION_SHARE = 0.1
# Both kinds of events lie within 75 ms of the truth in 99 of 100 contacts of validation walkers.
SINGLE_EVENT_CAUTION_S = 0.1
CHECK_FRAME_RATE = "check the frame rate of the recording"
# Walk ratio, (step length / leg) / (steps per s x sqrt(leg / g)): people keep it over a wide range
# of speeds, half the true frame rate doubles it. Measured: 1.25 to 2.31 in 91 real marker walks
# (median 1.6, all but one below 2.13), so that each of them passes, and none at half its frame
# rate. Of 16,000 synthetic walkers of all patterns 1 in 1000 lies above the limit (highest 2.7),
# and of the halved ones 58 %. There is no lower limit: doubled rates give 0.6 to 1.2, as
# short steps do; their cadence tells them.
WALK_RATIO_CAUTION = 2.4
# What gait.analyse warns of and this module judges with its own limits; said once is enough.
_SAID_HERE = re.compile(
    r"^The simulated body fell at|^Only \d+ full|leans on outside help|kinematic cross-check differ"
)


@dataclass(frozen=True)
class Verdict:
    """A level and its reasons, the gravest first; `facts` are what speaks for the trial."""

    level: Level
    reasons: tuple[str, ...]
    facts: tuple[str, ...]

    @property
    def title(self) -> str:
        """The level in words."""
        return TITLES[self.level]


def judge(trial: Trial, rollout: Rollout, result: GaitResult, quality: Quality | None) -> Verdict:
    """Judge one trial.

    Args:
        trial: the prepared recording.
        rollout: the simulated body through that trial.
        result: its gait.
        quality: verdict on the recording itself (`trials.quality.assess`), None if not asked.
    """
    stop: list[str] = []
    caution: list[str] = []
    if rollout.fell:
        first = int(np.argmin(rollout.alive))
        stop.append(
            f"The simulated body fell at {rollout.time_s[first]:.1f} s of "
            f"{rollout.time_s[-1]:.1f} s; nothing after that was measured."
        )
    cycles = complete_cycles(result)
    short = []
    if not any(cycles.values()):
        stop.append("No full gait cycle was found on either side.")
    else:
        few = [f"{side} {n}" for side, n in cycles.items() if n < MIN_CYCLES]
        if few:
            short.append(
                f"Fewer than {MIN_CYCLES} full gait cycles ({', '.join(few)}): "
                "means are uncertain and the spread is not to be trusted."
            )
    residual = result.residual_force_percent_bw
    if not np.isfinite(residual):
        caution.append("The use of helper forces is unknown.")
    elif residual > RESIDUAL_CAUTION_PERCENT_BW:
        (stop if residual > RESIDUAL_STOP_PERCENT_BW else caution).append(
            f"Helper forces on the pelvis are {residual:.0f} % of body weight "
            f"(limit {RESIDUAL_CAUTION_PERCENT_BW:.0f} %): "
            "the walk is not carried by the feet alone."
        )
    error = leg_error_mm(keypoint_errors(rollout))
    if not np.isfinite(error):
        stop.append("No hip, knee or ankle keypoint could be compared with the simulated body.")
    elif error > LEG_ERROR_CAUTION_MM:
        (stop if error > LEG_ERROR_STOP_MM else caution).append(
            f"Hips, knees and ankles of the simulated body are {error:.0f} mm from the recorded "
            f"ones on average (limit {LEG_ERROR_CAUTION_MM:.0f} mm)."
        )
    drift = path_error_mps(rollout)
    if drift > PATH_CAUTION_MPS:
        (stop if drift > PATH_STOP_MPS else caution).append(
            f"The simulated body leaves the recorded path by {100 * drift:.0f} cm every second "
            f"(limit {100 * PATH_CAUTION_MPS:.0f} cm): its speed or direction is off."
        )
    if result.event_disagreement_ms > EVENT_DISAGREEMENT_CAUTION_MS:
        caution.append(
            "Foot contact by force and by foot movement differ by "
            f"{result.event_disagreement_ms:.0f} ms on average "
            f"(limit {EVENT_DISAGREEMENT_CAUTION_MS:.0f} ms)."
        )
    if result.unmatched_events > UNMATCHED_CAUTION_SHARE * max(len(result.events), 1):
        caution.append(
            f"{result.unmatched_events} of {len(result.events)} foot events have no counterpart "
            "in the cross-check by foot movement."
        )
    caution += _doubtful_contacts(result)
    caution += _implausible(result, timed_only=False)
    caution += _long_steps_for_their_pace(result, float(rollout.dimensions.leg_m))
    # What is wrong with the measurement comes before what is merely little of it.
    caution += short
    if quality is not None:
        (caution if quality.usable else stop).extend(quality.reasons)
    caution += [w for w in result.warnings if not _SAID_HERE.search(w)]
    facts = [
        f"{trial.time_s[-1]:.1f} s, {cycles['left']} left and {cycles['right']} right gait cycles",
        f"helper forces {number(residual, 1)} % of body weight",
        f"hips, knees and ankles {number(error, 0)} mm from the recording on average",
    ]
    if not rollout.fell:
        facts.insert(1, "no fall")
    level: Level = "do_not_use" if stop else "caution" if caution else "good"
    return Verdict(level, tuple(_distinct(stop + caution)), tuple(facts))


def _doubtful_contacts(result: GaitResult) -> list[str]:
    """Single events far from where the foot's movement puts them; a mean would hide them."""
    pairs = match_events(result.events, result.kinematic_events).pairs
    doubtful = [a for a, b in pairs if abs(b.time_s - a.time_s) > SINGLE_EVENT_CAUTION_S]
    reasons = []
    for side in SIDES:
        for kind, name in (("initial_contact", "contact"), ("foot_off", "foot off")):
            times = [e.time_s for e in doubtful if (e.side, e.kind) == (side, kind)]
            if times:
                shown_s = ", ".join(f"{t:.1f}" for t in times[:3]) + (" ..." if times[3:] else "")
                one = len(times) == 1
                reasons.append(
                    f"{len(times)} {side} {name}{'' if one else 's'} by force (at {shown_s} s) "
                    f"{'lies' if one else 'lie'} more than {1000 * SINGLE_EVENT_CAUTION_S:.0f} ms "
                    f"from where the foot's movement puts {'it' if one else 'them'}: do not trust "
                    "the steps around it."
                )
    return reasons


def frame_rate_doubts(result: GaitResult, leg_m: float) -> list[str]:
    """Sentences on what a wrong frame rate would explain; empty where people walk at that pace.

    Of gait read from the keypoints alone, too: of 92 real marker walks none was doubted, 90 were at
    half their frame rate, and 81 of the 84 that still gave a walk at double.

    Args:
        result: gait of one walk, by whatever method.
        leg_m: length of the leg.
    """
    return [*_implausible(result, timed_only=True), *_long_steps_for_their_pace(result, leg_m)]


def _implausible(result: GaitResult, *, timed_only: bool) -> list[str]:
    reasons = []
    for one in parameters():
        plausible = one.plausible
        if plausible is None or (timed_only and not plausible.timed):
            continue
        means = {side: s.mean for side, s in result.parameters.get(one.key, {}).items()}
        outside = {side: mean for side, mean in means.items() if not plausible.holds(mean)}
        # What holds for both legs together need not be said of each.
        for side in ("both",) if "both" in outside else outside:
            where = "" if side == "both" else f" ({side})"
            reasons.append(
                f"{one.label}{where} of {number(outside[side], 2)} lies outside what "
                f"people walk with ({plausible.low:g} to {plausible.high:g})"
                + (f"; {CHECK_FRAME_RATE}." if plausible.timed else ".")
            )
    return reasons


def walk_ratio(step_length_m: float, cadence_spm: float, leg_m: float) -> float:
    """Dimensionless walk ratio: step length over step frequency, both by the leg's length."""
    frequency = cadence_spm / 60.0 * np.sqrt(leg_m / GRAVITY_MPS2)
    return float(step_length_m / leg_m / frequency) if frequency > 0.0 else float("nan")


def _long_steps_for_their_pace(result: GaitResult, leg_m: float) -> list[str]:
    both = [result.parameters.get(n, {}).get("both") for n in ("step_length_m", "cadence_spm")]
    if both[0] is None or both[1] is None:
        return []
    length_m, cadence_spm = both[0].mean, both[1].mean
    ratio = walk_ratio(length_m, cadence_spm, leg_m)
    if not ratio > WALK_RATIO_CAUTION:
        return []
    return [
        f"Steps of {number(100.0 * length_m, 0)} cm at {number(cadence_spm, 0)} steps/min are very "
        f"long for their pace (walk ratio {ratio:.1f}, limit {WALK_RATIO_CAUTION:g}, most people "
        f"about 1.4): {CHECK_FRAME_RATE}."
    ]


def _distinct(sentences: list[str]) -> list[str]:
    return list(dict.fromkeys(sentences))
