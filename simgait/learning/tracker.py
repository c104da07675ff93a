"""From prepared trials to simulated bodies: measure, fit, refine, track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from jaxtyping import Array

from simgait.body.fit import fit_references
from simgait.body.refine import RefinedReference, refine_references
from simgait.learning.checkpoints import Policy
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser import start_states
from simgait.learning.networks import make_networks
from simgait.learning.walks import body_size
from simgait.recording.skeleton import Dimensions
from simgait.recording.types import Trial
from simgait.tracking.config import TrackingConfig
from simgait.tracking.environment import action_size
from simgait.tracking.inference import Act, InferenceConfig, track
from simgait.tracking.observations import observation_size
from simgait.tracking.rollout import Rollout


@dataclass(frozen=True)
class TrackedTrial:
    """A trial, the body that walked it, and what it was asked to follow."""

    trial: Trial
    dims: Dimensions
    refined: RefinedReference
    rollout: Rollout


@lru_cache(maxsize=8)
def _act(config_json: str) -> Act:
    config = TrainingConfig.model_validate_json(config_json)
    n_actions = action_size(config.tracking)
    size = observation_size(config.tracking.observation, n_actions)
    networks = make_networks(size, n_actions, config.networks)

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
        policy: from `checkpoints.load_policy`.
        trials: from `recording.prepare.prepare`.
        people: sizes where known; measured on the keypoints where None. A policy whose bodies
            go by height alone does not look at them.
        inference: what to do where the body falls.

    Raises:
        InputError: a person's measured legs are outside what people have.
    """
    sized_by = policy.config.data.sized_by
    if people is None or sized_by == "height":
        people = [body_size(trial, sized_by) for trial in trials]
    sizes = list(people)
    fitted = fit_references(trials, sizes)
    refined = refine_references(policy.refiner, trials, fitted, sizes)
    act = _act(policy.config.model_dump_json())
    params = {"params": policy.params, "statistics": policy.statistics}
    config: TrackingConfig = policy.config.tracking
    starts = partial(start_states, policy.config, policy.initialiser)
    rollouts = track(config, act, params, trials, refined, sizes, inference, starts)
    return [TrackedTrial(*row) for row in zip(trials, sizes, refined, rollouts, strict=True)]
