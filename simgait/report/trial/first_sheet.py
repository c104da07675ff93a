"""What a report's first sheet holds: who, key figures with norm and asymmetry, curves, peaks.

On paper it is one sheet, A4 or Letter; everything else of the page follows on the next.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from markupsafe import Markup

from simgait.files import safe_id
from simgait.gait.joint_measures import CYCLE_PERCENT, JOINT_MEASURES, joint_statistics
from simgait.gait_result import GaitResult, Statistic
from simgait.parameters.catalogue import parameter
from simgait.parameters.norm_choice import Norms
from simgait.parameters.normative_curves import FOOT_OFF_FRACTION, normative_band
from simgait.parameters.parameter import POOLS, Parameter
from simgait.parameters.wording import number
from simgait.recordings.person_facts import PersonFacts
from simgait.report.norm_words import compared_ends, range_text
from simgait.report.trial.levels import NumberLevel
from simgait.report.trial.parameter_table import (
    briefly_flagged,
    half_width_of,
    norm_flag,
    struck,
)
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import SIDES
from simgait.types import Trial

MOST_REASONS = 2
"""Findings on the first printed sheet; a longer list stands on the second."""


def head(trial: Trial, person: PersonFacts) -> list[tuple[str, str]]:
    """Name and text of each fact of the person that is known; nothing stands for what is not."""
    return head_of(
        trial.subject_id or "", person, trial.height_m, trial.recorded_on,
        height_is_estimated=trial.height_is_estimated, mass=mass_text(trial.mass_kg),
    )  # fmt: skip


def mass_text(mass_kg: float | None) -> str:
    """A person's mass; "" where None or NaN says that nobody knows it."""
    return "" if mass_kg is None or math.isnan(mass_kg) else f"{number(mass_kg, 0)} kg"


def head_of(
    code: str,
    person: PersonFacts,
    height_m: float,
    recorded_on: str,
    *,
    height_is_estimated: bool,
    mass: str = "",
) -> list[tuple[str, str]]:
    """The same of facts that somebody else has; "" and NaN are not known."""
    age, estimated = person.age_years, " (estimated)" if height_is_estimated else ""
    facts = (
        ("Code", safe_id(code) if code else ""),
        ("Age", "" if age is None else f"{number(age, 0 if age == int(age) else 1)} years"),
        ("Sex", person.sex or ""),
        ("Height", f"{number(height_m, 2)} m{estimated}" if math.isfinite(height_m) else ""),
        ("Mass", mass),
        ("Walking aids", ", ".join(person.aids)),
        ("Diagnosis", person.diagnosis or ""),
        ("Recorded on", recorded_on),
    )
    return [(name, text) for name, text in facts if text]


def key_figures(result: GaitResult) -> list[Parameter]:
    """The parameters of the first sheet that this walk has."""
    return [one for one in map(parameter, result.parameters) if one.on_first_sheet]


def key_rows(result: GaitResult, verdict: Verdict, norms: Norms) -> list[dict[str, Any]]:
    """One row per key figure: left, right, both, asymmetry, normal range."""
    rows = []
    for one in key_figures(result):
        pools, norm = result.parameters[one.key], norms.of(one)
        ends = compared_ends(norm)
        cells = [
            _figure(one, pools.get(pool), result, pool, ends, verdict.number_level(one.key, pool))
            for pool in POOLS
        ]
        rows.append(
            {
                "label": one.label,
                "unit": one.display.unit.symbol,
                "cells": cells,
                "asymmetry": _asymmetry(one, result, verdict),
                "normal": range_text(one, norm),
            }
        )
    return rows


def _figure(
    one: Parameter,
    statistic: Statistic | None,
    result: GaitResult,
    pool: str,
    normal: tuple[float, float] | None,
    level: NumberLevel | None,
) -> Markup:
    """A figure with its interval, what may be made of it, and where it leaves the norm."""
    if statistic is None or not np.isfinite(statistic.mean):
        return Markup("–")
    half = half_width_of(one, result, pool)
    # What is not to be used needs no interval.
    shown = math.isfinite(half) and level != "do_not_use"
    reach = f" ±{one.display.width(half)}" if shown else ""
    text = Markup('<span class="v"><b>{}</b>{}</span>').format(
        one.display.text(statistic.mean), reach
    )
    if level == "do_not_use":
        return struck(text)
    return briefly_flagged(text, level) + norm_flag(statistic.mean, half, normal)


def asymmetry_percent(left: float, right: float) -> float:
    """Symmetry index: left minus right, % of the mean of both (Robinson et al. 1987).

    NaN where the mean is not above zero.
    """
    mean = 0.5 * (left + right)
    return 100.0 * (left - right) / mean if mean > 0.0 else math.nan


def _asymmetry(one: Parameter, result: GaitResult, verdict: Verdict) -> Markup:
    """The symmetry index and, where its interval leaves out 0, which side is greater.

    Errors of the two sides may go together or against each other; the interval is that of the worst
    case, half-widths added.
    """
    pools = result.parameters[one.key]
    levels = [verdict.number_level(one.key, side) for side in SIDES]
    if not one.is_compared or "do_not_use" in levels or None in levels:
        return Markup("–")
    left, right = (pools[side].mean for side in SIDES)
    index = asymmetry_percent(left, right)
    if not math.isfinite(index):
        return Markup("–")
    half = 100.0 * sum(half_width_of(one, result, side) for side in SIDES) / (0.5 * (left + right))
    return asymmetry_text(index, half)


def asymmetry_text(index: float, half: float) -> Markup:
    """A symmetry index with half of its interval (%), NaN unknown, and which side is greater."""
    reach = f" ±{number(half, 0)}" if math.isfinite(half) else ""
    signed = ("+" if index >= 0.5 else "") + number(index, 0)
    text = Markup('<span class="v">{}{} %</span>').format(signed, reach)
    if not abs(index) > half:
        return text
    return text + Markup('<span class="flag">{}</span>').format("L > R" if index > 0 else "R > L")


def peak_rows(result: GaitResult, verdict: Verdict, person: PersonFacts) -> list[dict[str, Any]]:
    """One row per joint measure: left and right as mean and SD over the cycles, and adults'."""
    rows = []
    for name, sides in joint_statistics(result).items():
        one = JOINT_MEASURES[name]
        cells = [_peak(sides[side], verdict.measure_level(one, side)) for side in SIDES]
        rows.append(
            {
                "label": one.label,
                "definition": one.definition,
                "cells": cells,
                "adults": "–" if person.is_child else number(adults_deg(name), 0),
            }
        )
    return rows


def _peak(statistic: Statistic, level: NumberLevel | None) -> Markup:
    if not statistic.n:
        return Markup("–")
    shown = math.isfinite(statistic.sd) and level != "do_not_use"
    spread = f" SD {number(statistic.sd, 1)}" if shown else ""
    mean = number(statistic.mean, 0)
    return briefly_flagged(Markup('<span class="v"><b>{}</b>{}</span>').format(mean, spread), level)


def adults_deg(name: str) -> float:
    """A joint measure of healthy adults' mean curve, deg; a little less than their mean peak."""
    one = JOINT_MEASURES[name]
    mean, _ = normative_band(one.curve.removesuffix("_deg"))
    return one.reading(mean, FOOT_OFF_FRACTION * CYCLE_PERCENT[-1])
