"""From a simulated walk, or from motion capture, to its gait result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.findings import Code, Finding, Value
from simgait.gait.centre_of_mass import mass_excursions
from simgait.gait.curves import angle_curves, vertical_force_curves
from simgait.gait.cycles import gait_cycles, without_steps
from simgait.gait.event_timing import timed_by_motion, without_unproved_landing
from simgait.gait.events import DEFAULT_EVENT_CONFIG, EventConfig, contact_events
from simgait.gait.footprints import Footprints, followed_footprints, footprints
from simgait.gait.forces import residual_force_percent_bw, residual_moment_percent_bw_height
from simgait.gait.joint_moments import joint_kinetics
from simgait.gait.matching import match_events, timing_error, unmatched_inside
from simgait.gait.scored_curves import scored_curves
from simgait.gait.spatiotemporal import (
    cycle_facts,
    missed_between,
    pelvis_lead_percent,
    spatiotemporal,
)
from simgait.gait_result import Cycle, GaitResult
from simgait.parameters.catalogue import definitions
from simgait.parameters.facts import CycleFacts
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import Skeleton
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.trajectories import (
    Trajectories,
    forward_of,
    progression,
    trajectories_of,
    walk_direction,
)
from simgait.types import GaitEvent, Rollout

NAN = float("nan")
MAX_RESIDUAL_PERCENT_BW = 10.0
"""RMS of the helper force. Hicks et al. (2015, J Biomech Eng 137:020905) allow residual forces of
5 % of the external force; twice that is worth a word."""
MAX_MOMENT_PERCENT_BW_HEIGHT = 7.0
"""RMS of the helper's moment. Bodies that were helped by force and moment in one proportion needed
this much beside a force of 10 % (41 walks that fell at first: docs/training.md); walks that stay up
by themselves have 2 to 5 %."""
MAX_DISAGREEMENT_MS = 60.0
"""Mean distance of foot events by force and by movement: about two frames of a 30 Hz recording, and
6 % of a cycle of 1 s, three SD of healthy people's stance."""
MAX_TURN_DEG = 20.0
"""Between the ways of two cycles, which sway turns by some 3°; a walk is one straight bout, whose
heading stays within 30° (`trials.preparation`)."""
MIN_CYCLES = 2
"""Of a side; the SD between cycles takes two."""
CONTACT_EVENTS = (
    "Initial contact and foot off from the vertical force under each simulated foot, threshold "
    "with hysteresis at {on:g} and {off:g} % of body weight; timed by heel and toe of the fitted "
    "body, at set shares of the stance speed, where they land or leave within 0.2 s."
)
KINEMATIC_EVENTS = (
    "Initial contact just after the {heel} is furthest ahead of the pelvis, foot off just before "
    "the {toe} is furthest behind it (Zeni et al. 2008), at a set share of the stance speed."
)
MEASURED_EVENTS = (
    "Initial contact where the measured heel has come to rest on the floor, foot off where the "
    "measured toe leaves its place, at a set share of the stance speed."
)
GIVEN_EVENTS = "Foot events as given with the recording."


def _turn_deg(paths: Trajectories, cycles: Sequence[Cycle]) -> float:
    """Largest angle between the directions of progression of two cycles; 0 below two cycles."""
    ways = np.array([progression(paths, c.start_s, c.end_s) for c in cycles]).reshape(-1, 3)
    ways = ways[np.isfinite(ways).all(axis=-1)]
    if len(ways) < 2:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(ways @ ways.T, -1.0, 1.0))).max())


def _cycle_findings(cycles: Sequence[Cycle]) -> Iterator[Finding]:
    counts = {side: sum(c.side == side for c in cycles) for side in SIDES}
    few = {side: n for side, n in counts.items() if n < MIN_CYCLES}
    if few:
        values: dict[str, Value] = {
            "least": MIN_CYCLES,
            "sides": tuple(few),
            "counts": tuple(few.values()),
        }
        yield Finding(Code.FEW_CYCLES, "note", values)
    lacking = sum(
        not np.isfinite([c.foot_off_s, c.opposite_foot_off_s, c.opposite_contact_s]).all()
        for c in cycles
    )
    if lacking:
        values = {"lacking": lacking, "cycles": len(cycles)}
        yield Finding(Code.EVENTS_MISSING, "note", values)
    airborne = sum(c.foot_off_s < c.opposite_contact_s for c in cycles)
    if airborne:
        yield Finding(Code.FLIGHT, values={"airborne": airborne, "cycles": len(cycles)})


def _path_findings(paths: Trajectories, cycles: Sequence[Cycle]) -> Iterator[Finding]:
    if not paths.travels:
        yield Finding(Code.NO_TRAVEL)
    elif np.nanmean(forward_of(paths.leftward_m), axis=0) @ walk_direction(paths) < -0.5:
        yield Finding(Code.BACKWARDS)
    turn_deg = _turn_deg(paths, cycles)
    if turn_deg > MAX_TURN_DEG:
        yield Finding(Code.TURNS, values={"turn_deg": turn_deg})
    if paths.heel_name != "Heel":
        yield Finding(Code.NO_HEEL, "note", {"instead": paths.heel_name})
    if paths.toe_name == "Ankle":
        yield Finding(Code.NO_TOE)


