"""Legs of a synthetic walk: the foot rolls over heel and forefoot, the knee follows a target curve.

In stance the ankle comes from the foot's contact with the floor; the heel rises as far as the knee
target needs it. In swing knee, limb angle and foot pitch follow the normative shapes, joined
smoothly to stance at both ends and lifted where the foot would not clear. Joint angles then follow
in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.interpolate import BSpline, CubicSpline, make_smoothing_spline

from simgait.parameters.normative_curves import FOOT_OFF_FRACTION, mean_spline
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.sides import SIDES
from simgait.synthetic.walkers.plan import HEEL, Plan, pelvis, plan_steps
from simgait.synthetic.walkers.specification import WalkerSpec

# Below 5° of flexion a leg grows no longer by more than a millimetre: the height of the hip says
# nothing of the knee any more.
_SMALLEST_KNEE = np.radians(5.0)
# A foot that stands on its hallux is upright at 90°; before that a foot off comes earlier.
_LARGEST_PLANNED_RISE = np.radians(80.0)
# Of the smoothing spline, per cubed step time: a choice, by which the hip's height has no kinks.
_HEIGHT_SMOOTHING = 6e-4
# Where on the normative curves the foot leaves: 1.5 % early, because a foot without a toe joint
# cannot reach the floor with a knee flexed as far as at the true foot off.
_KNEE_FOOT_OFF = FOOT_OFF_FRACTION - 0.015
# Chosen: rise of the heel that nothing holds back, and the most that it comes to.
_FREE_RISE, _LARGEST_RISE = np.radians(45.0), np.radians(72.0)
_DENSE = np.linspace(0.0, 1.0, 401)


def _normative_limb_curves() -> tuple[CubicSpline, CubicSpline]:
    """Direction hip to ankle (forward +) and foot pitch (toes up +), deg, over the cycle."""
    hip = mean_spline("hip_flexion")(_DENSE) - mean_spline("pelvis_tilt")(_DENSE)
    knee, ankle = mean_spline("knee_flexion")(_DENSE), mean_spline("ankle_dorsiflexion")(_DENSE)
    # Thigh and shank are equally long to 1 %, so the limb halves the knee angle.
    limb, pitch = hip - 0.5 * knee, hip - knee + ankle
    return tuple(
        CubicSpline(_DENSE, np.append(c[:-1], c[0]), bc_type="periodic") for c in (limb, pitch)
    )


LIMB_CURVE, PITCH_CURVE = _normative_limb_curves()


def ramp(
    x: Float[np.ndarray, "*N"],
    start: float | Float[np.ndarray, "*N"],
    end: float | Float[np.ndarray, "*N"],
) -> Float[np.ndarray, "*N"]:
    """0 up to `start`, 1 from `end`, between them smooth to the second derivative."""
    s = np.clip((x - start) / (end - start), 0.0, 1.0)
    return s**3 * (10.0 - 15.0 * s + 6.0 * s**2)


def soft_positive(
    x: Float[np.ndarray, "*N"], width: float | Float[np.ndarray, "*N"]
) -> Float[np.ndarray, "*N"]:
    """max(x, 0) with its corner rounded over `width`."""
    return 0.5 * (x + np.sqrt(x**2 + width**2))


@dataclass(frozen=True)
class StepTimes:
    """Where instants `t` lie in the cycles that begin with contacts `step` (arrays, same shape)."""

    t: Float[np.ndarray, "*N"]
    step: Int[np.ndarray, "*N"]
    cycle: Float[np.ndarray, "*N"]
    foot_off: Float[np.ndarray, "*N"]
    warped: Float[np.ndarray, "*N"]


def step_times(plan: Plan, t: Float[np.ndarray, "*N"], step: Int[np.ndarray, "*N"]) -> StepTimes:
    """Cycle fraction, the cycle's foot off, and the fraction warped to the normative foot off."""
    start = plan.contact_s[step]
    stride = plan.contact_s[step + 2] - start
    cycle = (t - start) / stride
    foot_off = (plan.foot_off_s[step] - start) / stride
    inside = np.clip(cycle, 0.0, 1.0)
    power = 3.0 * (1.0 - foot_off) / foot_off
    hill = (inside / foot_off) ** 3 * ((1.0 - inside) / (1.0 - foot_off)) ** power
    return StepTimes(t, step, cycle, foot_off, cycle + (_KNEE_FOOT_OFF - foot_off) * hill)


