"""The terms of an observation: each a function of the moment, with its mirror image.

A term is registered with the mirror image of what it gives; its size follows from that. A config
names the terms, the environment puts them together (`tracking.observations`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton import mirror
from simgait.skeleton.coordinates import ANGLES, HEIGHT, HORIZONTAL, POSITION
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.mirror import FEET, Mirror, joined, same, vector
from simgait.tracking.actions import mirror_of_action
from simgait.tracking.config import TrackingConfig
from simgait.tracking.moment import Moment
from simgait.tracking.term_registry import Registry

Observe = Callable[[Moment, TrackingConfig], Float[Array, " N"]]
MirrorOf = Callable[[TrackingConfig], Mirror]


@dataclass(frozen=True)
class ObservationTerm:
    """One block of the observation.

    Attributes:
        name: as configs call it.
        function: what it shows; finite, of order one.
        mirror: of a config, the mirror image of what the function gives.
    """

    name: str
    function: Observe
    mirror: MirrorOf

    def size(self, config: TrackingConfig) -> int:
        """How many numbers the term gives under a config."""
        return len(self.mirror(config).order)


OBSERVATION_TERMS: Registry[ObservationTerm] = Registry("observation term")


def register_observation(name: str, mirror: Mirror | MirrorOf) -> Callable[[Observe], Observe]:
    """Decorator that makes a function an observation term.

    Args:
        name: as configs call it: in `[tracking.observation] extra`.
        mirror: the mirror image of what the function gives, from `skeleton.mirror`'s parts; a
            function of the config where its size depends on that.

    Raises:
        ValueError: another term has that name.
    """
    mirror_of = (lambda _config: mirror) if isinstance(mirror, Mirror) else mirror

    def register(function: Observe) -> Observe:
        OBSERVATION_TERMS.add(ObservationTerm(name, function, mirror_of))
        return function

    return register


def _mirror_of_body_state(config: TrackingConfig) -> Mirror:
    angles = config.body.skeleton.mirror[ANGLES]
    return joined(same(1), angles, vector(), angles, FEET, same(3))


@register_observation("body_state", _mirror_of_body_state)
def body_state(now: Moment, _config: TrackingConfig) -> Float[Array, " N"]:
    """Pelvis height, angles and velocities, joint angles and rates, foot load; dimensionless."""
    return jnp.concatenate(
        [
            now.pose[HEIGHT][None] / now.dims.standing_hip_height_m - 1.0,
            now.pose[ANGLES],
            now.pose_velocity[POSITION] / now.speed_unit_mps,
            0.1 * now.pose_velocity[ANGLES],
            jnp.clip(now.foot_load_bw, 0.0, 3.0),
            jnp.stack([now.dims.thigh_m, now.dims.hip_width_m, now.dims.foot_length_m])
            / now.dims.leg_m,
        ]
    )


@register_observation("last_action", mirror_of_action)
def last_action(now: Moment, _config: TrackingConfig) -> Float[Array, " A"]:
    """What the policy did last."""
    return now.action


def _mirror_of_keypoints(config: TrackingConfig) -> Mirror:
    everywhere = config.observation.all_keypoints
    names = KEYPOINT_NAMES if everywhere else config.body.skeleton.keypoints
    frames = config.observation.future_frames + 1
    return joined(*[mirror.points(names)] * frames, *[mirror.columns(names)] * frames)


def keypoint_frames(
    shown: Float[Array, "*B N"], config: TrackingConfig
) -> Float[Array, "*B frames four_each"]:
    """The numbers of the term "keypoints" by frame: x, y, z of each keypoint, then their masks."""
    frames = config.observation.future_frames + 1
    n = shown.shape[-1] // (4 * frames)
    points = shown[..., : 3 * n * frames].reshape(*shown.shape[:-1], frames, 3 * n)
    masks = shown[..., 3 * n * frames :].reshape(*shown.shape[:-1], frames, n)
    return jnp.concatenate([points, masks], axis=-1)


@register_observation("keypoints", _mirror_of_keypoints)
def keypoints(now: Moment, config: TrackingConfig) -> Float[Array, " N"]:
    """Pelvis-centred keypoints of this and the next frames, in leg lengths, with their masks."""
    clips, chosen = now.clips, config.observation
    frames = now.frame + chosen.keypoint_stride * jnp.arange(chosen.future_frames + 1)
    # Beyond the clip's end nothing is known: masked, not repeated.
    inside = (frames <= now.last_frame).astype(jnp.float32)
    frames = jnp.minimum(frames, now.last_frame)
    if chosen.keypoints == "fitted":
        points = clips.fitted_keypoints[now.clip, frames]
        mask = jnp.broadcast_to(inside[:, None], points.shape[:2])
    else:
        points = clips.keypoints[now.clip, frames]
        mask = clips.keypoint_mask[now.clip, frames] * inside[:, None]
        if not chosen.all_keypoints:
            columns = jnp.asarray(now.skeleton.keypoint_columns)
            points, mask = points[:, columns], mask[:, columns]
    return jnp.concatenate([(points * mask[..., None]).ravel(), mask.ravel()])


def _mirror_of_reference(config: TrackingConfig) -> Mirror:
    angles = config.body.skeleton.mirror[ANGLES]
    frame = (vector(2), same(1), angles, FEET)
    return joined(*frame * len(config.observation.reference_frames), vector(), angles)


@register_observation("reference", _mirror_of_reference)
def reference(now: Moment, config: TrackingConfig) -> Float[Array, " N"]:
    """The fitted reference some frames ahead, relative to the present body."""
    clips, leg = now.clips, now.dims.leg_m
    blocks = []
    for offset in config.observation.reference_frames:
        frame = jnp.minimum(now.frame + offset, now.last_frame)
        pose = clips.reference_pose[now.clip, frame]
        path = pose[HORIZONTAL] + now.path_offset_m - now.pose[HORIZONTAL]
        blocks += [
            jnp.clip(path / leg, -1.0, 1.0),
            (pose[HEIGHT] - now.pose[HEIGHT])[None] / leg,
            pose[ANGLES] - now.pose[ANGLES],
            clips.contact_probability[now.clip, frame],
        ]
    following = jnp.minimum(now.frame + 1, now.last_frame)
    velocity = clips.reference_velocity[now.clip, following]
    blocks += [velocity[POSITION] / now.speed_unit_mps, 0.1 * velocity[ANGLES]]
    return jnp.concatenate(blocks)


@register_observation("pelvis_velocity", joined(vector(2), same(1)))
def pelvis_velocity(now: Moment, _config: TrackingConfig) -> Float[Array, " 3"]:
    """Pelvis velocity as the recording shows it (dimensionless), and whether it does."""
    mask = now.clips.witness_mask[now.clip, now.frame]
    velocity = now.clips.witness[now.clip, now.frame] / now.speed_unit_mps
    return jnp.concatenate([velocity * mask, mask[None]])
