"""What somebody who waits sees: at once what is read, then lines, or a bar on a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from simgait.commands import progress as progress_module
from simgait.commands.progress import Progress
from tests.cli.conftest import simgait

__all__ = ["simgait"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_first_line_comes_before_anything_else(simgait, tmp_path) -> None:
    ran = simgait("track", "some/walk.npz", "--height", "175", "-o", tmp_path / "out")
    assert ran.code == 1 and ran.out == "reading walk.npz ...\n"
    ran = simgait("track", "a.npz", "b.npz", "--height", "175", "-o", tmp_path / "out")
    assert ran.out == "reading 2 inputs ...\n"


@pytest.mark.parametrize("stream", ["a pipe", "a terminal"])
def test_a_note_stays_on_the_screen(stream, monkeypatch, capsys) -> None:
    terminal = Terminal()
    if stream == "a terminal":
        monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(3) as progress:
        progress.tell("tracking 3 trials ...")
        progress.tell("note: b.npz is the same recording as a.npz.")
        assert "tracking 3 trials" in progress.state(progress._started_s)
    assert "note: b.npz is the same recording as a.npz.\n" in capsys.readouterr().out


def test_nothing_is_silent_for_long(monkeypatch, capsys) -> None:
    monkeypatch.setattr(progress_module, "SILENCE_S", 0.0)
    monkeypatch.setattr(progress_module, "LOOK_S", 0.001)
    with Progress(3) as progress:
        progress.tell("tracking 3 trials ...")
        progress.finished("a")
        while "still tracking 3 trials (1 of 3 files" not in (text := capsys.readouterr().out):
            assert text is not None
    assert "left)" in text


@pytest.mark.parametrize(
    ("done", "skipped", "at_s", "words"),
    [
        (0, 0, 40.0, "  still tracking (0 of 8 walks, 40 s so far)"),
        (2, 0, 40.0, "  still tracking (2 of 8 walks, 40 s so far, about 2 min left)"),
        (1, 6, 40.0, "  still tracking (1 of 2 walks, 40 s so far, about 40 s left)"),
        (8, 0, 8000.0, "  still tracking (8 of 8 walks, 2 h 13 min so far)"),
    ],
)
def test_how_long_the_rest_takes(done: int, skipped: int, at_s: float, words: str, capsys) -> None:
    with Progress(8, "walk") as progress:
        progress.tell("tracking ...", quiet=True)
        for number in range(skipped):
            progress.skipped(f"before {number}")
        for number in range(done):
            progress.finished(f"now {number}")
        assert progress.state(progress._started_s + at_s) == words
    assert capsys.readouterr().out == ""


def test_what_comes_out_of_batches_tells_no_time(capsys) -> None:
    told = "simulated 3 of 49 walks, about 3 min left in this batch"
    with Progress(50, in_batches=True) as progress:
        progress.tell(f"{told} ...", quiet=True)
        progress.finished("refused.npz")
        state = progress.state(progress._started_s + 210.0)
    assert state == f"  still {told} (1 of 50 files, 4 min so far)"
    assert capsys.readouterr().out == ""


def test_stages_end_where_the_next_begins(capsys) -> None:
    with Progress(3, "stage", stdout_is_data=True) as progress:
        progress.stage("making walks")
        progress.stage("tracking them")
        assert progress.state(progress._started_s + 60.0).endswith(
            "(1 of 3 stages, 60 s so far, about 2 min left)"
        )
    told = capsys.readouterr()
    assert told.out == "" and told.err.splitlines()[1].endswith("s  tracking them")


def test_lines_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(2) as progress:
        progress.tell("tracking 1 trial ...")
        progress.line("walk: Good")
        progress.line("simgait: b.npz: broken.", error=True)
        progress.finished("a.npz")
    found = capsys.readouterr()
    assert found.out == "tracking 1 trial ...\nwalk: Good\n"
    assert found.err == "simgait: b.npz: broken.\n"


def test_a_bar_on_a_terminal_counts_files_and_leaves_results_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(2) as progress:
        progress.tell("tracking 3 trials ...")
        progress.line("walk_bout1: Good")
        for label in ("a.npz", "a.npz", "b.npz"):
            progress.finished(label)
        assert progress._bar is not None and progress._bar.n == 2
    assert capsys.readouterr().out == "walk_bout1: Good\n"
    assert "tracking 3 trials" in terminal.getvalue() and "/2" in terminal.getvalue()
