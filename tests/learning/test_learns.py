"""PPO and the refiner learn: on tiny problems they get far better than they began.

Each threshold lies where a learner that does not learn cannot come: with a learning rate of next to
nothing, or with steps in the wrong direction, these tests fail (figures beside the thresholds).
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import numpy as np
import pytest

from simgait.body.refiner import refine_references
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.examples import synthetic_examples
from simgait.learning.ppo import PPO
from simgait.learning.refiner_training import RefinerConfig, train_refiner
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import ControlConfig, RewardConfig, TerminationConfig, TrackingConfig
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial, TrialTruth

N_ENVS, UNROLL, ITERATIONS, MEAN_OF = 32, 16, 150, 8
# A body held by springs about its neutral pose, which nothing ends, has to learn which angles are
# asked of it; what an action brings shows at once.
POSES = TrackingConfig(
    control=ControlConfig(mode="pd"),
    reward=RewardConfig(
        joint_angle=1.0, joint_velocity=0.0, limb_position=0.0, pelvis_path=0.0,
        pelvis_orientation=0.0, pelvis_velocity=0.0, contact=0.0, residual_price=0.0,
        action_rate_price=0.0, impact_price=0.0,
    ),
    termination=TerminationConfig(
        min_pelvis_height=0.0, max_tilt_rad=9.0, max_path_error_leg=9.0, max_limb_error_leg=9.0
    ),
)  # fmt: skip
SMALL = TrainingConfig(
    tracking=POSES,
    networks=NetworkConfig(policy_layers=(32,), value_layers=(32,), symmetric=False),
    ppo=PPOConfig(
        n_envs=N_ENVS, unroll=UNROLL, epochs=4, minibatches=4, learning_rate=1.5e-3,
        total_steps=ITERATIONS * N_ENVS * UNROLL, discount=0.5, gae_lambda=0.8, reward_scale=1.0,
        entropy=0.0,
    ),
)  # fmt: skip


@pytest.mark.slow
def test_ppo_learns_to_hold_the_poses_it_is_asked_for(clips: ClipBank) -> None:
    ppo = PPO(SMALL)
    run = ppo.start(clips, jax.random.key(0))
    reward, angle_deg = [], []
    for _ in range(ITERATIONS):
        run, metrics = ppo.iterate(run, clips)
        reward.append(float(metrics["reward"]))
        angle_deg.append(float(metrics["angle_error_deg"]))
    first, last = np.mean(reward[:MEAN_OF]), np.mean(reward[-MEAN_OF:])
    assert last > 2.0 * first, f"mean reward {first:.3f} at first, {last:.3f} at last"
    first, last = np.mean(angle_deg[:MEAN_OF]), np.mean(angle_deg[-MEAN_OF:])
    assert last < 0.85 * first, f"angle error {first:.1f}° at first, {last:.1f}° at last"


def truth_of(walk: FittedTrial) -> TrialTruth:
    assert walk.trial.truth is not None
    return walk.trial.truth


def angle_error_deg(walks: Sequence[FittedTrial]) -> float:
    """RMS of all angles over all frames of all walks."""
    square = [np.square(walk.pose[:, 3:] - truth_of(walk).pose[:, 3:]) for walk in walks]
    return float(np.rad2deg(np.sqrt(np.nanmean(np.concatenate(square)))))


def contact_share(walks: Sequence[FittedTrial]) -> float:
    """Share of the frames of both feet in which the walk says rightly whether the foot stands."""
    right = [(walk.contact_probability > 0.5) == (truth_of(walk).contact > 0.5) for walk in walks]
    return float(np.concatenate(right).mean())


@pytest.mark.slow
def test_the_refiner_learns_what_is_wrong_with_monocular_walks() -> None:
    train = synthetic_examples("train", 0, 48, seed=1, kind="monocular")
    unseen = synthetic_examples("validation", 0, 12, seed=2, kind="monocular")
    weights = train_refiner(train, unseen, RefinerConfig(steps=250, batch=8, crop_frames=64))
    refined = refine_references(weights, unseen)
    before_deg, after_deg = angle_error_deg(unseen), angle_error_deg(refined)
    assert after_deg < 0.65 * before_deg, f"{before_deg:.2f}° unrefined, {after_deg:.2f}° refined"
    share = contact_share(refined)
    assert share > 0.9, f"feet said to stand or swing rightly in {100 * share:.0f} % of frames"
