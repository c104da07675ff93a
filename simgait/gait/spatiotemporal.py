"""Spatiotemporal parameters of a walk from its cycles and the paths of pelvis and heels.

The same code reads the simulated body and motion capture, so that truth and estimate never differ
by definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.gait.cycles import MAX_STRIDE_S
from simgait.gait.footprints import Footprints, footprints
from simgait.series.resampling import local_cubic
from simgait.skeleton.sides import SIDES, Side
from simgait.trials.world_paths import WalkPaths, left_of, progression, walk_direction
from simgait.types import Cycle, GaitEvent, Statistic

Step = tuple[Side, float, float]
"""Leading side, the other foot's initial contact before it (s), its own (s)."""
PARAMETER_NAMES: tuple[str, ...] = (
    "velocity_mps", "cadence_spm", "step_length_m", "step_width_m", "stride_length_m",
    "stride_time_s", "step_time_s", "stance_percent", "swing_percent", "single_support_percent",
    "double_support_percent",
)  # fmt: skip

DEFINITIONS: dict[str, str] = {
    "direction_of_progression": (
        "Horizontal displacement of the pelvis (midpoint of the hip joint centres) over the gait "
        "cycle that ends at the step's initial contact, or else the one that starts there, or "
        "the whole walk; on a treadmill the mean direction that the hips face over that cycle."
    ),
    "velocity_mps": (
        "Stride length divided by stride time of a gait cycle, as walkways report it. The pelvis "
        "travels as fast over many cycles; within one it may run ahead of the feet or lag behind."
    ),
    "cadence_spm": (
        "Steps (not strides) per minute: 120 divided by the stride time in s, which is the sum "
        "of the cycle's two step times."
    ),
    "footprint": (
        "Where a foot stands: the median position of its {heel} from 15 to 45 % of the time "
        "between its initial contact and its foot off. On a treadmill of unknown speed, where no "
        "foot stands still: both feet's {heel} positions at the leading foot's initial contact."
    ),
    "step_length_m": (
        "Distance along the direction of progression from the other foot's last footprint to this "
        "foot's; named by the leading foot; negative where it lands behind the other."
    ),
    "step_width_m": (
        "Distance across the direction of progression between the same two footprints; negative "
        "where the feet cross over."
    ),
    "stride_length_m": (
        "Distance along the direction of progression between successive footprints of one foot."
    ),
    "stride_time_s": "Time between successive initial contacts of the same foot.",
    "step_time_s": (
        "Time from the other foot's initial contact to this foot's; named by the foot that lands."
    ),
    "stance_percent": "Time from initial contact to foot off of the same foot, % of its stride.",
    "swing_percent": "100 minus stance percent.",
    "single_support_percent": (
        "Time from the other foot's foot off to its initial contact, % of this foot's stride."
    ),
    "double_support_percent": (
        "Initial plus terminal double support of this foot's own cycle (its initial contact to "
        "the other's foot off, and the other's initial contact to its foot off), % of the stride."
    ),
    "both": (
        "The column 'both' pools the values of left and right; SD has n - 1 in its denominator. "
        "The means of velocity, cadence, step length and step time are there, as on walkways, "
        "those of the steps whose length is known, left and right weighing the same: distance "
        "over time and steps over time, so that velocity is step length x cadence."
    ),
}


def statistic(values: Sequence[float]) -> Statistic:
    """Mean, SD (n - 1; NaN below two values) and count of the finite values."""
    finite = [float(v) for v in values if np.isfinite(v)]
    return Statistic(
        mean=float(np.mean(finite)) if finite else float("nan"),
        sd=float(np.std(finite, ddof=1)) if len(finite) > 1 else float("nan"),
        n=len(finite),
        values=tuple(finite),
    )


def _step_direction(
    paths: WalkPaths, cycles: Sequence[Cycle], side: Side, contact_s: float
) -> Float[np.ndarray, " 3"]:
    own = [c for c in cycles if c.side == side]
    for cycle in [c for c in own if c.end_s == contact_s] + [
        c for c in own if c.start_s == contact_s
    ]:
        direction = progression(paths, cycle.start_s, cycle.end_s)
        if np.isfinite(direction).all():
            return direction
    for cycle in cycles:
        if cycle.start_s <= contact_s <= cycle.end_s:
            direction = progression(paths, cycle.start_s, cycle.end_s)
            if np.isfinite(direction).all():
                return direction
    return walk_direction(paths)


def _steps(events: Sequence[GaitEvent]) -> list[Step]:
    """Leading side, other foot's initial contact, own initial contact, of every step."""
    contacts = sorted(
        (e for e in events if e.kind == "initial_contact"), key=lambda event: event.time_s
    )
    return [
        (b.side, a.time_s, b.time_s)
        for a, b in zip(contacts[:-1], contacts[1:], strict=True)
        if a.side != b.side and b.time_s - a.time_s < MAX_STRIDE_S
    ]


def _step_values(
    paths: WalkPaths,
    cycles: Sequence[Cycle],
    prints: Footprints,
    step: Step,
) -> tuple[float, float]:
    """Step length and width (m); NaN where one of the two footprints is not known."""
    side, previous_s, contact_s = step
    other: Side = "right" if side == "left" else "left"
    direction = _step_direction(paths, cycles, side, contact_s)
    if paths.travels:
        unknown = np.full((2, 3), np.nan)
        lead = prints.get((side, contact_s), unknown)[0]
        trail = prints.get((other, previous_s), unknown)[0]
    else:
        heels = local_cubic(paths.heel_m, paths.time_s, np.array([contact_s]))[0]
        lead, trail = (heels[SIDES.index(s)] for s in (side, other))
    leftward = lead - trail if side == "left" else trail - lead
    return float((lead - trail) @ direction), float(leftward @ left_of(direction))