def knee_target(plan: Plan, at: StepTimes) -> Float[np.ndarray, "*N"]:
    """Knee flexion (rad) that the walker aims at."""
    spec, side, w = plan.spec, plan.side[at.step], np.mod(at.warped, 1.0)
    knee = mean_spline("knee_flexion")(w)
    loading, crouch = np.array(spec.loading_scale)[side], np.array(spec.crouch_deg)[side]
    peak = np.array(spec.swing_knee_deg)[side]
    in_loading = 1.0 - ramp(w, 0.30, 0.44)
    in_swing = ramp(w, 0.44, 0.58) * (1.0 - ramp(w, 0.85, 0.95))
    target = (
        knee
        + (loading - 1.0) * (knee - 8.0) * in_loading
        + ((peak - 12.0) / 48.5 - 1.0) * (knee - 12.0) * in_swing
        + crouch * (1.0 - 0.7 * in_swing)
    )
    return np.radians(6.0 + soft_positive(target - 6.0, 3.0))


def limb_length(plan: Plan, knee: Float[np.ndarray, "*N"]) -> Float[np.ndarray, "*N"]:
    """Hip to ankle (m) at a knee flexion (rad)."""
    a, b = plan.spec.dimensions.thigh_m, plan.spec.dimensions.shank_m
    return np.sqrt(a**2 + b**2 + 2.0 * a * b * np.cos(knee))


def hip_joint(
    plan: Plan, t: Float[np.ndarray, "*N"], side: Int[np.ndarray, "*N"]
) -> tuple[Float[np.ndarray, "*N 3"], Float[np.ndarray, "*N 3 3"], Float[np.ndarray, "*N 3"]]:
    """Hip joint centre, pelvis matrix and pelvis angles at times `t`."""
    middle, angles, matrix = pelvis(plan, t)
    half = 0.5 * plan.spec.dimensions.hip_width_m * np.where(side == 0, 1.0, -1.0)
    return middle + matrix[..., :, 1] * half[..., None], matrix, angles


def heading(plan: Plan, side: Int[np.ndarray, "*N"]) -> Float[np.ndarray, "*N 3"]:
    """Horizontal direction of the foot, from its progression angle."""
    angle = np.radians(np.array(plan.spec.toe_out_deg))[side] * np.where(side == 0, 1.0, -1.0)
    return np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=-1)


def foot_matrix(
    axis: Float[np.ndarray, "*N 3"],
    forward: Float[np.ndarray, "*N 3"],
    pitch: Float[np.ndarray, "*N"],
) -> Float[np.ndarray, "*N 3 3"]:
    """Foot to world: `axis` is the ankle axis (y), `forward` the level heading, toes up +."""
    up = np.cross(forward, axis)
    x = np.cos(pitch)[..., None] * forward + np.sin(pitch)[..., None] * up
    return np.stack([x, axis, np.cross(x, axis)], axis=-1)


def leg_axis(
    hip: Float[np.ndarray, "*N 3"],
    ankle: Float[np.ndarray, "*N 3"],
    forward: Float[np.ndarray, "*N 3"],
) -> Float[np.ndarray, "*N 3"]:
    """Knee and ankle axis: square to the limb and to the foot's heading."""
    axis = np.cross(hip - ankle, forward)
    return axis / np.linalg.norm(axis, axis=-1, keepdims=True)


def _sphere_offsets(
    plan: Plan, side: Int[np.ndarray, "*N"]
) -> tuple[Float[np.ndarray, "*N 3 3"], Float[np.ndarray, " 3"]]:
    """Sphere centres from the ankle in the foot frame (sphere, xyz), and radii (m)."""
    dims = plan.spec.dimensions
    spheres = np.array([sphere.at.of(dims) for sphere in TRIMMED_HUMANOID.spheres])
    per_foot = spheres.reshape(len(SIDES), TRIMMED_HUMANOID.spheres_per_foot, 3)
    radii = TRIMMED_HUMANOID.sphere_radii_m(dims)[: TRIMMED_HUMANOID.spheres_per_foot]
    return per_foot[side], radii


