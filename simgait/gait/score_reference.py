"""Makes a reference for the scores: healthy people's strides in, features and distances out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from scipy.stats import median_abs_deviation

from simgait.errors import InputError
from simgait.gait.scores import (
    SCORE_POINTS,
    SCORED_ANGLES,
    ScoreReference,
    check_curves,
    gait_profile_score,
    gait_variable_scores,
    log_distance,
)
from simgait.skeleton.sides import SIDES

FEWEST_PEOPLE = 10
"""The SD between n people is itself known to 1 / sqrt(2 (n - 1)): with ten to 24 %, which moves the
GDI of a person two SD away, at 80, by 5 points; that is half an SD of healthy people."""
LEAST_SD = 1e-3
"""Of ln(distance) between legs: a hundredth of the least that people have (0.2 to 0.4). Below it
there is one person under several names, and dividing by it makes any walk's GDI nothing."""
FAR = 4.5
"""Robust SD from the middle of ln(distance) beyond which a person is named: of 200 dozens drawn
from 83 published controls one in a hundred held such a leg; one with a knee's sign turned lies 5
away."""
N_FEATURES = 15
"""As Schwartz & Rozumalski 2008 took. In their 6702 strides of patients these hold 98 % of the sum
of squares; synthetic walkers are simpler, 15 of theirs hold 99.8 %."""


def gait_features(
    curves_deg: Float[np.ndarray, "S 9 51"], count: int = N_FEATURES
) -> Float[np.ndarray, "459 K"]:
    """Gait features: the first left singular vectors of the strides side by side.

    Curves are neither centred nor scaled before (Schwartz & Rozumalski 2008). They should be of
    healthy and of impaired gait: what no stride here shows, no feature sees later.

    Args:
        curves_deg: of the strides.
        count: of features.

    Raises:
        InputError: a stride has a gap, or there are fewer strides than features.
    """
    if not np.isfinite(curves_deg).all():
        raise InputError("Gait features need strides without gaps; leave the others out.")
    if len(curves_deg) < count:
        raise InputError(
            f"{len(curves_deg)} strides make no {count} gait features; give more of them."
        )
    vectors = np.reshape(curves_deg, (len(curves_deg), -1)).T
    left, _, _ = np.linalg.svd(vectors, full_matrices=False)
    return np.ascontiguousarray(left[:, :count])


def build_reference(
    curves_deg: Float[np.ndarray, "S 9 51"],
    people: Sequence[str],
    sides: Sequence[str],
    features: Float[np.ndarray, "459 K"],
    *,
    name: str,
    origin: str,
    pipeline: str,
) -> ScoreReference:
    """The reference of healthy people's strides.

    Each leg of a person counts once, as in the paper, however many strides of it there are: the
    mean curves are those of the legs' means, ln(distance) of a leg is the mean of its strides'.
    With one stride for each leg this is the paper's arithmetic to the last digit.

    Args:
        curves_deg: of every stride.
        people: who walked it.
        sides: "left" or "right" of it.
        features: of healthy and impaired gait (`gait_features`, or a published set).
        name: that every score made with it carries.
        origin: who they are and how they were measured, one sentence.
        pipeline: what made the angles.

    Raises:
        InputError: fewer than ten people, one without both sides, a gap, or curves that are not in
            degrees.
    """
    check_curves(curves_deg, name)
    _check_people(curves_deg, people, sides, name)
    legs: dict[tuple[str, str], list[int]] = {}
    for row, leg in enumerate(zip(people, sides, strict=True)):
        legs.setdefault(leg, []).append(row)
    told = (name, origin, pipeline)
    return _of_legs(curves_deg, list(legs.values()), features, len(set(people)), told)


def _of_legs(
    curves_deg: Float[np.ndarray, "S 9 51"],
    legs: Sequence[Sequence[int]],
    features: Float[np.ndarray, "459 K"],
    people: int,
    told: tuple[str, str, str],
) -> ScoreReference:
    """The reference of strides, given which of them are one leg's; name, origin and pipeline."""
    mean = np.mean([curves_deg[rows].mean(axis=0) for rows in legs], axis=0)
    scores = gait_variable_scores(curves_deg, mean)
    distances, profiles = log_distance(curves_deg, features, mean), gait_profile_score(scores)
    of_legs = np.array([distances[rows].mean() for rows in legs])
    name, origin, pipeline = told
    if not of_legs.std(ddof=1) > LEAST_SD:
        raise InputError(
            f"{name}: all legs lie as far from their mean as each other; the same strides stand "
            "under several names. Give each person's own."
        )
    return ScoreReference(
        name=name,
        origin=origin,
        pipeline=pipeline,
        features=features,
        mean_curves_deg=mean,
        mean_log_distance=float(of_legs.mean()),
        sd_log_distance=float(of_legs.std(ddof=1)),
        median_variable_scores_deg=np.median([scores[rows].mean(axis=0) for rows in legs], axis=0),
        median_profile_score_deg=float(np.median([profiles[rows].mean() for rows in legs])),
        people=people,
        sides=len(legs),
        strides=len(curves_deg),
    )


