"""Synthetic walkers ("walkers-v1"): exact walks of people with many gaits and body sizes.

Footholds and events are planned first, so that step length, cadence, width and velocity are true
by construction; the pelvis runs above them, the legs follow (see `synthetic_legs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.parameters.normative_curves import mean_spline
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.sides import SIDES
from simgait.synthetic.walkers import legs
from simgait.synthetic.walkers.plan import HEEL, Plan, pelvis
from simgait.synthetic.walkers.specification import (
    PATTERNS,
    VERSION,
    Pattern,
    WalkerSpec,
    draw_walker,
    walker_seed,
)
from simgait.types import EventKind, GaitEvent

__all__ = [
    "PATTERNS", "VERSION", "Pattern", "WalkTruth", "WalkerSpec", "draw_walker", "walk",
    "walker_seed",
]  # fmt: skip


_LANDING_RATE = np.radians([400.0, 400.0, 250.0, 300.0])
"""Largest rates (rad/s) of the leg coordinates that swing prepares for; the rest is the impact."""


@dataclass(frozen=True)
class WalkTruth:
    """One exact walk in the world heading frame (x forward). Pairs are (left, right).

    Attributes:
        pose: (T, D) skeleton coordinates, see `skeleton.default.POSE_NAMES`.
        contact: (T, 2) 1 while the foot stands, else 0.
        events: initial contacts and foot offs from 0 to the last frame, finer than the frames.
        foothold_m: (K, 2) heel keypoint of the standing foot for every contact in `step_time_s`
            order (also those just before the walk), x and y; `foothold_s` (K,) the contact times,
            `foothold_side` (K,) 0 left, 1 right.
        velocity_mps, cadence_spm, step_length_m, step_width_m, stride_length_m, stride_time_s,
            stance_fraction: means over the steps that begin and end within the walk, from the
            footholds: velocity = step length x cadence / 60 exactly. NaN where there is no step.
    """

    spec: WalkerSpec
    time_s: Float[np.ndarray, " T"]
    pose: Float[np.ndarray, "T D"]
    contact: Float[np.ndarray, "T 2"]
    events: tuple[GaitEvent, ...]
    foothold_m: Float[np.ndarray, "K 2"]
    foothold_s: Float[np.ndarray, " K"]
    foothold_side: Int[np.ndarray, " K"]
    velocity_mps: float
    cadence_spm: float
    step_length_m: tuple[float, float]
    step_width_m: float
    stride_length_m: float
    stride_time_s: float
    stance_fraction: tuple[float, float]

    @property
    def dimensions(self) -> Dimensions:
        """The walker's `skeleton.dimensions.Dimensions`."""
        return self.spec.dimensions


def _end_correction(
    s: Float[np.ndarray, "M 1"],
    values: tuple[Float[np.ndarray, "M 4"], Float[np.ndarray, "M 4"]],
    rates: tuple[Float[np.ndarray, "M 4"], Float[np.ndarray, "M 4"]],
) -> Float[np.ndarray, "M 4"]:
    """Smooth curve on s = 0..1 with the given end values and end rates (per unit of s).

    Rates die out near their own end: a cubic through both would carry the fast foot pitch of
    push-off far into swing.
    """
    early, late = 0.35, 0.30
    after = np.clip(1.0 - s / early, 0.0, 1.0)
    before = np.clip(1.0 - (1.0 - s) / late, 0.0, 1.0)
    return (
        values[0] * (1.0 - legs.ramp(s, 0.0, 0.7))
        + values[1] * legs.ramp(s, 0.3, 1.0)
        + rates[0] * s * after**2
        - rates[1] * (1.0 - s) * before**2
    )


def _leg_coordinates(plan: Plan, at: legs.StepTimes) -> Float[np.ndarray, "... 4"]:
    """Limb angle, sideways limb angle, knee flexion and foot pitch (rad) of the standing leg."""
    ankle, pitch, hip = legs.stance(plan, at)
    limb = ankle - hip
    length = np.linalg.norm(limb, axis=-1)
    a, b = plan.spec.dimensions.thigh_m, plan.spec.dimensions.shank_m
    knee = np.arccos(np.clip((length**2 - a**2 - b**2) / (2 * a * b), -1.0, 1.0))
    sagittal = np.arctan2(limb[..., 0], -limb[..., 2])
    return np.stack([sagittal, np.arcsin(limb[..., 1] / length), knee, pitch], axis=-1)


