"""Checks that agreement statistics make on their input, and the matching of tables by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from simgait.errors import InputError
from simgait.plain_text import FEW, listed

MIN_PAIRS = 3
"""Chosen: through two points any line goes; a third can lie beside it."""
# Two honest measurements of one quantity differ less than this; units differ by 10, 57.3 or more.
MAX_UNIT_RATIO = 5.0
# Single rows in another unit: centimetres or millimetres among metres, seconds among milliseconds.
# No estimate is that wrong by chance and yet within a fifth of the round factor.
ROW_UNIT_RATIOS = (100.0, 1000.0)
ROW_UNIT_TOLERANCE = 0.2


@dataclass(frozen=True)
class Pairs:
    """Paired measurements without missing values.

    Attributes:
        truth, estimate: (N,) both finite.
        subject: (N,) index of the subject of each pair, 0..n_subjects-1; None without ids.
        n_subjects: number of different subjects; 0 without ids.
        n_excluded: pairs left out because truth, estimate or both were NaN.
    """

    truth: Float[np.ndarray, " N"]
    estimate: Float[np.ndarray, " N"]
    subject: Int[np.ndarray, " N"] | None
    n_subjects: int
    n_excluded: int

    @property
    def difference(self) -> Float[np.ndarray, " N"]:
        """Estimate minus truth."""
        return np.asarray(self.estimate - self.truth)


def having(count: int, one: str, many: str) -> str:
    """A count as the subject of a sentence: "1 pair has", "2 pairs have"."""
    return f"{count} {one} has" if count == 1 else f"{count} {many} have"


def as_numbers(values: ArrayLike, name: str) -> np.ndarray:
    """An array of numbers of any shape, for functions that check theirs.

    Args:
        values: nested lists, or an array.
        name: what a sentence calls them, in the plural.

    Raises:
        InputError: rows of different length, or something that is not a number.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"The {name} are no regular array of numbers; give rows of equal length, and NaN where "
            "a number is missing."
        ) from None


def _column(values: ArrayLike, name: str) -> Float[np.ndarray, " N"]:
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"The {name} column holds something that is not a number; give numbers and NaN only."
        ) from None
    if column.ndim != 1:
        raise InputError(f"The {name} column has {column.ndim} dimensions; give a flat list.")
    if np.isinf(column).any():
        raise InputError(
            f"The {name} column holds an infinite value in row {int(np.isinf(column).argmax())}; "
            "mark missing values as NaN."
        )
    if column.size and np.isnan(column).all():
        raise InputError(f"The {name} column is all NaN; check that the right column was read.")
    return column


def as_pairs(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[Hashable] | np.ndarray | None = None,
    *,
    needs_variance: bool = False,
) -> Pairs:
    """Check two columns and drop the pairs in which either value is NaN.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, in the same unit and order.
        subject_ids: (N,) whose trial each pair is.
        needs_variance: refuse input in which neither column varies.

    Raises:
        InputError: lengths differ, not flat, not numbers, infinite or all NaN, an id is missing,
            fewer than three complete pairs, or no variance where it is needed.
    """
    x, y = _column(truth, "truth"), _column(estimate, "estimate")
    if len(x) != len(y):
        raise InputError(
            f"Truth has {len(x)} values but the estimate has {len(y)}; match them by id first."
        )
    keep = np.isfinite(x) & np.isfinite(y)
    if keep.sum() < MIN_PAIRS:
        raise InputError(
            f"Only {having(int(keep.sum()), 'pair', 'pairs')} both values; agreement needs at "
            f"least {MIN_PAIRS}."
        )
    subject, n_subjects = None, 0
    if subject_ids is not None:
        subject, n_subjects = _subject_index(subject_ids, keep)
    x, y = x[keep], y[keep]
    if needs_variance and np.ptp(x) == 0 and np.ptp(y) == 0:
        raise InputError(
            "Neither truth nor estimate varies (zero variance); check that the right columns were "
            "read."
        )
    return Pairs(x, y, subject, n_subjects, int((~keep).sum()))


def _subject_index(
    subject_ids: Sequence[Hashable] | np.ndarray, keep: np.ndarray
) -> tuple[Int[np.ndarray, " N"], int]:
    ids = list(subject_ids)
    if len(ids) != len(keep):
        raise InputError(f"There are {len(ids)} subject ids for {len(keep)} pairs; give one each.")
    for row, value in enumerate(ids):
        if _is_missing_id(value):
            raise InputError(f"The subject id in row {row} is missing; name every subject.")
    seen: dict[Hashable, int] = {}
    index = [
        seen.setdefault(value, len(seen)) for value, kept in zip(ids, keep, strict=True) if kept
    ]
    return np.asarray(index, dtype=np.int64), len(seen)


def _is_missing_id(value: Hashable) -> bool:
    # NaN is what pandas reads from an empty cell; it is the only value unlike itself.
    empty = isinstance(value, str) and not value.strip()
    return value is None or value != value or empty  # noqa: PLR0124


@dataclass(frozen=True)
class MatchedIds:
    """Rows of two tables that belong together, and ids that only one of them has."""

    truth_rows: Int[np.ndarray, " N"]
    estimate_rows: Int[np.ndarray, " N"]
    only_truth: tuple[Hashable, ...]
    only_estimate: tuple[Hashable, ...]