def _check_people(
    curves_deg: Float[np.ndarray, "S 9 51"], people: Sequence[str], sides: Sequence[str], name: str
) -> None:
    if not len(curves_deg) == len(people) == len(sides):
        raise InputError(
            f"{name}: {len(curves_deg)} strides of {len(people)} people and {len(sides)} sides; "
            "give a person and a side for each."
        )
    odd = sorted(set(sides) - set(SIDES))
    if odd:
        raise InputError(f"{name}: a side called {odd[0]}; sides are left and right.")
    if len(set(people)) < FEWEST_PEOPLE:
        raise InputError(
            f"{name}: {len(set(people))} people are too few for a reference, whose SD would be a "
            f"guess; give {FEWEST_PEOPLE} or more."
        )
    for person in sorted(set(people)):
        own = {side for who, side in zip(people, sides, strict=True) if who == person}
        if len(own) < len(SIDES):
            raise InputError(
                f"{name}: {person} has strides of the {min(own)} side only; give both sides of "
                "every person, or leave this one out."
            )
    _refuse_copies(curves_deg, people, name)
    gaps = ~np.isfinite(curves_deg).all(axis=(1, 2))
    if gaps.any():
        first = int(np.argmax(gaps))
        raise InputError(
            f"{name}: {int(gaps.sum())} of {len(gaps)} strides have gaps, the first of "
            f"{people[first]}, {sides[first]}; leave them out."
        )


def _refuse_copies(
    curves_deg: Float[np.ndarray, "S 9 51"], people: Sequence[str], name: str
) -> None:
    whose: dict[bytes, str] = {}
    for stride, person in zip(curves_deg, people, strict=True):
        other = whose.setdefault(stride.tobytes(), person)
        if other != person:
            raise InputError(
                f"{name}: {other} and {person} have the same stride to the last digit; nobody may "
                "count twice."
            )


def far_people(
    curves_deg: Float[np.ndarray, "S 9 51"], people: Sequence[str], reference: ScoreReference
) -> list[str]:
    """People one of whose strides lies far from the reference that they are in (robust z)."""
    distance = log_distance(curves_deg, reference.features, reference.mean_curves_deg)
    far = distance > np.median(distance) + FAR * median_abs_deviation(distance, scale="normal")
    return sorted({person for person, is_far in zip(people, far, strict=True) if is_far})


def published_reference(
    features: Float[np.ndarray, "459 K"],
    controls_deg: Float[np.ndarray, "459 N"],
    *,
    name: str,
    origin: str,
    pipeline: str,
) -> ScoreReference:
    """The reference of a published set of features and control vectors, one column each.

    Args:
        features: orthonormal columns, as the electronic addendum of Schwartz & Rozumalski 2008 has
            them.
        controls_deg: its control gait vectors; whose leg each is, it does not say.
        name: that every score made with it carries.
        origin: who they are and how they were measured, one sentence.
        pipeline: what made the angles.

    Raises:
        InputError: features that are not orthonormal, or vectors with gaps or not in degrees.
    """
    if not np.allclose(features.T @ features, np.eye(features.shape[1]), atol=1e-6):
        raise InputError(f"{name}: the gait features are not orthonormal; check the table.")
    curves = np.ascontiguousarray(controls_deg.T).reshape(-1, len(SCORED_ANGLES), SCORE_POINTS)
    check_curves(curves, name)
    if not np.isfinite(curves).all():
        raise InputError(f"{name}: the control vectors have gaps; check the table.")
    if len(curves) < 2 * FEWEST_PEOPLE:
        raise InputError(
            f"{name}: {len(curves)} control vectors are too few for a reference; give "
            f"{2 * FEWEST_PEOPLE} or more ({FEWEST_PEOPLE} people's legs)."
        )
    each = [[row] for row in range(len(curves))]
    return _of_legs(curves, each, features, len(curves), (name, origin, pipeline))
