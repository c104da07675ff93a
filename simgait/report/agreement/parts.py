"""Verdicts on parts of the people, where one verdict on all would hide how they differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgait.compare.analysis import AnalysedReport, GroupAgreement, MeasureAgreement
from simgait.files import without_folders
from simgait.report.agreement.wording import Sentence, verdict, within_thresholds


@dataclass(frozen=True)
class PartVerdict:
    """The verdict on one part of the people in one measure; its label is the part's name."""

    measure: str
    sentence: Sentence


def judged_groups(analysed: AnalysedReport, measure: MeasureAgreement) -> list[GroupAgreement]:
    """The parts of a measure that are judged apart; none where the report names no heading."""
    heading = analysed.report.judged_by
    groups = [g for g in measure.groups if heading and g.heading == heading]
    return groups if len(groups) > 1 else []


def part_verdicts(analysed: AnalysedReport) -> list[PartVerdict]:
    """Measure by measure, part by part, in the words of the verdict on all."""
    return [
        PartVerdict(measure.pairs.name, verdict(_as_measure(measure, group)))
        for measure in analysed.measures
        for group in judged_groups(analysed, measure)
    ]


def part_overviews(analysed: AnalysedReport) -> list[str]:
    """One sentence on each part: its people, and how many measures hold a clinical threshold."""
    parts: dict[str, list[MeasureAgreement]] = {}
    for measure in analysed.measures:
        for group in judged_groups(analysed, measure):
            parts.setdefault(group.group, []).append(_as_measure(measure, group))
    sentences = (_overview(name, measures) for name, measures in parts.items())
    return [sentence for sentence in sentences if sentence]


def _overview(name: str, measures: list[MeasureAgreement]) -> str:
    """Empty where no measure of the part has both numbers and a threshold."""
    within = within_thresholds(measures)
    if not within:
        return ""
    people = max(m.summary.n_subjects for m in measures if m.summary and m.pairs.thresholds)
    return f"{str(without_folders(name)).capitalize()} alone ({people} people): the {within}"


def _as_measure(measure: MeasureAgreement, group: GroupAgreement) -> MeasureAgreement:
    pairs = replace(measure.pairs, label=str(without_folders(group.group)).capitalize())
    return MeasureAgreement(pairs, group.summary, group.problem, ())