def ankle_above_floor(
    plan: Plan, side: Int[np.ndarray, "*N"], foot: Float[np.ndarray, "*N 3 3"]
) -> Float[np.ndarray, "*N"]:
    """Ankle height (m) at which the lowest contact sphere just touches the floor."""
    offsets, radii = _sphere_offsets(plan, side)
    reach = radii - np.einsum("...j,...sj->...s", foot[..., 2, :], offsets)
    top = reach.max(axis=-1)
    # A soft maximum keeps the change from one sphere to the next smooth, within 0.5 mm.
    width = 0.0004
    return top + width * np.log(np.exp((reach - top[..., None]) / width).sum(axis=-1))


def _footprint(
    plan: Plan, at: StepTimes
) -> tuple[Float[np.ndarray, "*N 3 2"], Float[np.ndarray, "*N 3"], Float[np.ndarray, "*N 3"]]:
    """Where the spheres of the flat foot stand, the foot's heading, and level across it."""
    side = plan.side[at.step]
    forward = heading(plan, side)
    level = np.cross(np.array([0.0, 0.0, 1.0]), forward)
    offsets, _ = _sphere_offsets(plan, side)
    ahead = offsets[..., 0:1] - HEEL.x.of(plan.spec.dimensions)
    printed = plan.foothold_m[at.step][..., None, :] + (
        ahead * forward[..., None, :2] + offsets[..., 1:2] * level[..., None, :2]
    )
    return printed, forward, level


def _heel_rise(
    plan: Plan, at: StepTimes, hip: Float[np.ndarray, "*N 3"]
) -> Float[np.ndarray, "*N"]:
    """Heel rise (rad) over the hallux that gives the knee its target; below 0 none is needed.

    Law of cosines on hip, hallux and ankle. Up to mid stance the target is held back, so that the
    foot stays flat.
    """
    printed, forward, level = _footprint(plan, at)
    offsets, _ = _sphere_offsets(plan, plan.side[at.step])
    straighten = np.radians(14.0) * (1.0 - ramp(at.warped, 0.25, 0.42))
    knee = np.maximum(knee_target(plan, at) - straighten, _SMALLEST_KNEE)
    limb = limb_length(plan, knee)
    lever_x, lever_z = offsets[..., 2, 0], -offsets[..., 2, 2]
    lever, rest = np.hypot(lever_x, lever_z), np.arctan2(lever_z, lever_x)
    height = plan.spec.dimensions.ankle_height_m - lever_z
    to_hip = hip - np.concatenate([printed[..., 2, :], height[..., None]], axis=-1)
    fore = (to_hip * forward).sum(-1)
    aside = (to_hip * level).sum(-1) + offsets[..., 2, 1]
    far, direction = np.hypot(fore, to_hip[..., 2]), np.arctan2(to_hip[..., 2], -fore)
    cosine = (far**2 + aside**2 + lever**2 - limb**2) / (2.0 * lever * far)
    return direction - np.arccos(np.clip(cosine, -1.0, 1.0)) - rest


def stance(
    plan: Plan, at: StepTimes, flat: bool = False
) -> tuple[Float[np.ndarray, "*N 3"], Float[np.ndarray, "*N"], Float[np.ndarray, "*N 3"]]:
    """Ankle position, foot pitch (rad, toes up +) and hip position while the foot stands.

    With `flat` the heel rises no more than an equinus foot does all through stance.
    """
    spec, side = plan.spec, plan.side[at.step]
    hip, _, _ = hip_joint(plan, at.t, side)
    printed, forward, _ = _footprint(plan, at)
    offsets, _ = _sphere_offsets(plan, side)

    contact = np.radians(np.array(spec.contact_pitch_deg))[side]
    rocker = np.array(spec.heel_rocker)[side]
    s = np.clip(at.cycle / rocker, 0.0, 1.0)
    equinus = np.radians(np.array(spec.equinus_deg))[side]
    landing = np.where(equinus > 0, 0.0, contact * (1.0 - s) ** 2 * (1.0 + s))
    on_heel = np.where(contact > 0, 1.0 - ramp(at.cycle, rocker, rocker + 0.12), 0.0)

    rise = _heel_rise(plan, at, hip)
    rise = equinus + soft_positive(rise - equinus, np.radians(1.5))
    beyond = np.maximum(rise - _FREE_RISE, 0.0)
    span = _LARGEST_RISE - _FREE_RISE
    rise = np.minimum(rise, _FREE_RISE) + span * np.tanh(beyond / span)
    if flat:
        rise = equinus
    later = ramp(at.cycle, 0.5 * rocker, rocker + 0.1)
    pitch = landing - equinus - (rise - equinus) * later

    ankle = np.concatenate([plan.foothold_m[at.step], np.full((*at.t.shape, 1), 0.08)], axis=-1)
    for _ in range(3):  # the ankle axis leans with the limb: a contraction, 1e-5 m after three
        foot = foot_matrix(leg_axis(hip, ankle, forward), forward, pitch)
        shifts = np.einsum("...ij,...sj->...si", foot[..., :2, :], offsets)
        from_heel = printed[..., 0, :] - shifts[..., 0, :]
        from_ball = printed[..., 2, :] - shifts[..., 2, :]
        ankle = np.concatenate(
            [
                on_heel[..., None] * from_heel + (1.0 - on_heel[..., None]) * from_ball,
                ankle_above_floor(plan, side, foot)[..., None],
            ],
            axis=-1,
        )
    return ankle, pitch, hip


