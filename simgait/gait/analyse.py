"""From a simulated walk, or from motion capture, to its gait result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.curves import angle_curves, vertical_force_curves
from simgait.gait.cycles import gait_cycles
from simgait.gait.events import DEFAULT_EVENT_CONFIG, EventConfig, contact_events
from simgait.gait.forces import residual_force_percent_bw, residual_moment_percent_bw_height
from simgait.gait.matching import match_events, timing_error
from simgait.gait.spatiotemporal import (
    consistency_percent,
    pelvis_lead_percent,
    spatiotemporal,
)
from simgait.parameters.catalogue import definitions
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.world_paths import (
    WalkPaths,
    forward_of,
    progression,
    walk_direction,
    walk_paths,
)
from simgait.types import Cycle, GaitEvent, GaitResult, Rollout

NAN = float("nan")
MAX_RESIDUAL_PERCENT_BW = 10.0
MAX_DISAGREEMENT_MS = 60.0
MAX_TURN_DEG = 20.0
MIN_CYCLES = 2
MIN_OVERGROUND_MPS = 0.08  # slowest plausible walk (mobgap)
CONTACT_EVENTS = (
    "Initial contact and foot off from the vertical force under each simulated foot, threshold "
    "with hysteresis at {on:g} and {off:g} % of body weight."
)
KINEMATIC_EVENTS = (
    "Initial contact just after the {heel} is furthest ahead of the pelvis, foot off just before "
    "the {toe} is furthest behind it (Zeni et al. 2008), at a set share of the stance speed."
)
GIVEN_EVENTS = "Foot events as given with the recording."


def _turn_deg(paths: WalkPaths, cycles: Sequence[Cycle]) -> float:
    """Largest angle between the directions of progression of two cycles; 0 below two cycles."""
    ways = np.array([progression(paths, c.start_s, c.end_s) for c in cycles]).reshape(-1, 3)
    ways = ways[np.isfinite(ways).all(axis=-1)]
    if len(ways) < 2:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(ways @ ways.T, -1.0, 1.0))).max())


def _cycles_text(count: int) -> str:
    return f"{count} cycle{'' if count == 1 else 's'}"


def _warnings(paths: WalkPaths, cycles: Sequence[Cycle], disagreement_ms: float) -> list[str]:
    found = []
    for side in SIDES:
        n = sum(c.side == side for c in cycles)
        if n < MIN_CYCLES:
            found.append(
                f"Only {n} full {side} gait cycle{'' if n == 1 else 's'}: the {side} values say "
                "little about how this person walks."
            )
    missing = sum(
        not np.isfinite([c.foot_off_s, c.opposite_foot_off_s, c.opposite_contact_s]).all()
        for c in cycles
    )
    if missing:
        lack, whose = ("lacks", "its") if missing == 1 else ("lack", "their")
        found.append(
            f"{missing} of {_cycles_text(len(cycles))} {lack} an event; {whose} phases are missing."
        )
    airborne = sum(c.foot_off_s < c.opposite_contact_s for c in cycles)
    if airborne:
        found.append(
            f"In {airborne} of {_cycles_text(len(cycles))} a foot left the floor before the other "
            "landed: no double support there."
        )
    if disagreement_ms > MAX_DISAGREEMENT_MS:
        found.append(
            f"The events and the kinematic cross-check differ by {disagreement_ms:.0f} ms on "
            "average: phases and step times are doubtful."
        )
    if not paths.travels:
        found.append(
            "The pelvis does not travel though the feet walk (treadmill?): velocity and stride "
            "length are missing; give the belt speed."
        )
    else:
        ahead = np.nanmean(forward_of(paths.leftward_m), axis=0)
        if ahead @ walk_direction(paths) < -0.5:
            found.append("The person walks backwards, or left and right are swapped.")
    turn = _turn_deg(paths, cycles)
    if turn > MAX_TURN_DEG:
        found.append(
            f"The direction of walking changes by {turn:.0f} degrees: not a straight walk."
        )
    if paths.heel_name != "Heel":
        found.append(f"No heel keypoints: the {paths.heel_name.lower()} stands for the heel.")
    if paths.toe_name == "Ankle":
        found.append("No toe keypoints: kinematic foot offs use the ankle and come early.")
    return found


def _definitions(paths: WalkPaths, events: str) -> dict[str, str]:
    heel, toe = paths.heel_name.lower(), paths.toe_name.lower()
    texts = {name: text.format(heel=heel) for name, text in definitions().items()}
    return {
        **texts,
        "events": events,
        "kinematic_events": KINEMATIC_EVENTS.format(heel=heel, toe=toe),
        "curves": "101 points from one initial contact to the next of the same foot, clinical "
        "(Plug-in Gait) signs; pelvis per side: obliquity this side up +, rotation this side "
        "forward +, tilt anterior +.",
    }


def _assemble(
    paths: WalkPaths,
    events: tuple[GaitEvent, ...],
    zeni: tuple[GaitEvent, ...],
    time_s: Float[np.ndarray, " T"],
    angles_rad: Float[np.ndarray, "T A"] | None,
    event_definition: str,
    warnings: Sequence[str],
    forces: tuple[np.ndarray, np.ndarray, float] | None = None,
    residuals: tuple[float, float] = (NAN, NAN),
) -> GaitResult:
    cycles, cycle_warnings = gait_cycles(events)
    match = match_events(events, zeni)
    timing = timing_error(match)
    parameters = spatiotemporal(paths, events, cycles)
    return GaitResult(
        events=events,
        kinematic_events=zeni,
        event_disagreement_ms=timing.mae_ms,
        unmatched_events=timing.n_missed + timing.n_extra,
        cycles=cycles,
        parameters=parameters,
        curves_deg={} if angles_rad is None else angle_curves(time_s, angles_rad, cycles),
        vertical_force_percent_bw={} if forces is None else vertical_force_curves(*forces, cycles),
        residual_force_percent_bw=residuals[0],
        residual_moment_percent_bw_height=residuals[1],
        definitions=_definitions(paths, event_definition),
        warnings=(*warnings, *cycle_warnings, *_warnings(paths, cycles, timing.mae_ms)),
        consistency_percent=consistency_percent(parameters),
        pelvis_lead_percent=pelvis_lead_percent(paths, parameters, cycles),
    )


def analyse_rollout(rollout: Rollout, config: EventConfig = DEFAULT_EVENT_CONFIG) -> GaitResult:
    """Gait of the simulated body: events from its contact forces, distances from its feet.

    Frames from a fall on are left out; a body that falls at once gives a result without cycles.
    """
    warnings = []
    n_alive = len(rollout.alive) if not rollout.fell else int(np.argmin(rollout.alive))
    if rollout.fell:
        fall_s = rollout.time_s[n_alive]
        warnings.append(f"The simulated body fell at {fall_s:.2f} s; what comes after is left out.")
    if rollout.attempts > 1:
        warnings.append(
            f"The simulated body fell at first; this is attempt {rollout.attempts}, "
            + (
                "with a little noise on its actions."
                if rollout.attempts == 2
                else "with more help."
            )
        )
    n = max(n_alive, 4)
    time_s = rollout.time_s[:n]
    steps = rollout.substep_time_s <= time_s[-1] + 1e-9
    forces = (rollout.substep_time_s[steps], rollout.foot_force_n[steps], rollout.body_weight_n)
    paths = walk_paths(time_s, rollout.keypoints_m[:n], BODY_KEYPOINTS)
    residual_force = residual_force_percent_bw(rollout.residual_force_n[:n], rollout.body_weight_n)
    residual_moment = residual_moment_percent_bw_height(
        rollout.residual_moment_nm[:n], rollout.body_weight_n, float(rollout.dimensions.height_m)
    )
    if residual_force > MAX_RESIDUAL_PERCENT_BW:
        warnings.append(
            f"The walk leans on outside help: the residual force is {residual_force:.0f} % of "
            f"body weight (limit {MAX_RESIDUAL_PERCENT_BW:g} %), so forces are not physics."
        )
    return _assemble(
        paths=paths,
        events=contact_events(*forces, config),
        zeni=kinematic_events(paths),
        time_s=time_s,
        angles_rad=rollout.pose[:n, 3:],
        event_definition=CONTACT_EVENTS.format(
            on=100 * config.on_fraction_bw, off=100 * config.off_fraction_bw
        ),
        warnings=warnings,
        forces=forces,
        residuals=(residual_force, residual_moment),
    )


def analyse_markers(
    time_s: Float[np.ndarray, " T"],
    keypoints_m: Float[np.ndarray, "T K 3"],
    events: Sequence[GaitEvent] | None,
    angles_rad: Float[np.ndarray, "T A"] | None = None,
    keypoint_names: Sequence[str] = KEYPOINT_NAMES,
    belt_speed_mps: float | None = None,
) -> GaitResult:
    """Gait of a recorded walk, with the same definitions as the simulated one.

    Args:
        time_s: (T,) the clock of the events.
        keypoints_m: (T, K, 3) world positions, z up, with the pelvis's own travel.
        events: true foot events; None = take the kinematic ones, and say so.
        angles_rad: (T, A) columns `skeleton.ANGLE_NAMES` (a pose's columns 3 on), or None.
        keypoint_names: K names, canonical (`skeleton.keypoints`).
        belt_speed_mps: of a treadmill.

    Returns:
        result with NaN residuals and no forces.
    """
    paths = walk_paths(time_s, keypoints_m, keypoint_names, belt_speed_mps)
    zeni = kinematic_events(paths)
    heel, toe = paths.heel_name.lower(), paths.toe_name.lower()
    given = tuple(sorted(events, key=lambda e: e.time_s)) if events is not None else zeni
    return _assemble(
        paths=paths,
        events=given,
        zeni=zeni,
        time_s=paths.time_s,
        angles_rad=angles_rad,
        event_definition=(
            GIVEN_EVENTS if events is not None else KINEMATIC_EVENTS.format(heel=heel, toe=toe)
        ),
        warnings=(
            ()
            if events is not None
            else ("No foot events were given: kinematic events (Zeni) stand in for them.",)
        ),
    )
