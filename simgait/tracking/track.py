"""From prepared trials to simulated bodies: measure, fit, refine, track."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

from jaxtyping import Array

from simgait.body.batches import batches
from simgait.body.fit import fit_references
from simgait.body.refiner import RefinerWeights, refine_references
from simgait.body.sizing import body_size
from simgait.clock import CONTROL_RATE_HZ
from simgait.errors import InputError
from simgait.skeleton.dimensions import Dimensions
from simgait.tracking.config import TrackingConfig
from simgait.tracking.inference import Act, InferenceConfig, PhysicsTracker
from simgait.tracking.initialiser import start_states
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import Policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial, Rollout, TrackedTrial, Trial


@lru_cache(maxsize=8)
def _act(tracking: TrackingConfig, config: NetworkConfig) -> Act:
    networks = make_networks(tracking, config)

    def act(params: Any, observation: Array) -> Array:
        return networks.mean(params["params"], params["statistics"], observation)

    return act


def track_trials(
    policy: Policy,
    trials: Sequence[Trial],
    people: Sequence[Dimensions] | None = None,
    inference: InferenceConfig | None = None,
) -> list[TrackedTrial]:
    """Tracks prepared trials with a policy.

    Args:
        policy: from `policies.load_policy`.
        trials: from `trials.preparation.prepare`.
        people: sizes where known; measured on the keypoints where None. A policy whose bodies
            go by height alone does not look at them.
        inference: what to do where the body falls.

    Raises:
        InputError: a person's measured legs are outside what people have, or a trial has another
            frame rate than bodies are controlled at.
    """
    sized_by = policy.config.data.sized_by
    if not trials:
        return []
    _check_rates(trials)
    if people is None or sized_by == "height":
        people = [body_size(trial, sized_by) for trial in trials]
    sizes = list(people)
    act = _act(policy.config.tracking, policy.config.networks)
    params = {"params": policy.params, "statistics": policy.statistics}
    starts = partial(start_states, policy.config, policy.initialiser)
    config = policy.config.tracking
    tracker = PhysicsTracker(config, act, params, inference or InferenceConfig(), starts)
    fitted: dict[int, FittedTrial] = {}
    tracked: dict[int, Rollout] = {}
    for members, walks in _fitted_ahead(policy.refiner, trials, sizes):
        fitted.update(zip(members, walks, strict=True))
        tracked.update(zip(members, tracker.first_attempt(walks), strict=True))
    walks = [fitted[i] for i in range(len(trials))]
    first = [tracked[i] for i in range(len(trials))]
    rollouts = tracker.try_again(walks, first)
    return [TrackedTrial(*row) for row in zip(walks, rollouts, strict=True)]


def _check_rates(trials: Sequence[Trial]) -> None:
    for trial in trials:
        if not math.isclose(trial.fps_hz, CONTROL_RATE_HZ, rel_tol=1e-3):
            raise InputError(
                f"{trial.trial_id}: {trial.fps_hz:g} frames per second, but bodies are controlled "
                f"at {CONTROL_RATE_HZ:g} Hz; prepare the recording at that rate (fps_hz)."
            )


def _fitted_ahead(
    refiner: RefinerWeights, trials: Sequence[Trial], people: Sequence[Dimensions]
) -> Iterator[tuple[tuple[int, ...], list[FittedTrial]]]:
    """Groups of walks of like length, each fitted while the one before it is tracked.

    Fit and refiner hold no call of LAPACK, the physics step does: two such calls on two threads
    deadlock in jaxlib 0.10.
    """

    def fitted(members: tuple[int, ...]) -> list[FittedTrial]:
        group, sizes = [trials[i] for i in members], [people[i] for i in members]
        return refine_references(refiner, fit_references(group, sizes, skeleton=refiner.skeleton))

    with ThreadPoolExecutor(max_workers=1) as ahead:
        groups = [batch.members for batch in batches([trial.n_frames for trial in trials])]
        promises = [ahead.submit(fitted, members) for members in groups]
        for members, promise in zip(groups, promises, strict=True):
            yield members, promise.result()