def _swing_shape(plan: Plan, at: legs.StepTimes) -> Float[np.ndarray, "... 4"]:
    """What the leg coordinates would be in swing without regard to the stance around it."""
    spec, side, w = plan.spec, plan.side[at.step], np.mod(at.warped, 1.0)
    scale = np.mean(spec.step_length_m) / (0.78 * spec.dimensions.leg_m)
    s = np.clip((at.cycle - at.foot_off) / (1.0 - at.foot_off), 0.0, 1.0)
    outward = np.where(side == 0, 1.0, -1.0)
    arc = np.array(spec.circumduction_m)[side] / spec.dimensions.leg_m
    drop = np.radians(np.array(spec.swing_drop_deg))[side] * np.sin(np.pi * s) ** 2
    knee = legs.knee_target(plan, at)
    # A shank that the knee leaves more upright takes the toes up with it.
    stiff = np.maximum(np.radians(mean_spline("knee_flexion")(w)) - knee, 0.0)
    return np.stack(
        [
            np.radians(scale * legs.LIMB_CURVE(w)),
            outward * arc * np.sin(np.pi * s) ** 2,
            knee,
            np.radians(legs.PITCH_CURVE(w)) + stiff - drop,
        ],
        axis=-1,
    )


def _swing(
    plan: Plan, t: Float[np.ndarray, " M"], step: Int[np.ndarray, " M"]
) -> tuple[Float[np.ndarray, "M 3"], Float[np.ndarray, " M"]]:
    """Ankle and foot pitch of the foot that left the floor after contact `step`."""
    nudge = 1e-3
    begin, end = plan.foot_off_s[step], plan.contact_s[step + 2]
    span = end - begin
    s = (t - begin) / span
    off = [_leg_coordinates(plan, legs.step_times(plan, begin - d, step)) for d in (0.0, nudge)]
    on = [_leg_coordinates(plan, legs.step_times(plan, end + d, step + 2)) for d in (0.0, nudge)]
    shape_off = [_swing_shape(plan, legs.step_times(plan, begin + d, step)) for d in (0.0, nudge)]
    shape_on = [_swing_shape(plan, legs.step_times(plan, end - d, step)) for d in (1e-9, nudge)]
    per_s = (span / nudge)[:, None]
    landing = np.clip((on[1] - on[0]) / nudge, -_LANDING_RATE, _LANDING_RATE) * nudge
    correction = _end_correction(
        s[:, None],
        (off[0] - shape_off[0], on[0] - shape_on[0]),
        (
            (off[0] - off[1] - shape_off[1] + shape_off[0]) * per_s,
            (landing - shape_on[0] + shape_on[1]) * per_s,
        ),
    )
    leg = _swing_shape(plan, legs.step_times(plan, t, step)) + correction
    sagittal, sideways, knee, pitch = np.moveaxis(leg, -1, 0)
    side = plan.side[step]
    hip, _, _ = legs.hip_joint(plan, t, side)
    length = legs.limb_length(
        plan, np.radians(2.0) + legs.soft_positive(knee - np.radians(2.0), 0.01)
    )
    direction = np.stack(
        [
            np.sin(sagittal) * np.cos(sideways),
            np.sin(sideways),
            -np.cos(sagittal) * np.cos(sideways),
        ],
        axis=-1,
    )
    ankle = hip + length[:, None] * direction
    forward = legs.heading(plan, side)
    foot = legs.foot_matrix(legs.leg_axis(hip, ankle, forward), forward, pitch)
    # Clearance: at least a low arch that is flat at both ends, so that contact stays smooth.
    arch = 16.0 * (s * (1.0 - s)) ** 2
    least = legs.ankle_above_floor(plan, side, foot) + 0.007 * arch
    lift = legs.soft_positive(least - ankle[:, 2], 0.008 * arch + 1e-6)
    ankle[:, 2] += lift
    return ankle, pitch


