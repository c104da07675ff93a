"""From the strides of a walk to its scores, and to the parameters that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.gait.score_reference_file import reference_sha256
from simgait.gait.scores import (
    SCORED_ANGLES,
    ScoreReference,
    gait_deviation_index,
    gait_profile_score,
    gait_variable_scores,
    overall_profile_score,
)
from simgait.gait.spatiotemporal import statistic
from simgait.gait_result import GaitResult, SideScores, Statistic, WalkScores
from simgait.parameters.catalogue import parameters
from simgait.parameters.facts import PersonScores, StrideScores
from simgait.parameters.parameter import Parameter
from simgait.skeleton.sides import SIDES, Side


def with_scores(gait: GaitResult, reference: ScoreReference) -> GaitResult:
    """The result with its scores against healthy people, as far as its cycles have all angles.

    Args:
        gait: of a walk.
        reference: healthy people whose angles were made in the same way.
    """
    whole = {
        side: strides[np.isfinite(strides).all(axis=(1, 2))]
        for side, strides in gait.scored_curves_deg.items()
    }
    scores = walk_scores(whole, reference)
    if not scores.sides:
        return gait
    found = {one.key: _statistics(scores, one) for one in parameters() if one.of_scores is not None}
    return replace(gait, scores=scores, parameters=gait.parameters | found)


def _statistics(scores: WalkScores, one: Parameter) -> dict[str, Statistic]:
    """Of a parameter that is made of scores: each side's strides, and the person."""
    of_scores, of_person = one.of_scores, one.of_person
    assert of_scores is not None and of_person is not None  # given together
    strides: dict[str, list[StrideScores]] = {
        side: [
            StrideScores(float(gdi), float(gps))
            for gdi, gps in zip(own.gdi_points, own.gps_deg, strict=True)
        ]
        for side, own in scores.sides.items()
    }
    values = {side: [of_scores(s) for s in strides.get(side, [])] for side in SIDES}
    found = {side: statistic(values[side]) for side in SIDES}
    left, right = (_mean(strides.get(side, [])) for side in SIDES)
    both = statistic([v for side in SIDES for v in values[side]])
    person = of_person(PersonScores(left, right, scores.overall_gps_deg))
    # Without one of the sides there is no score of both.
    found_both = replace(both, mean=person) if np.isfinite(person) else statistic([])
    return {"left": found["left"], "right": found["right"], "both": found_both}


def _mean(strides: Sequence[StrideScores]) -> StrideScores:
    if not strides:
        return StrideScores(float("nan"), float("nan"))
    return StrideScores(
        float(np.mean([one.gdi_points for one in strides])),
        float(np.mean([one.gps_deg for one in strides])),
    )


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
    whole = len(columns) == len(SCORED_ANGLES)
    sides = {
        side: _side_scores(strides_deg[side], reference, columns)
        for side in SIDES
        if len(strides_deg.get(side, ()))
    }
    overall_deg = float("nan")
    if whole and len(sides) == len(SIDES):
        left, right = (sides[side].variable_scores_deg.mean(axis=0) for side in SIDES)
        overall_deg = float(overall_profile_score(left, right))
    return WalkScores(
        reference=reference.name,
        angles=tuple(angles),
        sides=sides,
        overall_gps_deg=overall_deg,
        healthy_variable_scores_deg=reference.median_variable_scores_deg[columns],
        healthy_gps_deg=reference.median_profile_score_deg if whole else float("nan"),
        reference_sha256=reference_sha256(reference),
        ages_years=reference.ages_years,
    )


def _side_scores(
    strides_deg: Float[np.ndarray, "N A 51"], reference: ScoreReference, columns: Sequence[int]
) -> SideScores:
    healthy_deg = reference.mean_curves_deg[columns]
    scores = gait_variable_scores(strides_deg, healthy_deg)
    # A degree up and a degree down, of each angle in turn.
    moved = np.eye(len(columns))[:, None, :, None]
    higher, lower = strides_deg + moved, strides_deg - moved

    def profile(curves_deg: Float[np.ndarray, "A N A 51"]) -> Float[np.ndarray, "A N"]:
        return gait_profile_score(gait_variable_scores(curves_deg, healthy_deg))

    unknown = np.full(len(columns), np.nan)
    whole = len(columns) == len(SCORED_ANGLES)
    return SideScores(
        gdi_points=gait_deviation_index(strides_deg, reference)
        if whole
        else np.full(len(strides_deg), np.nan),
        gps_deg=gait_profile_score(scores),
        variable_scores_deg=scores,
        gdi_per_deg=_per_deg(*(gait_deviation_index(x, reference) for x in (higher, lower)))
        if whole
        else unknown,
        gps_per_deg=_per_deg(profile(higher), profile(lower)),
    )


def _per_deg(
    higher: Float[np.ndarray, "A N"], lower: Float[np.ndarray, "A N"]
) -> Float[np.ndarray, " A"]:
    """Change of the strides' mean per degree."""
    return np.asarray(0.5 * (higher - lower).mean(axis=1))
