"""The MuJoCo body against the skeleton, and MJX against C MuJoCo."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from mujoco import mjx

from simgait.body.config import BodyConfig
from simgait.body.model import (
    BODY_FIELDS,
    BodyBank,
    build_body_bank,
    compile_body,
    geom_name,
    joint_stiffness,
    sole_growth_m,
    with_soles,
)
from simgait.body.state import pose_to_qpos
from simgait.skeleton.default import BODY_KEYPOINTS, JOINT_NAMES, POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import (
    ADULT_LEG_M,
    GRAVITY_MPS2,
    Dimensions,
    dimensions_from_height,
)
from simgait.skeleton.kinematics import forward_kinematics
from simgait.tracking.simulation import foot_forces

pytestmark = pytest.mark.usefixtures("hardly_optimised")

N_POSE = TRIMMED_HUMANOID.n_coordinates

CONFIG = BodyConfig()
FEET = ("left", "right")
NO_GROWTH, STILL = np.zeros((3, len(FEET))), np.zeros((3, N_POSE))


def qpos_of(pose: np.ndarray) -> np.ndarray:
    return np.asarray(pose_to_qpos(jnp.asarray(pose, jnp.float32)), float)


def standing(dims: Dimensions, sunk_m: float = 0.0) -> np.ndarray:
    pose = np.zeros(N_POSE)
    pose[2] = dims.standing_hip_height_m - sunk_m
    return pose


def c_foot_forces(model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
    """Force (N) of the floor on each foot by C MuJoCo's own contact list."""
    total = np.zeros((2, 3))
    for i in range(data.ncon):
        contact = data.contact[i]
        name = mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_GEOM, contact.geom[1])
        force = np.zeros(6)
        mujoco.mj_contactForce(model, data, i, force)
        total[FEET.index(name.split("_")[0])] += force[:3] @ contact.frame.reshape(3, 3)
    return total


@pytest.mark.parametrize("height_m", [0.95, 1.7, 2.0])
def test_sites_and_spheres_are_where_the_skeleton_says(height_m: float) -> None:
    rng = np.random.default_rng(int(100 * height_m))
    base = dimensions_from_height(height_m)
    dims = Dimensions(**{k: v * rng.uniform(0.9, 1.1) for k, v in vars(base).items()})
    model = compile_body(dims, CONFIG)
    data = mujoco.MjData(model)
    for _ in range(10):
        pose = rng.uniform(-0.6, 0.6, N_POSE)
        data.qpos[:] = qpos_of(pose)
        mujoco.mj_kinematics(model, data)
        points = forward_kinematics(pose, dims)
        for name in BODY_KEYPOINTS:
            assert np.allclose(data.site(name).xpos, points[name], atol=2e-6), name
        for name in TRIMMED_HUMANOID.sphere_names:
            assert np.allclose(data.geom(geom_name(name)).xpos, points[name], atol=2e-6), name


def test_the_body_weighs_the_person_only_if_it_carries_the_trunk(people: list[Dimensions]) -> None:
    for dims in people:
        carried = compile_body(dims, CONFIG)
        assert carried.body_mass.sum() == pytest.approx(dims.mass_kg)
        trimmed = compile_body(dims, BodyConfig(carried_mass=False))
        legs = carried.body_mass.sum() - carried.body("pelvis").mass[0]
        assert trimmed.body_mass.sum() == pytest.approx(
            legs + TRIMMED_HUMANOID.segments[0].inertia.mass * dims.mass_kg
        )
        assert trimmed.body_mass.sum() == pytest.approx(0.464 * dims.mass_kg)


def test_only_feet_meet_the_floor() -> None:
    dims = dimensions_from_height(1.7)
    model = compile_body(dims, CONFIG)
    data = mujoco.MjData(model)
    # Lying on its back a metre under the floor: everything would touch that can.
    data.qpos[:] = qpos_of(np.array([0, 0, -1.0, -1.4, *np.zeros(12)]))
    mujoco.mj_forward(model, data)
    touching = {
        mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_GEOM, g)
        for i in range(data.ncon)
        for g in data.contact[i].geom
    }
    assert touching == {"floor", *map(geom_name, TRIMMED_HUMANOID.sphere_names)}


