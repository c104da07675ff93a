"""Every frame of a batch of walks, from its first: `PART` frames at a time, by one program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from brax.envs.base import State
from jax.sharding import Mesh
from jaxtyping import Array, Bool, Float, Int, Shaped

from simgait.body.state import qpos_to_pose, qvel_to_pose_velocity
from simgait.kept_programs import kept_program
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.devices import (
    BY_TIME_AND_WALK,
    BY_WALK,
    WHOLE,
    mesh_of,
    shares,
    spread,
)
from simgait.tracking.environment import step
from simgait.tracking.episodes import start_episode

Act = Callable[[Any, Float[Array, "N O"]], Float[Array, "N A"]]
Carry = tuple[State, Bool[Array, " C"]]
"""What goes from frame to frame: every body's state, and whether it is still up."""
RECORDED = (
    "pose", "pose_velocity", "foot_force_n", "joint_torque_nm", "residual", "alive",
)  # fmt: skip
"""What is kept of every frame."""


def _helped_within(config: TrackingConfig, bounds: Float[Array, " 2"]) -> TrackingConfig:
    """The environment with other bounds of the helper, which need no program of their own."""
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


def _go_on(
    config: TrackingConfig,
    act: Act,
    mesh: Mesh | None,
    clips: ClipBank,
    params: Any,
    carry: Carry,
    first: Int[Array, ""],
    bounds: Float[Array, " 2"],
) -> tuple[Carry, dict[str, Shaped[Array, "T C ..."]]]:
    """`PART` frames on from the `first`; bodies that fell or arrived stay as they are.

    At frame 0 nothing of `carry` counts: a program of its own would be one more to compile.
    """
    at_begin = first == 0

    def share(
        clips: ClipBank, params: Any, carry: Carry, at_begin: Array, bounds: Array
    ) -> tuple[Carry, dict[str, Array]]:
        held = _helped_within(config, bounds)
        start = jax.tree.map(partial(jnp.where, at_begin), _begin(held, clips), carry)
        return jax.lax.scan(partial(_advance, held, clips, act, params), start, None, PART)

    if mesh is not None:
        share = jax.shard_map(
            share,
            mesh=mesh,
            in_specs=(shares(clips), WHOLE, BY_WALK, WHOLE, WHOLE),
            out_specs=(BY_WALK, BY_TIME_AND_WALK),
            check_vma=False,  # MJX's loops begin with constants, which vary between no devices
        )
    return share(clips, params, carry, at_begin, bounds)


_traced_here = jax.jit(_go_on, static_argnames=("config", "act", "mesh"))


def _program(
    config: TrackingConfig, act: Act, mesh: Mesh | None, told_by: str | None, *arguments: Any
) -> Callable[..., tuple[Carry, dict[str, Array]]]:
    """`_go_on` with what is fixed in it: kept between runs where the text tells all of it."""
    if told_by is None:
        return partial(_traced_here, config, act, mesh)
    devices = 1 if mesh is None else mesh.size
    told_by = f"{_go_on.__qualname__} on {devices}: {config.model_dump_json()} {told_by}"
    _, _, carry, *_ = arguments
    like = (carry, dict.fromkeys(RECORDED, 0))
    return kept_program(partial(_go_on, config, act, mesh), told_by, arguments, like)


def _advance(
    config: TrackingConfig,
    clips: ClipBank,
    act: Act,
    params: Any,
    carry: Carry,
    _: None,
) -> tuple[Carry, dict[str, Shaped[Array, "C ..."]]]:
    """One frame further, and what is kept of it."""
    state, alive = carry
    action = act(params, state.obs)
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
    kept_of_frame = (
        pose, qvel_to_pose_velocity(pose, physics.qvel), physics.foot_force_n,
        physics.joint_torque_nm, physics.residual, alive,
    )  # fmt: skip
    return (state, alive), dict(zip(RECORDED, kept_of_frame, strict=True))


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
    frames: int,
    bounds: Float[Array, " 2"],
    done: Callable[[float], None] = lambda share: None,
    told_by: str | None = None,
) -> dict[str, Shaped[np.ndarray, "T C ..."]]:
    """Tracks every clip from its start state at frame 0.

    Args:
        config: the environment the policy was trained in.
        clips: what to track.
        act: observations (C, O) to actions (C, A).
        params: passed to `act`.
        frames: T + 1, the longest clip's; the bank's arrays may be longer.
        bounds: of the residual force, body weights, and moment, body weight × leg length.
        done: told after every `PART` frames what share is behind.
        told_by: see `PhysicsTracker.told_by`.

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
    begin = np.zeros((), np.int32)
    go_on = _program(config, act, mesh, told_by, clips, params, carry, begin, bounds)
    parts: list[dict[str, np.ndarray]] = []
    for first in range(0, filled, PART):
        start = np.array(first, np.int32)
        carry, records = go_on(clips, params, carry, start, bounds)
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
