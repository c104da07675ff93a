"""Half-width of a parameter that nobody calibrated: from those of what it is computed from.

The parameter is computed again with each fact of a cycle or step moved by its own half-width; the
changes add as independent errors do (square root of the sum of squares).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from simgait.parameters.facts import CycleFacts, MeanStep, StepFacts
from simgait.parameters.parameter import Parameter, Pool

Means = Mapping[str, float]
"""Key of a calibrated parameter -> mean of a pool, or half-width of it; NaN unknown."""


def propagated(one: Parameter, pool: Pool, means: Means, halves: Means) -> float:
    """Half-width of a parameter in its stored unit; NaN where what it rests on has none.

    Args:
        one: the parameter.
        pool: whose value.
        means: of the calibrated parameters, of the same pool.
        halves: half-widths of these.
    """
    if pool == "both" and one.of_mean_step is not None:
        return _moved(
            one.of_mean_step,
            MeanStep(means["step_length_m"], means["step_time_s"]),
            {"length_m": halves["step_length_m"], "time_s": halves["step_time_s"]},
        )
    if one.of_step is not None:
        names = {"length_m": "step_length_m", "width_m": "step_width_m", "time_s": "step_time_s"}
        step = StepFacts(**{fact: means[key] for fact, key in names.items()})
        return _moved(one.of_step, step, {fact: halves[key] for fact, key in names.items()})
    assert one.of_cycle is not None  # scores have another way (`certainty.score_widths`)
    stride_s = means["stride_time_s"]
    share_s = stride_s / 100.0
    double_s = share_s * means["double_support_percent"] / 2.0
    cycle = CycleFacts(
        stride_s=stride_s,
        stance_s=share_s * means["stance_percent"],
        initial_double_support_s=double_s,
        single_support_s=share_s * means["single_support_percent"],
        terminal_double_support_s=double_s,
        stride_length_m=means["stride_length_m"],
    )
    each_s = share_s * halves["double_support_percent"] / 2.0
    return _moved(
        one.of_cycle,
        cycle,
        {
            "stride_s": halves["stride_time_s"],
            "stance_s": share_s * halves["stance_percent"],
            "initial_double_support_s": each_s,
            "single_support_s": share_s * halves["single_support_percent"],
            "terminal_double_support_s": each_s,
            "stride_length_m": halves["stride_length_m"],
        },
    )


def _moved(of: Callable[[Any], float], facts: Any, halves: Means) -> float:
    """Half the change of a value between each fact moved up and down, together.

    A fact whose half-width is not known counts only where the value hangs on it.
    """
    total = 0.0
    for one in fields(facts):
        value, half = getattr(facts, one.name), halves[one.name]
        step = half if math.isfinite(half) else 0.01 * abs(value)
        up, down = (of(replace(facts, **{one.name: value + s})) for s in (step, -step))
        change = 0.5 * (up - down)
        if not math.isfinite(half) and change != 0.0:
            return math.nan
        total += change**2
    return math.sqrt(total)
