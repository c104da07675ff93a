"""`simgait scorecard`: what is refused before any walk, and what is printed and written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark.gate import Gate, GateLine
from simgait.benchmark.gate_cases import UNSEEN
from simgait.benchmark.interval_coverage import Coverage
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.second_bench import SecondBench
from simgait.benchmark.walker_bench import PHASES, Follows, WalkerBench, WalkerLine
from simgait.cli import main
from simgait.commands import scorecard as command
from simgait.skeleton.default import TRIMMED_HUMANOID


class _Scorecard:
    """Two rows, nothing else."""

    def rows(self) -> list[Row]:
        return [Row("hip RMSE, real", 4.0, "°", 3, 5.0), Row("velocity RMSE", 0.1, "m/s", 3, 0.05)]

    def sections(self) -> list[tuple[str, str]]:
        return [("Sets", "table")]

    def exclusions(self) -> str:
        return "None."


def few_walkers(_tracker: object, count: int, tell: Callable[[str], None]) -> SecondBench:
    """A bench of as many walkers as were asked for, whom nobody has to track."""
    tell(f"{count} walkers")
    speed, nothing = Follows(count, 0.0, 0.1, 0.9), Follows(0, math.nan, math.nan, math.nan)
    phases = {one.label: nothing for one in PHASES}
    line = WalkerLine("blazepose-v1", "all", speed, nothing, nothing, phases)
    return SecondBench(WalkerBench((line,), ()), (), 0)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of no recordings, and walks that nobody has to track."""
    offered = []

    def sets(folder: Path, walkers: int, tell: Callable[[str], None]) -> tuple[()]:
        tell("making walks")
        offered.append((folder, walkers))
        return ()

    monkeypatch.setattr("simgait.benchmark.scorecard.offered_sets", sets)
    monkeypatch.setattr("simgait.benchmark.scorecard.make_scorecard", lambda *_, **__: _Scorecard())
    line = GateLine(UNSEEN, "simgait", "wide-v1", 12, 40, -0.07, 0.8, 0.9, 0.1, 0.05)
    monkeypatch.setattr("simgait.benchmark.gate_cases.gate_sets", lambda *_: ())
    monkeypatch.setattr("simgait.benchmark.gate.run_gate", lambda *_: Gate((line,), ()))
    monkeypatch.setattr("simgait.benchmark.second_bench.run_second_bench", few_walkers)
    held = Coverage("velocity_mps, both", "wide-v1", 13, 55, 81.0, 0.16, 88.0, 0.17)
    monkeypatch.setattr("simgait.benchmark.interval_release.judged_intervals", lambda *_: [held])
    (tmp_path / "data").mkdir()
    return str(tmp_path / "data")


def test_rows_are_printed_and_written(data: str, tmp_path: Path, capsys) -> None:
    table = tmp_path / "rows.json"
    call = ["scorecard", "--quick", "--no-speed", "--no-bench-v2", "--data", data]
    call += ["--json", str(table)]
    assert main(call) == 0
    told = capsys.readouterr()
    assert "2 of 9 bars are met." in told.out
    assert told.err.startswith("scorecard: loading ...\n") and "making walks" in told.err
    met = [row["met"] for row in json.loads(table.read_text("utf-8"))]
    assert met == [True, *7 * [False], None, True, None]


def test_the_gate_can_be_asked_for_alone(data: str, tmp_path: Path, capsys) -> None:
    table = tmp_path / "gate.json"
    assert main(["scorecard", "--gate", "--data", data, "--json", str(table)]) == 0
    told = capsys.readouterr().out
    assert "| unseen people | wide-v1 | simgait | 12 | 40 | -0.070 | 0.80 |" in told
    assert "0 of 5 bars are met." in told
    rows = json.loads(table.read_text("utf-8"))
    assert [row["name"] for row in rows] == [
        f"{what}, gate, wide-v1"
        for what in (
            "velocity bias",
            "slope of velocity",
            "slope of velocity within a person",
            "velocity RMSE",
            "step length RMSE",
        )
    ]


def test_the_bench_can_be_asked_for_alone_and_is_named_synthetic(
    data: str, tmp_path: Path, capsys
) -> None:
    table = tmp_path / "bench.json"
    call = ["scorecard", "--bench-v2", "--walkers", "40", "--data", data, "--json", str(table)]
    assert main(call) == 0
    told = capsys.readouterr().out
    assert "| blazepose-v1 (left out) | all | 40 | +0.000 | 0.1 | 0.90 |" in told
    rows = {row["name"]: row for row in json.loads(table.read_text("utf-8"))}
    assert all("bench-v2" in name for name in rows)
    slope = rows["slope of velocity, bench-v2, synthetic walkers, blazepose-v1 (left out)"]
    assert (slope["bar"], slope["bar_to"], slope["met"]) == (0.95, 1.05, False)
    assert rows["garbage called usable, bench-v2"]["bar"] == 0.0


def test_the_intervals_can_be_asked_for_alone(data: str, tmp_path: Path, capsys) -> None:
    table = tmp_path / "intervals.json"
    call = ["scorecard", "--intervals", str(tmp_path / "run"), "--data", data]
    assert main([*call, "--json", str(table)]) == 0
    told = capsys.readouterr().out
    assert "| wide-v1 | velocity_mps, both | 13 | 55 | 81 | 0.16 | 88 | 0.17 |" in told
    assert "1 of 2 bars are met." in told
    rows = json.loads(table.read_text("utf-8"))
    assert [(row["value"], row["met"]) for row in rows] == [
        (-9.0, False), (0.16, None), (-2.0, True), (0.17, None),
    ]  # fmt: skip