def plan_height(plan: Plan) -> Plan:
    """Add the mid-hip height at which the stance knee follows its target from contact to 36 %.

    No standing leg is ever asked to reach farther than its smallest knee flexion allows.
    """
    n = len(plan.contact_s)
    steps = np.arange(1, n - 3)
    marks = np.array([0.0, 0.06, 0.13, 0.21, 0.31, 0.43, 0.56, 0.70])
    step = np.repeat(steps, len(marks))
    gap = np.diff(plan.contact_s)
    t = plan.contact_s[step] + np.tile(marks, len(steps)) * gap[step]
    at = step_times(plan, t, step)
    target = knee_target(plan, at)
    guess = 0.96 * plan.spec.dimensions.standing_hip_height_m
    trial = replace(plan, height=lambda s: np.full(np.shape(s), guess))
    ankle, _, hip = stance(trial, at, flat=True)
    hip_drop = hip[..., 2] - guess
    flat_m = np.hypot(hip[..., 0] - ankle[..., 0], hip[..., 1] - ankle[..., 1])

    def height_at(knee: Float[np.ndarray, " M"]) -> Float[np.ndarray, " M"]:
        reach = np.sqrt(np.maximum(limb_length(plan, knee) ** 2 - flat_m**2, 1e-4))
        return ankle[..., 2] + reach - hip_drop

    wanted, highest = height_at(target), height_at(np.full_like(flat_m, _SMALLEST_KNEE))
    aim = wanted.copy()
    for _ in range(5):
        spline = make_smoothing_spline(t, aim, lam=_HEIGHT_SMOOTHING * float(np.mean(gap)) ** 3)
        aim = aim - 1.3 * np.maximum(spline(t) - highest, 0.0)
    excess = float(np.maximum(spline(t) - highest, 0.0).max())
    return replace(plan, height=BSpline(spline.t, spline.c - excess, spline.k))


def complete_plan(spec: WalkerSpec, duration_s: float) -> Plan:
    """Steps and pelvis path such that every foot can stay on the floor until its foot off.

    Where the toe would be left too far behind, the pelvis moves back relative to the feet, by up to
    a tenth of the foot length; if that does not do, single foot offs come earlier.
    """
    for back in (0.0, 0.05, 0.10):
        moved = replace(spec, reach_offset=spec.reach_offset - back)
        plan = plan_height(plan_steps(moved, duration_s))
        late = _late_push_off(plan)
        if late.mean() < 0.2:
            break
    for _ in range(6):
        if not late.any():
            break
        foot_off = plan.foot_off_s.copy()
        step = np.flatnonzero(late)
        foot_off[step] -= 0.12 * (foot_off[step] - plan.contact_s[step + 1])
        plan = replace(plan, foot_off_s=foot_off)
        late = _late_push_off(plan)
    return plan


def _late_push_off(plan: Plan) -> Bool[np.ndarray, " N"]:
    """Steps whose heel would have to rise further than a foot can at its foot off."""
    late = np.zeros(len(plan.contact_s), dtype=bool)
    step = np.arange(1, len(late) - 3)
    at = step_times(plan, plan.foot_off_s[step], step)
    hip, _, _ = hip_joint(plan, at.t, plan.side[step])
    late[step] = _heel_rise(plan, at, hip) > _LARGEST_PLANNED_RISE
    return late
