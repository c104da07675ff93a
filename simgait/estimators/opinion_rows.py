"""What companions say as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simgait.estimators.companion import Opinion

HEADER = ("companion", "quantity", "side", "percent", "value", "low", "high", "made_by")
"""Percent of the gait cycle, empty but of curves; low and high, the ends of the interval."""


def opinion_rows(name: str, opinion: Opinion) -> Iterator[tuple[str, ...]]:
    """Cells of the numbers and the curves of a companion, columns `HEADER`."""
    said = [(one.key, one.side, math.nan, one.value, one.low, one.high) for one in opinion.numbers]
    for curve in opinion.curves:
        reach = curve.half_width
        said += [
            (curve.key, curve.side, percent, value, value - reach, value + reach)
            for percent, value in zip(curve.percent, curve.values, strict=True)
        ]
    for key, side, *numbers in said:
        yield (name, key, side, *map(_cell, numbers), opinion.made_by)


def _cell(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
