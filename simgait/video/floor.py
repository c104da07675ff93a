"""The floor under a walker, in camera space: where rays meet it, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

FEET_QUANTILE = 0.62
"""Of heights of heels and toes that lie above the floor: they stand on it 60 % of the time."""
ITERATIONS = 30
"""Rounds of reweighting, of a few milliseconds in all."""
TILT_WEIGHT, ROLL_WEIGHT = 0.02, 0.3
"""How much a level floor is believed beforehand; phones are rarely rolled, often tilted."""
FLATTEST = 0.02
"""A ray that falls by less than this for each metre ahead does not meet the floor."""


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

    def met_by(self, rays: Float[np.ndarray, "*n 2"]) -> Float[np.ndarray, "*n 3"]:
        """Where rays (x/z, y/z) meet it."""
        fall = rays[..., 1] - self.roll * rays[..., 0] - self.tilt
        z = self.drop / np.maximum(fall, FLATTEST)
        return np.stack([rays[..., 0] * z, rays[..., 1] * z, z], axis=-1)

    @property
    def up(self) -> Float[np.ndarray, " 3"]:
        """The direction away from it."""
        normal = np.array([self.roll, -1.0, self.tilt])
        return normal / np.linalg.norm(normal)


def floor_under(
    points: Float[np.ndarray, "N 3"],
    weights: Float[np.ndarray, " N"],
    quantile: float = 0.5,
    rounds: int = ITERATIONS,
) -> Floor:
    """The plane with this share of the points' weight above it (quantile regression, reweighted).

    Args:
        points: of feet.
        weights: of each.
        quantile: 0.5 for feet that stand.
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
        share = np.where(off > 0, quantile, 1 - quantile) / np.maximum(np.abs(off), 0.01)
    roll, tilt, drop = map(float, solution)
    return Floor(roll, tilt, drop - roll * float(middle[0]) - tilt * float(middle[2]))
