"""`simgait cohort`, as it is typed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Walk
from tests.cohort.study.conftest import hospital
from tests.stand_in_browser import stand_in_browser

__all__ = ["hospital"]
NORMS = "parameter,age_from_years,age_to_years,mean,sd,n,source"


def test_check_says_what_is_wrong_and_ends_with_1(
    simgait: Any, tmp_path: Path, good_walk: Walk
) -> None:
    good_walk.save(tmp_path / "a.npz")
    manifest = tmp_path / "study.csv"
    manifest.write_text("trial,person,path,arm\nt1,P1,a.npz,left\n")
    ran = simgait("cohort", "check", manifest)
    assert ran.code == 0 and "1 trial of 1 person: no problem" in ran.out
    assert "carried along: arm" in ran.out and not ran.err
    manifest.write_text("trial,person,path\nt1,P1,b.npz\nt2,,a.npz\n")
    ran = simgait("cohort", "check", manifest)
    assert ran.code == 1 and "2 trials of 1 person: 2 problems" in ran.out
    assert ran.err.splitlines() == [
        "simgait: line 2: b.npz: there is no such file; check the path.",
        "simgait: line 3: person is empty; give a code.",
    ]
    assert simgait("cohort", "check", tmp_path / "none.csv").code == 1


def test_run_counts_outcomes_and_goes_on(
    simgait: Any, hospital: Any, policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = hospital(2)
    ward.lines.append("gone,P9,v1,a,gone.npz")
    ward.manifest()
    words = ("cohort", "run", tmp_path / "study.csv", "-o", ward.out, "--policy", policy)
    ran = simgait(*words)
    assert ran.code == 1 and "2 done, 0 not usable, 1 failed; the tables are in" in ran.out
    assert "simgait: gone: there is no such file" in ran.err
    ran = simgait(*words)
    assert "2 recordings done before and kept" in ran.out and len(ward.batches) == 1
    stand_in_browser(tmp_path, monkeypatch)
    assert simgait("cohort", "report", ward.out, "--pdf").code == 0
    assert (ward.out / "cohort.pdf").read_bytes() == b"%PDF of cohort.html"


def test_what_belongs_to_another_engine_or_is_not_installed_is_told_at_once(
    simgait: Any, hospital: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hospital(1).manifest()
    words = ("cohort", "run", tmp_path / "study.csv", "-o", tmp_path / "out")
    for options, sentence in (
        (("--workers", 2), "--workers goes with --engine ray."),
        (("--address", "auto"), "--address goes with --engine ray."),
        (("--engine", "ray", "--workers", 0), "--workers: at least one process works."),
    ):
        ran = simgait(*words, *options)
        assert ran.code == 1 and sentence in ran.err
    monkeypatch.setitem(sys.modules, "ray", None)
    ran = simgait(*words, "--engine", "ray")
    assert ran.code == 1 and "pip install 'simgait[ray]'" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "file", "content", "sentence"),
    [
        ("--norms", "n.csv", f"{NORMS}\nstep_length_m,20,60,62,1,9,x\n", "nobody walks with"),
        ("--norms", "gone.csv", None, "there is no such file"),
        ("--reference", "r.json", "{}", "r.json: is no reference for the scores"),
    ],
)
def test_a_file_that_is_none_is_refused_before_anything_starts(
    simgait: Any, hospital: Any, policy: Path, tmp_path: Path,
    option: str, file: str, content: str | None, sentence: str,
) -> None:  # fmt: skip
    ward = hospital(1)
    ward.manifest()
    if content is not None:
        (tmp_path / file).write_text(content)
    ran = simgait(
        "cohort", "run", tmp_path / "study.csv", "-o", ward.out, "--policy", policy,
        option, tmp_path / file,
    )  # fmt: skip
    assert ran.code == 1 and sentence in ran.err and len(ran.err.splitlines()) == 1
    assert not ward.out.exists()
