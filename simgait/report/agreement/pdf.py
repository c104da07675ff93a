"""The agreement report as PDF: the same numbers and words as the page, drawn by matplotlib."""

from __future__ import annotations

import warnings
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from simgait.compare.analysis import AnalysedReport
from simgait.compare.evidence import ComparisonTable
from simgait.files import without_folders
from simgait.report.agreement.figures import event_pages, measure_page, waveform_pages
from simgait.report.agreement.parts import part_overviews, part_verdicts
from simgait.report.agreement.rows import (
    MeasureRow,
    comparison_cell,
    event_table,
    group_tables,
    measure_rows,
    waveform_cells,
    worst_rows,
)
from simgait.report.agreement.sheets import A4_IN, MARGIN, QUIET, Sheets
from simgait.report.agreement.wording import (
    Shown,
    exclusion_groups,
    exclusion_lead,
    method_paragraphs,
    overview,
    verdict,
    which_limits,
    with_unit,
)

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # an id may hold a dollar sign
}


def write_agreement_pdf(path: Path, analysed: AnalysedReport) -> None:
    """Cover with verdict and tables, a page per measure, curves, events, trackers, methods.

    The file holds no date but the provenance's, so the same report gives the same bytes.
    """
    title = str(without_folders(analysed.report.title))
    metadata = {"Title": title, "Creator": "simgait", "Producer": None, "CreationDate": None}
    with (
        matplotlib.rc_context(STYLE),  # type: ignore[arg-type]
        warnings.catch_warnings(),
        PdfPages(path, metadata=metadata) as pdf,
    ):
        # An id in a script that the font lacks is drawn as boxes; the HTML page has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        pages = _pages(analysed)
        foot = f"{title[:80]} · simgait, a research tool, not a medical device"
        for number, page in enumerate(pages, 1):
            page.text(MARGIN, 0.03, foot, size=7.5, color=QUIET)
            page.text(
                1 - MARGIN, 0.03, f"{number} / {len(pages)}", ha="right", size=7.5, color=QUIET
            )
            pdf.savefig(page)


def _pages(analysed: AnalysedReport) -> list[Figure]:
    figures = [measure_page(m, A4_IN) for m in analysed.measures if m.summary is not None]
    figures += waveform_pages([w for w in analysed.waveforms if w.n], A4_IN)
    figures += event_pages([e for e in analysed.events if len(e.events.errors_ms)], A4_IN)
    return [*_front(analysed).figures, *figures, *_back(analysed).figures]


def _front(analysed: AnalysedReport) -> Sheets:
    report, sheets = analysed.report, Sheets()
    sheets.heading(report.title, size=17.0)
    date = str(without_folders(dict(report.provenance)).get("date_utc") or "")
    sheets.paragraph(
        " · ".join(t for t in (f"{report.tracker} against the truth", date) if t), quiet=True
    )
    sheets.paragraph(overview(analysed), bold=True)
    for text in part_overviews(analysed):
        sheets.paragraph(text)
    sheets.paragraph(" ")
    parts = part_verdicts(analysed)
    for measure in analysed.measures:
        line = verdict(measure)
        sheets.paragraph(line.label, bold=True)
        sheets.paragraph(line.text)
        for part in (p.sentence for p in parts if p.measure == measure.pairs.name):
            sheets.paragraph(f"{part.label}: {part.text}", quiet=True)
    for note in report.notes:
        sheets.paragraph(note)
    limits, reliability = measure_rows(analysed)
    if limits:
        sheets.heading("Bias and limits of agreement, with 95 % intervals")
        sheets.table(
            ("Measure", "n", "People", "Bias", "Lower limit", "Upper limit", "Proportional bias"),
            [(_named(r.label, r.unit), str(r.n), str(r.people), *map(_two_lines, r.cells))
             for r in limits],
            f"{which_limits(analysed)} {_reasons([c for r in limits for c in r.cells])}".strip(),
        )  # fmt: skip
        sheets.heading("Error size and reliability, with 95 % intervals")
        sheets.table(
            ("Measure", "RMSE", "Robust σ", "r", "CCC", "ICC(A,1)", "ICC(C,1)", "SEM", "MDC95"),
            [(_named(r.label, r.unit), *map(_two_lines, r.cells)) for r in reliability],
            _reasons([c for r in reliability for c in r.cells]) + _without_value(reliability),
        )
    for heading, rows in group_tables(analysed).items():
        sheets.heading(f"By {heading}")
        sheets.table(
            ("Measure", "Group", "n", "Bias", "Lower limit", "Upper limit", "RMSE"),
            [
                (_named(r.label, r.unit), r.group, str(r.n),
                 *([_two_lines(c) for c in r.cells] or ["too few"] * 4))
                for r in rows
            ],
        )  # fmt: skip
    return sheets


