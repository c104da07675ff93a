"""What somebody who waits sees: at once what is read, then lines, or a bar on a terminal."""

from __future__ import annotations

import io
import sys

import pytest

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
