"""From the strides of a walk to its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.scores import (
    SCORED_ANGLES,
    ScoreReference,
    gait_deviation_index,
    gait_profile_score,
    gait_variable_scores,
    overall_profile_score,
)
from simgait.gait_result import SideScores, WalkScores
from simgait.skeleton.sides import SIDES, Side


def walk_scores(
    strides_deg: Mapping[Side, Float[np.ndarray, "_ _ 51"]],
    reference: ScoreReference,
    angles: Sequence[str] = SCORED_ANGLES,
) -> WalkScores:
    """Scores of the strides of both sides.

    Args:
        strides_deg: side -> (strides, angles, 51), degrees and clinical signs.
        reference: healthy people whose angles were made in the same way.
        angles: the nine, or fewer; fewer have no GDI.
    """
    columns = [SCORED_ANGLES.index(name) for name in angles]
    sides = {
        side: _side_scores(strides_deg[side], reference, columns)
        for side in SIDES
        if len(strides_deg.get(side, ()))
    }
    overall_deg = float("nan")
    if len(columns) == len(SCORED_ANGLES) and len(sides) == len(SIDES):
        left, right = (sides[side].variable_scores_deg.mean(axis=0) for side in SIDES)
        overall_deg = float(overall_profile_score(left, right))
    return WalkScores(
        reference=reference.name,
        angles=tuple(angles),
        sides=sides,
        overall_gps_deg=overall_deg,
    )


def _side_scores(
    strides_deg: Float[np.ndarray, "N A 51"], reference: ScoreReference, columns: Sequence[int]
) -> SideScores:
    scores = gait_variable_scores(strides_deg, reference.mean_curves_deg[columns])
    whole = len(columns) == len(SCORED_ANGLES)
    return SideScores(
        gdi_points=gait_deviation_index(strides_deg, reference)
        if whole
        else np.full(len(strides_deg), np.nan),
        gps_deg=gait_profile_score(scores),
        variable_scores_deg=scores,
    )
