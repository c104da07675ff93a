"""One page over several trials: verdicts, key numbers, links to the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np
from markupsafe import Markup, escape

from simgait.errors import InputError
from simgait.files import safe_id, without_folders, write_text, write_together
from simgait.parameters.catalogue import parameters
from simgait.parameters.parameter import Parameter
from simgait.parameters.wording import counted
from simgait.report import svg
from simgait.report.page import asset, render
from simgait.report.words import FAILED, NOT_TRACKED, STANDING, TITLES, Level
from simgait.skeleton.sides import Side

USABLE: dict[Level, str] = {
    "use_all": "all numbers", "use_some": "some numbers", "use_none": "no number",
}  # fmt: skip
SPARK_PX, SPARK_SPAN_DEG = (84.0, 30.0), (-10.0, 80.0)
"""Of the picture of the knees; the span is that of the report's panel."""
_TITLES = {str(level): title for level, title in TITLES.items()} | NOT_TRACKED


@dataclass(frozen=True)
class IndexRow:
    """One trial of an index.

    Attributes:
        trial_id: as shown.
        report: path of its page relative to the index's folder, "" for none.
        level: of its verdict, or one of `words.NOT_TRACKED`.
        reason: of the verdict or the failure, "" for none.
        person: code of who walked, "" where nobody said it.
        recorded_on: date of the recording, "2026-11-21", "" where the file does not state it.
        not_to_use, rough, single: names of numbers that are not to be used, of those that are
            rough, and of those that are of one cycle or step only, as summary.csv heads them.
        values: parameter (of `index_parameters`) -> pool -> mean in its stored unit; NaN or absent
            where unknown.
        knees_deg: side -> mean knee flexion at equal steps of the gait cycle; none is drawn.
    """

    trial_id: str
    report: str = ""
    level: str = FAILED
    reason: str = ""
    person: str = ""
    recorded_on: str = ""
    not_to_use: frozenset[str] = frozenset()
    rough: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    knees_deg: Mapping[Side, Sequence[float]] = field(default_factory=dict)


def index_parameters() -> tuple[Parameter, ...]:
    """The parameters that an index shows: those of the report's tiles."""
    return tuple(one for one in parameters() if one.tile)


def write_index(folder: Path | str, rows: Sequence[IndexRow], visit_page: str = "") -> Path:
    """Write `folder`/index.html: what may be used, then what may not, each in the order given.

    `visit_page` is the name of the page in `folder` of all walks as one visit, "" for none.

    Raises:
        InputError: the folder cannot be written to, or a link leaves it.
    """
    visits = _visits(rows)
    shown_rows = [_row(row, visits) for row in sorted(rows, key=_is_of_no_use)]
    columns = [
        (one.label, one.display.unit.symbol + ("" if len(one.tile) == 1 else ", left / right"))
        for one in index_parameters()
    ]
    html = render(
        "index.html",
        on_sheets=("gait reports", *_whose(rows)),
        js=Markup(asset("sort.js")),
        rows=shown_rows,
        columns=columns,
        summary=_counts(rows),
        visit_page=visit_page,
        has_person=any(row.person for row in rows),
        has_date=any(row.recorded_on for row in rows),
        has_visit=bool(visits),
        has_lost=any(row.not_to_use for row in rows),
        has_rough=any(row.rough for row in rows),
        has_single=any(row.single for row in rows),
        has_knees=any(row.knees_deg for row in rows),
    )
    return write_together(Path(folder), {"index.html": lambda path: write_text(path, html)})[0]


def _whose(rows: Sequence[IndexRow]) -> tuple[str, str]:
    """The person's code, or how many people; the date, or the first and the last."""
    people = sorted({row.person for row in rows if row.person})
    days = sorted({row.recorded_on for row in rows if row.recorded_on})
    person = safe_id(people[0]) if len(people) == 1 else f"{len(people)} people" if people else ""
    return person, " to ".join(dict.fromkeys([days[0], days[-1]])) if days else ""


Visits = Mapping[tuple[str, str], int]
"""A person's code and a date -> which visit of that person it was, from 1."""


