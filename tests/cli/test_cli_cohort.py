"""`simgait cohort`, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import Walk


def test_check_says_what_is_wrong_and_ends_with_1(
    simgait: Any, tmp_path: Path, good_walk: Walk
) -> None:
    good_walk.save(tmp_path / "a.npz")
    manifest = tmp_path / "study.csv"
    manifest.write_text("trial,person,path,age\nt1,P1,a.npz,50\n")
    ran = simgait("cohort", "check", manifest)
    assert ran.code == 0 and "1 trial of 1 person: no problem" in ran.out
    assert "carried along: age" in ran.out and not ran.err
    manifest.write_text("trial,person,path\nt1,P1,b.npz\nt2,,a.npz\n")
    ran = simgait("cohort", "check", manifest)
    assert ran.code == 1 and "2 trials of 1 person: 2 problems" in ran.out
    assert ran.err.splitlines() == [
        "simgait: line 2: b.npz: there is no such file; check the path.",
        "simgait: line 3: person is empty; give a code.",
    ]
    assert simgait("cohort", "check", tmp_path / "none.csv").code == 1