def _rollout_findings(
    rollout: Rollout, force_percent_bw: float, moment_percent_bw_height: float
) -> Iterator[Finding]:
    if rollout.fell:
        fall_s, end_s = rollout.time_s[np.argmin(rollout.alive)], rollout.time_s[-1]
        values = {"time_s": float(fall_s), "duration_s": float(end_s)}
        yield Finding(Code.FELL, "stop", values)
    if rollout.attempts > 1:
        yield Finding(Code.FELL_AT_FIRST, "note", {"attempt": rollout.attempts})
    yield from helper_findings(force_percent_bw, moment_percent_bw_height)


def helper_findings(force_percent_bw: float, moment_percent_bw_height: float) -> Iterator[Finding]:
    """What is said of a helper that does much, by its force and by its moment; NaN is not much."""
    if force_percent_bw > MAX_RESIDUAL_PERCENT_BW:
        values = {"percent_bw": force_percent_bw, "limit_percent_bw": MAX_RESIDUAL_PERCENT_BW}
        yield Finding(Code.HELPER_FORCES, values=values)
    if moment_percent_bw_height > MAX_MOMENT_PERCENT_BW_HEIGHT:
        turned = {
            "percent_bw_height": moment_percent_bw_height,
            "limit_percent_bw_height": MAX_MOMENT_PERCENT_BW_HEIGHT,
        }
        yield Finding(Code.HELPER_MOMENT, values=turned)


def _definitions(paths: Trajectories, events: str) -> dict[str, str]:
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


@dataclass(frozen=True)
class _EventSource:
    """Where the events of a walk come from, for its definitions and its findings."""

    definition: str
    words: str


def _assemble(
    paths: Trajectories,
    events: tuple[GaitEvent, ...],
    zeni: tuple[GaitEvent, ...],
    time_s: Float[np.ndarray, " T"],
    angles_rad: Float[np.ndarray, "T A"] | None,
    source: _EventSource,
    findings: Iterable[Finding],
    forces: tuple[np.ndarray, np.ndarray, float] | None = None,
    residuals: tuple[float, float] = (NAN, NAN),
    skeleton: Skeleton = TRIMMED_HUMANOID,
    prints: Footprints | None = None,
) -> GaitResult:
    own = footprints(paths, events) if prints is None else prints
    missed = missed_between(paths, events, own)
    cycles, left_out = gait_cycles(events)
    cycles, hiding = without_steps(cycles, missed)
    curves = {}
    if angles_rad is not None:
        curves = angle_curves(time_s, angles_rad, cycles, skeleton=skeleton)
    match = match_events(events, zeni)
    timing = timing_error(match)
    apart = []
    if timing.mae_ms > MAX_DISAGREEMENT_MS:
        values = {"ms": timing.mae_ms, "limit_ms": MAX_DISAGREEMENT_MS}
        apart.append(Finding(Code.EVENTS_DISAGREE, values=values, where=source.words))
    for side, start_s, end_s in missed:
        values = {"start_s": start_s, "end_s": end_s}
        apart.append(Finding(Code.STEP_HIDES_CONTACTS, "note", values, side))
    parameters, steps, denied = spatiotemporal(paths, events, cycles, own, missed)
    if denied is not None:
        values = dict(zip(("steps_mps", "pelvis_mps"), denied, strict=True))
        apart.append(Finding(Code.STEPS_DENIED, values=values))
    return GaitResult(
        events=events,
        kinematic_events=zeni,
        event_disagreement_ms=timing.mae_ms,
        unmatched_events=len(unmatched_inside(match)),
        cycles=cycles,
        parameters=parameters,
        curves_deg=curves,
        vertical_force_percent_bw={} if forces is None else vertical_force_curves(*forces, cycles),
        residual_force_percent_bw=residuals[0],
        residual_moment_percent_bw_height=residuals[1],
        definitions=_definitions(paths, source.definition),
        scored_curves_deg=scored_curves(paths, cycles, curves),
        findings=(
            *findings, *left_out, *hiding, *_cycle_findings(cycles), *apart,
            *_path_findings(paths, cycles),
        ),
        steps=steps,
        pelvis_lead_percent=pelvis_lead_percent(paths, parameters, cycles),
    )  # fmt: skip


