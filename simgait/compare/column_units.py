"""Whether two columns are of one unit and of walking people; what looks otherwise is named."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.agreement import refuse_unit_mismatch
from simgait.compare.column_names import ColumnName, parse_column
from simgait.errors import InputError
from simgait.parameters.parameter import Parameter, PlausibleRange
from simgait.parameters.units import UNITS, conversion
from simgait.parameters.wording import beside_range

NEAR = 0.12
"""A median ratio is a unit's where it lies this near: honest methods differ by less on average."""
ALIKE = 0.05
"""Of two units (km/h is 3.6 m/s, ft/s 3.28) both are named where one lies so little nearer."""
SHARE = 0.75
"""And so many of the single ratios lie as near: a wrong method scatters, another unit does not."""
MIN_PAIRS = 3
"""Chosen: a median of fewer is one walk's chance, and is doubted but not refused."""
MIN_KNOWN = 3
"""Values of a column whose middle is held against what people walk."""


@dataclass(frozen=True)
class Mistaken:
    """What a column can hold instead of what its name says.

    Attributes:
        factor: how many times as large its numbers are.
        words: what they are then.
        suffix: end of the name that says it and is converted; "" where none is.
    """

    factor: float
    words: str
    suffix: str = ""


def _units(dimension: str, own: str) -> tuple[Mistaken, ...]:
    """The units of one dimension in place of one of them, but those of about its size."""
    every = (
        Mistaken(UNITS[own].size / unit.size, unit.symbol, unit.suffix)
        for unit in UNITS.values()
        if unit.dimension == dimension
    )
    return tuple(one for one in every if abs(math.log(one.factor)) > 2.0 * NEAR)


_PER_MINUTE = Mistaken(60.0, "metres per minute")
_MINUTES = Mistaken(1.0 / 60.0, "minutes")
_MISTAKEN: dict[str, tuple[Mistaken, ...]] = {
    "mps": (*_units("speed", "mps"), _PER_MINUTE, Mistaken(1000.0, "mm/s")),
    "s": (*_units("time", "s"), _MINUTES),
    "spm": (Mistaken(0.5, "strides per minute"), Mistaken(1.0 / 60.0, "steps per second")),
    "percent": (Mistaken(0.01, "shares of 1"),),
} | {
    unit.suffix: _units(unit.dimension, unit.suffix)
    for unit in UNITS.values()
    if unit.dimension and unit.suffix not in ("mps", "s", "spm")
}  # fmt: skip
"""Unit of a column -> what else it may hold."""
_UNNAMED = (
    Mistaken(3.6, "km/h, where the other is m/s"),
    Mistaken(1.0 / 0.3048, "feet, where the other is metres"),
    Mistaken(1.0 / 0.0254, "inches, where the other is metres"),
    Mistaken(100.0, "centimetres, where the other is metres"),
    Mistaken(1000.0, "thousandths (mm or ms) of the other's unit"),
    Mistaken(60.0, "seconds, where the other is minutes (or minutes of hours)"),
    Mistaken(180.0 / math.pi, "degrees, where the other is radians"),
)
"""Where the name carries no unit."""
_STRIDES = Mistaken(2.0, "stride lengths, of two steps")


def check_columns(
    name: str, truth: Float[np.ndarray, " N"], estimate: Float[np.ndarray, " N"]
) -> tuple[str, ...]:
    """Sentences on values that nobody walks with, and on what may be in another unit than named.

    Args:
        name: of the column, canonical.
        truth: values of the walks, NaN where missing.
        estimate: the same, in the truth's unit as its name says.

    Raises:
        InputError: one of them is in another unit than the other, or has a direction's sign.
    """
    column = parse_column(name)
    doubts = _doubted_unit(column, truth, estimate)
    plausible = _plausible(column)
    if plausible is None:
        return doubts
    for values, role in ((truth, "true values"), (estimate, "estimates")):
        if plausible.low > 0.0 and np.nanmedian(values if _any(values) else [1.0]) < 0.0:
            raise InputError(
                f"Most {role} of {name} are negative, which {column.label.lower()} cannot be: "
                "a sign that says the direction is to be taken off."
            )
    return doubts + tuple(
        sentence
        for values, role in ((truth, "true values"), (estimate, "estimates"))
        for sentence in _outside(column, values, role, plausible)
    )


def _doubted_unit(
    column: ColumnName, truth: Float[np.ndarray, " N"], estimate: Float[np.ndarray, " N"]
) -> tuple[str, ...]:
    """A sentence where the middle ratio is a unit's, and too few or too many others say so.

    A signed angle may be near zero on average, and any estimate of it then looks like another unit:
    sizes as different as units are, are refused of columns that keep one sign.

    Raises:
        InputError: the ratios leave no doubt.
    """
    known = np.isfinite(truth) & np.isfinite(estimate) & (truth != 0.0)
    if not known.any():
        return ()
    sizes = np.abs(estimate[known] / truth[known])
    found = _unit_of_ratio(column, sizes) or _unit_of_ratio(column, sizes, inverse=True)
    doubt = () if found is None else (_ratio_in_words(column, sizes, found),)
    if len(sizes) < MIN_PAIRS:
        return doubt
    if found is not None and found.is_sure:
        raise InputError(*doubt)
    finite = truth[np.isfinite(truth)]
    if (finite >= 0.0).all() or (finite <= 0.0).all():
        refuse_unit_mismatch(truth, estimate, column.canonical)
    return doubt


