"""Half-widths from errors: a formula by quantile regression, its level by conformal calibration.

The formula is a sum of terms (`certainty.terms`) with coefficients of 0 or more, so that a harder
recording never gets a narrower interval (Koenker & Bassett 1978, Econometrica 46:33, as a linear
programme). Its level is set on people and detectors that the formula was not fitted to (Vovk 2015,
cross-conformal prediction; the score is the error over the half-width). People weigh the same,
however many walks there are of each, and the next person counts as one more, of whom nothing is
known: that is the correction for few people. Made-up walkers are easier than people, and more of
them are there: each kind has half of the weight, and the level holds in each of the two alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from scipy.optimize import linprog
from scipy.stats import norm

from simgait.errors import InputError

LEVEL = 0.90
SDS_OF_HALF_WIDTH = float(norm.ppf(0.5 + LEVEL / 2.0))
"""Half of an interval of this level of a normal distribution, in SDs (1.645)."""
FOLDS = 3
"""Of people, for the scores."""
FEWEST_PEOPLE = 10
"""Below them the interval of the next person would have no end at 90 %."""


@dataclass(frozen=True)
class Errors:
    """Errors of one number, a row for each walk (or side of one).

    Attributes:
        size: (N, K) of the terms.
        error: (N, P) estimate less truth; P values that share a half-width (1, or a curve's).
        person: (N,) who walked.
        seen_by: (N,) the detector, or whatever the next recording may have another one of.
        kind: (N,) of people: made up, or real.
        beside: (N,) half-width that a number has beside its formula
            (`certainty.shared_with_truth`); nothing is fitted to it.
    """

    size: Float[np.ndarray, "N K"]
    error: Float[np.ndarray, "N P"]
    person: Shaped[np.ndarray, " N"]
    seen_by: Shaped[np.ndarray, " N"]
    kind: Shaped[np.ndarray, " N"]
    beside: Float[np.ndarray, " N"]

    def part(self, rows: Bool[np.ndarray, " N"]) -> Errors:
        """Some of the rows."""
        columns = (self.size, self.error, self.person, self.seen_by, self.kind, self.beside)
        return Errors(*(column[rows] for column in columns))


def even_weights(errors: Errors) -> Float[np.ndarray, " N"]:
    """Every kind of people, every person of a kind, every detector of a person's; they sum to 1."""
    kinds = np.unique(errors.kind)
    weight = np.zeros(len(errors.person))
    for kind in kinds:
        own = errors.kind == kind
        weight[own] = _of_people(errors.part(own)) / len(kinds)
    return weight


def _of_people(errors: Errors) -> Float[np.ndarray, " N"]:
    people, person = np.unique(errors.person, return_inverse=True)
    detectors, seen_by = np.unique(errors.seen_by, return_inverse=True)
    cell = person * len(detectors) + seen_by
    count = np.bincount(cell, minlength=len(people) * len(detectors))
    cells_of_person = (count.reshape(len(people), -1) > 0).sum(axis=1)
    weight: Float[np.ndarray, " N"] = 1.0 / (count[cell] * cells_of_person[person] * len(people))
    return weight


def coefficients(errors: Errors, level: float = LEVEL) -> Float[np.ndarray, " K"]:
    """Coefficients (0 or more) of the half-width that `level` of the errors' sizes lie below.

    The size of a row with several values is their root mean square.

    Raises:
        InputError: there are too few rows.
    """
    height = np.sqrt(np.mean(errors.error**2, axis=1))
    n, k = errors.size.shape
    if n < k:
        raise InputError(f"{n} walks are too few for a formula of {k} terms; track more.")
    unit = max(float(height.mean()), 1e-12)
    weight = even_weights(errors)
    # min sum w (level u + (1 - level) v), u - v = height - size c: u is what lies above. Solved as
    # its dual, which has a row for each term where that has one for each walk; c are its prices.
    bounds = np.stack([-(1.0 - level) * weight, level * weight], axis=1)
    found = linprog(-height / unit, A_ub=errors.size.T, b_ub=np.zeros(k), bounds=bounds)
    if not found.success:
        raise InputError("No formula was found for the half-widths; track more walks.")
    return np.maximum(-np.asarray(found.ineqlin.marginals), 0.0) * unit


def level_factor(
    score: Float[np.ndarray, " N"], weight: Float[np.ndarray, " N"], n_people: float
) -> float:
    """What half-widths are multiplied by, so that `LEVEL` of the next person's errors lie within.

    Args:
        score: size of the error over half-width.
        weight: of each, sum 1.
        n_people: whose they are (`people_worth`).

    Raises:
        InputError: there are too few people for that level.
    """
    # The next person is one more, whose scores may be anything.
    level = LEVEL * (n_people + 1.0) / n_people
    if n_people < FEWEST_PEOPLE or not level <= 1.0:
        raise InputError(
            f"{n_people:.0f} people are too few for intervals of {100 * LEVEL:.0f} %; "
            f"{FEWEST_PEOPLE} at least are needed."
        )
    return _quantile(score, weight, level)


def _quantile(
    score: Float[np.ndarray, " N"], weight: Float[np.ndarray, " N"], level: float
) -> float:
    """The smallest score that this share of the weight, which sums to 1, does not exceed."""
    order = np.argsort(score)
    reached = np.searchsorted(np.cumsum(weight[order]), level - 1e-9)
    return float(score[order][min(int(reached), len(order) - 1)])


def kinds_factor(errors: Errors, score: Float[np.ndarray, "N P"]) -> float:
    """What half-widths are multiplied by, so that `LEVEL` of each kind's errors lie within.

    Of all together it may hold though it does not of people, who are harder: speeds from markers
    held in 72 % of the walks of people whom nothing was made from, step widths in 74 %
    (docs/intervals.md). Few people are not corrected for once more.
    """
    factors = []
    for kind in np.unique(errors.kind):
        own = errors.kind == kind
        weight = even_weights(errors.part(own))
        factors.append(_quantile(*_one_by_one(score[own], weight), LEVEL))
    return max(factors)


def _one_by_one(
    score: Float[np.ndarray, "N P"], weight: Float[np.ndarray, " N"]
) -> tuple[Float[np.ndarray, " M"], Float[np.ndarray, " M"]]:
    """Scores of rows with several values, and the weight of each."""
    several = score.shape[1]
    return score.ravel(), np.repeat(weight / several, several)


def calibrated(errors: Errors, *, across_detectors: bool) -> Float[np.ndarray, " K"]:
    """Coefficients whose half-widths hold `LEVEL` of the errors of people they were not fitted to.

    Args:
        errors: of one number.
        across_detectors: the next recording's detector is none of these: scores of each detector
            come from a formula without it.
    """
    score = np.full(errors.error.shape, np.nan)
    fold = _folds(errors.person)
    groups = np.unique(errors.seen_by) if across_detectors else [""]
    for group in groups:
        own = errors.seen_by == group if across_detectors else np.ones(len(fold), bool)
        for k in range(FOLDS):
            asked = own & (fold == k)
            if not asked.any():
                continue
            others = (~own if across_detectors else own) & (fold != k)
            check_apart(errors.person[asked], errors.person[others])
            half = errors.size[asked] @ coefficients(errors.part(others))
            score[asked] = np.abs(errors.error[asked]) / np.maximum(half, 1e-12)[:, None]
    return factor_that_holds(errors, score) * coefficients(errors)


def factor_that_holds(errors: Errors, score: Float[np.ndarray, "N P"]) -> float:
    """What half-widths are multiplied by, so that `LEVEL` of the next person's errors lie within.

    Of all people together, with one more of whom nothing is known, and of each kind.

    Args:
        errors: of one number.
        score: their size over the half-width.

    Raises:
        InputError: there are too few people for that level.
    """
    weight = even_weights(errors)
    of_all = level_factor(*_one_by_one(score, weight), people_worth(errors.person, weight))
    return max(of_all, kinds_factor(errors, score))


def people_worth(person: Shaped[np.ndarray, " N"], weight: Float[np.ndarray, " N"]) -> float:
    """How many people of the same weight these are worth (Kish 1965, Survey Sampling)."""
    _, number = np.unique(person, return_inverse=True)
    return float(1.0 / np.sum(np.bincount(number, weights=weight) ** 2))


def check_apart(judged: Shaped[np.ndarray, " A"], fitted: Shaped[np.ndarray, " B"]) -> None:
    """Nobody stands on both sides.

    Raises:
        InputError: somebody does.
    """
    both = sorted(set(judged) & set(fitted))
    if both:
        raise InputError(
            f"{', '.join(map(str, both[:3]))}: among the people whom intervals are fitted to and "
            "among those whom they are judged by; a person belongs to one side only."
        )


def _folds(person: Shaped[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
    """Fold of each row, by person; people are dealt in turn, by name."""
    _, number = np.unique(person, return_inverse=True)
    return number % FOLDS
