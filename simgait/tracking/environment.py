"""The tracking environment under Brax's API, on MuJoCo MJX.

`reset` and `step` are pure functions of a `ClipBank`, so that thousands of environments with
different people and walks run in one compiled program; `TrackingEnv` gives them Brax's face.
A clip's end is a truncation (`info["truncated"]`), a fall is a termination; both reset fully, to a
new clip and frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from brax.envs.base import Env, State
from jaxtyping import Array, Float, Int, PRNGKeyArray
from mujoco import mjx

from simgait.body.model import sole_growth_m, with_soles
from simgait.body.state import (
    pose_to_qpos,
    pose_velocity_to_qvel,
    qpos_to_pose,
    qvel_to_pose_velocity,
)
from simgait.skeleton.default import POSE_INDEX
from simgait.tracking.clips import FRAME_RATE_HZ, ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.observations import GRAVITY_MPS2, Moment, observe
from simgait.tracking.residual import residual_bounds, residual_units, root_error, root_feedback
from simgait.tracking.rewards import limb_errors_leg, paper_reward, sum_of_exponentials

N_JOINTS = 10
N_RESIDUAL = 6
LARGEST_WALKING_LOAD_BW = 1.3  # peaks of level walking stay below
CONTACT_LOAD_BW = 0.05
SHORTEST_EPISODE = 20  # frames
LARGEST_RATE = 1e3  # m/s or rad/s; no walking body comes near


@dataclass(frozen=True)
class Physics:
    """The part of `mjx.Data` that must live between control steps, and the last loads."""

    qpos: Float[Array, " Q"]
    qvel: Float[Array, " D"]
    acceleration: Float[Array, " D"]
    foot_force_n: Float[Array, "S 2 3"]
    joint_torque_nm: Float[Array, " J"]
    residual: Float[Array, " 6"]


jax.tree_util.register_dataclass(
    Physics,
    data_fields=["qpos", "qvel", "acceleration", "foot_force_n", "joint_torque_nm", "residual"],
    meta_fields=[],
)


def action_size(config: TrackingConfig) -> int:
    """Ten joints, six residuals, and with learned gains two more per joint."""
    gains = 2 * N_JOINTS if config.control.mode == "pd_learned_gains" else 0
    return N_JOINTS + N_RESIDUAL + gains


def foot_forces(data: mjx.Data) -> Float[Array, "2 3"]:
    """Force (N) of the floor on each foot, world axes.

    A pyramidal cone of condim 3 has four edge forces per contact: their sum is the normal force,
    their differences times friction the tangential ones (MuJoCo documentation, Computation).
    """
    contact = data._impl.contact
    edges = data._impl.efc_force[contact.efc_address[:, None] + jnp.arange(4)]
    normal = edges.sum(-1)
    mu = contact.friction[:, :2]
    first = (edges[:, 0] - edges[:, 1]) * mu[:, 0]
    second = (edges[:, 2] - edges[:, 3]) * mu[:, 1]
    local = jnp.stack([normal, first, second], axis=-1)
    world = jnp.einsum("ck,ckj->cj", local, contact.frame)
    # Three spheres a foot, left foot first. Where a contact is open its rows hold no force.
    return world.reshape(2, 3, 3).sum(1)


def simulate(
    config: TrackingConfig,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    physics: Physics,
    action: Float[Array, " A"],
    path_offset_m: Float[Array, " 2"],
) -> Physics:
    """One control step: `substeps` physics steps under an action in [-1, 1]."""
    control = config.control
    model = clips.bodies.select(clip)
    dims = clips.bodies.dimensions(clip)
    stiffness = clips.bodies.stiffness_nm_per_rad[clip]
    damping = config.body.joint_damping_ratio_s * stiffness
    last = clips.length[clip] - 1
    start, end = (clips.reference_pose[clip, jnp.minimum(frame + i, last)] for i in (0, 1))
    start, end = (pose.at[:2].add(path_offset_m) for pose in (start, end))
    reference_rate = (end - start) * FRAME_RATE_HZ
    stands, will_stand = (
        clips.contact_probability[clip, jnp.minimum(frame + i, last)] for i in (0, 1)
    )
    hovers_m, will_hover_m = (clips.hover_m[clip, jnp.minimum(frame + i, last)] for i in (0, 1))
    bound = residual_bounds(control, dims)
    unit = residual_units(dims)
    asked = action[N_JOINTS : N_JOINTS + N_RESIDUAL] * bound

    def root_wrench(qpos: Array, qvel: Array, share: Array) -> Array:
        # At every physics step: held over a whole control step, its damper would be unstable.
        reference = start + share * (end - start)
        error = root_error(reference, reference_rate, qpos, qvel, dims.leg_m)
        wanted = asked + root_feedback(control, error) * unit
        return clips.residual_scale[clip] * jnp.clip(wanted, -bound, bound)

    torque_limit = model.actuator_forcerange[N_RESIDUAL:, 1]
    joint_action = action[:N_JOINTS]

    def torque(qpos: Array, qvel: Array, share: Array) -> Array:
        angle, rate = qpos[7:], qvel[6:]
        if control.mode == "reference_pd":
            target = start[6:] + share * (end - start)[6:] + control.offset_rad * joint_action
            # Damping about the moving reference; the model itself damps about rest.
            return stiffness * (target - angle) + damping * reference_rate[6:]
        if control.mode == "pd":
            return stiffness * (control.range_rad * joint_action - angle)
        if control.mode == "pd_learned_gains":
            gains = 0.5 * (1.0 + action[N_JOINTS + N_RESIDUAL : 2 * N_JOINTS + N_RESIDUAL])
            damping_gains = 0.5 * (1.0 + action[2 * N_JOINTS + N_RESIDUAL :])
            spring = stiffness * gains * (control.range_rad * joint_action - angle)
            # Damping learned per joint replaces the model's own (undone here, bounded above by it).
            return spring + damping * (1.0 - damping_gains) * rate
        return torque_limit * joint_action + 0.9 * damping * rate

    data = mjx.make_data(clips.bodies.base).replace(qpos=physics.qpos, qvel=physics.qvel)
    data = data.replace(qacc_warmstart=physics.acceleration)

    def substep(data: mjx.Data, share: Array) -> tuple[mjx.Data, tuple[Array, ...]]:
        applied = torque(data.qpos, data.qvel, share)
        applied = jnp.clip(applied, -torque_limit, torque_limit)
        residual = root_wrench(data.qpos, data.qvel, share)
        standing = stands + share * (will_stand - stands)
        hover_m = hovers_m + share * (will_hover_m - hovers_m)
        growth_m = sole_growth_m(standing, hover_m, dims.leg_m, config.body)
        shod = with_soles(model, clips.bodies.soles, growth_m)
        data = mjx.step(shod, data.replace(ctrl=jnp.concatenate([residual, applied])))
        return data, (foot_forces(data), applied, residual)

    shares = (jnp.arange(control.substeps) + 1.0) / control.substeps
    data, (forces, torques, residuals) = jax.lax.scan(substep, data, shares)
    torque_nm, residual = torques.mean(0), residuals.mean(0)
    return Physics(data.qpos, data.qvel, data.qacc_warmstart, forces, torque_nm, residual)


def moment_of(
    physics: Physics,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    path_offset_m: Float[Array, " 2"],
) -> Moment:
    """The environment's now, in skeleton coordinates."""
    dims = clips.bodies.dimensions(clip)
    pose = qpos_to_pose(physics.qpos)
    loads = physics.foot_force_n[..., 2] / (dims.mass_kg * GRAVITY_MPS2)
    impact = jnp.mean(jnp.square(jnp.maximum(loads - LARGEST_WALKING_LOAD_BW, 0.0)))
    velocity = qvel_to_pose_velocity(pose, physics.qvel)
    stood = (loads > CONTACT_LOAD_BW).astype(jnp.float32).mean(0)
    return Moment(clip, frame, pose, velocity, loads[-1], stood, impact, path_offset_m, dims)


