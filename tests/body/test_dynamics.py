"""Centre of mass and net joint moments against C MuJoCo and against statics."""

from __future__ import annotations

import jax.numpy as jnp
import mujoco
import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.body.dynamics import centre_of_mass_m, net_joint_moments_nm
from simgait.body.model import compile_body, joint_armature, joint_damping
from simgait.body.state import pose_to_qpos, qpos_to_pose, qvel_to_pose_velocity
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.default import POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import GRAVITY_MPS2, dimensions_from_height

N_POSE, N_JOINTS = TRIMMED_HUMANOID.n_coordinates, TRIMMED_HUMANOID.n_joints
DIMS = dimensions_from_height(1.7, 66.0)
SUBSTEPS = 8
CONFIG = BodyConfig()
CARRIES = [CONFIG, BodyConfig(carried_mass=False)]


def in_mujoco(config: BodyConfig, pose: np.ndarray) -> tuple[mujoco.MjModel, mujoco.MjData]:
    model = compile_body(DIMS, config)
    data = mujoco.MjData(model)
    data.qpos[:] = np.asarray(pose_to_qpos(jnp.asarray(pose)), float)
    mujoco.mj_forward(model, data)
    return model, data


@pytest.mark.parametrize("config", CARRIES)
def test_the_centre_of_mass_is_mujocos(config: BodyConfig) -> None:
    poses = np.random.default_rng(3).normal(0.0, 0.4, (4, N_POSE))
    found = centre_of_mass_m(poses, DIMS, config)
    for pose, own in zip(poses, found, strict=True):
        _, data = in_mujoco(config, pose)
        np.testing.assert_allclose(own, data.subtree_com[0], atol=1e-5)


def hanging(model: mujoco.MjModel) -> mujoco.MjModel:
    """The model with its pelvis held in the air: legs that swing, nothing that touches them."""
    model.dof_armature[:6] = 1e9
    model.opt.gravity[:] = 0.0, 0.0, -GRAVITY_MPS2
    return model


def simulated(
    torque_nm: np.ndarray, config: BodyConfig, frames: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Poses, rates and moments by inverse dynamics of legs that motors drive, frame by frame.

    The moments (N·m) are what the bare segments take: MuJoCo's inverse dynamics of a body without
    rotors and dampers, at the states and accelerations of each physics step, their mean.
    """
    model, data = in_mujoco(config, airborne())
    hanging(model)
    bare, own = in_mujoco(config, airborne())
    bare.dof_damping[:] = 0.0
    bare.dof_armature[:] = 0.0
    states, taken = [(data.qpos.copy(), data.qvel.copy())], []
    for _ in range(frames):
        steps = []
        for _ in range(SUBSTEPS):
            data.ctrl[:] = 0.0
            data.ctrl[-N_JOINTS:] = torque_nm
            own.qpos[:], own.qvel[:] = data.qpos, data.qvel
            mujoco.mj_step(model, data)
            own.qacc[:] = data.qacc
            mujoco.mj_inverse(bare, own)
            steps.append(own.qfrc_inverse[-N_JOINTS:].copy())
        taken.append(np.mean(steps, axis=0))
        states.append((data.qpos.copy(), data.qvel.copy()))
    qpos, qvel = (jnp.asarray(np.stack(part)) for part in zip(*states, strict=True))
    pose = qpos_to_pose(qpos)
    rates = qvel_to_pose_velocity(pose, qvel)
    return np.asarray(pose, float), np.asarray(rates, float), np.stack(taken)


def airborne() -> np.ndarray:
    pose = np.zeros(N_POSE)
    pose[2] = 2.0
    for side, bend in (("left", 0.5), ("right", 0.2)):
        pose[POSE_INDEX[f"{side}_hip_flexion"]] = bend
        pose[POSE_INDEX[f"{side}_knee_flexion"]] = 2 * bend
    return pose


def test_net_moments_are_those_of_inverse_dynamics() -> None:
    torque_nm = np.random.default_rng(5).normal(0.0, 60.0, N_JOINTS)
    pose, velocity, wanted = simulated(torque_nm, CONFIG, frames=3)
    steps_s = SUBSTEPS * CONFIG.timestep_s
    assert np.abs(np.diff(pose[:, JOINTS], axis=0)).max() > 0.05  # the legs do move
    motors = np.tile(torque_nm, (3, 1))
    found = net_joint_moments_nm(motors, pose, velocity, steps_s, DIMS, CONFIG)
    np.testing.assert_allclose(found, wanted, atol=0.02)
    assert np.abs(motors - wanted).max() > 5.0  # what the motors give is not what segments take


def test_a_joint_that_rests_has_its_motors_torque() -> None:
    torque_nm = np.arange(2.0 * N_JOINTS).reshape(2, N_JOINTS)
    pose, still = np.tile(airborne(), (3, 1)), np.zeros((3, N_POSE))
    found = net_joint_moments_nm(torque_nm, pose, still, 1 / 30, DIMS, CONFIG)
    np.testing.assert_array_equal(found, torque_nm)


def test_damper_and_rotor_take_their_part() -> None:
    pose, velocity = np.zeros((2, N_POSE)), np.zeros((2, N_POSE))
    pose[1, JOINTS], velocity[1, JOINTS] = 0.1, 0.3  # 3 rad/s on the mean, 9 rad/s²
    found = net_joint_moments_nm(np.zeros((1, N_JOINTS)), pose, velocity, 1 / 30, DIMS, CONFIG)
    wanted = -3.0 * joint_damping(DIMS, CONFIG) - 9.0 * joint_armature(DIMS, CONFIG)
    np.testing.assert_allclose(found[0], wanted)
