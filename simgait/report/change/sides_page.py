"""Page and table of the left and the right side of one visit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from simgait.compare.curve_change import LEFT_LESS_RIGHT, PAIRED_HEADER, paired_rows
from simgait.compare.visit_sides import HEADER, SideDifference, VisitSides
from simgait.files import csv_text, safe_id
from simgait.parameters.parameter import WALK_SDS_FROM
from simgait.parameters.wording import counted, in_sentence
from simgait.report.change import curve_charts
from simgait.report.change.charts import COLOUR
from simgait.report.change.curve_words import (
    BETWEEN_SIDES,
    SAME_SIDES,
    SIDE_CURVE_METHOD,
    curve_section,
    shared_zero_text,
)
from simgait.report.change.page_files import write_page_files
from simgait.report.change.sentences import (
    PEAKS_METHOD,
    Headlines,
    headline_of,
    interval_text,
)
from simgait.report.interval_rows import IntervalRow, interval_rows
from simgait.report.page import render

PAGE, TABLE, CURVES_TABLE = "sides.html", "sides.csv", "sides_curves.csv"
FILES = (PAGE, TABLE, CURVES_TABLE)
"""All that is written; the page may be printed beside it."""
DIFFERENT_NUMBERS = Headlines(
    "No number can be compared between the sides.",
    "No difference between left and right is shown in",
    "Left and right differ",
    called="different",
)
METHOD = (
    "A side's number is the mean over the walks in which that of both sides may be used, all "
    "weighted equally; the difference is left less right, walk by walk.",
    "Detectable and the interval (95 %) combine two errors. The measurement error is taken from "
    "the 90 % intervals of both sides; as nobody knows how these errors go together, they are "
    "added up, which is the worst case. How much the difference varies from walk to walk is taken "
    "from the walks, together with a typical value that counts as four more "
    f"({WALK_SDS_FROM}).",
    "Left greater, right greater: the difference is larger than the detectable one. Not shown: "
    "these walks cannot tell the sides apart, which is not the same as no difference.",
)


def write_sides(folder: Path, found: VisitSides) -> None:
    """Writes sides.html, sides.csv and sides_curves.csv, all or none.

    Raises:
        InputError: the folder cannot be written to.
    """
    table = csv_text(HEADER, [row.cells() for row in found.numbers])
    curves = csv_text(PAIRED_HEADER, paired_rows(LEFT_LESS_RIGHT, found.curves))
    write_page_files(folder, {TABLE: table, CURVES_TABLE: curves, PAGE: sides_page(found)})


def sides_page(found: VisitSides) -> str:
    """The page as HTML."""
    visit = found.visit
    told = [
        f"person {safe_id(visit.person)}" if visit.person else "",
        visit.recorded_on,
        counted(len(visit.walks), "walk"),
    ]
    return render(
        "sides.html",
        on_sheets=(*told, "left and right"),
        facts=" · ".join(filter(None, told)),
        headline=headline(found),
        sentences=found.notes,
        picture=_differences(found),
        rows=[_row(row) for row in found.numbers],
        **_curves(found),
        method=(*METHOD, PEAKS_METHOD, *SIDE_CURVE_METHOD),
    )


def headline(found: VisitSides) -> str:
    """Which numbers differ between the sides, in one line."""
    return headline_of(found.numbers, DIFFERENT_NUMBERS, lambda row: row.change.shown, _named)


def _named(rows: Sequence[SideDifference]) -> str:
    return ", ".join(f"{in_sentence(row.parameter.label)} ({row.verdict})" for row in rows)


def _differences(found: VisitSides) -> Markup:
    drawn = []
    for row in found.numbers:
        unit, change = row.parameter.tolerance, row.change
        if math.isfinite(unit) and math.isfinite(change.detectable):
            low, high = (end / unit for end in change.interval)
            middle, colour = change.difference / unit, COLOUR[change.shown]
            drawn.append(IntervalRow(row.parameter.label, middle, low, high, colour))
    return interval_rows(drawn, f"Left less right of {len(drawn)} numbers with 95 % intervals")


def _row(row: SideDifference) -> dict[str, str]:
    display, change = row.parameter.display, row.change
    return {
        "label": row.parameter.label,
        "unit": display.unit.symbol,
        "left": display.text(change.after),
        "right": display.text(change.before),
        "difference": display.text(change.difference),
        "interval": interval_text(change, display),
        "detectable": display.text(change.detectable),
        "walks": str(row.walks),
        "shown": f"{row.verdict}{', clinically relevant' if row.matters else ''}",
    }


def _curves(found: VisitSides) -> Mapping[str, Any]:
    panels = [
        (one, (curve_charts.sides(one), curve_charts.curve_difference(one, LEFT_LESS_RIGHT)))
        for one in found.curves
    ]
    above = "means of the walks' mean curves with their 90 % bands, left solid, right dashed."
    return curve_section(
        found.curves, panels, BETWEEN_SIDES, above, LEFT_LESS_RIGHT, CURVES_TABLE,
        shared_zero_text((found.visit,), found.curves, SAME_SIDES),
    )  # fmt: skip
