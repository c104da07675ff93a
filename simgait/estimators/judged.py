"""How estimates are judged beside the truth of people unseen, and the table that says so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.agreement.association import pearson
from simgait.agreement.bland_altman import ordinary_least_squares
from simgait.agreement.errors import rmse
from simgait.errors import InputError
from simgait.parameters.wording import with_minus

FEWEST_PAIRS = 4
"""Of an interval about r (Fisher's z); of fewer nothing can be said."""


@dataclass(frozen=True)
class Judged:
    """One quantity as one estimator says it.

    Attributes:
        estimator: who says it.
        quantity, unit: what.
        people, pairs: how many.
        rmse, bias: in the unit.
        r: Pearson's; NaN of a constant estimate.
        slope: of the estimate on the truth: 1 is well calibrated, 0 says the mean to all.
        inside_percent: truths within the interval; NaN without one.
        cmc: likeness of curves (`agreement.waveforms`), mean over them; NaN of single numbers.
    """

    estimator: str
    quantity: str
    unit: str
    people: int
    pairs: int
    rmse: float
    bias: float
    r: float
    slope: float
    inside_percent: float = math.nan
    cmc: float = math.nan

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Judged:
        """From what `facts` made of one."""
        known: dict[str, Any] = {
            name: math.nan if value is None else value for name, value in facts.items()
        }
        return cls(**known)

    def facts(self) -> dict[str, Any]:
        """For a card: plain numbers, None where there is none."""
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in asdict(self).items()
        }


def judge(
    estimator: str,
    quantity: str,
    unit: str,
    truth: Float[np.ndarray, " N"],
    estimate: Float[np.ndarray, " N"],
    people: Sequence[str],
    half_width: float = math.nan,
) -> Judged:
    """Compares estimates with the truth.

    Args:
        estimator: who says it, for the table.
        quantity: what.
        unit: of it.
        truth: NaN where unknown; such pairs are left out.
        estimate: of the same rows.
        people: whose rows.
        half_width: of the interval about each estimate.

    Raises:
        InputError: fewer than four whole pairs, or a truth that does not vary.
    """
    known = np.isfinite(truth) & np.isfinite(estimate)
    if known.sum() < FEWEST_PAIRS:
        raise InputError(
            f"{quantity}: {int(known.sum())} pairs of estimate and truth are too few to judge."
        )
    true, said = np.asarray(truth[known], float), np.asarray(estimate[known], float)
    fit = ordinary_least_squares(true, said)
    if fit is None:
        raise InputError(f"{quantity}: the truth is the same of all; nothing can be judged.")
    constant = float(np.ptp(said)) == 0.0
    inside = 100.0 * float(np.mean(np.abs(said - true) <= half_width))
    return Judged(
        estimator,
        quantity,
        unit,
        people=len({who for who, is_known in zip(people, known, strict=True) if is_known}),
        pairs=int(known.sum()),
        rmse=float(rmse(true, said)),
        bias=float(np.mean(said - true)),
        r=math.nan if constant else float(pearson(true, said).value),
        slope=0.0 if constant else fit[0].value,
        inside_percent=inside if math.isfinite(half_width) else math.nan,
    )


HEADER = ("estimator", "quantity", "people", "pairs", "RMSE", "bias", "r", "slope", "inside, %")


def table(rows: Sequence[Judged]) -> str:
    """The comparison as a Markdown table; with the CMC where curves are among the rows."""
    curves = any(math.isfinite(row.cmc) for row in rows)
    header = (*HEADER, "CMC") if curves else HEADER
    lines = []
    for row in rows:
        cells = [row.estimator, f"{row.quantity} ({row.unit})", f"{row.people}", f"{row.pairs}"]
        more = (cell(row.inside_percent), cell(row.cmc))
        lines.append([*cells, *error_cells(row), *more][: len(header)])
    return markdown(header, lines)


def error_cells(row: Judged) -> tuple[str, str, str, str]:
    """RMSE, bias, r and slope for a table."""
    return cell(row.rmse), cell(row.bias), cell(row.r), cell(row.slope)


def cell(value: float) -> str:
    """A number of a table, a dash where there is none."""
    return with_minus(f"{value:.3g}") if math.isfinite(value) else "–"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
