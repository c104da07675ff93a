"""A second body, from one XML and one spec file, through the same code as the first.

The trimmed humanoid plus a hinge between foot and toes on each side. Nothing in the package knows
of it: what it needs is in `toe_humanoid.xml` and `toe_humanoid.toml` beside this file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from mujoco import mjx

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
from simgait.errors import InputError
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
from simgait.skeleton.signs import clinical_names, opensim_coordinates, opensim_names
from simgait.skeleton.spec import load_skeleton, read_spec
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

SPEC = Path(__file__).with_name("toe_humanoid.toml")
TOES = ("left_toe_extension", "right_toe_extension")
BODY = BodyConfig(model=str(SPEC))
SKELETON = BODY.skeleton
CONFIG = TrainingConfig(
    name="toes",
    tracking=TrackingConfig(body=BODY, reset=ResetConfig(angle_noise_rad=0.0, velocity_noise=0.0)),
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
    ppo=PPOConfig(n_envs=4, unroll=4, epochs=1, minibatches=2, total_steps=1000),
)


@pytest.fixture(scope="module")
def trial() -> Trial:
    made = walk(draw_walker(walker_seed("train", 1)), 4.0)
    seen = trial_from_walk(made, monocular=False)
    return prepare(seen.recording, contact_truth=made.contact)[0]


@pytest.fixture(scope="module")
def fitted(trial: Trial) -> FittedTrial:
    unrefined = fit_references([trial], [measure_dimensions(trial)], skeleton=SKELETON)
    blank = initial_refiner(jax.random.key(0), SKELETON)
    silent = replace(blank, params=jax.tree.map(jnp.zeros_like, blank.params))
    return refine_references(silent, unrefined)[0]


@pytest.fixture(scope="module")
def clips(fitted: FittedTrial) -> ClipBank:
    return with_mirror_images(build_clips([fitted], BODY, frames=60))


def test_everything_follows_from_the_two_files() -> None:
    assert SKELETON.n_joints == TRIMMED_HUMANOID.n_joints + len(TOES)
    assert set(SKELETON.pose_names) - set(TRIMMED_HUMANOID.pose_names) == set(TOES)
    # The body's keypoints are the same; one more contact sphere stands on each foot.
    assert SKELETON.keypoints == TRIMMED_HUMANOID.keypoints
    assert SKELETON.spheres_per_foot == TRIMMED_HUMANOID.spheres_per_foot + 1
    assert set(opensim_names(SKELETON)) - set(opensim_names()) == {"mtp_angle_l", "mtp_angle_r"}
    assert set(clinical_names(SKELETON)) - set(clinical_names()) == set(TOES)
    assert len(BODY.joint_torque_limit_nm) == len(SKELETON.joint_kinds)


def test_kinematics_jacobian_and_mujoco_agree() -> None:
    dims = dimensions_from_height(1.7)
    model = compile_body(dims, BODY)
    assert model.body_mass.sum() == pytest.approx(dims.mass_kg)
    data = mujoco.MjData(model)
    pose = np.random.default_rng(0).uniform(-0.5, 0.5, SKELETON.n_coordinates)
    data.qpos[:] = np.asarray(pose_to_qpos(jnp.asarray(pose, jnp.float32)))
    mujoco.mj_kinematics(model, data)
    points = forward_kinematics(pose, dims, SKELETON)
    for name in SKELETON.keypoints:
        assert np.allclose(data.site(name).xpos, points[name], atol=2e-6), name
    for name in SKELETON.sphere_names:
        assert np.allclose(data.geom(geom_name(name)).xpos, points[name], atol=2e-6), name

    names = (*SKELETON.keypoints, *SKELETON.sphere_names)
    single = jnp.asarray(pose, jnp.float32)
    _, jacobian = points_and_jacobian(single, dims, names, SKELETON)
    h = 1e-6
    for column in range(SKELETON.n_coordinates):
        ends = (pose + sign * h * np.eye(len(pose))[column] for sign in (1, -1))
        after, before = (stacked(forward_kinematics(p, dims, SKELETON), names) for p in ends)
        assert np.allclose(jacobian[..., column], (after - before) / (2 * h), atol=5e-6)


def test_a_toe_moves_its_toe_alone_and_upwards() -> None:
    dims = dimensions_from_height(1.7)
    rest = np.zeros(SKELETON.n_coordinates)
    bent = rest.copy()
    bent[SKELETON.pose_index["left_toe_extension"]] = 0.4
    here, there = (forward_kinematics(pose, dims, SKELETON) for pose in (rest, bent))
    moved = {name for name in here if np.abs(there[name] - here[name]).max() > 1e-9}
    assert moved == {"Left Big Toe", "Left hallux_sphere"}
    assert there["Left Big Toe"][2] > here["Left Big Toe"][2]
    degrees = opensim_coordinates(bent[None], dims, SKELETON)
    assert degrees["mtp_angle_l"][0] == pytest.approx(np.degrees(0.4))


def test_a_mirrored_pose_has_mirrored_keypoints_and_comes_back() -> None:
    dims = dimensions_from_height(1.6)
    pose = np.random.default_rng(1).normal(0.0, 0.4, SKELETON.n_coordinates)
    image = SKELETON.mirror(pose)
    assert np.array_equal(SKELETON.mirror(image), pose)
    here, there = (body_keypoints(p, dims, SKELETON) for p in (pose, image))
    assert np.allclose(there.ravel(), mirror_of_points(SKELETON.keypoints)(here.ravel()))


def test_a_pose_of_one_body_is_told_in_the_coordinates_of_the_other() -> None:
    pose = np.random.default_rng(2).normal(size=(3, TRIMMED_HUMANOID.n_coordinates))
    told = SKELETON.told(pose, TRIMMED_HUMANOID)
    assert np.isnan(told[:, SKELETON.columns(TOES)]).all()
    assert np.array_equal(TRIMMED_HUMANOID.told(told, SKELETON), pose)
    with pytest.raises(ValueError, match="toe_humanoid has 18 coordinates, not 16"):
        forward_kinematics(pose, dimensions_from_height(1.7), SKELETON)


@pytest.mark.slow
def test_the_fit_finds_the_walk(fitted: FittedTrial, trial: Trial) -> None:
    assert fitted.pose.shape == (trial.n_frames, SKELETON.n_coordinates)
    assert trial.truth is not None
    error = fitted.pose - SKELETON.told(trial.truth.pose, TRIMMED_HUMANOID)
    knees = SKELETON.columns(("left_knee_flexion", "right_knee_flexion"))
    assert np.rad2deg(np.sqrt(np.mean(np.square(error[:, knees])))) < 4.0
    assert np.nanmedian(fitted.fit_error_m) < 0.02


@pytest.mark.slow
def test_a_mirrored_state_and_action_give_the_mirrored_next_state(clips: ClipBank) -> None:
    """Clip 1 is the image of clip 0."""
    config = CONFIG.tracking
    rng = np.random.default_rng(3)
    action = jnp.asarray(rng.uniform(-0.5, 0.5, mirror_of_action(config).sign.shape), jnp.float32)
    pose = clips.reference_pose[0, 10] + jnp.asarray(
        rng.normal(0.0, 0.02, SKELETON.n_coordinates), jnp.float32
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
    there = moved(1, SKELETON.mirror(pose), SKELETON.mirror(rate), mirror_of_action(config)(action))
    poses = [qpos_to_pose(s.pipeline_state.qpos) for s in (here, there)]
    rates = [
        qvel_to_pose_velocity(p, s.pipeline_state.qvel)
        for p, s in zip(poses, (here, there), strict=True)
    ]
    assert np.abs(np.asarray(poses[0] - pose)).max() > 1e-3
    assert np.allclose(poses[1], SKELETON.mirror(poses[0]), atol=1e-3)
    assert np.allclose(rates[1], SKELETON.mirror(rates[0]), atol=2e-2)
    assert np.allclose(there.obs, mirror_of_observation(config)(here.obs), atol=1e-2)
    assert float(there.reward) == pytest.approx(float(here.reward), abs=1e-3)


@pytest.mark.slow
def test_it_steps_as_c_mujoco_does(clips: ClipBank, fitted: FittedTrial) -> None:
    pose, rate = fitted.pose[12], fitted.pose_velocity[12]
    single, speeds = jnp.asarray(pose, jnp.float32), jnp.asarray(rate, jnp.float32)
    qpos, qvel = pose_to_qpos(single), pose_velocity_to_qvel(single, speeds)
    model = clips.bodies.select(jnp.asarray(0))
    ours = jax.jit(mjx.step)(model, mjx.make_data(clips.bodies.base).replace(qpos=qpos, qvel=qvel))
    c_model = compile_body(fitted.dims, BODY)
    theirs = mujoco.MjData(c_model)
    theirs.qpos[:], theirs.qvel[:] = np.asarray(qpos, float), np.asarray(qvel, float)
    mujoco.mj_step(c_model, theirs)
    assert np.allclose(ours.qvel, theirs.qvel, atol=0.05)
    assert np.allclose(ours.qpos, theirs.qpos, atol=1e-3)


@pytest.mark.slow
def test_it_trains_two_updates(clips: ClipBank) -> None:
    ppo = PPO(CONFIG)
    run = ppo.start(clips, jax.random.key(0))
    before = jax.tree.leaves(run.params)
    for _ in range(2):
        run, metrics = ppo.iterate(run, clips)
    after = jax.tree.leaves(run.params)
    assert all(np.isfinite(leaf).all() for leaf in after)
    assert any(not np.array_equal(a, b) for a, b in zip(after, before, strict=True))
    assert float(metrics["not_finite"]) == 0.0


@pytest.mark.slow
def test_a_trial_is_tracked_with_a_policy_on_disk(trial: Trial, tmp_path: Path) -> None:
    networks = make_networks(CONFIG.tracking, CONFIG.networks)
    size = networks.observation_size
    assert size == mirror_of_observation(CONFIG.tracking).sign.size
    params = jax.tree.map(jnp.zeros_like, networks.init(jax.random.key(0)))
    blank = initial_refiner(jax.random.key(0), SKELETON)
    silent = replace(blank, params=jax.tree.map(jnp.zeros_like, blank.params))
    statistics = FixedStatistics(jnp.zeros(size), jnp.ones(size))
    save_policy(tmp_path / "toes", CONFIG, params, statistics, silent, {})
    policy: Policy = load_policy(tmp_path / "toes")
    tracked = track_trials(policy, [trial], inference=AS_LEARNED_ONCE)[0]
    rollout = tracked.rollout
    assert rollout.skeleton is SKELETON
    assert rollout.pose.shape == (trial.n_frames, SKELETON.n_coordinates)
    assert rollout.joint_moment_nm.shape == (trial.n_frames, SKELETON.n_joints)
    assert np.isfinite(rollout.pose).all()
    error = (rollout.pose - rollout.reference_pose)[rollout.alive][:, JOINTS]
    assert np.rad2deg(np.sqrt(np.mean(np.square(error)))) < 10.0
    gait = analyse_rollout(rollout)
    assert {f"{name}_deg" for name in TOES} <= set(gait.curves_deg)


@pytest.mark.slow
def test_a_reset_starts_on_the_reference(clips: ClipBank) -> None:
    state = jax.jit(lambda key: reset(CONFIG.tracking, clips, key))(jax.random.key(0))
    pose = qpos_to_pose(state.pipeline_state.qpos)
    clip, frame = (int(state.info[name]) for name in ("clip", "frame"))
    starts = (clips.target_pose[clip, frame], clips.start_pose[clip, frame])
    assert min(np.abs(np.asarray(pose - s))[ANGLES].max() for s in starts) < 1e-4


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('keypoint = "Hip"', 'keypoint = "Hop"', "no keypoint is called Left Hop"),
        ('"thigh_m"', '"thigh"', "'thigh' is none of a person's dimensions"),
        ('parent = "thigh"', 'parent = "thorax"', "hangs on 'thorax'"),
        ('axis = "+y"', 'axis = "y"', "axis"),
    ],
)
def test_a_wrong_spec_file_meets_one_sentence(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    text = SPEC.read_text()
    assert old in text
    (tmp_path / "body.toml").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=says):
        read_spec(tmp_path / "body.toml")


def test_files_that_disagree_are_told_apart(tmp_path: Path) -> None:
    for suffix in (".toml", ".xml"):
        (tmp_path / f"body{suffix}").write_text(SPEC.with_suffix(suffix).read_text())
    spec = tmp_path / "body.toml"
    spec.write_text(spec.read_text().replace('axis = "+y"', 'axis = "-y"'))
    with pytest.raises(InputError, match="left_knee_flexion turns about"):
        compile_body(dimensions_from_height(1.7), BodyConfig(model=str(spec)))
    with pytest.raises(InputError, match="There is no body 'nobody'"):
        load_skeleton("nobody")
