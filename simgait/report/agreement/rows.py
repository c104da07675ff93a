"""The rows of an agreement report's tables, the same for the page and the tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from simgait.compare.analysis import (
    AnalysedReport,
    EventAgreement,
    MeasureAgreement,
    WaveformAgreement,
)
from simgait.compare.evidence import Cell, WorstTrial
from simgait.files import without_folders
from simgait.parameters.wording import number
from simgait.report.agreement.wording import (
    IF_CONSTANT,
    NOT_DEFINED,
    Shown,
    constant_limit_cells,
    decimals,
    limit_cells,
    reliability_cells,
    shown,
    shown_id,
)


@dataclass(frozen=True)
class MeasureRow:
    """One measure of a table; `excluded` counts pairs without a value."""

    label: str
    unit: str
    n: int
    people: int
    excluded: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class GroupRow:
    """One group of one measure; `problem` set where it is too small."""

    label: str
    unit: str
    group: str
    n: int
    people: int
    cells: tuple[Shown, ...]
    problem: str


@dataclass(frozen=True)
class WorstRow:
    """One of the largest errors; `person` is empty where the tables name nobody."""

    trial_id: str
    person: str
    label: str
    truth: str
    estimate: str
    error: str
    unit: str
    link: str | None


def measure_rows(analysed: AnalysedReport) -> tuple[list[MeasureRow], list[MeasureRow]]:
    """Limits, and reliability, of every measure that could be analysed.

    Where people have several walks, limits have a second row for a true value that is constant.
    """
    limits, reliability = [], []
    for m in analysed.measures:
        s = m.summary
        if s is None:
            continue
        excluded = f"{s.n_excluded} ({100 * s.fraction_excluded:.0f} %)" if s.n_excluded else "0"
        facts = (m.pairs.label, m.pairs.unit, s.n_pairs, s.n_subjects, excluded)
        limits.append(MeasureRow(*facts, tuple(limit_cells(s))))
        if constant := constant_limit_cells(s):
            row = MeasureRow(*facts, tuple(constant))
            limits.append(replace(row, label=f"{row.label}, {IF_CONSTANT}"))
        reliability.append(MeasureRow(*facts, tuple(reliability_cells(s))))
    return limits, reliability


def group_tables(analysed: AnalysedReport) -> dict[str, list[GroupRow]]:
    """Heading -> rows, measure by measure, group by group."""
    tables: dict[str, list[GroupRow]] = {}
    for m in analysed.measures:
        for g in m.groups:
            s = g.summary
            cells: tuple[Shown, ...] = ()
            if s is not None:
                places = decimals(m.summary)
                cells = (
                    *(shown(e, places) for e in (s.limits.bias, s.limits.lower, s.limits.upper)),
                    Shown(number(s.rmse.value, places)),
                )
            name = str(without_folders(g.group)) or "not said"
            tables.setdefault(g.heading, []).append(
                GroupRow(
                    m.pairs.label, m.pairs.unit, name, s.n_pairs if s else g.n_pairs,
                    s.n_subjects if s else 0, cells, g.problem,
                )
            )  # fmt: skip
    return tables


def waveform_cells(waveform: WaveformAgreement) -> tuple[Shown, ...]:
    """CMC, scale, offset, R², RMSE, RMSE without offset."""
    unfitted = (
        f"{waveform.n_unfitted} of {waveform.n} walks have a flat curve, which has no linear fit"
        if waveform.n_unfitted
        else ""
    )

    def plain(value: float, places: int, reason: str = "") -> Shown:
        if math.isnan(value):
            return Shown(NOT_DEFINED, reason=reason or "no walk has both curves")
        return Shown(number(value, places), reason=reason)

    return (
        shown(waveform.cmc, 3),
        plain(waveform.scale, 2, unfitted),
        plain(waveform.offset, 1, unfitted),
        plain(waveform.r_squared, 2, unfitted),
        plain(waveform.rmse, 1),
        plain(waveform.rmse_debiased, 1),
    )


def event_table(
    events: Sequence[EventAgreement],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows of the timing of events: counts, then error sizes in ms.

    Pairs beyond 500 ms have a column only where some matching counts them apart.
    """
    counts = ["Matched", "Missed", "Extra"]
    apart = any(e.events.n_beyond_500ms is not None for e in events)
    sizes = ("Mean", "Median", "Robust σ", "RMSE", "MAE")
    headings = (*counts, *(["Beyond 500 ms"] if apart else []), *(f"{size} ms" for size in sizes))
    return headings, [event_cells(e, apart=apart) for e in events]


def event_cells(agreement: EventAgreement, *, apart: bool) -> tuple[str, ...]:
    """One row of `event_table`; `apart` has pairs beyond 500 ms counted."""
    e, s = agreement.events, agreement.sizes
    counts: list[int | None] = [len(e.errors_ms), e.n_missed, e.n_extra]
    if apart:
        counts.append(e.n_beyond_500ms)
    sizes = (s.mean, s.median, s.robust_sigma, s.rmse, s.mae) if s else (math.nan,) * 5
    return (*("–" if c is None else str(c) for c in counts), *(number(v, 0) for v in sizes))


def worst_rows(analysed: AnalysedReport) -> list[WorstRow]:
    """The largest errors, with the measure's label, unit and decimals."""
    by_name = {m.pairs.name: m for m in analysed.measures}
    worst = analysed.report.worst
    # Where people are unknown, each walk stands for a person of its own.
    named = any(w.subject_id != w.trial_id for w in worst)
    return [_worst(w, by_name.get(w.measure), named) for w in worst]


def _worst(worst: WorstTrial, measure: MeasureAgreement | None, named: bool) -> WorstRow:
    label, unit = (measure.pairs.label, measure.pairs.unit) if measure else (worst.measure, "")
    places = decimals(measure.summary if measure else None)
    truth, estimate, error = (
        number(value, places) for value in (worst.truth, worst.estimate, worst.error)
    )
    person = shown_id(worst.subject_id) if named else ""
    return WorstRow(
        shown_id(worst.trial_id), person, label, truth, estimate, error, unit, worst.link
    )


def comparison_cell(value: Cell) -> str:
    """Three significant digits, counts as they are, a dash where there is nothing."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return "–"
    if isinstance(value, str):
        return str(without_folders(value))
    if isinstance(value, int):
        return str(value)
    places = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return number(value, min(places, 6))
