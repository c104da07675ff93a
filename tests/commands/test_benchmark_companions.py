"""`simgait benchmark companions`: one table or all of them, and options that do not go together."""

from __future__ import annotations

import pytest

from simgait.benchmark.companion_limits import UNKNOWN
from simgait.cli import main


def test_one_table_is_printed_with_what_made_it(capsys):
    assert main(["benchmark", "companions", "--only", "limits", "--walkers", "4"]) == 0
    out = capsys.readouterr().out
    assert "commit" in out.splitlines()[0] and "| mean pelvic tilt |" in out
    assert out.count("\n| ") == len(UNKNOWN) + 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--walkers", "3"], "--walkers: give 4 at least"),
        (["--only", "twins", "--walkers", "9"], "--walkers goes with limits and posture"),
        (["--only", "limits", "--policy", "mine"], "--policy goes with twins"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, said, capsys):
    assert main(["benchmark", "companions", *options]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_twins_walk(capsys):
    assert main(["benchmark", "companions", "--only", "twins"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 3 and all("| yes |" in row for row in rows)
