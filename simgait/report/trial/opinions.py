"""What companions say of a tracked walk, beside what the simulated body says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simgait.companions import companion_names, load_companion
from simgait.errors import InputError
from simgait.estimators.companion import Opinion, Said, SaidCurve, TrackedWalk
from simgait.estimators.opinion_rows import HEADER, opinion_rows
from simgait.files import csv_text, write_text
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import find_parameter
from simgait.parameters.column import Display
from simgait.parameters.wording import number, with_minus
from simgait.report.opinion_doubts import opinion_doubts
from simgait.report.twin import joint_rows
from simgait.skeleton.sides import SIDES

OPINIONS = "opinions.csv"
COUNTERPARTS = {"speed_mps": "velocity_mps"}
"""Numbers that companions call otherwise than the catalogue."""
AGREE, APART, NOT_KNOWN, NOT_COMPARED = "agree", "apart", "interval not known", "not compared"


@dataclass(frozen=True)
class CompanionSays:
    """What one companion says of a walk.

    Attributes:
        name: of the companion.
        opinion: None where it cannot read the walk.
        reason: why it cannot; empty where it can.
        makes_twins: whether it makes twins of walks that it can read.
    """

    name: str
    opinion: Opinion | None
    reason: str = ""
    makes_twins: bool = False


@dataclass(frozen=True)
class Compared:
    """One quantity, as a companion and the simulated body say it.

    Attributes:
        companion, quantity, side: what, and who says it.
        says, body: values with their intervals, as text.
        verdict: whether each lies outside the other's interval.
    """

    companion: str
    quantity: str
    side: str
    says: str
    body: str
    verdict: str


def ask_companions(walk: TrackedWalk) -> tuple[CompanionSays, ...]:
    """Every companion's word on a walk, or why it has none."""
    return tuple(_ask(name, walk) for name in companion_names())


def _ask(name: str, walk: TrackedWalk) -> CompanionSays:
    companion = load_companion(name)
    if companion.second_opinion is None:
        return CompanionSays(name, None, f"It reads {companion.reads}, and no tracked walk.")
    makes_twins = companion.makes_twins
    try:
        opinion = companion.second_opinion(walk)
        doubts = opinion_doubts(opinion, walk.trial.trial_id)
        opinion = replace(opinion, notes=(*doubts, *opinion.notes))
        return CompanionSays(name, opinion, makes_twins=makes_twins)
    except InputError as error:
        return CompanionSays(name, None, str(error), makes_twins)


def joints_called_wrong(says: Sequence[CompanionSays]) -> dict[str, tuple[str, ...]]:
    """Companion -> the joints that it calls unlike normal walking; who calls none is left out."""
    called = {
        one.name: tuple(joint.name for joint in one.opinion.twin.joints if joint.is_wrong)
        for one in says
        if one.opinion is not None and one.opinion.twin is not None
    }
    return {name: joints for name, joints in called.items() if joints}


def compared(says: Sequence[CompanionSays], gait: GaitResult) -> list[Compared]:
    """Every number and curve of the companions, beside that of the simulated body.

    A companion that says whole curves has these compared, and not the numbers read from them; one
    that judges joints has a table of its own.
    """
    rows: list[Compared] = []
    for one in says:
        opinion = one.opinion
        if opinion is None or opinion.twin is not None:
            continue
        if opinion.curves:
            rows += (_compared_curve(one.name, curve, gait) for curve in opinion.curves)
        else:
            rows += (_compared_number(one.name, said, gait) for said in opinion.numbers)
    return rows


def _compared_number(name: str, said: Said, gait: GaitResult) -> Compared:
    key = COUNTERPARTS.get(said.key, said.key)
    statistic = gait.parameters.get(key, {}).get(said.side)
    ours = find_parameter(key)
    display = None if ours is None else ours.display
    says = with_interval(said.value, said.low, said.high, said.unit, display)
    of_score = said.key.startswith("gdi")
    if statistic is None or of_score or not math.isfinite(statistic.mean + said.value):
        return Compared(name, said.label, side_words(said.side), says, "–", NOT_COMPARED)
    low, high = gait.interval(key, said.side)
    body = with_interval(statistic.mean, low, high, said.unit, display)
    if not math.isfinite(low + said.low):
        verdict = NOT_KNOWN
    else:
        apart = are_apart(said.value, said.value - said.low, statistic.mean, high - statistic.mean)
        verdict = APART if apart else AGREE
    return Compared(name, said.label, side_words(said.side), says, body, verdict)


