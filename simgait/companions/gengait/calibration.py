"""How far from expected is too far: set on normal people whom nothing was learned from."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.joints import ANGLE_INDEX, JOINT_ANGLES, JOINTS
from simgait.estimators.intervals import half_width

LEVEL = 0.975
"""Of normal joints that are not called wrong: of seven, all of five normal people in six."""
LEAST_SD_DEG = 0.5
"""No angle is known better than that, however alike synthetic walkers are."""


@dataclass(frozen=True)
class Calibration:
    """What normal people's residuals are like, and where a joint is called wrong.

    Attributes:
        mean_deg, sd_deg: tile x sample of the cycle x angle; NaN where a tile says nothing.
        threshold: of each of `joints.JOINTS`' badness.
    """

    mean_deg: Float[np.ndarray, "K 28 10"]
    sd_deg: Float[np.ndarray, "K 28 10"]
    threshold: Float[np.ndarray, " 7"]

    def badness(self, residual_deg: Float[np.ndarray, "W K 28 10"]) -> Float[np.ndarray, "W 7"]:
        """How far each joint is from expected, 1 at the threshold; NaN where it is not seen."""
        return _badness(residual_deg, self.mean_deg, self.sd_deg) / self.threshold


def calibrate(residual_deg: Float[np.ndarray, "W K 28 10"], people: Sequence[str]) -> Calibration:
    """Spread from every second walk, thresholds from the others, so that both are of unseen people.

    Left and right joints share a threshold.

    Raises:
        InputError: too few people.
    """
    with warnings.catch_warnings():
        # What no tile says is NaN of everybody.
        warnings.simplefilter("ignore", RuntimeWarning)
        mean = np.nanmean(residual_deg[::2], axis=0)
        sd = np.maximum(np.nanstd(residual_deg[::2], axis=0), LEAST_SD_DEG)
    found = _badness(residual_deg[1::2], mean, sd)
    threshold = np.zeros(len(JOINTS))
    for own in _kinds():
        errors = found[:, own].T.ravel()
        seen = np.isfinite(errors)
        whose = np.array(list(people[1::2]) * len(own))[seen]
        threshold[own] = half_width(errors[seen], list(whose), LEVEL)
    return Calibration(mean, sd, threshold)


def people_factor(badness: Float[np.ndarray, "W 7"], people: Sequence[str]) -> list[float]:
    """By how much the thresholds are too narrow for recorded people, of each joint; 1 at least.

    Synthetic walkers are more alike than people. The factor is the largest of the people's medians:
    of 16 people nobody but one in seventeen is expected beyond. Left and right joints share it.

    Args:
        badness: of W walks of healthy people, 1 at the threshold.
        people: whose each is.
    """
    factor = np.ones(len(JOINTS))
    of_people = np.full((len(people), len(JOINTS)), np.nan)
    for row, who in enumerate(dict.fromkeys(people)):
        own_walks = badness[[one == who for one in people]]
        seen = np.isfinite(own_walks).any(axis=0)
        of_people[row, seen] = np.nanmedian(own_walks[:, seen], axis=0)
    for own in _kinds():
        factor[own] = np.max(of_people[:, own], initial=1.0, where=np.isfinite(of_people[:, own]))
    return factor.tolist()


def _kinds() -> list[list[int]]:
    """Columns of the joints that share a threshold."""
    return [
        [i for i, joint in enumerate(JOINTS) if joint.endswith(kind)]
        for kind in ("pelvis", "hip", "knee", "ankle")
    ]


def _badness(
    residual_deg: Float[np.ndarray, "W K 28 10"],
    mean_deg: Float[np.ndarray, "K 28 10"],
    sd_deg: Float[np.ndarray, "K 28 10"],
) -> Float[np.ndarray, "W 7"]:
    """Root mean square over the cycle of the standardised residual: the worst tile, worst angle."""
    with warnings.catch_warnings():
        # A joint that is not seen has no residual in any tile, and no badness.
        warnings.simplefilter("ignore", RuntimeWarning)
        by_angle = np.nanmax(
            np.sqrt(np.mean(np.square((residual_deg - mean_deg) / sd_deg), axis=2)), axis=1
        )
    return np.stack(
        [by_angle[:, [ANGLE_INDEX[name] for name in JOINT_ANGLES[j]]].max(axis=1) for j in JOINTS],
        axis=1,
    )
