"""A trained policy as a tracker, and what its card says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgait.baselines.tracker import Answer, Refusal, Tracker, WalkEstimate
from simgait.benchmark.ablation_budgets import PAPER_CONFIGURATIONS
from simgait.benchmark.cases import Case
from simgait.body.sizing import body_size
from simgait.errors import InputError
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.learning.config_file import load_config
from simgait.resources import resource_dir
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.inference import InferenceConfig
from simgait.tracking.policies import Policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.track import track_trials
from simgait.types import Rollout, TrackedTrial, Trial


@dataclass(frozen=True, kw_only=True)
class TrackedWalk(WalkEstimate):
    """What a policy made of a trial, with all that its trial report needs.

    Attributes:
        rollout: the simulated body; a policy always has one.
        tracked: the trial without its truth, the fitted body, its walk.
        policy: that drove the body.
    """

    tracked: TrackedTrial
    policy: Policy


def policy_tracker(
    name: str, policy: Policy, policy_name: str, inference: InferenceConfig | None = None
) -> Tracker:
    """A policy as a tracker; trials that the body cannot fit are refused one by one.

    Args:
        name: in the tables.
        policy: from `tracking.policies.load_policy`.
        policy_name: what the provenance calls it.
        inference: what to do where the body falls.
    """

    def estimate(trials: Sequence[Trial]) -> list[Answer]:
        people, refused = sized_people(policy, trials)
        answers: dict[int, Answer] = dict(refused)
        walkable = [trials[i] for i in people]
        tracked = track_trials(policy, walkable, list(people.values()), inference)
        for i, one in zip(people, tracked, strict=True):
            answers[i] = TrackedWalk(**vars(estimate_of(one.rollout)), tracked=one, policy=policy)
        return [answers[i] for i in range(len(trials))]

    facts = {
        "name": name,
        "kind": "policy",
        "policy": policy_name,
        "configuration": policy.config.name,
        "trained_steps": policy.card.get("steps"),
        "sha256": policy.sha256,
    }
    return Tracker(name, estimate, _about(policy), facts)


def sized_people(
    policy: Policy, trials: Sequence[Trial]
) -> tuple[dict[int, Dimensions], dict[int, Refusal]]:
    """The size of each trial's person, as the policy sizes them, and who was refused for it."""
    people: dict[int, Dimensions] = {}
    refused: dict[int, Refusal] = {}
    for i, trial in enumerate(trials):
        try:
            people[i] = body_size(trial, policy.config.data.sized_by)
        except InputError as error:
            refused[i] = Refusal(str(error))
    return people, refused


def estimate_of(rollout: Rollout) -> WalkEstimate:
    """The simulated body's walk, its angles told as those of the body in which truth is told."""
    return WalkEstimate(
        angles_rad=TRIMMED_HUMANOID.told(rollout.pose, rollout.skeleton)[:, ANGLES],
        keypoints_m=rollout.keypoints_m,
        keypoint_names=rollout.skeleton.keypoints,
        gait=analyse_rollout(rollout),
        rollout=rollout,
    )


def reference_of(case: Case, rollout: Rollout) -> WalkEstimate:
    """The refined reference that the policy followed, as if it were the result.

    A reference has no forces: its events are kinematic, its residual NaN, and it cannot fall. It is
    read from the keypoints that the truth was read from.
    """
    skeleton, pose = rollout.skeleton, rollout.reference_pose
    columns = [skeleton.keypoints.index(name) for name in case.keypoint_names]
    points = np.asarray(body_keypoints(pose, rollout.dimensions, skeleton))[:, columns]
    gait = analyse_markers(rollout.time_s, points, None, keypoint_names=case.keypoint_names)
    angles_rad = TRIMMED_HUMANOID.told(pose, skeleton)[:, ANGLES]
    return WalkEstimate(angles_rad, points, case.keypoint_names, gait)


def _about(policy: Policy) -> str:
    steps = policy.card.get("steps")
    trained = f"{_steps(steps)} of training" if steps is not None else "its card names no steps"
    told = (
        f"a policy drives the simulated body through the walk ({trained}, "
        f"{_layers(policy.config.networks)}, configuration '{policy.config.name}')."
    )
    if policy.config.tracking.observation.reference:
        told += " It follows a reference that a refiner, trained with supervision, has corrected."
    if policy.config.name in PAPER_CONFIGURATIONS:
        whole = load_config(resource_dir("configs") / f"{policy.config.name}.toml")
        told += (
            " It follows the configuration of Smyrnakis, Karakostas and Cotton 2024, who trained "
            f"for {_steps(whole.learner.total_steps)} with {_layers(whole.networks)}; these are "
            "not their results."
        )
    return told


def _steps(count: int) -> str:
    return f"{count:,} environment steps"


def _layers(networks: NetworkConfig) -> str:
    widths = networks.policy_layers
    if len(set(widths)) == 1:
        return f"{len(widths)} layers of {widths[0]}"
    return f"layers of {', '.join(str(width) for width in widths)}"
