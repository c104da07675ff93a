"""A twin is tracked as any recording; why there is none is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest

from simgait import twin_walks
from simgait.body.fit import measure_dimensions
from simgait.companions.gengait.opinion import twin_of
from simgait.errors import InputError
from simgait.estimators.companion import Opinion
from simgait.report.trial.opinions import CompanionSays
from simgait.tracking.policies import Policy
from tests.companions.gengait.made_up import small, trial, walk

POLICY: Any = create_autospec(Policy, instance=True)


def said(**changes: Any) -> CompanionSays:
    twin = twin_of(small(), trial(1), walk(1), np.zeros(7), "somebody")
    recording = replace(twin.recording, **changes)
    opinion = Opinion((), "somebody", (), twin=replace(twin, recording=recording))
    return CompanionSays("twins", opinion, makes_twins=True)


def test_why_there_is_no_twin_is_told() -> None:
    silent = CompanionSays("twins", None, "the walk is too short.", makes_twins=True)
    other = CompanionSays("other", None, "reads pictures.")
    told = twin_walks.walk_twin([other, silent], POLICY)
    assert not told.is_walking and told.reasons == ("twins: the walk is too short.",)
    assert twin_walks.walk_twin([other], POLICY).reasons == ("No companion makes twins.",)


@pytest.mark.slow
def test_a_twin_that_cannot_be_tracked_is_said_and_stops_nothing() -> None:
    one = said().opinion
    assert one is not None and one.twin is not None
    short = one.twin.recording
    cut = {name: getattr(short, name)[:20] for name in ("time_s", "keypoints_m", "confidence")}
    told = twin_walks.walk_twin([said(**cut)], POLICY)
    assert told.companion == "twins" and told.body is None
    assert told.reasons[0].startswith("It cannot be tracked: ")


@pytest.mark.slow
def test_the_policy_walks_the_twin_of_the_persons_own_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def track(policy: Policy, trials: Any, people: Any) -> Any:
        asked.append((policy, trials, people))
        raise InputError("enough seen.")

    monkeypatch.setattr(twin_walks, "track_trials", track)
    twin_walks.walk_twin([said()], POLICY)
    [(policy, (given,), (size,))] = asked
    person = measure_dimensions(trial(1))
    assert policy is POLICY and given.height_m == trial(1).height_m
    assert float(size.leg_m) == pytest.approx(float(person.leg_m), rel=0.02)
    assert given.n_frames >= twin_walks.TWIN_FRAMES and given.pelvis_path_m is not None
