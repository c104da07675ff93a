"""What companions say of a tracked walk, held against each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from simgait.estimators.companion import Opinion, Said
from simgait.parameters.catalogue import find_parameter
from simgait.report.trial.opinions import (
    COUNTERPARTS,
    NOT_KNOWN,
    CompanionSays,
    side_words,
    with_interval,
)

GDI = "gdi_points"
QUANTITIES = {
    "velocity_mps": "walking speed",
    "cadence_spm": "cadence",
    "step_length_m": "step length",
    GDI: "GDI",
}
OVERLAP = "intervals overlap"


@dataclass(frozen=True)
class Among:
    """One quantity that several companions say.

    Attributes:
        quantity, side: what.
        said: who says what, with intervals, as text.
        verdict: whose intervals do not overlap.
    """

    quantity: str
    side: str
    said: str
    verdict: str


def among(says: Sequence[CompanionSays]) -> list[Among]:
    """Speed, cadence, step length and GDI wherever two companions or more say them.

    GDIs are compared where they are against the same healthy people.
    """
    rows = []
    for key, label in QUANTITIES.items():
        for side in ("left", "right", "both"):
            groups: dict[str, dict[str, Said]] = {}
            for one in says:
                if one.opinion is not None and (number := _number(one.opinion, key, side)):
                    people = one.opinion.reference_sha256 if key == GDI else ""
                    groups.setdefault(people, {})[one.name] = number
            rows += [_row(label, key, side, own) for own in groups.values() if len(own) > 1]
    return rows


def _number(opinion: Opinion, key: str, side: str) -> Said | None:
    """The opinion's number; a GDI of both sides is their mean where it has one of each."""
    known = {
        one.side: one
        for one in opinion.numbers
        if COUNTERPARTS.get(one.key, one.key) == key and math.isfinite(one.value)
    }
    if side in known or key != GDI or side != "both" or not {"left", "right"} <= set(known):
        return known.get(side)
    left, right = known["left"], known["right"]
    # Their errors are those of one picture: the mean's interval is no narrower.
    return replace(
        left, side="both", value=0.5 * (left.value + right.value),
        low=0.5 * (left.low + right.low), high=0.5 * (left.high + right.high),
    )  # fmt: skip


def _row(label: str, key: str, side: str, numbers: dict[str, Said]) -> Among:
    parameter = find_parameter(key)
    display = None if parameter is None else parameter.display
    said = "; ".join(
        f"{name} {with_interval(one.value, one.low, one.high, one.unit, display)}"
        for name, one in numbers.items()
    )
    known = {name: one for name, one in numbers.items() if math.isfinite(one.low + one.high)}
    apart = [
        f"{first} and {second}"
        for first, second in combinations(known, 2)
        if known[first].high < known[second].low or known[second].high < known[first].low
    ]
    if len(known) < 2:
        verdict = NOT_KNOWN
    else:
        verdict = f"no overlap: {'; '.join(apart)}" if apart else OVERLAP
    return Among(label, side_words(side), said, verdict)


def disagreement_among(rows: Sequence[Among]) -> str:
    """One sentence on which of their intervals do not overlap."""
    checked = [row for row in rows if row.verdict != NOT_KNOWN]
    if not checked:
        return "Fewer than two of them have an interval of the same number."
    apart = [row for row in checked if row.verdict != OVERLAP]
    if not apart:
        return "Where two of them have intervals of the same number, these overlap."
    named = ", ".join(f"{row.quantity}{f', {row.side}' if row.side else ''}" for row in apart)
    return f"They contradict each other, as their intervals do not overlap, in: {named}."
