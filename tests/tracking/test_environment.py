"""The environment: Brax's API, episodes that end as they should, physics that stays finite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import Env, State

from simgait.body.config import BodyConfig
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.tracking import environment, episodes
from simgait.tracking.actions import action_size
from simgait.tracking.clips import ClipBank, build_clips
from simgait.tracking.config import ControlConfig, ResetConfig, RewardConfig, TrackingConfig
from simgait.tracking.environment import TrackingEnv, step
from simgait.tracking.episodes import METRICS, reset, start_episode
from simgait.tracking.residual import residual_bounds
from simgait.tracking.simulation import Physics, moment_of, start_physics
from tests.tracking.gliding import glide

pytestmark = pytest.mark.usefixtures("hardly_optimised")

CONFIG = TrackingConfig()
CALM = TrackingConfig(reset=ResetConfig(angle_noise_rad=0.0, velocity_noise=0.0))
PAPERS = TrackingConfig(
    control=ControlConfig(mode="pd_learned_gains", residual_feedback=(0.0,) * 4),
    reward=RewardConfig(kind="paper_mse"),
    reset=CALM.reset,
)
N = 8
KEYS = jax.random.split(jax.random.key(0), N)


Step = Callable[[ClipBank, State, Any], State]


@cache
def stepper(config: TrackingConfig, body: str = "walking") -> Step:
    """N environments at a time; one compilation per config and body serves the whole file."""
    return jax.jit(jax.vmap(lambda c, s, a: step(config, c, s, a), in_axes=(None, 0, 0)))


@pytest.fixture(params=["gliding", pytest.param("walking", marks=pytest.mark.slow)])
def moved(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Step:
    """A step of N environments: without physics, which compiles quickly, and with it."""
    if request.param == "gliding":
        monkeypatch.setattr(environment, "simulate", glide)
    return stepper(CALM, request.param)


@cache
def resetter(config: TrackingConfig) -> Callable[[ClipBank, Any], State]:
    return jax.jit(jax.vmap(lambda c, k: reset(config, c, k), in_axes=(None, 0)))


@jax.jit
def started(clips: ClipBank, clip: Any, frame: Any, pose: Any, velocity: Any) -> State:
    return jax.vmap(lambda *given: start_episode(CALM, clips, *given))(
        clip, frame, pose, velocity, jnp.zeros((N, 2)), KEYS
    )


def begin(clips: ClipBank, clip: Any, frame: Any, lift: Any = 0.0, shift: Any = 0.0) -> State:
    """N episodes on the true state of given clips and frames, moved up or forwards."""
    clip, frame = (jnp.broadcast_to(jnp.asarray(v, jnp.int32), (N,)) for v in (clip, frame))
    pose = clips.target_pose[clip, frame]
    pose = pose.at[:, 2].add(lift).at[:, 0].add(shift)
    velocity = clips.target_velocity[clip, frame]
    return started(clips, clip, frame, pose, velocity)


def idle(config: TrackingConfig = CALM) -> jax.Array:
    return jnp.zeros((N, action_size(config)))


def assert_all_finite(state: State) -> None:
    for name in ("obs", "reward", "done", "metrics"):
        for leaf in jax.tree.leaves(getattr(state, name)):
            assert np.isfinite(leaf).all(), name
    for leaf in jax.tree.leaves(state.pipeline_state):
        assert np.isfinite(leaf).all()


def test_it_is_a_brax_environment(clips: ClipBank) -> None:
    env = TrackingEnv(CALM, clips)
    assert isinstance(env, Env)
    assert env.unwrapped is env
    assert env.backend == "mjx"
    assert env.action_size == 16
    state = jax.eval_shape(env.reset, jax.random.key(1))
    assert isinstance(state, State)
    assert isinstance(state.pipeline_state, Physics)
    assert state.obs.shape == (env.observation_size,)
    # A scan over steps needs the state to keep its structure, shapes and types.
    moved = jax.eval_shape(env.step, state, jnp.zeros(env.action_size))
    kept: Any = jax.tree.structure(state)
    assert kept == jax.tree.structure(moved)
    for after, before in zip(*map(jax.tree.leaves, (moved, state)), strict=True):
        assert (after.shape, after.dtype) == (before.shape, before.dtype)


def test_reset_draws_clips_and_frames_with_their_velocity(clips: ClipBank) -> None:
    keys = jax.random.split(jax.random.key(3), 64)
    state = resetter(CALM)(clips, keys)
    assert_all_finite(state)
    clip, frame = np.asarray(state.info["clip"]), np.asarray(state.info["frame"])
    assert set(clip) == {0, 1, 2}
    assert len(set(frame)) > 10
    assert (frame < np.asarray(clips.length)[clip] - 19).all()
    expected = np.asarray(clips.target_velocity)[clip, frame]
    assert np.allclose(state.pipeline_state.qvel[:, :3], expected[:, :3], atol=1e-6)
    assert np.allclose(state.pipeline_state.qvel[:, 6:], expected[:, 6:], atol=1e-6)
    again = resetter(CALM)(clips, keys)
    assert np.array_equal(again.obs, state.obs)


@pytest.fixture
def unobserved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Episodes start without a look at them, which takes longest to compile."""
    nothing = SimpleNamespace(action=jnp.zeros(action_size(CALM)))
    monkeypatch.setattr(episodes, "moment_of", lambda *_: nothing)
    monkeypatch.setattr(episodes, "observe", lambda _now, _config: jnp.zeros(1))