@dataclass(frozen=True)
class _UnitOfRatio:
    """What the larger column holds by the ratios, the likeliest first.

    Attributes:
        is_estimate: whether that column is the estimate.
        is_sure: whether nearly every pair says so.
    """

    units: tuple[Mistaken, ...]
    is_estimate: bool
    is_sure: bool


def _unit_of_ratio(
    column: ColumnName, sizes: Float[np.ndarray, " N"], *, inverse: bool = False
) -> _UnitOfRatio | None:
    """The units whose factor is the middle ratio; None where it is no unit's."""
    tiny = np.finfo(float).tiny
    logs = np.log(np.maximum(sizes, tiny)) * (-1.0 if inverse else 1.0)
    away = {one: abs(float(np.median(logs)) - math.log(one.factor)) for one in _candidates(column)}
    by_nearness = sorted(away, key=away.__getitem__)
    if not away or away[by_nearness[0]] >= NEAR:
        return None
    near = tuple(one for one in by_nearness if away[one] <= away[by_nearness[0]] + ALIKE)
    agree = np.abs(logs - math.log(near[0].factor)) < NEAR
    sure = len(sizes) >= MIN_PAIRS and agree.mean() >= SHARE
    return _UnitOfRatio(near, not inverse, bool(sure))


def _ratio_in_words(column: ColumnName, sizes: Float[np.ndarray, " N"], found: _UnitOfRatio) -> str:
    name, factor = column.canonical, float(np.median(sizes))
    role = "estimates" if found.is_estimate else "true values"
    words = " or ".join(one.words for one in found.units)
    if found.is_sure:
        return (
            f"The estimates of {name} are {factor:.3g} times the truth: the {role} look like "
            f"{words}; {_remedy(column, found.units)}."
        )
    of = "in the one walk" if len(sizes) == 1 else f"in the middle of {len(sizes)} walks"
    return (
        f"The estimates of {name} are {factor:.3g} times the truth {of}: the {role} may be "
        f"{words}, and were compared as {_unit(column)}; if they are, "
        f"{_remedy(column, found.units)}."
    )


def _unit(column: ColumnName) -> str:
    return f"{UNITS[column.suffix].symbol}, as the name says" if column.suffix else "they stand"


def _candidates(column: ColumnName) -> tuple[Mistaken, ...]:
    if not column.suffix:
        return _UNNAMED
    strides = (_STRIDES,) if column.quantity == "step_length" else ()
    return (*_MISTAKEN.get(column.suffix, ()), *strides)


def _remedy(column: ColumnName, found: tuple[Mistaken, ...]) -> str:
    names = [f"{column.without_unit}_{one.suffix}" for one in found if one.suffix]
    if names:
        return f"name that column {' or '.join(names)}, and it is converted"
    if not column.suffix:
        return "end both names with their units, and they are converted"
    return f"bring that column to {UNITS[column.suffix].symbol}"


def _plausible(column: ColumnName) -> PlausibleRange | None:
    """Between which values people walk, in the column's unit; None where nobody says it."""
    known = column.known
    if not isinstance(known, Parameter) or known.plausible is None or not column.suffix:
        return None
    factor = conversion(known.unit, UNITS[column.suffix])
    one = known.plausible
    return None if factor is None else replace(one, low=factor * one.low, high=factor * one.high)


def _outside(
    column: ColumnName, values: Float[np.ndarray, " N"], role: str, plausible: PlausibleRange
) -> list[str]:
    """A sentence on the values that lie outside; none where all lie within."""
    known = values[np.isfinite(values)]
    odd = known[(known < plausible.low) | (known > plausible.high)]
    if not len(odd):
        return []
    unit = UNITS[column.suffix].symbol
    looks = ""
    if len(known) >= MIN_KNOWN and not plausible.holds(float(np.median(known))):
        middle = float(np.median(known))
        fitting = [m for m in _candidates(column) if plausible.holds(middle / m.factor)]
        words = " or ".join(mistaken.words for mistaken in fitting)
        looks = f"; they look like {words}" if fitting else ""
    return [
        f"{len(odd)} of the {len(known)} {role} of {column.canonical} lie outside "
        f"{plausible.low:g} to {plausible.high:g} {unit}, where people walk "
        f"({_span(odd, plausible)}){looks}; check that column."
    ]


def _span(values: Float[np.ndarray, " N"], plausible: PlausibleRange) -> str:
    """From the least to the greatest value, to three digits or more; one where all are alike."""
    ends = []
    for value in (float(values.min()), float(values.max())):
        form = ".0f" if abs(value) >= 100.0 else ".3g"
        ends.append(beside_range(value, (plausible.low, plausible.high), form)[0])
    return " to ".join(dict.fromkeys(ends))


def _any(values: Float[np.ndarray, " N"]) -> bool:
    return bool(np.isfinite(values).any())
