"""Numbers of the body that people do not walk with: the fault of the clock, or of contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simgait.findings import Basis, Code, Finding
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameter
from simgait.report.trial.contacts import RHYTHM_CAUTION_PERCENT
from simgait.report.trial.plausibility import implausible
from simgait.trials.quality import explained_by_belt
from simgait.trials.walking import WALK_RATIO_LIMIT, points_cadence_spm, walk_ratio
from simgait.types import Trial

LONG_STRIDE = 1.7
"""Times the median stride: one that hides two landings lasts twice as long."""
SAME_PACE = 0.1
"""Share by which the points' pace and the usual stride's may differ: the points' is a rough one."""
LEAST_STRIDES = 4
"""Of both sides, for a median that one long stride on each side leaves alone."""


def odd_gait(
    trial: Trial, result: GaitResult, leg_m: float, told: Sequence[Finding]
) -> Iterator[Finding]:
    """Numbers of the body that people do not walk with, but for what the recording has told.

    Where the recording's own points walk at a pace that people have, it is not its clock that makes
    the body's impossible: some of the body's contacts are false, and all falls that rests on them.

    Args:
        trial: the recording.
        result: the body's gait.
        leg_m: the body's leg.
        told: what was found of the recording.
    """
    runs = any(finding.code in (Code.RUNNING, Code.SLOW_RUN) for finding in told)
    found = []
    for finding in (*implausible(result), *_long_steps_for_their_pace(result, leg_m)):
        known = explained_by_belt(finding, told) or any(_same_doubt(finding, t) for t in told)
        if not (known or (runs and _is_timed(finding))):
            found.append(finding)
    if not trial.scale_is_metric:
        yield from _missed_landing(trial, result)
    yield from _steps_against_strides(result)
    of_contacts = [finding for finding in found if _is_of_rhythm(finding)]
    denied = list(_denied_by_points(trial, result)) if of_contacts else []
    yield from denied
    yield from (one for one in found if not (denied and one in of_contacts))


def _missed_landing(trial: Trial, result: GaitResult) -> Iterator[Finding]:
    """A stride twice as long as the others, where the recording's points do not pause.

    A detector that takes the left leg for the right hides the landings of both, from the body that
    follows and from the movement of its feet alike.
    """
    if len(result.cycles) < LEAST_STRIDES:
        return
    longest = max(result.cycles, key=lambda cycle: cycle.end_s - cycle.start_s)
    lasts = float(longest.end_s - longest.start_s)
    usual = float(np.median([cycle.end_s - cycle.start_s for cycle in result.cycles]))
    if lasts <= LONG_STRIDE * usual:
        return
    if abs(points_cadence_spm(trial) * usual / 120.0 - 1.0) < SAME_PACE:
        values = {"duration_s": lasts, "usual_s": usual}
        yield Finding(Code.LANDING_MISSED, values=values, where=longest.side)


def _steps_against_strides(result: GaitResult) -> Iterator[Finding]:
    """Steps and strides of two paces, further apart than both intervals reach.

    Nor by what contacts of two kinds may differ by, as ends of a walk have steps and no stride. Of
    538 tracked walks and films none came further than three quarters of the intervals.
    """
    known = [result.parameters.get(key, {}).get("both") for key in ("cadence_spm", "stride_time_s")]
    if known[0] is None or known[1] is None or result.certainty is None:
        return
    steps_spm, strides_spm = known[0].mean, 120.0 / known[1].mean
    stride_share = result.certainty.half_width("stride_time_s", "both") / known[1].mean
    reach_spm = result.certainty.half_width("cadence_spm", "both") + strides_spm * stride_share
    if abs(steps_spm - strides_spm) > max(reach_spm, 0.01 * RHYTHM_CAUTION_PERCENT * strides_spm):
        values = {"cadence_spm": float(steps_spm), "strides_spm": float(strides_spm)}
        yield Finding(Code.CADENCE_DENIED, values=values)


def _is_timed(finding: Finding) -> bool:
    odd = finding.values.get("parameter")
    return odd is None or getattr(parameter(str(odd)).plausible, "timed", False)


def _is_of_rhythm(finding: Finding) -> bool:
    odd = finding.values.get("parameter")
    return odd is not None and Basis.RHYTHM in parameter(str(odd)).rests_on


def _denied_by_points(trial: Trial, result: GaitResult) -> Iterator[Finding]:
    """The body's pace against that of the recording's own points."""
    pace, points_spm = parameter("cadence_spm"), points_cadence_spm(trial)
    pools = result.parameters.get(pace.key, {})
    if "both" not in pools or pace.plausible is None or not pace.plausible.holds(points_spm):
        return
    percent = 100.0 * abs(pools["both"].mean / points_spm - 1.0)
    if np.isfinite(percent) and percent > RHYTHM_CAUTION_PERCENT:
        values = {"percent": percent, "limit_percent": RHYTHM_CAUTION_PERCENT}
        yield Finding(Code.RHYTHM_DENIED, values=values)


def _same_doubt(one: Finding, other: Finding) -> bool:
    parameters_of = one.values.get("parameter"), other.values.get("parameter")
    return one.code is other.code and parameters_of[0] == parameters_of[1]


def _long_steps_for_their_pace(result: GaitResult, leg_m: float) -> Iterator[Finding]:
    both = [result.parameters.get(n, {}).get("both") for n in ("step_length_m", "cadence_spm")]
    if both[0] is None or both[1] is None:
        return
    length_m, cadence_spm = both[0].mean, both[1].mean
    ratio = walk_ratio(length_m, cadence_spm, leg_m)
    if ratio > WALK_RATIO_LIMIT:
        values = {
            "step_length_m": length_m, "cadence_spm": cadence_spm, "walk_ratio": ratio,
            "limit": WALK_RATIO_LIMIT,
        }  # fmt: skip
        yield Finding(Code.LONG_STEPS, values=values)