@pytest.mark.slow
@pytest.mark.usefixtures("unobserved")
def test_reset_options(clips: ClipBank) -> None:
    still = TrackingConfig(reset=ResetConfig(with_velocity=False, reference_state_share=0.0))
    drawn = resetter.__wrapped__  # programs that nobody else is to have
    state = drawn(still)(clips, KEYS)
    assert not np.asarray(state.pipeline_state.qvel).any()
    assert not np.asarray(state.info["frame"]).any()
    # Truth and reference are told apart by moving the reference a metre aside.
    aside = replace(
        clips,
        reference_pose=clips.reference_pose.at[..., 1].add(1.0),
        start_pose=clips.start_pose.at[..., 1].add(1.0),
    )
    for share, side_m in ((1.0, 0.0), (0.0, 1.0)):
        calm = TrackingConfig(
            reset=ResetConfig(truth_share=share, angle_noise_rad=0, velocity_noise=0)
        )
        state = drawn(calm)(aside, KEYS)
        true = np.asarray(clips.target_pose)[state.info["clip"], state.info["frame"], 1]
        assert np.allclose(state.pipeline_state.qpos[:, 1] - true, side_m, atol=1e-5)
        # Wherever it starts, its path starts there.
        assert np.allclose(state.info["path_offset_m"][:, 1], side_m - 1.0, atol=1e-5)


@pytest.mark.slow
def test_idle_actions_follow_a_perfect_reference_for_a_while(clips: ClipBank) -> None:
    start = np.array([2, 2, 2, 8, 12, 12, 14, 30])
    state = begin(clips, [0, 1, 2, 0, 1, 2, 0, 1], start)
    moved = stepper(CALM)
    for _ in range(4):
        state = moved(clips, state, idle())
        assert_all_finite(state)
        assert not np.asarray(state.done).any()
    assert (np.asarray(state.metrics["angle_error_deg"]) < 12.0).all()
    assert (np.asarray(state.metrics["path_error_m"]) < 0.1).all()
    assert np.asarray(state.reward).min() > 0.3
    # Near the reference its pull is weak.
    most = np.sqrt(3) * CALM.control.residual_force_bw
    assert (np.asarray(state.metrics["residual_force_bw"]) < most).all()
    assert np.array_equal(state.info["frame"], start + 4)
    # Everybody stands; one may be landing just now, but on average feet carry the body's weight.
    load = np.asarray(state.pipeline_state.foot_force_n)[..., 2].sum(-1).mean(-1)
    mass = np.asarray(clips.bodies.dims.mass_kg)[state.info["clip"]]
    share = load / (mass * GRAVITY_MPS2)
    assert (share > 0.2).all()
    assert 0.7 < share.mean() < 1.6


