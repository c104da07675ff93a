"""BiLSTM and linear regression, fused: what they learn from pairs of curves, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.companions.angle_refiner.config import OptimiserConfig
from simgait.companions.angle_refiner.curves import ANGLES, POINTS, CurvePairs
from simgait.companions.angle_refiner.network import apply_lstm, train_lstm
from simgait.errors import InputError
from simgait.estimators.people import split_by_person
from simgait.estimators.rivals import fit_ridge

LEAST_SD = 0.1
"""Degrees: below any angle's spread between people, so that a constant one is not divided by 0."""
SHARES = {"learning": 0.85, "fusing": 0.15}
"""Of the people: the weight of the two is set by people whom neither has seen."""
FEWEST_PEOPLE = 4
"""To learn from: three, and one who sets the weight of the two."""
BATCH = 32
"""Curves of a call: one shape, one compilation."""

FUSED, LSTM, RIDGE, AS_IS, MEAN = (
    "BiLSTM + linear regression", "BiLSTM alone", "ridge", "angles as they are",
    "mean of the training people",
)  # fmt: skip
ESTIMATORS = (FUSED, LSTM, RIDGE, AS_IS, MEAN)


@dataclass(frozen=True)
class Standard:
    """Mean and SD (deg) over people, at every point of the cycle, of estimated and true angles.

    Angles that no walk shows have 0 and 1.
    """

    estimated_mean: Float[np.ndarray, "51 8"]
    estimated_sd: Float[np.ndarray, "51 8"]
    true_mean: Float[np.ndarray, "51 8"]
    true_sd: Float[np.ndarray, "51 8"]

    @classmethod
    def of(cls, pairs: CurvePairs) -> Standard:
        """Those of pairs to learn from."""
        return cls(*_mean_and_sd(pairs.estimated), *_mean_and_sd(pairs.true))

    def inputs(self, estimated: Float[np.ndarray, "N 51 8"]) -> Float[np.ndarray, "N 51 16"]:
        """Standardised curves, 0 where unknown, and 1 where known."""
        known = np.isfinite(estimated)
        curves = np.where(known, (estimated - self.estimated_mean) / self.estimated_sd, 0.0)
        return np.concatenate([curves, known], axis=-1).astype(np.float32)

    def targets(self, pairs: CurvePairs) -> Float[np.ndarray, "N 51 8"]:
        """Standardised true curves; NaN where they or the estimates are not known."""
        true = (pairs.true - self.true_mean) / self.true_sd
        return np.where(np.isfinite(pairs.estimated), true, np.nan)

    def degrees(self, said: Float[np.ndarray, "N 51 8"]) -> Float[np.ndarray, "N 51 8"]:
        """Standardised true angles in degrees."""
        return np.asarray(said * self.true_sd + self.true_mean)


def _mean_and_sd(
    curves: Float[np.ndarray, "N 51 8"],
) -> tuple[Float[np.ndarray, "51 8"], Float[np.ndarray, "51 8"]]:
    known = np.isfinite(curves)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, curves, 0.0).sum(axis=0) / count
    square = np.where(known, np.square(curves - mean), 0.0).sum(axis=0) / count
    sd = np.where(known.any(axis=0), np.maximum(np.sqrt(square), LEAST_SD), 1.0)
    return mean, sd


@dataclass(frozen=True)
class Refiner:
    """What was learned of one system.

    Attributes:
        params: of the BiLSTM.
        standard: of the people that were learned from.
        ridge_weights, ridge_intercept: at each point of the cycle every angle from all of them,
            standardised.
        share: of the BiLSTM in the fused angle, the rest is the regression's.
    """

    params: Any
    standard: Standard
    ridge_weights: Float[np.ndarray, "51 8 8"]
    ridge_intercept: Float[np.ndarray, "51 8"]
    share: Float[np.ndarray, " 8"]

    @property
    def hidden(self) -> int:
        """Cells of the LSTM of each direction."""
        return int(self.params["Dense_0"]["kernel"].shape[0]) // 2

    def said(
        self, estimated: Float[np.ndarray, "N 51 8"]
    ) -> dict[str, Float[np.ndarray, "N 51 8"]]:
        """Angles (deg) of each of `ESTIMATORS`; NaN where an angle was not estimated."""
        inputs = self.standard.inputs(estimated)
        lstm, ridge = _lstm(self.params, self.hidden, inputs), self._ridge(inputs)
        fused = self.share * lstm + (1.0 - self.share) * ridge
        told = {FUSED: fused, LSTM: lstm, RIDGE: ridge, MEAN: np.zeros_like(ridge)}
        known = np.isfinite(estimated)
        found = {
            name: np.where(known, self.standard.degrees(one), np.nan) for name, one in told.items()
        }
        return found | {AS_IS: np.array(estimated, float)}

    def _ridge(self, inputs: Float[np.ndarray, "N 51 16"]) -> Float[np.ndarray, "N 51 8"]:
        curves = inputs[..., : len(ANGLES)]
        return np.asarray(
            np.einsum("npa,pab->npb", curves, self.ridge_weights) + self.ridge_intercept
        )


