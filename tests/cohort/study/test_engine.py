"""One process reads recordings and gait beside the physics, and stops when it is told to."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from threading import Event
from unittest.mock import Mock

import pytest

from simgait import pipeline
from simgait.cohort.study import engine
from simgait.cohort.study.batch import BatchWalk
from simgait.cohort.study.engine import Here, StoppedError
from simgait.cohort.study.reading import Found, Work
from simgait.pipeline import PreparedWalk, TrackOptions
from simgait.types import TrackedTrial
from tests.cohort.conftest import policy_called

Done = Callable[[int, float], None]
LONG_S = 20.0
"""After which what should have happened never will."""


def batch(name: str) -> list[BatchWalk]:
    walk = Mock(PreparedWalk, trial=Mock(trial_id=name))
    return [BatchWalk(walk, name, 1, 1)]


def replace_physics(monkeypatch: pytest.MonkeyPatch, physics: Callable[[str, Done], None]) -> None:
    def track_walks(
        policy: object, walks: Sequence[PreparedWalk], done: Done, *, alike: bool
    ) -> list[TrackedTrial]:
        assert alike
        physics(walks[0].trial.trial_id, done)
        return [Mock(TrackedTrial)]

    monkeypatch.setattr(pipeline, "track_walks", track_walks)


def test_recordings_are_read_while_a_batch_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    was_read = Event()

    def physics(name: str, done: Done) -> None:
        assert was_read.wait(LONG_S)

    def read(work: Work, of_all: TrackOptions) -> list[Found]:
        was_read.set()
        return []

    replace_physics(monkeypatch, physics)
    monkeypatch.setattr(engine, "walks_of_work", read)
    with closing(Here()) as here:
        promise = here.track(policy_called("mine"), batch("a"), lambda text: None)
        assert here.read(Work((), ()), TrackOptions()).result(LONG_S) == []
        assert len(promise.result(LONG_S)) == 1


def test_gait_is_read_while_the_next_batch_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    a_is_read, said = Event(), []

    def physics(name: str, done: Done) -> None:
        said.append(f"simulated {name}")
        if name == "b":
            assert a_is_read.wait(LONG_S)

    def analyse_walk(walk: PreparedWalk, *_: object, **__: bool) -> None:
        said.append(f"read {walk.trial.trial_id}")
        a_is_read.set()
        raise ValueError("no gait")

    replace_physics(monkeypatch, physics)
    monkeypatch.setattr(pipeline, "analyse_walk", analyse_walk)
    with closing(Here()) as here:
        promises = [here.track(policy_called("mine"), batch(n), lambda text: None) for n in "ab"]
        results = [one.result(LONG_S)[0].result for one in promises]
    assert [one.outcome for one in results] == ["failed", "failed"]
    simulated = [one for one in said if one.startswith("simulated")]
    assert sorted(simulated) == ["simulated a", "simulated b"]  # two threads track
    assert said.index("read a") < said.index("read b")


def test_the_next_batch_is_fitted_while_one_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    b_is_fitted = Event()

    def physics(name: str, done: Done) -> None:
        if name == "b":
            b_is_fitted.set()
        assert b_is_fitted.wait(LONG_S)

    replace_physics(monkeypatch, physics)
    with closing(Here()) as here:
        promises = [here.track(policy_called("mine"), batch(n), lambda text: None) for n in "abc"]
        assert [len(one.result(LONG_S)) for one in promises] == [1, 1, 1]


def test_what_is_underway_stops_when_nobody_waits_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = Event()

    def physics(name: str, done: Done) -> None:
        begun.set()
        while True:
            done(0, 0.5)
            time.sleep(0.001)

    replace_physics(monkeypatch, physics)
    here = Here()
    promise = here.track(policy_called("mine"), batch("a"), lambda text: None)
    assert begun.wait(LONG_S)
    here.close()
    with pytest.raises(StoppedError):
        promise.result(LONG_S)
