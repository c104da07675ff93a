"""How well wrong joints are found, and what putting them right does, in plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.stats import rankdata

from simgait.companions.gengait.blend import shares_put_right
from simgait.companions.gengait.curves import departure_deg, mean_curves_deg
from simgait.companions.gengait.cycles import NormalisedWalk
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.passes import put_right, tile_residuals_deg
from simgait.companions.gengait.rivals import RIVALS, own_angles
from simgait.companions.gengait.truth import RIGHT_DEG, WRONG_DEG, JudgedPair
from simgait.companions.gengait.weights import Points, TrainedGenGait

OURS = "GenGait"


@dataclass(frozen=True)
class Answer:
    """What one estimator says of walks: W of them.

    Attributes:
        badness: 1 at the threshold of a joint.
        twin_deg: mean cycles with the wrong joints put right.
    """

    badness: Float[np.ndarray, "W 7"]
    twin_deg: Float[np.ndarray, "W 28 10"]

    @property
    def wrong(self) -> Bool[np.ndarray, "W 7"]:
        """Joints that are called wrong."""
        return self.badness > 1.0


def answers_of(
    trained: TrainedGenGait, walks: Sequence[NormalisedWalk], points: Points = "exact"
) -> dict[str, Answer]:
    """What GenGait and its rivals say of walks in normalised time."""
    curves = np.stack([mean_curves_deg(walk) for walk in walks])
    speed = np.array([walk.relative_speed for walk in walks])
    residual = tile_residuals_deg(trained.network, walks)
    badness = trained.calibration[points].badness(residual)
    twins = [
        mean_curves_deg(walk, put_right(trained.network, walk, dict(zip(JOINTS, row, strict=True))))
        for walk, row in zip(walks, shares_put_right(badness), strict=True)
    ]
    answers = {OURS: Answer(badness, np.stack(twins))}
    for name in RIVALS:
        expected = trained.rivals.expected_deg(name, curves, speed)
        found = trained.of_rivals[name].badness((curves - expected)[:, None])
        twin = curves + _of_angles(found)[:, None] * (expected - curves)
        answers[name] = Answer(found, twin)
    return answers


def _of_angles(badness: Float[np.ndarray, "W 7"]) -> Float[np.ndarray, "W 10"]:
    """The share that each angle of rivals' twins takes of what is expected: its joint's."""
    by_joint = shares_put_right(badness)
    shares = np.zeros((len(badness), 10))
    for column, joint in enumerate(JOINTS):
        shares[:, own_angles(joint)] = by_joint[:, column, None]
    return shares


def auc(wrong: Float[np.ndarray, " P"], right: Float[np.ndarray, " N"]) -> float:
    """Chance that a wrong joint has more badness than a right one (Mann-Whitney); NaN of none."""
    wrong, right = wrong[np.isfinite(wrong)], right[np.isfinite(right)]
    if not len(wrong) or not len(right):
        return float("nan")
    ranks = rankdata(np.concatenate([wrong, right]))[: len(wrong)]
    least = len(wrong) * (len(wrong) + 1) / 2
    return float((ranks.sum() - least) / (len(wrong) * len(right)))


def localisation(
    answer: Answer, normal: Answer, pairs: Sequence[JudgedPair], joint: int | None = None
) -> float:
    """AUC of wrong joints against right ones of the same walks and all of the own normal walks.

    Args:
        answer: of the walks that show a pattern.
        normal: of the same walkers' own normal walks.
        pairs: the walks.
        joint: column of one joint; None takes all.
    """
    departs = np.stack([pair.departure_deg for pair in pairs])
    chosen = slice(None) if joint is None else slice(joint, joint + 1)
    departs, bad = departs[:, chosen], answer.badness[:, chosen]
    right = np.concatenate([bad[departs <= RIGHT_DEG], normal.badness[:, chosen].ravel()])
    return auc(bad[departs >= WRONG_DEG], right)


def top_share(answer: Answer, pairs: Sequence[JudgedPair]) -> float:
    """Of the k joints with most badness, as many as are wrong, the share that is wrong."""
    shares = []
    for row, pair in zip(answer.badness, pairs, strict=True):
        wrong = pair.departure_deg >= WRONG_DEG
        judged = wrong | (pair.departure_deg <= RIGHT_DEG)
        order = np.argsort(-np.where(judged, np.nan_to_num(row), -np.inf))[: wrong.sum()]
        if 0 < wrong.sum() < judged.sum():
            shares.append(float(wrong[order].mean()))
    return float(np.mean(shares)) if shares else float("nan")


@dataclass(frozen=True)
class Correction:
    """What the twins of walks that show a pattern do to their wrong joints.

    Attributes:
        before_deg, after_deg: mean departure of the wrong joints from the own normal walk.
        less_percent: how much smaller it is.
        cohens_d: mean of the persons' differences / their SD.
    """

    before_deg: float
    after_deg: float
    less_percent: float
    cohens_d: float


def correction(answer: Answer, pairs: Sequence[JudgedPair]) -> Correction:
    """Departure of wrong joints from the own normal walk, of the walk and of its twin."""
    before, after = [], []
    for twin_deg, pair in zip(answer.twin_deg, pairs, strict=True):
        wrong = pair.departure_deg >= WRONG_DEG
        if wrong.any():
            own = mean_curves_deg(pair.normal)
            before.append(float(pair.departure_deg[wrong].mean()))
            after.append(float(departure_deg(twin_deg, own)[wrong].mean()))
    if len(before) < 2:
        return Correction(*[float("nan")] * 4)
    first, last = float(np.mean(before)), float(np.mean(after))
    gain = np.subtract(before, after)
    d = float(gain.mean() / max(gain.std(ddof=1), 1e-9))
    return Correction(first, last, 100.0 * (1.0 - last / first), d)


def changed_deg(answer: Answer, walks: Sequence[NormalisedWalk]) -> Float[np.ndarray, " W"]:
    """How far the twins of walks are from the walks: mean over the joints, one for each walk."""
    own = [mean_curves_deg(walk) for walk in walks]
    return np.array([
        departure_deg(twin, curves).mean()
        for twin, curves in zip(answer.twin_deg, own, strict=True)
    ])  # fmt: skip


def estimated_departure_deg(
    answers: Mapping[str, Answer], walks: Sequence[NormalisedWalk]
) -> dict[str, Float[np.ndarray, "W 7"]]:
    """How far each joint is off by each estimator: the walk against its twin, 0 where not wrong."""
    own = [mean_curves_deg(walk) for walk in walks]
    return {
        name: np.stack([
            departure_deg(twin, curves)
            for twin, curves in zip(answer.twin_deg, own, strict=True)
        ])
        for name, answer in answers.items()
    }  # fmt: skip