def _lstm(
    params: Any, hidden: int, inputs: Float[np.ndarray, "N 51 16"]
) -> Float[np.ndarray, "N 51 8"]:
    said = []
    for first in range(0, len(inputs), BATCH):
        part = inputs[first : first + BATCH]
        whole = np.concatenate([part, np.zeros((BATCH - len(part), *part.shape[1:]), np.float32)])
        said.append(np.asarray(apply_lstm(hidden, params, whole), float)[: len(part)])
    return np.concatenate(said)


def fit_refiner(pairs: CurvePairs, choice: OptimiserConfig) -> Refiner:
    """Learns from all pairs; the people are split so that some set the weight of the two.

    Raises:
        InputError: fewer than four people.
    """
    people = len(set(pairs.people))
    if people < FEWEST_PEOPLE:
        raise InputError(
            f"{people} people are too few to learn from; give {FEWEST_PEOPLE} or more."
        )
    rows = _split(pairs)
    learned = pairs.rows(rows["learning"])
    standard = Standard.of(learned)
    inputs, targets = standard.inputs(pairs.estimated), standard.targets(pairs)
    params = train_lstm(inputs, targets, rows["learning"], choice)
    weights, intercept = _fit_ridge(inputs[rows["learning"]], targets[rows["learning"]])
    equal = np.full(len(ANGLES), 0.5)
    refiner = Refiner(params, standard, weights, intercept, equal)
    apart, true = inputs[rows["fusing"]], targets[rows["fusing"]]
    share = fused_share(_lstm(params, refiner.hidden, apart), refiner._ridge(apart), true)
    return Refiner(params, standard, weights, intercept, share)


def _split(pairs: CurvePairs) -> dict[str, np.ndarray]:
    """Rows to learn from and to fuse by; one person fuses at least."""
    people = len(set(pairs.people))
    fusing = max(SHARES["fusing"], 1.0 / people)
    parts = split_by_person(pairs.people, {"learning": 1.0 - fusing, "fusing": fusing})
    return {name: np.array(rows) for name, rows in parts.items()}


def _fit_ridge(
    inputs: Float[np.ndarray, "N 51 16"], targets: Float[np.ndarray, "N 51 8"]
) -> tuple[Float[np.ndarray, "51 8 8"], Float[np.ndarray, "51 8"]]:
    """At every point of the cycle, each angle that is known from all of them."""
    n = len(ANGLES)
    weights, intercept = np.zeros((POINTS, n, n)), np.zeros((POINTS, n))
    known = np.flatnonzero(np.isfinite(targets).any(axis=(0, 1)))
    for point in range(POINTS):
        rule = fit_ridge(inputs[:, point, :n].astype(float), targets[:, point][:, known])
        own = rule.weights / rule.feature_sd[:, None]
        weights[point][:, known] = own
        intercept[point, known] = rule.intercept - rule.feature_mean @ own
    return weights, intercept


def fused_share(
    lstm: Float[np.ndarray, "N 51 8"],
    ridge: Float[np.ndarray, "N 51 8"],
    true: Float[np.ndarray, "N 51 8"],
) -> Float[np.ndarray, " 8"]:
    """Share of the BiLSTM in each angle with the least squared error, 0 to 1; half where unknown.

    Args:
        lstm: what it says of people whom it has not seen.
        ridge: what the regression says of them.
        true: NaN where unknown.
    """
    known = np.isfinite(true)
    apart = np.where(known, lstm - ridge, 0.0)
    wanted = np.where(known, true - ridge, 0.0)
    size = np.square(apart).sum(axis=(0, 1))
    share = np.full(len(ANGLES), 0.5)
    some = size > 0.0
    share[some] = ((wanted * apart).sum(axis=(0, 1))[some] / size[some]).clip(0.0, 1.0)
    return share
