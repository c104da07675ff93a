"""A person's body as a MuJoCo model, and many bodies in one compiled program.

Geometry follows `skeleton.kinematics` exactly, so that its forward kinematics and MuJoCo's agree.
Segment masses, centres of mass and radii of gyration: Winter 2009, Biomechanics and Motor Control
of Human Movement, 4th ed., table 4.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from jaxtyping import Array, Float, Int
from mujoco import mjx

from simgait.body.config import BodyConfig
from simgait.resources import resource_dir
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import (
    ADULT_LEG_M,
    CONTACT_SPHERES,
    FOOT_SITES,
    GRAVITY_MPS2,
    HEEL_BEHIND_ANKLE,
    JOINT_NAMES,
    PELVIS_SITE,
    SPHERE_NAMES,
    STERNUM_SITE,
    dimensions_from_height,
)

BODY_FILE = "trimmed_humanoid.xml"

# Fractions of body mass; the pelvis carries the rest of head, arms and trunk when asked to.
THIGH_MASS, SHANK_MASS, FOOT_MASS, PELVIS_MASS = 0.100, 0.0465, 0.0145, 0.142
HEAD_ARMS_TRUNK_MASS = 0.678
# Centre of mass from the proximal end, and radius of gyration about it, as fractions of length.
THIGH_COM, SHANK_COM = 0.433, 0.433
THIGH_GYRATION, SHANK_GYRATION, FOOT_GYRATION = 0.323, 0.302, 0.475
# A limb's radius of gyration about its long axis, as a fraction of its length: a cylinder whose
# radius is a sixth of its length.
LONG_AXIS_GYRATION = 0.12
# The carried trunk bends at the lumbar spine instead of swinging with the pelvis, so the pelvis
# feels its weight but only part of its rotational inertia (radii of gyration / height).
CARRIED_GYRATION = (0.12, 0.12, 0.08)
PELVIS_GYRATION = (0.06, 0.05, 0.06)
REFERENCE_MASS_HEIGHT = 70.0 * 1.75
REFERENCE_MASS_HEIGHT2 = 70.0 * 1.75**2
# The array fields of an `mjx.Model` in which two bodies differ.
BODY_FIELDS = frozenset(
    ("actuator_acc0", "actuator_forcerange", "body_inertia", "body_invweight0", "body_ipos",
     "body_mass", "body_pos", "body_subtreemass", "dof_M0", "dof_armature", "dof_damping",
     "dof_invweight0", "geom_aabb", "geom_pos", "geom_rbound", "geom_size", "qpos0",
     "qpos_spring", "site_pos")
)  # fmt: skip


def strength_scale(dims: Dimensions) -> float:
    """Joint strength relative to the reference adult: mass × height."""
    return float(dims.mass_kg * dims.height_m / REFERENCE_MASS_HEIGHT)


def joint_stiffness(dims: Dimensions, config: BodyConfig) -> Float[np.ndarray, " 10"]:
    """PD stiffness (N·m/rad) of the ten joints, `skeleton.JOINT_NAMES` order."""
    return np.tile(config.joint_stiffness_nm_per_rad, 2) * strength_scale(dims)


def compile_body(dims: Dimensions, config: BodyConfig) -> mujoco.MjModel:
    """Compiles the trimmed humanoid to one person's size, mass and inertia."""
    spec = mujoco.MjSpec.from_file(str(resource_dir("envs") / BODY_FILE))
    d = Dimensions(**{k: float(v) for k, v in vars(dims).items()})
    spec.option.timestep = config.timestep_s
    spec.option.iterations = config.solver_iterations
    spec.option.ls_iterations = config.line_search_iterations
    _size_pelvis(spec, d, config)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _size_leg(spec, side, sign, d)
    for geom in spec.geoms:
        if geom.contype:
            geom.friction[0] = config.friction
            geom.solref = [config.contact_time_constant_s, 1.0]
    stiffness = joint_stiffness(d, config)
    torque_limit = np.tile(config.joint_torque_limit_nm, 2) * strength_scale(d)
    armature = config.armature_kg_m2 * d.mass_kg * d.height_m**2 / REFERENCE_MASS_HEIGHT2
    for i, name in enumerate(JOINT_NAMES):
        joint = spec.joint(name)
        damping = config.joint_damping_ratio_s * stiffness[i]
        joint.damping[0] = damping
        # (M + hD) a = τ - Dv is the implicit damping of MuJoCo's Euler integrator; carried in the
        # armature it needs one factorisation per step instead of two (and two batched ones at a
        # time deadlock in jaxlib 0.10's LAPACK calls on a two-core CPU).
        joint.armature = armature + config.timestep_s * damping
        spec.actuator(name).forcerange = [-torque_limit[i], torque_limit[i]]
    weight_n = d.mass_kg * GRAVITY_MPS2
    for axis in "xyz":
        spec.actuator(f"residual_force_{axis}").forcerange = [-weight_n, weight_n]
        spec.actuator(f"residual_moment_{axis}").forcerange = [
            -weight_n * d.leg_m,
            weight_n * d.leg_m,
        ]
    return spec.compile()


