"""The whole reward: the terms that a config names, weighted and added up; or one of the paper's."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from simgait.clock import CONTROL_RATE_HZ
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.tracking.angle_offsets import no_offset, sagittal_error
from simgait.tracking.config import RewardConfig
from simgait.tracking.moment import Moment
from simgait.tracking.reward_terms import REWARD_TERMS, Goal

# The joints whose places the paper compares.
PAPER_JOINTS = ("Hip", "Knee", "Ankle")


def expected_stood(now: Moment) -> Float[Array, " 2"]:
    """Share of the last control step in which each foot should have stood.

    A foot stands where the keypoints say so with a probability above one half, between frames too:
    an event is known to some milliseconds, a frame lasts 33.
    """
    after = now.clips.contact_probability[now.clip, now.frame]
    before = now.clips.contact_probability[now.clip, jnp.maximum(now.frame - 1, 0)]
    change = jnp.maximum(jnp.abs(after - before), 1e-6)
    return jnp.clip((jnp.maximum(before, after) - 0.5) / change, 0.0, 1.0)


def goal_of(now: Moment, config: RewardConfig) -> Goal:
    """What a config asks for at a moment."""
    reference = now.clips.reference_pose[now.clip, now.frame]
    reference_velocity = now.clips.reference_velocity[now.clip, now.frame]
    if config.follow == "truth":
        pose = now.clips.target_pose[now.clip, now.frame]
        velocity = now.clips.target_velocity[now.clip, now.frame]
    else:
        pose, velocity = reference, reference_velocity
    return Goal(pose, velocity, reference, reference_velocity, expected_stood(now))


def sum_of_terms(now: Moment, config: RewardConfig) -> tuple[Array, dict[str, Array]]:
    """Our default reward, and its terms with their weights.

    Raises:
        InputError: the config names a term that nobody registered.
    """
    goal = goal_of(now, config)
    terms = {}
    for chosen in config.terms:
        term = REWARD_TERMS[chosen.name]
        weight = term.weight if chosen.weight is None else chosen.weight
        sharpness = term.sharpness if chosen.sharpness is None else chosen.sharpness
        terms[chosen.name] = weight * term.value(now, goal, sharpness)
    return jnp.sum(jnp.stack(list(terms.values()))), terms


def paper_reward(
    now: Moment, config: RewardConfig, offset_rad: Float[Array, " 3"] | None = None
) -> tuple[Array, dict[str, Array]]:
    """The two rewards of Smyrnakis, Karakostas & Cotton 2024, and their squared errors.

    `offset_rad` is by how much each sagittal angle is to be larger than the target's.

    exp: α0 exp(-5‖e_a‖²) exp(-2.5 Σ‖e_x‖²) exp(-0.17 Σ‖e_v‖²);
    mse: α0 - α1‖e_a‖² - α2 Σ‖e_x‖² - α3 Σ‖e_v‖² - 0.005‖a‖².
    """
    target = now.clips.target_pose[now.clip, now.frame]
    velocity = now.clips.target_velocity[now.clip, now.frame]
    dt = 1.0 / CONTROL_RATE_HZ
    offset_rad = no_offset() if offset_rad is None else offset_rad
    angle = jnp.sum(jnp.square(sagittal_error(now.pose, target, now.skeleton) - offset_rad))
    points = [f"{side.capitalize()} {name}" for side in SIDES for name in PAPER_JOINTS]
    columns = jnp.array([now.skeleton.keypoints.index(name) for name in points])

    def joints(pose: Array) -> Array:
        return body_keypoints(pose, now.dims, now.skeleton)[columns]

    def relative(pose: Array) -> Array:
        return joints(pose.at[POSITION].set(0.0))

    position = jnp.sum(jnp.square(relative(now.pose) - relative(target)))
    actual_rate = (joints(now.pose + dt * now.pose_velocity) - joints(now.pose)) / dt
    target_rate = (joints(target + dt * velocity) - joints(target)) / dt
    rate = jnp.sum(jnp.square(actual_rate - target_rate))
    base, a1, a2, a3 = config.paper_alpha
    if config.kind == "paper_exp":
        s1, s2, s3 = config.sharpness.paper_exp
        reward = base * jnp.exp(-s1 * angle - s2 * position - s3 * rate)
    else:
        effort = config.paper_effort_price * jnp.sum(jnp.square(now.action))
        reward = base - a1 * angle - a2 * position - a3 * rate - effort
    return reward, {"angle": angle, "position": position, "velocity": rate}


def reward_of(
    now: Moment, config: RewardConfig, offset_rad: Float[Array, " 3"] | None = None
) -> tuple[Float[Array, ""], Bool[Array, ""]]:
    """The reward of a moment, and whether it ends the episode (the paper's do, below zero)."""
    if config.kind == "sum_of_exponentials":
        return sum_of_terms(now, config)[0], jnp.zeros((), bool)
    reward = paper_reward(now, config, offset_rad)[0]
    return reward, reward < 0.0
