"""The statistics of an agreement report: pairs in, numbers and their reasons out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.agreement import (
    AgreementSummary,
    ErrorSizes,
    Estimate,
    cmc_within,
    error_sizes,
    linear_fit,
    summarise_agreement,
)
from simgait.compare.evidence import (
    AgreementReport,
    EventErrors,
    MeasurePairs,
    WaveformPairs,
    WorstTrial,
)
from simgait.errors import InputError

MIN_EVENTS = 3
"""Of a kind, for a mean and an SD: two have a spread that says nothing."""
# Groups that are not judged show no bootstrap interval, but the summary wants some.
GROUP_RESAMPLES = 100


@dataclass(frozen=True)
class GroupAgreement:
    """One group of a measure; `summary` None with the reason where it is too small."""

    heading: str
    group: str
    n_pairs: int
    summary: AgreementSummary | None
    problem: str = ""


@dataclass(frozen=True)
class MeasureAgreement:
    """One measure; `summary` None with the reason in `problem` where it cannot be analysed."""

    pairs: MeasurePairs
    summary: AgreementSummary | None
    problem: str
    groups: tuple[GroupAgreement, ...]


@dataclass(frozen=True)
class WaveformAgreement:
    """Curves over the cycle. Arrays are in the curves' unit; NaN where no walk has both curves.

    Attributes:
        n, n_excluded: walks with both curves complete; walks without.
        cmc: inter-protocol CMC with walks as groups and the two systems as curves.
        rmse, rmse_debiased: mean over walks of each walk's own error, before and after its mean
            error was taken off.
        scale, offset, r_squared: median over walks of the linear fit estimate over truth.
        n_unfitted: walks without a fit (a flat curve).
    """

    pairs: WaveformPairs
    n: int
    n_excluded: int
    truth_mean: Float[np.ndarray, " 101"]
    truth_sd: Float[np.ndarray, " 101"]
    estimate_mean: Float[np.ndarray, " 101"]
    estimate_sd: Float[np.ndarray, " 101"]
    cmc: Estimate
    rmse: float
    rmse_debiased: float
    scale: float
    offset: float
    r_squared: float
    n_unfitted: int


@dataclass(frozen=True)
class EventAgreement:
    """Timing of one kind of event (ms); `sizes` None where fewer than three were matched."""

    events: EventErrors
    sizes: ErrorSizes | None


@dataclass(frozen=True)
class AnalysedReport:
    """A report with its numbers."""

    report: AgreementReport
    measures: tuple[MeasureAgreement, ...]
    waveforms: tuple[WaveformAgreement, ...]
    events: tuple[EventAgreement, ...]
    seed: int
    n_resamples: int

    @property
    def n_people(self) -> int:
        """Different people in the measures."""
        return len({s for m in self.report.measures for s in m.subject_ids})

    @property
    def n_trials(self) -> int:
        """Different walks in the measures."""
        return len({t for m in self.report.measures for t in m.trial_ids})


def analyse_agreement(
    report: AgreementReport, *, seed: int = 0, n_resamples: int = 1000
) -> AnalysedReport:
    """All statistics of a report. A measure that cannot be analysed keeps the reason.

    Args:
        report: pairs, curves and event errors.
        seed: of the bootstrap by subject.
        n_resamples: of the bootstrap by subject.
    """
    return AnalysedReport(
        report=report,
        measures=tuple(_measure(m, report.judged_by, seed, n_resamples) for m in report.measures),
        waveforms=tuple(_waveform(w) for w in report.waveforms),
        events=tuple(_events(e) for e in report.events),
        seed=seed,
        n_resamples=n_resamples,
    )


def _measure(pairs: MeasurePairs, judged_by: str, seed: int, n_resamples: int) -> MeasureAgreement:
    summary, problem = _summary(pairs, slice(None), seed, n_resamples)
    groups = []
    for heading, labels in pairs.groups.items():
        column = np.array(labels, dtype=object)
        resamples = n_resamples if heading == judged_by else GROUP_RESAMPLES
        for group in dict.fromkeys(labels):
            inside = np.flatnonzero(column == group)
            some, why = _summary(pairs, inside, seed, resamples)
            groups.append(GroupAgreement(heading, group, len(inside), some, why))
    return MeasureAgreement(pairs, summary, problem, tuple(groups))


def _summary(
    pairs: MeasurePairs, rows: np.ndarray | slice, seed: int, n_resamples: int
) -> tuple[AgreementSummary | None, str]:
    people = np.array(pairs.subject_ids, dtype=object)[rows]
    try:
        summary = summarise_agreement(
            pairs.truth[rows], pairs.estimate[rows], list(people), seed=seed,
            n_resamples=n_resamples,
        )  # fmt: skip
    except InputError as error:
        return None, str(error)
    return summary, ""


def _waveform(pairs: WaveformPairs) -> WaveformAgreement:
    truth, estimate = np.asarray(pairs.truth, float), np.asarray(pairs.estimate, float)
    keep = np.isfinite(truth).all(axis=1) & np.isfinite(estimate).all(axis=1)
    x, y = truth[keep], estimate[keep]
    n = len(x)
    blank = np.full(101, np.nan)
    error = y - x
    fits = [linear_fit(a, b) for a, b in zip(x, y, strict=True)]
    good = np.array([(f.scale, f.offset, f.r_squared) for f in fits if not f.reason])
    middle = np.median(good, axis=0) if len(good) else np.full(3, np.nan)

    def mean_sd(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sd = rows.std(axis=0, ddof=1) if n > 1 else blank
        return (rows.mean(axis=0) if n else blank), sd

    truth_mean, truth_sd = mean_sd(x)
    estimate_mean, estimate_sd = mean_sd(y)
    debiased = error - error.mean(axis=1, keepdims=True) if n else error
    return WaveformAgreement(
        pairs=pairs,
        n=n,
        n_excluded=int((~keep).sum()),
        truth_mean=truth_mean,
        truth_sd=truth_sd,
        estimate_mean=estimate_mean,
        estimate_sd=estimate_sd,
        cmc=cmc_within(np.stack([x, y], axis=1))
        if n
        else Estimate(np.nan, reason="no walk has both curves"),
        rmse=_mean_rms(error),
        rmse_debiased=_mean_rms(debiased),
        scale=float(middle[0]),
        offset=float(middle[1]),
        r_squared=float(middle[2]),
        n_unfitted=n - len(good),
    )


def _mean_rms(error: Float[np.ndarray, "N 101"]) -> float:
    return float(np.sqrt((error**2).mean(axis=1)).mean()) if len(error) else float("nan")


def _events(events: EventErrors) -> EventAgreement:
    errors = np.asarray(events.errors_ms, float)
    if np.isfinite(errors).sum() < MIN_EVENTS:
        return EventAgreement(events, None)
    return EventAgreement(events, error_sizes(np.zeros(len(errors)), errors))


def largest_errors(measure: MeasurePairs, count: int) -> list[int]:
    """Rows of the largest absolute errors, largest first, at most one of each person.

    One person's walks are alike: without this, six views of one walk would fill the list.
    """
    error = np.abs(measure.estimate - measure.truth)
    rows: dict[str, int] = {}
    for row in np.argsort(-error, kind="stable"):
        if np.isfinite(error[row]):
            rows.setdefault(measure.subject_ids[row], int(row))
    return list(rows.values())[:count]


def worst_trials(
    measures: Sequence[MeasurePairs],
    links: Mapping[str, str] | None = None,
    per_measure: int = 3,
) -> tuple[WorstTrial, ...]:
    """The walks with the largest absolute errors, measure by measure, one of each person.

    Args:
        measures: as in the report.
        links: trial id -> page relative to the report's folder.
        per_measure: how many of each.
    """
    found = []
    for measure in measures:
        for row in largest_errors(measure, per_measure):
            trial, person = measure.trial_ids[row], measure.subject_ids[row]
            truth, estimate = float(measure.truth[row]), float(measure.estimate[row])
            link = (links or {}).get(trial)
            found.append(WorstTrial(trial, person, measure.name, truth, estimate, link))
    return tuple(found)
