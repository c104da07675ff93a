"""Spatiotemporal parameters of a walk from its cycles and the paths of pelvis and heels.

The same code reads the simulated body and motion capture, so that truth and estimate never differ
by definition.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.gait.cycles import MAX_STRIDE_S, MIN_STRIDE_S
from simgait.gait.footprints import Footprints, went_on
from simgait.gait_result import Cycle, Statistic, WalkStep
from simgait.parameters.catalogue import parameters
from simgait.parameters.facts import CycleFacts, MeanStep, StepFacts
from simgait.parameters.parameter import Parameter, Pool
from simgait.parameters.plausible import SHARE_OF_STRIDE
from simgait.series.resampling import local_cubic
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.sides import SIDES, Side, opposite
from simgait.trials.trajectories import Trajectories, left_of, progression, walk_direction
from simgait.types import GaitEvent

Step = tuple[Side, float, float]
"""Leading side, the other foot's initial contact before it (s), its own (s)."""
SpeedsApart = tuple[float, float]
"""Speed of the steps and of the pelvis (m/s)."""

MIN_STEP_S = SHARE_OF_STRIDE[0] * MIN_STRIDE_S
"""Feet that land closer together have not stepped: a body that is put down, or stumbles. One such
"step" of 0 s among four made a child of 1.47 m/s walk at 194 steps a minute and 2.14 m/s."""


MOST_APART = 1.25
"""Times that a walk's steps may be faster or slower than its pelvis. Through five synthetic
detectors 315 walks of training people had .86 to 1.13, 396 of 397 walkers .92 to 1.13; the other
one 1.58."""
ONE_SIDE_APART = 1.5
"""The same where lengths are known of one side's steps alone. Of two steps of which one is twice as
long as the other, the long one says 1.33 times the speed. A body stumbled: a landing was missing,
and the only step, of 0.22 s, made 1.99 m/s of 1.41, 1.8 times the pelvis's."""


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
    paths: Trajectories, cycles: Sequence[Cycle], side: Side, contact_s: float
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


def steps_of(events: Sequence[GaitEvent]) -> list[Step]:
    """Leading side, other foot's initial contact, own initial contact, of every step."""
    contacts = sorted(
        (e for e in events if e.kind == "initial_contact"), key=lambda event: event.time_s
    )
    return [
        (b.side, a.time_s, b.time_s)
        for a, b in zip(contacts[:-1], contacts[1:], strict=True)
        if a.side != b.side and MIN_STEP_S <= b.time_s - a.time_s < MAX_STRIDE_S
    ]


def missed_between(
    paths: Trajectories, events: Sequence[GaitEvent], prints: Footprints
) -> list[Step]:
    """Those of `steps_of` that hide missed landings of both feet (`footprints.went_on`).

    Three steps that are taken for one have the pelvis's speed, which denies nothing. Nothing is
    known where the pelvis does not travel.
    """
    if not paths.travels:
        return []
    return [
        (side, previous_s, contact_s)
        for side, previous_s, contact_s in steps_of(events)
        if went_on(paths, prints, opposite(side), previous_s, contact_s)
    ]


def step_facts(
    paths: Trajectories,
    cycles: Sequence[Cycle],
    prints: Footprints,
    step: Step,
) -> StepFacts:
    """What is known of one step; length and width are NaN where a footprint is not known."""
    side, previous_s, contact_s = step
    other = opposite(side)
    direction = _step_direction(paths, cycles, side, contact_s)
    if paths.travels:
        unknown = np.full((2, 3), np.nan)
        lead = prints.get((side, contact_s), unknown)[0]
        trail = prints.get((other, previous_s), unknown)[0]
    else:
        heels = local_cubic(paths.heel_m, paths.time_s, np.array([contact_s]))[0]
        lead, trail = (heels[SIDES.index(s)] for s in (side, other))
    leftward = lead - trail if side == "left" else trail - lead
    return StepFacts(
        length_m=float((lead - trail) @ direction),
        width_m=float(leftward @ left_of(direction)),
        time_s=contact_s - previous_s,
    )


def cycle_facts(paths: Trajectories, cycle: Cycle, prints: Footprints) -> CycleFacts:
    """What is known of one cycle; NaN for what its events, footprints or paths do not tell."""
    stride_length_m = float("nan")
    if paths.travels:
        first, last = (prints.get((cycle.side, t)) for t in (cycle.start_s, cycle.end_s))
        if first is not None and last is not None:
            direction = progression(paths, cycle.start_s, cycle.end_s)
            stride_length_m = float((last[0] - first[0]) @ direction)
    return CycleFacts(
        stride_s=cycle.end_s - cycle.start_s,
        stance_s=cycle.foot_off_s - cycle.start_s,
        initial_double_support_s=cycle.opposite_foot_off_s - cycle.start_s,
        single_support_s=cycle.opposite_contact_s - cycle.opposite_foot_off_s,
        terminal_double_support_s=cycle.foot_off_s - cycle.opposite_contact_s,
        stride_length_m=stride_length_m,
    )


