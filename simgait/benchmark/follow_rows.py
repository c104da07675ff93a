"""Whether an estimate follows the person: bias, and slope of estimate on truth, of real walks.

An error in the mean says little where people differ by less than it: an estimate that tells
everybody the mean person's stance errs by 2 points, and follows nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.benchmark.over_people import slope_of
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.truth_errors import (
    DOUBLE_SUPPORT,
    SD_BY_LABORATORY,
    SINGLE_SUPPORT,
    STANCE,
    attainable_slope,
)
from simgait.benchmark.walk_record import Pairs, WalkRecord
from simgait.skeleton.sides import SIDES


@dataclass(frozen=True)
class Followed:
    """A number that an estimate should follow from person to person.

    Attributes:
        label: in the rows' names.
        unit: of the bias.
        pairs: truth and estimate of a walk, in that unit, NaN unknown.
        bias_bar, slope_bar: largest bias, least slope.
        truth_sd: SD of the truth's own errors, in the unit; None where they do not count.
    """

    label: str
    unit: str
    pairs: Callable[[WalkRecord], Pairs]
    bias_bar: float | None = None
    slope_bar: float | None = None
    truth_sd: float | None = None


def _asymmetry(record: WalkRecord) -> Pairs:
    (true_left, left), (true_right, right) = (record.means("step_length_m", s) for s in SIDES)
    return ((100.0 * (true_left - true_right), 100.0 * (left - right)),)


def _width(record: WalkRecord) -> Pairs:
    true, found = record.means("step_width_m")
    return ((100.0 * true, 100.0 * found),)


def _phase(label: str, key: str) -> Followed:
    """Of both sides, where the recording has foot events of its own."""

    def pairs(record: WalkRecord) -> Pairs:
        return [record.means(key, side) for side in SIDES] if record.case.events else []

    return Followed(label, "% of cycle", pairs, 1.0, 0.8, SD_BY_LABORATORY[label])


LEFT_LESS_RIGHT = Followed("step length left less right", "cm", _asymmetry, None, 0.9)
FOLLOWED = (
    LEFT_LESS_RIGHT,
    Followed("step width", "cm", _width, None, 0.9),
    _phase(STANCE, "stance_percent"),
    _phase(SINGLE_SUPPORT, "single_support_percent"),
    _phase(DOUBLE_SUPPORT, "double_support_percent"),
)


def follow_rows(result: ScoredSet) -> list[Row]:
    """Bias and slope of each number of `FOLLOWED` over the walks of a set.

    Beside a slope stands what a perfect estimate would reach, where the truth's errors count.
    """
    rows: list[Row] = []
    for one in FOLLOWED:
        pairs = np.array([pair for walk in result.walks for pair in one.pairs(walk)], float)
        known = pairs.reshape(-1, 2)
        known = known[np.isfinite(known).all(axis=1)]
        bias = float(np.mean(known[:, 1] - known[:, 0])) if len(known) else np.nan
        rows += [
            Row(
                f"{one.label} bias, {result.name}",
                bias,
                one.unit,
                len(known),
                one.bias_bar,
                by_size=True,
            ),
            Row(
                f"{one.label} slope on truth, {result.name}",
                slope_on_truth(known),
                "1",
                len(known),
                one.slope_bar,
                sense="at_least",
            ),
        ]
        if one.truth_sd is not None:
            reached = attainable_slope(known[:, 0], one.truth_sd)
            name = f"{one.label} slope that a perfect estimate would reach, {result.name}"
            rows.append(Row(name, reached, "1", len(known)))
    return rows


def slope_on_truth(pairs: Float[np.ndarray, "N 2"]) -> float:
    """Slope of the estimate (column 1) on the truth (column 0), see `slope_of`."""
    return slope_of(pairs[:, 0], pairs[:, 1])
