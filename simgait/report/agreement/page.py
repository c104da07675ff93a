"""The agreement report as one HTML file that opens offline."""

from __future__ import annotations

import json
import string
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from simgait.compare.analysis import AnalysedReport, MeasureAgreement
from simgait.compare.evidence import ComparisonTable
from simgait.errors import InputError
from simgait.files import without_folders
from simgait.report.agreement.charts import bland_altman_plot, scatter, shows_thresholds
from simgait.report.agreement.curve_charts import event_histogram, waveform_panel
from simgait.report.agreement.opening import opening, opening_words
from simgait.report.agreement.parts import part_overviews, part_verdicts
from simgait.report.agreement.rows import (
    comparison_cell,
    event_table,
    group_tables,
    measure_rows,
    waveform_cells,
    worst_rows,
)
from simgait.report.agreement.wording import (
    NOT_DEFINED,
    exclusion_groups,
    exclusion_lead,
    method_paragraphs,
    overview,
    threshold_text,
    verdict,
    which_limits,
)
from simgait.report.page import asset, render

MARKS = {
    "good": "✓ within a small change",
    "caution": "! within a substantial change",
    "do_not_use": "✕ beyond a substantial change",
}


class Footnotes:
    """Reasons why numbers are missing, lettered in the order in which tables mention them."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._listed: set[str] = set()

    def mark(self, reason: str) -> str:
        """The letter of a reason."""
        if reason not in self._letters:
            n = len(self._letters)
            letters = string.ascii_lowercase
            self._letters[reason] = letters[n % 26] * (n // 26 + 1)
        return self._letters[reason]

    def listed(self) -> list[tuple[str, str]]:
        """Letters and reasons that were not listed before."""
        new = [(letter, why) for why, letter in self._letters.items() if why not in self._listed]
        self._listed.update(why for _, why in new)
        return new


def agreement_page(analysed: AnalysedReport) -> str:
    """The whole page as text. Every id and text is escaped, folders in them are cut off.

    Raises:
        InputError: a link leaves the report's folder.
    """
    report = analysed.report
    clean = without_folders(dict(report.provenance))
    return render(
        "agreement.html",
        on_sheets=(without_folders(report.title),),
        more_css=Markup(asset("agreement.css")),
        title=without_folders(report.title),
        facts=_facts(analysed, clean),
        opening=opening(analysed),
        opening_words=opening_words(analysed),
        **_verdicts(analysed),
        **_measures(analysed),
        **_curves_and_events(analysed),
        worst_note=without_folders(report.worst_note),
        worst=[{**vars(row), "link": safe_link(row.link)} for row in worst_rows(analysed)],
        tables=[_table(t) for t in report.tables],
        methods=method_paragraphs(analysed),
        exclusion_lead=exclusion_lead(report),
        exclusions=[
            {**vars(group), "share_text": f"{100 * group.share:.1f} %"}
            for group in exclusion_groups(report)
        ],
        provenance=json.dumps(clean, indent=2, sort_keys=True, ensure_ascii=False),
    )


def _verdicts(analysed: AnalysedReport) -> dict[str, Any]:
    """The head of the page: what it comes to, and what a reader must know."""
    parts = part_verdicts(analysed)
    return {
        "overview": overview(analysed),
        "part_overviews": part_overviews(analysed),
        "sentences": [
            {
                **vars(verdict(m)),
                "parts": [p.sentence for p in parts if p.measure == m.pairs.name],
            }
            for m in analysed.measures
        ],
        "marks": MARKS,
        "reader_notes": without_folders(analysed.report.notes),
    }


def _measures(analysed: AnalysedReport) -> dict[str, Any]:
    """Tables and plots of the measures."""
    limits, reliability = measure_rows(analysed)
    return {
        "limit_rows": limits,
        "which_limits": which_limits(analysed),
        "reliability_rows": reliability,
        "notes_of": Footnotes(),
        "not_defined": NOT_DEFINED,
        "group_tables": [
            {"heading": without_folders(heading), "rows": rows}
            for heading, rows in group_tables(analysed).items()
        ],
        "figures": [_figure(m) for m in analysed.measures if m.summary is not None],
    }


def _curves_and_events(analysed: AnalysedReport) -> dict[str, Any]:
    """Curves over the cycle and timing of events, each with its table."""
    headings, rows = event_table(analysed.events)
    return {
        "waveforms": [
            {
                "label": w.pairs.label,
                "unit": w.pairs.unit,
                "n": w.n,
                "excluded": w.n_excluded,
                "chart": waveform_panel(w) if w.n else "",
                "cells": waveform_cells(w),
            }
            for w in analysed.waveforms
        ],
        "events": [
            {
                "kind": e.events.kind,
                "chart": event_histogram(e) if len(e.events.errors_ms) else "",
                "cells": cells,
            }
            for e, cells in zip(analysed.events, rows, strict=True)
        ],
        "event_headings": headings,
    }


def _table(table: ComparisonTable) -> dict[str, Any]:
    return {
        "caption": without_folders(table.caption),
        "rows_are": table.rows_are,
        "columns": table.columns,
        "note": without_folders(table.note),
        "rows": [
            {
                "name": without_folders(row.name),
                "published": row.kind == "published",
                "cells": [comparison_cell(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
    }


def _facts(analysed: AnalysedReport, provenance: dict[str, Any]) -> str:
    parts = [f"{without_folders(analysed.report.tracker)} against the truth"]
    version = (provenance.get("versions") or {}).get("simgait")
    if version:
        parts.append(f"simgait {version}")
    date = str(provenance.get("date_utc") or "")[:10]
    if date:
        parts.append(date)
    return " · ".join(parts)


def _figure(agreement: MeasureAgreement) -> dict[str, Any]:
    note = ""
    thresholds = agreement.pairs.thresholds
    if thresholds is not None and not shows_thresholds(agreement):
        note = (
            f"The clinical thresholds ({thresholds[0]:g} and "
            f"{threshold_text(thresholds[1], agreement.pairs.unit)}) lie far outside these errors "
            "and are not drawn."
        )
    return {
        "label": agreement.pairs.label,
        "scatter": scatter(agreement),
        "bland_altman": bland_altman_plot(agreement),
        "note": note,
    }


def safe_link(link: str | None) -> str:
    """A quoted relative link; "" for none.

    Raises:
        InputError: it leaves the report's folder or names another protocol.
    """
    if not link:
        return ""
    first, parts = link.split("/", 1)[0], link.split("/")
    if link.startswith("/") or ".." in parts or "\\" in link or ":" in first:
        raise InputError(
            f"The report can only link to pages below its own folder, not to '{link}'; give a "
            "path relative to it."
        )
    return quote(link)
