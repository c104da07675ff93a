"""What changed between two visits of a person, whether their walks show it, and one visit's mean.

Two things stand between the mean of a visit's walks and the person: what measuring adds, which all
walks of a visit share (a camera's scale does not average out), and how much the person varies from
one walk to the next, which does. A change is shown where it is larger than both together would let
it seem in 5 % of visits without any: the minimal detectable change at 95 % (Weir 2005, J Strength
Cond Res 19:231).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from scipy import stats

from simgait.certainty.fitting import SDS_OF_HALF_WIDTH

LEVEL = 0.95
"""Of the interval of a change: 1 in 20 visits without a change seems to have one."""
MEAN_LEVEL = 0.90
"""Of the interval of one visit's mean, as of every number of a walk."""
TYPICAL_FREEDOM = 4.0
"""Walks that the typical SD between walks counts as, beside those of the two visits (moderated
variance, Smyth 2004, Stat Appl Genet Mol Biol 3:3). So few, as people differ: the SDs of the two
people whose 13 and 23 walks it was taken from stand as 1 to 1.1 (speed), 1.3 (step length) and 2.7
(cadence)."""


class Shown(StrEnum):
    """What two visits say of a number."""

    CHANGED = "changed"
    NOT_SHOWN = "not shown"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class VisitNumber:
    """One number in the walks of a visit.

    Attributes:
        values: (W,) of the walks in which it may be used, in one unit; W may be 0.
        half_widths: (W,) of their 90 % intervals; NaN where none is known.
    """

    values: Float[np.ndarray, " W"]
    half_widths: Float[np.ndarray, " W"]

    @property
    def mean(self) -> float:
        """Of the walks, each as much as the next; NaN without any."""
        return float(self.values.mean()) if len(self.values) else math.nan

    @property
    def measuring_sd(self) -> float:
        """What all walks of the visit may be off by, in the mean; NaN where it is not known."""
        return (
            float(np.mean(self.half_widths)) / SDS_OF_HALF_WIDTH if len(self.values) else math.nan
        )


@dataclass(frozen=True)
class Change:
    """Of one number between two visits, in its unit.

    Attributes:
        before, after: means of the visits.
        difference: after less before.
        detectable: the least change that these walks could show (MDC at 95 %); the difference's
            95 % interval reaches as far to either side. NaN where it is not known.
        shown: whether they do.
        walk_sd: SD between walks of a visit that was reckoned with; NaN where unknown.
    """

    before: float
    after: float
    difference: float
    detectable: float
    shown: Shown
    walk_sd: float

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the difference's 95 % interval."""
        return self.difference - self.detectable, self.difference + self.detectable

    def is_shown_beyond(self, tolerance: float) -> bool:
        """Whether a change is shown and at least as large as a difference that matters."""
        return self.shown is Shown.CHANGED and abs(self.difference) >= tolerance


@dataclass(frozen=True)
class VisitMean:
    """The mean of one number over the walks of a visit, in its unit.

    Attributes:
        walks: that it rests on.
        mean: of them, each as much as the next; NaN without any.
        half_width: of its 90 % interval; NaN where it is not known.
        walk_sd: SD between these walks (n - 1 in its denominator); NaN of one walk.
    """

    walks: int
    mean: float
    half_width: float
    walk_sd: float


def visit_mean(number: VisitNumber, typical_sd: float = math.nan) -> VisitMean:
    """The mean of a visit, and how far it may be from the person's.

    The interval holds what measuring adds, which all walks share, and how much the person varies
    between walks, as that of a change does. Of one walk it is known where a typical SD is.

    Args:
        number: in the walks of the visit.
        typical_sd: between walks of one person on one day; NaN where nobody knows.
    """
    values, count = number.values, len(number.values)
    walk_sd, freedom = between_walks([values], typical_sd)
    walking = walk_sd**2 / count if count else math.nan
    half = _reach(number.measuring_sd**2, walking, freedom, MEAN_LEVEL)
    own_sd = float(np.std(values, ddof=1)) if count > 1 else math.nan
    return VisitMean(count, number.mean, half, own_sd)


def change(
    before: VisitNumber, after: VisitNumber, typical_sd: float = math.nan, *, level: float = LEVEL
) -> Change:
    """The change of a number from one visit to another.

    Args:
        before: the number in the walks of the first visit.
        after: the same of the second, in the same unit.
        typical_sd: between walks of one person on one day; NaN where nobody knows. Without it a
            change is judged only where a visit has two walks.
        level: of the change's interval, and so of what is detectable.
    """
    walk_sd, freedom = between_walks([before.values, after.values], typical_sd)
    measuring = before.measuring_sd**2 + after.measuring_sd**2
    walking = math.nan
    if len(before.values) and len(after.values):
        walking = walk_sd**2 * (1.0 / len(before.values) + 1.0 / len(after.values))
    detectable = _reach(measuring, walking, freedom, level)
    return _judged(before.mean, after.mean, detectable, walk_sd)


