"""Page and table of a person's numbers over three visits or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simgait.agreement.change import Shown
from simgait.compare.curve_change import PAIRED_HEADER
from simgait.compare.visit_trend import (
    HEADER,
    NumberTrend,
    VisitTrend,
    cells,
    curve_cells,
    later_less_first,
)
from simgait.files import csv_text, safe_id
from simgait.parameters.wording import counted, in_sentence
from simgait.report.change import curve_charts, trend_charts
from simgait.report.change.between_words import (
    BETWEEN_METHOD,
    between_headline,
    between_sentences,
)
from simgait.report.change.curve_words import (
    CURVE_METHOD,
    SAME_VISITS,
    SINCE_THE_FIRST,
    curve_section,
    shared_zero_text,
)
from simgait.report.change.page import METHOD
from simgait.report.change.page_files import write_page_files
from simgait.report.change.sentences import (
    PEAKS_METHOD,
    Headlines,
    headline_of,
    reasons_of,
)
from simgait.report.page import render

PAGE, TABLE, CURVES_TABLE = "trend.html", "trend.csv", "trend_curves.csv"
FILES = (PAGE, TABLE, CURVES_TABLE)
"""All that is written; the page may be printed beside it."""
CHANGED_NUMBERS = Headlines(
    "No number of the last visit can be compared with the first.",
    "From the first visit to the last no change is shown in",
    "Changed from the first visit to the last",
)


def write_trend(folder: Path, found: VisitTrend) -> None:
    """Writes trend.html, trend.csv and trend_curves.csv, all or none.

    Raises:
        InputError: the folder cannot be written to.
    """
    table = csv_text(HEADER, cells(found))
    curves = csv_text(PAIRED_HEADER, curve_cells(found))
    write_page_files(folder, {TABLE: table, CURVES_TABLE: curves, PAGE: trend_page(found)})


def trend_page(found: VisitTrend) -> str:
    """The page as HTML."""
    shown = [row for row in found.numbers if row.is_shown]
    return render(
        "trend.html",
        on_sheets=(_facts(found), _first_and_last(found)),
        facts=_facts(found),
        headline=headline(found),
        between_headline=between_headline(found),
        between=between_sentences(found),
        sentences=found.notes,
        charts=[trend_charts.trend(row, found.dates) for row in shown],
        by_date=bool(found.dates),
        visits=[
            {
                "place": place,
                "date": visit.recorded_on,
                "walks": counted(len(visit.walks), "walk"),
                "swatch": curve_charts.visit_swatch(place - 1, len(found.visits)),
            }
            for place, visit in enumerate(found.visits, 1)
        ],
        rows=[_row(row) for row in shown],
        reasons=reasons_of((row.why_last, row.parameter.label, row.pool) for row in shown),
        **_curves(found),
        method=(*METHOD, BETWEEN_METHOD, PEAKS_METHOD, *CURVE_METHOD),
    )


def _curves(found: VisitTrend) -> Mapping[str, Any]:
    pair = later_less_first(len(found.visits))
    panels = []
    for one in found.curves:
        pictures = [curve_charts.over_visits(one)]
        if one.last.is_in_both:
            pictures.append(curve_charts.curve_difference(one.last, pair))
        panels.append((one.last, pictures))
    above = (
        "means of the walks' mean curves of every visit, the later the darker, thicker and with "
        "the longer dashes, the last one solid; 90 % bands of the first and the last."
    )
    last = [one.last for one in found.curves]
    zero = shared_zero_text(found.visits, last, SAME_VISITS)
    return curve_section(last, panels, SINCE_THE_FIRST, above, pair, CURVES_TABLE, zero)


def headline(found: VisitTrend) -> str:
    """What changed from the first visit to the last, in one line."""
    shown = [row for row in found.numbers if row.is_shown]
    return headline_of(shown, CHANGED_NUMBERS, lambda row: row.last.shown, _named)


def _named(rows: Sequence[NumberTrend]) -> str:
    return ", ".join(
        f"{in_sentence(row.parameter.label)}{'' if row.pool == 'both' else f' ({row.pool})'}"
        for row in rows
    )


def _facts(found: VisitTrend) -> str:
    people = {visit.person for visit in found.visits}
    told = [f"person {safe_id(person)}" for person in people if person and len(people) == 1]
    return " · ".join([*told, counted(len(found.visits), "visit")])


def _first_and_last(found: VisitTrend) -> str:
    days = [visit.recorded_on for visit in found.visits if visit.recorded_on]
    return " to ".join(dict.fromkeys([min(days), max(days)])) if days else ""


def _row(row: NumberTrend) -> dict[str, object]:
    display = row.parameter.display
    texts = []
    for visit in row.visits:
        half = display.width(visit.half_width) if visit.half_width == visit.half_width else ""
        mark = "\u00a0*" if visit.change and visit.change.shown is Shown.CHANGED else ""
        texts.append(f"{display.text(visit.mean)}{f' ±{half}' if half else ''}{mark}")
    return {
        "label": row.parameter.label,
        "unit": display.unit.symbol,
        "side": row.pool,
        "values": texts,
        "difference": display.text(row.last.difference),
        "detectable": display.text(row.last.detectable),
        "shown": "changed, clinically relevant" if row.matters else row.last.shown.value,
    }
