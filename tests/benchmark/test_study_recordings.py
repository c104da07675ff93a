"""Recordings of a made-up study: sound ones are read, broken ones are refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.benchmark.study_recordings import (
    LONGEST_S,
    SHORTEST_S,
    broken_lines,
    n_ways,
    sound_lines,
    write_manifest,
)
from simgait.cohort.study.columns import FAILED, NOT_USABLE
from simgait.cohort.study.manifest_check import read_manifest
from simgait.cohort.study.reading import Work, walks_of_work
from simgait.cohort.study.rows import Result
from simgait.commands.cohort import parsers
from simgait.pipeline import TrackOptions
from simgait.recordings.read import read_recording


def test_walks_are_of_mixed_length_and_body_and_stay(tmp_path: Path) -> None:
    lines = sound_lines(tmp_path, 2)
    read = [read_recording(tmp_path / line.path) for line in lines]
    for line, recording in zip(lines, read, strict=True):
        assert SHORTEST_S <= line.walked_s <= LONGEST_S and not line.broken
        assert recording.time_s[-1] == pytest.approx(line.walked_s, abs=0.1)
    assert len({one.height_m for one in read}) == 2
    before = (tmp_path / lines[0].path).stat().st_mtime_ns
    assert sound_lines(tmp_path, 1) == lines[:1]
    assert (tmp_path / lines[0].path).stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    lines = broken_lines(folder, n_ways())
    assert len({line.broken for line in lines}) == n_ways()
    write_manifest(folder / "study.csv", lines)
    return folder / "study.csv"


def test_no_broken_recording_gives_a_walk(broken: Path) -> None:
    manifest = read_manifest(broken, parsers())
    assert len(manifest.lines) == n_ways() and not manifest.problems
    wrong = [line for line in manifest.lines if line.problems]
    assert len(wrong) >= 3
    for line in manifest.lines:
        if not line.problems:
            [(_, _, found)] = walks_of_work(Work((line,), ("key",)), TrackOptions())
            assert isinstance(found, Result), line.trial
            assert found.outcome in (FAILED, NOT_USABLE) and found.reason