def change_from_both(
    middle: VisitNumber,
    ends: tuple[VisitNumber, VisitNumber],
    typical_sd: float = math.nan,
    *,
    level: float = LEVEL,
) -> Change:
    """How far a visit is from the middle between two others; `before` is that middle.

    Args:
        middle: the number in the walks of the visit.
        ends: the same of two others, each of which weighs as much as the other.
        typical_sd: between walks of one person on one day; NaN where nobody knows.
        level: of the interval, and so of what is detectable.
    """
    three, shares = (middle, *ends), (1.0, 0.5, 0.5)
    walk_sd, freedom = between_walks([one.values for one in three], typical_sd)
    measuring = walking = 0.0
    for one, share in zip(three, shares, strict=True):
        count = len(one.values)
        measuring += (share * one.measuring_sd) ** 2
        walking += (share * walk_sd) ** 2 / count if count else math.nan
    detectable = _reach(measuring, walking, freedom, level)
    return _judged(0.5 * (ends[0].mean + ends[1].mean), middle.mean, detectable, walk_sd)


def side_difference(
    left: VisitNumber, right: VisitNumber, typical_sd: float = math.nan, *, level: float = LEVEL
) -> Change:
    """Left less right of one visit, walk by walk; `before` is the right side, `after` the left.

    How the errors of the two sides go together is not known: the measuring error is that of the
    worst case, in which they add up. How much the difference varies between walks is taken from
    its own values, beside √2 times the typical SD of one side.

    Args:
        left: the number in the walks in which both sides may be used.
        right: the same of the other side, in the same walks.
        typical_sd: of one side between walks of one person on one day; NaN where nobody knows.
        level: of the difference's interval, and so of what is detectable.
    """
    between = left.values - right.values
    typical = math.sqrt(2.0) * typical_sd
    walk_sd, freedom = between_walks([between], typical)
    measuring = (left.measuring_sd + right.measuring_sd) ** 2
    walking = walk_sd**2 / len(between) if len(between) else math.nan
    detectable = _reach(measuring, walking, freedom, level)
    return _judged(right.mean, left.mean, detectable, walk_sd)


def _judged(before: float, after: float, detectable: float, walk_sd: float) -> Change:
    difference = after - before
    if not (math.isfinite(detectable) and math.isfinite(difference)):
        shown = Shown.NOT_COMPARABLE
    else:
        shown = Shown.CHANGED if abs(difference) > detectable else Shown.NOT_SHOWN
    return Change(before, after, difference, detectable, shown, walk_sd)


def between_walks(
    visits: Sequence[Float[np.ndarray, " _"]], typical_sd: float
) -> tuple[float, float]:
    """SD between the walks of a visit, and its degrees of freedom, as `variance_between_walks`."""
    variance, freedom = variance_between_walks(visits, np.asarray(typical_sd))
    return math.sqrt(float(variance)), freedom


def variance_between_walks(
    visits: Sequence[Float[np.ndarray, "_ ..."]], typical_sd: Float[np.ndarray, "..."]
) -> tuple[Float[np.ndarray, "..."], float]:
    """Variance between the walks of a visit, of a number or at each point of a curve.

    The visits are pooled, each about its own mean; the typical SD counts as `TYPICAL_FREEDOM` more.

    Args:
        visits: the values in the walks of each; one or more.
        typical_sd: between walks of one person on one day; NaN where nobody knows.

    Returns:
        the variance, and its degrees of freedom; NaN and 0 where unknown.
    """
    squares, freedom = np.zeros(visits[0].shape[1:]), 0.0
    for values in visits:
        if len(values) > 1:
            squares = squares + np.sum((values - values.mean(axis=0)) ** 2, axis=0)
            freedom += len(values) - 1.0
    if np.isfinite(typical_sd).all():
        squares = squares + TYPICAL_FREEDOM * typical_sd**2
        freedom += TYPICAL_FREEDOM
    if not freedom:
        return np.full(squares.shape, np.nan), 0.0
    return np.asarray(squares / freedom), freedom


def _reach(measuring: float, walking: float, freedom: float, level: float = LEVEL) -> float:
    """Half of the interval of this level of a sum of two errors with these variances.

    The variance of measuring is known, that of walking has `freedom`: degrees of freedom of the sum
    by Satterthwaite 1946 (Biometrics 2:110).
    """
    total = measuring + walking
    if not math.isfinite(total):
        return math.nan
    if walking == 0.0:
        return float(stats.norm.ppf(0.5 + level / 2.0)) * math.sqrt(total)
    own = total**2 / (walking**2 / freedom)
    return float(stats.t.ppf(0.5 + level / 2.0, own)) * math.sqrt(total)
