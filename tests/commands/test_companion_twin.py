"""`simgait companion run --track-twin` prints what `simgait track --twin` writes."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import pytest

from simgait import api, twin_walks
from simgait.cli import main
from simgait.cohort.summary_file import SUMMARY
from simgait.commands import companion_twin, options
from simgait.gait_result import GaitResult
from simgait.recordings.formats.npz import write_npz
from simgait.report.trial.twin_walk import TwinWalk
from simgait.report.trial.verdict import Verdict
from simgait.report.twin import FILES, TWIN_FIGURES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk as let_walk


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    made = let_walk(draw_walker(walker_seed("test", 60_200), "crouch"), 5.0)
    path = tmp_path / "crouch.npz"
    write_npz(path, trial_from_walk(made, monocular=False).recording)
    return path


def test_what_makes_no_twin_is_refused_before_anything_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for sentence, arguments in {
        "--track-twin: kinematics makes no twin of a walk": ("kinematics", "--track-twin"),
        "--policy and --trust-plugins go with --track-twin": ("gengait", "--policy", "x"),
    }.items():
        assert main(["companion", "run", *arguments, "nothing.npz"]) == 1
        assert sentence in capsys.readouterr().err


def test_why_a_twin_does_not_walk_is_told(
    recording: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def track_all(path: Path, **said: Any) -> list[Any]:
        asked.append((path, said))
        return [
            SimpleNamespace(
                trial=SimpleNamespace(n_frames=n),
                gait=create_autospec(GaitResult, instance=True),
                verdict=create_autospec(Verdict, instance=True),
            )
            for n in (4, 9)
        ]

    def walk_twin(says: Any, policy: Any) -> TwinWalk:
        (one,) = says
        assert one.opinion.twin is not None and policy == "a policy"
        return TwinWalk("gengait", None, ("It cannot be tracked: too short.",))

    monkeypatch.setattr(api, "track_all", track_all)
    monkeypatch.setattr(twin_walks, "walk_twin", walk_twin)
    monkeypatch.setattr(options, "load_chosen_policy", lambda *_, **__: ("a policy", "name"))
    call = ["companion", "run", "gengait", str(recording), "--height", "1.6", "--track-twin"]
    assert main(call) == 0
    said = capsys.readouterr().out
    assert "The twin is not shown as walking. It cannot be tracked: too short." in said
    assert asked == [(recording, {"height_m": 1.6, "policy": "a policy"})]
    assert companion_twin.TRACKED in said


def test_a_twin_replaces_what_simgait_wrote_before_it_but_never_walks(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin, mine = tmp_path / "twin", "notes.csv"
    twin.mkdir()
    (twin / "sides.html").write_text("Made with simgait")
    for name in ("sides.csv", mine, TWIN_FIGURES):
        (twin / name).write_text("earlier")
    call = ["companion", "run", "gengait", str(recording), "--height", "1.6", "--twin"]
    assert main([*call, str(twin)]) == 1
    assert "twin: holds files already" in capsys.readouterr().err
    assert main([*call, str(twin), "--overwrite"]) == 0
    removed = "removed from twin, of an earlier call: sides.html, sides.csv, twin_parameters.csv"
    assert removed in capsys.readouterr().out
    assert {path.name for path in twin.iterdir()} == {*FILES, mine} - {TWIN_FIGURES}
    walks = tmp_path / "results"
    walks.mkdir()
    (walks / SUMMARY).write_text("trial\n")
    assert main([*call, str(walks), "--overwrite"]) == 1
    assert "results: is a folder of walks; choose another with --twin" in capsys.readouterr().err
    assert [path.name for path in walks.iterdir()] == [SUMMARY]


@pytest.mark.slow
def test_the_numbers_are_those_of_track(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["companion", "run", "gengait", str(recording), "--track-twin", "--twin"]
    assert main([*call, str(tmp_path / "twin")]) == 0
    said = capsys.readouterr().out
    assert "The physics walked it for" in said
    api.track(recording, twin=True).report(tmp_path / "report")
    own, tracks = (
        list(csv.reader((tmp_path / folder / TWIN_FIGURES).open(encoding="utf-8")))
        for folder in ("twin", "report")
    )
    assert [row[:2] for row in own] == [row[:2] for row in tracks] and len(own) > 10
    for mine, theirs in zip(own[1:], tracks[1:], strict=True):
        assert float(mine[2]) == pytest.approx(float(theirs[2]), rel=1e-3, abs=1e-3)
        assert float(mine[3]) == pytest.approx(float(theirs[3]), rel=0.02, abs=0.2)
    assert (
        sum(": walk " in line and ", twin " in line for line in said.splitlines()) == len(own) - 1
    )
