"""How fast something goes on the whole, whatever single samples say."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

MOST_SAMPLES = 600
"""Taken of a longer series, evenly: the slope rests on all pairs, whose number grows with the
square. 600 of 20 s of white noise move it by a thousandth of the noise per second."""


def straight_rate(
    values: Float[np.ndarray, "T C"], time_s: Float[np.ndarray, " T"]
) -> Float[np.ndarray, " C"]:
    """Change of each column per second along the straight line of least squares.

    Samples that lack a column (NaN) are left out; NaN is returned where fewer than two are known.
    """
    known = np.isfinite(values).all(axis=1)
    if known.sum() < 2:
        return np.full(values.shape[1], np.nan)
    return np.asarray(np.polyfit(time_s[known], values[known], 1)[0])


def steady_rate(
    values: Float[np.ndarray, "T C"], time_s: Float[np.ndarray, " T"]
) -> Float[np.ndarray, " C"]:
    """Change of each column per second: the median slope of all pairs of samples.

    Up to 29 % of the samples may lie anywhere (Theil 1950; Sen 1968, J. Am. Stat. Assoc. 63:1379).
    Missing samples are NaN; NaN is returned where fewer than two are known.
    """
    known = np.flatnonzero(np.isfinite(values).all(axis=1))
    if len(known) < 2:
        return np.full(values.shape[1], np.nan)
    chosen = known[:: -(-len(known) // MOST_SAMPLES)]
    # SciPy's `theilslopes` has the same slope, and sorts all pairs again for its bounds.
    later, earlier = np.tril_indices(len(chosen), -1)
    apart_s = time_s[chosen][later] - time_s[chosen][earlier]
    columns = values[chosen].T
    return np.array([np.median((one[later] - one[earlier]) / apart_s) for one in columns])
