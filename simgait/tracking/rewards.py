"""Reward terms: each compares the body with its target and is 1 at a perfect match."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.clips import FRAME_RATE_HZ, ClipBank
from simgait.tracking.config import RewardConfig
from simgait.tracking.observations import GRAVITY_MPS2, Moment

LIMB_POINTS = jnp.array(
    [
        BODY_KEYPOINTS.index(f"{side} {name}")
        for side in ("Left", "Right")
        for name in ("Knee", "Ankle", "Heel", "Big Toe")
    ]
)
SAGITTAL = jnp.array(
    [
        POSE_INDEX[f"{side}_{name}"]
        for side in ("left", "right")
        for name in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    ]
)
PAPER_JOINTS = jnp.array(
    [
        BODY_KEYPOINTS.index(f"{side} {name}")
        for side in ("Left", "Right")
        for name in ("Hip", "Knee", "Ankle")
    ]
)


def bells(square: Float[Array, ""], wide: float, narrow: float) -> Array:
    """Half a wide bell, half a narrow one: a way home from far off, precision near the target."""
    return 0.5 * jnp.exp(-wide * square) + 0.5 * jnp.exp(-narrow * square)


def limb_errors_leg(now: Moment, target_pose: Float[Array, " D"]) -> Float[Array, "8 3"]:
    """Knees and feet against the target, both relative to the pelvis, in leg lengths."""
    actual = body_keypoints(now.pose.at[:3].set(0.0), now.dims)[LIMB_POINTS]
    wanted = body_keypoints(target_pose.at[:3].set(0.0), now.dims)[LIMB_POINTS]
    return (actual - wanted) / now.dims.leg_m


def expected_stood(now: Moment, clips: ClipBank) -> Float[Array, " 2"]:
    """Share of the last control step in which each foot should have stood.

    A foot stands where the keypoints say so with a probability above one half, between frames too:
    an event is known to some milliseconds, a frame lasts 33.
    """
    after = clips.contact_probability[now.clip, now.frame]
    before = clips.contact_probability[now.clip, jnp.maximum(now.frame - 1, 0)]
    change = jnp.maximum(jnp.abs(after - before), 1e-6)
    return jnp.clip((jnp.maximum(before, after) - 0.5) / change, 0.0, 1.0)


def sum_of_exponentials(
    now: Moment,
    clips: ClipBank,
    action: Float[Array, " A"],
    last_action: Float[Array, " A"],
    residual: Float[Array, " 6"],
    config: RewardConfig,
) -> tuple[Array, dict[str, Array]]:
    """Our default reward and its terms. `residual` is the wrench as a share of its bounds."""
    reference = clips.reference_pose[now.clip, now.frame]
    reference_velocity = clips.reference_velocity[now.clip, now.frame]
    if config.follow == "truth":
        target = clips.target_pose[now.clip, now.frame]
        target_velocity = clips.target_velocity[now.clip, now.frame]
    else:
        target, target_velocity = reference, reference_velocity
    speed_unit = jnp.sqrt(GRAVITY_MPS2 * now.dims.leg_m)
    leg = now.dims.leg_m

    angle = jnp.sum(jnp.square(now.pose[6:] - target[6:]))
    rate = jnp.sum(jnp.square(now.pose_velocity[6:] - target_velocity[6:]))
    limb = jnp.sum(jnp.square(limb_errors_leg(now, target)))
    # The path is asked of the reference: what the recording does not tell about the truth's
    # absolute position no policy can know.
    path = jnp.sum(jnp.square(now.pose[:2] - reference[:2] - now.path_offset_m)) / leg**2
    height = jnp.square((now.pose[2] - target[2]) / leg)
    orientation = jnp.sum(jnp.square(now.pose[3:6] - target[3:6]))
    velocity = jnp.concatenate([reference_velocity[:2], target_velocity[2:3]])
    speed = jnp.sum(jnp.square((now.pose_velocity[:3] - velocity) / speed_unit))
    mistimed = jnp.abs(now.stood - expected_stood(now, clips))
    terms = {
        "joint_angle": config.joint_angle * bells(angle, 8.0, 60.0),
        "joint_velocity": config.joint_velocity * jnp.exp(-0.02 * rate),
        "limb_position": config.limb_position * bells(limb, 40.0, 300.0),
        "pelvis_path": config.pelvis_path
        * (0.5 * jnp.exp(-30.0 * path - 100.0 * height) + 0.5 * jnp.exp(-4.0 * path)),
        "pelvis_orientation": config.pelvis_orientation * bells(orientation, 15.0, 150.0),
        "pelvis_velocity": config.pelvis_velocity * jnp.exp(-40.0 * speed),
        "contact": config.contact * jnp.mean(jnp.exp(-4.0 * mistimed)),
        "residual_price": -config.residual_price * jnp.mean(jnp.square(residual)),
        "action_rate_price": -config.action_rate_price * jnp.mean(jnp.square(action - last_action)),
        "impact_price": -config.impact_price * now.impact,
    }
    return jnp.sum(jnp.stack(list(terms.values()))), terms


def paper_reward(
    now: Moment, clips: ClipBank, action: Float[Array, " A"], config: RewardConfig
) -> tuple[Array, dict[str, Array]]:
    """The two rewards of Smyrnakis, Karakostas & Cotton 2024.

    exp: α0 exp(-5‖e_a‖²) exp(-2.5 Σ‖e_x‖²) exp(-0.17 Σ‖e_v‖²);
    mse: α0 - α1‖e_a‖² - α2 Σ‖e_x‖² - α3 Σ‖e_v‖² - 0.005‖a‖².
    """
    target = clips.target_pose[now.clip, now.frame]
    velocity = clips.target_velocity[now.clip, now.frame]
    dt = 1.0 / FRAME_RATE_HZ
    angle = jnp.sum(jnp.square(now.pose[SAGITTAL] - target[SAGITTAL]))

    def joints(pose: Array) -> Array:
        return body_keypoints(pose, now.dims)[PAPER_JOINTS]

    def relative(pose: Array) -> Array:
        return joints(pose.at[:3].set(0.0))

    position = jnp.sum(jnp.square(relative(now.pose) - relative(target)))
    actual_rate = (joints(now.pose + dt * now.pose_velocity) - joints(now.pose)) / dt
    target_rate = (joints(target + dt * velocity) - joints(target)) / dt
    rate = jnp.sum(jnp.square(actual_rate - target_rate))
    base, a1, a2, a3 = config.paper_alpha
    if config.kind == "paper_exp":
        reward = base * jnp.exp(-5.0 * angle - 2.5 * position - 0.17 * rate)
    else:
        effort = jnp.sum(jnp.square(action))
        reward = base - a1 * angle - a2 * position - a3 * rate - 0.005 * effort
    return reward, {"angle": angle, "position": position, "velocity": rate}