def test_the_page_names_the_command_and_no_folder(
    data: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(command, "REPOSITORY", tmp_path)
    call = ["scorecard", "--quick", "--no-speed", "--no-demo", "--data", data, "--write-docs"]
    monkeypatch.setattr("sys.argv", ["simgait", *call])
    assert main(call) == 0
    page = (tmp_path / "docs" / "scorecard.md").read_text("utf-8")
    assert "`simgait scorecard --quick --no-speed --no-demo --data data --write-docs`" in page
    assert "### bench-v2: synthetic walkers through every family" in page and "| 16 |" in page
    assert "### The gate" in page and "| wide-v1 |" in page and "### Intervals" in page
    assert "64 synthetic walkers instead of 200." in page and str(tmp_path) not in page


def earlier_rows(folder: Path, value: float) -> str:
    """A scorecard of one row, which `_Scorecard` has, too."""
    rows = [Row("hip RMSE, real", value, "°", 3, 5.0).as_json()]
    (folder / "earlier.json").write_text(json.dumps(rows), "utf-8")
    return str(folder / "earlier.json")


def test_a_run_says_what_is_worse_than_in_an_earlier_one(data: str, tmp_path: Path, capsys) -> None:
    call = ["scorecard", "--quick", "--no-speed", "--no-bench-v2", "--data", data]
    assert main([*call, "--since", earlier_rows(tmp_path, 3.0)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-2].split() == ["hip", "RMSE,", "real", "3", "4", "°"]
    assert told[-1].startswith("Since earlier.json: 1 of 1 rows that both have are worse")
    assert main([*call, "--gate", "--since", earlier_rows(tmp_path, 3.0)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "earlier.json has, and this one has not: hip RMSE, real."


def test_two_scorecards_are_compared_without_measuring(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(command, "check", lambda _: pytest.fail("something is measured"))
    rows = [Row("hip RMSE, real", 4.0, "°", 3, 5.0).as_json()]
    (tmp_path / "now.json").write_text(json.dumps(rows), "utf-8")
    call = ["scorecard", "--page", str(tmp_path / "now.json")]
    assert main([*call, "--since", earlier_rows(tmp_path, 4.0)]) == 0
    assert capsys.readouterr().out.startswith("Since earlier.json: 0 of 1 rows that both have")
    assert main([*call, "--since", earlier_rows(tmp_path, 2.0)]) == 0
    assert "hip RMSE, real  2    4   °" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--page", "now.md"], "say with --since what to compare it with"),
        (["--page", "now.md", "--since", "old.md", "--gate"], "leave --gate out"),
        (["--page", "now.md", "--since", "old.md", "--no-demo"], "leave --no-demo out"),
        (["--page", "now.md", "--since", "old.md", "--walkers", "0"], "leave --walkers out"),
        (
            ["--page", "now.md", "--since", "old.md", "--trust-plugins", "--no-speed"],
            "leave --trust-plugins, --no-speed out",
        ),
        (["--since", "old.md", "--visits"], "--visits has no rows"),
        (["--since", "old.md", "--json", "-"], "name a file for them"),
        (["--since", "old.md"], "old.md: there is no such file"),
        (["--walkers", "0"], "--walkers is 0; give 1 or more"),
        (["--data", "no/such"], "there is no such folder of recordings"),
        (["--write-docs"], "has no docs folder"),
    ],
)
def test_what_cannot_work_is_one_sentence(
    more: list[str], sentence: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    monkeypatch.setattr(command, "REPOSITORY", tmp_path / "nowhere")
    assert main(["scorecard", *more]) == 1
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1


def test_without_recordings_there_is_no_scorecard(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    monkeypatch.setattr(command, "REPOSITORY", tmp_path / "nowhere")
    assert main(["scorecard"]) == 1
    assert "name their folder with --data" in capsys.readouterr().err


def test_another_refiner_is_what_the_policy_follows(
    data: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    from simgait.baselines.tracker import Tracker
    from simgait.resources import resource_dir
    from simgait.tracking.policies import Policy, load_refiner, save_refiner

    own = resource_dir("policies") / "default" / "refiner.safetensors"
    weights = load_refiner(own, TRIMMED_HUMANOID)
    moved = replace(weights, feature_mean=np.asarray(weights.feature_mean) + 1.0)
    save_refiner(tmp_path / "other.safetensors", moved)
    seen: list[Policy] = []

    def spied(_name: str, policy: Policy, _shown: str) -> Tracker:
        seen.append(policy)
        return Tracker("spied", lambda _: [], "nobody walks")

    monkeypatch.setattr("simgait.benchmark.policy_tracker.policy_tracker", spied)
    call = ["scorecard", "--gate", "--data", data]
    assert main([*call, "--refiner", str(tmp_path / "other.safetensors")]) == 0
    assert main(call) == 0
    other, released = seen
    assert np.allclose(other.refiner.feature_mean, moved.feature_mean)
    assert np.allclose(released.refiner.feature_mean, weights.feature_mean)
    assert released.sha256 and other.sha256 == "", "intervals are the released policy's"
    capsys.readouterr()
    for option, said in (("--write-docs", "--write-docs"), ("--intervals=run", "--intervals")):
        assert main([*call, "--refiner", str(own), option]) == 1
        assert f"leave {said} out" in capsys.readouterr().err
