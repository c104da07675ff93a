"""A benchmark run as an agreement report: the first tracker against truth, all side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simgait.benchmark.agreement_measures import (
    EVENTS,
    agreement_measures,
    event_errors,
    measure_pairs,
    waveform_pairs,
)
from simgait.benchmark.bench_cases import BENCH_VERSION
from simgait.benchmark.pinned_walks import InputCheck
from simgait.benchmark.score_walks import BenchResult
from simgait.benchmark.tracker_tables import comparison_tables
from simgait.benchmark.walk_record import WalkRecord
from simgait.benchmark.worst_walks import WalkKey, WorstWalk, worst_walks
from simgait.compare.evidence import (
    AgreementReport,
    ComparisonTable,
    Exclusion,
    MeasurePairs,
    WorstTrial,
)
from simgait.parameters.wording import counted

KEYPOINTS = "monocular-v1"
KIND_OF_PEOPLE = "kind of people"
"""Heading of the groups that the report also judges one by one."""


def shown_measures(result: BenchResult, keypoints: str = KEYPOINTS) -> tuple[MeasurePairs, ...]:
    """What the report's plots show: the first tracker on one kind of keypoints."""
    shown = result.of(result.trackers[0], keypoints=keypoints)
    return tuple(by_kind_of_people(measure_pairs(shown, one)) for one in agreement_measures())


def by_kind_of_people(measure: MeasurePairs) -> MeasurePairs:
    """With synthetic and real people as groups, where both are there."""
    kinds = tuple(
        "synthetic people" if source == "synthetic" else "real people"
        for source in measure.groups["source"]
    )
    if len(set(kinds)) < 2:
        return measure
    return replace(measure, groups={KIND_OF_PEOPLE: kinds, **measure.groups})


def shown_worst(result: BenchResult, keypoints: str = KEYPOINTS) -> tuple[WorstWalk, ...]:
    """The largest errors that the report names."""
    return worst_walks(shown_measures(result, keypoints))


def bench_report(
    result: BenchResult,
    provenance: dict[str, Any],
    *,
    keypoints: str = KEYPOINTS,
    inputs: InputCheck | None = None,
    pages: Mapping[WalkKey, str] | None = None,
    trackers_told: Sequence[str] = (),
    more_tables: Sequence[ComparisonTable] = (),
) -> AgreementReport:
    """The report of a run; its plots show the first tracker on one kind of keypoints.

    Args:
        result: of all trackers.
        provenance: becomes provenance.json.
        keypoints: that the plots are about.
        inputs: whether the walks are those of the version; None where nobody looked.
        pages: of `shown_worst`, walk -> its trial report, relative to the report's folder.
        trackers_told: what each tracker is, for the methods.
        more_tables: shown after those of the run.
    """
    tracker = result.trackers[0]
    shown = result.of(tracker, keypoints=keypoints)
    measures = shown_measures(result, keypoints)
    left_out = [e for e in result.excluded if e.keypoints in ("", keypoints)]
    pages = pages or {}
    return AgreementReport(
        title=f"{BENCH_VERSION}: {tracker}",
        tracker=tracker,
        measures=measures,
        judged_by=KIND_OF_PEOPLE,
        waveforms=tuple(waveform_pairs(shown)),
        events=tuple(event_errors(shown, kind) for kind in EVENTS),
        worst=tuple(
            WorstTrial(
                trial_id=walk.name,
                subject_id=walk.subject,
                measure=walk.measure,
                truth=walk.truth,
                estimate=walk.estimate,
                link=pages.get(walk.key),
            )
            for walk in worst_walks(measures)
        ),
        worst_note=_worst_note(tracker, keypoints, bool(pages)),
        tables=(*comparison_tables(result), *more_tables),
        methods=(
            _walks(result),
            *([inputs.told] if inputs else []),
            *_methods(tracker, keypoints),
            _truth(result, keypoints),
            _legs(result),
            *trackers_told,
        ),
        notes=(*_notes(shown), *([inputs.told] if inputs and not inputs.is_whole else [])),
        exclusions=tuple(Exclusion(e.name, e.reason) for e in left_out),
        n_offered=len(shown) + len(left_out),
        provenance=provenance,
    )


