"""The plan of a synthetic walk: when and where the feet land, and the pelvis's path above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.interpolate import CubicSpline

from simgait.parameters.normative_curves import mean_spline
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.rotations import pelvis_rotation_matrix
from simgait.synthetic.walkers.specification import WalkerSpec

HEEL = TRIMMED_HUMANOID.site("Left Heel").at
"""The heel keypoint from the ankle."""


@dataclass(frozen=True)
class Plan:
    """Footholds and pelvis of one walk. N steps; step k is the one that ends with contact k.

    Attributes:
        contact_s: (N,) initial contacts, alternating sides.
        side: (N,) 0 left, 1 right.
        foothold_m: (N, 2) where the heel keypoint of the flat foot stands, x and y.
        foot_off_s: (N,) foot off of the foot that landed at contact k (NaN for the last).
        step_phase: time -> steps taken, smooth, = k at contact k.
        path: time -> pelvis x and y without the oscillations within a step.
        height: time -> mid-hip height (m).
    """

    spec: WalkerSpec
    contact_s: Float[np.ndarray, " N"]
    side: Int[np.ndarray, " N"]
    foothold_m: Float[np.ndarray, "N 2"]
    foot_off_s: Float[np.ndarray, " N"]
    step_phase: CubicSpline
    path: CubicSpline
    height: Any = None


def plan_steps(spec: WalkerSpec, duration_s: float) -> Plan:
    """Draw the steps of a walk that is already under way at time 0 and goes on past its end."""
    rng = np.random.default_rng([spec.seed, 2])
    margin = 2.5 * spec.stride_time_s
    n = int(np.ceil((duration_s + 2.0 * margin) / (0.5 * spec.stride_time_s))) + 3
    first = int(rng.integers(2))
    side = (np.arange(n) + first) % 2
    mean_time, mean_length = np.array(spec.step_time_s), np.array(spec.step_length_m)
    noise = np.clip(rng.normal(size=(n, 3)), -2.5, 2.5)
    times = mean_time[side] * (1.0 + spec.step_time_sd * noise[:, 0])
    lengths = mean_length[side] * (1.0 + spec.step_length_sd * noise[:, 1])
    width = 0.5 * spec.step_width_m + spec.step_width_sd_m * noise[:, 2] * 0.5
    contact = np.cumsum(times) - times[0] - margin - spec.start_phase * spec.stride_time_s
    foothold = np.stack([np.cumsum(lengths), np.where(side == 0, width, -width)], axis=-1)
    foothold[:, 0] -= np.interp(0.0, contact, foothold[:, 0])
    support = np.array(spec.double_support_s)[side] * (times / mean_time[side])
    foot_off = np.full(n, np.nan)
    foot_off[:-1] = contact[1:] + support[1:]

    # The pelvis runs at the speed of whole strides: averaging over three contacts takes out
    # differences between the left and the right step.
    reach = spec.reach_offset * spec.dimensions.foot_length_m
    middle = 0.5 * (foothold[1:] + foothold[:-1])
    weights = np.array([0.25, 0.5, 0.25])
    knot_t = np.convolve(contact[1:], weights, mode="valid")
    knots = np.stack([np.convolve(middle[:, i], weights, mode="valid") for i in (0, 1)], axis=-1)
    knots += np.array([reach, spec.sway_offset_m])
    return Plan(
        spec=spec,
        contact_s=contact,
        side=side,
        foothold_m=foothold,
        foot_off_s=foot_off,
        step_phase=CubicSpline(contact, np.arange(n)),
        path=CubicSpline(knot_t, knots),
    )


def _swing_bump(cycle: Float[np.ndarray, " T"]) -> Float[np.ndarray, " T"]:
    """0 in stance, a smooth hill in swing."""
    s = np.clip((cycle - 0.60) / 0.40, 0.0, 1.0)
    return np.sin(np.pi * s) ** 2


def pelvis(
    plan: Plan, t: Float[np.ndarray, " T"]
) -> tuple[Float[np.ndarray, "T 3"], Float[np.ndarray, "T 3"], Float[np.ndarray, "T 3 3"]]:
    """Mid-hip position (height 0 while not planned yet), pelvis angles (rad), pelvis matrix."""
    spec = plan.spec
    steps = plan.step_phase(t)
    leg = spec.dimensions.standing_hip_height_m
    # The sway of a linear inverted pendulum whose support jumps from foot to foot (first harmonic).
    pendulum = GRAVITY_MPS2 / leg
    stride_rate = 2.0 * np.pi / spec.stride_time_s
    sway = (2.0 / np.pi) * spec.step_width_m * pendulum / (pendulum + stride_rate**2)
    surge = 0.6 * np.mean(spec.step_length_m) / np.pi * pendulum
    surge /= pendulum + (2.0 * stride_rate) ** 2
    left_steps = steps - plan.side[0]  # even at left contacts
    position = np.zeros((*t.shape, 3))
    position[..., :2] = plan.path(t)
    position[..., 0] += surge * np.sin(2.0 * np.pi * (steps - 0.1))
    position[..., 1] += spec.sway_scale * sway * np.cos(np.pi * (left_steps - 0.55))
    if plan.height is not None:
        position[..., 2] = plan.height(t)

    cycle = np.mod(0.5 * left_steps, 1.0)
    tilt = spec.pelvis_tilt_deg + (mean_spline("pelvis_tilt")(cycle) - 10.0)
    obliquity = spec.pelvis_obliquity_scale * mean_spline("pelvis_obliquity")(cycle)
    obliquity = obliquity + spec.hike_deg[0] * _swing_bump(cycle)
    obliquity = obliquity - spec.hike_deg[1] * _swing_bump(np.mod(cycle + 0.5, 1.0))
    rotation = -spec.pelvis_rotation_scale * mean_spline("pelvis_rotation")(cycle)
    angles = np.radians(np.stack([tilt, obliquity, rotation], axis=-1))
    matrix = pelvis_rotation_matrix(angles[..., 0], angles[..., 1], angles[..., 2])
    return position, angles, matrix