def test_strength_grows_with_mass_and_height(people: list[Dimensions]) -> None:
    for dims in people:
        scale = dims.mass_kg * dims.height_m / (70 * 1.75)
        stiffness = joint_stiffness(dims, CONFIG)
        assert np.allclose(stiffness[:5], np.array(CONFIG.joint_stiffness_nm_per_rad) * scale)
        assert np.array_equal(stiffness[:5], stiffness[5:])
        model = compile_body(dims, CONFIG)
        for name, limit in zip(JOINT_NAMES, np.tile(CONFIG.joint_torque_limit_nm, 2), strict=True):
            assert model.actuator(name).forcerange[1] == pytest.approx(limit * scale)


def test_a_bank_holds_every_body_as_compiled_alone(
    bank: BodyBank, people: list[Dimensions]
) -> None:
    for i, dims in enumerate(people):
        alone = mjx.put_model(compile_body(dims, CONFIG), impl="jax")
        selected = bank.select(jnp.asarray(i))
        for name in BODY_FIELDS:
            assert np.array_equal(getattr(selected, name), getattr(alone, name)), name
        assert float(bank.dimensions(jnp.asarray(i)).thigh_m) == pytest.approx(dims.thigh_m)


def test_other_people_need_no_other_program(bank: BodyBank, people: list[Dimensions]) -> None:
    others = build_body_bank([dimensions_from_height(h) for h in (1.3, 1.5, 1.8)], CONFIG)
    same: Any = jax.tree.structure(bank)
    for bodies in (others, build_body_bank(people[::-1], CONFIG)):
        assert same == jax.tree.structure(bodies)
    for ours, theirs in zip(jax.tree.leaves(bank), jax.tree.leaves(others), strict=True):
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)


def test_bodies_that_differ_elsewhere_cannot_share_a_program(people: list[Dimensions]) -> None:
    # Without "body_mass" on the list, two masses would silently become one.
    from simgait.body import model

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "BODY_FIELDS", BODY_FIELDS - {"body_mass"})
        with pytest.raises(ValueError, match="body_mass"):
            build_body_bank(people[:2], CONFIG)


@jax.jit
@partial(jax.vmap, in_axes=(None, 0, 0, 0, 0, 0, 0))
def _one_program(bank: BodyBank, index, growth_m, qpos, qvel, ctrl, warm):
    model = with_soles(bank.select(index), bank.soles, growth_m)
    data = mjx.make_data(bank.base)
    data = data.replace(qpos=qpos, qvel=qvel, ctrl=ctrl, qacc_warmstart=warm)
    data = mjx.step(model, data)
    return data.qpos, data.qvel, foot_forces(data), data.qacc_warmstart


def mjx_step(bank: BodyBank, qpos, qvel, ctrl, growth_m=NO_GROWTH, warm=STILL):
    """A step of three bodies: qpos, qvel, forces on the feet, and what the next step starts from.

    Every test has the same program, as compiling it takes far longer than all of their steps.
    """
    given = (jnp.asarray(v, jnp.float32) for v in (growth_m, qpos, qvel, ctrl, warm))
    return tuple(np.asarray(v) for v in _one_program(bank, jnp.arange(3), *given))


