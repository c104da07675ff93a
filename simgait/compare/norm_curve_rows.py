"""Curves in a table of a user's own norms: rows whose `percent` says where in the cycle they are.

The same columns as those of a number; `parameter` is the joint angle with its unit
("knee_flexion_deg"), mean and SD are in degrees and clinical signs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from simgait.compare.csv_tables import CsvTable
from simgait.errors import InputError
from simgait.limits import AGE_YEARS
from simgait.parameters.curves import CURVES
from simgait.parameters.norm_curves import CurveNorm

PERCENT_COLUMN = "percent"
MOST_CURVE_ROWS = 20_000
"""Of a table: nine angles at 101 points of some twenty groups."""
FEWEST_POINTS = 11
"""Of a curve: every 10 % of the cycle."""
MOST_DEG = 180.0
LEAST_SD_DEG = 0.5
"""Somewhere in the cycle healthy people differ by more; 25° are less in radians."""
FEWEST_PEOPLE = 2
KEYS = {curve.key: curve.coordinate for curve in CURVES}
EMPTY = ("speed_from_mps", "speed_to_mps", "height_m")
"""Columns of numbers that say nothing of a curve: nobody chooses one by them."""
Point = tuple[float, float, float]


def curves_of(
    table: CsvTable, texts: dict[str, Sequence[str]], numbers: dict[str, Sequence[float]]
) -> tuple[CurveNorm, ...]:
    """The curves of a table's rows, all of which are points of curves.

    Args:
        table: of these rows alone.
        texts: cells of parameter, sex (in small letters), surface and source.
        numbers: cells of every other column and percent; NaN of empty ones.

    Raises:
        InputError: a row is of no angle, no age, no place in the cycle; a curve has gaps; two
            curves are of the same people.
    """
    points: dict[tuple[str, str, float, float, str], dict[float, Point]] = {}
    first_line: dict[tuple[str, str, float, float], int] = {}
    for place, line in enumerate(table.lines):
        where = f"{table.file}: line {line}"
        key = texts["parameter"][place]
        ages = numbers["age_from_years"][place], numbers["age_to_years"][place]
        _check(key, ages, texts["source"][place], where)
        if texts["surface"][place]:
            raise InputError(f"{where}: a curve goes by age and sex alone; leave surface empty.")
        group = (KEYS[key], texts["sex"][place], *ages, texts["source"][place])
        point = _point(numbers, place, where)
        of_group = points.setdefault(group, {})
        if point[0] in of_group:
            raise InputError(
                f"{where}: {key} of these people has {point[0]:g} % twice; keep one of the rows."
            )
        of_group[point[0]] = point
        first_line.setdefault(group[:4], line)
    curves = tuple(
        CurveNorm(coordinate, first, below, tuple(sorted(found.values())), source, sex)
        for (coordinate, sex, first, below, source), found in points.items()
    )
    _refuse_two_sources(curves, table.file)
    for one in curves:
        _check_curve(one, f"{table.file}: the curve from line {first_line[one.key]} on")
    _refuse_overlaps(curves, table.file)
    return curves


def _check(key: str, ages: tuple[float, float], source: str, where: str) -> None:
    if key not in KEYS:
        raise InputError(
            f"{where}: there is no curve '{key[:40]}'; use {', '.join(KEYS)}, or leave percent "
            "empty for a number."
        )
    if not (0.0 <= ages[0] < ages[1] <= AGE_YEARS.high + 1.0):
        raise InputError(
            f"{where}: a curve needs age_from_years and a greater age_to_years, as children are "
            "not compared with adults; give both."
        )
    if not source:
        raise InputError(f"{where}: names no source; say whose numbers these are.")


def _point(numbers: dict[str, Sequence[float]], place: int, where: str) -> Point:
    percent, mean, sd = (numbers[name][place] for name in (PERCENT_COLUMN, "mean", "sd"))
    if not 0.0 <= percent <= 100.0:
        raise InputError(f"{where}: percent is none of a gait cycle; give 0 to 100.")
    if not (abs(mean) <= MOST_DEG and 0.0 < sd <= MOST_DEG):
        raise InputError(f"{where}: mean and sd are no angle's; give degrees, and an sd above 0.")
    if numbers["n"][place] < FEWEST_PEOPLE:
        raise InputError(
            f"{where}: n is {numbers['n'][place]:g}; give how many people the curve is of, "
            f"{FEWEST_PEOPLE} or more, or leave it empty."
        )
    for name in EMPTY:
        if math.isfinite(numbers[name][place]):
            raise InputError(
                f"{where}: a curve goes by age and sex alone; leave {name} empty there."
            )
    return percent, mean, sd


def _check_curve(one: CurveNorm, where: str) -> None:
    percent = [point[0] for point in one.points]
    if len(percent) < FEWEST_POINTS or percent[0] > 0.0 or percent[-1] < 100.0:
        raise InputError(
            f"{where} has {len(percent)} points from {percent[0]:g} to {percent[-1]:g} %; give "
            f"{FEWEST_POINTS} or more, 0 and 100 % among them."
        )
    most = max(point[2] for point in one.points)
    if most < LEAST_SD_DEG:
        raise InputError(
            f"{where} has SDs of {most:g}° at most, as people differ in radians; give mean and sd "
            "in degrees."
        )


def _refuse_two_sources(curves: Iterable[CurveNorm], file: str) -> None:
    """Points of one curve that name several sources, which would pass for several with gaps."""
    seen: dict[tuple[str, str, float, float], str] = {}
    for one in curves:
        if seen.setdefault(one.key, one.source) != one.source:
            raise InputError(
                f"{file}: {one.coordinate} of {one.people} has two sources, "
                f"'{seen[one.key][:40]}' and '{one.source[:40]}'; keep the rows of one."
            )


def _refuse_overlaps(curves: Iterable[CurveNorm], file: str) -> None:
    for one, other in combinations(curves, 2):
        if one.key[:2] == other.key[:2] and (
            one.age_from_years < other.age_to_years and other.age_from_years < one.age_to_years
        ):
            raise InputError(
                f"{file}: two curves of {one.coordinate} are of the same ages "
                f"({one.people}, {other.people}); keep one of them, or part their ages."
            )
