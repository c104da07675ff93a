"""Three walks of one test walker and their normative twins, walked by the physics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simgait.companions.gengait.truth import WALK_S
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import cell
from simgait.gait.joint_measures import joint_statistics
from simgait.gait_result import GaitResult
from simgait.pipeline import AnalysedWalk, track_and_analyse, walks_in_memory
from simgait.report.trial.twin_walk import slips_mm
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import (
    Pattern,
    WalkerSpec,
    draw_own_normal,
    draw_walker,
    walker_seed,
)
from simgait.synthetic.walkers.walk import walk
from simgait.track_options import TrackOptions
from simgait.tracking.policies import Policy

WALKER = 60_200
"""Of the test walkers; nothing was learned from it."""
PATTERN: Pattern = "crouch"
KNEE = "knee_flexion_contact_deg"
HEADER = (
    "walk", "twin walks", "helper forces, % of body weight", "speed, walk → twin, m/s",
    "standing feet move by, mm (median)", "knee at contact, walk → twin, °: left", "right",
    "joints called wrong",
)  # fmt: skip


@dataclass(frozen=True)
class TwinCase:
    """A walk of the walker.

    Attributes:
        what: for the table.
        spec: of the walk.
        monocular: seen through a simulated detector; exact points otherwise.
    """

    what: str
    spec: WalkerSpec
    monocular: bool = False


def twin_cases() -> list[TwinCase]:
    """Crouch, the same walker's own normal walk, and the crouch through a detector."""
    seed = walker_seed("test", WALKER)
    crouch = draw_walker(seed, PATTERN)
    return [
        TwinCase(PATTERN, crouch),
        TwinCase("its normal walk", draw_own_normal(seed, PATTERN)),
        TwinCase(f"{PATTERN}, a simulated detector", crouch, monocular=True),
    ]


def twins_table(policy: Policy, say: Callable[[str], None] = lambda line: None) -> MeasureTable:
    """A row for each walk, tracked as `simgait track --twin` does.

    Args:
        policy: that drives the body.
        say: told how far it is.

    Raises:
        InputError: a walk cannot be tracked.
    """
    rows = []
    for case in twin_cases():
        say(f"tracking {case.what} and its twin")
        recording = trial_from_walk(walk(case.spec, WALK_S), monocular=case.monocular).recording
        walks = walks_in_memory(recording, TrackOptions(twin=True))
        longest = max(walks, key=lambda one: one.trial.n_frames)
        rows.append((case.what, *twin_cells(track_and_analyse(policy, [longest])[0])))
    return MeasureTable(
        f"Three walks of test walker {WALKER} and their normative twins in the physics, policy "
        f"{policy.sha256[:12]}",
        HEADER, tuple(rows),
    )  # fmt: skip


def twin_cells(tracked: AnalysedWalk) -> tuple[str, ...]:
    """All of `HEADER` but the name; dashes where no twin was tracked.

    Args:
        tracked: a walk of which the twin was asked for.
    """
    twin, opinions = tracked.twin, tracked.opinions or ()
    made = next((o.opinion.twin for o in opinions if o.opinion and o.opinion.twin), None)
    if twin is None or twin.body is None or made is None:
        return ("no", *("–",) * (len(HEADER) - 2))
    gait, walked = twin.body.gait, "yes" if twin.is_walking else "no"
    slips = slips_mm(twin.body.rollout, gait)
    wrong = [one.name.replace("_", " ") for one in made.joints if one.is_wrong]
    knees = [
        " → ".join(f"{joint_statistics(one)[KNEE][side].mean:.0f}" for one in (tracked.gait, gait))
        for side in SIDES
    ]
    return (
        walked, cell(gait.residual_force_percent_bw),
        f"{_speed_mps(tracked.gait):.2f} → {_speed_mps(gait):.2f}",
        cell(float(np.median(slips))) if len(slips) else "–", *knees, ", ".join(wrong) or "none",
    )  # fmt: skip


def _speed_mps(gait: GaitResult) -> float:
    return gait.parameters["velocity_mps"]["both"].mean