def both_steps(
    bank: BodyBank, people: list[Dimensions], poses: list[np.ndarray], qvel: np.ndarray, ctrl
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The same step of three bodies: MJX in one program, and C MuJoCo one after the other."""
    qpos = np.stack([qpos_of(pose) for pose in poses])
    jax_result = mjx_step(bank, qpos, qvel, ctrl)[:3]
    c_result = []
    for i, dims in enumerate(people):
        model = compile_body(dims, CONFIG)
        data = mujoco.MjData(model)
        data.qpos[:], data.qvel[:], data.ctrl[:] = qpos[i], qvel[i], ctrl[i]
        mujoco.mj_step(model, data)
        c_result.append((data.qpos.copy(), data.qvel.copy(), c_foot_forces(model, data)))
    return (
        tuple(np.asarray(v, float) for v in jax_result),
        tuple(np.stack(v) for v in zip(*c_result, strict=True)),
    )


def test_mjx_steps_as_mujoco_does_in_the_air(bank: BodyBank, people: list[Dimensions]) -> None:
    rng = np.random.default_rng(3)
    poses = [rng.uniform(-0.4, 0.4, N_POSE) + np.eye(N_POSE)[2] * 3 for _ in people]
    qvel, ctrl = rng.normal(0, 1.0, (3, N_POSE)), rng.normal(0, 5.0, (3, N_POSE))
    ours, theirs = both_steps(bank, people, poses, qvel, ctrl)
    assert np.allclose(ours[0], theirs[0], atol=2e-5)
    assert np.allclose(ours[1], theirs[1], atol=2e-3)
    assert np.array_equal(ours[2], np.zeros((3, 2, 3)))


def test_mjx_and_mujoco_agree_on_the_floor(bank: BodyBank, people: list[Dimensions]) -> None:
    poses = [standing(dims, sunk_m=0.002 * dims.height_m) for dims in people]
    for pose in poses:
        pose[POSE_INDEX["right_hip_flexion"]] = 0.5  # right foot in the air
        pose[POSE_INDEX["right_knee_flexion"]] = 0.9
    qvel = np.zeros((3, N_POSE))
    qvel[:, 0], qvel[:, 2] = 0.1, -0.1
    ours, theirs = both_steps(bank, people, poses, qvel, np.zeros((3, N_POSE)))
    assert np.allclose(ours[0], theirs[0], atol=1e-4)
    assert np.allclose(ours[1], theirs[1], atol=5e-3)
    weight = np.array([dims.mass_kg * GRAVITY_MPS2 for dims in people])
    assert (theirs[2][:, 0, 2] > 0.2 * weight).all()
    assert np.array_equal(ours[2][:, 1], np.zeros((3, 3)))
    assert np.allclose(
        ours[2] / weight[:, None, None], theirs[2] / weight[:, None, None], atol=0.01
    )


def test_a_standing_body_presses_on_the_floor_with_its_weight(
    bank: BodyBank, people: list[Dimensions]
) -> None:
    stiffness = np.asarray(bank.stiffness_nm_per_rad)
    # A body held by its joints alone falls over; the residual moment keeps the pelvis level.
    gain = np.array([d.mass_kg * GRAVITY_MPS2 * d.leg_m * 3.0 for d in people])
    filled_m = np.stack(
        [
            sole_growth_m(jnp.ones(2), jnp.zeros(2), jnp.asarray(d.leg_m, jnp.float32), CONFIG)
            for d in people
        ]
    )
    qpos = np.stack([qpos_of(standing(dims)) for dims in people])
    qvel, warm, forces = np.zeros((3, N_POSE)), STILL, []
    for _ in range(720):
        level = -gain[:, None] * (qpos[:, 4:7] + 0.05 * qvel[:, 3:6])
        hold = -stiffness * qpos[:, 7:]
        ctrl = np.concatenate([np.zeros((3, 3)), level, hold], axis=1)
        qpos, qvel, force, warm = mjx_step(bank, qpos, qvel, ctrl, filled_m, warm)
        forces.append(force)
    force = np.mean(forces[-120:], axis=0)
    weight = np.array([dims.mass_kg * GRAVITY_MPS2 for dims in people])
    height = np.array([dims.standing_hip_height_m for dims in people])
    assert np.allclose(force[:, :, 2].sum(1) / weight, 1.0, atol=0.003)
    assert np.allclose(force[:, 0, 2], force[:, 1, 2], rtol=0.01)
    assert np.abs(qvel).max() < 0.02
    # A sole's standing thickness is what it sinks under one foot; on two it sinks less.
    risen_m = qpos[:, 2] - height
    assert ((risen_m > 0.0) & (risen_m < 0.015)).all()


def test_the_residual_force_acts_in_world_axes(people: list[Dimensions]) -> None:
    dims = people[1]
    model = compile_body(dims, CONFIG)
    data = mujoco.MjData(model)
    pose = standing(dims)
    pose[2] += 2.0
    pose[POSE_INDEX["pelvis_rotation"]] = 1.2  # turned and tilted: pelvis axes are elsewhere
    pose[POSE_INDEX["pelvis_tilt"]] = 0.5
    data.qpos[:] = qpos_of(pose)
    mujoco.mj_forward(model, data)
    momentum = []
    for ctrl in (np.zeros(3), np.array([30.0, -20.0, 10.0])):
        data.ctrl[:3] = ctrl
        mujoco.mj_forward(model, data)
        jacobian = np.zeros((3, model.nv))
        mujoco.mj_jacSubtreeCom(model, data, jacobian, 1)
        # At rest, so the acceleration of the whole body's centre of mass is J a.
        momentum.append(dims.mass_kg * jacobian @ data.qacc)
    # Armature is inertia of rotors, which are not part of the body: it takes a little.
    assert np.allclose(momentum[0], [0, 0, -dims.mass_kg * GRAVITY_MPS2], rtol=1e-3, atol=1.0)
    assert np.allclose(momentum[1] - momentum[0], [30.0, -20.0, 10.0], atol=1e-3)


def test_soles_draw_back_fill_out_and_scale_with_the_leg() -> None:
    config = BodyConfig(
        sole_gives_m=0.01, sole_fills_m=0.02, sole_changes_between=(0.25, 0.75)
    )  # fmt: skip
    standing_probability = jnp.array([[0.0, 0.25], [0.5, 0.75], [0.9, 1.0]])
    growth = [
        np.asarray(sole_growth_m(p, jnp.zeros(2), jnp.asarray(ADULT_LEG_M), config))
        for p in standing_probability
    ]
    assert np.allclose(growth, [[-0.01, -0.01], [0.005, 0.02], [0.02, 0.02]], atol=1e-7)
    child = np.asarray(
        sole_growth_m(jnp.ones(2), jnp.zeros(2), jnp.asarray(0.5 * ADULT_LEG_M), config)
    )
    assert np.allclose(child, 0.01)


def test_the_sole_of_a_standing_foot_follows_the_floor_as_toes_do() -> None:
    config = BodyConfig(sole_follows_m=0.015)
    hover_m = jnp.array([0.01, 0.1])

    def growth(standing: float, hover_m: jnp.ndarray, leg_m: float = ADULT_LEG_M) -> np.ndarray:
        return np.asarray(
            sole_growth_m(standing * jnp.ones(2), hover_m, jnp.asarray(leg_m), config)
        )

    flat = growth(1.0, jnp.zeros(2))
    assert np.allclose(growth(1.0, hover_m) - flat, [0.01, 0.015], atol=1e-7)
    assert np.allclose(growth(0.0, hover_m), -config.sole_gives_m)
    assert np.allclose(growth(1.0, hover_m, 0.5 * ADULT_LEG_M) - 0.5 * flat, 0.0075, atol=1e-7)


def test_a_thicker_sole_is_felt_as_mujoco_feels_it(
    bank: BodyBank, people: list[Dimensions]
) -> None:
    growth = np.array([0.004, -0.01])
    start = np.stack([qpos_of(standing(dims)) for dims in people])
    nothing = np.zeros((3, N_POSE))
    forces = mjx_step(bank, start, nothing, nothing, np.tile(growth, (3, 1)))[2]
    for dims, qpos, ours in zip(people, start, forces, strict=True):
        model = compile_body(dims, CONFIG)
        for side, by_m in zip(FEET, growth, strict=True):
            for name in TRIMMED_HUMANOID.sphere_names:
                if not name.lower().startswith(side):
                    continue
                sole = model.geom(geom_name(name))
                sole.size[0] += by_m
                sole.rbound[0] += by_m
        data = mujoco.MjData(model)
        data.qpos[:] = qpos
        mujoco.mj_step(model, data)
        theirs, weight = c_foot_forces(model, data), dims.mass_kg * GRAVITY_MPS2
        assert theirs[0, 2] > 0.1 * weight and theirs[1, 2] == 0.0
        assert np.allclose(ours / weight, theirs / weight, atol=0.01)