def _joint_angles(
    plan: Plan,
    side: Int[np.ndarray, " T"],
    t: Float[np.ndarray, " T"],
    ankle: Float[np.ndarray, "T 3"],
    pitch: Float[np.ndarray, " T"],
) -> Float[np.ndarray, "T 5"]:
    """Hip flexion, adduction, rotation, knee flexion, ankle dorsiflexion (rad), closed form."""
    dims = plan.spec.dimensions
    hip, pelvis_matrix, _ = legs.hip_joint(plan, t, side)
    forward = legs.heading(plan, side)
    axis = legs.leg_axis(hip, ankle, forward)
    limb = hip - ankle
    length = np.linalg.norm(limb, axis=-1)
    a, b = dims.thigh_m, dims.shank_m
    knee = np.arccos(np.clip((length**2 - a**2 - b**2) / (2 * a * b), -1.0, 1.0))
    up = limb / length[:, None]
    lean = np.arctan2(b * np.sin(knee), a + b * np.cos(knee))[:, None]
    thigh_up = np.cos(lean) * up - np.sin(lean) * np.cross(axis, up)
    thigh = np.stack([np.cross(axis, thigh_up), axis, thigh_up], axis=-1)
    m = np.swapaxes(pelvis_matrix, -1, -2) @ thigh
    outward = np.where(side == 0, 1.0, -1.0)
    flexion = -np.arctan2(m[:, 0, 2], m[:, 2, 2])
    adduction = outward * np.arcsin(np.clip(m[:, 1, 2], -1.0, 1.0))
    rotation = -outward * np.arctan2(m[:, 1, 0], m[:, 1, 1])
    shank_up = hip - a * thigh_up - ankle
    shank_up /= np.linalg.norm(shank_up, axis=-1, keepdims=True)
    toes = legs.foot_matrix(axis, forward, pitch)[:, :, 0]
    dorsiflexion = np.arctan2((toes * shank_up).sum(-1), (toes * np.cross(axis, shank_up)).sum(-1))
    return np.stack([flexion, adduction, rotation, knee, dorsiflexion], axis=-1)


def _pose_at(
    plan: Plan, t: Float[np.ndarray, " T"]
) -> tuple[Float[np.ndarray, "T D"], Float[np.ndarray, "T 2"], Float[np.ndarray, "T 2"]]:
    """Pose, contact, and the heel keypoints' x (m, left and right) at times `t`."""
    middle, angles, _ = pelvis(plan, t)
    parts, contact, heel_x = [middle, angles], [], []
    dims = plan.spec.dimensions
    for side in (0, 1):
        mine = np.flatnonzero(plan.side == side)
        step = mine[np.searchsorted(plan.contact_s[mine], t, side="right") - 1]
        standing = t < plan.foot_off_s[step]
        ankle, pitch = np.empty((len(t), 3)), np.empty(len(t))
        if standing.any():
            at = legs.step_times(plan, t[standing], step[standing])
            ankle[standing], pitch[standing], _ = legs.stance(plan, at)
        if (~standing).any():
            ankle[~standing], pitch[~standing] = _swing(plan, t[~standing], step[~standing])
        sides = np.full(len(t), side)
        parts.append(_joint_angles(plan, sides, t, ankle, pitch))
        contact.append(standing.astype(float))
        hip, _, _ = legs.hip_joint(plan, t, sides)
        forward = legs.heading(plan, sides)
        foot = legs.foot_matrix(legs.leg_axis(hip, ankle, forward), forward, pitch)
        site = np.array(HEEL.of(dims))
        heel_x.append(ankle[:, 0] + foot[:, 0, :] @ site)
    return np.concatenate(parts, axis=-1), np.stack(contact, -1), np.stack(heel_x, -1)


