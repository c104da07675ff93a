"""What changed in a curve over the gait cycle between two visits, or differs between the sides.

At each percent, and as a whole. The errors are those of a number (`agreement.change`): measuring,
which all walks of a visit share, and walking. A curve is looked at in 101 places, so that the limit
for a single one would call more than one in 20 unchanged curves changed. That of the whole curve
comes from the expected number of times that a smooth random curve crosses a level (random field
theory: Friston et al. 1994, Hum Brain Mapp 1:210; of gait curves: Pataky et al. 2013, J Biomech
46:2394). Resampling the two to four walks of a visit would know nothing of what they share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float
from scipy import optimize, stats

from simgait.agreement.change import LEVEL, Shown, variance_between_walks
from simgait.certainty.fitting import SDS_OF_HALF_WIDTH
from simgait.series.runs import runs_of_true

POINT_LEVEL = 0.90
"""Of the band about the difference, at each percent for itself, as of every curve of a walk."""
SMOOTHNESS_PERCENT = 8.0
"""Full width at half maximum, in % of the cycle, of the noise that as rough a curve would be. Of
differences between walks of two healthy adults (CMU 35 and 39): ankle 7 to 10, hip and knee 11 to
20, pelvis 11 to 25."""
MOST_FREEDOM = 1e6
"""Degrees of freedom that are as good as a variance that is known."""
_FREEDOMS = (MOST_FREEDOM, 300.0, 100.0, 50.0, 30.0, 20.0, 14.0, 10.0, 8.0, 6.0, 5.0, 4.0, 3.5, 3.0,
             2.6, 2.3, 2.0, 1.8, 1.6, 1.4, 1.2, 1.0)  # fmt: skip
"""At which limits are reckoned; those between lie on lines over their inverse."""

FACTORS = 2000
"""Equally likely ones that the unknown factor of a variance is drawn from."""

Points = Float[np.ndarray, " P"]


@dataclass(frozen=True)
class VisitCurve:
    """One curve, of one side, in the walks of a visit.

    Attributes:
        values: (W, P) means over the cycles of each walk in which it may be used; W may be 0.
        half_widths: (W,) of their 90 % bands; NaN where none is known.
    """

    values: Float[np.ndarray, "W P"]
    half_widths: Float[np.ndarray, " W"]

    @property
    def mean(self) -> Points:
        """Of the walks, each as much as the next; NaN without any."""
        none = np.full(self.values.shape[1], np.nan)
        return np.asarray(self.values.mean(axis=0)) if len(self.values) else none

    @property
    def half_width(self) -> float:
        """Mean of the walks'; NaN without any."""
        return float(np.mean(self.half_widths)) if len(self.values) else math.nan


@dataclass(frozen=True)
class CurveDifference:
    """Of one curve between two visits, or between the sides of one, in its unit.

    Attributes:
        before, after: (P,) means of the visits; of the right and the left side.
        half_width: (P,) of the difference's 90 % interval at each point for itself.
        detectable: (P,) what the difference must exceed somewhere for a change to be shown: 1 in 20
            curves that did not change does. NaN where it is not known.
    """

    before: Points
    after: Points
    half_width: Points
    detectable: Points

    @property
    def difference(self) -> Points:
        """After less before."""
        return self.after - self.before

    @property
    def beyond(self) -> Bool[np.ndarray, " P"]:
        """Where the difference is larger than the whole curve's limit."""
        return np.asarray(np.abs(self.difference) > self.detectable)

    @property
    def shown(self) -> Shown:
        """What the curve as a whole says."""
        if not np.isfinite(self.difference + self.detectable).any():
            return Shown.NOT_COMPARABLE
        return Shown.CHANGED if self.beyond.any() else Shown.NOT_SHOWN

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """First and last point of each stretch that is `beyond`."""
        return tuple((start, stop - 1) for start, stop in runs_of_true(self.beyond))