def _set_inertia(
    body: mujoco.MjsBody, mass: float, com: Sequence[float], gyration: Sequence[float]
) -> None:
    body.mass = mass
    body.ipos = com
    body.inertia = mass * np.square(gyration)
    body.explicitinertial = True


def _size_pelvis(spec: mujoco.MjSpec, d: Dimensions, config: BodyConfig) -> None:
    pelvis = spec.body("pelvis")
    pelvis.pos = [0, 0, d.standing_hip_height_m]
    if config.carried_mass:
        mass = HEAD_ARMS_TRUNK_MASS * d.mass_kg
        com_height, gyration = config.carried_com_height, CARRIED_GYRATION
    else:
        mass, com_height, gyration = PELVIS_MASS * d.mass_kg, 0.03, PELVIS_GYRATION
    _set_inertia(pelvis, mass, [0, 0, com_height * d.height_m], np.multiply(gyration, d.height_m))
    half = 0.5 * d.hip_width_m
    _size_capsule(spec.geom("pelvis_geom"), (0, -half, 0), (0, half, 0), 0.04 * d.height_m)
    _size_capsule(
        spec.geom("trunk_geom"),
        (0, 0, 0.05 * d.height_m),
        (0, 0, STERNUM_SITE[1] * d.height_m),
        0.05 * d.height_m,
    )
    spec.site("Pelvis").pos = [PELVIS_SITE[0] * d.height_m, 0, PELVIS_SITE[1] * d.height_m]
    spec.site("Sternum").pos = [STERNUM_SITE[0] * d.height_m, 0, STERNUM_SITE[1] * d.height_m]


def _size_capsule(
    geom: mujoco.MjsGeom, start: Sequence[float], end: Sequence[float], radius: float
) -> None:
    geom.fromto = [*start, *end]
    geom.size[0] = radius


def _size_leg(spec: mujoco.MjSpec, side: str, sign: float, d: Dimensions) -> None:
    thigh, shank, foot = (spec.body(f"{side}_{part}") for part in ("thigh", "shank", "foot"))
    thigh.pos = [0, sign * 0.5 * d.hip_width_m, 0]
    shank.pos = [0, 0, -d.thigh_m]
    foot.pos = [0, 0, -d.shank_m]
    for body, length, mass, com, gyration in (
        (thigh, d.thigh_m, THIGH_MASS, THIGH_COM, THIGH_GYRATION),
        (shank, d.shank_m, SHANK_MASS, SHANK_COM, SHANK_GYRATION),
    ):
        _set_inertia(
            body,
            mass * d.mass_kg,
            [0, 0, -com * length],
            np.array([gyration, gyration, LONG_AXIS_GYRATION]) * length,
        )
    middle = (0.5 - HEEL_BEHIND_ANKLE) * d.foot_length_m
    _set_inertia(
        foot,
        FOOT_MASS * d.mass_kg,
        [middle, 0, -0.6 * d.ankle_height_m],
        np.array([LONG_AXIS_GYRATION, FOOT_GYRATION, FOOT_GYRATION]) * d.foot_length_m,
    )
    _size_capsule(
        spec.geom(f"{side}_thigh_geom"), (0, 0, 0), (0, 0, -d.thigh_m), 0.035 * d.height_m
    )
    _size_capsule(
        spec.geom(f"{side}_shank_geom"), (0, 0, 0), (0, 0, -d.shank_m), 0.026 * d.height_m
    )
    for name, (forward, outward, radius) in CONTACT_SPHERES.items():
        geom = spec.geom(f"{side}_{name}_sphere")
        geom.size[0] = radius * d.foot_length_m
        geom.pos = [
            forward * d.foot_length_m,
            sign * outward * d.foot_length_m,
            radius * d.foot_length_m - d.ankle_height_m,
        ]
    for name, (forward, up) in FOOT_SITES.items():
        site = spec.site(f"{side.capitalize()} {name}")
        site.pos = [forward * d.foot_length_m, 0, (up - 1.0) * d.ankle_height_m]


