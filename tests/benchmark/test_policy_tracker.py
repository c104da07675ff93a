"""A policy as a tracker of the benchmark: whom it walks, whom it refuses, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from simgait.baselines.tracker import Refusal, Tracker, WalkEstimate
from simgait.benchmark.cases import Case, synthetic_set
from simgait.benchmark.policy_tracker import policy_tracker
from simgait.benchmark.score_walks import run_bench
from simgait.body.refiner import initial_refiner
from simgait.body.sizing import SizedBy
from simgait.jax_setup import configure_jax
from simgait.learning.config import TrainingConfig
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.tracking.inference import AS_LEARNED_ONCE
from simgait.tracking.policies import Policy
from simgait.types import Trial
from tests.present import present
from tests.stand_ins import silent_networks

configure_jax()

ONCE = AS_LEARNED_ONCE


def untrained(sized_by: SizedBy) -> Policy:
    """Leaves everything to the reference: its networks and its refiner answer zero."""
    config = TrainingConfig()
    config = config.model_copy(
        update={"data": config.data.model_copy(update={"sized_by": sized_by})}
    )
    return Policy(
        config,
        *silent_networks(config),
        initial_refiner(jax.random.key(0), config.tracking.body.skeleton),
        {},
        "",
    )


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Two short walks, and between them one of somebody whose legs nobody has.

    As long as those of the command line's tests, whose compiled program serves here too.
    """
    first, last = synthetic_set("short", "exact", 2, 3.0).cases
    giant = replace(first.trial, trial_id="giant", keypoints_m=2.0 * first.trial.keypoints_m)
    return [first, replace(first, trial=giant), last]


@pytest.fixture(scope="module")
def tracker() -> Tracker:
    return policy_tracker("untrained", untrained("keypoints"), "none", ONCE)


@pytest.fixture(scope="module")
def answers(tracker: Tracker, cases: list[Case]) -> list[WalkEstimate | Refusal]:
    return tracker.estimate([case.trial for case in cases])


@pytest.mark.slow
def test_a_body_that_does_not_fit_is_refused_alone(answers: list[Any], cases: list[Case]) -> None:
    assert [type(answer) is Refusal for answer in answers] == [False, True, False]
    assert "giant: the thigh measures" in answers[1].reason
    for answer, case in ((answers[0], cases[0]), (answers[2], cases[2])):
        assert answer.rollout.trial_id == case.trial.trial_id
        assert answer.angles_rad.shape == (case.trial.n_frames, 13)
        assert answer.keypoints_m.shape == (case.trial.n_frames, len(BODY_KEYPOINTS), 3)


@pytest.mark.slow
def test_each_walk_is_answered_with_its_own_body(answers: list[Any], cases: list[Case]) -> None:
    """Untrained as it is, the body starts on its own person's pose and keypoints."""
    for answer, case in ((answers[0], cases[0]), (answers[2], cases[2])):
        truth = present(case.trial.truth).pose[0, 3:]
        np.testing.assert_allclose(answer.angles_rad[0], truth, atol=np.radians(6.0))
        assert answer.rollout.dimensions.height_m == pytest.approx(case.trial.height_m)


@pytest.mark.slow
def test_who_was_refused_counts_as_failed_and_in_order(
    answers: list[Any], cases: list[Case]
) -> None:
    def again(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        assert all(trial.truth is None for trial in trials)
        return answers

    result = run_bench([Tracker("untrained", again, "does nothing")], cases)
    assert [record.case for record in result.records] == cases
    # An untrained body may fall; only one was refused.
    assert ["thigh" in record.failure for record in result.records] == [False, True, False]


@pytest.mark.slow
def test_nobody_to_walk_is_no_error(tracker: Tracker, cases: list[Case]) -> None:
    (refusal,) = tracker.estimate([cases[1].trial])
    assert isinstance(refusal, Refusal)
    assert tracker.estimate([]) == []


@pytest.mark.slow
def test_a_body_sized_by_height_alone_refuses_no_legs(cases: list[Case]) -> None:
    """The paper's bodies do not look at the keypoints, so none of them is refused."""
    answers = policy_tracker("untrained", untrained("height"), "none", ONCE).estimate(
        [case.trial for case in cases[:2]]
    )
    assert [type(answer) is Refusal for answer in answers] == [False, False]