def curve_difference(
    before: VisitCurve, after: VisitCurve, typical_sd: Points | None = None
) -> CurveDifference:
    """The difference of a curve between two visits, with both limits.

    Args:
        before: the curve in the walks of the first visit.
        after: the same of the second, in the same unit.
        typical_sd: (P,) between walks of one person on one day; None where nobody knows. Without it
            nothing is judged unless a visit has two walks.
    """
    halves = before.half_width, after.half_width
    measuring = sum((half / SDS_OF_HALF_WIDTH) ** 2 for half in halves)
    typical = _typical(before, typical_sd)
    variance, freedom = variance_between_walks([before.values, after.values], typical)
    counts = len(before.values), len(after.values)
    # Of a visit without any walk the measuring error is NaN, too.
    walking = variance * sum(1.0 / max(n, 1) for n in counts)
    return _limited(before.mean, after.mean, measuring, walking, freedom)


def curve_side_difference(
    left: VisitCurve, right: VisitCurve, typical_sd: Points | None = None
) -> CurveDifference:
    """Left less right of one visit, walk by walk; `before` is the right side, `after` the left.

    The errors are those of a number (`agreement.change.side_difference`): nobody knows how the
    measuring errors of the sides go together, so that they add up, the worst case; the difference
    varies from walk to walk as its own values say, beside √2 times the typical SD of one side.

    Args:
        left: the curve in the walks in which that of both sides may be used.
        right: the same of the other side, in the same walks.
        typical_sd: (P,) of one side between walks of one person on one day; None where nobody
            knows. Without it nothing is judged unless there are two walks.
    """
    between = left.values - right.values
    measuring = ((left.half_width + right.half_width) / SDS_OF_HALF_WIDTH) ** 2
    typical = math.sqrt(2.0) * _typical(left, typical_sd)
    variance, freedom = variance_between_walks([between], typical)
    walking = variance / max(len(between), 1)
    return _limited(right.mean, left.mean, measuring, walking, freedom)


def _typical(curve: VisitCurve, typical_sd: Points | None) -> Points:
    return np.full(curve.values.shape[1], np.nan) if typical_sd is None else typical_sd


def _limited(
    before: Points, after: Points, measuring: float, walking: Points, freedom: float
) -> CurveDifference:
    """A difference with both limits, from the variances of its two errors."""
    total = measuring + walking
    with np.errstate(divide="ignore", invalid="ignore"):
        # By Satterthwaite 1946 (Biometrics 2:110), as that of a number.
        own = np.minimum(freedom * (total / walking) ** 2, MOST_FREEDOM)
    sd, known = np.sqrt(total), np.isfinite(total)
    own = np.where(known, own, MOST_FREEDOM)
    point = stats.t.ppf(0.5 + POINT_LEVEL / 2.0, own) * sd
    # Crossings add up over the cycle: each point has the limit of its own degrees of freedom.
    whole = np.interp(1.0 / own, *_limits()) * sd
    return CurveDifference(before, after, np.asarray(point), np.asarray(whole))


@cache
def _limits() -> tuple[Points, Points]:
    """Inverse degrees of freedom, ascending, and the limit of a whole curve with each."""
    return 1.0 / np.array(_FREEDOMS), np.array([highest_of_curve(one) for one in _FREEDOMS])


def highest_of_curve(
    freedom: float, smoothness_percent: float = SMOOTHNESS_PERCENT, level: float = LEVEL
) -> float:
    """What |t| of a smooth random curve over the cycle stays below in this share of curves.

    Its variance is known up to one factor for the whole curve, with these degrees of freedom: who
    varies more from walk to walk than others does so all over the cycle.

    Args:
        freedom: degrees of freedom, 1 or more.
        smoothness_percent: full width at half maximum of the noise, % of the cycle.
        level: share of curves.
    """
    per_cycle = 100.0 / smoothness_percent * math.sqrt(4.0 * math.log(2.0)) / (2.0 * math.pi)
    shares = (np.arange(FACTORS) + 0.5) / FACTORS
    factors = np.sqrt(stats.chi2.ppf(shares, freedom) / freedom)

    def too_often(limit: float) -> float:
        """Expected share of curves beyond, of a normal curve with each of the factors."""
        beyond = limit * factors
        crossings = per_cycle * np.exp(-(beyond**2) / 2.0)
        share = np.minimum(1.0, 2.0 * (stats.norm.sf(beyond) + crossings))
        return float(share.mean()) - (1.0 - level)

    most = 2.0
    while too_often(most) > 0.0:
        most *= 2.0
    return float(optimize.brentq(too_often, 0.0, most))
