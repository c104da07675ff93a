"""Limits of agreement when people have several trials each."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike
from scipy import stats

from simgait.agreement.bland_altman import Z95
from simgait.agreement.inputs import Pairs, as_pairs, having
from simgait.agreement.values import Estimate
from simgait.errors import InputError


@dataclass(frozen=True)
class RepeatedLimits:
    """Differences are estimate minus truth, in the unit of the input.

    Attributes:
        n_subjects, n_pairs, n_excluded: people, complete pairs, pairs with a NaN.
        true_value: the variant, "varies" or "constant".
        bias: unweighted mean of the people's mean differences, with its t interval.
        sd: total SD of one difference of one trial of a new person.
        sd_between, sd_within: its parts; sd_between is 0 where the estimate is negative.
        lower, upper: bias -/+ multiplier x sd, each with its MOVER interval.
    """

    n_subjects: int
    n_pairs: int
    n_excluded: int
    true_value: Literal["varies", "constant"]
    bias: Estimate
    sd: float
    sd_between: float
    sd_within: float
    lower: Estimate
    upper: Estimate
    multiplier: float
    level: float


@dataclass(frozen=True)
class _Component:
    """A mean square that enters the total variance with a factor."""

    factor: float
    mean_square: float
    freedom: int


def repeated_limits(
    truth: ArrayLike,
    estimate: ArrayLike,
    subject_ids: Sequence[Hashable] | np.ndarray,
    *,
    true_value: Literal["varies", "constant"] = "varies",
    multiplier: float = Z95,
    level: float = 0.95,
) -> RepeatedLimits:
    """Repeated-measures limits of agreement with confidence intervals.

    Args:
        truth: (N,) reference values.
        estimate: (N,) values under test, same unit, pair by pair.
        subject_ids: (N,) whose trial each pair is; people may have different numbers of trials.
        true_value: "varies" when the true value differs between trials of a person (gait: each
            walk is a walk of its own, both methods saw the same one); "constant" when all trials
            of a person measure one unchanging quantity.
        multiplier: limits are bias -/+ this many SD.
        level: of the confidence intervals.

    Raises:
        InputError: see `inputs.as_pairs`; fewer than three people; nobody has two trials.

    Sources:
        Bland & Altman 2007, J Biopharm Stat 17:571 (both variants); intervals by variance
        recovery (MOVER): Zou 2013, Stat Methods Med Res 22:630, with t for the mean's interval.
    """
    pairs = as_pairs(truth, estimate, subject_ids)
    counts = _trials_of_people(pairs)
    assert pairs.subject is not None
    n_subjects, n_pairs = pairs.n_subjects, int(counts.sum())
    person_mean = np.bincount(pairs.subject, pairs.difference, n_subjects) / counts
    between = _Component(1.0, float(person_mean.var(ddof=1)), n_subjects - 1)
    within = _within_people(pairs, counts, true_value)
    within_variance = sum(part.mean_square for part in within)
    components = [between, *within]
    variance = sum(part.factor * part.mean_square for part in components)
    low_variance, high_variance = _variance_interval(components, variance, level)

    sd, mean = math.sqrt(variance), float(person_mean.mean())
    error = math.sqrt(between.mean_square / n_subjects)
    half = float(stats.t.ppf((1 + level) / 2, n_subjects - 1)) * error
    inward = math.hypot(half, multiplier * (sd - math.sqrt(low_variance)))
    outward = math.hypot(half, multiplier * (math.sqrt(high_variance) - sd))
    lower, upper = mean - multiplier * sd, mean + multiplier * sd
    return RepeatedLimits(
        n_subjects=n_subjects,
        n_pairs=n_pairs,
        n_excluded=pairs.n_excluded,
        true_value=true_value,
        bias=Estimate(mean, mean - half, mean + half),
        sd=sd,
        sd_between=math.sqrt(max(0.0, variance - within_variance)),
        sd_within=math.sqrt(within_variance),
        lower=Estimate(lower, lower - outward, lower + inward),
        upper=Estimate(upper, upper - inward, upper + outward),
        multiplier=multiplier,
        level=level,
    )


def _trials_of_people(pairs: Pairs) -> Int[np.ndarray, " S"]:
    """How many trials each person has; raises as `repeated_limits` says."""
    assert pairs.subject is not None
    if pairs.n_subjects < 3:
        raise InputError(
            f"Only {having(pairs.n_subjects, 'person', 'people')} complete pairs; "
            "repeated-measures limits need 3."
        )
    if len(pairs.subject) == pairs.n_subjects:
        raise InputError("No person has two complete trials; use bland_altman instead.")
    return np.bincount(pairs.subject, minlength=pairs.n_subjects)


def _within_people(
    pairs: Pairs, counts: Int[np.ndarray, " S"], true_value: Literal["varies", "constant"]
) -> list[_Component]:
    """Variance within people: of the differences, or of either method where the truth is one."""
    assert pairs.subject is not None
    # 1 - 1 / harmonic mean of the numbers of trials: what averaging took out of the person means.
    lost = 1.0 - float(np.mean(1.0 / counts))
    columns = (pairs.difference,) if true_value == "varies" else (pairs.truth, pairs.estimate)
    freedom = len(pairs.subject) - pairs.n_subjects
    return [
        _Component(lost, _within_mean_square(column, pairs.subject, counts), freedom)
        for column in columns
    ]


def _within_mean_square(
    values: Float[np.ndarray, " N"], subject: Int[np.ndarray, " N"], counts: Int[np.ndarray, " S"]
) -> float:
    """One-way analysis of variance: pooled variance within people."""
    means = np.bincount(subject, values, len(counts)) / counts
    deviation = values - means[subject]
    return float(deviation @ deviation) / (len(values) - len(counts))


def _variance_interval(
    components: list[_Component], variance: float, level: float
) -> tuple[float, float]:
    """MOVER interval of a sum of independent variance components (Zou 2013)."""
    tail = (1 - level) / 2
    below = above = 0.0
    for part in components:
        size = part.factor * part.mean_square
        below += (size * (1 - part.freedom / stats.chi2.ppf(1 - tail, part.freedom))) ** 2
        above += (size * (part.freedom / stats.chi2.ppf(tail, part.freedom) - 1)) ** 2
    return max(0.0, variance - math.sqrt(below)), variance + math.sqrt(above)
