"""A benchmark run as an agreement report: the first tracker against truth, all side by side."""

from __future__ import annotations

from typing import Any

from simgait.evaluation.bench import BENCH_VERSION
from simgait.evaluation.comparison import comparison_tables
from simgait.evaluation.measures import (
    EVENTS,
    MEASURES,
    event_errors,
    measure_pairs,
    waveform_pairs,
)
from simgait.evaluation.run import BenchResult
from simgait.report.agreement_analysis import worst_trials
from simgait.report.agreement_types import AgreementReport, Exclusion


def bench_report(
    result: BenchResult, provenance: dict[str, Any], *, keypoints: str = "monocular-v1"
) -> AgreementReport:
    """The report of a run; its plots show the first tracker on one kind of keypoints."""
    tracker = result.trackers[0]
    shown = result.of(tracker, keypoints=keypoints)
    measures = tuple(measure_pairs(shown, name) for name in MEASURES)
    failed = sum(bool(r.failure) for r in shown)
    return AgreementReport(
        title=f"{BENCH_VERSION}: {tracker}",
        tracker=tracker,
        measures=measures,
        waveforms=tuple(waveform_pairs(shown)),
        events=tuple(event_errors(shown, kind) for kind in EVENTS),
        worst=worst_trials(measures),
        tables=tuple(comparison_tables(result)),
        methods=_methods(tracker, keypoints),
        notes=(
            f"{failed} of {len(shown)} walks were not tracked to their end; what was tracked of "
            "them counts, and the share is in the tables.",
        ),
        exclusions=tuple(Exclusion(e.name, e.reason) for e in result.excluded),
        n_offered=result.n_offered,
        provenance=provenance,
    )


def _methods(tracker: str, keypoints: str) -> tuple[str, ...]:
    return (
        f"{BENCH_VERSION}: synthetic test walkers (walkers-v1) of eight patterns and the real test "
        "subjects, each with exact keypoints and through monocular-v1 from three distances, "
        "towards the camera and away from it. Nobody here was in a training set; code refuses "
        "otherwise.",
        f"Plots and agreement statistics show {tracker} on {keypoints} keypoints; the tables show "
        "every tracker on the same trials. Trackers never see the truth.",
        "Truth and estimate are read by the same code with the same definitions. Events are "
        "paired by the Hungarian method within 500 ms; what is left over counts as missed or "
        "extra.",
    )
