"""Legs as `leg_prior` expects them: as a start of the batch fit, and as terms of it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.equations import Equations
from simgait.video.leg_prior import ANKLES, HEELS, HIPS, KNEES, TOES, Legs

LEG_COLUMNS = [*KNEES, *ANKLES, *HEELS, *TOES]
KNEE_AHEAD_SD, FOOT_AHEAD_SD, REACH_SD = 0.10, 0.25, 0.012
"""In leg lengths: of knees, of ankles, heels and toes along the way, and from hip to ankle, to what
is expected of them. The first two are twice and three times as much as the expectation is off on
synthetic walkers: with .05 and .08 it bends the way of the hips, and speeds of 12 rendered clips
that are in no benchmark are off by .09 m/s."""


def _lacking(
    points: Float[np.ndarray, "T n 3"], ways: Float[np.ndarray, "T 3"], legs: Legs, leg_m: float
) -> Float[np.ndarray, "T k"]:
    """How far legs' points are behind where they are expected along the way (m)."""
    columns = LEG_COLUMNS[: legs.ahead.shape[1] * 2]
    hips = points[:, HIPS].mean(axis=1, keepdims=True)
    ahead = np.einsum("tkj,tj->tk", points[:, columns] - hips, ways)
    return leg_m * legs.ahead.reshape(len(points), -1) - ahead


def with_legs(
    points: Float[np.ndarray, "T n 3"], ways: Float[np.ndarray, "T 3"], legs: Legs, leg_m: float
) -> Float[np.ndarray, "T n 3"]:
    """Points with the legs moved along the way to where they are expected."""
    lacking, out = _lacking(points, ways, legs, leg_m), points.copy()
    out[:, LEG_COLUMNS[: lacking.shape[1]]] += lacking[..., None] * ways[:, None]
    return out


def like_expected(
    equations: Equations,
    points: Float[np.ndarray, "T n 3"],
    ways: Float[np.ndarray, "T 3"],
    legs: Legs,
    leg_m: float,
) -> None:
    """Legs are about as far ahead, and as straight, as is expected of them."""
    numbers = np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])
    lacking = _lacking(points, ways, legs, leg_m)
    for i, k in enumerate(LEG_COLUMNS[: lacking.shape[1]]):
        sd = leg_m * (KNEE_AHEAD_SD if k in KNEES else FOOT_AHEAD_SD)
        along = (ways / sd)[:, None]
        equations.add(
            (-lacking[:, i] / sd)[:, None],
            [(numbers[:, k], along), *((numbers[:, hip], -0.5 * along) for hip in HIPS)],
        )
    for side, (hip, ankle) in enumerate(zip(HIPS, ANKLES, strict=True)):
        bone = points[:, hip] - points[:, ankle]
        length = np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-3)
        sd = leg_m * REACH_SD
        along = (bone / length / sd)[:, None]
        equations.add(
            (length - leg_m * np.minimum(legs.reach[:, [side]], 1.0)) / sd,
            [(numbers[:, hip], along), (numbers[:, ankle], -along)],
        )
