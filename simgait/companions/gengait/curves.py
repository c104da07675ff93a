"""Mean joint angles over the gait cycle of a walk in normalised time."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.cycles import SAMPLES, NormalisedWalk
from simgait.companions.gengait.joints import ANGLE_INDEX, JOINT_ANGLES, JOINTS, angles_rad


def by_phase(values: Float[np.ndarray, "N ..."], first_phase: int) -> Float[np.ndarray, "28 ..."]:
    """Mean over the cycles at each sample of the cycle; NaN where none shows it."""
    phase = (np.arange(len(values)) + first_phase) % SAMPLES
    flat = values.reshape(len(values), -1)
    known = np.isfinite(flat)
    total, count = np.zeros((2, SAMPLES, flat.shape[1]))
    np.add.at(total, phase, np.where(known, flat, 0.0))
    np.add.at(count, phase, known)
    mean = np.where(count > 0, total / np.maximum(count, 1.0), np.nan)
    return np.asarray(mean.reshape(SAMPLES, *values.shape[1:]))


def mean_curves_deg(
    walk: NormalisedWalk, points: Float[np.ndarray, "N 12 3"] | None = None
) -> Float[np.ndarray, "28 10"]:
    """Mean cycle of `joints.ANGLES`, of the walk's own points or of others in their place."""
    own = walk.points if points is None else points
    return by_phase(np.degrees(angles_rad(own)), walk.first_phase)


def departure_deg(
    one: Float[np.ndarray, "28 10"], other: Float[np.ndarray, "28 10"]
) -> Float[np.ndarray, " 7"]:
    """How far `joints.JOINTS` are from another walk's: RMS over the cycle of the worst angle.

    NaN where an angle of the joint is unknown.
    """
    rms = np.sqrt(np.mean(np.square(one - other), axis=0))
    return np.array([
        max(rms[ANGLE_INDEX[name]] for name in JOINT_ANGLES[joint]) for joint in JOINTS
    ])  # fmt: skip
