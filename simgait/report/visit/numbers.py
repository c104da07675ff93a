"""The numbers of a visit: what may be made of each, cells for the page, and the table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.compare.visit_means import NumberMean, VisitMeans
from simgait.compare.visit_walks import KnownNorm
from simgait.files import csv_text
from simgait.parameters.catalogue import parameters
from simgait.parameters.parameter import POOLS, Parameter, Pool
from simgait.parameters.summary_table import LEVELS
from simgait.report.norm_words import ends_text, grouped_note, no_range
from simgait.report.trial.first_sheet import asymmetry_percent, asymmetry_text
from simgait.report.trial.levels import TOO_WIDE, NumberLevel
from simgait.report.trial.parameter_table import briefly_flagged, norm_flag, struck
from simgait.report.words import Level

IDENTITY = ("subject", "recorded_on", "height_m", "walks", "left_out", "verdict", *LEVELS)
"""Columns of visit.csv before its numbers."""


def level_of(one: NumberMean) -> NumberLevel:
    """What may be made of a visit's number, by the limits that hold for a walk's.

    It is rough or not to be used by the interval of the mean; rough also where a walk's is for what
    was found, and a score where a walk's is at all, as its angles then have offsets that all walks
    share. "single" is of one walk alone.
    """
    half, tolerance = one.mean.half_width, one.parameter.tolerance
    if not one.mean.walks or half > TOO_WIDE * tolerance:
        return "do_not_use"
    is_rough_score = one.parameter.of_scores is not None and "rough" in one.levels
    if half > tolerance or one.is_rough or is_rough_score:
        return "rough"
    return "single" if one.mean.walks == 1 else "use"


def verdict_of(found: VisitMeans) -> Level:
    """Whether all numbers of the visit may be used, some, or none."""
    levels = {level_of(one) for one in found.numbers}
    if levels <= {"do_not_use"}:
        return "use_none"
    return "use_all" if levels == {"use"} else "use_some"


def with_level(found: VisitMeans, level: NumberLevel) -> Iterator[tuple[Parameter, Pool]]:
    """The numbers of one level."""
    return ((n.parameter, n.pool) for n in found.numbers if level_of(n) == level)


def rows(found: VisitMeans, *, first_sheet: bool) -> list[dict[str, Any]]:
    """One row per parameter: left, right, both, asymmetry, normal range.

    Those of the first sheet, or all others.
    """
    return [
        {
            "label": one.label,
            "unit": one.display.unit.symbol,
            "cells": [_cell(found, found.number(one.key, pool)) for pool in POOLS],
            "asymmetry": _asymmetry(found, one),
            "normal": ends_text(one, _ends(found, one)),
        }
        for one in shown(found, first_sheet=first_sheet)
    ]


def shown(found: VisitMeans, *, first_sheet: bool) -> list[Parameter]:
    """The parameters that the visit has and the first sheet shows, or all others."""
    measured = {one.parameter.key for one in found.numbers}
    return [p for p in parameters() if p.key in measured and p.on_first_sheet == first_sheet]


def _ends(found: VisitMeans, one: Parameter) -> tuple[float, float] | None:
    norm = found.norms.get(one.key)
    return None if norm is None else (norm.low, norm.high)


def _cell(found: VisitMeans, one: NumberMean | None) -> Markup:
    """Mean with its interval, SD between the walks, and on how many of them it rests."""
    if one is None:
        return Markup("–")
    parameter, mean, level = one.parameter, one.mean, level_of(one)
    if not mean.walks:
        return struck(Markup("–")) + _told(f"n 0 of {one.denied}")
    is_shown = math.isfinite(mean.half_width) and level != "do_not_use"
    reach = f" ±{parameter.display.width(mean.half_width)}" if is_shown else ""
    text = Markup('<span class="v"><b>{}</b>{}</span>').format(
        parameter.display.text(mean.mean), reach
    )
    flagged = briefly_flagged(text, level)
    if level != "do_not_use":
        # What is not to be used is not compared with a norm either.
        flagged += norm_flag(mean.mean, mean.half_width, _ends(found, parameter))
    count = f"n {mean.walks}{f' of {mean.walks + one.denied}' if one.denied else ''}"
    spread = f"SD {parameter.display.width(mean.walk_sd)}, " if mean.walks > 1 else ""
    return flagged if count == "n 1" and level == "single" else flagged + _told(spread + count)


def _told(text: str) -> Markup:
    return Markup(' <span class="n">{}</span>').format(text)


def _asymmetry(found: VisitMeans, one: Parameter) -> Markup:
    """The symmetry index of the means of those walks that have both sides."""
    change = found.sides.get(one.key)
    sides = [found.number(one.key, side) for side in ("left", "right")]
    if change is None or any(n is None or level_of(n) == "do_not_use" for n in sides):
        return Markup("–")
    index = asymmetry_percent(change.after, change.before)
    if not math.isfinite(index):
        return Markup("–")
    known = change.shown is not Shown.NOT_COMPARABLE
    mean = 0.5 * (change.after + change.before)
    return asymmetry_text(index, 100.0 * change.detectable / mean if known else math.nan)


def norm_note(found: VisitMeans, some: Sequence[Parameter]) -> str:
    """Whose range each number of a table is compared with, and why others have none."""
    groups: dict[str, list[str]] = {}
    for one in some:
        norm, why = found.norms.get(one.key), found.no_norms.get(one.key)
        if norm is not None:
            groups.setdefault(_people(one, norm), []).append(one.label)
        elif why is not None:
            groups.setdefault(no_range(why), []).append(one.label)
    if not groups:
        return ""
    return grouped_note(groups, has_ranges=any(one.key in found.norms for one in some))


def _people(one: Parameter, norm: KnownNorm) -> str:
    return norm.whose if one.of_scores is None else f"the healthy people of {norm.whose}"


def norm_sources(found: VisitMeans) -> list[str]:
    """Where the ranges are written, each once."""
    cited = {
        f"{whose[:1].upper()}{whose[1:]}: {norm.source}."
        for one in parameters()
        if (norm := found.norms.get(one.key)) is not None and norm.source
        for whose in (_people(one, norm),)
    }
    return sorted(cited)


def table_header() -> tuple[str, ...]:
    """Columns of visit.csv: the visit, then of every number and side of the catalogue."""
    measured = (
        name
        for one in parameters()
        for pool in one.pools
        for column in (one.summary_column(pool),)
        for name in (column, *one.interval_columns(pool), f"{column}_sd", f"{column}_walks")
    )
    return (*IDENTITY, *measured, "score_reference")


def table_text(found: VisitMeans) -> str:
    """visit.csv: one row, means with their 90 % interval, SD between walks, walks of each."""
    visit = found.visit
    cells: dict[str, object] = {
        "subject": visit.person,
        "recorded_on": visit.recorded_on,
        "height_m": visit.height_m,
        "walks": len(visit.walks),
        "left_out": len(visit.left_out),
        "verdict": verdict_of(found),
        "score_reference": "; ".join(score_references(found)),
    }
    named: dict[str, list[str]] = {level: [] for level in LEVELS}
    for one in found.numbers:
        column, mean = one.parameter.summary_column(one.pool), one.mean
        low, high = one.parameter.interval_columns(one.pool)
        cells |= {
            column: mean.mean,
            low: mean.mean - mean.half_width,
            high: mean.mean + mean.half_width,
            f"{column}_sd": mean.walk_sd,
            f"{column}_walks": mean.walks,
        }
        if (level := level_of(one)) in named:
            named[level].append(column)
    cells |= {level: " ".join(names) for level, names in named.items()}
    header = table_header()
    return csv_text(header, [[cells.get(name, "") for name in header]])


def score_references(found: VisitMeans) -> tuple[str, ...]:
    """Healthy people whom the scores were made with, each once."""
    return tuple(dict.fromkeys(name for one in found.numbers for name in one.references))
