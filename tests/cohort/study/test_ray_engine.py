"""A study on a real Ray cluster of this machine: two workers, one of them killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from simgait.benchmark.same_numbers import study_differences
from simgait.benchmark.study_recordings import StudyLine, broken_lines, write_manifest
from simgait.cohort.study.manifest_check import read_manifest
from simgait.cohort.study.run import Study, run_study
from simgait.commands.cohort import parsers
from simgait.pipeline import find_policy
from tests.cli.conftest import policy
from tests.cohort.killing import make_walks

__all__ = ["policy"]
WAIT_S = 600.0


def kill_one_that_tracks(killed: list[int]) -> None:
    """Kills the first worker that tracks, once."""
    began_s = time.monotonic()
    while not killed and time.monotonic() - began_s < WAIT_S:
        for process in psutil.process_iter(["cmdline"]):
            if "".join(process.info["cmdline"] or []).startswith("ray::track"):
                os.kill(process.pid, signal.SIGKILL)
                killed.append(process.pid)
                return
        time.sleep(0.05)


@pytest.mark.slow
def test_two_workers_one_of_them_killed_give_the_numbers_of_one_process(
    policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray")
    # Of the workers, and of the one process: this one may hold programs that another test has
    # compiled otherwise, and those round otherwise.
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "true")
    from simgait.cohort.study.ray_engine import ray_workers

    make_walks(tmp_path / "in", 3)
    walks = [StudyLine(f"w{i}", f"P{i}", f"walk{i}.npz") for i in range(3)]
    path = tmp_path / "in" / "study.csv"
    write_manifest(path, [*walks, *broken_lines(tmp_path / "in", 2)])
    manifest, mine = read_manifest(path, parsers()), find_policy(policy)
    wrong = [line.trial for line in manifest.lines if line.problems]
    here, there = tmp_path / "here", tmp_path / "there"
    command = (sys.executable, "-m", "simgait", "cohort", "run", path, "--policy", policy)
    assert subprocess.run([*command, "-o", here]).returncode == 1  # two recordings are broken
    killed: list[int] = []
    killer = threading.Thread(target=kill_one_that_tracks, args=(killed,), daemon=True)
    killer.start()
    with ray_workers(2) as workers:
        ended = list(run_study(Study(there, mine, manifest, together=2, engine=workers)))
        assert len(ended) == 5 and killed
        again = [line.trial for line, _ in run_study(Study(there, mine, manifest, engine=workers))]
        assert again == wrong  # they are told whenever they are met
    found = study_differences(here, there)
    assert found.none and found.numbers and not any(found.largest.values())
    for file in there.rglob("*"):
        if file.is_file():
            said = file.read_bytes()
            for planted in (str(tmp_path), socket.gethostname(), "127.0.0.1"):
                assert planted.encode() not in said, file.name