def cycle_values(paths: WalkPaths, cycle: Cycle, prints: Footprints) -> dict[str, float]:
    """Parameters of one cycle; NaN for what its events, footprints or paths do not tell."""
    stride = cycle.end_s - cycle.start_s
    values = {"stride_time_s": stride, "cadence_spm": 120.0 / stride}
    direction = progression(paths, cycle.start_s, cycle.end_s)
    values["velocity_mps"] = values["stride_length_m"] = float("nan")
    if paths.travels:
        first, last = (prints.get((cycle.side, t)) for t in (cycle.start_s, cycle.end_s))
        if first is not None and last is not None:
            values["stride_length_m"] = float((last[0] - first[0]) @ direction)
            values["velocity_mps"] = values["stride_length_m"] / stride
    off = cycle.foot_off_s - cycle.start_s
    initial = cycle.opposite_foot_off_s - cycle.start_s
    terminal = cycle.foot_off_s - cycle.opposite_contact_s
    single = cycle.opposite_contact_s - cycle.opposite_foot_off_s
    # A foot that leaves before the other lands has no double support to measure (flight).
    walking = terminal >= 0.0
    values["stance_percent"] = 100.0 * off / stride
    values["swing_percent"] = 100.0 - values["stance_percent"]
    values["single_support_percent"] = 100.0 * single / stride
    values["double_support_percent"] = (
        100.0 * (initial + terminal) / stride if walking else float("nan")
    )
    return values


def spatiotemporal(
    paths: WalkPaths, events: Sequence[GaitEvent], cycles: Sequence[Cycle]
) -> dict[str, dict[str, Statistic]]:
    """Parameter name -> "left", "right", "both" -> statistic, as `DEFINITIONS` says.

    `events` and `cycles` must belong together (`cycles.gait_cycles(events)`). Velocity and stride
    length are NaN (n = 0) where the pelvis does not travel.
    """
    found: dict[str, dict[str, list[float]]] = {
        name: {side: [] for side in SIDES} for name in PARAMETER_NAMES
    }
    prints = footprints(paths, events)
    steps: list[tuple[Side, float, float]] = []
    for cycle in cycles:
        for name, value in cycle_values(paths, cycle, prints).items():
            found[name][cycle.side].append(value)
    for step in _steps(events):
        side, previous_s, contact_s = step
        length, width = _step_values(paths, cycles, prints, step)
        found["step_length_m"][side].append(length)
        found["step_width_m"][side].append(width)
        found["step_time_s"][side].append(contact_s - previous_s)
        steps.append((side, length, contact_s - previous_s))
    result = {
        name: {
            **{side: statistic(by_side[side]) for side in SIDES},
            "both": statistic([v for side in SIDES for v in by_side[side]]),
        }
        for name, by_side in found.items()
    }
    for name, mean in _means_over_steps(steps, paths.travels).items():
        if result[name]["both"].n:
            result[name]["both"] = replace(result[name]["both"], mean=mean)
    return result


def _means_over_steps(
    steps: Sequence[tuple[Side, float, float]], travels: bool
) -> dict[str, float]:
    """Means of both sides from steps (leading side, length in m, time in s).

    Steps of unknown length are left out of all of them. A walk has one step more of one side
    often, and in a limp that side would decide: each side weighs the same.
    """
    known = [step for step in steps if np.isfinite(step[1])]
    if not known:
        return {}
    sides = [[step[1:] for step in known if step[0] == side] for side in SIDES]
    length_m, time_s = np.mean([np.mean(own, axis=0) for own in sides if own], axis=0)
    means = {
        "step_length_m": float(length_m),
        "step_time_s": float(time_s),
        "cadence_spm": float(60.0 / time_s),
    }
    return means | ({"velocity_mps": float(length_m / time_s)} if travels else {})


def velocity_consistency_percent(
    velocity_mps: float, step_length_m: float, cadence_spm: float
) -> float:
    """How far step length x cadence / 60 lies from velocity, % of velocity.

    NaN where one is not known, or where nobody moves.
    """
    if not abs(velocity_mps) > 1e-6:
        return float("nan")
    return float(100.0 * (step_length_m * cadence_spm / 60.0 - velocity_mps) / velocity_mps)


def consistency_percent(parameters: Mapping[str, Mapping[str, Statistic]]) -> float:
    """`velocity_consistency_percent` of the three means of both sides, as a reader finds them."""
    return velocity_consistency_percent(
        *(parameters[n]["both"].mean for n in ("velocity_mps", "step_length_m", "cadence_spm"))
    )


def pelvis_lead_percent(
    paths: WalkPaths, parameters: Mapping[str, Mapping[str, Statistic]], cycles: Sequence[Cycle]
) -> float:
    """How much faster the pelvis travels than the footprints say, % of velocity.

    A walk that speeds up or slows down between its first and last footprint, or feet that slide.
    NaN where the pelvis does not travel or no footprint is known.
    """
    velocity = parameters["velocity_mps"]["both"].mean
    if not paths.travels or not cycles or not abs(velocity) > 1e-6:
        return float("nan")
    speeds = []
    for cycle in cycles:
        ends = np.array([cycle.start_s, cycle.end_s])
        pelvis = local_cubic(paths.pelvis_m, paths.time_s, ends)
        way = progression(paths, cycle.start_s, cycle.end_s)
        speeds.append(float((pelvis[1] - pelvis[0]) @ way / (cycle.end_s - cycle.start_s)))
    return 100.0 * (statistic(speeds).mean - velocity) / velocity
