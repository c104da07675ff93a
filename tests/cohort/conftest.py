"""Walks in files, and a pipeline without physics whose numbers depend on the whole batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from simgait import pipeline
from simgait.cohort.inputs import recordings_in
from simgait.cohort.outcome import Outcome
from simgait.cohort.results_folder import track_into
from simgait.gait_result import GaitResult, Statistic
from simgait.pipeline import AnalysedWalk, PreparedWalk, TrackOptions
from simgait.report.trial.verdict import Verdict
from simgait.tracking.policies import Policy
from simgait.types import Rollout, TrackedTrial
from tests.cli.conftest import Walk, good_walk

__all__ = ["good_walk"]


class Killed(BaseException):
    """As if the process had been killed: nobody cleans up after it."""


@dataclass
class Laboratory:
    """A folder of recordings, a folder of results, and what was called.

    Attributes:
        tracked: names of the walks of each batch.
        kill_after: reports that may be written before the process dies.
    """

    inputs: Path
    out: Path
    policy: Any
    tracked: list[list[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kill_after: int | None = None

    def track(self, *, overwrite: bool = False, **options: Any) -> list[Outcome]:
        """As `simgait track inputs -o out` does."""
        files = recordings_in([self.inputs], exclude=self.out)
        settings = TrackOptions(**options)
        return list(
            track_into(
                self.out, self.policy, files, settings, overwrite=overwrite, tell=self.said.append
            )
        )

    def contents(self) -> dict[str, bytes]:
        """Every file of the results."""
        files = (path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in sorted(files)}


def policy_called(name: str) -> Any:
    return Mock(Policy, sha256=name * 8, card={"name": name})


@pytest.fixture
def laboratory(
    tmp_path: Path, good_walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Laboratory]:
    """Makes one with walks of these names."""

    def make(*names: str) -> Laboratory:
        lab = Laboratory(tmp_path / "in", tmp_path / "out", policy_called("mine"))
        lab.inputs.mkdir()
        for name in names:
            path = lab.inputs / f"{name}.npz"
            path.parent.mkdir(exist_ok=True)
            good_walk.save(path, subject_id=path.parent.name)
        _replace_physics(monkeypatch, lab)
        return lab

    return make


def _replace_physics(monkeypatch: pytest.MonkeyPatch, lab: Laboratory) -> None:
    def track_walks(
        policy: object, walks: Sequence[PreparedWalk], done: Callable[[int, float], None], **_: bool
    ) -> list[TrackedTrial]:
        lab.tracked.append([walk.trial.trial_id for walk in walks])
        rollout = Mock(Rollout, fell=False, together=len(walks))
        done(len(walks), 1.0)
        return [Mock(TrackedTrial, trial=walk.trial, rollout=rollout) for walk in walks]

    def analyse_walk(walk: PreparedWalk, tracked: TrackedTrial, policy: object) -> AnalysedWalk:
        together = tracked.rollout.together  # type: ignore[attr-defined]
        speed = Statistic(1.0 + 0.001 * together, 0.1, 3, (1.0, 1.0, 1.0))
        parameters = {"velocity_mps": {"both": speed}}
        return Mock(
            AnalysedWalk,
            prepared=walk,
            tracked=tracked,
            gait=Mock(
                GaitResult,
                cycles=(),
                residual_force_percent_bw=1.5,
                parameters=parameters,
                scores=None,
                interval=lambda key, pool: (speed.mean - 0.1, speed.mean + 0.1),
            ),
            verdict=Mock(
                Verdict, level="use_all", title="Use all", names=lambda level: (), reasons=()
            ),
        )

    def write_report(folder: Path, walk: Any, policy: object, more: dict[str, Any]) -> list[Path]:
        if lab.kill_after is not None:
            if lab.kill_after == 0:
                (lab.out / ".simgait-part-half").mkdir()
                raise Killed
            lab.kill_after -= 1
        folder.mkdir(exist_ok=True)
        for name, write in more.items():
            write(folder / name)
        (folder / "provenance.json").write_text("{}")
        (folder / "report.html").write_text(f"{walk.tracked.rollout.together} together")
        return []

    monkeypatch.setattr(pipeline, "track_walks", track_walks)
    monkeypatch.setattr(pipeline, "analyse_walk", analyse_walk)
    monkeypatch.setattr(pipeline, "write_report", write_report)


def another(lab: Laboratory, name: str) -> None:
    """The same folder of results, another policy."""
    lab.policy = policy_called(name)
