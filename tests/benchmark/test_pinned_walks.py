"""The walks of a version of the benchmark stay what they are, or the version is raised."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark import pinned_walks as bench_inputs
from simgait.benchmark.bench_cases import (
    BENCH_VERSION,
    CONDITIONS,
    PATTERNS,
    WALKERS_PER_PATTERN,
    synthetic_bench,
)
from simgait.benchmark.bench_report import bench_report
from simgait.benchmark.cases import Case
from simgait.benchmark.pinned_walks import (
    PINS,
    check_inputs,
    pins_of,
    pins_text,
    projection,
    read_pins,
    recordings_sha256,
    walk_numbers,
)
from simgait.benchmark.score_walks import BenchResult
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from tests.bench_walks import one_of_each_pattern
from tests.benchmark.made_up import record


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    """One walker of each pattern in all conditions."""
    return one_of_each_pattern().cases


def moved(case: Case, by_m: float) -> Case:
    """The walk with one keypoint of one frame elsewhere."""
    points = case.trial.keypoints_m.copy()
    points[100, KEYPOINT_INDEX["Left Knee"], 0] += by_m
    return replace(case, trial=replace(case.trial, keypoints_m=points))


def test_the_walks_are_those_of_the_version(cases: tuple[Case, ...]) -> None:
    check = check_inputs(cases, walkers=1)
    assert check.is_whole and check.n_pinned == 56, (
        f"The walks of {BENCH_VERSION} have changed, and results under that name can no longer be "
        "compared: raise BENCH_VERSION in simgait/benchmark/bench_cases.py "
        f"and run simgait benchmark pin. {check.told}"
    )
    assert check.sha256[:12] in check.told and "cannot be compared" not in check.told


@pytest.mark.slow
def test_all_walks_are_those_of_the_version() -> None:
    check = check_inputs(synthetic_bench().cases, WALKERS_PER_PATTERN)
    assert check.is_whole, f"Raise the benchmark's version: {check.told}"


def test_every_walk_of_the_version_is_kept() -> None:
    pins = read_pins()
    assert PINS.name == f"{BENCH_VERSION}.csv"
    assert len(pins) == len(PATTERNS) * WALKERS_PER_PATTERN * len(CONDITIONS)
    walkers = Counter(walker for _, _, walker in pins)
    assert walkers == dict.fromkeys(range(WALKERS_PER_PATTERN), len(PATTERNS) * len(CONDITIONS))
    assert len({tuple(numbers.values()) for numbers in pins.values()}) == len(pins)


def test_last_bits_are_no_change_and_a_centimetre_at_one_point_is(
    cases: tuple[Case, ...],
) -> None:
    def with_first(first: Case) -> tuple[Case, ...]:
        return (first, *cases[1:])

    assert check_inputs(with_first(moved(cases[0], 1e-9)), 1).is_whole
    check = check_inputs(with_first(moved(cases[0], 0.01)), 1)
    assert check.n_same == 55 and not check.is_whole
    assert check.differences[0].startswith(f"{cases[0].trial.trial_id}, exact has keypoints_")
    assert "cannot be compared" in check.told and "55 of 56" in check.told


@pytest.mark.parametrize("what", ["keypoints", "confidence", "truth", "events"])
def test_every_part_of_a_walk_counts(cases: tuple[Case, ...], what: str) -> None:
    case = cases[1]
    trial = case.trial
    changed = {
        "keypoints": lambda: replace(
            case, trial=replace(trial, keypoints_m=trial.keypoints_m[:, ::-1])
        ),
        "confidence": lambda: replace(
            case, trial=replace(trial, confidence=0.9 * trial.confidence)
        ),
        "truth": lambda: replace(case, angles_rad=case.angles_rad[:, ::-1]),
        "events": lambda: replace(
            case, events=tuple(replace(e, time_s=e.time_s + 0.01) for e in case.events)
        ),
    }[what]()
    before, after = walk_numbers(case), walk_numbers(changed)
    assert sum(not np.isclose(after[name], before[name], rtol=1e-4) for name in before) == 1


def test_walks_that_lack_and_walks_too_many_are_told(cases: tuple[Case, ...]) -> None:
    fewer = check_inputs(cases[1:], 1)
    assert fewer.differences == (f"{cases[0].trial.trial_id}, exact was not made",)
    more = check_inputs(cases, 0)
    assert (more.n_pinned, more.n_unpinned, more.is_whole) == (0, 56, False)
    assert "56 walks beyond them belong to no version" in more.told


def test_the_file_keeps_what_was_made(cases: tuple[Case, ...], tmp_path: Path) -> None:
    kept = tmp_path / "pins.csv"
    kept.write_text(pins_text(pins_of(cases)), encoding="utf-8")
    assert check_inputs(cases, 1, kept).is_whole
    assert check_inputs(cases, 1, kept).sha256 != check_inputs(cases, 1).sha256


def test_a_projection_sees_values_that_trade_places() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0])
    by_hand = (1.0 + 2.0 * np.cos(1.0) + 4.0 * np.cos(3.0)) / 2.0
    assert projection(values) == pytest.approx(by_hand)
    assert projection(values[::-1]) != pytest.approx(by_hand)
    assert projection(np.empty(0)) == 0.0


def test_a_report_of_other_walks_tells_the_reader(cases: tuple[Case, ...]) -> None:
    few = cases[:14]
    result = BenchResult(tuple(record(case, "x") for case in few), ())
    same, other = (check_inputs(some, 1) for some in (cases, few))
    assert same.told in bench_report(result, {}, inputs=same).methods
    assert len(bench_report(result, {}, inputs=same).notes) == 1
    assert other.told in bench_report(result, {}, inputs=other).notes


def test_recordings_are_known_by_their_content(tmp_path: Path, monkeypatch) -> None:
    paths = [tmp_path / "a.c3d", tmp_path / "b.c3d"]
    for path in paths:
        path.write_bytes(path.name.encode())
    monkeypatch.setattr(
        bench_inputs,
        "files_of_test_subjects",
        lambda data_dir, collections: [(path, "mcgill_c3d", "HC002D") for path in paths],
    )
    before = recordings_sha256(tmp_path)
    assert recordings_sha256(tmp_path) == before
    paths[1].write_bytes(b"another walk")
    assert recordings_sha256(tmp_path) != before
