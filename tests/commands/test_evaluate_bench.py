"""`simgait evaluate --bench` from the command line."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import pytest

from simgait.benchmark import bench_cases
from simgait.benchmark.pinned_walks import PINS
from simgait.cli import main
from simgait.commands.evaluate_bench import chosen_trackers
from simgait.companions.gait_transformer.weights import weights_hash
from simgait.datasets import splits
from simgait.errors import InputError
from simgait.resources import resource_dir
from simgait.tracking.policies import policy_hash
from tests.bench_walks import one_of_each_pattern


@pytest.fixture
def _walks_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """One walker of each pattern, whatever is asked for."""
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    monkeypatch.setattr(bench_cases, "synthetic_bench", lambda walkers: one_of_each_pattern())


@pytest.mark.slow
@pytest.mark.usefixtures("_walks_made_before")
def test_a_small_bench_prints_and_writes(tmp_path: Path, capsys) -> None:
    out = tmp_path / "bench"
    command = ["evaluate", "--bench", "--walkers", "1", "--trackers", "raw-keypoints"]
    assert main([*command, "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "raw-keypoints: 56 walks, 0.0 % failed" in printed
    assert "without" in printed or "left out" in printed  # no real people were named
    assert "56 of 56 synthetic walks are those of simgait-bench-v1" in printed
    assert "excluded: 0 of 56 walks offered" in printed
    assert "velocity n" in printed and "monocular-v1" in printed and "exact" in printed
    assert (out / "agreement.html").is_file()
    record = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert record["config"]["walkers_per_pattern"] == 1
    assert [one["name"] for one in record["config"]["trackers"]] == ["raw-keypoints"]
    walks = record["config"]["synthetic_walks"]
    assert (walks["n_pinned"], walks["n_same"], walks["differences"]) == (56, 56, [])
    assert walks["sha256"] == hashlib.sha256(PINS.read_bytes()).hexdigest()
    assert record["config"]["real_recordings_sha256"] is None
    # No simulated body, so no trial reports, and the page says so.
    assert not (out / "trials").exists()
    html = (out / "agreement.html").read_text(encoding="utf-8")
    assert "56 of 56 synthetic walks are those of" in html
    assert "have no trial reports" in html and "raw-keypoints: the recording" in html
    assert main([*command, "--walkers", "0", "-o", str(tmp_path / "other")]) == 1
    assert "at least 1 person" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pair", ["runs/x", "=runs/x", "raw-keypoints=runs/x", "mine=no/such", "mine="]
)
def test_policies_beside_need_a_name_of_their_own_and_a_folder(
    pair: str, tmp_path: Path, capsys
) -> None:
    command = ["evaluate", "--bench", "--trackers", "raw-keypoints", "--beside", pair]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and ("NAME=FOLDER" in text or "no such policy" in text)
    assert not (tmp_path / "bench").exists()


def test_what_cannot_be_used_is_refused_before_the_walks(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    command = ["evaluate", "--bench", "--trackers", "raw-keypoints", "-o", str(tmp_path / "bench")]
    assert main([*command, "--ablation", str(tmp_path / "table.json")]) == 1
    assert "table.json: the ablation's table cannot be read" in capsys.readouterr().err
    (tmp_path / "bench" / "trials").mkdir(parents=True)
    assert main(command) == 1
    assert "not written by the benchmark" in capsys.readouterr().err


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_folder_of_recordings_that_does_not_exist_is_said(
    by_variable: bool, tmp_path: Path, capsys, monkeypatch
) -> None:
    gone = str(tmp_path / "nope")
    monkeypatch.setenv("SIMGAIT_DATA", gone if by_variable else str(tmp_path))
    command = ["evaluate", "--bench", "--trackers", "raw-keypoints", "-o", str(tmp_path / "b")]
    assert main(command if by_variable else [*command, "--data", gone]) == 1
    text = capsys.readouterr().err
    assert ("$SIMGAIT_DATA nope" if by_variable else "--data nope") in text
    assert text.count("\n") == 1 and "there is no such folder" in text
    assert str(tmp_path) not in text and not (tmp_path / "b").exists()


def test_a_tracker_named_twice_is_refused(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    command = ["evaluate", "--bench", "--trackers", "kinematics", "raw-keypoints", "kinematics"]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and "names kinematics more than once" in text
    assert not (tmp_path / "bench").exists()


def test_an_installation_without_the_papers_policy_says_so(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("simgait.commands.evaluate_bench.resource_dir", lambda name: tmp_path)
    command = ["evaluate", "--bench", "--trackers", "raw-keypoints", "paper-final"]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    text = capsys.readouterr().err
    assert text.count("\n") == 1 and "lacks policies/paper_final" in text
    assert not (tmp_path / "bench").exists()


def test_every_tracker_is_in_the_provenance_with_its_hash() -> None:
    released = resource_dir("policies") / "default"
    arguments = argparse.Namespace(
        trackers=["gait-transformer", "kinematics"], policy=None, trust_plugins=False,
        beside=[f"mine={released}"],
    )  # fmt: skip
    facts = [one.facts for one in chosen_trackers(arguments)]
    assert [one["name"] for one in facts] == ["gait-transformer", "kinematics", "mine"]
    assert [one.get("sha256") for one in facts] == [
        weights_hash(resource_dir("policies") / "gait_transformer"), None, policy_hash(released)
    ]  # fmt: skip


@pytest.mark.usefixtures("_walks_made_before")
def test_people_of_two_splits_are_a_sentence(tmp_path: Path, capsys, monkeypatch) -> None:
    def shared(*_: object) -> None:
        splits.assert_disjoint({"x"}, (), {"x"})

    monkeypatch.setattr("simgait.benchmark.bench_cases.refuse_known_people", shared)
    command = ["evaluate", "--bench", "--walkers", "1", "--trackers", "raw-keypoints"]
    assert main([*command, "-o", str(tmp_path / "bench")]) == 1
    assert "Subjects in both train and test: x" in capsys.readouterr().err
    assert issubclass(splits.SplitError, InputError)
