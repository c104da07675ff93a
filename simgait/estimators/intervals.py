"""Intervals by split conformal prediction (Vovk et al. 2005, Lei et al. 2018), people as units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

LEVEL = 0.90
FEWEST_PEOPLE = 20
"""Below 9 people no quantile of theirs bounds 90 %; with 20 it is the second largest."""


def half_width(
    errors: Float[np.ndarray, " N"], people: Sequence[str], level: float = LEVEL
) -> float:
    """Half-width that holds the truth of a person unseen with this probability.

    Each person counts as one, however many walks of theirs there are: the absolute errors have the
    weight 1 / (their number) each, and a further person is counted whose error is unknown.

    Args:
        errors: of people whom nothing was learned from.
        people: whose each is.
        level: share of truths inside.

    Raises:
        InputError: too few people, or an error that is no number.
    """
    names, index, counts = np.unique(np.asarray(people), return_inverse=True, return_counts=True)
    if len(names) < FEWEST_PEOPLE:
        raise InputError(
            f"{len(names)} people are too few for intervals; give {FEWEST_PEOPLE} or more."
        )
    if not np.isfinite(errors).all():
        raise InputError("An error is no number; intervals need whole pairs.")
    order = np.argsort(np.abs(errors))
    weight = (1.0 / counts)[index][order] / (len(names) + 1.0)
    at = int(np.searchsorted(np.cumsum(weight), level - 1e-12))
    return float(np.abs(errors)[order][min(at, len(order) - 1)])