def spatiotemporal(
    paths: Trajectories,
    events: Sequence[GaitEvent],
    cycles: Sequence[Cycle],
    prints: Footprints,
    missed: Collection[Step] = (),
) -> tuple[dict[str, dict[str, Statistic]], tuple[WalkStep, ...], SpeedsApart | None]:
    """Parameter key -> "left", "right", "both" -> statistic, as the catalogue says; and the steps.

    And what denies them, see `_denied`: then there is none, and footprints count for nothing.

    `events`, `cycles` and `prints` must belong together (`cycles.gait_cycles(events)`,
    `footprints.footprints(paths, events)`); steps of `missed` (`missed_between`) do not count.
    Velocity and stride length are NaN (n = 0) where the pelvis does not travel. Steps are in order
    of time.
    """
    steps = [step for step in steps_of(events) if step not in missed]
    by_step = [(step[0], step_facts(paths, cycles, prints, step)) for step in steps]
    denied = _denied(paths, events, by_step)
    if denied is not None:
        steps, by_step, prints = [], [], {}
    by_cycle = [(cycle.side, cycle_facts(paths, cycle, prints)) for cycle in cycles]
    # Where a walk is too short for a cycle, what both sides share is that of its steps.
    lone_steps = [] if cycles else [one for _, one in by_step]
    mean = mean_step(by_step)
    found = {
        one.key: _statistics(one, side_values(one, by_cycle, by_step), lone_steps, mean)
        for one in parameters()
        # Scores need healthy people to be compared with (`gait.walk_scores`).
        if one.of_scores is None
    }
    walked = zip(steps, by_step, strict=True)
    told = tuple(WalkStep(*step, one.length_m, one.width_m) for step, (_, one) in walked)
    return found, told, denied


def _denied(
    paths: Trajectories, events: Sequence[GaitEvent], steps: Sequence[tuple[Side, StepFacts]]
) -> SpeedsApart | None:
    """The speeds of a walk's mean step and of its pelvis where they cannot be of the same walk.

    The pelvis counts from initial contact to initial contact, so that a turn costs it no way.

    Returns:
        None where they agree within `MOST_APART`, or `ONE_SIDE_APART`, and where one of them is
        not known.
    """
    mean = mean_step(steps)
    if mean is None or not paths.travels:
        return None
    contacts_s = sorted(event.time_s for event in events if event.kind == "initial_contact")
    places_m = local_cubic(paths.pelvis_m, paths.time_s, np.array(contacts_s))[:, HORIZONTAL]
    way_m = float(np.linalg.norm(np.diff(places_m, axis=0), axis=-1).sum())
    steps_mps, pelvis_mps = mean.length_m / mean.time_s, way_m / (contacts_s[-1] - contacts_s[0])
    if not np.isfinite([steps_mps, pelvis_mps]).all():
        return None
    known = {side for side, step in steps if np.isfinite(step.length_m)}
    apart = MOST_APART if len(known) == len(SIDES) else ONE_SIDE_APART
    agree = pelvis_mps / apart <= steps_mps <= pelvis_mps * apart
    return None if agree else (steps_mps, pelvis_mps)


def side_values(
    one: Parameter,
    cycles: Sequence[tuple[Side, CycleFacts]],
    steps: Sequence[tuple[Side, StepFacts]],
) -> dict[Side, list[float]]:
    """The parameter's values of each side, in order of time; NaN where one is not known."""
    if one.of_cycle is not None:
        return {side: [one.of_cycle(c) for own, c in cycles if own == side] for side in SIDES}
    of_step = one.of_step
    assert of_step is not None  # one of the two is given
    return {side: [of_step(s) for own, s in steps if own == side] for side in SIDES}


def _statistics(
    one: Parameter,
    values: Mapping[Side, Sequence[float]],
    lone_steps: Sequence[StepFacts],
    step: MeanStep | None,
) -> dict[str, Statistic]:
    """Of a parameter's values by side, the steps of a walk without cycles, and the mean step."""
    found: dict[Pool, Statistic] = {side: statistic(values[side]) for side in SIDES}
    both = statistic([v for side in SIDES for v in values[side]])
    if one.of_mean_step is not None and step is not None:
        if lone_steps:
            each = [one.of_mean_step(MeanStep(s.length_m, s.time_s)) for s in lone_steps]
            both = statistic(each)
        mean = one.of_mean_step(step)
        # Strides may be known where no step is: one foot's prints are seen, the other's are not.
        if both.n and np.isfinite(mean):
            both = replace(both, mean=mean)
    found["both"] = both
    return {pool: found[pool] for pool in one.pools}


def mean_step(steps: Sequence[tuple[Side, StepFacts]]) -> MeanStep | None:
    """The mean time of all steps, and the mean length of those whose length is known; None of none.

    The last step's footprint is often not seen; its time is, and counts. A walk has one step more
    of one side often, and in a limp that side would decide: each side weighs the same.

    Returns:
        with a length of NaN where none is known.
    """
    if not steps:
        return None
    times = [[step.time_s for own, step in steps if own == side] for side in SIDES]
    lengths = [[step.length_m for own, step in steps if own == side] for side in SIDES]
    return MeanStep(
        length_m=statistic([statistic(own).mean for own in lengths]).mean,
        time_s=statistic([statistic(own).mean for own in times]).mean,
    )


def pelvis_lead_percent(
    paths: Trajectories, parameters: Mapping[str, Mapping[str, Statistic]], cycles: Sequence[Cycle]
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