@pytest.mark.slow
def test_a_foot_lands_where_the_recording_says_that_it_stands(clips: ClipBank) -> None:
    """Lifted by less than soles change: whether a foot bears load is for the contacts to say."""

    def loads(probability: float) -> np.ndarray:
        alike = jnp.full_like(clips.contact_probability, probability)
        said = replace(clips, contact_probability=alike)
        state = stepper(CALM)(said, begin(said, 0, jnp.arange(N), lift=0.006), idle())
        return np.asarray(state.pipeline_state.foot_force_n[:, 0, :, 2])

    assert (loads(0.0) == 0.0).all()
    assert (loads(1.0).max(axis=1) > 0.0).all()


@pytest.mark.slow
def test_a_sole_reaches_the_floor_under_a_reference_that_hovers(clips: ClipBank) -> None:
    def loads(hover_m: float) -> np.ndarray:
        said = replace(
            clips,
            contact_probability=jnp.ones_like(clips.contact_probability),
            hover_m=jnp.full_like(clips.hover_m, hover_m),
        )
        state = stepper(CALM)(said, begin(said, 0, jnp.arange(N), lift=0.012), idle())
        return np.asarray(state.pipeline_state.foot_force_n[:, 0, :, 2])

    without, reaching = loads(0.0), loads(0.015)
    assert (reaching.max(axis=1) > 2.0 * without.max(axis=1)).all()


def test_a_moment_knows_how_long_each_foot_stood(clips: ClipBank) -> None:
    state = jax.tree.map(lambda leaf: leaf[0], begin(clips, 0, jnp.arange(N)))
    physics = state.pipeline_state
    force = jnp.zeros_like(physics.foot_force_n)
    half = force.shape[0] // 2
    weight_n = float(clips.bodies.dims.mass_kg[0]) * GRAVITY_MPS2
    force = force.at[:half, 0, 2].set(0.5 * weight_n).at[:, 1, 2].set(0.04 * weight_n)
    physics = replace(physics, foot_force_n=force)

    @jax.jit
    def looked_at(physics: Physics) -> tuple[jax.Array, jax.Array]:
        now = moment_of(CALM, clips, jnp.asarray(0), jnp.asarray(3), physics, jnp.zeros(2))
        return now.stood, now.foot_load_bw

    stood, load_bw = looked_at(physics)
    assert np.allclose(stood, [half / force.shape[0], 0.0])
    assert np.allclose(load_bw, [0.0, 0.04], atol=1e-6)


@pytest.mark.slow
def test_the_residual_is_bounded_and_reported(clips: ClipBank) -> None:
    start = begin(clips, [0, 1, 2, 0, 1, 2, 0, 1], 10)
    pushed, pulled = (
        stepper(CALM)(clips, start, idle().at[:, 10:16].set(most)) for most in (7.0, -7.0)
    )
    dims = jax.tree.map(lambda leaf: leaf[start.info["clip"]], clips.bodies.dims)
    bounds = jax.vmap(lambda person: residual_bounds(CALM.control, person))(dims)
    weight_n = np.asarray(dims.mass_kg) * GRAVITY_MPS2
    for state, sign in ((pushed, 1.0), (pulled, -1.0)):
        # What is asked beyond [-1, 1] is cut; the feedback takes some of it away.
        share = sign * np.asarray(state.pipeline_state.residual / bounds)
        assert np.abs(share).max() == pytest.approx(1.0, abs=1e-4) and share.mean() > 0.6
        force_n = np.linalg.norm(state.pipeline_state.residual[:, :3], axis=1)
        assert np.allclose(state.metrics["residual_force_bw"], force_n / weight_n, rtol=1e-4)
        assert float(jnp.abs(state.info["action"]).max()) == 1.0


@pytest.mark.slow
def test_the_residual_of_the_papers_is_what_the_policy_asks(clips: ClipBank) -> None:
    action = idle(PAPERS).at[:, 10:16].set(7.0)  # far beyond [-1, 1]; no feedback is added
    state = stepper(PAPERS)(clips, resetter(PAPERS)(clips, KEYS), action)
    bound, moment = PAPERS.control.residual_force_bw, PAPERS.control.residual_moment_bw_leg
    assert np.allclose(state.metrics["residual_force_bw"], np.sqrt(3) * bound, rtol=1e-4)
    dims = jax.tree.map(lambda leaf: leaf[state.info["clip"]], clips.bodies.dims)
    weight = dims.mass_kg * GRAVITY_MPS2
    expected = np.stack([weight * bound] * 3 + [weight * moment * dims.leg_m] * 3, axis=1)
    assert np.allclose(state.pipeline_state.residual, expected, rtol=1e-4)
    assert float(jnp.abs(state.info["action"]).max()) == 1.0


