"""Normal gait as a table: a row for each group of healthy people, by age, sex and walking speed.

`norm_rows.csv` is simgait's own, made by `scripts/norm_rows.py`; `norm_sources.csv` says whose
numbers they are. A user's table has the same columns (`compare.norm_file`). Which row is whose is
told by `norm_choice`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

from scipy import stats

from simgait.parameters.norm_curves import CurveNorm

COLUMNS = (
    "parameter", "age_from_years", "age_to_years", "sex", "surface", "speed_from_mps",
    "speed_to_mps", "height_m", "mean", "sd", "n", "source",
)  # fmt: skip
OPTIONAL = ("sex", "surface", "speed_from_mps", "speed_to_mps", "height_m")
"""Columns that may be absent, or empty: of both sexes, on any surface, of any speed, not scaled to
a height."""
SURFACES = ("treadmill", "overground")
SHARE = 0.95
"""Of healthy people who lie within a range."""
_ROWS, _SOURCES = (Path(__file__).with_name(f"norm_{name}.csv") for name in ("rows", "sources"))


@dataclass(frozen=True)
class NormSource:
    """Whose numbers a row has.

    Attributes:
        name: in a word or two.
        citation: where they can be looked up.
        licence: under which they may be used; empty where the user's own table says nothing.
    """

    name: str
    citation: str
    licence: str = ""


@dataclass(frozen=True)
class NormRow:
    """A parameter in one group of healthy people.

    Attributes:
        parameter: key of the catalogue.
        age_from_years, age_to_years: the group's ages, from the first on and below the second.
        mean, sd: between them, in the parameter's stored unit.
        n: how many they are.
        source: key of its `NormSource`.
        sex: "female", "male", or "" of both.
        surface: where they walked, of `SURFACES`, or "" where it does not matter.
        speed_from_mps, speed_to_mps: walking speed of the group, from the first on and below the
            second; NaN where the row holds at their own comfortable speed.
        height_m: of people whom mean, SD and speeds are scaled to; NaN where they are not.
    """

    parameter: str
    age_from_years: float
    age_to_years: float
    mean: float
    sd: float
    n: int
    source: str
    sex: str = ""
    surface: str = ""
    speed_from_mps: float = math.nan
    speed_to_mps: float = math.nan
    height_m: float = math.nan

    @property
    def has_speed(self) -> bool:
        """Whether it is of one band of speeds."""
        return math.isfinite(self.speed_from_mps)

    @property
    def half_sds(self) -> float:
        """How many SDs of the group to either side of its mean 95 % of healthy people lie.

        A prediction interval: of few people mean and SD are known badly, and it is wider.
        """
        quantile = float(stats.t.ppf(0.5 + 0.5 * SHARE, self.n - 1))
        return quantile * math.sqrt(1.0 + 1.0 / self.n)

    def overlaps(self, other: NormRow) -> bool:
        """Whether somebody could be of both, who would not know which to be compared with."""
        if (self.parameter, self.sex, self.surface, self.has_speed) != (
            other.parameter, other.sex, other.surface, other.has_speed,
        ):  # fmt: skip
            return False
        ages = (self.age_from_years, self.age_to_years), (other.age_from_years, other.age_to_years)
        speeds = (self.speed_from_mps, self.speed_to_mps), (
            other.speed_from_mps, other.speed_to_mps,
        )  # fmt: skip
        return _meet(*ages) and (not self.has_speed or _meet(*speeds))


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True)
class NormTable:
    """Rows of which no two hold for one walk, but one of a sex, surface or speed before another.

    Attributes:
        rows: sorted by parameter, age, sex and speed.
        sources: key -> whose numbers.
        sha256: of the user's file; empty of simgait's own.
        name: what sentences call it.
        curves: of joint angles, where the user's file has any.
    """

    rows: tuple[NormRow, ...]
    sources: Mapping[str, NormSource]
    sha256: str = ""
    name: str = "simgait's own norms"
    curves: tuple[CurveNorm, ...] = ()
    _of: dict[str, tuple[NormRow, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sorts the rows by parameter."""
        of: dict[str, tuple[NormRow, ...]] = {}
        for row in self.rows:
            of[row.parameter] = (*of.get(row.parameter, ()), row)
        object.__setattr__(self, "_of", of)

    def of_parameter(self, key: str) -> tuple[NormRow, ...]:
        """The rows of a parameter; none where it is not in the table."""
        return self._of.get(key, ())


def overlapping(rows: Iterable[NormRow]) -> tuple[NormRow, NormRow] | None:
    """The first two rows that hold for the same person at the same speed; None without."""
    return next((pair for pair in combinations(rows, 2) if pair[0].overlaps(pair[1])), None)


def sorting_key(row: NormRow) -> tuple[str, float, str, float]:
    """The order of a table."""
    speed_mps = row.speed_from_mps if row.has_speed else 0.0
    return row.parameter, row.age_from_years, row.sex, speed_mps


@cache
def simgait_norms() -> NormTable:
    """The table that ships with simgait."""
    rows = tuple(_row(cells) for cells in _cells(_ROWS))
    return NormTable(rows, norm_sources())


@cache
def norm_sources() -> Mapping[str, NormSource]:
    """Key -> source of simgait's own norms."""
    return {
        cells["source"]: NormSource(cells["name"], cells["citation"], cells["licence"])
        for cells in _cells(_SOURCES)
    }


def _cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _row(cells: Mapping[str, str]) -> NormRow:
    return NormRow(
        parameter=cells["parameter"],
        age_from_years=float(cells["age_from_years"]),
        age_to_years=float(cells["age_to_years"]),
        mean=float(cells["mean"]),
        sd=float(cells["sd"]),
        n=int(cells["n"]),
        source=cells["source"],
        sex=cells["sex"],
        surface=cells["surface"],
        speed_from_mps=float(cells["speed_from_mps"] or math.nan),
        speed_to_mps=float(cells["speed_to_mps"] or math.nan),
        height_m=float(cells["height_m"] or math.nan),
    )
