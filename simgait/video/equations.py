"""Linear equations about many points, collected term by term, solved as one banded system."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from jaxtyping import Float, Int
from scipy.linalg import solveh_banded

DAMPING = 1e-3
"""Keeps points that no term holds where they are (a term of SD 30 m)."""


class Equations:
    """Residuals r and their derivatives by the places of N points, for one Gauss-Newton step."""

    def __init__(self, n_points: int) -> None:
        self._n_points = n_points
        self._rows: list[np.ndarray] = []
        self._columns: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._residuals: list[np.ndarray] = []
        self._n = 0

    def add(
        self,
        residual: Float[np.ndarray, "m d"],
        parts: Sequence[tuple[Int[np.ndarray, " m"], Float[np.ndarray, "m d 3"]]],
    ) -> None:
        """M terms of d residuals each.

        Args:
            residual: in units of its SD.
            parts: numbers of points, and derivatives of the residual by each one's place.
        """
        m, d = residual.shape
        rows = self._n + np.arange(m * d).reshape(m, d, 1)
        for points, derivative in parts:
            self._rows.append(np.broadcast_to(rows, (m, d, 3)).ravel())
            columns = points[:, None, None] * 3 + np.arange(3)
            self._columns.append(np.broadcast_to(columns, (m, d, 3)).ravel())
            self._values.append(derivative.ravel())
        self._residuals.append(residual.ravel())
        self._n += m * d

    def step(self) -> Float[np.ndarray, "N 3"]:
        """The move of every point that makes the sum of squares least, as far as it is linear."""
        size = 3 * self._n_points
        jacobian = sp.csr_matrix(
            (
                np.concatenate(self._values),
                (np.concatenate(self._rows), np.concatenate(self._columns)),
            ),
            shape=(self._n, size),
        )
        normal = sp.coo_matrix(jacobian.T @ jacobian)
        lower = normal.row >= normal.col
        below, columns = (normal.row - normal.col)[lower], normal.col[lower]
        # Pictures are bound to their neighbours alone, so that all lies near the diagonal.
        bands = np.zeros((int(below.max(initial=0)) + 1, size))
        bands[below, columns] = normal.data[lower]
        bands[0] += DAMPING
        right = -(jacobian.T @ np.concatenate(self._residuals))
        return solveh_banded(bands, right, lower=True).reshape(-1, 3)
