"""What the benchmark's report says around its numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.benchmark.bench_report import bench_report, shown_worst
from simgait.benchmark.cases import Case, Excluded
from simgait.benchmark.score_walks import BenchResult
from simgait.compare.analysis import analyse_agreement
from simgait.compare.evidence import AgreementReport, ComparisonTable, TrackerRow
from simgait.parameters.catalogue import parameters
from simgait.report.agreement.page import agreement_page
from simgait.report.agreement.parts import part_overviews, part_verdicts
from simgait.report.agreement.wording import grade
from tests.bench_walks import one_of_each_pattern
from tests.benchmark.made_up import record
from tests.present import present

KEYS = tuple(one.key for one in parameters() if one.benchmarked)


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    """Four people in seven conditions."""
    return one_of_each_pattern().cases[:28]


def result_of(cases: tuple[Case, ...]) -> BenchResult:
    """Everyone is off by more than the one before; one tracker."""
    return BenchResult(
        tuple(
            record(
                case,
                "simgait",
                truth=dict.fromkeys(KEYS, 1.0 + 0.1 * k),
                estimate=dict.fromkeys(KEYS, 1.0 + 0.11 * k),
            )
            for k, case in enumerate(cases)
        ),
        (),
    )


@pytest.fixture(scope="module")
def report(cases: tuple[Case, ...]) -> AgreementReport:
    """Theirs, with nothing said beside it."""
    return bench_report(result_of(cases), {})


def methods(report: AgreementReport) -> str:
    return " ".join(report.methods)


def test_largest_errors_link_to_their_pages(cases: tuple[Case, ...]) -> None:
    result = result_of(cases)
    pages = {w.key: f"trials/{k}/report.html" for k, w in enumerate(shown_worst(result))}
    report = bench_report(result, {}, pages=pages)
    speed = [w for w in report.worst if w.measure == "velocity_mps"]
    assert [w.error for w in speed] == pytest.approx([0.27, 0.2, 0.13])
    assert [w.subject_id for w in speed] == [cases[k].trial.subject_id for k in (27, 20, 13)]
    assert (speed[0].truth, speed[0].estimate) == pytest.approx((3.7, 3.97))
    assert [w.link for w in speed] == [
        pages[(c.trial.subject_id, f"{c.trial.trial_id}, {c.labels['condition']}")]
        for c in (cases[27], cases[20], cases[13])
    ]
    assert "links to its trial report" in report.worst_note


def test_a_tracker_without_a_body_says_that_there_are_no_links(report: AgreementReport) -> None:
    assert report.worst and all(w.link is None for w in report.worst)
    assert "has no simulated body, so they have no trial reports" in report.worst_note


def test_methods_name_trackers_and_further_tables_are_shown(cases: tuple[Case, ...]) -> None:
    table = ComparisonTable("Ablation", ("a",), (TrackerRow("final", (1.0,)),))
    report = bench_report(
        result_of(cases), {}, trackers_told=["simgait: 7 steps."], more_tables=[table]
    )
    assert "simgait: 7 steps." in report.methods and report.tables[-1] is table


def test_a_walk_is_a_leg_of_movement(cases: tuple[Case, ...], report: AgreementReport) -> None:
    assert "every recording gives one" in methods(report)
    twice = tuple(
        replace(c, labels=c.labels | {"recording": "there and back"} if k < 2 else c.labels)
        for k, c in enumerate((cases[0], cases[0], *cases[1:]))
    )
    text = methods(bench_report(result_of(twice), {}))
    assert "Of the 28 recordings (each camera counted), 1 gives several." in text


def test_the_source_of_the_truth_is_said_and_real_events_are_counted(
    cases: tuple[Case, ...], report: AgreementReport
) -> None:
    text = methods(report)
    assert "read from their markers" in text and "real recording" not in text
    assert "0 true events within 0.1 s" in text
    labels = {"source": "mcgill_c3d", "recording": "a"}
    real = replace(cases[-1], labels=cases[-1].labels | labels)
    silent = replace(real, labels=real.labels | {"recording": "b"}, events=())
    both = methods(bench_report(result_of((*cases[:7], real, silent)), {}))
    assert "only where a lab marked them (1 real recording)" in both


def test_only_people_who_were_there_are_named(
    cases: tuple[Case, ...], report: AgreementReport
) -> None:
    alone = methods(report)
    assert "synthetic test walkers" in alone and "real test subjects" not in alone
    real = tuple(replace(c, labels=c.labels | {"source": "mcgill_c3d"}) for c in cases[:7])
    both = methods(bench_report(result_of((*cases[7:], *real)), {}))
    assert "synthetic test walkers" in both and "real test subjects" in both


def test_the_reader_is_told_of_cameras_and_of_people_who_are_not_real(
    cases: tuple[Case, ...], report: AgreementReport
) -> None:
    alone = report.notes
    assert len(alone) == 1  # nothing fell
    assert "4 walks, each seen from 6 camera places. All people are synthetic." in alone[0]
    real = tuple(replace(c, labels=c.labels | {"source": "mcgill_c3d"}) for c in cases[:7])
    (both,) = bench_report(result_of((*cases[7:], *real)), {}).notes
    assert "3 of the 4 people are synthetic: what holds for all need not" in both


def test_synthetic_and_real_people_are_judged_apart(
    cases: tuple[Case, ...], report: AgreementReport
) -> None:
    alone = analyse_agreement(report, n_resamples=100)
    assert part_verdicts(alone) == [] and part_overviews(alone) == []
    real = tuple(
        replace(
            c,
            trial=replace(c.trial, subject_id=f"real-{k % 4}"),
            labels=c.labels | {"source": "mcgill_c3d" if k % 2 else "cmu_asfamc"},
        )
        for k, c in enumerate(cases)
    )
    # Synthetic people are right but for 1 cm/s, real ones off by up to 0.5 m/s.
    records = tuple(
        record(
            case,
            "simgait",
            truth={"velocity_mps": 1.0 + 0.01 * k},
            estimate={"velocity_mps": 1.0 + 0.01 * k + error * (-1) ** (k // 2)},
        )
        for error, some in ((0.01, cases), (0.5, real))
        for k, case in enumerate(some)
    )
    analysed = analyse_agreement(bench_report(BenchResult(records, ()), {}), n_resamples=100)
    found = [p.sentence for p in part_verdicts(analysed) if p.measure == "velocity_mps"]
    assert [(s.label, s.grade) for s in found] == [
        ("Synthetic people", "good"),
        ("Real people", "do_not_use"),
    ]
    assert grade(analysed.measures[0].pairs, present(analysed.measures[0].summary)) == "do_not_use"
    synthetic, others = part_overviews(analysed)
    assert synthetic.startswith("Synthetic people alone (4 people)") and "in 1 of 1" in synthetic
    assert others.startswith("Real people alone (4 people)") and "in 0 of 1" in others
    html = agreement_page(analysed)
    assert synthetic in html and found[1].text in html


def test_walks_left_out_are_those_of_the_keypoints_shown(cases: tuple[Case, ...]) -> None:
    excluded = tuple(
        Excluded(f"still, {keypoints}", "stands still", "mcgill_c3d", keypoints)
        for keypoints in ("exact", "monocular-v1", "")
    )
    report = bench_report(replace(result_of(cases), excluded=excluded), {})
    assert [e.trial_id for e in report.exclusions] == ["still, monocular-v1", "still, "]
    assert report.n_offered == 24 + 2
