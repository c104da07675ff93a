"""Start states: standing, the initialiser's answer, and its gradient through the rollout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pydantic import ValidationError

from simgait.body.config import BodyConfig
from simgait.body.refiner import initial_refiner
from simgait.learning.config import InitialiserTrainingConfig, PPOConfig, TrainingConfig
from simgait.learning.initialiser_training import InitialiserTraining, guarded
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.kinematics import sole_heights
from simgait.tracking.actions import action_size
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import (
    ControlConfig,
    ResetConfig,
    RewardConfig,
    TerminationConfig,
    TrackingConfig,
)
from simgait.tracking.inference import AS_LEARNED_ONCE
from simgait.tracking.initialiser import (
    SOLE_DEPTH_M,
    apply_initialiser,
    as_state,
    first_keypoints,
    init_initialiser,
    n_outputs,
    start_states,
)
from simgait.tracking.networks import make_networks
from simgait.tracking.observations import observation_size
from simgait.tracking.policies import FixedStatistics, load_policy, save_policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.track import track_trials
from simgait.types import FittedTrial

# Smooth: agreement of contacts, the load of a first touch and the end of an episode are steps,
# which have no gradient, but which finite differences would see.
TRACKING = TrackingConfig(
    body=BodyConfig(
        timestep_s=1 / 60
    ),  # said, as two substeps must be; the bank's bodies step finer
    control=ControlConfig(mode="pd", substeps=2, residual_feedback=(0.0, 0.0, 0.0, 0.0)),
    reward=RewardConfig(contact=0.0, impact_price=0.0),
    termination=TerminationConfig(
        min_pelvis_height=0.1, max_tilt_rad=9.0, max_path_error_leg=9.0, max_limb_error_leg=9.0
    ),
    reset=ResetConfig(start_pose="standing", with_velocity=True),
)
TINY = TrainingConfig(
    tracking=TRACKING,
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=2, unroll=2),
    initialiser=InitialiserTrainingConfig(
        use=True, frames=1, layers=(16,), velocity=True, horizon=2, batch=12, updates=3,
        learning_rate=3e-3,
    ),
)  # fmt: skip
N_ACTIONS = action_size(TRACKING)
SIZE = observation_size(TRACKING)


STATISTICS = FixedStatistics(jnp.zeros(SIZE), jnp.ones(SIZE))


@pytest.fixture(scope="module")
def training() -> InitialiserTraining:
    return InitialiserTraining(TINY)


@pytest.fixture(scope="module")
def policy() -> Any:
    return make_networks(TRACKING, TINY.networks).init(jax.random.key(0))


def test_nothing_said_means_standing_with_a_sole_on_the_floor(clips: ClipBank) -> None:
    dims = clips.bodies.dimensions(jnp.array(1))
    pose, velocity = as_state(jnp.zeros(len(ANGLE_NAMES)), dims, jnp.array([2.0, 0.5]))
    assert np.allclose(pose[:2], [2.0, 0.5])
    assert np.allclose(pose[3:], 0.0)
    assert not velocity.any()
    bent = as_state(jnp.linspace(-0.6, 0.6, len(ANGLE_NAMES)), dims, jnp.zeros(2))[0]
    for posture in (pose, bent):
        assert float(jnp.min(sole_heights(posture, dims))) == pytest.approx(-SOLE_DEPTH_M, abs=1e-6)


@pytest.mark.slow
def test_start_states_follow_the_config(clips: ClipBank) -> None:
    plain = TrainingConfig()
    assert start_states(plain, None, clips) is clips
    assert np.array_equal(clips.start_pose, clips.reference_pose)
    standing = start_states(TINY, None, clips)
    assert np.allclose(standing.start_pose[:, :, 3:], 0.0)
    assert np.allclose(standing.start_pose[..., :2], clips.reference_pose[..., :2])
    params = init_initialiser(TINY.initialiser, jax.random.key(0))
    said = start_states(TINY, params, clips)
    clip, frame = jnp.array(2), jnp.array(7)
    seen = first_keypoints(clips, clip, frame, TINY.initialiser)
    outputs = apply_initialiser(TINY.initialiser, params, seen)
    place = clips.reference_pose[2, 7, :2]
    pose, velocity = as_state(outputs, clips.bodies.dimensions(clip), place)
    assert np.allclose(said.start_pose[2, 7], pose, atol=1e-5)
    assert np.allclose(said.start_velocity[2, 7], velocity, atol=1e-5)


def test_keypoints_beyond_the_end_are_masked(clips: ClipBank) -> None:
    config = InitialiserTrainingConfig(frames=3)
    last = clips.length[0] - 2
    seen = np.asarray(first_keypoints(clips, jnp.array(0), last, config))
    points, mask = seen[: 4 * 23 * 3].reshape(4, 23, 3), seen[4 * 23 * 3 :].reshape(4, 23)
    assert mask[:2].any()
    assert not mask[2:].any()
    assert not points[2:].any()


@pytest.mark.slow
def test_forward_gradient_agrees_with_finite_differences(
    clips: ClipBank, training: InitialiserTraining, policy: Any
) -> None:
    n = n_outputs(TINY.initialiser)
    here = 0.1 * jax.random.normal(jax.random.key(3), (n,))
    clip, frame = jnp.full(12, 1, jnp.int32), jnp.full(12, 5, jnp.int32)
    places = (policy, STATISTICS, clips, clip, frame)
    # The same program without LLVM's optimisations, which take most of the time here.
    lowered = training.gradients.lower(*places, jnp.tile(here, (12, 1)))
    gradients = lowered.compile(compiler_options={"xla_backend_optimization_level": "0"})

    def of(points: jax.Array) -> tuple[np.ndarray, np.ndarray]:
        found = gradients(*places, points)
        return np.asarray(found[0]), np.asarray(found[1])

    # Pelvis angles, joints of both legs, and rates of the first of each.
    checked = np.array([0, 1, 2, 3, 5, 6, 8, 11, 13, 15, 16, 20])
    gradient = of(jnp.tile(here, (12, 1)))[1][0, checked]
    h = 1e-3
    units = h * jnp.eye(n)[checked]
    slopes = (of(here + units)[0] - of(here - units)[0]) / (2 * h)
    assert np.abs(slopes).max() > 0.05, "the start must matter to the return"
    assert np.allclose(gradient, slopes, rtol=0.05, atol=0.02 * np.abs(slopes).max())


def test_bad_gradients_are_dropped_and_long_ones_cut() -> None:
    raw = jnp.array([[3.0, 4.0], [jnp.nan, 1.0], [30.0, 40.0], [0.0, jnp.inf]])
    safe, finite = guarded(raw, 10.0)
    assert np.array_equal(finite, [1, 0, 1, 0])
    assert np.allclose(safe, [[3, 4], [0, 0], [6, 8], [0, 0]])


@pytest.mark.slow
def test_updates_raise_the_return_and_repeat_themselves(
    clips: ClipBank, training: InitialiserTraining, policy: Any
) -> None:
    state, first = training.update(training.start(), policy, STATISTICS, clips)
    again, same = training.update(training.start(), policy, STATISTICS, clips)
    assert same == first
    assert jax.tree.all(jax.tree.map(np.array_equal, again.params, state.params))
    for _ in range(3):
        state, later = training.update(state, policy, STATISTICS, clips)
    # A start in which a contact opens or closes has no gradient now and then.
    assert later["initialiser_refused"] < 0.1
    assert later["initialiser_return"] > first["initialiser_return"] + 0.05
    assert int(state.updates) == 12


def with_initialiser(folder: Path, policy: Any) -> Any:
    """A policy on disk, and its initialiser: far from standing, where nothing else would lead."""
    refiner = initial_refiner(jax.random.key(0), TINY.tracking.body.skeleton)
    initialiser = init_initialiser(TINY.initialiser, jax.random.key(1))
    initialiser = jax.tree.map(lambda leaf: leaf + 0.02, initialiser)
    save_policy(folder, TINY, policy, STATISTICS, refiner, {}, initialiser)
    return initialiser


@pytest.mark.slow
def test_an_initialiser_is_kept_with_its_policy(policy: Any, tmp_path: Path) -> None:
    initialiser = with_initialiser(tmp_path / "policy", policy)
    loaded = load_policy(tmp_path / "policy")
    assert jax.tree.all(jax.tree.map(np.array_equal, loaded.initialiser, initialiser))
    (tmp_path / "policy" / "initialiser.safetensors").unlink()
    with pytest.raises(ValueError, match="not those of the model card"):
        load_policy(tmp_path / "policy")


@pytest.mark.slow
def test_a_policy_on_disk_starts_where_its_initialiser_says(
    walks: list[FittedTrial], policy: Any, tmp_path: Path
) -> None:
    with_initialiser(tmp_path / "policy", policy)
    loaded = load_policy(tmp_path / "policy")
    one = walks[0]
    rollout = track_trials(loaded, [one.trial], [one.dims], AS_LEARNED_ONCE)[0].rollout
    assert np.abs(rollout.pose[0, 3:]).max() > 0.02
    assert np.abs(rollout.pose[0, 6:] - rollout.reference_pose[0, 6:]).max() > 0.05
    assert np.abs(rollout.pose_velocity[0]).max() > 0.0


def test_an_initial_velocity_that_would_be_dropped_is_refused() -> None:
    with pytest.raises(ValidationError, match="with_velocity"):
        TrainingConfig(
            initialiser=InitialiserTrainingConfig(use=True, velocity=True),
            tracking=TrackingConfig(reset=ResetConfig(with_velocity=False)),
        )