def _back(analysed: AnalysedReport) -> Sheets:
    report, sheets = analysed.report, Sheets()
    if analysed.waveforms:
        cells = {w.pairs.name: waveform_cells(w) for w in analysed.waveforms}
        sheets.heading("Curves over the gait cycle")
        sheets.table(
            ("Curve", "n", "Incomplete", "CMC", "Scale a1", "Offset a0", "R²", "RMSE",
             "RMSE without offset"),
            [(_named(w.pairs.label, w.pairs.unit), str(w.n), str(w.n_excluded),
              *(c.text for c in cells[w.pairs.name])) for w in analysed.waveforms],
            _reasons([c for row in cells.values() for c in row]),
        )  # fmt: skip
    if analysed.events:
        headings, cells_of = event_table(analysed.events)
        sheets.heading("Event timing")
        sheets.table(
            ("Event", *headings),
            [(e.events.kind, *row) for e, row in zip(analysed.events, cells_of, strict=True)],
        )
    for table in report.tables:
        _comparison(sheets, table)
    if report.worst:
        sheets.heading("Largest errors")
        rows = worst_rows(analysed)
        named = any(r.person for r in rows)
        sheets.table(
            ("Trial", *(["Person"] if named else []), "Measure", "Truth", "Estimate", "Error"),
            [
                (r.trial_id, *([r.person] if named else []), r.label,
                 *(with_unit(value, r.unit) for value in (r.truth, r.estimate, r.error)))
                for r in rows
            ],
        )  # fmt: skip
    sheets.heading("Left out")
    sheets.paragraph(exclusion_lead(report))
    for group in exclusion_groups(report):
        n = len(group.trial_ids)
        sheets.paragraph(
            f"{n} ({100 * group.share:.1f} %), {group.reason}: {', '.join(group.trial_ids)}"
        )
    sheets.heading("Methods")
    for text in method_paragraphs(analysed):
        sheets.paragraph(text)
    versions = without_folders(dict(report.provenance)).get("versions") or {}
    if versions:
        sheets.heading("Versions")
        text = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        sheets.paragraph(f"{text}; the rest is in provenance.json.")
    return sheets


def _comparison(sheets: Sheets, table: ComparisonTable) -> None:
    published = any(row.kind == "published" for row in table.rows)
    sheets.heading(table.caption)
    sheets.table(
        (table.rows_are, *table.columns),
        [
            (
                row.name + (" *" if row.kind == "published" else ""),
                *(comparison_cell(cell) for cell in row.cells),
            )
            for row in table.rows
        ],
        " ".join(part for part in ("* published." if published else "", table.note) if part),
    )


def _reasons(cells: list[Shown]) -> str:
    reasons = dict.fromkeys(cell.reason for cell in cells if cell.reason)
    return " ".join(f"No value or interval: {reason}." for reason in reasons)


def _without_value(rows: list[MeasureRow]) -> str:
    some = [f"{r.label} {r.excluded}" for r in rows if r.excluded != "0"]
    return f" Pairs without a value: {', '.join(some)}." if some else ""


def _named(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _two_lines(cell: Shown) -> str:
    return f"{cell.text}\n{cell.interval}" if cell.interval else cell.text
