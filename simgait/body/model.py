"""A person's body as a MuJoCo model, and many bodies in one compiled program.

Sizes and masses come from the same `Skeleton` as forward kinematics, so that both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
from jaxtyping import Array, Float, Int
from mujoco import mjx

from simgait.body.config import BodyConfig
from simgait.errors import InputError
from simgait.pytrees import register_parts
from simgait.skeleton.dimensions import (
    ADULT_LEG_M,
    GRAVITY_MPS2,
    Dimensions,
    dimensions_from_height,
)
from simgait.skeleton.skeleton import PELVIS, Capsule, Inertia, Segment, Skeleton

# The adult (70 kg, 1.75 m) whom a config's torques and armatures are meant for.
REFERENCE_MASS_HEIGHT = 70.0 * 1.75
REFERENCE_MASS_HEIGHT2 = 70.0 * 1.75**2
# The array fields of an `mjx.Model` in which two bodies differ.
BODY_FIELDS = frozenset(
    ("actuator_acc0", "actuator_forcerange", "body_inertia", "body_invweight0", "body_ipos",
     "body_mass", "body_pos", "body_subtreemass", "dof_M0", "dof_armature", "dof_damping",
     "dof_invweight0", "geom_aabb", "geom_pos", "geom_rbound", "geom_size", "qpos0",
     "qpos_spring", "site_pos")
)  # fmt: skip
DRAWN_FIELDS = frozenset(("geom_quat",))
"""In which capsules differ, which are drawn and touch nothing: one person's do for all."""


def strength_scale(dims: Dimensions) -> float:
    """Joint strength relative to the reference adult: mass × height."""
    return float(dims.mass_kg * dims.height_m / REFERENCE_MASS_HEIGHT)


def _per_joint(values: Sequence[float], skeleton: Skeleton) -> Float[np.ndarray, " J"]:
    """What is given for each kind of joint, for each joint."""
    return np.array(values)[list(skeleton.kind_of_joint)]


def joint_stiffness(dims: Dimensions, config: BodyConfig) -> Float[np.ndarray, " J"]:
    """PD stiffness (N·m/rad) of the joints, `Skeleton.joint_names` order."""
    return _per_joint(config.joint_stiffness_nm_per_rad, config.skeleton) * strength_scale(dims)


def joint_damping(dims: Dimensions, config: BodyConfig) -> Float[np.ndarray, " J"]:
    """Of the dampers (N·m·s/rad) in the joints, `Skeleton.joint_names` order."""
    return config.joint_damping_ratio_s * joint_stiffness(dims, config)


def joint_armature(dims: Dimensions, config: BodyConfig) -> float:
    """Inertia (kg·m²) of the rotor in each joint."""
    return float(config.armature_kg_m2 * dims.mass_kg * dims.height_m**2 / REFERENCE_MASS_HEIGHT2)


def compile_body(dims: Dimensions, config: BodyConfig) -> mujoco.MjModel:
    """Compiles the config's body to one person's size, mass and inertia.

    Raises:
        InputError: XML and spec file of the body disagree.
    """
    skeleton = config.skeleton
    spec = mujoco.MjSpec.from_file(str(skeleton.xml))
    check_model(spec, skeleton)
    d = Dimensions(**{k: float(v) for k, v in vars(dims).items()})
    spec.option.timestep = config.timestep_s
    spec.option.iterations = config.solver_iterations
    spec.option.ls_iterations = config.line_search_iterations
    for segment in skeleton.segments:
        _size_segment(spec, segment, d)
    if config.carried_mass and skeleton.carrying:
        carried = spec.body(PELVIS)
        _set_inertia(carried, skeleton.carrying, d)
        carried.ipos = [0, 0, config.carried_com_height * d.height_m]
    for geom in spec.geoms:
        if geom.contype:
            geom.friction[0] = config.friction
            geom.solref = [config.contact_time_constant_s, 1.0]
    _set_joints(spec, d, config)
    return spec.compile()


def _set_joints(spec: mujoco.MjSpec, d: Dimensions, config: BodyConfig) -> None:
    """Damping, armature and strength of the joints; bounds of the residual wrench."""
    skeleton = config.skeleton
    damping = joint_damping(d, config)
    torque_limit = _per_joint(config.joint_torque_limit_nm, skeleton) * strength_scale(d)
    armature = joint_armature(d, config)
    for i, name in enumerate(skeleton.joint_names):
        joint = spec.joint(name)
        joint.damping[0] = damping[i]
        # (M + hD) a = τ - Dv is the implicit damping of MuJoCo's Euler integrator; carried in the
        # armature it needs one factorisation per step instead of two (and two batched ones at a
        # time deadlock in jaxlib 0.10's LAPACK calls on a two-core CPU).
        joint.armature = armature + config.timestep_s * damping[i]
        spec.actuator(name).forcerange = [-torque_limit[i], torque_limit[i]]
    weight_n = d.mass_kg * GRAVITY_MPS2
    for axis in "xyz":
        spec.actuator(f"residual_force_{axis}").forcerange = [-weight_n, weight_n]
        spec.actuator(f"residual_moment_{axis}").forcerange = [
            -weight_n * d.leg_m,
            weight_n * d.leg_m,
        ]


def _size_segment(spec: mujoco.MjSpec, segment: Segment, d: Dimensions) -> None:
    body = spec.body(segment.name)
    at = segment.at.of(d) if segment.parent else (0.0, 0.0, d.standing_hip_height_m)
    body.pos = list(at)
    _set_inertia(body, segment.inertia, d)
    for capsule in segment.capsules:
        _size_capsule(spec.geom(capsule.geom), capsule, d)
    for sphere in segment.spheres:
        geom = spec.geom(geom_name(sphere.name))
        geom.size[0] = sphere.radius.of(d)
        geom.pos = list(sphere.at.of(d))
    for site in segment.sites:
        spec.site(site.keypoint).pos = list(site.at.of(d))


