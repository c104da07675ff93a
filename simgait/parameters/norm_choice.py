"""Which healthy people a walk's number is compared with, or why with nobody.

The user's table comes before simgait's, for every parameter that it has. In a table, a row at the
person's walking speed comes before one at comfortable speed, and one of the person's sex before
one of both; one of people on a treadmill holds for a walk on a treadmill alone. Where simgait's
table has no row for an adult, the catalogue's round figures for adults of any age stand in. Nobody
who is said to be a child is compared with adults, and nobody whose age is not said is compared at
all: the round figures are then shown, and nothing is called low or high. A score is compared with
the people of its own reference, if the person is of the ages that it states; where it states none,
if the person is no child.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from simgait.limits import ADULT_YEARS, NORM_HEIGHT_M
from simgait.parameters.norm_rows import (
    SURFACES,
    NormRow,
    NormSource,
    NormTable,
    norm_sources,
    simgait_norms,
)
from simgait.parameters.norms import scaled
from simgait.parameters.parameter import Parameter

ROUNDED, SCORE = "rounded", "score"
"""Sources of the catalogue's own figures."""


@dataclass(frozen=True)
class Walker:
    """Who is compared.

    Attributes:
        height_m: of the body.
        age_years: None where nobody said it.
        sex: as said; None where nobody did.
        on_treadmill: whether a belt moved under the feet.
        speed_mps: of this walk; NaN where it is not to be used.
    """

    height_m: float
    age_years: float | None = None
    sex: str | None = None
    on_treadmill: bool = False
    speed_mps: float = math.nan

    @property
    def surface(self) -> str:
        """Of `norm_rows.SURFACES`."""
        return SURFACES[0 if self.on_treadmill else 1]

    @property
    def is_child(self) -> bool:
        """Whether the age was said and is below that of adults."""
        return self.age_years is not None and self.age_years < ADULT_YEARS


class NoNorm(StrEnum):
    """Why a number is compared with nobody."""

    NO_NUMBERS = "no_numbers"  # of healthy people, for this parameter
    CHILD = "child"  # and all healthy people are adults
    NO_AGE = "no_age"  # was said, and the table goes by age
    OTHER_AGES = "other_ages"  # are those of the table's people
    OTHER_SEX = "other_sex"  # is that of the table's people of this age
    OTHER_SURFACE = "other_surface"  # is that on which the table's people walked
    OTHER_SPEEDS = "other_speeds"  # are those at which the table's people walked
    HEIGHT = "height"  # is beyond what gait can be scaled to


@dataclass(frozen=True)
class NormBand:
    """Where 95 % of the healthy people lie whom a number is compared with.

    Attributes:
        low, high: ends, in the parameter's stored unit.
        mean: of these people.
        source: whose numbers.
        row: of the table; None of the catalogue's round figures.
        is_compared: whether what lies outside is called low or high.
    """

    low: float
    high: float
    mean: float
    source: NormSource
    row: NormRow | None = None
    is_compared: bool = True

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high."""
        return self.low, self.high


@dataclass(frozen=True)
class ScorePeople:
    """The healthy people that a walk was scored against.

    Attributes:
        name: of their reference; "" where no walk was scored.
        ages_years: that it states, from the first on and below the second; None: it states none.
        known: who they are, in words, where that is known without their ages.
    """

    name: str = ""
    ages_years: tuple[float, float] | None = None
    known: str = ""

    def why_not(self, walker: Walker) -> NoNorm | None:
        """Why a person's scores are not compared with them; None where they are."""
        age = walker.age_years
        if age is None:
            return None
        if self.ages_years is None:
            return NoNorm.CHILD if walker.is_child else None
        first, below = self.ages_years
        return None if first <= age < below else NoNorm.OTHER_AGES


NOT_STATED = ScorePeople()


@dataclass(frozen=True)
class Norms:
    """All that the numbers of one walk are compared with.

    Attributes:
        walker: whose walk.
        own: the user's table, None without.
        people: of the scores.
    """

    walker: Walker
    own: NormTable | None = None
    people: ScorePeople = NOT_STATED

    def of(self, one: Parameter) -> NormBand | NoNorm:
        """The normal range of a parameter, or why there is none."""
        return norm_for(one, self.walker, self.own, self.people)

    def table_of(self, one: Parameter) -> NormTable:
        """In which a parameter is looked up."""
        return _table_for(one, self.own)


