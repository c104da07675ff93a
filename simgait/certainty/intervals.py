"""The 90 % interval of every number of a walk, from what its recording shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from simgait.certainty.conditions import Conditions, conditions_of
from simgait.certainty.fitting import SDS_OF_HALF_WIDTH
from simgait.certainty.pelvic_zero import pelvic_zero_half_width_deg
from simgait.certainty.propagation import propagated
from simgait.certainty.score_widths import score_half_widths
from simgait.certainty.shared_with_truth import shared_half_width
from simgait.certainty.terms import Measured
from simgait.certainty.widths import (
    Widths,
    curve_name,
    event_name,
    number_name,
    range_name,
    released_widths,
    source_of,
)
from simgait.findings import Basis
from simgait.gait.joint_measures import RANGED_CURVES
from simgait.gait_result import Certainty, GaitResult, Statistic
from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import POOLS, Pool
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS, TrackedTrial


def with_known_intervals(
    gait: GaitResult, tracked: TrackedTrial, metrics: Mapping[str, float], policy_sha256: str
) -> GaitResult:
    """The result with half-widths, where they were measured for the policy that drove the body.

    Args:
        gait: of the simulated body.
        tracked: the walk that it was read from.
        metrics: of the recording's quality (`trials.quality.assess`).
        policy_sha256: of the policy; another than the released one leaves the result as it is.

    Raises:
        InputError: the installation's file of intervals is absent or damaged.
    """
    widths = released_widths()
    if policy_sha256 != widths.policy_sha256:
        return gait
    conditions = conditions_of(tracked.trial, metrics, gait, tracked.fitted.fit_error_m)
    return with_intervals(gait, conditions, widths)


SPEED = "velocity_mps"


def holding_the_belts_speed(gait: GaitResult, belt_speed_mps: float | None) -> GaitResult:
    """The result whose intervals of walking speed reach to the belt's, where that was stated.

    A stated speed binds (`trials.travel_scale`): who stays on a belt walks as fast as it runs. What
    the body's steps make of it may be off by more than such walks were in calibration, and an
    interval without the speed that is known would deny it.

    Args:
        gait: with half-widths; without any it stays as it is.
        belt_speed_mps: as it was stated; None: there is no belt.
    """
    known = None if gait.certainty is None else gait.certainty.parameters.get(SPEED)
    if gait.certainty is None or known is None or belt_speed_mps is None:
        return gait
    found = gait.parameters[SPEED]
    halves = {
        pool: max(half, abs(found[pool].mean - belt_speed_mps)) if math.isfinite(half) else half
        for pool, half in known.items()
    }
    parameters = {**gait.certainty.parameters, SPEED: halves}
    return replace(gait, certainty=replace(gait.certainty, parameters=parameters))


OTHER_POOL: Mapping[Pool, Pool] = {"left": "right", "right": "left", "both": "both"}
"""Whose foot swings while the other stands alone."""
_NOTHING = Statistic(math.nan, math.nan, 0)


def with_intervals(gait: GaitResult, conditions: Conditions, widths: Widths) -> GaitResult:
    """The result with half-widths.

    Args:
        gait: of the simulated body.
        conditions: what the walk's recording shows.
        widths: of the policy that drove the body.
    """

    def half(name: str, n: int) -> float:
        return widths.half_width(name, conditions, Measured(0.0, n))

    cycles = {
        curve.of_side(side): (curve.key, len(rows))
        for curve in CURVES
        for side in SIDES
        if len(rows := gait.curves_deg.get(curve.of_side(side), ()))
    }
    known = {name: (key, half(curve_name(key), n)) for name, (key, n) in cycles.items()}
    ranges = {
        name: half(range_name(key), n) for name, (key, n) in cycles.items() if key in RANGED_CURVES
    }
    zeros = {
        name: zero
        for name, (key, _) in known.items()
        if (zero := pelvic_zero_half_width_deg(key, conditions))
    }
    curves = {name: math.hypot(own, zeros.get(name, 0.0)) for name, (_, own) in known.items()}
    parameters: dict[str, dict[str, float]] = {key: {} for key in gait.parameters}
    for pool in POOLS:
        scored = score_half_widths(
            gait.scores, pool, curves, measured=source_of(conditions) == "markers"
        )
        for key, own in _of_pool(gait, pool, conditions, widths, scored).items():
            parameters[key][pool] = own
    events = {kind: half(event_name(kind), 1) for kind in EVENT_KINDS}
    of_one_pace = _one_for_a_pace(parameters, gait.parameters)
    told = Certainty(_one_for_a_swing(of_one_pace), curves, events, zeros, ranges)
    return replace(gait, certainty=told)


def _one_for_a_swing(
    parameters: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    """Half-widths of which those that tell the same swing are one: the widest of them.

    Stance is 100 % less swing, and one foot stands alone while the other swings, so that never is
    one rough and the other not to be used.
    """
    found = {key: dict(pools) for key, pools in parameters.items()}
    for swinging in POOLS:
        same = [
            (key, swinging if one.swing_of == "own" else OTHER_POOL[swinging])
            for key in found
            if (one := parameter(key)).swing_of is not None
        ]
        halves = [found[key][pool] for key, pool in same if pool in found[key]]
        widest = max((half for half in halves if math.isfinite(half)), default=math.nan)
        for key, pool in same:
            if math.isfinite(found[key].get(pool, math.nan)):
                found[key][pool] = widest
    return found


def _one_for_a_pace(
    halves: Mapping[str, Mapping[str, float]], found: Mapping[str, Mapping[str, Statistic]]
) -> dict[str, dict[str, float]]:
    """Half-widths of which those that tell the same pace are one share: the widest of them.

    Cadence is 60 divided by the mean step time, and a side's 120 divided by its stride time. Of
    each of them a formula and a level of film were made apart, and one sentence would deny another.
    """
    told = {key: dict(pools) for key, pools in halves.items()}
    for pool in POOLS:
        same = [key for key in told if pool in parameter(key).paces and pool in told[key]]
        means = {key: abs(found[key][pool].mean) for key in same}
        known = {key: told[key][pool] / means[key] for key in same if means[key] > 0.0}
        share = max((one for one in known.values() if math.isfinite(one)), default=math.nan)
        for key, own in known.items():
            if math.isfinite(own):
                told[key][pool] = share * means[key]
    return told


def _of_pool(
    gait: GaitResult,
    pool: Pool,
    conditions: Conditions,
    widths: Widths,
    scored: Mapping[str, float],
) -> dict[str, float]:
    """Key of a parameter that has this pool -> half-width; `scored` has those of scores."""
    found = {key: pools[pool] for key, pools in gait.parameters.items() if pool in pools}
    means, counts = means_and_counts(found)
    halves = {
        one.key: widths.half_width(
            number_name(one.key, pool), conditions, Measured(means[one.key], counts[one.key])
        )
        for one in parameters()
    }

    def half(key: str, mean: float) -> float:
        if not math.isfinite(mean):
            return math.nan
        if number_name(key, pool) in widths.coefficients[source_of(conditions)]:
            return halves[key]
        one = parameter(key)
        if one.of_scores is not None:
            return scored.get(key, math.nan)
        return propagated(one, pool, means, halves)

    return {
        key: math.hypot(
            half(key, one.mean),
            _of_the_belt(key, one.mean, conditions),
            shared_with_truth(key, pool, means, counts, conditions, widths),
        )
        for key, one in found.items()
    }


def means_and_counts(found: Mapping[str, Statistic]) -> tuple[dict[str, float], dict[str, int]]:
    """Key of each parameter of the catalogue -> mean (NaN unknown), and cycles or steps of it."""
    own = {one.key: found.get(one.key, _NOTHING) for one in parameters()}
    return {key: x.mean for key, x in own.items()}, {key: x.n for key, x in own.items()}


def shared_with_truth(
    key: str,
    pool: Pool,
    means: Mapping[str, float],
    counts: Mapping[str, int],
    conditions: Conditions,
    widths: Widths,
) -> float:
    """What measured points' half-width of a parameter has beside the calibrated one; else 0.

    Args:
        key: of the parameter.
        pool: whose value.
        means: key of a parameter -> its mean in that pool (`means_and_counts`).
        counts: key of a parameter -> cycles or steps behind it.
        conditions: what the walk's recording shows.
        widths: of the policy that drove the body.
    """
    if source_of(conditions) != "markers":
        return 0.0
    contacts = [widths.half_width(event_name(k), conditions, Measured(0.0, 1)) for k in EVENT_KINDS]
    # Whichever of the two kinds is known worse.
    return shared_half_width(parameter(key), pool, means, counts, max(contacts))


def _of_the_belt(key: str, mean: float, conditions: Conditions) -> float:
    """What a path whose length is not known well adds to measured points' half-widths.

    Their formulas were fitted where it is known (`certainty.terms`); those of detectors hold it.
    """
    if source_of(conditions) != "markers" or Basis.TRAVEL not in parameter(key).rests_on:
        return 0.0
    return SDS_OF_HALF_WIDTH * conditions.travel_spread * abs(mean)