def analyse_rollout(rollout: Rollout, config: EventConfig = DEFAULT_EVENT_CONFIG) -> GaitResult:
    """Gait of the simulated body: events from its contact forces, distances from its feet.

    The motion of the feet that it follows times those events (`gait.event_timing`).

    Events of measured feet bind where the rollout has them: a simulated foot lands up to 0.1 s late
    in a fast walk, and a person's phases differ from another's by a fifth of that.

    Frames from a fall on are left out; a body that falls at once gives a result without cycles.
    """
    n = _frames_upright(rollout)
    time_s = rollout.time_s[:n]
    steps = rollout.substep_time_s <= time_s[-1] + 1e-9
    forces = (rollout.substep_time_s[steps], rollout.foot_force_n[steps], rollout.body_weight_n)
    paths = trajectories_of(time_s, rollout.keypoints_m[:n], rollout.skeleton.keypoints)
    residual_force = residual_force_percent_bw(rollout.residual_force_n[:n], rollout.body_weight_n)
    residual_moment = residual_moment_percent_bw_height(
        rollout.residual_moment_nm[:n], rollout.body_weight_n, float(rollout.dimensions.height_m)
    )
    measured = _until(time_s[-1], rollout.measured_events)
    motion = _until(time_s[-1], rollout.foot_events)
    on, off = 100 * config.on_fraction_bw, 100 * config.off_fraction_bw
    by_force = _EventSource(CONTACT_EVENTS.format(on=on, off=off), "force")
    events = measured or without_unproved_landing(
        timed_by_motion(contact_events(*forces, config), motion), float(time_s[-1])
    )
    gait = _assemble(
        paths=paths,
        events=events,
        zeni=kinematic_events(paths),
        time_s=time_s,
        angles_rad=rollout.pose[:n, ANGLES],
        skeleton=rollout.skeleton,
        source=_EventSource(MEASURED_EVENTS, "the measured feet") if measured else by_force,
        findings=_rollout_findings(rollout, residual_force, residual_moment),
        forces=forces,
        residuals=(residual_force, residual_moment),
        prints=footprints_of_rollout(rollout, n, events),
    )
    return replace(
        gait,
        joint_kinetics=joint_kinetics(rollout, n, gait.cycles, residual_force, residual_moment),
        mass_excursions=mass_excursions(time_s, rollout.centre_of_mass_m[:n], gait.cycles, paths),
    )


def _frames_upright(rollout: Rollout) -> int:
    """Frames before a fall, at least as many as a derivative takes."""
    n_alive = len(rollout.alive) if not rollout.fell else int(np.argmin(rollout.alive))
    return max(n_alive, 4)


def cycle_facts_of_rollout(rollout: Rollout, gait: GaitResult) -> list[CycleFacts]:
    """What is known of each gait cycle of a simulated body, in the order of `gait.cycles`.

    Args:
        rollout: the simulated body.
        gait: of it, from `analyse_rollout`.
    """
    n = _frames_upright(rollout)
    paths = trajectories_of(rollout.time_s[:n], rollout.keypoints_m[:n], rollout.skeleton.keypoints)
    prints = footprints_of_rollout(rollout, n, gait.events)
    return [cycle_facts(paths, cycle, prints) for cycle in gait.cycles]


def footprints_of_rollout(
    rollout: Rollout, n_frames: int, events: Sequence[GaitEvent]
) -> Footprints:
    """Where a simulated body's feet stand (m).

    Where feet are measured it is where those stand that it follows, if its own are there
    (`gait.footprints.followed_footprints`). What was fitted to a detector's points is more alike
    left and right than the person (docs/history/phases.md): there its own feet tell.

    Args:
        rollout: the simulated body.
        n_frames: that count, from the first on.
        events: its contacts.
    """
    skeleton, time_s = rollout.skeleton, rollout.time_s[:n_frames]

    def prints_of(points_m: Float[np.ndarray, "T K 3"]) -> Footprints:
        return footprints(trajectories_of(time_s, points_m, skeleton.keypoints), events)

    own = prints_of(rollout.keypoints_m[:n_frames])
    if not rollout.measured_events:
        return own
    pose = rollout.reference_pose[:n_frames]
    followed_m = np.asarray(body_keypoints(pose, rollout.dimensions, skeleton), float)
    return followed_footprints(own, prints_of(followed_m))


def _until(last_s: float, events: Iterable[GaitEvent]) -> tuple[GaitEvent, ...]:
    return tuple(event for event in events if event.time_s <= last_s)


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
        angles_rad: (T, A) angles of the default body (`skeleton.default.ANGLE_NAMES`), or None.
        keypoint_names: K names, canonical (`skeleton.keypoints`).
        belt_speed_mps: of a treadmill.

    Returns:
        result with NaN residuals and no forces.
    """
    paths = trajectories_of(time_s, keypoints_m, keypoint_names, belt_speed_mps)
    zeni = kinematic_events(paths)
    heel, toe = paths.heel_name.lower(), paths.toe_name.lower()
    given = tuple(sorted(events, key=lambda e: e.time_s)) if events is not None else zeni
    return _assemble(
        paths=paths,
        events=given,
        zeni=zeni,
        time_s=paths.time_s,
        angles_rad=angles_rad,
        source=_EventSource(
            KINEMATIC_EVENTS.format(heel=heel, toe=toe) if events is None else GIVEN_EVENTS,
            "the recording's events",
        ),
        findings=[Finding(Code.EVENTS_NOT_GIVEN, "note")] if events is None else [],
    )
