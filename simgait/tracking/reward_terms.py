"""The terms of the reward: what following the walk earns, and what is priced.

A reward term is a function of the moment and of what was asked for, 1 at a perfect match; a price
is a function of the moment, 0 where nothing is to pay. Each is registered with its default weight
and sharpness; a config changes them, the environment adds them up (`tracking.rewards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.coordinates import HEIGHT, HORIZONTAL, JOINTS, PELVIS_ANGLES, POSITION
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.moment import Moment
from simgait.tracking.term_registry import Registry

Sharpness = tuple[float, ...]
"""What squared errors are multiplied with; each term says what its numbers stand for."""

LIMBS = ("Knee", "Ankle", "Heel", "Big Toe")
"""Keypoints of each side that are compared; what a body does not carry is left out."""


@dataclass(frozen=True)
class Goal:
    """What is asked for at a moment.

    Attributes:
        pose, pose_velocity: (D,) of the reference or the truth, as the config says.
        reference_pose, reference_velocity: (D,) of the reference, always.
        stood: (2,) share of the last control step in which each foot should have stood.
    """

    pose: Float[Array, " D"]
    pose_velocity: Float[Array, " D"]
    reference_pose: Float[Array, " D"]
    reference_velocity: Float[Array, " D"]
    stood: Float[Array, " 2"]


Earned = Callable[[Moment, Goal, Sharpness], Float[Array, ""]]
Priced = Callable[[Moment], Float[Array, ""]]


@dataclass(frozen=True)
class RewardTerm:
    """One term of the reward.

    Attributes:
        name: as configs call it.
        function: `Earned`, or `Priced` where `price` says so.
        weight: default weight, or price.
        sharpness: its default.
        price: the term is subtracted.
    """

    name: str
    function: Earned | Priced
    weight: float
    sharpness: Sharpness = ()
    price: bool = False

    def value(self, now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
        """The term without its weight."""
        if self.price:
            return -self.function(now)  # type: ignore[call-arg]
        return self.function(now, goal, sharpness)  # type: ignore[call-arg]

    @property
    def description(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or self.name).splitlines()[0].rstrip(".")


REWARD_TERMS: Registry[RewardTerm] = Registry("reward term")


def register_reward(
    name: str, *, weight: float, sharpness: Sharpness = ()
) -> Callable[[Earned], Earned]:
    """Decorator that makes a function a reward term.

    Args:
        name: as configs call it: in `[[tracking.reward.extra]]`.
        weight: what a perfect match earns, where the config does not say.
        sharpness: passed to the function, where the config does not say.

    Raises:
        ValueError: another term has that name.
    """

    def register(function: Earned) -> Earned:
        REWARD_TERMS.add(RewardTerm(name, function, weight, sharpness))
        return function

    return register


def register_price(name: str, *, weight: float) -> Callable[[Priced], Priced]:
    """Decorator that makes a function a price: weight × its value is subtracted.

    Args:
        name: as configs call it: in `[[tracking.reward.extra]]`.
        weight: the price of one, where the config does not say.

    Raises:
        ValueError: another term has that name.
    """

    def register(function: Priced) -> Priced:
        REWARD_TERMS.add(RewardTerm(name, function, weight, price=True))
        return function

    return register


def bells(square: Float[Array, "*shape"], sharpness: Sharpness) -> Float[Array, "*shape"]:
    """Half a wide bell, half a narrow one: a way home from far off, precision near the target.

    Args:
        square: a squared error.
        sharpness: of the wide and of the narrow bell; the same twice is a single bell.
    """
    wide, narrow = sharpness
    return 0.5 * jnp.exp(-wide * square) + 0.5 * jnp.exp(-narrow * square)


def limb_errors_leg(now: Moment, target_pose: Float[Array, " D"]) -> Float[Array, "L 3"]:
    """Knees and feet against the target, both relative to the pelvis, in leg lengths."""
    names = [f"{side} {name}" for side in ("Left", "Right") for name in LIMBS]
    carried = now.skeleton.keypoints
    columns = jnp.array([carried.index(name) for name in names if name in carried])

    def limbs(pose: Array) -> Array:
        return body_keypoints(pose.at[POSITION].set(0.0), now.dims, now.skeleton)[columns]

    return (limbs(now.pose) - limbs(target_pose)) / now.dims.leg_m


@register_reward("joint_angle", weight=0.25, sharpness=(8.0, 60.0))
def joint_angle(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Joint angles."""
    return bells(jnp.sum(jnp.square(now.pose[JOINTS] - goal.pose[JOINTS])), sharpness)


@register_reward("joint_velocity", weight=0.05, sharpness=(0.02, 0.02))
def joint_velocity(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Joint velocities."""
    error = now.pose_velocity[JOINTS] - goal.pose_velocity[JOINTS]
    return bells(jnp.sum(jnp.square(error)), sharpness)


@register_reward("limb_position", weight=0.20, sharpness=(40.0, 300.0))
def limb_position(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Foot and knee positions."""
    return bells(jnp.sum(jnp.square(limb_errors_leg(now, goal.pose))), sharpness)


@register_reward("pelvis_path", weight=0.15, sharpness=(4.0, 30.0, 100.0))
def pelvis_path(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """The path against the reference."""
    # The path is asked of the reference: what the recording does not tell about the truth's
    # absolute position no policy can know.
    wide, narrow, narrow_height = sharpness
    beside = now.pose[HORIZONTAL] - goal.reference_pose[HORIZONTAL] - now.path_offset_m
    path = jnp.sum(jnp.square(beside)) / now.dims.leg_m**2
    height = jnp.square((now.pose[HEIGHT] - goal.pose[HEIGHT]) / now.dims.leg_m)
    near = jnp.exp(-narrow * path - narrow_height * height)
    return 0.5 * near + 0.5 * jnp.exp(-wide * path)


@register_reward("pelvis_orientation", weight=0.10, sharpness=(15.0, 150.0))
def pelvis_orientation(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Pelvis angles."""
    error = now.pose[PELVIS_ANGLES] - goal.pose[PELVIS_ANGLES]
    return bells(jnp.sum(jnp.square(error)), sharpness)


@register_reward("pelvis_velocity", weight=0.15, sharpness=(40.0, 40.0))
def pelvis_velocity(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Pelvis velocity."""
    velocity = jnp.append(goal.reference_velocity[HORIZONTAL], goal.pose_velocity[HEIGHT])
    speed = jnp.sum(jnp.square((now.pose_velocity[POSITION] - velocity) / now.speed_unit_mps))
    return bells(speed, sharpness)


@register_reward("contact", weight=0.20, sharpness=(4.0, 4.0))
def contact(now: Moment, goal: Goal, sharpness: Sharpness) -> Float[Array, ""]:
    """Feet standing when the keypoints say that they do."""
    return jnp.mean(bells(jnp.abs(now.stood - goal.stood), sharpness))


@register_price("residual_price", weight=0.05)
def residual_price(now: Moment) -> Float[Array, ""]:
    """Price of the mean squared residual, as a share of its bound."""
    return jnp.mean(jnp.square(now.residual_share))


@register_price("action_rate_price", weight=0.02)
def action_rate_price(now: Moment) -> Float[Array, ""]:
    """Price of the mean squared change of action."""
    return jnp.mean(jnp.square(now.action - now.previous_action))


@register_price("impact_price", weight=0.1)
def impact_price(now: Moment) -> Float[Array, ""]:
    """Price of the mean squared foot load beyond 1.3 body weights."""
    return now.impact
