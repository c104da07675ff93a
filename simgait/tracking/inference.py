"""A policy at work: trials tracked from their first frame, one or thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from brax.envs.base import State
from jax.sharding import Mesh
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray, Shaped
from pydantic import BaseModel, ConfigDict, Field

from simgait.body.batches import batches
from simgait.body.dynamics import centre_of_mass_m, net_joint_moments_nm
from simgait.body.state import qpos_to_pose, qvel_to_pose_velocity
from simgait.clock import CONTROL_RATE_HZ
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.actions import N_RESIDUAL, RESIDUAL_FORCE, RESIDUAL_MOMENT
from simgait.tracking.clips import ClipBank, build_clips
from simgait.tracking.config import TrackingConfig
from simgait.tracking.devices import (
    BY_TIME_AND_WALK,
    BY_WALK,
    WHOLE,
    mesh_of,
    shares,
    simulating_devices,
    spread,
)
from simgait.tracking.environment import step
from simgait.tracking.episodes import start_episode
from simgait.types import FittedTrial, Rollout

Act = Callable[[Any, Float[Array, "N O"]], Float[Array, "N A"]]
Carry = tuple[State, Bool[Array, " C"]]
"""What goes from frame to frame: every body's state, and whether it is still up."""


class InferenceConfig(BaseModel):
    """How trials are tracked with a trained policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retry_noise: tuple[float, ...] = Field(
        (0.0, 0.08, 0.0, 0.0, 0.0),
        min_length=1,
        description="SD of action noise in each attempt: a trial in which the body fell is tracked "
        "again, and the report says how many attempts it took",
    )
    residual_scale: tuple[float, ...] = Field(
        (1.0, 1.0, 2.0, 4.0, 8.0),
        min_length=1,
        description="factor on the residual wrench and its bounds in each attempt; what it did is "
        "in the report, and the verdict counts it",
    )
    springs: tuple[float, float] = Field(
        (12.0, 6.0),
        description="stiffness that leads a foot in the air to the reference's, and the pelvis to "
        "the reference's by the legs that stand, body weights per leg length; 12 is about four "
        "times as stiff at the foot as the leg's own motors",
    )
    max_path_error_leg: float = Field(
        0.4,
        gt=0,
        description="pelvis off its path, leg lengths, beyond which the body counts as fallen; "
        "stricter than in training, where who comes back has learned something",
    )
    seed: int = Field(0, description="of that noise")


FIRST_ATTEMPT_ONLY = InferenceConfig(retry_noise=(0.0,), residual_scale=(1.0,))


@lru_cache(maxsize=32)
def _kept_to_its_path(config: TrackingConfig, max_path_error_leg: float) -> TrackingConfig:
    """The environment in which a body that strays further than that counts as fallen."""
    strictest = min(max_path_error_leg, config.termination.max_path_error_leg)
    ends = config.termination.model_copy(update={"max_path_error_leg": strictest})
    return config.model_copy(update={"termination": ends})


def _helped_within(config: TrackingConfig, bounds: Float[Array, " 2"] | None) -> TrackingConfig:
    """The environment with other bounds of the helper, which need no program of their own."""
    if bounds is None:
        return config
    given = {"residual_force_bw": bounds[0], "residual_moment_bw_leg": bounds[1]}
    return config.model_copy(update={"control": config.control.model_copy(update=given)})


PART = 32
"""Frames that one call of the compiled step goes on by: what is done can be told after each."""


def _begin(config: TrackingConfig, clips: ClipBank) -> Carry:
    """Every clip's body in its start state at frame 0, without noise on it."""

    def begin(clip: Array) -> State:
        pose = clips.start_pose[clip, 0]
        velocity = clips.start_velocity[clip, 0] * config.reset.with_velocity
        frame, offset = jnp.zeros((), jnp.int32), jnp.zeros(2)
        state = start_episode(config, clips, clip, frame, pose, velocity, offset, jax.random.key(0))
        # Of what follows nothing is drawn.
        return state.replace(info={k: v for k, v in state.info.items() if k != "key"})

    n_clips = clips.reference_pose.shape[0]
    return jax.vmap(begin)(jnp.arange(n_clips)), jnp.ones(n_clips, bool)


