"""Upkeep of the benchmark: walks of a version are kept once, statistics are timed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from simgait.benchmark import agreement_speed
from simgait.benchmark.pinned_walks import pins_of, read_pins
from simgait.cli import main
from tests.bench_walks import one_of_each_pattern


def test_a_version_is_kept_once(tmp_path: Path, monkeypatch, capsys) -> None:
    cases = one_of_each_pattern().cases[:2]
    monkeypatch.setattr("simgait.benchmark.pinned_walks.PINS", tmp_path / "next.csv")
    monkeypatch.setattr(
        "simgait.benchmark.bench_cases.synthetic_bench", lambda: SimpleNamespace(cases=cases)
    )
    assert main(["benchmark", "pin"]) == 0
    kept = (tmp_path / "next.csv").read_bytes()
    assert read_pins(tmp_path / "next.csv").keys() == pins_of(cases).keys()
    capsys.readouterr()
    assert main(["benchmark", "pin"]) == 1
    assert "raise BENCH_VERSION" in capsys.readouterr().err
    assert (tmp_path / "next.csv").read_bytes() == kept


def test_times_of_the_statistics_are_printed(monkeypatch, capsys) -> None:
    few = agreement_speed.agreement_speed(40, repeats=1)
    monkeypatch.setattr("simgait.benchmark.agreement_speed.agreement_speed", lambda: few)
    assert main(["benchmark", "speed"]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith(" ...")
    assert len(lines) == len(few) and lines[0].startswith("summary, one walk a person: ")
    assert [line.endswith("(bar 1 s)") for line in lines[:3]] == [True, True, False]


def test_an_action_is_needed() -> None:
    with pytest.raises(SystemExit):
        main(["benchmark"])


def test_strangers_need_recordings_and_a_name_that_is_there(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    assert main(["benchmark", "strangers"]) == 1
    assert "give --data FOLDER" in capsys.readouterr().err
    assert main(["benchmark", "strangers", "--data", str(tmp_path), "--only", "none"]) == 1
    assert "no detector has that in its name" in capsys.readouterr().err
