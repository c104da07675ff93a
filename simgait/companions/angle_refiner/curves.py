"""Curves over the gait cycle as the refiner sees them: each beside the true one, and whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.gait.scores import SCORE_POINTS
from simgait.gait_result import GaitResult
from simgait.parameters.curves import CURVES
from simgait.skeleton.sides import SIDES, Side

ANGLES: tuple[str, ...] = tuple(curve.coordinate for curve in CURVES)
"""Columns of all curves here."""
SAGITTAL = ("pelvis_tilt", "hip_flexion", "knee_flexion", "ankle_dorsiflexion")
POINTS = SCORE_POINTS
"""Every 2 % of the cycle, as scores have them."""
PERCENT: Float[np.ndarray, " 51"] = np.linspace(0.0, 100.0, POINTS)
Curves = Float[np.ndarray, "51 8"]


@dataclass(frozen=True)
class CurvePairs:
    """Mean curves of sides of walks, a row each: as a system estimates them, and the true ones.

    Attributes:
        estimated, true: degrees, clinical signs, columns `ANGLES`; an angle that is not known is
            NaN at all points.
        people: who walks.
        trial: number of the walk, whose two sides share it.
        side: column in SIDES.
    """

    estimated: Float[np.ndarray, "N 51 8"]
    true: Float[np.ndarray, "N 51 8"]
    people: tuple[str, ...]
    trial: Int[np.ndarray, " N"]
    side: Int[np.ndarray, " N"]

    def rows(self, chosen: Int[np.ndarray, " n"]) -> CurvePairs:
        """The pairs with these numbers."""
        arrays = {
            name: getattr(self, name)[chosen] for name in ("estimated", "true", "trial", "side")
        }
        return replace(self, people=tuple(self.people[i] for i in chosen), **arrays)

    def of(self, people: Sequence[str], *, others: bool = False) -> Int[np.ndarray, " n"]:
        """Numbers of the pairs of these people, or of all others."""
        own = np.isin(np.asarray(self.people), list(people))
        return np.flatnonzero(~own if others else own)


def joined(parts: Sequence[CurvePairs]) -> CurvePairs:
    """Pairs of several walks, which are numbered anew.

    Raises:
        InputError: there is none.
    """
    if not parts:
        raise InputError("No walk shows a whole gait cycle; nothing can be learned or judged.")
    return CurvePairs(
        estimated=np.concatenate([part.estimated for part in parts]),
        true=np.concatenate([part.true for part in parts]),
        people=tuple(who for part in parts for who in part.people),
        trial=np.concatenate([np.full(len(part.side), k) for k, part in enumerate(parts)]),
        side=np.concatenate([part.side for part in parts]),
    )


def mean_curves(gait: GaitResult) -> dict[Side, Curves]:
    """Mean over the cycles (deg), of the sides that have any."""
    found: dict[Side, np.ndarray] = {}
    for side in SIDES:
        cycles = [gait.curves_deg.get(f"{side}_{name}_deg") for name in ANGLES]
        if all(rows is not None and len(rows) for rows in cycles):
            own = np.stack([np.mean(rows, axis=0)[::2] for rows in cycles if rows is not None])
            found[side] = whole(own.T)
    return {side: own for side, own in found.items() if np.isfinite(own).any()}


def whole(curves: Curves) -> Curves:
    """The curves, those that lack a point NaN throughout."""
    return np.where(np.isfinite(curves).all(axis=0), curves, np.nan)


def pairs_of_walk(
    estimated: Mapping[Side, Curves], true: Mapping[Side, Curves], person: str
) -> CurvePairs | None:
    """The sides of a walk that both know; None of none."""
    sides = [side for side in SIDES if side in estimated and side in true]
    if not sides:
        return None
    return CurvePairs(
        estimated=np.stack([estimated[side] for side in sides]),
        true=np.stack([true[side] for side in sides]),
        people=(person,) * len(sides),
        trial=np.zeros(len(sides), int),
        side=np.array([SIDES.index(side) for side in sides]),
    )
