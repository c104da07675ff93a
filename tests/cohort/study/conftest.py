"""A study in a folder, tracked by a pipeline without physics that knows what it tracked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from simgait import pipeline
from simgait.cohort.study.manifest import Line, Manifest
from simgait.cohort.study.manifest_check import read_manifest
from simgait.cohort.study.rows import Result
from simgait.cohort.study.run import Study, run_study
from simgait.commands.cohort import parsers
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult
from simgait.pipeline import AnalysedWalk, PreparedWalk
from simgait.report.trial.verdict import Verdict, judge
from simgait.tracking.policies import Policy
from simgait.types import Rollout, TrackedTrial
from tests.cli.conftest import Walk, good_walk
from tests.cohort.conftest import Killed, policy_called
from tests.report.conftest import make_walk

__all__ = ["good_walk"]
HEADING = "trial,person,visit,condition,path"


@dataclass
class Hospital:
    """A manifest with its recordings, the folder of its results, and what was called.

    Attributes:
        batches: trials of each batch that was tracked.
        kill_after: batches until the process dies.
        breaks: trials on which the physics fails.
    """

    folder: Path
    policy: Any
    heading: str = HEADING
    lines: list[str] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kill_after: int | None = None
    breaks: frozenset[str] = frozenset()

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def manifest(self) -> Manifest:
        path = self.folder / "study.csv"
        path.write_text("\n".join([self.heading, *self.lines]) + "\n", encoding="utf-8")
        return read_manifest(path, parsers())

    def run(self, **changes: Any) -> dict[str, Result]:
        """As `simgait cohort run study.csv -o out`; trial -> what ended now."""
        return self.run_manifest(self.manifest(), **changes)

    def run_manifest(self, manifest: Manifest, **changes: Any) -> dict[str, Result]:
        """As `run`, of another manifest."""
        self.batches.clear()
        study = Study(self.out, self.policy, manifest, tell=self.said.append)
        ended: list[tuple[Line, Result]] = list(run_study(replace(study, **changes)))
        assert len({line.number for line, _ in ended}) == len(ended)
        return {line.trial: result for line, result in ended}

    def table(self, name: str) -> list[dict[str, Any]]:
        """Rows of a table, by trial, walk, side and cycle."""
        from pyarrow import parquet

        rows = parquet.read_table(self.out / f"{name}.parquet").to_pylist()
        order = ("trial", "person", "walk", "side", "cycle", "curve")
        return sorted(rows, key=lambda row: [str(row.get(one)) for one in order])

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.table(name) for name in ("trials", "cycles", "curves", "persons")}


@pytest.fixture
def hospital(
    tmp_path: Path, good_walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], Hospital]:
    """Makes one with so many recordings of two a person."""
    pytest.importorskip("pyarrow")

    def make(count: int) -> Hospital:
        found = Hospital(tmp_path, policy_called("mine"))
        for number in range(count):
            # Each a little longer, so that the numbers tell which recording they are of.
            points = good_walk.points_m[: len(good_walk.points_m) - number]
            replace(good_walk, points_m=points).save(tmp_path / f"w{number}.npz")
            found.lines.append(f"t{number},P{number // 2},v1,{'ab'[number % 2]},w{number}.npz")
        _replace_physics(monkeypatch, found)
        return found

    return make


@cache
def _walk_of_everybody() -> tuple[Rollout, GaitResult, Verdict]:
    """What each walk is tracked as; made once."""
    trial, rollout = make_walk(6.0)
    gait = analyse_rollout(rollout)
    return rollout, gait, judge(trial, rollout, gait, None)


def _replace_physics(monkeypatch: pytest.MonkeyPatch, hospital: Hospital) -> None:
    rollout, gait, verdict = _walk_of_everybody()

    def track_walks(
        policy: object,
        walks: Sequence[PreparedWalk],
        done: Callable[[int, float], None] = lambda walks, share: None,
        *,
        alike: bool,
    ) -> list[TrackedTrial]:
        assert alike  # else packing would change numbers
        hospital.batches.append([walk.trial.trial_id for walk in walks])
        if hospital.breaks & set(hospital.batches[-1]):
            raise FloatingPointError("not finite")
        if hospital.kill_after is not None:
            if hospital.kill_after == 0:
                raise Killed
            hospital.kill_after -= 1
        return [Mock(TrackedTrial, trial=walk.trial, rollout=rollout) for walk in walks]

    def analyse_walk(
        walk: PreparedWalk, tracked: TrackedTrial, policy: Policy, *, with_truth: bool
    ) -> AnalysedWalk:
        own = replace(gait, residual_force_percent_bw=float(walk.trial.n_frames))
        return Mock(AnalysedWalk, prepared=walk, tracked=tracked, gait=own, verdict=verdict)

    def write_report(folder: Path, walk: Any, policy: object, extra: dict[str, Any]) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "provenance.json").write_text(f'{{"key": "{extra["key"]}"}}')
        (folder / "report.html").write_text("a page")
        return []

    monkeypatch.setattr(pipeline, "track_walks", track_walks)
    monkeypatch.setattr(pipeline, "analyse_walk", analyse_walk)
    monkeypatch.setattr(pipeline, "write_report", write_report)
