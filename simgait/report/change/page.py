"""Page and table of what changed between two visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simgait.compare.curve_change import CURVES_HEADER
from simgait.compare.visit_change import HEADER, NumberChange, VisitChange
from simgait.files import csv_text, safe_id
from simgait.parameters.parameter import WALK_SDS_FROM
from simgait.parameters.wording import counted
from simgait.report.change import charts, curve_charts
from simgait.report.change.curve_words import (
    BETWEEN_VISITS,
    CURVE_METHOD,
    SAME_VISITS,
    curve_section,
    shared_zero_text,
)
from simgait.report.change.page_files import write_page_files
from simgait.report.change.sentences import (
    PEAKS_METHOD,
    Headlines,
    headline_of,
    interval_text,
    named,
    reasons_of,
)
from simgait.report.page import render

PAGE, TABLE, CURVES_TABLE = "change.html", "change.csv", "change_curves.csv"
FILES = (PAGE, TABLE, CURVES_TABLE)
"""All that is written; the page may be printed beside it."""
CHANGED_NUMBERS = Headlines("No number can be compared.", "No change is shown in", "Changed")
METHOD = (
    "A visit's number is the mean of its walks, all weighted equally. Numbers that a walk's own "
    "report marks as not to be used are left out.",
    "Detectable (the minimal detectable change at 95 %) and the interval combine two errors. The "
    "measurement error is taken from the 90 % intervals of the walks; all walks of a visit share "
    "it, so it does not shrink with their number. The variation from one walk to the next is taken "
    "from the walks of both visits, together with a typical value that counts as four more walks "
    f"({WALK_SDS_FROM}).",
    "Changed: the difference is larger than the detectable one. By chance alone this happens in 1 "
    "of 20 numbers that did not change, so one changed number among many says little. Not shown: "
    "these walks cannot tell a change from none, which is not the same as no change. With one "
    "camera that did not move between the visits, the true error of a difference is smaller than "
    "calculated here.",
)


def write_change(folder: Path, found: VisitChange) -> None:
    """Writes change.html, change.csv and change_curves.csv, all or none.

    Raises:
        InputError: the folder cannot be written to.
    """
    table = csv_text(HEADER, [row.cells() for row in found.numbers])
    curves = csv_text(CURVES_HEADER, (row for one in found.curves for row in one.rows()))
    write_page_files(folder, {TABLE: table, CURVES_TABLE: curves, PAGE: change_page(found)})


def change_page(found: VisitChange) -> str:
    """The page as HTML."""
    shown = [row for row in found.numbers if row.is_shown]
    return render(
        "change.html",
        on_sheets=(_facts(found),),
        title=_title(found),
        names=found.names,
        facts=_facts(found),
        headline=headline(found),
        sentences=found.notes,
        picture=charts.differences(shown),
        rows=[_row(row) for row in shown],
        **_curves(found),
        reasons=reasons_of((row.why, row.parameter.label, row.pool) for row in shown),
        method=(*METHOD, PEAKS_METHOD, *CURVE_METHOD),
    )


def _curves(found: VisitChange) -> Mapping[str, Any]:
    names = found.names
    pair = f"{names.after} less {names.before}"
    panels = [
        (one, (curve_charts.curves(one, names), curve_charts.curve_difference(one, pair)))
        for one in found.curves
        if one.is_in_both
    ]
    above = (
        f"means of the walks' mean curves with their 90 % bands, {names.before} dashed, "
        f"{names.after} solid."
    )
    zero = shared_zero_text((found.before, found.after), found.curves, SAME_VISITS)
    return curve_section(found.curves, panels, BETWEEN_VISITS, above, pair, CURVES_TABLE, zero)


def _title(found: VisitChange) -> str:
    names = found.names
    if not names.is_given:
        return "What changed between two visits"
    return f"What changed: {names.before}, {names.after}"


def headline(found: VisitChange) -> str:
    """What changed, in one line."""
    shown = [row for row in found.numbers if row.is_shown]
    return headline_of(shown, CHANGED_NUMBERS, lambda row: row.change.shown, _named)


def _named(rows: Sequence[NumberChange]) -> str:
    return named((row.parameter.label, row.pool) for row in rows)


def _facts(found: VisitChange) -> str:
    people = {visit.person for visit in (found.before, found.after)}
    told = [f"person {safe_id(person)}" for person in people if person and len(people) == 1]
    called = ((found.names.before, found.before), (found.names.after, found.after))
    for which, visit in called:
        date = f", {visit.recorded_on}" if visit.recorded_on else ""
        told.append(f"{which}: {counted(len(visit.walks), 'walk')}{date}")
    return " · ".join(told)


def _row(row: NumberChange) -> dict[str, str]:
    display, change = row.parameter.display, row.change
    return {
        "label": row.parameter.label,
        "unit": display.unit.symbol,
        "side": row.pool,
        "before": display.text(change.before),
        "after": display.text(change.after),
        "difference": display.text(change.difference),
        "interval": interval_text(change, display),
        "detectable": display.text(change.detectable),
        "walks": f"{row.walks_before}, {row.walks_after}",
        "shown": "changed, clinically relevant" if row.matters else change.shown.value,
    }
