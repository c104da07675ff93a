"""A run in a process of its own: it ends, or is killed, and is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.benchmark.study_runs import compiled_programs, run_cohort


@pytest.mark.slow
def test_what_it_says_and_takes_is_measured(tmp_path: Path) -> None:
    ended = run_cohort(tmp_path / "gone.csv", tmp_path / "out", tmp_path / "cache")
    assert ended.code == 1 and any("gone.csv" in line for line in ended.said)
    assert ended.processor_s > 0.0 and ended.peak_bytes > 1e7
    assert compiled_programs(tmp_path / "cache") == 0


def test_it_can_be_killed(tmp_path: Path) -> None:
    ended = run_cohort(tmp_path / "gone.csv", tmp_path, tmp_path, kill_after_s=0.0)
    assert ended.code == -9