def norm_for(
    one: Parameter,
    walker: Walker,
    own: NormTable | None = None,
    people: ScorePeople = NOT_STATED,
) -> NormBand | NoNorm:
    """The normal range of a parameter for a person's walk, or why there is none.

    Args:
        one: of the catalogue.
        walker: who walks, and how fast.
        own: the user's table.
        people: of the reference, if it is a score.
    """
    if one.of_scores is not None:
        found = _rounded(one, walker, SCORE, is_compared=True)
        reason = people.why_not(walker)
        return reason if reason and isinstance(found, NormBand) else found
    table = _table_for(one, own)
    rows = table.of_parameter(one.key)
    row = _row_for(rows, walker)
    if row is not None:
        return _band(one, row, walker, table.sources[row.source])
    if table is own:
        return _why_none(rows, walker)
    if walker.is_child:
        return NoNorm.CHILD
    return _rounded(one, walker, ROUNDED, is_compared=walker.age_years is not None)


def _table_for(one: Parameter, own: NormTable | None) -> NormTable:
    return own if own is not None and own.of_parameter(one.key) else simgait_norms()


def _rounded(
    one: Parameter, walker: Walker, source: str, *, is_compared: bool
) -> NormBand | NoNorm:
    if one.norm is None:
        return NoNorm.NO_NUMBERS
    # A score is of angles, which no height scales.
    if one.of_scores is None and walker.height_m not in NORM_HEIGHT_M:
        return NoNorm.HEIGHT
    mean, _ = one.norm.mean_sd(walker.height_m)
    low, high = one.norm.normal_range(walker.height_m)
    return NormBand(low, high, mean, norm_sources()[source], is_compared=is_compared)


def _row_for(rows: Sequence[NormRow], walker: Walker) -> NormRow | None:
    """The row that says most of this walk; no two say as much, as rows do not overlap."""
    fitting = [row for row in rows if _fits_age(row, walker) and _fits(row, walker)]
    return max(
        fitting, key=lambda row: (row.has_speed, bool(row.surface), bool(row.sex)), default=None
    )


def _fits_age(row: NormRow, walker: Walker) -> bool:
    age = walker.age_years
    return age is not None and row.age_from_years <= age < row.age_to_years


def _fits_sex(row: NormRow, walker: Walker) -> bool:
    return row.sex in ("", walker.sex)


def _fits(row: NormRow, walker: Walker) -> bool:
    if not _fits_sex(row, walker) or row.surface not in ("", walker.surface):
        return False
    if math.isfinite(row.height_m) and walker.height_m not in NORM_HEIGHT_M:
        return False
    if not row.has_speed:
        return True
    speed_mps = walker.speed_mps
    if math.isfinite(row.height_m):
        speed_mps = scaled(speed_mps, "velocity", walker.height_m, row.height_m)
    return row.speed_from_mps <= speed_mps < row.speed_to_mps


def _band(one: Parameter, row: NormRow, walker: Walker, source: NormSource) -> NormBand:
    mean, sd = row.mean, row.sd
    if math.isfinite(row.height_m) and one.norm is not None:
        to_person = one.norm.scaling, row.height_m, walker.height_m
        mean, sd = scaled(mean, *to_person), scaled(sd, *to_person)
    half = row.half_sds * sd
    return NormBand(mean - half, mean + half, mean, source, row)


def _why_none(rows: Sequence[NormRow], walker: Walker) -> NoNorm:
    """What keeps every row of the user's table from this walk."""
    if walker.age_years is None:
        return NoNorm.NO_AGE
    of_age = [row for row in rows if _fits_age(row, walker)]
    if not of_age:
        is_child = walker.is_child and all(row.age_from_years >= ADULT_YEARS for row in rows)
        return NoNorm.CHILD if is_child else NoNorm.OTHER_AGES
    of_sex = [row for row in of_age if _fits_sex(row, walker)]
    if not of_sex:
        return NoNorm.OTHER_SEX
    if walker.height_m not in NORM_HEIGHT_M:
        return NoNorm.HEIGHT
    if not any(row.surface in ("", walker.surface) for row in of_sex):
        return NoNorm.OTHER_SURFACE
    return NoNorm.OTHER_SPEEDS