def start_physics(
    config: TrackingConfig,
    pose: Float[Array, " D"],
    velocity: Float[Array, " D"],
) -> Physics:
    """A body at rest contact-wise, in a given pose and motion."""
    return Physics(
        pose_to_qpos(pose),
        pose_velocity_to_qvel(pose, velocity),
        jnp.zeros(16),
        jnp.zeros((config.control.substeps, 2, 3)),
        jnp.zeros(N_JOINTS),
        jnp.zeros(N_RESIDUAL),
    )


def _draw_moment(
    config: TrackingConfig, clips: ClipBank, key: PRNGKeyArray
) -> tuple[Int[Array, ""], Int[Array, ""]]:
    """A random clip and a frame of it from which there is something left to walk."""
    keys = jax.random.split(key, 3)
    clip = jax.random.randint(keys[0], (), 0, clips.length.shape[0])
    frame = jax.random.randint(keys[1], (), 0, _last_start(clips, clip))
    random_start = jax.random.uniform(keys[2]) < config.reset.reference_state_share
    return clip, jnp.where(random_start, frame, 0)


def _last_start(clips: ClipBank, clip: Int[Array, ""]) -> Int[Array, ""]:
    return jnp.maximum(clips.length[clip] - SHORTEST_EPISODE, 1)


