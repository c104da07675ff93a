"""Writes an agreement report: page, table of statistics, JSON and provenance."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from simgait.agreement import Estimate
from simgait.compare.analysis import (
    AnalysedReport,
    EventAgreement,
    MeasureAgreement,
    WaveformAgreement,
    analyse_agreement,
)
from simgait.compare.evidence import AgreementReport, ComparisonTable, WorstTrial
from simgait.errors import InputError
from simgait.files import csv_text, without_folders, write_text, write_together
from simgait.report.agreement.page import agreement_page
from simgait.report.agreement.parts import part_overviews, part_verdicts
from simgait.report.agreement.rows import comparison_cell
from simgait.report.agreement.wording import (
    excluded_walks,
    exclusion_groups,
    method_paragraphs,
    overview,
    shown_id,
    verdict,
)

PAGE = "agreement.html"
PRINTED = "agreement.pdf"
"""The page as PDF, printed from it by `report.browser_pdf`; one of an older page is removed."""


def write_agreement_report(
    folder: Path | str, report: AgreementReport, *, seed: int = 0, n_resamples: int = 1000
) -> AnalysedReport:
    """Analyse a report and write it into `folder`, all of it or nothing.

    Writes agreement.html, measures.csv, report.json and provenance.json; files of these names are
    replaced, others stay.

    Args:
        folder: made if it does not exist.
        report: pairs, curves, events, tables; its `provenance` becomes provenance.json.
        seed: of the bootstrap by subject.
        n_resamples: of the bootstrap by subject.

    Raises:
        InputError: the folder cannot be written to, no measure can be analysed although there are
            some, or a link leaves the folder.
    """
    analysed = analyse_agreement(report, seed=seed, n_resamples=n_resamples)
    problems = [m.problem for m in analysed.measures if m.summary is None]
    if analysed.measures and len(problems) == len(analysed.measures):
        name = analysed.measures[0].pairs.name
        raise InputError(f"No measure can be analysed; {name}: {problems[0]}")
    html = agreement_page(analysed)
    provenance = without_folders(dict(report.provenance))
    write_together(
        Path(folder),
        {
            "measures.csv": lambda path: _write_measures(path, analysed),
            "report.json": lambda path: _write_json(path, report_record(analysed)),
            "provenance.json": lambda path: _write_json(path, provenance),
            PAGE: lambda path: write_text(path, html),
        },
    )
    (Path(folder) / PRINTED).unlink(missing_ok=True)
    return analysed


def measure_record(agreement: MeasureAgreement) -> dict[str, Any]:
    """Every statistic of one measure, full precision, intervals as `_low` and `_high`.

    NaN where not defined; `not_defined` holds the reasons. Limits for a constant true value are
    NaN where `limits_for` is one walk per person.
    """
    pairs, s = agreement.pairs, agreement.summary
    record: dict[str, Any] = {"measure": pairs.name, "label": pairs.label, "unit": pairs.unit}
    if s is None:
        return record | {"problem": agreement.problem}
    record |= {
        "n_pairs": s.n_pairs,
        "n_people": s.n_subjects,
        "n_without_value": s.n_excluded,
        "fraction_without_value": s.fraction_excluded,
        "limits_for": "several walks per person" if s.n_subjects < s.n_pairs else "one per person",
    }
    icc, reasons = s.reliability, []
    constant, absent = s.limits_if_constant, Estimate(math.nan)
    estimates: dict[str, Estimate] = {
        "bias": s.limits.bias,
        "lower_limit": s.limits.lower,
        "upper_limit": s.limits.upper,
        "slope": s.slope,
        "proportional_bias": s.proportional_bias,
        "rmse": s.rmse,
        "robust_sigma": s.robust_sigma,
        "r": s.pearson,
        "ccc": s.concordance,
        "icc_a1": icc.icc_agreement,
        "icc_c1": icc.icc_consistency,
        "lower_limit_if_constant": constant.lower if constant else absent,
        "upper_limit_if_constant": constant.upper if constant else absent,
    }
    for name, estimate in estimates.items():
        record |= {
            name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high
        }  # fmt: skip
        if estimate.reason:
            reasons.append(f"{name}: {estimate.reason}")
    return record | {
        "sd": s.limits.sd,
        "sd_if_constant": constant.sd if constant else math.nan,
        "median": s.errors.median,
        "q1": s.errors.q1,
        "q3": s.errors.q3,
        "mae": s.errors.mae,
        "worst": s.errors.worst,
        "sem": icc.sem_agreement,
        "mdc95": icc.mdc95_agreement,
        "threshold_small": pairs.thresholds[0] if pairs.thresholds else math.nan,
        "threshold_substantial": pairs.thresholds[1] if pairs.thresholds else math.nan,
        "not_defined": "; ".join(reasons),
        "problem": "",
    }


def report_record(analysed: AnalysedReport) -> dict[str, Any]:
    """The report as JSON types, NaN as None, folders cut off."""
    report = analysed.report
    missing, offered = excluded_walks(report)
    record = {
        "title": report.title,
        "tracker": report.tracker,
        "overview": overview(analysed),
        "verdicts": {m.pairs.name: vars(verdict(m)) for m in analysed.measures},
        "verdicts_by_part": [
            {"measure": part.measure} | vars(part.sentence) for part in part_verdicts(analysed)
        ],
        "overviews_by_part": part_overviews(analysed),
        "notes": report.notes,
        "n_walks": analysed.n_trials,
        "n_people": analysed.n_people,
        "n_offered": offered,
        "n_left_out": missing,
        "measures": [measure_record(m) for m in analysed.measures],
        "groups": [
            {"heading": g.heading, "group": g.group}
            | measure_record(MeasureAgreement(m.pairs, g.summary, g.problem, ()))
            for m in analysed.measures
            for g in m.groups
        ],
        "waveforms": [_waveform_record(w) for w in analysed.waveforms],
        "events": [_event_record(e) for e in analysed.events],
        "worst": [_worst_record(w) for w in report.worst],
        "tables": [_table_record(t) for t in report.tables],
        "methods": method_paragraphs(analysed),
        "exclusions": [vars(group) for group in exclusion_groups(report)],
        "bootstrap": {"seed": analysed.seed, "n_resamples": analysed.n_resamples},
    }
    clean: dict[str, Any] = without_folders(record)
    return clean


def _event_record(e: EventAgreement) -> dict[str, Any]:
    return {
        "kind": e.events.kind,
        "n_matched": len(e.events.errors_ms),
        "n_missed": e.events.n_missed,
        "n_extra": e.events.n_extra,
        "n_beyond_500ms": e.events.n_beyond_500ms,
        "errors_ms": vars(e.sizes) if e.sizes else None,
    }


def _worst_record(worst: WorstTrial) -> dict[str, Any]:
    return vars(worst) | {
        "trial_id": shown_id(worst.trial_id),
        "subject_id": shown_id(worst.subject_id),
        "error": worst.error,
    }


def _table_record(table: ComparisonTable) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": table.columns,
        "note": table.note,
        "rows": [
            {
                "name": row.name,
                "kind": row.kind,
                "values": row.cells,
                "shown": [comparison_cell(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
    }


def _waveform_record(w: WaveformAgreement) -> dict[str, Any]:
    arrays = ("truth_mean", "truth_sd", "estimate_mean", "estimate_sd")
    numbers = ("n", "n_excluded", "rmse", "rmse_debiased", "scale", "offset", "r_squared")
    return {
        "name": w.pairs.name,
        "label": w.pairs.label,
        "unit": w.pairs.unit,
        "cmc": w.cmc.value,
        "cmc_not_defined": w.cmc.reason,
        "n_unfitted": w.n_unfitted,
        **{name: getattr(w, name) for name in (*numbers, *arrays)},
    }


def _write_measures(path: Path, analysed: AnalysedReport) -> None:
    records = [measure_record(m) for m in analysed.measures]
    columns = list(dict.fromkeys(name for record in records for name in record))
    rows = ([without_folders(record.get(name, "")) for name in columns] for record in records)
    write_text(path, csv_text(columns, rows))


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, sort_keys=True, allow_nan=False, ensure_ascii=False)
    write_text(path, text + "\n")
