"""How often `simgait compare --sides` calls a joint angle different: where the truth is known.

The people, walks and folders are those of `repeated_visits`; every day of a person is one visit. A
walker knows how far its sides are apart, so that each found curve is judged twice: as it is, and
less the true difference, as if the person's sides were alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.agreement.change import Shown
from simgait.benchmark.repeated_visits import (
    SAGITTAL,
    SHORTER,
    WALKS,
    day_code,
    percent_shown,
    shares_with_humps,
    test_people,
    true_walk,
)
from simgait.benchmark.scorecard_page import table
from simgait.cohort.visit_files import read_visit
from simgait.compare.curve_change import CurveChange, side_curves
from simgait.errors import InputError
from simgait.gait.curves import angle_curves
from simgait.gait.cycles import gait_cycles
from simgait.parameters.curves import CURVES
from simgait.skeleton.coordinates import ANGLES
from simgait.synthetic.walkers.specification import WalkerSpec
from simgait.synthetic.walkers.walk import WalkTruth

APART_DEG = (0.0, 2.0, 5.0, 10.0, 20.0, math.inf)
"""Chosen: between which the largest true differences of a curve are counted together."""
Points = Float[np.ndarray, " 101"]


@dataclass(frozen=True)
class SeenSides:
    """One joint angle of both sides in one visit, as found, and left less right in truth (deg)."""

    found: CurveChange
    true_deg: Points

    @property
    def alike(self) -> CurveChange:
        """As if the sides were alike: what was found less the truth."""
        own = self.found.found
        return replace(self.found, found=replace(own, after=own.after - self.true_deg))

    @property
    def apart_deg(self) -> float:
        """Largest true difference over the cycle."""
        return float(np.abs(self.true_deg).max())


def seen_sides(folder: Path, people: int) -> list[SeenSides]:
    """Every curve that can be judged, of the visits that `compared_visits` tracked in a folder."""
    return [
        one
        for person, spec in enumerate(test_people(people))
        for day, shorter in enumerate((0.0, *SHORTER))
        for one in _of_visit(folder / "results", person, day, spec, shorter)
    ]


def _of_visit(
    results: Path, person: int, day: int, spec: WalkerSpec, shorter: float
) -> Iterator[SeenSides]:
    """Nothing of a day without a walk."""
    try:
        visit = read_visit(results, day_code(person, day))
    except InputError:
        return
    walks = [true_curves(true_walk(spec, shorter, person, day, of)) for of in range(WALKS)]
    for one in side_curves(visit):
        if one.found.shown is not Shown.NOT_COMPARABLE:
            names = [f"{side}_{one.curve.key}" for side in ("left", "right")]
            left, right = (np.mean([own[name] for own in walks], axis=0) for name in names)
            yield SeenSides(one, np.asarray(left - right))


def true_curves(walk: WalkTruth) -> dict[str, Points]:
    """Mean curves (deg) of a walker's true pose by its true events, "left_knee_flexion_deg"."""
    cycles, _ = gait_cycles(walk.events)
    curves = angle_curves(walk.time_s, walk.pose[:, ANGLES], cycles)
    return {name: np.asarray(own.mean(axis=0)) for name, own in curves.items() if len(own)}


def sides_table(seen: Sequence[SeenSides]) -> str:
    """By how far the sides are apart in truth: how many curves are called different.

    The last column is the median, over the curves, of what is detectable on average over the cycle.
    """
    joints = [curve.coordinate for curve in CURVES if curve.coordinate in SAGITTAL]
    head = (
        "sides truly apart by up to", *(f"{one.replace('_', ' ')} different" for one in joints),
        "any curve different", "less the truth", "detectable, median (deg)",
    )  # fmt: skip
    rows = []
    for low, high in zip(APART_DEG[:-1], APART_DEG[1:], strict=True):
        own = [one for one in seen if low <= one.apart_deg < high]
        cells = [_share(one.found for one in _of_joint(own, joint)) for joint in (*joints, "")]
        reach = [float(np.nanmean(one.found.found.detectable)) for one in own]
        median = f"{float(np.median(reach)):.0f}" if reach else "–"
        name = f"{low:g} to {high:g}°" if math.isfinite(high) else f"{low:g}° or more"
        rows.append((name, *cells, _share(one.alike for one in own), median))
    return table(head, rows)


def sides_power_table(seen: Sequence[SeenSides]) -> str:
    """How many curves, less the truth, are called different once a hump is added to the left."""
    joints = [curve.coordinate for curve in CURVES if curve.coordinate in SAGITTAL]
    alike = {joint: [one.alike for one in _of_joint(seen, joint)] for joint in (*joints, "")}
    head = ("added difference", *(one.replace("_", " ") for one in joints), "any curve")
    return table(head, shares_with_humps(list(alike.values())))


def false_side_percent(seen: Sequence[SeenSides]) -> float:
    """Of curves less the truth, how many are called different; NaN where none can be judged."""
    return percent_shown([one.alike for one in seen])


def _of_joint(seen: Sequence[SeenSides], coordinate: str) -> list[SeenSides]:
    return [one for one in seen if coordinate in ("", one.found.curve.coordinate)]


def _share(curves: Iterator[CurveChange]) -> str:
    shown = [one.found.shown is Shown.CHANGED for one in curves]
    return f"{sum(shown)} of {len(shown)}"