def reset(config: TrackingConfig, clips: ClipBank, key: PRNGKeyArray) -> State:
    """A new episode: random clip, random frame, the state of that moment with its velocity."""
    moment_key, start_key = jax.random.split(key)
    return _begin(config, clips, *_draw_moment(config, clips, moment_key), start_key)


def reset_after(config: TrackingConfig, clips: ClipBank, key: PRNGKeyArray, ended: State) -> State:
    """The episode after `ended`; after a fall often the same stretch again, from before the fall.

    What is hard is so practised more often than what is long mastered.
    """
    moment_key, start_key, retry_key, back_key = jax.random.split(key, 4)
    clip, frame = _draw_moment(config, clips, moment_key)
    back = jax.random.randint(back_key, (), 1, config.reset.retry_frames + 1)
    fell_on = ended.info["clip"]
    before = jnp.clip(ended.info["frame"] - back, 0, _last_start(clips, fell_on) - 1)
    again = jax.random.uniform(retry_key) < config.reset.retry_share
    again &= (ended.metrics["fell"] > 0.5) | (ended.metrics["strayed"] > 0.5)
    clip, frame = jnp.where(again, fell_on, clip), jnp.where(again, before, frame)
    return _begin(config, clips, clip, frame, start_key)


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
    angle_noise = config.reset.angle_noise_rad * jax.random.normal(keys[1], (N_JOINTS,))
    pose = pose.at[6:].add(angle_noise)
    velocity = velocity + config.reset.velocity_noise * jax.random.normal(keys[2], (16,)) * (
        config.reset.with_velocity
    )
    # The walk goes on from where the body stands: the reference's path is moved there.
    offset = pose[:2] - reference[:2]
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
    action = jnp.zeros(action_size(config))
    info = {
        "clip": clip,
        "frame": frame,
        "path_offset_m": path_offset_m,
        "action": action,
        "truncated": jnp.zeros(()),
        "key": key,
    }
    now = moment_of(physics, clips, clip, frame, path_offset_m)
    observation = observe(now, clips, config.observation, action)
    metrics = {name: jnp.zeros(()) for name in METRICS}
    return State(physics, observation, jnp.zeros(()), jnp.zeros(()), metrics, info)


METRICS = ("angle_error_deg", "path_error_m", "residual_force_bw", "fell", "strayed", "not_finite")


def has_fallen(now: Moment, clips: ClipBank, config: TrackingConfig) -> Array:
    """The body is down or lost: too low, tipped over, or far off the path."""
    limits = config.termination
    reference = clips.reference_pose[now.clip, now.frame]
    low = now.pose[2] < limits.min_pelvis_height * reference[2]
    tilt, obliquity = POSE_INDEX["pelvis_tilt"], POSE_INDEX["pelvis_obliquity"]
    tipped = jnp.maximum(
        jnp.abs(now.pose[tilt] - reference[tilt]),
        jnp.abs(now.pose[obliquity] - reference[obliquity]),
    )
    away = jnp.linalg.norm(now.pose[:2] - reference[:2] - now.path_offset_m) / now.dims.leg_m
    return low | (tipped > limits.max_tilt_rad) | (away > limits.max_path_error_leg)


