"""Where an episode starts when not from the reference: standing, or as an initialiser says.

An initialiser (Smyrnakis, Karakostas & Cotton 2024) is a network from a walk's first keypoints to
the body's first pose. It learns by gradients of the return through the simulated time steps, see
`learning.initialiser_training`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from simgait.skeleton.coordinates import HEIGHT, HORIZONTAL
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import sole_heights
from simgait.skeleton.skeleton import Skeleton
from simgait.tracking.clips import ClipBank
from simgait.tracking.networks import MLP
from simgait.tracking.policy_config import InitialiserConfig, PolicyConfig

# Wider than any angle of walking, far from where the pelvis's rotation turns singular.
LARGEST_ANGLE_RAD = 1.3
LARGEST_SPEED_MPS, LARGEST_RATE_RAD_S = 3.0, 10.0
# So deep is the lowest sole in the soft floor: at a gap of zero, rounding would decide on contact.
SOLE_DEPTH_M = 0.001
# Chosen: for memory; clips do not see each other.
CLIPS_AT_A_TIME = 64


def n_outputs(config: InitialiserConfig, skeleton: Skeleton = TRIMMED_HUMANOID) -> int:
    """Pelvis and joint angles, and with `velocity` the rates of all coordinates."""
    rates = skeleton.n_coordinates if config.velocity else 0
    return len(skeleton.angle_names) + rates


def _network(config: InitialiserConfig, skeleton: Skeleton) -> MLP:
    return MLP(config.layers, n_outputs(config, skeleton), 0.01)


def init_initialiser(
    config: InitialiserConfig, key: PRNGKeyArray, skeleton: Skeleton = TRIMMED_HUMANOID
) -> Any:
    """Parameters of an untrained initialiser: it says nearly "standing"."""
    size = (config.frames + 1) * len(KEYPOINT_NAMES) * 4
    return _network(config, skeleton).init(key, jnp.zeros((1, size)))


def first_keypoints(
    clips: ClipBank, clip: Int[Array, ""], frame: Int[Array, ""], config: InitialiserConfig
) -> Float[Array, " K"]:
    """What the network sees: pelvis-centred keypoints (leg lengths) of a few frames, and masks.

    Missing points, and frames beyond the clip's end, are zero and masked.
    """
    last = clips.length[clip] - 1
    frames = frame + jnp.arange(config.frames + 1)
    inside = (frames <= last).astype(jnp.float32)
    frames = jnp.minimum(frames, last)
    mask = clips.keypoint_mask[clip, frames] * inside[:, None]
    points = clips.keypoints[clip, frames] * mask[..., None]
    return jnp.concatenate([points.ravel(), mask.ravel()])


def apply_initialiser(
    config: InitialiserConfig,
    params: Any,
    seen: Float[Array, "... K"],
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> Float[Array, "... O"]:
    """The network's raw answer; `as_state` gives it a meaning."""
    return jnp.asarray(_network(config, skeleton).apply(params, seen))


def as_state(
    outputs: Float[Array, " O"],
    dims: Dimensions,
    place_m: Float[Array, " 2"],
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> tuple[Float[Array, " D"], Float[Array, " D"]]:
    """Pose (m, rad) and its rates from a network's answer; zeros mean standing at rest.

    The pelvis goes as high as puts the lowest sole on the floor: a network that had to say the
    height as well would begin by falling or by being thrown out of the floor.
    """
    n_angles = len(skeleton.angle_names)
    angles = LARGEST_ANGLE_RAD * jnp.tanh(outputs[:n_angles])
    pose = jnp.concatenate([place_m, jnp.zeros(1), angles])
    pose = pose.at[HEIGHT].set(-SOLE_DEPTH_M - jnp.min(sole_heights(pose, dims, skeleton)))
    if outputs.shape[0] == n_angles:
        return pose, jnp.zeros_like(pose)
    largest = {"position": LARGEST_SPEED_MPS, "angle": LARGEST_RATE_RAD_S}
    bound = jnp.array([largest[part.kind] for part in skeleton.coordinates])
    return pose, bound * jnp.tanh(outputs[n_angles:])


@partial(jax.jit, static_argnames=("config",))
def _starts(config: PolicyConfig, params: Any, clips: ClipBank) -> tuple[Array, Array]:
    settings, skeleton = config.initialiser, clips.bodies.skeleton
    frames = jnp.arange(clips.reference_pose.shape[1])

    def of_clip(clip: Array) -> tuple[Array, Array]:
        dims = clips.bodies.dimensions(clip)

        def of_frame(frame: Array) -> tuple[Array, Array]:
            outputs = jnp.zeros(len(skeleton.angle_names))
            if params is not None:
                seen = first_keypoints(clips, clip, frame, settings)
                outputs = apply_initialiser(settings, params, seen, skeleton)
            place_m = clips.reference_pose[clip, frame, HORIZONTAL]
            return as_state(outputs, dims, place_m, skeleton)

        return jax.vmap(of_frame)(frames)

    indices = jnp.arange(clips.length.shape[0])
    starts: tuple[Array, Array] = jax.lax.map(of_clip, indices, batch_size=CLIPS_AT_A_TIME)
    return starts


def start_states(config: PolicyConfig, params: Any, clips: ClipBank) -> ClipBank:
    """The clips with the start states that a policy of this config expects.

    Args:
        config: of the policy.
        params: of its initialiser; None where it has none.
        clips: as `build_clips` makes them, starting from the reference.
    """
    if params is None and config.tracking.reset.start_pose == "reference":
        return clips
    pose, velocity = _starts(config, params, clips)
    return replace(clips, start_pose=pose, start_velocity=velocity)
