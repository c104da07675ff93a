"""The floor under a walker, in camera space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

ITERATIONS = 30
"""Rounds of reweighting, of a few milliseconds in all."""
TILT_WEIGHT, ROLL_WEIGHT = 0.02, 0.3
"""How much a level floor is believed beforehand; phones are rarely rolled, often tilted."""


@dataclass(frozen=True)
class Floor:
    """A plane y = roll · x + tilt · z + drop (y down, z away, metres)."""

    roll: float
    tilt: float
    drop: float

    def below(self, points: Float[np.ndarray, "*n 3"]) -> Float[np.ndarray, "*n"]:
        """How far below the floor points lie (m), along the camera's y."""
        x, y, z = np.moveaxis(points, -1, 0)
        return y - self.roll * x - self.tilt * z - self.drop

    @property
    def up(self) -> Float[np.ndarray, " 3"]:
        """The direction away from it."""
        normal = np.array([self.roll, -1.0, self.tilt])
        return normal / np.linalg.norm(normal)


def floor_under(
    points: Float[np.ndarray, "N 3"],
    weights: Float[np.ndarray, " N"],
    rounds: int = ITERATIONS,
) -> Floor:
    """The plane with half of the points' weight above it (median regression, reweighted).

    Args:
        points: of feet.
        weights: of each.
        rounds: of reweighting.
    """
    middle = (weights[:, None] * points).sum(axis=0) / weights.sum()
    columns = np.column_stack([points[:, [0, 2]] - middle[[0, 2]], np.ones(len(points))])
    believed = weights.sum() * np.diag([ROLL_WEIGHT, TILT_WEIGHT, 0.0])
    share, solution = np.ones(len(points)), np.zeros(3)
    for _ in range(rounds):
        weighted = columns * (weights * share)[:, None]
        solution = np.linalg.solve(weighted.T @ columns + believed, weighted.T @ points[:, 1])
        off = points[:, 1] - columns @ solution
        share = 0.5 / np.maximum(np.abs(off), 0.01)
    roll, tilt, drop = map(float, solution)
    return Floor(roll, tilt, drop - roll * float(middle[0]) - tilt * float(middle[2]))