def walk(spec: WalkerSpec, duration_s: float, fps_hz: float = 30.0) -> WalkTruth:
    """Let a walker walk straight ahead, already under way at time 0.

    Args:
        spec: from `draw_walker`.
        duration_s: length of the walk; frames lie at k / fps_hz below it, and at it.
        fps_hz: frame rate, up to 1000.

    Raises:
        InputError: duration or frame rate out of range.
    """
    if not 0.1 <= duration_s <= 600.0:
        raise InputError(f"Duration is {duration_s} s; ask for 0.1 to 600 s.")
    if not 5.0 <= fps_hz <= 1000.0:
        raise InputError(f"Frame rate is {fps_hz} Hz; ask for 5 to 1000 Hz.")
    plan = legs.complete_plan(spec, duration_s)
    time_s = np.arange(int(round(duration_s * fps_hz)) + 1) / fps_hz
    pose, contact, _ = _pose_at(plan, time_s)
    last_s = float(time_s[-1])
    shown = (plan.contact_s > -2.0 * spec.stride_time_s) & (plan.contact_s <= last_s)
    return WalkTruth(
        spec=spec,
        time_s=time_s,
        pose=pose,
        contact=contact,
        events=_events(plan, last_s),
        foothold_m=plan.foothold_m[shown],
        foothold_s=plan.contact_s[shown],
        foothold_side=plan.side[shown],
        **_step_means(plan, last_s),
    )


def _events(plan: Plan, last_s: float) -> tuple[GaitEvent, ...]:
    planned: list[tuple[Float[np.ndarray, " N"], EventKind]] = [
        (plan.contact_s, "initial_contact"),
        (plan.foot_off_s, "foot_off"),
    ]
    events = [
        GaitEvent(float(when), SIDES[int(side)], kind)
        for times, kind in planned
        for when, side in zip(times, plan.side, strict=True)
        if 0.0 <= when <= last_s
    ]
    return tuple(sorted(events, key=lambda e: e.time_s))


def _step_means(plan: Plan, last_s: float) -> dict[str, Any]:
    """`WalkTruth`'s means over the steps that begin and end within the walk, by field name."""
    nan = float("nan")
    means: dict[str, Any] = dict.fromkeys(_MEANS, nan) | dict.fromkeys(_MEANS_PER_SIDE, (nan, nan))
    within = np.flatnonzero((plan.contact_s >= 0.0) & (plan.contact_s <= last_s))
    steps = within[1:]
    if len(steps):
        ahead = np.diff(plan.foothold_m[:, 0], prepend=np.nan)
        side = plan.side[steps]
        duration_s = plan.contact_s[steps[-1]] - plan.contact_s[steps[0] - 1]
        stride_s = plan.contact_s[steps + 1] - plan.contact_s[steps - 1]
        share = (plan.foot_off_s[steps - 1] - plan.contact_s[steps - 1]) / stride_s
        travelled_m = plan.foothold_m[steps[-1], 0] - plan.foothold_m[steps[0] - 1, 0]
        sideways = plan.foothold_m[steps, 1] - plan.foothold_m[steps - 1, 1]
        means |= {
            "step_length_m": _per_side(ahead[steps], side),
            "stance_fraction": _per_side(share, 1 - side),
            "velocity_mps": float(travelled_m / duration_s),
            "cadence_spm": float(60.0 * len(steps) / duration_s),
            "step_width_m": float(np.mean(np.where(side == 0, sideways, -sideways))),
        }
    if len(steps) > 1:
        ends, starts = steps[1:], steps[1:] - 2
        ahead_m = plan.foothold_m[ends, 0] - plan.foothold_m[starts, 0]
        means |= {
            "stride_length_m": float(np.mean(ahead_m)),
            "stride_time_s": float(np.mean(plan.contact_s[ends] - plan.contact_s[starts])),
        }
    return means


_MEANS = ("velocity_mps", "cadence_spm", "step_width_m", "stride_length_m", "stride_time_s")
_MEANS_PER_SIDE = ("step_length_m", "stance_fraction")


def _per_side(values: Float[np.ndarray, " S"], side: Int[np.ndarray, " S"]) -> tuple[float, float]:
    left, right = (
        float(np.mean(values[side == s])) if (side == s).any() else float("nan") for s in (0, 1)
    )
    return left, right
