"""`simgait evaluate --bench` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simgait.cli import main
from simgait.recording import splits
from simgait.recording.types import InputError


def test_a_small_bench_prints_and_writes(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out = tmp_path / "bench"
    command = ["evaluate", "--bench", "--walkers", "1", "--trackers", "raw-keypoints"]
    assert main([*command, "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "raw-keypoints: 56 walks, 0.0 % failed" in printed
    assert "without" in printed or "left out" in printed  # no real people were named
    assert "excluded: 0 of 56 walks offered" in printed
    assert "velocity n" in printed and "monocular-v1" in printed and "exact" in printed
    assert (out / "agreement.html").is_file() and (out / "agreement.pdf").is_file()
    record = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert record["config"]["walkers_per_pattern"] == 1
    # Another run does not write over it unasked, and says so in a sentence.
    assert main([*command, "--walkers", "0", "-o", str(tmp_path / "other")]) == 1
    assert "at least 1 person" in capsys.readouterr().err


@pytest.mark.parametrize("pair", ["runs/x", "=runs/x", "raw-keypoints=runs/x", "mine=no/such"])
def test_policies_beside_need_a_name_of_their_own_and_a_folder(
    pair: str, tmp_path: Path, capsys
) -> None:
    command = ["evaluate", "--bench", "--trackers", "raw-keypoints", "--beside", pair]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and ("NAME=FOLDER" in text or "no such policy" in text)
    assert not (tmp_path / "bench").exists()


def test_people_of_two_splits_are_a_sentence(tmp_path: Path, capsys, monkeypatch) -> None:
    def shared(*_: object) -> None:
        splits.assert_disjoint({"x"}, (), {"x"})

    monkeypatch.setattr("simgait.evaluation.bench.refuse_known_people", shared)
    command = ["evaluate", "--bench", "--walkers", "1", "--trackers", "raw-keypoints"]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    assert "Subjects in both train and test: x" in capsys.readouterr().err
    assert issubclass(splits.SplitError, InputError)