def match_ids(
    truth_ids: Sequence[Hashable] | np.ndarray,
    estimate_ids: Sequence[Hashable] | np.ndarray,
    unmatched: Literal["refuse", "list"] = "refuse",
    tables: tuple[str, str] = ("The truth table", "The estimate table"),
) -> MatchedIds:
    """Match the rows of two tables by trial id, in the order of the truth.

    Args:
        truth_ids: one id per row of the truth.
        estimate_ids: one id per row of the estimate.
        unmatched: "refuse" raises when an id is in one table only; "list" returns those ids, so
            that the caller can count and name the exclusions.
        tables: what sentences call the two, at their beginning.

    Raises:
        InputError: an id is missing or duplicated, ids do not match, or none matches.
    """
    rows = []
    for ids, name in zip((truth_ids, estimate_ids), tables, strict=True):
        if any(_is_missing_id(value) for value in ids):
            raise InputError(f"{name} has a row without trial id; name every trial.")
        twice = [value for value, count in Counter(ids).items() if count > 1]
        if twice:
            raise InputError(
                f"{name} holds {_some(twice)} more than once; keep one row per trial, "
                "with a name that no other person's trial has."
            )
        rows.append({value: row for row, value in enumerate(ids)})
    truth_row, estimate_row = rows
    both = [value for value in truth_ids if value in estimate_row]
    only_truth = tuple(value for value in truth_ids if value not in estimate_row)
    only_estimate = tuple(value for value in estimate_ids if value not in truth_row)
    if not both:
        raise InputError(
            f"The two tables have no trial id in common ({_some(truth_ids, 1)} in the truth, "
            f"{_some(estimate_ids, 1)} in the estimate); check their id columns."
        )
    if unmatched == "refuse" and (only_truth or only_estimate):
        parts = [
            f"{_some(ids)} only in the {name}"
            for ids, name in ((only_truth, "truth"), (only_estimate, "estimate"))
            if ids
        ]
        raise InputError(
            f"Trial ids do not match: {' and '.join(parts)}; complete the tables or drop these."
        )
    return MatchedIds(
        np.array([truth_row[value] for value in both], dtype=np.int64),
        np.array([estimate_row[value] for value in both], dtype=np.int64),
        only_truth,
        only_estimate,
    )


def _some(ids: Iterable[Hashable], most: int = FEW) -> str:
    return listed([repr(value) for value in ids], most)


def refuse_shared_subjects(train_ids: Iterable[Hashable], test_ids: Iterable[Hashable]) -> None:
    """Refuse a split in which a person is on both sides: errors on them say nothing of others.

    Raises:
        InputError: names the subjects.
    """
    shared = sorted(set(train_ids) & set(test_ids), key=str)
    if shared:
        one = len(shared) == 1
        raise InputError(
            f"Subject{'' if one else 's'} {_some(shared)} {'is' if one else 'are'} in both the "
            "training and the test split; split by subject, or leave their walks out of the test."
        )


def refuse_unit_mismatch(truth: ArrayLike, estimate: ArrayLike, quantity: str) -> None:
    """Refuse two columns whose sizes differ as different units do (cm for m, degrees for radians).

    Compares the medians of the absolute values; a tracker that is wrong by a factor of five or more
    is refused too, since no statistic would be worth reading. Then looks for single rows that are
    100 or 1000 times as large as their partner.

    Raises:
        InputError: names the quantity and the factor.
    """
    pairs = as_pairs(truth, estimate)
    truth_size = float(np.median(np.abs(pairs.truth)))
    estimate_size = float(np.median(np.abs(pairs.estimate)))
    if truth_size == 0 or estimate_size == 0:
        return
    ratio = estimate_size / truth_size
    if not 1 / MAX_UNIT_RATIO < ratio < MAX_UNIT_RATIO:
        raise InputError(
            f"The estimates of {quantity} are {ratio:.3g} times the truth, which looks like "
            "different units; give both columns in the same unit."
        )
    _refuse_rows_of_another_unit(pairs, quantity)


def _refuse_rows_of_another_unit(pairs: Pairs, quantity: str) -> None:
    # The smaller of the two must be of its column's usual size: near zero any ratio happens.
    for large, small, name, other in (
        (pairs.estimate, pairs.truth, "estimates", "truth"),
        (pairs.truth, pairs.estimate, "true values", "estimate"),
    ):
        usual = np.abs(small) > 0.5 * np.median(np.abs(small))
        with np.errstate(over="ignore"):  # infinite is no unit's factor either
            ratio = np.abs(large[usual]) / np.abs(small[usual])
        for factor in ROW_UNIT_RATIOS:
            rows = int((np.abs(ratio / factor - 1) < ROW_UNIT_TOLERANCE).sum())
            if rows:
                raise InputError(
                    f"{rows} of the {len(pairs.truth)} {name} of {quantity} "
                    f"{'is' if rows == 1 else 'are'} about {factor:g} times the {other}, which "
                    "looks like different units within a column; give the whole column in one unit."
                )