def _visits(rows: Sequence[IndexRow]) -> Visits:
    """Each day on which a named person walked is a visit; of nobody or no date there is none."""
    days: dict[str, list[str]] = {}
    for person, day in sorted({(row.person, row.recorded_on) for row in rows}):
        if person and day:
            days.setdefault(person, []).append(day)
    return {
        (person, day): place for person, own in days.items() for place, day in enumerate(own, 1)
    }


def _counts(rows: Sequence[IndexRow]) -> str:
    """How many there are of each kind."""
    walks = {level: sum(r.level == level for r in rows) for level in TITLES}
    failed, standing = (sum(r.level == level for r in rows) for level in (FAILED, STANDING))
    usable = [
        f"{shown} usable in {walks[level]}" for level, shown in USABLE.items() if walks[level]
    ]
    parts = [
        ": ".join([counted(sum(walks.values()), "walk"), *[", ".join(usable)] * bool(usable)]),
        *[f"{counted(failed, 'recording')} failed"] * bool(failed),
        *[counted(standing, "standing trial")] * bool(standing),
    ]
    return "; ".join(parts)


def _is_of_no_use(row: IndexRow) -> bool:
    return row.level not in ("use_all", "use_some")


def _row(row: IndexRow, visits: Visits) -> dict[str, object]:
    parts = row.report.split("/")
    if row.report and (row.report.startswith("/") or ".." in parts or "\\" in row.report):
        raise InputError(
            f"The index can only link to reports below its own folder, not to '{row.report}'; "
            "give a path relative to it."
        )
    return {
        "trial_id": safe_id(row.trial_id),
        "date": row.recorded_on,
        "person": safe_id(row.person) if row.person else "",
        "visit": str(visits.get((row.person, row.recorded_on), "")),
        "link": quote(row.report),
        "level": row.level,
        "verdict": _TITLES[row.level],
        # The most usable first.
        "rank": [*_TITLES].index(row.level),
        "reason": without_folders(row.reason[:1].upper() + row.reason[1:]),
        "knees": _knees(row.knees_deg),
        "knee_sort": "" if not row.knees_deg else f"{max(map(max, row.knees_deg.values())):.4g}",
        "cells": [_cell(row, one) for one in index_parameters()],
    }


def _knees(knees_deg: Mapping[Side, Sequence[float]]) -> Markup:
    """A picture of a few millimetres, of the same angles in every row."""
    if not knees_deg:
        return Markup("–")
    axes = svg.Axes(1, 1, SPARK_PX[0] - 2, SPARK_PX[1] - 2, (0.0, 1.0), SPARK_SPAN_DEG)
    lines = [
        svg.polyline(
            axes, np.linspace(0.0, 1.0, len(values)), np.clip(values, *SPARK_SPAN_DEG),
            stroke=svg.SIDE_COLOUR[side], stroke_width=1.5,
        )
        for side, values in knees_deg.items()
    ]  # fmt: skip
    peaks = ", ".join(f"{side} up to {max(values):.0f}°" for side, values in knees_deg.items())
    return svg.svg(*SPARK_PX, f"Knee flexion over the gait cycle: {peaks}", lines)


def _cell(row: IndexRow, one: Parameter) -> dict[str, object]:
    pools = row.values.get(one.key, {})
    values = {pool: pools[pool] for pool in one.tile if pool in pools}
    known = [value for value in values.values() if np.isfinite(value)]
    if not known:
        return {"text": "–", "sort": ""}
    shown = (
        _marked(row, one.summary_column(pool), one.display.text(value))
        for pool, value in values.items()
    )
    # Of left and right by their mean.
    return {"text": Markup(" / ").join(shown), "sort": f"{sum(known) / len(known):.6g}"}


def _marked(row: IndexRow, name: str, text: str) -> Markup:
    """A number as its level asks for: struck out, or with the mark of a rough or single value."""
    if name in row.not_to_use:
        return Markup("<s title='not to be used'>{}</s>").format(text)
    if name in row.rough:
        return Markup("<span title='rough'>≈ {}</span>").format(text)
    if name in row.single:
        return Markup("{}<sup title='of one cycle or step only'>†</sup>").format(text)
    return escape(text)
