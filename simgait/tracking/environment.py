"""The tracking environment under Brax's API, on MuJoCo MJX.

`episodes.reset` and `step` are pure functions of a `ClipBank`, so that thousands of environments
with different people and walks run in one compiled program; `TrackingEnv` gives them Brax's face.
A clip's end is a truncation (`info["truncated"]`), a fall is a termination; both reset fully, to a
new clip and frame.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from brax.envs.base import Env, State
from jaxtyping import Array, Bool, Float

from simgait.skeleton.coordinates import HEIGHT, HORIZONTAL, JOINTS
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.tracking.actions import RESIDUAL_FORCE, action_size
from simgait.tracking.angle_offsets import SAGITTAL_ERROR, sagittal_error
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.episodes import reset
from simgait.tracking.moment import Moment
from simgait.tracking.observations import observation_size, observe
from simgait.tracking.reward_terms import limb_errors_leg
from simgait.tracking.rewards import reward_of
from simgait.tracking.simulation import Physics, moment_of, simulate, start_physics

LARGEST_RATE = 1e3  # m/s or rad/s; no walking body comes near


def has_fallen(now: Moment, config: TrackingConfig) -> Bool[Array, ""]:
    """The body is down or lost: too low, tipped over, or far off the path."""
    limits = config.termination
    reference = now.clips.reference_pose[now.clip, now.frame]
    low = now.pose[HEIGHT] < limits.min_pelvis_height * reference[HEIGHT]
    tilt, obliquity = now.skeleton.columns(("pelvis_tilt", "pelvis_obliquity"))
    tipped = jnp.maximum(
        jnp.abs(now.pose[tilt] - reference[tilt]),
        jnp.abs(now.pose[obliquity] - reference[obliquity]),
    )
    away = _off_path_m(now) / now.dims.leg_m
    return low | (tipped > limits.max_tilt_rad) | (away > limits.max_path_error_leg)


def _off_path_m(now: Moment) -> Float[Array, ""]:
    reference = now.clips.reference_pose[now.clip, now.frame]
    return jnp.linalg.norm(now.pose[HORIZONTAL] - reference[HORIZONTAL] - now.path_offset_m)


def has_strayed(now: Moment, config: TrackingConfig) -> Bool[Array, ""]:
    """A knee or foot is far from where it belongs: nothing more to learn from this episode."""
    reference = now.clips.reference_pose[now.clip, now.frame]
    limb = jnp.max(jnp.linalg.norm(limb_errors_leg(now, reference), axis=-1))
    return limb > config.termination.max_limb_error_leg


def _simulated(
    config: TrackingConfig, clips: ClipBank, state: State, action: Float[Array, " A"]
) -> tuple[Physics, Bool[Array, ""]]:
    """The body after one control step, and whether its state is finite.

    A state that is not ends its episode, and the reference stands in for it, so that no NaN reaches
    a gradient. It is counted in the metrics.
    """
    clip, frame, offset_m = (state.info[name] for name in ("clip", "frame", "path_offset_m"))
    simulated = simulate(config, clips, clip, frame, state.pipeline_state, action, offset_m)
    # Comparisons with NaN are false. A rate beyond the limit has diverged though it is a number:
    # its square would still drown a batch.
    finite = jnp.all(jnp.isfinite(simulated.qpos)) & jnp.all(jnp.abs(simulated.qvel) < LARGEST_RATE)
    safe_pose = clips.reference_pose[clip, frame + 1].at[HORIZONTAL].add(offset_m)
    safe = start_physics(config, safe_pose, clips.reference_velocity[clip, frame + 1])
    return jax.tree.map(lambda new, old: jnp.where(finite, new, old), simulated, safe), finite


def _errors(now: Moment, physics: Physics) -> dict[str, Float[Array, ""]]:
    """Distance from target and path, and the residual force, for the metrics."""
    error = now.pose[JOINTS] - now.clips.target_pose[now.clip, now.frame][JOINTS]
    weight_n = now.dims.mass_kg * GRAVITY_MPS2
    return {
        "angle_error_deg": jnp.rad2deg(jnp.sqrt(jnp.mean(jnp.square(error)))),
        "path_error_m": _off_path_m(now),
        "residual_force_bw": jnp.linalg.norm(physics.residual[RESIDUAL_FORCE]) / weight_n,
    }


def step(
    config: TrackingConfig,
    clips: ClipBank,
    state: State,
    action: Float[Array, " A"],
    offset_rad: Float[Array, " 3"] | None = None,
) -> State:
    """One control step; `offset_rad` as in `rewards.paper_reward`."""
    info = state.info
    action = jnp.clip(action, -1.0, 1.0)
    clip, frame = info["clip"], info["frame"] + 1
    physics, finite = _simulated(config, clips, state, action)
    actions = (action, info["action"])
    now = moment_of(config, clips, clip, frame, physics, info["path_offset_m"], actions)
    reward, unrewarded = reward_of(now, config.reward, offset_rad)
    fell = has_fallen(now, config) | ~finite
    strayed = has_strayed(now, config)
    ended = frame >= now.last_frame
    metrics = _errors(now, physics) | {
        "fell": fell.astype(jnp.float32),
        "strayed": strayed.astype(jnp.float32),
        "not_finite": (~finite).astype(jnp.float32),
    }
    learned = {}
    if config.reward.learned_offsets:
        error = sagittal_error(now.pose, clips.target_pose[clip, frame], now.skeleton)
        learned = {SAGITTAL_ERROR: jnp.where(finite, error, 0.0)}
    return state.replace(
        pipeline_state=physics,
        obs=observe(now, config),
        reward=jnp.where(finite, reward, 0.0),
        done=(fell | strayed | unrewarded | ended).astype(jnp.float32),
        metrics=metrics,
        info=info
        | learned
        | {
            "frame": frame,
            "action": action,
            "truncated": (ended & ~fell & ~strayed & ~unrewarded).astype(jnp.float32),
        },
    )


class TrackingEnv(Env):
    """The tracking environment as a `brax.envs.base.Env`."""

    def __init__(self, config: TrackingConfig, clips: ClipBank) -> None:
        """Keeps config and clips; builds nothing else."""
        self.config = config
        self.clips = clips

    def reset(self, rng: Any) -> State:
        """See `episodes.reset`."""
        return reset(self.config, self.clips, rng)

    def step(self, state: State, action: Array) -> State:
        """See `step`."""
        return step(self.config, self.clips, state, action)

    @property
    def observation_size(self) -> int:
        """Length of the observation."""
        return observation_size(self.config)

    @property
    def action_size(self) -> int:
        """Length of the action."""
        return action_size(self.config)

    @property
    def backend(self) -> str:
        """Always MJX."""
        return "mjx"
