"""How often the truth lies within the intervals that a table gives for its own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int

from simgait.compare.columns import ComparedColumn
from simgait.compare.csv_tables import CsvTable
from simgait.compare.evidence import MeasurePairs
from simgait.parameters.parameter import interval_columns

EXPECTED_PERCENT = 90
"""Of the intervals that simgait writes (`certainty.fitting.LEVEL`)."""


def has_intervals(table: CsvTable, column: str) -> bool:
    """Whether both ends of a column's intervals are columns of the table."""
    return set(interval_columns(column)) <= set(table.columns)


def ends_of_intervals(table: CsvTable) -> set[str]:
    """The columns that hold the ends of another column's intervals."""
    return {
        end
        for column in table.columns
        if column and has_intervals(table, column)
        for end in interval_columns(column)
    }


def coverage_notes(
    measures: Sequence[MeasurePairs],
    estimate: CsvTable,
    columns: Mapping[str, ComparedColumn],
    rows: Int[np.ndarray, " N"],
) -> tuple[str, ...]:
    """One sentence with the share of each measure's walks whose truth lies inside; () without.

    Args:
        measures: matched walks; those left out of them are not asked.
        estimate: the table that gives the intervals.
        columns: name of a measure -> its columns.
        rows: of the table, one for each matched walk.

    Raises:
        InputError: an end of an interval is no number.
    """
    shares = []
    for pairs in measures:
        column = columns[pairs.name]
        if not has_intervals(estimate, column.estimate):
            continue
        low, high = (
            estimate.numbers(end).values[rows] * column.factor
            for end in interval_columns(column.estimate)
        )
        inside = _inside(pairs, low, high)
        if len(inside):
            percent = 100.0 * float(inside.mean())
            shares.append(f"{pairs.name} {percent:.0f} % of {len(inside)}")
    if not shares:
        return ()
    return (
        f"The estimate's own intervals hold the truth in: {'; '.join(shares)} (expected: "
        f"{EXPECTED_PERCENT} %).",
    )


def _inside(
    pairs: MeasurePairs, low: Float[np.ndarray, " N"], high: Float[np.ndarray, " N"]
) -> Float[np.ndarray, " M"]:
    """1 where the truth lies inside, 0 where not, of the walks in which all is known."""
    known = np.isfinite(np.stack([pairs.truth, pairs.estimate, low, high])).all(axis=0)
    truth = pairs.truth[known]
    return ((low[known] <= truth) & (truth <= high[known])).astype(float)