def has_strayed(now: Moment, clips: ClipBank, config: TrackingConfig) -> Array:
    """A knee or foot is far from where it belongs: nothing more to learn from this episode."""
    reference = clips.reference_pose[now.clip, now.frame]
    limb = jnp.max(jnp.linalg.norm(limb_errors_leg(now, reference), axis=-1))
    return limb > config.termination.max_limb_error_leg


def step(
    config: TrackingConfig, clips: ClipBank, state: State, action: Float[Array, " A"]
) -> State:
    """One control step of 1/30 s."""
    info = state.info
    action = jnp.clip(action, -1.0, 1.0)
    clip, frame = info["clip"], info["frame"] + 1
    simulated = simulate(
        config, clips, clip, info["frame"], state.pipeline_state, action, info["path_offset_m"]
    )
    # Comparisons with NaN are false. A rate beyond the limit has diverged though it is a number:
    # its square would still drown a batch.
    finite = jnp.all(jnp.isfinite(simulated.qpos)) & jnp.all(jnp.abs(simulated.qvel) < LARGEST_RATE)
    # Such a state ends its episode, and the reference stands in for it, so that no NaN reaches a
    # gradient. It is counted in the metrics.
    safe_pose = clips.reference_pose[clip, frame].at[:2].add(info["path_offset_m"])
    safe = start_physics(config, safe_pose, clips.reference_velocity[clip, frame])
    physics = jax.tree.map(lambda new, old: jnp.where(finite, new, old), simulated, safe)
    now = moment_of(physics, clips, clip, frame, info["path_offset_m"])
    weight = now.dims.mass_kg * GRAVITY_MPS2
    # What acted is priced, feedback included.
    residual_share = physics.residual / residual_bounds(config.control, now.dims)
    if config.reward.kind == "sum_of_exponentials":
        reward, _ = sum_of_exponentials(
            now, clips, action, info["action"], residual_share, config.reward
        )
        unrewarded = jnp.zeros((), bool)
    else:
        reward, _ = paper_reward(now, clips, action, config.reward)
        unrewarded = reward < 0.0
    fell = has_fallen(now, clips, config) | ~finite
    reward = jnp.where(finite, reward, 0.0)
    ended = frame >= clips.length[clip] - 1
    strayed = has_strayed(now, clips, config)
    done = fell | strayed | unrewarded | ended
    target = clips.target_pose[clip, frame]
    metrics = {
        "angle_error_deg": jnp.rad2deg(jnp.sqrt(jnp.mean(jnp.square(now.pose[6:] - target[6:])))),
        "path_error_m": jnp.linalg.norm(
            now.pose[:2] - clips.reference_pose[clip, frame, :2] - info["path_offset_m"]
        ),
        "residual_force_bw": jnp.linalg.norm(physics.residual[:3]) / weight,
        "fell": fell.astype(jnp.float32),
        "strayed": strayed.astype(jnp.float32),
        "not_finite": (~finite).astype(jnp.float32),
    }
    observation = observe(now, clips, config.observation, action)
    info = info | {
        "frame": frame,
        "action": action,
        "truncated": (ended & ~fell & ~strayed & ~unrewarded).astype(jnp.float32),
    }
    return state.replace(
        pipeline_state=physics,
        obs=observation,
        reward=reward,
        done=done.astype(jnp.float32),
        metrics=metrics,
        info=info,
    )


class TrackingEnv(Env):
    """The tracking environment as a `brax.envs.base.Env`."""

    def __init__(self, config: TrackingConfig, clips: ClipBank) -> None:
        """Keeps config and clips; builds nothing else."""
        self.config = config
        self.clips = clips

    def reset(self, rng: Any) -> State:
        """See `reset`."""
        return reset(self.config, self.clips, rng)

    def step(self, state: State, action: Array) -> State:
        """See `step`."""
        return step(self.config, self.clips, state, action)

    @property
    def observation_size(self) -> int:
        """Length of the observation."""
        return int(jax.eval_shape(self.reset, jax.random.key(0)).obs.shape[-1])

    @property
    def action_size(self) -> int:
        """Length of the action."""
        return action_size(self.config)

    @property
    def backend(self) -> str:
        """Always MJX."""
        return "mjx"