def _notes(shown: Sequence[WalkRecord]) -> tuple[str, ...]:
    # The headline counts every camera and everybody; a clinic asks about walks and real people.
    walks = {(r.case.trial.subject_id, r.case.trial.trial_id) for r in shown}
    cameras = {r.case.labels.get("condition") for r in shown}
    source_of = {r.case.trial.subject_id: r.case.labels.get("source") for r in shown}
    synthetic = sum(source == "synthetic" for source in source_of.values())
    who = (
        "All people are synthetic"
        if synthetic == len(source_of)
        else "All people are real"
        if not synthetic
        else f"{synthetic} of the {len(source_of)} people are synthetic: what holds for all need "
        "not hold for real people, so each verdict is given for both apart too"
    )
    seen = f", each seen from {len(cameras)} camera places" if len(cameras) > 1 else ""
    made_of = (
        f"These are {counted(len(walks), 'walk')}{seen}. {who}. Joint angles count each walk's "
        "left and right side."
    )
    failed = sum(bool(r.failure) for r in shown)
    if not failed:
        return (made_of,)
    return (
        made_of,
        f"{failed} of {len(shown)} walks were not tracked to their end; what was tracked of them "
        "counts, and the share is in the tables.",
    )


def _worst_note(tracker: str, keypoints: str, linked: bool) -> str:
    what = f"Walks of {tracker} on {keypoints} keypoints, at most one of each person and measure."
    if not linked:
        return f"{what} {tracker} has no simulated body, so they have no trial reports."
    return (
        f"{what} Each links to its trial report, with the truth beside the estimate. A trial "
        "report reads gait from the whole body, the benchmark from the keypoints that the "
        "recording has too."
    )


def _truth(result: BenchResult, keypoints: str) -> str:
    """Where the truth comes from, and how much of the events it does not reach."""
    shown = result.of(result.trackers[0], keypoints=keypoints)
    marked = {
        r.case.labels.get("recording", r.case.trial.trial_id)
        for r in shown
        if r.case.labels.get("source") != "synthetic" and r.case.events
    }
    edge = sum(score.n_edge for r in shown for score in r.events.values())
    text = (
        "A synthetic walker's truth is its own motion. Real people's is read from their markers: "
        "angles as the lab or the collection's skeleton gives them, cycles by the lab's events, "
        "or by kinematic ones where it marked none."
    )
    if marked:
        text += (
            f" Event times are compared only where a lab marked them "
            f"({counted(len(marked), 'real recording')})."
        )
    return f"{text} {edge} true events within 0.1 s of a walk's ends, or beyond, are not counted."


def _legs(result: BenchResult) -> str:
    first = result.of(result.trackers[0])
    walks = Counter(
        (labels.get("source"), labels.get("recording", r.case.trial.trial_id),
         labels.get("condition"), r.case.trial.subject_id)
        for r in first for labels in [r.case.labels]
    )  # fmt: skip
    several = sum(count > 1 for count in walks.values())
    text = "A walk is one leg of movement: where a person turns or stops, the next walk begins."
    if not several:
        return f"{text} Here every recording gives one."
    gives = "gives" if several == 1 else "give"
    return (
        f"{text} Of the {counted(len(walks), 'recording')} (each camera counted), {several} "
        f"{gives} several."
    )


def _walks(result: BenchResult) -> str:
    sources = {r.case.labels.get("source") for r in result.records}
    people = [
        text
        for text, present in (
            ("synthetic test walkers (walkers-v1) of eight patterns", "synthetic" in sources),
            ("the real test subjects", bool(sources - {"synthetic"})),
        )
        if present
    ]
    return (
        f"{BENCH_VERSION}: {' and '.join(people)}, each with exact keypoints and through "
        "monocular-v1 from three distances, towards the camera and away from it. Nobody here was "
        "in a training set; code refuses otherwise."
    )


def _methods(tracker: str, keypoints: str) -> tuple[str, ...]:
    return (
        f"Plots and agreement statistics show {tracker} on {keypoints} keypoints; the tables show "
        "every tracker on the same trials. Trackers never see the truth.",
        "Truth and estimate are read by the same code with the same definitions. Events are "
        "paired by the Hungarian method within 500 ms; what is left over counts as missed or "
        "extra.",
    )
