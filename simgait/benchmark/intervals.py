"""Bootstrap intervals by person of the tables' columns, and of one tracker against another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from simgait.agreement import Estimate, bootstrap_people, resampled_quantiles
from simgait.agreement.bootstrap import PeopleStatistic
from simgait.agreement.errors import IQR_TO_SD
from simgait.benchmark.columns import (
    FAILED,
    FEWEST_PAIRS,
    INTERVAL_COLUMNS,
    SPATIOTEMPORAL,
    Column,
    PairStatistic,
)
from simgait.benchmark.pooling import pairs_of
from simgait.benchmark.walk_record import WalkRecord
from simgait.errors import InputError

NAN = float("nan")
SEED = 0
LEVEL = 0.95
"""As is usual for intervals of agreement (Bland & Altman 1999, Stat Methods Med Res 8:135)."""


def intervals_of(records: Sequence[WalkRecord]) -> dict[str, Estimate]:
    """Key of `INTERVAL_COLUMNS` -> value and 95 % interval of a tracker over some walks.

    Each column resamples the people who have a value in it. Fewer than three such people give the
    value with the reason why it has no interval; a column without any value is NaN. Failures of
    nobody, or of everybody, have an exact interval however few the people are.
    """
    three = {parameter: _of_pairs(records, parameter) for parameter in SPATIOTEMPORAL}
    return {
        column.key: three[column.parameter][column.statistic]
        if column.statistic is not None
        else _failed(records)
        if column is FAILED
        else _pooled(records, column)
        for column in INTERVAL_COLUMNS
    }


def sigma_ratio(
    records: Sequence[WalkRecord], first: Sequence[WalkRecord], parameter: str
) -> Estimate:
    """σ of one tracker's errors over σ of the first one's, with its 95 % interval.

    Over the walks in which both have a value; every resample holds the same people for both.

    Args:
        records: of the one tracker.
        first: of the first tracker, the same walks in the same order.
        parameter: key of a gait parameter.

    Raises:
        InputError: the records are not of the same walks.
    """
    twins = list(zip(records, first, strict=False))
    if len(records) != len(first) or not all(one.case is other.case for one, other in twins):
        raise InputError("Two trackers can be compared on the same walks in the same order only.")
    errors = np.array([[r.error(parameter) for r in pair] for pair in twins]).reshape(-1, 2)
    both = np.isfinite(errors).all(axis=1)
    people = [r.case.trial.subject_id for r, known in zip(records, both, strict=True) if known]
    if len(people) < FEWEST_PAIRS:
        return Estimate(NAN, reason=f"only {len(people)} walks have both values")
    index, n_people = _numbered(people)
    own, others = errors[both].T

    def ratio(counts: Int[np.ndarray, "R P"]) -> Float[np.ndarray, "R 1"]:
        walks = counts[:, index]
        above, below = _sigmas(own, walks), _sigmas(others, walks)
        found = np.divide(above, below, out=np.full_like(above, NAN), where=below > 0)
        return np.reshape(found, (-1, 1))

    return _bootstrap(n_people, ratio)[0]


def percent_below(ratio: Estimate) -> Estimate:
    """How far the first tracker's σ lies below another's, % of the other's, of `sigma_ratio`."""

    def below(value: float) -> float:
        return 100.0 * (1.0 - 1.0 / value) if value else NAN

    return Estimate(below(ratio.value), below(ratio.low), below(ratio.high), ratio.reason)


def _of_pairs(records: Sequence[WalkRecord], parameter: str) -> dict[PairStatistic, Estimate]:
    """σ, RMSE and r of one parameter."""
    shown: tuple[PairStatistic, ...] = ("sigma", "rmse", "r")
    truth, estimate, people = pairs_of(records, parameter)
    if len(truth) < FEWEST_PAIRS:
        nothing = Estimate(NAN, reason=f"only {len(truth)} walks have both values")
        return dict.fromkeys(shown, nothing)
    index, n_people = _numbered(people)
    error = estimate - truth
    # Centred, so that the moments of r do not lose digits to a common offset.
    x, y = truth - truth.mean(), estimate - estimate.mean()
    columns = np.stack([np.ones_like(x), error**2, x, y, x * x, y * y, x * y], axis=1)
    sums = _sums_of_people(columns, index, n_people)

    def three(counts: Int[np.ndarray, "R P"]) -> Float[np.ndarray, "R 3"]:
        n, square, sx, sy, sxx, syy, sxy = (counts @ sums).T
        spread = np.sqrt(np.clip((sxx - sx * sx / n) * (syy - sy * sy / n), 0.0, None))
        shared = sxy - sx * sy / n
        # Below: what rounding leaves of a constant column.
        r = np.divide(shared, spread, out=np.full_like(n, NAN), where=spread > 1e-12 * (sxx + syy))
        return np.stack([_sigmas(error, counts[:, index]), np.sqrt(square / n), r], axis=1)

    return dict(zip(shown, _bootstrap(n_people, three), strict=True))


def _pooled(records: Sequence[WalkRecord], column: Column) -> Estimate:
    pooled = column.pooled
    assert pooled is not None, f"{column.key} has no sums to resample"
    sums = np.array([pooled.sums(r) for r in records]).reshape(-1, 2)
    some = sums[:, 1] > 0
    people = [r.case.trial.subject_id for r, known in zip(records, some, strict=True) if known]
    if not people:
        return Estimate(NAN, reason="no walk has a value")
    index, n_people = _numbered(people)
    by_person = _sums_of_people(sums[some], index, n_people)
    return _bootstrap(n_people, lambda counts: pooled.of(counts @ by_person)[:, None])[0]


def _failed(records: Sequence[WalkRecord]) -> Estimate:
    """Share of walks that failed, %.

    Where nobody's walk failed, or everybody's, every resample says so too, which is no certainty.
    There the interval is the exact one of Clopper and Pearson (1934) over people: no more walks
    fail than belong to people of whom any does.
    """
    found = _pooled(records, FAILED)
    if found.value not in (0.0, 100.0):
        return found
    n_people = len({r.case.trial.subject_id for r in records})
    reach = 100.0 * ((1.0 - LEVEL) / 2.0) ** (1.0 / n_people)
    if found.value == 0.0:
        return Estimate(0.0, 0.0, 100.0 - reach)
    return Estimate(100.0, reach, 100.0)


def _bootstrap(n_people: int, statistic: PeopleStatistic) -> tuple[Estimate, ...]:
    try:
        return bootstrap_people(n_people, statistic, seed=SEED)
    except InputError as error:
        alone = statistic(np.ones((1, n_people), dtype=np.int64))[0]
        return tuple(Estimate(float(value), reason=str(error)) for value in alone)


def _sigmas(
    errors: Float[np.ndarray, " N"], counts: Int[np.ndarray, "R N"]
) -> Float[np.ndarray, " R"]:
    """0.7413 × interquartile range of the errors in each resample."""
    low, high = resampled_quantiles(errors, counts, (0.25, 0.75)).T
    return np.asarray(IQR_TO_SD * (high - low))


def _sums_of_people(
    columns: Float[np.ndarray, "N K"], index: Int[np.ndarray, " N"], n_people: int
) -> Float[np.ndarray, "P K"]:
    sums = np.zeros((n_people, columns.shape[1]))
    np.add.at(sums, index, columns)
    return sums


def _numbered(people: Sequence[str]) -> tuple[Int[np.ndarray, " N"], int]:
    """Index of each walk's person in order of first appearance, and how many people."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(one, len(seen)) for one in people]), len(seen)