def _set_inertia(body: mujoco.MjsBody, inertia: Inertia, d: Dimensions) -> None:
    body.mass = inertia.mass * d.mass_kg
    body.ipos = list(inertia.com.of(d))
    body.inertia = body.mass * np.square(np.multiply(inertia.gyration, getattr(d, inertia.of)))
    body.explicitinertial = True


def _size_capsule(geom: mujoco.MjsGeom, capsule: Capsule, d: Dimensions) -> None:
    geom.fromto = [*capsule.start.of(d), *capsule.end.of(d)]
    geom.size[0] = capsule.radius.of(d)


def geom_name(sphere: str) -> str:
    """What the XML calls a contact sphere: left_heel_sphere for "Left heel_sphere"."""
    return sphere.lower().replace(" ", "_")


def check_model(spec: mujoco.MjSpec, skeleton: Skeleton) -> None:
    """Compares what XML and spec file both say: joints, their order, axes and ranges, names.

    Raises:
        InputError: they disagree; the sentence says where.
    """
    where = f"{skeleton.xml.name} and {skeleton.xml.with_suffix('.toml').name} disagree:"
    joints = [joint for joint in spec.joints if joint.type == mujoco.mjtJoint.mjJNT_HINGE]
    if tuple(joint.name for joint in joints) != skeleton.joint_names:
        raise InputError(
            f"{where} the joints are {', '.join(j.name for j in joints)} in the one and "
            f"{', '.join(skeleton.joint_names)} in the other."
        )
    for joint, ours in zip(joints, skeleton.joints, strict=True):
        turn = ours.coordinate
        axis = turn.direction * np.eye(3)[turn.axis]
        if not np.array_equal(joint.axis, axis):
            raise InputError(f"{where} {turn.name} turns about {joint.axis} and about {axis}.")
        if not joint.range[0] <= turn.lower < turn.upper <= joint.range[1]:
            raise InputError(f"{where} the fit's range of {turn.name} is not within the model's.")
    named = {
        "body": [segment.name for segment in skeleton.segments],
        "geom": [capsule.geom for segment in skeleton.segments for capsule in segment.capsules]
        + [geom_name(name) for name in skeleton.sphere_names],
        "site": list(skeleton.keypoints),
        "actuator": list(skeleton.joint_names),
    }
    for what, names in named.items():
        missing = [name for name in names if getattr(spec, what)(name) is None]
        if missing:
            raise InputError(f"{where} the model has no {what} called {', '.join(missing)}.")


@dataclass(frozen=True)
class BodyBank:
    """Many bodies in one compiled program.

    Attributes:
        base: an `mjx.Model` whose static fields all bodies share.
        leaves: the array fields that differ between bodies, name -> (B, ...).
        dims: Dimensions with (B,) fields.
        stiffness_nm_per_rad: (B, J) PD stiffness.
        soles: geoms of the contact spheres, `Skeleton.spheres` order.
        skeleton: what body it is.
    """

    base: mjx.Model
    leaves: dict[str, Array]
    dims: Dimensions
    stiffness_nm_per_rad: Float[Array, "B J"]
    soles: tuple[int, ...]
    skeleton: Skeleton

    def select(self, index: Int[Array, ""]) -> mjx.Model:
        """The model of body `index`; under vmap, one body per environment."""
        return self.base.replace(**{name: leaf[index] for name, leaf in self.leaves.items()})

    def dimensions(self, index: Int[Array, "*N"]) -> Dimensions:
        """The dimensions of body `index`."""
        return jax.tree.map(lambda leaf: leaf[index], self.dims)


register_parts(BodyBank, fixed=("soles", "skeleton"))


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


@lru_cache(maxsize=8)
def _nobodys(config: BodyConfig) -> tuple[mujoco.MjModel, mjx.Model]:
    """The body that stands for all: a group's own would be another program for every group.

    Static fields hold lengths too (a geom's bounding radius).
    """
    model = compile_body(dimensions_from_height(1.75), config)
    # MJX binds its arrays to a device. What is made of them would be bound too and what is drawn
    # at first is not: JAX would compile every program of physics twice, once for either.
    # Of this process: where several are one training, the first device is another's.
    here = jax.local_devices()[0]
    bound = mjx.put_model(model, here, impl="jax")
    return model, jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf)), bound)


def build_body_bank(people: Sequence[Dimensions], config: BodyConfig) -> BodyBank:
    """Compiles each person on the host and stacks what differs between them.

    Stacking whole `mjx.Model`s fails on their static fields; copying only the differing array
    leaves keeps one static structure, and so one compiled program, for all bodies.
    """
    first, base = _nobodys(config)
    models = [compile_body(one, config) for one in people]
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
        elif name not in DRAWN_FIELDS and any(np.any(value != values[0]) for value in values):
            raise ValueError(f"model field {name} differs between bodies but is not in BODY_FIELDS")
    dims = jax.tree.map(lambda *v: jnp.asarray(np.stack(v), jnp.float32), *people)
    stiffness = np.stack([joint_stiffness(d, config) for d in people])
    skeleton = config.skeleton
    soles = tuple(first.geom(geom_name(name)).id for name in skeleton.sphere_names)
    return BodyBank(base, leaves, dims, jnp.asarray(stiffness, jnp.float32), soles, skeleton)