def _compared_curve(name: str, curve: SaidCurve, gait: GaitResult) -> Compared:
    known = next(
        (
            found[curve.key]
            for side in SIDES
            if side == curve.side and curve.key in (found := gait.mean_curves(side, [curve.key]))
        ),
        None,
    )
    values = np.array(curve.values)
    says = _range(values, curve.half_width, curve.unit)
    if known is None or not np.isfinite(known[0]).all():
        return Compared(name, curve.label, curve.side, says, "–", NOT_COMPARED)
    mean, half = known
    own = np.interp(curve.percent, np.linspace(0.0, 100.0, len(mean)), mean)
    body = _range(own, half, curve.unit)
    if not math.isfinite(half + curve.half_width):
        return Compared(name, curve.label, curve.side, says, body, NOT_KNOWN)
    apart = np.abs(values - own) > max(half, curve.half_width)
    verdict = f"{APART} in {100.0 * apart.mean():.0f} % of the cycle" if apart.any() else AGREE
    return Compared(name, curve.label, curve.side, says, body, verdict)


def are_apart(value: float, half: float, other: float, other_half: float) -> bool:
    """Whether each of two numbers lies outside the other's interval."""
    return abs(value - other) > max(half, other_half)


def side_words(side: str) -> str:
    """The side of a number; nothing of one of both."""
    return "" if side == "both" else side


def with_interval(value: float, low: float, high: float, unit: str, display: Display | None) -> str:
    """A number and its interval as text; an en dash where there is none."""
    if not math.isfinite(value):
        return "–"
    text = display.text if display else lambda stored: number(stored, 1)
    unit = display.unit.symbol if display else unit
    reach = f" ({text(low)} to {text(high)})" if math.isfinite(low) else ""
    return f"{text(value)}{unit if unit == '°' else f' {unit}'}{reach}"


def _range(values: np.ndarray, half: float, unit: str) -> str:
    reach = f" ± {half:.1f}" if math.isfinite(half) else ""
    low, high = (with_minus(f"{round(float(x))}") for x in (values.min(), values.max()))
    return f"{low} to {high}{unit}{reach}"


def disagreement(rows: Sequence[Compared]) -> str:
    """One sentence on what is apart."""
    apart = [row for row in rows if row.verdict.startswith(APART)]
    checked = sum(row.verdict.startswith((APART, AGREE)) for row in rows)
    if not checked:
        return "No number of theirs has an interval to compare with."
    verb = "is" if len(apart) == 1 else "are"
    return f"Of {checked} numbers and curves with intervals, {len(apart) or 'none'} {verb} apart."


def opinion_sections(
    says: Sequence[CompanionSays], rows: Sequence[Compared]
) -> list[dict[str, Any]]:
    """Each companion that says something: its name, notes, numbers, and joints that it judges."""
    return [
        {
            "name": one.name,
            "notes": [as_sentence(note, one.name) for note in one.opinion.notes],
            "rows": [row for row in rows if row.companion == one.name],
            "joints": [] if one.opinion.twin is None else joint_rows(one.opinion.twin),
        }
        for one in says
        if one.opinion is not None
    ]


def as_sentence(words: str, about: str) -> str:
    """A capital and a full stop, without "about: " before it."""
    words = words.removeprefix(f"{about}: ").rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def write_opinions(path: Path, says: Sequence[CompanionSays]) -> None:
    """companion, quantity, side, percent, value, low, high, made_by: all that was said."""
    write_text(path, csv_text(HEADER, _rows(says)))


def _rows(says: Sequence[CompanionSays]) -> Iterator[tuple[str, ...]]:
    for one in says:
        if one.opinion is not None:
            yield from opinion_rows(one.name, one.opinion)