@pytest.mark.slow
def test_feedback_and_policy_together_stay_within_the_bounds(clips: ClipBank) -> None:
    """Half a metre off its path the spring alone would ask for a third of body weight."""
    state = begin(clips, 1, 5, shift=0.5)
    state = stepper(CALM)(clips, state, idle())
    dims = jax.tree.map(lambda v: v[1], clips.bodies.dims)
    share = np.asarray(state.pipeline_state.residual / residual_bounds(CALM.control, dims))
    assert np.allclose(share[:, 0], -1.0, atol=1e-4)
    assert (np.abs(share) <= 1.0 + 1e-5).all()


@pytest.mark.slow
@pytest.mark.usefixtures("unobserved")
def test_after_a_fall_the_same_stretch_is_tried_again(clips: ClipBank) -> None:
    eager = TrackingConfig(reset=ResetConfig(retry_share=1.0, retry_frames=10))
    ended = begin(clips, 1, 40)

    def after(config: TrackingConfig, fell: float) -> tuple[np.ndarray, np.ndarray]:
        state = ended.replace(metrics=ended.metrics | {"fell": jnp.full(N, fell)})
        again = jax.jit(jax.vmap(lambda k, s: episodes.reset_after(config, clips, k, s)))
        fresh = again(KEYS, state)
        return np.asarray(fresh.info["clip"]), np.asarray(fresh.info["frame"])

    clip, frame = after(eager, 1.0)
    assert set(clip) == {1}
    assert (frame >= 30).all() and (frame < 40).all() and len(set(frame)) > 2
    for config, fell in ((eager, 0.0), (TrackingConfig(reset=ResetConfig(retry_share=0.0)), 1.0)):
        clip, frame = after(config, fell)
        assert len(set(clip)) > 1