@dataclass(frozen=True)
class BodyBank:
    """Many bodies in one compiled program.

    Attributes:
        base: an `mjx.Model` whose static fields all bodies share.
        leaves: the array fields that differ between bodies, name -> (B, ...).
        dims: Dimensions with (B,) fields.
        stiffness_nm_per_rad: (B, 10) PD stiffness.
        soles: geoms of the contact spheres, `skeleton.SPHERE_NAMES` order.
    """

    base: mjx.Model
    leaves: dict[str, Array]
    dims: Dimensions
    stiffness_nm_per_rad: Float[Array, "B 10"]
    soles: tuple[int, ...]

    def select(self, index: Int[Array, ""]) -> mjx.Model:
        """The model of body `index`; under vmap, one body per environment."""
        return self.base.replace(**{name: leaf[index] for name, leaf in self.leaves.items()})

    def dimensions(self, index: Int[Array, ...]) -> Dimensions:
        """The dimensions of body `index`."""
        return jax.tree.map(lambda leaf: leaf[index], self.dims)


jax.tree_util.register_dataclass(
    BodyBank,
    data_fields=["base", "leaves", "dims", "stiffness_nm_per_rad"],
    meta_fields=["soles"],
)


def sole_growth_m(
    standing: Float[Array, " 2"],
    hover_m: Float[Array, " 2"],
    leg_m: Float[Array, ""],
    config: BodyConfig,
) -> Float[Array, " 2"]:
    """By which the soles are thicker than the foot's geometry says, negative where thinner.

    A simulated foot swings some millimetres from where the recorded one did, and at the speed at
    which a heel comes down (0.1 to 0.4 m/s) each millimetre moves initial contact by 3 to 10 ms.
    The keypoints of a whole walk tell that moment better: the sole is there where they say so.

    Args:
        standing: probability that the left and the right foot stands.
        hover_m: height of each foot of the reference above the floor. One that stands and hovers
            is a rigid foot's: before foot off real toes bend and stay down.
        leg_m: length of the leg, which the soles scale with.
        config: how far, and between which probabilities.
    """
    low, high = config.sole_changes_between
    share = jnp.clip((standing - low) / (high - low), 0.0, 1.0)
    growth = config.sole_fills_m * share - config.sole_gives_m * (1.0 - share)
    scale = leg_m / ADULT_LEG_M
    return scale * (growth + share * jnp.minimum(hover_m / scale, config.sole_follows_m))


def with_soles(model: mjx.Model, soles: Sequence[int], growth_m: Float[Array, " 2"]) -> mjx.Model:
    """The model with thicker contact spheres, left foot's first."""
    at = jnp.asarray(soles)
    each = jnp.repeat(growth_m, len(soles) // 2)
    return model.replace(geom_size=model.geom_size.at[at, 0].add(each))


def build_body_bank(people: Sequence[Dimensions], config: BodyConfig) -> BodyBank:
    """Compiles each person on the host and stacks what differs between them.

    Stacking whole `mjx.Model`s fails on their static fields; copying only the differing array
    leaves keeps one static structure, and so one compiled program, for all bodies.
    """
    # The base is nobody's: static fields hold lengths too (a geom's bounding radius), and a base
    # taken from the people would compile everything anew for every other group of them.
    first, *models = (compile_body(d, config) for d in (dimensions_from_height(1.75), *people))
    base = mjx.put_model(first, impl="jax")
    leaves: dict[str, Array] = {}
    for name in base.__dataclass_fields__:
        like = getattr(base, name)
        if not isinstance(like, jax.Array | np.ndarray) or not hasattr(first, name):
            continue
        # What MJX keeps under MuJoCo's name it keeps as it is, and a whole `mjx.Model` for every
        # person would take longer than the tracking.
        values = [np.asarray(getattr(model, name)) for model in (first, *models)]
        if name in BODY_FIELDS:
            leaves[name] = jnp.asarray(np.stack(values[1:]).astype(like.dtype))
        elif any(np.any(value != values[0]) for value in values):
            raise ValueError(f"model field {name} differs between bodies but is not in BODY_FIELDS")
    dims = jax.tree.map(lambda *v: jnp.asarray(np.stack(v), jnp.float32), *people)
    stiffness = np.stack([joint_stiffness(d, config) for d in people])
    soles = tuple(first.geom(name.lower().replace(" ", "_")).id for name in SPHERE_NAMES)
    return BodyBank(base, leaves, dims, jnp.asarray(stiffness, jnp.float32), soles)
