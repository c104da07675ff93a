"""The parameters of a walk as a page shows them: tiles, and a table with what may be used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from simgait.gait_result import GaitResult, Statistic
from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.norm_choice import Norms
from simgait.parameters.parameter import POOLS, Parameter
from simgait.report.norm_words import compared_ends, range_text
from simgait.report.trial.levels import NumberLevel
from simgait.report.trial.measure import Footprint, complete_cycles
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import opposite

FEWEST_FOR_SD = 3
"""Values below which a range says more than a standard deviation."""


def tiles(result: GaitResult, verdict: Verdict) -> list[dict[str, Any]]:
    """The key figures, and whether they may be used."""
    shown = []
    for one in parameters():
        if not one.tile:
            continue
        pools = result.parameters.get(one.key, {})
        parts = [
            {
                "value": one.display.text(pools[pool].mean),
                "unit": one.display.unit.brief,
                "cls": {"left": "l", "right": "r"}.get(pool, ""),
                "interval": _reach(one, result, pool),
                "range": _spread(one, pools[pool]) if pools[pool].n < FEWEST_FOR_SD else "",
                "level": verdict.number_level(one.key, pool),
            }
            for pool in one.tile
            if pool in pools
        ]
        split = "" if one.tile == ("both",) else f", {' and '.join(one.tile)}"
        shown.append({"name": one.label + split, "parts": parts})
    return shown


def steps_text(result: GaitResult, footprints: Sequence[Footprint]) -> str:
    """Where a walk has few cycles: the steps behind the numbers of both sides; else nothing."""
    if min(complete_cycles(result).values()) >= FEWEST_FOR_SD:
        return ""
    seen = {(one.side, one.time_s) for one in footprints}
    steps = [
        (
            step.side,
            step.contact_s,
            {(step.side, step.contact_s), (opposite(step.side), step.previous_s)} <= seen,
        )
        for step in result.steps
    ]
    if not steps:
        return ""
    named = ", ".join(
        f"{side} at {contact_s:.2f} s{'' if known else ' (length not known)'}"
        for side, contact_s, known in steps
    )
    return (
        "Few cycles: speed, cadence, step time and step length of both sides rest on these steps: "
        f"{named}."
    )


def parameter_rows(
    result: GaitResult,
    truth: GaitResult | None,
    verdict: Verdict,
    norms: Norms,
    *,
    of_scores: bool = False,
) -> list[dict[str, Any]]:
    """One row per parameter: left, right, both, the same of the truth, and the normal range.

    Of those that are scores, or of all others.
    """
    rows = []
    for key, pools in result.parameters.items():
        one = parameter(key)
        if (one.of_scores is not None) != of_scores:
            continue
        norm = norms.of(one)
        other = truth.parameters.get(key, {}) if truth else {}
        rows.append(
            {
                "label": one.label,
                "unit": one.display.unit.symbol,
                "cells": [
                    _cell(
                        one,
                        pools.get(pool),
                        compared_ends(norm),
                        level=verdict.number_level(one.key, pool),
                        half=half_width_of(one, result, pool),
                    )
                    for pool in POOLS
                ],
                "truth": [_cell(one, other.get(pool), None) for pool in POOLS],
                "normal": range_text(one, norm),
            }
        )
    return rows


def _cell(
    one: Parameter,
    statistic: Statistic | None,
    normal: tuple[float, float] | None,
    *,
    level: NumberLevel | None = None,
    half: float = math.nan,
) -> Markup:
    if statistic is None or not np.isfinite(statistic.mean):
        return Markup("–")
    reach = f"\N{NO-BREAK SPACE}±{one.display.width(half)}" if math.isfinite(half) else ""
    text = Markup("{}{} <span class='n'>{}(n {})</span>").format(
        one.display.text(statistic.mean), reach, _spread(one, statistic), statistic.n
    )
    if level == "do_not_use":
        # What is not to be used is not compared with a norm either.
        return flagged(text, level)
    beyond = norm_flag(statistic.mean, half, normal)
    if one.norm is not None and statistic.mean > one.norm.says_little_above:
        beyond = Markup('<span class="flag note">above {} says little</span>').format(
            one.display.text(one.norm.says_little_above)
        )
    return flagged(text, level) + beyond


def flagged(text: Markup, level: NumberLevel | None) -> Markup:
    """A number with what may be made of it, where it is said beside it how many values it is of."""
    if level == "do_not_use":
        return struck(text)
    if level == "rough":
        return text + Markup('<span class="flag note">rough</span>')
    return text


def briefly_flagged(text: Markup, level: NumberLevel | None) -> Markup:
    """The same in a few letters: "≈" before a rough number, "n 1" behind that of one value."""
    if level == "do_not_use":
        return struck(text)
    if level == "rough":
        return Markup('<span title="rough">≈\N{NO-BREAK SPACE}</span>') + text
    if level == "single":
        return text + Markup('<span class="flag note">n 1</span>')
    return text


def struck(text: Markup) -> Markup:
    """A number that is not to be used."""
    flag = Markup('<span class="flag stop">do not use</span>')
    return Markup('<span class="lost">{}</span>{}').format(text, flag)


def norm_flag(mean: float, half: float, normal: tuple[float, float] | None) -> Markup:
    """Low or high where the number leaves the normal range with its whole interval, else nothing.

    Without an interval the number alone decides.
    """
    reach = half if math.isfinite(half) else 0.0
    if normal is not None and mean + reach < normal[0]:
        return Markup('<span class="flag">↓ low</span>')
    if normal is not None and mean - reach > normal[1]:
        return Markup('<span class="flag">↑ high</span>')
    return Markup("")


def half_width_of(one: Parameter, result: GaitResult, pool: str) -> float:
    """Half-width of a number's 90 % interval in its stored unit; NaN where none is known."""
    return math.nan if result.certainty is None else result.certainty.half_width(one.key, pool)


def _reach(one: Parameter, result: GaitResult, pool: str) -> str:
    """Half-width of the 90 % interval, "±0.06"; empty where none is known."""
    half = half_width_of(one, result, pool)
    return f"±{one.display.width(half)}" if math.isfinite(half) else ""


def _spread(one: Parameter, statistic: Statistic) -> str:
    if 1 < statistic.n < FEWEST_FOR_SD:
        return f"{one.display.text(statistic.low)} to {one.display.text(statistic.high)} "
    # One value has no spread. Only an interval is written with ±.
    return f"SD {one.display.width(statistic.sd)} " if np.isfinite(statistic.sd) else ""
