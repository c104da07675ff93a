"""The real command: the same numbers however walks are packed (kills: `benchmark cohort`)."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark.same_numbers import study_differences
from simgait.benchmark.study_recordings import (
    StudyLine,
    broken_lines,
    sound_lines,
    write_manifest,
)
from simgait.cohort.study.manifest_check import read_manifest
from simgait.cohort.study.run import Study, run_study
from simgait.commands.cohort import parsers
from simgait.pipeline import find_policy
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.read import read_recording
from tests.cli.conftest import policy
from tests.cohort.killing import make_walks
from tests.pendulum import pendulum_recording
from tests.privacy_scan import leaks, named_machine
from tests.recordings.formats.test_c3d import walking_markers, write_c3d

__all__ = ["policy"]
NAME, TAG = "quittenbaum7", "2019-03-07"
"""Planted wherever a file can hold a name or a date; nothing of simgait's own says either."""


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_optimised")
def test_one_at_a_time_or_all_together_the_numbers_are_the_same(
    policy: Path, tmp_path: Path
) -> None:
    make_walks(tmp_path / "in", 3)
    walks = [StudyLine(f"w{i}", f"P{i}", f"walk{i}.npz") for i in range(3)]
    path = tmp_path / "in" / "study.csv"
    write_manifest(path, [*walks, *broken_lines(tmp_path / "in", 2)])
    manifest = read_manifest(path, parsers())
    for together in (1, 64):
        out = tmp_path / str(together)
        ended = list(run_study(Study(out, find_policy(policy), manifest, together=together)))
        assert len(ended) == 5
    found = study_differences(tmp_path / "1", tmp_path / "64")
    # Not nearly: each shape of batch rounds in a way of its own, and these have one shape.
    assert found.none and found.numbers and not any(found.largest.values())


@pytest.mark.slow
def test_jobs_of_an_array_and_the_one_that_joins_them_give_the_numbers_of_one_process(
    policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of every process: this one may hold programs that another test has compiled otherwise, and
    # those round otherwise.
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "true")
    make_walks(tmp_path / "in", 3)
    path = tmp_path / "in" / "study.csv"
    write_manifest(path, [StudyLine(f"w{i}", f"P{i}", f"walk{i}.npz") for i in range(3)])
    whole, joined = tmp_path / "whole", tmp_path / "joined"
    command = (sys.executable, "-m", "simgait", "cohort", "run", path, "--policy", policy, "-o")
    assert subprocess.run([*command, whole]).returncode == 0
    jobs = [subprocess.Popen([*command, joined, "--part", f"{number}/2"]) for number in (1, 2)]
    assert [job.wait() for job in jobs] == [0, 0]
    parts = sorted(part.parent.name for part in (joined / "parts").glob("share-*/part-*"))
    assert parts == ["share-1-of-2", "share-2-of-2"] and not (joined / "trials.parquet").exists()
    last = subprocess.run([*command, joined], capture_output=True, text=True)
    assert last.returncode == 0 and "3 recordings done before and kept" in last.stdout
    found = study_differences(whole, joined)
    assert found.none and found.numbers and not any(found.largest.values())


@pytest.mark.slow
def test_what_names_a_person_in_file_or_folder_is_in_no_output(
    policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = named_machine(monkeypatch)
    folder = tmp_path / f"{NAME}x"
    folder.mkdir()
    names = [f"{NAME}-{number}" for number in range(5)]
    [line] = sound_lines(tmp_path, 1)
    sound = read_recording(tmp_path / line.path)
    tagged = replace(sound, subject_id=NAME, recording_id=names[0])
    write_npz(folder / f"{names[0]}.npz", tagged)
    markers = walking_markers(pendulum_recording)
    groups = [
        ("SUBJECTS", "NAMES", NAME), ("MANUFACTURER", "OPERATOR", NAME), ("TRIAL", "DATE", TAG),
        ("PROCESSING", "Height", 1700.0),
    ]  # fmt: skip
    write_c3d(folder / f"{names[1]}.c3d", markers, groups=groups, prefix=f"{NAME}:")
    (folder / f"{names[2]}.npz").write_bytes(b"PK\x03\x04")
    np.savez(folder / f"{names[3]}.npz", keypoints=np.zeros((5, 17, 3)), fps_hz=30.0)
    endings = (".npz", ".c3d", ".npz", ".npz", ".npz")  # of the last there is no file
    lines = [f"t{i},P{i},{folder.name}/{names[i]}{endings[i]}" for i in range(5)]
    path = tmp_path / "study.csv"
    path.write_text("\n".join(["trial,person,path", *lines]) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    study = Study(out, find_policy(policy), read_manifest(path, parsers()), reports=True)
    assert len(list(run_study(study))) == 5
    told = (out / "study.log").read_text(encoding="utf-8")
    assert {file.parent.name for file in out.rglob("*") if file.is_file()} >= {"t0", "t1"}, told
    assert leaks(out, (NAME, TAG, str(tmp_path), host)) == []
