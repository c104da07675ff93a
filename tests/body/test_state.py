"""Skeleton coordinates ↔ qpos and qvel, against MuJoCo's own integration of positions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from simgait.body.config import BodyConfig
from simgait.body.model import compile_body
from simgait.body.state import (
    pose_to_qpos,
    pose_velocity_to_qvel,
    qpos_to_pose,
    quaternion_to_matrix,
    qvel_to_pose_velocity,
)
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.skeleton.rotations import pelvis_rotation_matrix

# One compilation of each for the whole file: hypothesis calls them often.
TO_QPOS, TO_POSE = jax.jit(pose_to_qpos), jax.jit(qpos_to_pose)
TO_QVEL, TO_RATES = jax.jit(pose_velocity_to_qvel), jax.jit(qvel_to_pose_velocity)

# Obliquity (index 4) short of ±90°, where Euler angles are not unique; the rest anywhere.
POSES = arrays(np.float32, 16, elements=st.floats(-1.375, 1.375, width=32))
RATES = arrays(np.float32, 16, elements=st.floats(-5.0, 5.0, width=32))


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return compile_body(dimensions_from_height(1.7), BodyConfig())


@given(POSES)
@settings(max_examples=60, deadline=None)
def test_pose_comes_back_from_qpos(pose: np.ndarray) -> None:
    qpos = TO_QPOS(pose)
    assert qpos.shape == (17,)
    assert float(jnp.linalg.norm(qpos[3:7])) == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(TO_POSE(qpos), pose, atol=1e-5)


@given(POSES)
@settings(max_examples=30, deadline=None)
def test_quaternion_is_the_skeletons_rotation(pose: np.ndarray) -> None:
    matrix = np.asarray(quaternion_to_matrix(TO_QPOS(pose)[3:7]))
    expected = pelvis_rotation_matrix(*(np.float64(a) for a in pose[3:6]))
    assert np.allclose(matrix, expected, atol=1e-5)
    w, x, y, z = np.asarray(TO_QPOS(pose)[3:7], float)
    assert np.allclose(Rotation.from_quat([x, y, z, w]).as_matrix(), expected, atol=1e-5)


@given(POSES, RATES)
@settings(max_examples=60, deadline=None)
def test_rates_come_back_from_qvel(pose: np.ndarray, rates: np.ndarray) -> None:
    back = TO_RATES(pose, TO_QVEL(pose, rates))
    # Near ±90° of obliquity the division by its cosine magnifies single precision.
    assert np.allclose(back, rates, atol=2e-4 / np.cos(pose[4]))


def test_qvel_is_what_mujoco_integrates(model: mujoco.MjModel) -> None:
    rng = np.random.default_rng(0)
    step_s = 1e-3
    for _ in range(20):
        pose, rates = rng.uniform(-1.2, 1.2, 16), rng.uniform(-3, 3, 16)
        qpos = np.asarray(pose_to_qpos(jnp.asarray(pose)), float)
        qvel = np.asarray(pose_velocity_to_qvel(jnp.asarray(pose), jnp.asarray(rates)), float)
        ahead, behind = qpos.copy(), qpos.copy()
        mujoco.mj_integratePos(model, ahead, qvel, step_s)
        mujoco.mj_integratePos(model, behind, qvel, -step_s)
        poses = qpos_to_pose(jnp.asarray(np.stack([behind, ahead])))
        # Central differences in single precision: 1e-7 / 2e-3.
        measured = np.diff(np.asarray(poses, float), axis=0)[0] / (2 * step_s)
        assert np.allclose(measured, rates, atol=3e-3)


def test_batches_work_and_headings_beyond_half_a_turn_wrap() -> None:
    pose = np.zeros((4, 3, 16), np.float32)
    pose[..., 5] = 3.5
    back = np.asarray(qpos_to_pose(pose_to_qpos(jnp.asarray(pose))))
    assert back.shape == pose.shape
    assert np.allclose(back[..., 5], 3.5 - 2 * np.pi, atol=1e-5)


def test_jax_looks_into_dimensions() -> None:
    dims = dimensions_from_height(1.7)
    doubled = jax.tree.map(lambda x: 2 * x, dims)
    assert isinstance(doubled, Dimensions)
    assert doubled.leg_m == pytest.approx(2 * dims.leg_m)
