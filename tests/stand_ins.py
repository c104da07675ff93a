"""Values of the package's own types with nothing in them but what a test is about."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from simgait.body.refiner import RefinerWeights
from simgait.gait_result import GaitResult
from simgait.skeleton.default import BODY_KEYPOINTS, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import FixedStatistics, Policy
from simgait.tracking.policy_config import PolicyConfig
from simgait.types import Rollout, Trial

NAN = float("nan")
SUBSTEPS = 8
NO_GAIT = GaitResult((), (), NAN, 0, (), {}, {}, {}, NAN, NAN, {})
"""A walk in which nothing was found."""


def silent_networks(config: PolicyConfig) -> tuple[dict[str, Any], FixedStatistics]:
    """Parameters and statistics of networks that answer zero to everything.

    Of the released policy's size they run through its program, which the golden walks compile too.
    """
    networks = make_networks(config.tracking, config.networks)
    shapes = jax.eval_shape(networks.init, jax.random.key(0))
    size = networks.observation_size
    zeros = jax.tree.map(lambda one: jnp.zeros(one.shape, one.dtype), shapes)
    return zeros, FixedStatistics(jnp.zeros(size), jnp.ones(size))


def drawn_networks(config: PolicyConfig, seed: int) -> dict[str, Any]:
    """Parameters of networks, all different, drawn without a program that draws them."""
    rng = np.random.default_rng(seed)
    networks = make_networks(config.tracking, config.networks)
    shapes = jax.eval_shape(networks.init, jax.random.key(0))
    return jax.tree.map(lambda one: jnp.asarray(rng.normal(size=one.shape), one.dtype), shapes)


def policy(config: PolicyConfig, card: dict[str, Any], sha256: str = "ab" * 32) -> Policy:
    """A policy without weights, for what is said of it."""
    refiner = RefinerWeights({}, np.zeros(0, np.float32), np.ones(0, np.float32))
    return Policy(config, {}, {}, refiner, card, sha256)


def trial(trial_id: str, subject_id: str, n_frames: int = 2, start_s: float = 0.0) -> Trial:
    """A trial in which nothing was seen."""
    points = np.full((n_frames, len(KEYPOINT_NAMES), 3), np.nan)
    return Trial(
        trial_id=trial_id,
        subject_id=subject_id,
        source_format="npz",
        time_s=np.arange(n_frames) / 30.0,
        start_s=start_s,
        keypoints_m=points,
        confidence=np.zeros(points.shape[:2]),
        pelvis_path_m=np.full((n_frames, 3), np.nan),
        pelvis_path_mask=np.zeros(n_frames, bool),
        scale_is_metric=True,
        keypoint_scale=1.0,
        height_m=1.7,
    )


def rollout(
    alive: np.ndarray, foot_force_n: np.ndarray | None = None, body_weight_n: float = 700.0
) -> Rollout:
    """A body at the origin: (T,) whether it stands, (8 (T - 1), 2, 3) forces on its feet (N)."""
    n, steps = len(alive), SUBSTEPS * (len(alive) - 1)
    pose = np.zeros((n, TRIMMED_HUMANOID.n_coordinates))
    return Rollout(
        trial_id="stand-in",
        time_s=np.arange(n) / 30.0,
        pose=pose,
        pose_velocity=pose,
        keypoints_m=np.zeros((n, len(BODY_KEYPOINTS), 3)),
        substep_time_s=(np.arange(steps) + 1) / (30.0 * SUBSTEPS),
        foot_force_n=np.zeros((steps, 2, 3)) if foot_force_n is None else foot_force_n,
        joint_moment_nm=np.zeros((n, TRIMMED_HUMANOID.n_joints)),
        centre_of_mass_m=pose[:, :3],
        residual_force_n=np.zeros((n, 3)),
        residual_moment_nm=np.zeros((n, 3)),
        target_keypoints_m=np.full((n, len(KEYPOINT_NAMES), 3), np.nan),
        reference_pose=pose,
        alive=alive,
        dimensions=dimensions_from_height(1.7),
        body_weight_n=body_weight_n,
    )