def test_a_clips_end_truncates_and_a_fall_terminates(clips: ClipBank, moved: Step) -> None:
    # Clip 0 ends at frame 39; on clip 1 the same frame is the middle.
    shift = jnp.array([0.0, 0.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0])
    lift = jnp.array([0.0, 0.0, 0.0, 0.0, -0.6, 0.0, 0.0, 0.0])
    state = begin(clips, [0, 1, 0, 1, 1, 0, 2, 2], [38, 38, 38, 38, 38, 37, 62, 61], lift, shift)
    state = moved(clips, state, idle())
    assert_all_finite(state)
    assert list(np.asarray(state.done)) == [1, 0, 1, 1, 1, 0, 1, 0]
    assert list(np.asarray(state.metrics["fell"])) == [0, 0, 1, 1, 1, 0, 0, 0]
    # A fall on the last frame is a fall, not an end.
    assert list(np.asarray(state.info["truncated"])) == [1, 0, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize("poison", ["nan position", "nan velocity", "infinite", "diverging"])
def test_a_poisoned_state_ends_its_episode_and_no_other(
    clips: ClipBank, moved: Step, poison: str
) -> None:
    state = begin(clips, 1, 10)
    physics = state.pipeline_state
    if poison == "nan position":
        physics = replace(physics, qpos=physics.qpos.at[3, 9].set(jnp.nan))
    else:
        value = {"nan velocity": jnp.nan, "infinite": jnp.inf, "diverging": 1e12}[poison]
        physics = replace(physics, qvel=physics.qvel.at[3, 9].set(value))
    after = moved(clips, state.replace(pipeline_state=physics), idle())
    assert_all_finite(after)
    others = np.arange(N) != 3
    for name, there in (("not_finite", 1.0), ("fell", 1.0)):
        assert after.metrics[name][3] == there
        assert not np.asarray(after.metrics[name])[others].any()
    assert after.done[3] == 1.0
    assert after.info["truncated"][3] == 0.0
    assert after.reward[3] == 0.0
    assert not np.asarray(after.done)[others].any()


@pytest.mark.slow
def test_every_environment_has_its_own_body(walks, clips: ClipBank) -> None:
    """The same three walks in another order of bodies are the same walks."""
    start = begin(clips, [0, 1, 2, 0, 1, 2, 0, 1], 10)
    turned = build_clips(walks[::-1], BodyConfig(), frames=64)
    start_turned = begin(turned, [2, 1, 0, 2, 1, 0, 2, 1], 10)
    after = stepper(CALM)(clips, start, idle())
    after_turned = stepper(CALM)(turned, start_turned, idle())
    assert np.allclose(after.pipeline_state.qpos, after_turned.pipeline_state.qpos, atol=1e-5)
    force, force_turned = (
        np.asarray(s.pipeline_state.foot_force_n)[..., 2].sum(-1).mean(-1)
        for s in (after, after_turned)
    )
    assert np.allclose(force, force_turned, rtol=1e-2, atol=1.0)
    # And they are not all one body.
    assert len(set(np.asarray(clips.bodies.dims.mass_kg))) == 3
    assert len(np.unique(np.asarray(after.pipeline_state.qpos)[:3, 2].round(4))) == 3


MODES = ("reference_pd", "pd", "pd_learned_gains", "torque")
KINDS = ("sum_of_exponentials", "paper_exp", "paper_mse")
# Compiling one takes as long as all the rest together. Control and reward do not know of each
# other, so each has its turn with the first of the other.
SLOW = [
    TrackingConfig(
        control=ControlConfig(mode=mode), reward=RewardConfig(kind=kind), reset=CALM.reset
    )
    for mode, kind in [*((mode, KINDS[0]) for mode in MODES[1:]), (MODES[0], KINDS[1])]
]
CONFIGS = {"papers": PAPERS} | {f"{c.control.mode}-{c.reward.kind}": c for c in SLOW}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGS)
def test_every_control_and_reward_takes_a_step(clips: ClipBank, name: str) -> None:
    config = CONFIGS[name]
    size = 36 if config.control.mode == "pd_learned_gains" else 16
    assert action_size(config) == size
    state = resetter(config)(clips, KEYS)
    rng = np.random.default_rng(0)
    action = jnp.asarray(rng.uniform(-1, 1, (N, size)), jnp.float32)
    after = stepper(config)(clips, state, action)
    assert_all_finite(after)
    assert set(after.metrics) == set(METRICS)
    assert not np.asarray(after.metrics["not_finite"]).any()
    limit = np.asarray(clips.bodies.leaves["actuator_forcerange"])[:, 6:, 1]
    torque = np.abs(np.asarray(after.pipeline_state.joint_torque_nm))
    assert (torque <= limit[np.asarray(after.info["clip"])] * (1 + 1e-5)).all()
    assert torque.max() > 1.0
    other = stepper(config)(clips, state, -action)
    assert np.abs(np.asarray(other.pipeline_state.qvel - after.pipeline_state.qvel)).max() > 0.1


@pytest.mark.slow
def test_a_negative_reward_of_the_papers_ends_the_episode(
    clips: ClipBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follows(config, clips, clip, frame, physics, _action, _offset_m) -> Physics:
        pose, rate = clips.target_pose[clip, frame + 1], clips.target_velocity[clip, frame + 1]
        exact = start_physics(config, pose, rate)
        return replace(exact, qvel=jnp.where(physics.qvel > 20.0, physics.qvel, exact.qvel))

    monkeypatch.setattr(environment, "simulate", follows)
    state = begin(clips, [0, 1, 2, 0, 1, 2, 0, 1], 10)
    state.info["action"] = idle(PAPERS)
    physics = state.pipeline_state
    fast = replace(physics, qvel=physics.qvel.at[2, 9].set(25.0))
    moved = stepper.__wrapped__(PAPERS)  # a program that nobody else is to have
    after = moved(clips, state.replace(pipeline_state=fast), idle(PAPERS))
    assert not np.asarray(after.done)[[0, 1, 3, 4, 5, 6, 7]].any()
    assert after.reward[2] < 0.0
    assert after.done[2] == 1.0
    assert after.info["truncated"][2] == 0.0
