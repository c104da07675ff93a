"""What the physics of a walk says of the person: centre of mass, net moments at the joints."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.body.config import BodyConfig
from simgait.body.model import joint_armature, joint_damping
from simgait.skeleton.coordinates import JOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import segment_frames
from simgait.skeleton.lengths import Place
from simgait.skeleton.skeleton import PELVIS


def centre_of_mass_m(
    pose: Float[np.ndarray, "T D"], dims: Dimensions, config: BodyConfig
) -> Float[np.ndarray, "T 3"]:
    """Of the whole body (m, world axes): its segments' centres of mass, weighed by their masses.

    Trunk, arms and head that are no segments ride on the pelvis: arms that swing move nothing.

    Args:
        pose: skeleton coordinates.
        dims: of the person.
        config: of the body, as `body.model.compile_body` takes it.
    """
    frames = segment_frames(np.asarray(pose, float), dims, config.skeleton)
    moment_m, mass = np.zeros((len(pose), 3)), 0.0
    carrying = config.skeleton.carrying if config.carried_mass else None
    for segment in config.skeleton.segments:
        inertia, frame = segment.inertia, frames[segment.name]
        at = frame.place(inertia.com, dims)
        if segment.name == PELVIS and carrying:
            inertia = carrying
            at = frame.place(Place(), dims)
            at = at + config.carried_com_height * dims.height_m * frame.axes[2]
        moment_m += inertia.mass * at
        mass += inertia.mass
    return moment_m / mass


def net_joint_moments_nm(
    torque_nm: Float[np.ndarray, "N J"],
    pose: Float[np.ndarray, "N+1 D"],
    velocity: Float[np.ndarray, "N+1 D"],
    step_s: float,
    dims: Dimensions,
    config: BodyConfig,
) -> Float[np.ndarray, "N J"]:
    """Net moments (N·m) with which the joints move the segments, each the mean of one frame.

    Of what a motor gives, its damper and the inertia of its rotor take a part: neither is the
    person's. Both are exact means, since MuJoCo's Euler step moves joints by the velocity at its
    end (q' = q + h v'), and damping acts at that velocity (`body.model`, on the armature).
    Each moment acts along its coordinate: a positive one at the hip flexes.

    Args:
        torque_nm: of the motors, mean over each frame, `Skeleton.joint_names` order.
        pose: skeleton coordinates where frames begin and end.
        velocity: their rates.
        step_s: length of a frame.
        dims: of the person.
        config: of the body.
    """
    rate = np.diff(pose[:, JOINTS], axis=0) / step_s
    acceleration = np.diff(velocity[:, JOINTS], axis=0) / step_s
    damper_nm = joint_damping(dims, config) * rate
    return torque_nm - damper_nm - joint_armature(dims, config) * acceleration
