from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.report.trial import report as trial_report
from simgait.report.trial.report import write_trial_report
from tests.report.trial.conftest import read


def test_writes_exactly_the_files_it_names(made: tuple[Any, ...]) -> None:
    *_, folder, files = made
    assert sorted(p.name for p in files) == sorted(p.name for p in folder.iterdir())
    assert not list(folder.parent.glob(".simgait*"))


def test_after_a_fall_nothing_is_passed_off_as_measured(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    trial, rollout = walk(8.0, fall_s=6.0)
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=rollout, result=analyse_rollout(rollout),
        quality=None, provenance={},
    )  # fmt: skip
    angles = read(tmp_path / "a/angles.csv")
    assert all(r["left_knee_flexion_deg"] == "" for r in angles[180:])
    assert angles[179]["left_knee_flexion_deg"] != ""
    assert "nRows=180" in (tmp_path / "a/motion.mot").read_text()
    html = (tmp_path / "a/report.html").read_text()
    assert "Use no number" in html and "after the fall" in html


def test_folder_that_cannot_be_written(
    walk: Callable[..., Any], made: tuple[Any, ...], tmp_path: Path
) -> None:
    trial, rollout, result, *_ = made
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot be written"):
            write_trial_report(
                folder, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
            )
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("existed", [False, True])
def test_failure_midway_leaves_nothing(
    made: tuple[Any, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existed: bool
) -> None:
    trial, rollout, result, *_ = made
    folder = tmp_path / "out"
    if existed:
        folder.mkdir()
        (folder / "parameters.csv").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trial_report, "write_mot", full)
    with pytest.raises(InputError, match="No space left"):
        write_trial_report(
            folder, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
        )
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*"))
    assert left == (["out", "out/parameters.csv"] if existed else [])
    if existed:
        assert (folder / "parameters.csv").read_text() == "old"


def test_writing_again_replaces_and_keeps_strangers(made: tuple[Any, ...], tmp_path: Path) -> None:
    trial, rollout, result, *_ = made
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "events.csv").write_text("old")
    for _ in range(2):
        written = write_trial_report(
            tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
        )
    assert (tmp_path / "mine.txt").read_text() == "keep"
    assert len(read(tmp_path / "events.csv")) > 10
    assert {path.name for path in tmp_path.iterdir()} == {p.name for p in written} | {"mine.txt"}


def test_rollout_of_another_trial_is_refused(
    walk: Callable[..., Any], made: tuple[Any, ...], tmp_path: Path
) -> None:
    _, rollout, result, *_ = made
    other, _ = walk(4.0)
    with pytest.raises(InputError, match="120 frames"):
        write_trial_report(
            tmp_path / "a", trial=other, rollout=rollout, result=result, quality=None, provenance={}
        )
    assert not (tmp_path / "a").exists()
