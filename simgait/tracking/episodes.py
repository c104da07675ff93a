"""Where episodes start: a random clip and frame, or the stretch on which the body just fell."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from brax.envs.base import State
from jaxtyping import Array, Float, Int, PRNGKeyArray

from simgait.skeleton.coordinates import HORIZONTAL, JOINTS
from simgait.skeleton.sides import SIDES
from simgait.tracking.angle_offsets import SAGITTAL, SAGITTAL_ERROR
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.observations import observe
from simgait.tracking.simulation import moment_of, start_physics

SHORTEST_EPISODE = 20  # frames
METRICS = ("angle_error_deg", "path_error_m", "residual_force_bw", "fell", "strayed", "not_finite")


def reset(config: TrackingConfig, clips: ClipBank, key: PRNGKeyArray) -> State:
    """A new episode: random clip, random frame, the state of that moment with its velocity."""
    moment_key, start_key = jax.random.split(key)
    return _begin(config, clips, *_draw_moment(config, clips, moment_key), start_key)


def reset_after(
    config: TrackingConfig,
    clips: ClipBank,
    key: PRNGKeyArray,
    ended: State,
    odds: Float[Array, " C"] | None = None,
) -> State:
    """The episode after `ended`; after a fall often the same stretch again, from before the fall.

    What is hard is so practised more often than what is long mastered. `odds` are those of each
    clip where another is drawn, alike if there are none.
    """
    moment_key, start_key, retry_key, back_key = jax.random.split(key, 4)
    clip, frame = _draw_moment(config, clips, moment_key, odds)
    back = jax.random.randint(back_key, (), 1, config.reset.retry_frames + 1)
    fell_on = ended.info["clip"]
    before = jnp.clip(ended.info["frame"] - back, 0, last_start(clips, fell_on) - 1)
    again = jax.random.uniform(retry_key) < config.reset.retry_share
    again &= (ended.metrics["fell"] > 0.5) | (ended.metrics["strayed"] > 0.5)
    clip, frame = jnp.where(again, fell_on, clip), jnp.where(again, before, frame)
    return _begin(config, clips, clip, frame, start_key)


def last_start(clips: ClipBank, clip: Int[Array, "*N"]) -> Int[Array, "*N"]:
    """Number of a clip's frames from which there is something left to walk; at least one."""
    return jnp.maximum(clips.length[clip] - SHORTEST_EPISODE, 1)


def _draw_moment(
    config: TrackingConfig,
    clips: ClipBank,
    key: PRNGKeyArray,
    odds: Float[Array, " C"] | None = None,
) -> tuple[Int[Array, ""], Int[Array, ""]]:
    """A random clip and a frame of it from which there is something left to walk."""
    keys = jax.random.split(key, 3)
    clip = drawn_clip(keys[0], clips.length.shape[0], odds)
    frame = jax.random.randint(keys[1], (), 0, last_start(clips, clip))
    random_start = jax.random.uniform(keys[2]) < config.reset.reference_state_share
    return clip, jnp.where(random_start, frame, 0)


def drawn_clip(
    key: PRNGKeyArray, count: int, odds: Float[Array, " C"] | None = None
) -> Int[Array, ""]:
    """One of so many clips; each by its `odds`, all alike where there are none."""
    if odds is None:
        return jax.random.randint(key, (), 0, count)
    up_to = jnp.cumsum(odds)
    found = jnp.searchsorted(up_to, jax.random.uniform(key) * up_to[-1], side="right")
    return jnp.minimum(found, count - 1).astype(jnp.int32)


def _begin(
    config: TrackingConfig,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    key: PRNGKeyArray,
) -> State:
    keys = jax.random.split(key, 4)
    from_truth = jax.random.uniform(keys[0]) < config.reset.truth_share
    reference = clips.reference_pose[clip, frame]
    truth = clips.target_pose[clip, frame]
    pose = jnp.where(from_truth, truth, clips.start_pose[clip, frame])
    velocity = jnp.where(
        from_truth, clips.target_velocity[clip, frame], clips.start_velocity[clip, frame]
    )
    velocity = velocity * config.reset.with_velocity
    angle_noise = config.reset.angle_noise_rad * jax.random.normal(
        keys[1], (config.body.skeleton.n_joints,)
    )
    pose = pose.at[JOINTS].add(angle_noise)
    velocity = velocity + config.reset.velocity_noise * jax.random.normal(
        keys[2], velocity.shape
    ) * (config.reset.with_velocity)
    # The walk goes on from where the body stands: the reference's path is moved there.
    offset = pose[HORIZONTAL] - reference[HORIZONTAL]
    return start_episode(config, clips, clip, frame, pose, velocity, offset, keys[3])


def start_episode(
    config: TrackingConfig,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    pose: Float[Array, " D"],
    velocity: Float[Array, " D"],
    path_offset_m: Float[Array, " 2"],
    key: PRNGKeyArray,
) -> State:
    """An episode that starts from a given state at a given frame of a clip."""
    physics = start_physics(config, pose, velocity)
    now = moment_of(config, clips, clip, frame, physics, path_offset_m)
    info = {
        "clip": clip,
        "frame": frame,
        "path_offset_m": path_offset_m,
        "action": now.action,
        "truncated": jnp.zeros(()),
        "key": key,
    }
    if config.reward.learned_offsets:
        info |= {SAGITTAL_ERROR: jnp.zeros((len(SIDES), len(SAGITTAL)))}
    metrics = {name: jnp.zeros(()) for name in METRICS}
    return State(physics, observe(now, config), jnp.zeros(()), jnp.zeros(()), metrics, info)
