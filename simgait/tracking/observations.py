"""What the policy sees: small functions, each one block of the observation."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from simgait.skeleton.default import BODY_KEYPOINT_COLUMNS
from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import ObservationConfig

BODY_STATE_SIZE = 35


@dataclass(frozen=True)
class Moment:
    """One environment's now: everything an observation or a reward term may read.

    Attributes:
        clip, frame: where in which walk.
        pose, pose_velocity: (16,) skeleton coordinates and their rates.
        foot_load_bw: (2,) vertical force on each foot.
        stood: (2,) share of the last control step in which each foot stood.
        impact: mean square of the load of a foot beyond what walking takes, of that step.
        path_offset_m: (2,) by which the reference's path is moved.
        dims: of the body.
    """

    clip: Int[Array, ""]
    frame: Int[Array, ""]
    pose: Float[Array, " D"]
    pose_velocity: Float[Array, " D"]
    foot_load_bw: Float[Array, " 2"]
    stood: Float[Array, " 2"]
    impact: Float[Array, ""]
    path_offset_m: Float[Array, " 2"]
    dims: Dimensions


def body_state(now: Moment) -> Float[Array, " 35"]:
    """Pelvis height, angles and velocities, joint angles and rates, foot load; dimensionless."""
    speed_unit = jnp.sqrt(GRAVITY_MPS2 * now.dims.leg_m)
    return jnp.concatenate(
        [
            now.pose[2:3] / now.dims.standing_hip_height_m - 1.0,
            now.pose[3:],
            now.pose_velocity[:3] / speed_unit,
            0.1 * now.pose_velocity[3:],
            jnp.clip(now.foot_load_bw, 0.0, 3.0),
            jnp.stack([now.dims.thigh_m, now.dims.hip_width_m, now.dims.foot_length_m])
            / now.dims.leg_m,
        ]
    )


def reference_ahead(now: Moment, clips: ClipBank, offsets: tuple[int, ...]) -> Float[Array, " N"]:
    """The reference at `offsets` frames ahead, relative to the present body."""
    last = clips.length[now.clip] - 1
    blocks = []
    leg = now.dims.leg_m
    for offset in offsets:
        frame = jnp.minimum(now.frame + offset, last)
        pose = clips.reference_pose[now.clip, frame]
        path = pose[:2] + now.path_offset_m - now.pose[:2]
        blocks += [
            jnp.clip(path / leg, -1.0, 1.0),
            (pose[2:3] - now.pose[2:3]) / leg,
            pose[3:] - now.pose[3:],
            clips.contact_probability[now.clip, frame],
        ]
    following = jnp.minimum(now.frame + 1, last)
    velocity = clips.reference_velocity[now.clip, following]
    blocks += [velocity[:3] / jnp.sqrt(GRAVITY_MPS2 * leg), 0.1 * velocity[3:]]
    return jnp.concatenate(blocks)


def keypoints_ahead(now: Moment, clips: ClipBank, config: ObservationConfig) -> Float[Array, " N"]:
    """Pelvis-centred keypoints of this and the next frames, in leg lengths, with their masks."""
    last = clips.length[now.clip] - 1
    frames = now.frame + config.keypoint_stride * jnp.arange(config.future_frames + 1)
    # Beyond the clip's end nothing is known: masked, not repeated.
    inside = (frames <= last).astype(jnp.float32)
    frames = jnp.minimum(frames, last)
    if config.keypoints == "fitted":
        points = clips.fitted_keypoints[now.clip, frames]
        mask = jnp.broadcast_to(inside[:, None], points.shape[:2])
    else:
        points = clips.keypoints[now.clip, frames]
        mask = clips.keypoint_mask[now.clip, frames] * inside[:, None]
        if not config.all_keypoints:
            columns = jnp.asarray(BODY_KEYPOINT_COLUMNS)
            points, mask = points[:, columns], mask[:, columns]
    return jnp.concatenate([(points * mask[..., None]).ravel(), mask.ravel()])


def witnessed_velocity(now: Moment, clips: ClipBank) -> Float[Array, " 3"]:
    """Pelvis velocity as the recording shows it (dimensionless), and whether it does."""
    mask = clips.witness_mask[now.clip, now.frame]
    velocity = clips.witness[now.clip, now.frame] / jnp.sqrt(GRAVITY_MPS2 * now.dims.leg_m)
    return jnp.concatenate([velocity * mask, mask[None]])


def observe(
    now: Moment, clips: ClipBank, config: ObservationConfig, last_action: Float[Array, " A"]
) -> Float[Array, " O"]:
    """The whole observation, by config; every number finite and of order one."""
    blocks = [body_state(now), last_action, keypoints_ahead(now, clips, config)]
    if config.reference:
        blocks.append(reference_ahead(now, clips, config.reference_frames))
    if config.pelvis_velocity:
        blocks.append(witnessed_velocity(now, clips))
    return jnp.clip(jnp.concatenate(blocks), -10.0, 10.0)


def observation_size(config: ObservationConfig, n_actions: int) -> int:
    """Length of `observe`'s result."""
    n_points = 23 if config.all_keypoints else len(BODY_KEYPOINT_COLUMNS)
    size = BODY_STATE_SIZE + n_actions + (config.future_frames + 1) * n_points * 4
    if config.reference:
        size += len(config.reference_frames) * 18 + 16
    return size + (3 if config.pelvis_velocity else 0)
