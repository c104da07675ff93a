"""Findings that name numbers of a walk, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simgait.findings import Finding
from simgait.parameters.catalogue import parameters
from simgait.parameters.column import Display
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import Pool
from simgait.parameters.wording import beside_limit, in_sentence
from simgait.plain_text import listed
from simgait.report.number_names import numbers_in_words, sides_in_words
from simgait.report.sentence_table import Values
from simgait.skeleton.sides import SIDES

MOST_NUMBERS = 6
"""Chosen so that the sentence still reads; the page's table has the others."""
TWICE = 2.0
"""As the sentence on what is too uncertain says: `trial.levels.TOO_WIDE`, which is above this."""


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
        f"{_with_half_widths(finding, 1.0)}."
    )


def interval_too_wide(finding: Finding) -> str:
    """Numbers whose interval says too little."""
    return (
        "Too uncertain: these may be off by more than twice a difference that matters to a "
        "clinician: "
        f"{_with_half_widths(finding, TWICE)}."
    )


def scores_rough(finding: Finding) -> str:
    """Scores that are made of rough angles."""
    values: Values = finding.values
    if not values["angles"]:
        return (
            "Rough: the scores, as angles of a single camera's detector have offsets that those of "
            "the healthy people, tracked from markers, do not have."
        )
    shown = _shown()
    labels = dict.fromkeys(shown[name].label for name in values["angles"])
    words = ", ".join(in_sentence(label) for label in labels)
    return f"Rough: the scores, as not all of their angles may be used ({words})."


def _with_half_widths(finding: Finding, times: float) -> str:
    """Each quantity once, with the widest of its sides: "stance ±3.8 % (left)".

    The side is said where it is one of two, or where both are sure and only the mean is not.

    Args:
        finding: with numbers and half-widths.
        times: what matters, beyond which these are.
    """
    values: Values = finding.values
    shown = _shown()
    of: dict[str, list[tuple[float, _Shown]]] = {}
    for name, half in zip(values["numbers"], values["half_widths"], strict=True):
        of.setdefault(shown[name].label, []).append((half, shown[name]))
    return listed([_widest(meant, times) for meant in of.values()], MOST_NUMBERS)


@dataclass(frozen=True)
class _Shown:
    """How a person reads one number or curve.

    Attributes:
        pools: that its quantity has.
        matters: half-width (stored unit) up to which it can be used as it is.
    """

    label: str
    display: Display
    pool: Pool
    pools: tuple[Pool, ...]
    matters: float

    def width(self, half: float, limit: float) -> str:
        """A half-width that passes a limit: "±7", "±5.3" beside 5."""
        text = self.display.width(half)
        if text != self.display.width(limit):
            return f"±{text}"
        factor, form = self.display.factor, f".{self.display.decimals}f"
        *just_over, figure = beside_limit(factor * half, factor * limit, form)[0].split()
        return " ".join((*just_over, f"±{figure}"))


def _widest(meant: Sequence[tuple[float, _Shown]], times: float) -> str:
    """One quantity in words, with the widest half-width of the sides that are meant."""
    half, one = max(meant, key=lambda pair: pair[0])
    unit = one.display.unit.brief
    width = one.width(half, times * one.matters)
    text = f"{in_sentence(one.label)} {width}{'' if unit == '°' else ' '}{unit}"
    pools = {shown.pool for _, shown in meant}
    unsure: list[Pool] = [side for side in SIDES if side in pools] or ["both"]
    of_one = len(unsure) == 1 and set(SIDES) <= set(one.pools)
    return f"{text} ({sides_in_words(unsure)})" if of_one else text


def _shown() -> dict[str, _Shown]:
    """Name of every number and curve -> how a person reads it."""
    angles = {
        f"{side}_{curve.key}": _Shown(
            curve.label,
            Display(curve.unit, decimals=0),
            side,
            SIDES,
            curve.clinical_change.substantial,
        )
        for curve in CURVES
        for side in SIDES
    }
    return angles | {
        one.summary_column(pool): _Shown(
            one.label, one.display, pool, tuple(one.pools), one.tolerance
        )
        for one in parameters()
        for pool in one.pools
    }
