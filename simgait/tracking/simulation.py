"""The physics of one control step: motors and residual wrench on a body that walks a clip."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int
from mujoco import mjx

from simgait.body.model import sole_growth_m, with_soles
from simgait.body.state import (
    QPOS_JOINTS,
    QVEL_JOINTS,
    pose_to_qpos,
    pose_velocity_to_qvel,
    qpos_to_pose,
    qvel_to_pose_velocity,
)
from simgait.clock import CONTROL_RATE_HZ
from simgait.pytrees import register_parts
from simgait.skeleton.coordinates import HORIZONTAL, JOINTS, POSITION
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.tracking.actions import N_RESIDUAL, Action, action_size, split_action
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import ControlConfig, TrackingConfig
from simgait.tracking.foot_guidance import foot_places, guiding_torque_nm
from simgait.tracking.moment import Moment
from simgait.tracking.residual import residual_bounds, residual_units, root_error, root_feedback

LARGEST_WALKING_LOAD_BW = 1.3  # peaks of level walking stay below
CONTACT_LOAD_BW = 0.05  # from which `gait.events` takes a foot for standing
# Under direct torque this share of the model's own joint damping is undone: a motor has little.
UNDAMPED_SHARE = 0.9


@dataclass(frozen=True)
class Physics:
    """The part of `mjx.Data` that must live between control steps, and the last loads.

    Of one environment; or of many side by side, which all lie along the same leading axes.

    Attributes:
        qpos, qvel, acceleration: MuJoCo's, see `body.state`.
        foot_force_n: (S, 2, 3) on each foot in each of S physics steps.
        joint_torque_nm: (J,) mean over the control step.
        residual: (6,) mean residual force (N) and moment (N·m) over the control step.
    """

    qpos: Float[Array, "*E Q"]
    qvel: Float[Array, "*E D"]
    acceleration: Float[Array, "*E D"]
    foot_force_n: Float[Array, "*E S 2 3"]
    joint_torque_nm: Float[Array, "*E J"]
    residual: Float[Array, "*E 6"]


register_parts(Physics)


def start_physics(
    config: TrackingConfig, pose: Float[Array, " D"], velocity: Float[Array, " D"]
) -> Physics:
    """A body in a given pose (m, rad) and motion that nothing has touched yet."""
    return Physics(
        pose_to_qpos(pose),
        pose_velocity_to_qvel(pose, velocity),
        jnp.zeros_like(velocity),
        jnp.zeros((config.control.substeps, 2, 3)),
        jnp.zeros(config.body.skeleton.n_joints),
        jnp.zeros(N_RESIDUAL),
    )


def foot_forces(data: mjx.Data) -> Float[Array, "2 3"]:
    """Force (N) of the floor on each foot, world axes.

    A pyramidal cone of condim 3 has four edge forces per contact: their sum is the normal force,
    their differences times friction the tangential ones (MuJoCo documentation, Computation).
    """
    contact = data._impl.contact
    edges = data._impl.efc_force[contact.efc_address[:, None] + jnp.arange(4)]
    normal = edges.sum(-1)
    mu = contact.friction[:, :2]
    first = (edges[:, 0] - edges[:, 1]) * mu[:, 0]
    second = (edges[:, 2] - edges[:, 3]) * mu[:, 1]
    local = jnp.stack([normal, first, second], axis=-1)
    world = jnp.einsum("ck,ckj->cj", local, contact.frame)
    # As many spheres a foot, left foot first. Where a contact is open its rows hold no force.
    return world.reshape(2, -1, 3).sum(1)


@dataclass(frozen=True)
class _Course:
    """What the clip holds during one control step; each a pair: at its start and at its end."""

    pose: tuple[Float[Array, " D"], Float[Array, " D"]]
    standing: tuple[Float[Array, " 2"], Float[Array, " 2"]]
    hover_m: tuple[Float[Array, " 2"], Float[Array, " 2"]]

    @property
    def rate(self) -> Float[Array, " D"]:
        """Rates of the pose over the step."""
        return (self.pose[1] - self.pose[0]) * CONTROL_RATE_HZ


def _course(
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    path_offset_m: Float[Array, " 2"],
) -> _Course:
    last = clips.length[clip] - 1
    begin, end = frame, jnp.minimum(frame + 1, last)
    begin = jnp.minimum(begin, last)

    def pair(values: Array) -> tuple[Array, Array]:
        return values[clip, begin], values[clip, end]

    first, second = pair(clips.reference_pose)
    pose = first.at[HORIZONTAL].add(path_offset_m), second.at[HORIZONTAL].add(path_offset_m)
    return _Course(pose, pair(clips.contact_probability), pair(clips.hover_m))


def _between(ends: tuple[Array, Array], share: Float[Array, ""]) -> Array:
    start, end = ends
    return start + share * (end - start)


@dataclass(frozen=True)
class _Motors:
    """What drives the joints during one control step."""

    control: ControlConfig
    action: Action
    stiffness: Float[Array, " J"]
    damping: Float[Array, " J"]
    limit_nm: Float[Array, " J"]
    course: _Course

    def torque_nm(
        self, angle: Float[Array, " J"], rate: Float[Array, " J"], share: Float[Array, ""]
    ) -> Float[Array, " J"]:
        """Joint torques at a share of the control step."""
        asked, mode = self.action.joints, self.control.mode
        if mode == "reference_pd":
            start, end = self.course.pose
            target = start[JOINTS] + share * (end - start)[JOINTS] + self.control.offset_rad * asked
            # Damping about the moving reference; the model itself damps about rest.
            torque = self.stiffness * (target - angle) + self.damping * self.course.rate[JOINTS]
        elif mode == "pd":
            torque = self.stiffness * (self.control.range_rad * asked - angle)
        elif mode == "pd_learned_gains":
            spring = (
                self.stiffness * self.action.stiffness * (self.control.range_rad * asked - angle)
            )
            # Damping learned per joint replaces the model's own (undone here, bounded above by it).
            torque = spring + self.damping * (1.0 - self.action.damping) * rate
        else:
            torque = self.limit_nm * asked + UNDAMPED_SHARE * self.damping * rate
        return jnp.clip(torque, -self.limit_nm, self.limit_nm)


@dataclass(frozen=True)
class _Helper:
    """The residual wrench on the pelvis during one control step: force (N), then moment (N·m)."""

    control: ControlConfig
    asked: Float[Array, " 6"]
    bound: Float[Array, " 6"]
    unit: Float[Array, " 6"]
    scale: Float[Array, ""]
    leg_m: Float[Array, ""]
    course: _Course

    def wrench(
        self, qpos: Float[Array, " Q"], qvel: Float[Array, " D"], share: Float[Array, ""]
    ) -> Float[Array, " 6"]:
        """What the policy asks and the feedback, within the bounds, at a share of the step.

        At every physics step: held over a whole control step, its damper would be unstable.
        """
        wanted_pose = _between(self.course.pose, share)
        error = root_error(wanted_pose, self.course.rate, qpos, qvel, self.leg_m)
        wanted = self.asked + root_feedback(self.control, error) * self.unit
        return self.scale * jnp.clip(wanted, -self.bound, self.bound)


def simulate(
    config: TrackingConfig,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    physics: Physics,
    action: Float[Array, " A"],
    path_offset_m: Float[Array, " 2"],
) -> Physics:
    """One control step: `substeps` physics steps under an action in [-1, 1]."""
    control = config.control
    model, dims = clips.bodies.select(clip), clips.bodies.dimensions(clip)
    course = _course(clips, clip, frame, path_offset_m)
    stiffness = clips.bodies.stiffness_nm_per_rad[clip]
    damping = config.body.joint_damping_ratio_s * stiffness
    torque_limit = model.actuator_forcerange[N_RESIDUAL:, 1]
    parts = split_action(action, clips.bodies.skeleton.n_joints)
    motors = _Motors(control, parts, stiffness, damping, torque_limit, course)
    bound, unit = residual_bounds(control, dims), residual_units(dims)
    helper = _Helper(
        control, parts.residual * bound, bound, unit, clips.residual_scale[clip], dims.leg_m, course
    )
    skeleton = clips.bodies.skeleton
    start, end = (foot_places(pose, dims, skeleton)[0] for pose in course.pose)
    wanted_feet_m = (start, end)

    def guidance(data: mjx.Data, share: Array, load_n: Array) -> Array:
        return guiding_torque_nm(
            qpos_to_pose(data.qpos),
            _between(course.pose, share)[POSITION],
            _between(wanted_feet_m, share),
            load_n,
            clips.springs[clip],
            dims,
            skeleton,
        )

    def substep(
        carry: tuple[mjx.Data, Array], share: Array
    ) -> tuple[tuple[mjx.Data, Array], tuple[Array, ...]]:
        data, load_n = carry
        applied = motors.torque_nm(data.qpos[QPOS_JOINTS], data.qvel[QVEL_JOINTS], share)
        applied = jnp.clip(
            applied + guidance(data, share, load_n), -motors.limit_nm, motors.limit_nm
        )
        residual = helper.wrench(data.qpos, data.qvel, share)
        standing, hover_m = _between(course.standing, share), _between(course.hover_m, share)
        growth_m = sole_growth_m(standing, hover_m, dims.leg_m, config.body)
        shod = with_soles(model, clips.bodies.soles, growth_m)
        data = mjx.step(shod, data.replace(ctrl=jnp.concatenate([residual, applied])))
        forces = foot_forces(data)
        return (data, forces[:, 2]), (forces, applied, residual)

    data = mjx.make_data(clips.bodies.base).replace(qpos=physics.qpos, qvel=physics.qvel)
    data = data.replace(qacc_warmstart=physics.acceleration)
    shares = (jnp.arange(control.substeps) + 1.0) / control.substeps
    first = (data, physics.foot_force_n[-1, :, 2])
    (data, _), (forces, torques, residuals) = jax.lax.scan(substep, first, shares)
    torque_nm, residual = torques.mean(0), residuals.mean(0)
    return Physics(data.qpos, data.qvel, data.qacc_warmstart, forces, torque_nm, residual)


def moment_of(
    config: TrackingConfig,
    clips: ClipBank,
    clip: Int[Array, ""],
    frame: Int[Array, ""],
    physics: Physics,
    path_offset_m: Float[Array, " 2"],
    actions: tuple[Float[Array, " A"], Float[Array, " A"]] | None = None,
) -> Moment:
    """The environment's now, in skeleton coordinates.

    Args:
        config: of the environment.
        clips: the walks.
        clip: which of them.
        frame: of the clip.
        physics: the body's state and its last loads.
        path_offset_m: by which the reference's path is moved.
        actions: the last one and the one before; None where an episode starts.
    """
    dims = clips.bodies.dimensions(clip)
    still = jnp.zeros(action_size(config))
    action, previous = (still, still) if actions is None else actions
    pose = qpos_to_pose(physics.qpos)
    loads = physics.foot_force_n[..., 2] / (dims.mass_kg * GRAVITY_MPS2)
    return Moment(
        clips=clips,
        clip=clip,
        frame=frame,
        pose=pose,
        pose_velocity=qvel_to_pose_velocity(pose, physics.qvel),
        foot_load_bw=loads[-1],
        stood=(loads > CONTACT_LOAD_BW).astype(jnp.float32).mean(0),
        impact=jnp.mean(jnp.square(jnp.maximum(loads - LARGEST_WALKING_LOAD_BW, 0.0))),
        path_offset_m=path_offset_m,
        action=action,
        previous_action=previous,
        # What acted is priced, feedback included.
        residual_share=physics.residual / residual_bounds(config.control, dims),
        dims=dims,
    )
