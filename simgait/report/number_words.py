"""Findings that name numbers of a walk, in words."""

from __future__ import annotations

from simgait.findings import Finding
from simgait.parameters.catalogue import parameters
from simgait.parameters.column import Display
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import Pool
from simgait.parameters.wording import in_sentence
from simgait.plain_text import listed
from simgait.report.number_names import numbers_in_words
from simgait.report.sentence_table import Values
from simgait.skeleton.sides import SIDES

MOST_NUMBERS = 6
"""Chosen so that the sentence still reads; the page's table has the others."""


def single_values(finding: Finding) -> str:
    """Numbers of one cycle or step."""
    named = {
        one.summary_column(pool): (one.label, pool) for one in parameters() for pool in one.pools
    }
    values: Values = finding.values
    single = numbers_in_words(named[name] for name in values["numbers"])
    return f"Of one cycle or step only, which is no mean: {single}."


def interval_wide(finding: Finding) -> str:
    """Numbers that are rough."""
    return (
        "Rough: these may be off by more than a difference that matters to a clinician: "
        f"{_with_half_widths(finding)}."
    )


def interval_too_wide(finding: Finding) -> str:
    """Numbers whose interval says too little."""
    return (
        "Too uncertain: these may be off by more than twice a difference that matters to a "
        "clinician: "
        f"{_with_half_widths(finding)}."
    )


def scores_rough(finding: Finding) -> str:
    """Scores that are made of rough angles."""
    values: Values = finding.values
    if not values["angles"]:
        return (
            "Rough: the scores, as angles of a single camera's detector have offsets that those of "
            "the healthy people, tracked from markers, do not have."
        )
    shown = _displays()
    labels = dict.fromkeys(shown[name][0] for name in values["angles"])
    words = ", ".join(in_sentence(label) for label in labels)
    return f"Rough: the scores, as not all of their angles may be used ({words})."


def _with_half_widths(finding: Finding) -> str:
    """Each quantity once, with the widest of its sides: "walking speed ±0.13 m/s"."""
    values: Values = finding.values
    shown = _displays()
    widest: dict[str, tuple[float, Display]] = {}
    for name, half in zip(values["numbers"], values["half_widths"], strict=True):
        label, display = shown[name]
        widest[label] = max(widest.get(label, (0.0, display)), (half, display), key=_first)
    words = [
        f"{in_sentence(label)} ±{display.width(half)}"
        f"{'' if display.unit.brief == '°' else ' '}{display.unit.brief}"
        for label, (half, display) in widest.items()
    ]
    return listed(words, MOST_NUMBERS)


def _first(pair: tuple[float, Display]) -> float:
    return pair[0]


def _displays() -> dict[str, tuple[str, Display]]:
    """Name of every number and curve -> its label, and how a person reads it."""
    pools: tuple[Pool, ...] = SIDES
    angles = {
        f"{side}_{curve.key}": (curve.label, Display(curve.unit, decimals=0))
        for curve in CURVES
        for side in pools
    }
    return angles | {
        one.summary_column(pool): (one.label, one.display)
        for one in parameters()
        for pool in one.pools
    }
