"""Trivial rivals: what a joint's curves should be by the mean, by PCA, and by ridge regression.

All learn from the mean cycles of the same normal people, and say what the angles of each joint
should be: the mean always the same, ridge by the other joints and the speed, PCA by all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.companions.gengait.joints import ANGLE_INDEX, ANGLES, JOINT_ANGLES, JOINTS
from simgait.estimators.rivals import fit_ridge

RIVALS = ("mean of the training people", "ridge", "PCA reconstruction")
COMPONENTS = 8
"""Of the PCA: about 95 % of the variance of normal mean cycles."""
SPEED_UNKNOWN = 0.3
"""Of walking speed / sqrt(g * height), where nobody knows it: that of the walkers' mean."""


def own_angles(joint: str) -> Bool[np.ndarray, " 10"]:
    """Which of `joints.ANGLES` are a joint's."""
    own = np.zeros(len(ANGLES), bool)
    own[[ANGLE_INDEX[name] for name in JOINT_ANGLES[joint]]] = True
    return own


@dataclass(frozen=True)
class Rivals:
    """Linear rules of mean cycles, 280 numbers each.

    Attributes:
        mean: mean cycle, flattened.
        components: principal components.
        ridge_weights: of the other joints' standardised curves and the speed; 0 of the own.
        ridge_intercept: of each number.
        ridge_mean, ridge_sd: by which a cycle and the speed are standardised.
    """

    mean: Float[np.ndarray, " 280"]
    components: Float[np.ndarray, "8 280"]
    ridge_weights: Float[np.ndarray, "281 280"]
    ridge_intercept: Float[np.ndarray, " 280"]
    ridge_mean: Float[np.ndarray, " 281"]
    ridge_sd: Float[np.ndarray, " 281"]

    def expected_deg(
        self,
        name: str,
        curves_deg: Float[np.ndarray, "W 28 10"],
        speed: Float[np.ndarray, " W"],
    ) -> Float[np.ndarray, "W 28 10"]:
        """What one of `RIVALS` says that each angle should be."""
        flat = curves_deg.reshape(len(curves_deg), -1)
        if name == "ridge":
            rows = (_with_speed(flat, speed) - self.ridge_mean) / self.ridge_sd
            said = rows @ self.ridge_weights + self.ridge_intercept
        elif name == "PCA reconstruction":
            said = self.mean + (flat - self.mean) @ self.components.T @ self.components
        else:
            said = np.tile(self.mean, (len(flat), 1))
        return said.reshape(curves_deg.shape)


def _with_speed(
    flat: Float[np.ndarray, "W 280"], speed: Float[np.ndarray, " W"]
) -> Float[np.ndarray, "W 281"]:
    return np.column_stack([flat, np.where(np.isfinite(speed), speed, SPEED_UNKNOWN)])


def fit_rivals(curves_deg: Float[np.ndarray, "W 28 10"], speed: Float[np.ndarray, " W"]) -> Rivals:
    """Learns from normal people's mean cycles."""
    flat = curves_deg.reshape(len(curves_deg), -1)
    mean = flat.mean(axis=0)
    _, _, components = np.linalg.svd(flat - mean, full_matrices=False)
    rows = _with_speed(flat, speed)
    weights, intercept = np.zeros((rows.shape[1], flat.shape[1])), np.zeros(flat.shape[1])
    for joint in JOINTS:
        own = np.tile(own_angles(joint), curves_deg.shape[1])
        others = np.append(~own, True)
        ridge = fit_ridge(rows[:, others], flat[:, own])
        weights[np.ix_(others, own)], intercept[own] = ridge.weights, ridge.intercept
    sd = np.maximum(rows.std(axis=0), 1e-6)
    return Rivals(mean, components[:COMPONENTS], weights, intercept, rows.mean(axis=0), sd)
