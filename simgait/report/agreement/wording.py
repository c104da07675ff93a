"""What an agreement report says in words: verdicts, cells of its tables, reasons of gaps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simgait.agreement import AgreementSummary, Estimate
from simgait.compare.analysis import AnalysedReport, MeasureAgreement
from simgait.compare.evidence import AgreementReport, MeasurePairs
from simgait.files import without_folders
from simgait.parameters.wording import counted, number

NOT_DEFINED = "not defined"
# good: within a small change; caution: within a substantial one; do_not_use: beyond it.
Grade = Literal["good", "caution", "do_not_use", ""]
MAX_ID_CHARACTERS = 80
ROUNDING = 1e-9
"""Share of a number that is rounding of floats: 0.1 + 0.2 does not go beyond 0.3."""
MOST_DECIMALS = 6
"""A limit that lies closer to its threshold is printed as lying on it."""
IF_CONSTANT = "if the true value is constant"
WHICH_LIMITS = (
    "People have several walks. The rows named after the measure alone, like the verdicts and the "
    "plots, let the true value vary from walk to walk: read them where both methods saw the same "
    f"walk, as in gait. Read the rows “{IF_CONSTANT}” only where all walks of a person measured "
    "one unchanging quantity, so that what differs between them is error of either method."
)


@dataclass(frozen=True)
class Shown:
    """A number with its interval; `reason` says why one of them is missing."""

    text: str
    interval: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Sentence:
    """The verdict on one measure."""

    label: str
    text: str
    grade: Grade


@dataclass(frozen=True)
class ExclusionGroup:
    """Walks left out for one reason; `share` of the walks offered."""

    reason: str
    trial_ids: tuple[str, ...]
    share: float


def shown_id(trial_id: str) -> str:
    """An id for the page: no folders, no endless text."""
    text = str(without_folders(trial_id))
    return text if len(text) <= MAX_ID_CHARACTERS else text[: MAX_ID_CHARACTERS - 1] + "…"


def decimals(summary: AgreementSummary | None) -> int:
    """Decimals that give the spread of the errors two digits."""
    spread = summary.limits.sd if summary else 0.0
    if summary and not spread > ROUNDING * abs(summary.errors.mean):
        spread = abs(summary.errors.mean)
    if not spread > 0 or not math.isfinite(spread):
        return 2
    return min(6, max(0, 1 - math.floor(math.log10(spread))))


def shown(estimate: Estimate, places: int) -> Shown:
    """An estimate as text."""
    if math.isnan(estimate.value):
        return Shown(NOT_DEFINED, reason=estimate.reason or "no reason was recorded")
    text = number(estimate.value, places)
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return Shown(text, "no interval" if estimate.reason else "", estimate.reason)
    return Shown(text, f"{number(estimate.low, places)} to {number(estimate.high, places)}")


def limit_cells(summary: AgreementSummary) -> list[Shown]:
    """Bias, lower limit, upper limit, slope of the estimate over the truth."""
    places, limits = decimals(summary), summary.limits
    return [
        shown(limits.bias, places),
        shown(limits.lower, places),
        shown(limits.upper, places),
        shown(summary.slope, 3),
    ]


def constant_limit_cells(summary: AgreementSummary) -> list[Shown]:
    """`limit_cells` for a true value that is constant; none where people have one walk each."""
    limits, places = summary.limits_if_constant, decimals(summary)
    if limits is None:
        return []
    # The slope is of the pairs, whatever their true value does: it stands in the row above.
    return [*(shown(e, places) for e in (limits.bias, limits.lower, limits.upper)), Shown("–")]


def which_limits(analysed: AnalysedReport) -> str:
    """Which rows of limits to read when; empty where people have one walk each."""
    return WHICH_LIMITS if _is_repeated(analysed) else ""


def _is_repeated(analysed: AnalysedReport) -> bool:
    return any(m.summary and m.summary.limits_if_constant for m in analysed.measures)


def reliability_cells(summary: AgreementSummary) -> list[Shown]:
    """RMSE, robust sigma, r, CCC, ICC(A,1), ICC(C,1), SEM, MDC95."""
    places, icc = decimals(summary), summary.reliability
    return [
        shown(summary.rmse, places),
        shown(summary.robust_sigma, places),
        shown(summary.pearson, 3),
        shown(summary.concordance, 3),
        shown(icc.icc_agreement, 3),
        shown(icc.icc_consistency, 3),
        Shown(number(icc.sem_agreement, places)),
        Shown(number(icc.mdc95_agreement, places)),
    ]


def grade(pairs: MeasurePairs, summary: AgreementSummary) -> Grade:
    """Limits of agreement against the clinical thresholds."""
    if pairs.thresholds is None:
        return ""
    small, substantial = pairs.thresholds
    if not beyond(_reach(summary), small):
        return "good"
    return "do_not_use" if beyond(_reach(summary), substantial) else "caution"


def beyond(size: float, bound: float) -> bool:
    """Whether a size exceeds a bound by more than floats are rounded: 0.10 m/s reaches 0.10."""
    return size > bound * (1.0 + ROUNDING)


def _reach(summary: AgreementSummary) -> float:
    """How far the limits of agreement lie from zero."""
    return max(abs(summary.limits.lower.value), abs(summary.limits.upper.value))


def verdict(agreement: MeasureAgreement) -> Sentence:
    """One measure in plain words: bias, limits, what that is to a clinician."""
    pairs, summary = agreement.pairs, agreement.summary
    if summary is None:
        return Sentence(pairs.label, f"Not analysed. {agreement.problem}", "")
    places = decimals(summary)
    limits, bias = summary.limits, summary.limits.bias
    interval = f"95 % interval {number(bias.low, places)} to {number(bias.high, places)}"
    if bias.low <= 0 <= bias.high:
        first = (
            f"No bias that can be told from zero: "
            f"{with_unit(number(bias.value, places), pairs.unit)} on average ({interval})."
        )
    else:
        way = "high" if bias.value > 0 else "low"
        size = with_unit(number(abs(bias.value), places), pairs.unit)
        first = f"Reads {size} too {way} on average ({interval})."
    telling = _telling_places(pairs, summary, places)
    second = (
        f"For 95 % of single walks the error lies between {number(limits.lower.value, telling)} "
        f"and {with_unit(number(limits.upper.value, telling), pairs.unit)}."
    )
    return Sentence(
        pairs.label,
        " ".join(s for s in (first, second, _against(pairs, summary), _slope(pairs, summary)) if s),
        grade(pairs, summary),
    )


def _telling_places(pairs: MeasurePairs, summary: AgreementSummary, places: int) -> int:
    """Decimals by which a reader sees what the next sentence says: 0.0503 goes beyond 0.05."""
    reach = _reach(summary)
    for bound in pairs.thresholds or ():
        while places < MOST_DECIMALS and beyond(round(reach, places), bound) != beyond(
            reach, bound
        ):
            places += 1
    return places


def _against(pairs: MeasurePairs, summary: AgreementSummary) -> str:
    if pairs.thresholds is None:
        return (
            "No clinical threshold is known to compare it with; docs/intervals.md says by how much "
            "healthy adults differ."
        )
    small, substantial = (threshold_text(value, pairs.unit) for value in pairs.thresholds)
    level = grade(pairs, summary)
    if level == "do_not_use":
        return f"These limits go beyond a substantial change ({substantial})."
    bound, text = (
        (pairs.thresholds[0], f"These limits lie within a small change ({small})")
        if level == "good"
        else (
            pairs.thresholds[1],
            f"These limits go beyond a small change ({small}) but not beyond a substantial one "
            f"({substantial})",
        )
    )
    if not beyond(bound, _reach(summary)):
        size = small if level == "good" else substantial
        named = "small" if level == "good" else "substantial"
        text = f"These limits reach a {named} change ({size}) and do not go beyond it"
    outer = max(abs(summary.limits.lower.low), abs(summary.limits.upper.high))
    do = "reach beyond it" if level == "good" else "do"
    doubt = f", though their intervals {do}: more people would tell" if beyond(outer, bound) else ""
    return f"{text}{doubt}."


def threshold_text(value: float, unit: str) -> str:
    """A threshold with its unit, and all of its own digits: 0.10 m, 0.025 m, 5°."""
    least = 2 if value < 1 else 0
    places = (n for n in range(least, MOST_DECIMALS) if math.isclose(round(value, n), value))
    return with_unit(number(value, next(places, MOST_DECIMALS)), unit)


def with_unit(text: str, unit: str) -> str:
    """Number and unit; the degree sign stands close."""
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".rstrip()


def _slope(pairs: MeasurePairs, summary: AgreementSummary) -> str:
    """How much of a change between walks or people the estimate shows, where that is not all."""
    slope = summary.slope
    if math.isnan(slope.value):
        return f"How much of a change it shows is not defined: {slope.reason}."
    if math.isnan(slope.low) or (slope.low - ROUNDING <= 1.0 <= slope.high + ROUNDING):
        return ""
    places = 0 if abs(slope.value - 1.0) >= 0.01 else 1
    share_of, low, high = (number(100.0 * v, places) for v in (slope.value, slope.low, slope.high))
    shown_as = ""
    if pairs.thresholds is not None:
        change = pairs.thresholds[1]
        places = 3 if change < 1 else 1
        shown_as = (
            f" ({with_unit(number(change * slope.value, places), pairs.unit)} for a substantial "
            f"change of {threshold_text(change, pairs.unit)})"
        )
    wrong = "too large" if slope.value > 1.0 else "too small" if slope.value >= 0.0 else "reversed"
    return (
        f"Reads {share_of} % of a change (95 % interval {low} to {high} %): differences come out "
        f"{wrong}{shown_as}, so one bias does not hold for all."
    )


def overview(analysed: AnalysedReport) -> str:
    """The first sentence: who against what, how many, how many are missing."""
    report = analysed.report
    walks, people = analysed.n_trials, analysed.n_people
    text = (
        f"{without_folders(report.tracker)} against the truth: {counted(walks, 'walk')} of "
        f"{people} {'person' if people == 1 else 'people'}."
    )
    missing, offered = excluded_walks(report)
    if missing:
        text += (
            f" {missing} of {counted(offered, 'walk')} offered ({share(missing, offered)}) "
            f"{'is' if missing == 1 else 'are'} left out."
        )
    within = within_thresholds(analysed.measures)
    return f"{text} The {within}" if within else text


def within_thresholds(measures: Sequence[MeasureAgreement]) -> str:
    """In how many measures the limits hold a clinical threshold; empty where none has both."""
    judged = [(m.pairs, m.summary) for m in measures if m.summary and m.pairs.thresholds]
    if not judged:
        return ""
    within = sum(grade(*one) != "do_not_use" for one in judged)
    return (
        f"limits of agreement stay within a substantial change in {within} of "
        f"{counted(len(judged), 'measure')} with a clinical threshold."
    )


def share(part: int, whole: int) -> str:
    """A fraction in %; the space does not break."""
    return f"{100.0 * part / max(whole, 1):.1f}\u00a0%"


def excluded_walks(report: AgreementReport) -> tuple[int, int]:
    """Walks that are in no measure at all, and walks offered."""
    inside = {trial for measure in report.measures for trial in measure.trial_ids}
    out = {e.trial_id for e in report.exclusions} - inside
    return len(out), report.n_offered or len(inside | out)


def exclusion_lead(report: AgreementReport) -> str:
    """What the list of exclusions is about, in one or two sentences."""
    if not report.exclusions:
        return "No walk was left out."
    missing, offered = excluded_walks(report)
    lacking = len({e.trial_id for e in report.exclusions}) - missing
    said = [
        f"{missing} of {counted(offered, 'walk')} offered ({share(missing, offered)}) "
        f"{'is' if missing == 1 else 'are'} in no number."
        if missing
        else f"Each of the {offered} walks is in at least one measure."
    ]
    if lacking:
        said.append(f"{counted(lacking, 'walk')} {'lacks' if lacking == 1 else 'lack'} a measure.")
    return " ".join([*said, "Shares below are of the walks offered."])


def exclusion_groups(report: AgreementReport) -> list[ExclusionGroup]:
    """Exclusions by reason, the most frequent first."""
    _, offered = excluded_walks(report)
    by_reason: dict[str, list[str]] = {}
    for exclusion in report.exclusions:
        by_reason.setdefault(without_folders(exclusion.reason), []).append(
            shown_id(exclusion.trial_id)
        )
    order = Counter({reason: len(ids) for reason, ids in by_reason.items()}).most_common()
    return [
        ExclusionGroup(
            reason, tuple(by_reason[reason]), len(set(by_reason[reason])) / max(offered, 1)
        )
        for reason, _ in order
    ]


def method_paragraphs(analysed: AnalysedReport) -> list[str]:
    """The report's own paragraphs, then how the statistics were made."""
    paragraphs = [without_folders(text) for text in analysed.report.methods]
    repeated = _is_repeated(analysed)
    paragraphs.append(
        "Errors are estimate minus truth. "
        + (
            "People have several walks, so bias and limits of agreement are those of repeated "
            "measures with a true value that varies, and beside them with one that is constant "
            "(Bland and Altman 1999, 2007), their intervals by variance recovery (Zou 2013); "
            "intervals of slope, correlations and ICCs come from the bootstrap by person."
            if repeated
            else "Limits of agreement are bias ± 1.96 SD (Bland and Altman 1986) with exact "
            "intervals (Carkeet 2015)."
        )
        + f" RMSE and robust σ have intervals from the bootstrap by person ({analysed.n_resamples} "
        f"resamples, seed {analysed.seed}). All intervals are 95 %."
    )
    paragraphs.append(
        "Slope: of the estimate over the truth by least squares, 1 where every change is read in "
        "full; the truth is the reference, so the error is held against it and not against the "
        "mean of both (Krouwer 2008). Errors of the truth itself lower the slope. Robust σ: "
        "0.7413 × interquartile range of the errors. CCC: Lin's concordance correlation. ICC(A,1), "
        "ICC(C,1): intraclass correlation of single measurements for agreement and consistency "
        "(McGraw and Wong 1996). SEM: standard error of measurement (agreement); MDC95: 1.96 √2 "
        "SEM, the smallest change of one person that is not measurement error."
    )
    if analysed.waveforms:
        paragraphs.append(
            "Curves: CMC between the two systems with walks as groups (Ferrari 2010); linear fit "
            "of estimate over truth, walk by walk, median over walks (Iosa 2014); RMSE per walk, "
            "mean over walks."
        )
    if any(m.pairs.thresholds for m in analysed.measures):
        paragraphs.append(
            "Clinical thresholds: a change of walking speed of 0.05 m/s is small, of 0.10 m/s "
            "substantial (Perera 2006); errors of joint angles up to 2° are acceptable, from 2 to "
            "5° reasonable with care, above 5° they may mislead (McGinley 2009)."
        )
    return paragraphs