@partial(jax.jit, static_argnames=("config", "act", "mesh"))
def _go_on(
    config: TrackingConfig,
    clips: ClipBank,
    act: Act,
    params: Any,
    noise: Float[Array, ""],
    carry: Carry,
    key: PRNGKeyArray,
    first: Int[Array, ""],
    mesh: Mesh | None,
    bounds: Float[Array, " 2"] | None = None,
) -> tuple[Carry, dict[str, Shaped[Array, "T C ..."]]]:
    """`PART` frames on from the `first`; bodies that fell or arrived stay as they are.

    At frame 0 nothing of `carry` counts: a program of its own would be one more to compile. So
    would one for each number of frames, that makes their keys.
    """
    most = -(-clips.reference_pose.shape[1] // PART) * PART
    keys = jax.lax.dynamic_slice_in_dim(jax.random.split(key, most), first, PART)
    at_begin = first == 0

    def share(
        clips: ClipBank, params: Any, noise: Array, carry: Carry, keys: Array, at_begin: Array,
        bounds: Array | None,
    ) -> tuple[Carry, dict[str, Array]]:  # fmt: skip
        held = _helped_within(config, bounds)
        start = jax.tree.map(partial(jnp.where, at_begin), _begin(held, clips), carry)
        return jax.lax.scan(partial(_advance, held, clips, act, params, noise), start, keys)

    if mesh is not None:
        share = jax.shard_map(
            share,
            mesh=mesh,
            in_specs=(shares(clips), WHOLE, WHOLE, BY_WALK, WHOLE, WHOLE, WHOLE),
            out_specs=(BY_WALK, BY_TIME_AND_WALK),
            check_vma=False,  # MJX's loops begin with constants, which vary between no devices
        )
    return share(clips, params, noise, carry, keys, at_begin, bounds)


def _advance(
    config: TrackingConfig,
    clips: ClipBank,
    act: Act,
    params: Any,
    noise: Float[Array, ""],
    carry: Carry,
    key: PRNGKeyArray,
) -> tuple[Carry, dict[str, Shaped[Array, "C ..."]]]:
    """One frame further, and what is kept of it."""
    state, alive = carry
    action = act(params, state.obs)
    action += noise * jax.random.normal(key, action.shape[1:])
    moved = jax.vmap(lambda s, a: step(config, clips, s, a))(state, action)
    running = alive & (state.info["frame"] < clips.length - 1)
    fell = running & (moved.metrics["fell"] > 0.5)

    def choose(new: Array, old: Array) -> Array:
        mask = (running & ~fell).reshape(-1, *[1] * (new.ndim - 1))
        return jnp.where(mask, new, old)

    # Rewards and errors are training's: left behind, they are neither computed nor compiled.
    kept = state.replace(pipeline_state=moved.pipeline_state, obs=moved.obs, info=moved.info)
    state = jax.tree.map(choose, kept, state)
    alive = alive & ~fell
    physics = state.pipeline_state
    pose = qpos_to_pose(physics.qpos)
    record = {
        "pose": pose,
        "pose_velocity": qvel_to_pose_velocity(pose, physics.qvel),
        "foot_force_n": physics.foot_force_n,
        "joint_torque_nm": physics.joint_torque_nm,
        "residual": physics.residual,
        "alive": alive,
    }
    return (state, alive), record


_ONE_AT_A_TIME = Lock()
"""Two steps of physics on two threads of a process deadlock in jaxlib's LAPACK. A batch waits here
for that before it, and was fitted meanwhile."""


@lru_cache(maxsize=32)
def _blank(config: TrackingConfig, form: Any, leaves: tuple[tuple[Any, Any], ...]) -> Any:
    """Shapes of `_begin` for clips of this form: to trace them anew takes 0.2 s of each batch."""
    clips = jax.tree.unflatten(form, [jax.ShapeDtypeStruct(*leaf) for leaf in leaves])
    return jax.eval_shape(partial(_begin, config), clips)


def roll_out(
    config: TrackingConfig,
    clips: ClipBank,
    act: Act,
    params: Any,
    noise: Float[Array, ""],
    key: PRNGKeyArray,
    frames: int,
    done: Callable[[float], None] = lambda share: None,
    bounds: Float[Array, " 2"] | None = None,
) -> dict[str, Shaped[np.ndarray, "T C ..."]]:
    """Tracks every clip from its start state at frame 0, without noise on it.

    Args:
        config: the environment the policy was trained in.
        clips: what to track.
        act: observations (C, O) to actions (C, A).
        params: passed to `act`.
        noise: SD of Gaussian noise on the actions, the same for all clips; 0 is the policy itself.
        key: of that noise.
        frames: T + 1, the longest clip's; the bank's arrays may be longer.
        done: told after every `PART` frames what share is behind.
        bounds: see `PhysicsTracker.helper_bounds`.

    Returns:
        Time-major arrays for frames 1..T: pose, pose_velocity, foot_force_n (per substep),
        joint_torque_nm, residual, alive. After a fall, and past a clip's end, the last state stays.
    """
    steps = frames - 1
    # All parts are as long, so that there is one program: the last one runs past the clips' ends.
    filled = -(-steps // PART) * PART
    mesh = mesh_of(clips.n_clips)
    leaves, form = jax.tree.flatten(clips)
    blank = _blank(config, form, tuple((one.shape, one.dtype) for one in leaves))
    carry = jax.tree.map(lambda one: np.zeros(one.shape, one.dtype), blank)
    carry = spread(carry, mesh, BY_WALK)
    clips, params = spread(clips, mesh, shares(clips)), spread(params, mesh, WHOLE)
    lengths = np.asarray(clips.length)
    parts: list[dict[str, np.ndarray]] = []
    for first in range(0, filled, PART):
        start = np.array(first, np.int32)
        carry, records = _go_on(config, clips, act, params, noise, carry, key, start, mesh, bounds)
        parts.append(jax.tree.map(np.asarray, records))
        done((first + PART) / filled)
        if not (parts[-1]["alive"][-1] & (lengths > first + PART + 1)).any():
            break  # the rest would hold the last state over and over
    return {name: _lasting([part[name] for part in parts], steps) for name in parts[0]}


def _lasting(
    parts: Sequence[Shaped[np.ndarray, "_ C ..."]], steps: int
) -> Shaped[np.ndarray, "T C ..."]:
    """Parts after each other, the last frame repeated until there are `steps`."""
    missing = steps - sum(map(len, parts))
    last = [np.repeat(parts[-1][-1:], missing, axis=0)] if missing > 0 else []
    return np.concatenate([*parts, *last])[:steps]


@dataclass(frozen=True)
class PhysicsTracker:
    """A policy ready to walk.

    Attributes:
        config: the environment it was trained in.
        act: observations (C, O) to actions (C, A).
        params: passed to `act`.
        inference: what to do where the body falls.
        starts: puts start states into the clips, for policies that do not start from the
            reference.
        alike: see `body.batches`.
        helper_bounds: of the residual force, body weights, and moment, body weight × leg length, in
            place of the environment's; None for those.
    """

    config: TrackingConfig
    act: Act
    params: Any
    inference: InferenceConfig = InferenceConfig()
    starts: Callable[[ClipBank], ClipBank] = lambda clips: clips
    alike: bool = False
    helper_bounds: tuple[float, float] | None = None

    def track(self, walks: Sequence[FittedTrial]) -> list[Rollout]:
        """Tracks walks from their first frame; those of like length run together."""
        return self.try_again(walks, self.first_attempt(walks))

    def first_attempt(
        self,
        walks: Sequence[FittedTrial],
        done: Callable[[float], None] = lambda share: None,
    ) -> list[Rollout]:
        """The policy itself; `done` is told now and then what share of a batch is behind."""
        return self._attempt(walks, 1, done)

    def try_again(self, walks: Sequence[FittedTrial], first: Sequence[Rollout]) -> list[Rollout]:
        """Tracks again what fell at the first attempt.

        First with a little action noise, then with a stronger residual wrench, until it stays up;
        the attempt that stayed up longest counts, and says which it was.
        """
        rollouts = list(first)
        for attempt in range(2, len(self.inference.retry_noise) + 1):
            fallen = [i for i, rollout in enumerate(rollouts) if rollout.fell]
            again = self._attempt([walks[i] for i in fallen], attempt)
            for i, rollout in zip(fallen, again, strict=True):
                if rollout.alive.sum() > rollouts[i].alive.sum():
                    rollouts[i] = replace(rollout, attempts=attempt)
        return rollouts

    def _attempt(
        self,
        walks: Sequence[FittedTrial],
        attempt: int,
        done: Callable[[float], None] = lambda share: None,
    ) -> list[Rollout]:
        rollouts: dict[int, Rollout] = {}
        scale = self.inference.residual_scale[attempt - 1]
        noise = jnp.float32(self.inference.retry_noise[attempt - 1])
        config = _kept_to_its_path(self.config, self.inference.max_path_error_leg)
        # A trial's noise depends on the attempt alone, not on what it is tracked with.
        key = jax.random.fold_in(jax.random.key(self.inference.seed), attempt)
        bounds = None if self.helper_bounds is None else jnp.array(self.helper_bounds)
        lengths = [one.trial.n_frames for one in walks]
        for batch in batches(lengths, simulating_devices(), alike=self.alike, again=attempt > 1):
            bare = build_clips(
                [walks[i] for i in batch.filled],
                self.config.body,
                frames=batch.stored_frames,
                residual_scale=scale,
                springs=self.inference.springs,
            )
            with _ONE_AT_A_TIME:
                clips = self.starts(bare)
                records = roll_out(
                    config, clips, self.act, self.params, noise, key, batch.frames, done, bounds
                )
            pose, velocity = (np.asarray(v[:, 0]) for v in (clips.start_pose, clips.start_velocity))
            velocity = velocity * self.config.reset.with_velocity
            for row, i in enumerate(batch.members):
                one = {name: values[:, row] for name, values in records.items()}
                rollouts[i] = _rollout(self.config, one, (pose[row], velocity[row]), walks[i])
        return [rollouts[i] for i in range(len(walks))]


def _rollout(
    config: TrackingConfig,
    records: dict[str, np.ndarray],
    start: tuple[np.ndarray, np.ndarray],
    fitted: FittedTrial,
) -> Rollout:
    trial, dims, n = fitted.trial, fitted.dims, fitted.trial.n_frames
    records = {name: values[: n - 1].astype(float) for name, values in records.items()}

    def with_first(values: np.ndarray, first: np.ndarray) -> np.ndarray:
        return np.concatenate([first[None], values])

    pose = with_first(records["pose"], start[0].astype(float))
    velocity = with_first(records["pose_velocity"], start[1].astype(float))
    moment_nm = net_joint_moments_nm(
        records["joint_torque_nm"], pose, velocity, 1.0 / CONTROL_RATE_HZ, dims, config.body
    )
    force = records["foot_force_n"].reshape(-1, 2, 3)
    substep_s = 1.0 / (CONTROL_RATE_HZ * config.control.substeps)
    residual = with_first(records["residual"], np.zeros(N_RESIDUAL))
    return Rollout(
        trial_id=trial.trial_id,
        time_s=trial.time_s,
        pose=pose,
        pose_velocity=velocity,
        keypoints_m=np.asarray(body_keypoints(pose, dims, fitted.skeleton)),
        substep_time_s=(np.arange(len(force)) + 1.0) * substep_s,
        foot_force_n=force,
        joint_moment_nm=with_first(moment_nm, np.full(fitted.skeleton.n_joints, np.nan)),
        centre_of_mass_m=centre_of_mass_m(pose, dims, config.body),
        residual_force_n=residual[:, RESIDUAL_FORCE],
        residual_moment_nm=residual[:, RESIDUAL_MOMENT],
        target_keypoints_m=trial.keypoints_m + fitted.pose[:, None, POSITION],
        reference_pose=fitted.pose,
        alive=with_first(records["alive"], np.ones(())).astype(bool),
        dimensions=dims,
        skeleton=fitted.skeleton,
        measured_events=fitted.measured_events,
        foot_events=fitted.foot_events,
        body_weight_n=float(dims.mass_kg) * GRAVITY_MPS2,
    )
