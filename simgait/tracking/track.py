"""From prepared trials to simulated bodies: measure, fit, refine, track."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

from jaxtyping import Array

from simgait.body.batches import BATCH_SIZES, Batch, batches
from simgait.body.fit import fit_references
from simgait.body.refiner import RefinerWeights, refine_references
from simgait.body.sizing import body_size
from simgait.clock import CONTROL_RATE_HZ
from simgait.errors import InputError
from simgait.skeleton.dimensions import Dimensions
from simgait.tracking.config import TrackingConfig
from simgait.tracking.devices import simulating_devices
from simgait.tracking.inference import InferenceConfig, PhysicsTracker
from simgait.tracking.initialiser import start_states
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import Policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.roll_out import Act
from simgait.tracking.term_plugins import has_own_terms
from simgait.types import FittedTrial, Rollout, TrackedTrial, Trial


@lru_cache(maxsize=8)
def _act(tracking: TrackingConfig, config: NetworkConfig) -> Act:
    networks = make_networks(tracking, config)

    def act(params: Any, observation: Array) -> Array:
        return networks.mean(params["params"], params["statistics"], observation)

    return act


def physics_tracker(
    policy: Policy,
    inference: InferenceConfig,
    tracking: TrackingConfig | None = None,
    *,
    alike: bool = False,
) -> PhysicsTracker:
    """What lets a policy drive bodies.

    Args:
        policy: drives them.
        inference: what to do where a body falls.
        tracking: the environment, in place of that which the policy was trained in.
        alike: see `body.batches`.
    """
    config = policy.config.tracking if tracking is None else tracking
    return PhysicsTracker(
        config,
        _act(config, policy.config.networks),
        {"params": policy.params, "statistics": policy.statistics},
        inference,
        partial(start_states, policy.config, policy.initialiser),
        alike,
        told_by=None if has_own_terms(config) else policy.config.networks.model_dump_json(),
    )


def track_trials(
    policy: Policy,
    trials: Sequence[Trial],
    people: Sequence[Dimensions] | None = None,
    inference: InferenceConfig | None = None,
    done: Callable[[int, float], None] = lambda trials, share: None,
    *,
    alike: bool = False,
) -> list[TrackedTrial]:
    """Tracks prepared trials with a policy.

    Args:
        policy: from `policies.load_policy`.
        trials: from `trials.preparation.prepare`.
        people: sizes where known; measured on the keypoints where None. A policy whose bodies
            go by height alone does not look at them.
        inference: what to do where the body falls.
        done: told within and after every group of trials that run together, how many are tracked
            so far and what share of the work is behind.
        alike: each trial's numbers are the same whatever it is tracked with (`body.batches`); few
            trials then take as long as many.

    Raises:
        InputError: a person's measured legs are outside what people have, or a trial has another
            frame rate than bodies are controlled at.
    """
    sized_by = policy.config.data.sized_by
    if not trials:
        return []
    _check_rates(trials)
    if people is None or sized_by != "keypoints":
        people = [body_size(trial, sized_by) for trial in trials]
    sizes = list(people)
    tracker = physics_tracker(policy, inference or InferenceConfig(), alike=alike)
    fitted: dict[int, FittedTrial] = {}
    tracked: dict[int, Rollout] = {}
    lengths = [trial.n_frames for trial in trials]
    groups = list(batches(lengths, simulating_devices(), alike=alike))
    work = [group.size * group.frames for group in groups]
    ahead = _fitted_ahead(policy.refiner, trials, sizes, groups, alike=alike)
    for number, walks in enumerate(ahead, start=1):
        members = groups[number - 1].members
        behind = sum(work[: number - 1])

        def within(share: float, behind: int = behind, of: int = work[number - 1]) -> None:
            if share < 1.0:
                done(len(tracked), (behind + share * of) / sum(work))

        fitted.update(zip(members, walks, strict=True))
        tracked.update(zip(members, tracker.first_attempt(walks, within), strict=True))
        done(len(tracked), sum(work[:number]) / sum(work))
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
    refiner: RefinerWeights,
    trials: Sequence[Trial],
    people: Sequence[Dimensions],
    groups: Sequence[Batch],
    *,
    alike: bool,
) -> Iterator[list[FittedTrial]]:
    """The walks of each group, fitted while the group before it is tracked.

    A group that several devices simulate is fitted in as many parts side by side. Fit and refiner
    hold no call of LAPACK, the physics step does: two such calls on two threads of a device
    deadlock in jaxlib 0.10.
    """

    def fitted(members: Sequence[int]) -> list[FittedTrial]:
        group, sizes = [trials[i] for i in members], [people[i] for i in members]
        fits = fit_references(group, sizes, skeleton=refiner.skeleton)
        return refine_references(refiner, fits, alike=alike)

    with ThreadPoolExecutor(max_workers=simulating_devices()) as ahead:
        promises = [
            [ahead.submit(fitted, part) for part in _parts(group.members)] for group in groups
        ]
        for parts in promises:
            yield [walk for part in parts for walk in part.result()]


def _parts(members: Sequence[int]) -> list[Sequence[int]]:
    """A group's walks in order, a part for each device where there are enough for all."""
    n = -(-len(members) // BATCH_SIZES[-1])
    length = -(-len(members) // n)
    return [members[first : first + length] for first in range(0, len(members), length)]
