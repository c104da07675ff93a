"""Bodies from one XML and one spec file, through the same code as the first.

The shipped whole humanoid, and `toe_humanoid.xml` with `toe_humanoid.toml` beside this file, of
which nothing in the package knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from mujoco import mjx

from simgait.benchmark.cases import synthetic_case
from simgait.benchmark.policy_tracker import estimate_of, reference_of
from simgait.benchmark.walk_record import record_walk
from simgait.body.config import BodyConfig
from simgait.body.fit import fit_references, measure_dimensions
from simgait.body.model import compile_body, geom_name
from simgait.body.refiner import initial_refiner, refine_references
from simgait.body.state import (
    pose_to_qpos,
    pose_velocity_to_qvel,
    qpos_to_pose,
    qvel_to_pose_velocity,
)
from simgait.gait.analyse import analyse_rollout
from simgait.jax_setup import configure_jax
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.ppo import PPO
from simgait.skeleton.coordinates import ANGLES, JOINTS
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.kinematics import body_keypoints, forward_kinematics, stacked
from simgait.skeleton.mirror import points as mirror_of_points
from simgait.skeleton.skeleton import Skeleton
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.tracking.actions import mirror_of_action
from simgait.tracking.clips import ClipBank, build_clips, with_mirror_images
from simgait.tracking.config import ResetConfig, TrackingConfig
from simgait.tracking.environment import step
from simgait.tracking.episodes import reset, start_episode
from simgait.tracking.inference import AS_LEARNED_ONCE
from simgait.tracking.networks import make_networks
from simgait.tracking.observations import mirror_of_observation
from simgait.tracking.policies import FixedStatistics, Policy, load_policy, save_policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.track import track_trials
from simgait.trials.preparation import prepare
from simgait.types import FittedTrial, Trial

configure_jax()
pytestmark = pytest.mark.usefixtures("hardly_optimised")

TOES = str(Path(__file__).with_name("toe_humanoid.toml"))


@dataclass(frozen=True)
class Second:
    """A body and a small recipe for it."""

    body: BodyConfig
    config: TrainingConfig

    @property
    def skeleton(self) -> Skeleton:
        """The body as a value."""
        return self.body.skeleton


@pytest.fixture(scope="module", params=[TOES, "whole_humanoid"], ids=["toes", "whole"])
def second(request: pytest.FixtureRequest) -> Second:
    body = BodyConfig(model=request.param)
    still = ResetConfig(angle_noise_rad=0.0, velocity_noise=0.0)
    config = TrainingConfig(
        name="second",
        tracking=TrackingConfig(body=body, reset=still),
        networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
        ppo=PPOConfig(n_envs=4, unroll=4, epochs=1, minibatches=2, total_steps=1000),
    )
    return Second(body, config)


@pytest.fixture(scope="module")
def trial() -> Trial:
    made = walk(draw_walker(walker_seed("train", 1)), 4.0)
    seen = trial_from_walk(made, monocular=False)
    return prepare(seen.recording, contact_truth=made.contact)[0]


@pytest.fixture(scope="module")
def fitted(second: Second, trial: Trial) -> FittedTrial:
    unrefined = fit_references([trial], [measure_dimensions(trial)], skeleton=second.skeleton)
    blank = initial_refiner(jax.random.key(0), second.skeleton)
    silent = replace(blank, params=jax.tree.map(jnp.zeros_like, blank.params))
    return refine_references(silent, unrefined)[0]


@pytest.fixture(scope="module")
def clips(second: Second, fitted: FittedTrial) -> ClipBank:
    return with_mirror_images(build_clips([fitted], second.body, frames=60))


def test_kinematics_jacobian_and_mujoco_agree(second: Second) -> None:
    dims = dimensions_from_height(1.7)
    model = compile_body(dims, second.body)
    assert model.body_mass.sum() == pytest.approx(dims.mass_kg)
    data = mujoco.MjData(model)
    pose = np.random.default_rng(0).uniform(-0.5, 0.5, second.skeleton.n_coordinates)
    data.qpos[:] = np.asarray(pose_to_qpos(jnp.asarray(pose, jnp.float32)))
    mujoco.mj_kinematics(model, data)
    points = forward_kinematics(pose, dims, second.skeleton)
    for name in second.skeleton.keypoints:
        assert np.allclose(data.site(name).xpos, points[name], atol=2e-6), name
    for name in second.skeleton.sphere_names:
        assert np.allclose(data.geom(geom_name(name)).xpos, points[name], atol=2e-6), name

    names = (*second.skeleton.keypoints, *second.skeleton.sphere_names)
    single = jnp.asarray(pose, jnp.float32)
    _, jacobian = points_and_jacobian(single, dims, names, second.skeleton)
    h = 1e-6
    for column in range(second.skeleton.n_coordinates):
        ends = (pose + sign * h * np.eye(len(pose))[column] for sign in (1, -1))
        after, before = (stacked(forward_kinematics(p, dims, second.skeleton), names) for p in ends)
        assert np.allclose(jacobian[..., column], (after - before) / (2 * h), atol=5e-6)


def test_a_mirrored_pose_has_mirrored_keypoints_and_comes_back(second: Second) -> None:
    dims = dimensions_from_height(1.6)
    pose = np.random.default_rng(1).normal(0.0, 0.4, second.skeleton.n_coordinates)
    image = second.skeleton.mirror(pose)
    assert np.array_equal(second.skeleton.mirror(image), pose)
    here, there = (body_keypoints(p, dims, second.skeleton) for p in (pose, image))
    assert np.allclose(there.ravel(), mirror_of_points(second.skeleton.keypoints)(here.ravel()))


@pytest.mark.slow
def test_the_fit_finds_the_walk(second: Second, fitted: FittedTrial, trial: Trial) -> None:
    assert fitted.pose.shape == (trial.n_frames, second.skeleton.n_coordinates)
    assert trial.truth is not None
    error = fitted.pose - second.skeleton.told(trial.truth.pose, TRIMMED_HUMANOID)
    knees = second.skeleton.columns(("left_knee_flexion", "right_knee_flexion"))
    assert np.rad2deg(np.sqrt(np.mean(np.square(error[:, knees])))) < 4.0
    assert np.nanmedian(fitted.fit_error_m) < 0.02


@pytest.mark.slow
def test_a_mirrored_state_and_action_give_the_mirrored_next_state(
    second: Second, clips: ClipBank
) -> None:
    """Clip 1 is the image of clip 0."""
    config = second.config.tracking
    rng = np.random.default_rng(3)
    action = jnp.asarray(rng.uniform(-0.5, 0.5, mirror_of_action(config).sign.shape), jnp.float32)
    pose = clips.reference_pose[0, 10] + jnp.asarray(
        rng.normal(0.0, 0.02, second.skeleton.n_coordinates), jnp.float32
    )
    rate = clips.reference_velocity[0, 10]
    path = jnp.zeros(2)

    one_step = jax.jit(lambda s, a: step(config, clips, s, a))

    def moved(clip: int, pose: jax.Array, rate: jax.Array, action: jax.Array):
        state = start_episode(
            config, clips, jnp.asarray(clip), jnp.asarray(10), pose, rate, path, jax.random.key(0)
        )
        return one_step(state, action)

    here = moved(0, pose, rate, action)
    there = moved(
        1,
        second.skeleton.mirror(pose),
        second.skeleton.mirror(rate),
        mirror_of_action(config)(action),
    )
    poses = [qpos_to_pose(s.pipeline_state.qpos) for s in (here, there)]
    rates = [
        qvel_to_pose_velocity(p, s.pipeline_state.qvel)
        for p, s in zip(poses, (here, there), strict=True)
    ]
    assert np.abs(np.asarray(poses[0] - pose)).max() > 1e-3
    assert np.allclose(poses[1], second.skeleton.mirror(poses[0]), atol=1e-3)
    assert np.allclose(rates[1], second.skeleton.mirror(rates[0]), atol=2e-2)
    assert np.allclose(there.obs, mirror_of_observation(config)(here.obs), atol=1e-2)
    assert float(there.reward) == pytest.approx(float(here.reward), abs=1e-3)


@pytest.mark.slow
def test_it_steps_as_c_mujoco_does(second: Second, clips: ClipBank, fitted: FittedTrial) -> None:
    pose, rate = fitted.pose[12], fitted.pose_velocity[12]
    single, speeds = jnp.asarray(pose, jnp.float32), jnp.asarray(rate, jnp.float32)
    qpos, qvel = pose_to_qpos(single), pose_velocity_to_qvel(single, speeds)
    model = clips.bodies.select(jnp.asarray(0))
    ours = jax.jit(mjx.step)(model, mjx.make_data(clips.bodies.base).replace(qpos=qpos, qvel=qvel))
    c_model = compile_body(fitted.dims, second.body)
    theirs = mujoco.MjData(c_model)
    theirs.qpos[:], theirs.qvel[:] = np.asarray(qpos, float), np.asarray(qvel, float)
    mujoco.mj_step(c_model, theirs)
    assert np.allclose(ours.qvel, theirs.qvel, atol=0.05)
    assert np.allclose(ours.qpos, theirs.qpos, atol=1e-3)


@pytest.mark.slow
def test_it_trains_two_updates(second: Second, clips: ClipBank) -> None:
    ppo = PPO(second.config)
    run = ppo.start(clips, jax.random.key(0))
    before = jax.tree.leaves(run.params)
    for _ in range(2):
        run, metrics = ppo.iterate(run, clips)
    after = jax.tree.leaves(run.params)
    assert all(np.isfinite(leaf).all() for leaf in after)
    assert any(not np.array_equal(a, b) for a, b in zip(after, before, strict=True))
    assert float(metrics["not_finite"]) == 0.0


@pytest.mark.slow
def test_a_trial_is_tracked_with_a_policy_on_disk(
    second: Second, trial: Trial, tmp_path: Path
) -> None:
    networks = make_networks(second.config.tracking, second.config.networks)
    size = networks.observation_size
    assert size == mirror_of_observation(second.config.tracking).sign.size
    params = jax.tree.map(jnp.zeros_like, networks.init(jax.random.key(0)))
    blank = initial_refiner(jax.random.key(0), second.skeleton)
    silent = replace(blank, params=jax.tree.map(jnp.zeros_like, blank.params))
    statistics = FixedStatistics(jnp.zeros(size), jnp.ones(size))
    save_policy(tmp_path / "toes", second.config, params, statistics, silent, {})
    policy: Policy = load_policy(tmp_path / "toes")
    tracked = track_trials(policy, [trial], inference=AS_LEARNED_ONCE)[0]
    rollout = tracked.rollout
    assert rollout.skeleton is second.skeleton
    assert rollout.pose.shape == (trial.n_frames, second.skeleton.n_coordinates)
    assert rollout.joint_moment_nm.shape == (trial.n_frames, second.skeleton.n_joints)
    assert np.isfinite(rollout.pose).all()
    error = (rollout.pose - rollout.reference_pose)[rollout.alive][:, JOINTS]
    assert np.rad2deg(np.sqrt(np.mean(np.square(error)))) < 10.0
    case = replace(synthetic_case(1, "exact", 4.0, split="train"), trial=trial)
    record = record_walk(case, "second", estimate_of(rollout))
    assert record.angles["left_knee_flexion"].rmse_deg < 10.0
    followed = reference_of(case, rollout)
    assert followed.angles_rad.shape == case.angles_rad.shape
    assert followed.keypoint_names == case.keypoint_names
    gait = analyse_rollout(rollout)
    own = {
        f"{coordinate.clinical_name(side)}_deg"
        for coordinate in second.skeleton.coordinates[JOINTS]
        for side, _ in coordinate.clinical
    }
    assert own <= set(gait.curves_deg)


@pytest.mark.slow
def test_a_reset_starts_on_the_reference(second: Second, clips: ClipBank) -> None:
    state = jax.jit(lambda key: reset(second.config.tracking, clips, key))(jax.random.key(0))
    pose = qpos_to_pose(state.pipeline_state.qpos)
    clip, frame = (int(state.info[name]) for name in ("clip", "frame"))
    starts = (clips.target_pose[clip, frame], clips.start_pose[clip, frame])
    assert min(np.abs(np.asarray(pose - s))[ANGLES].max() for s in starts) < 1e-4
