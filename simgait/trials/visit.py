"""What the walks of one person before one camera share, each walk read in the light of all.

One walk cannot tell a person from a camera. Several can: the body is the same in all of them, and
so is what the camera does to distances, which a known distance of one walk tells of the others. A
camera that makes left steps long on the way towards it makes right steps long on the way back.

Nothing depends on the order of the walks, and a walk alone stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.heading import leg_length_m
from simgait.types import PathBasis, Trial

SHARED_SHARE = 0.5
"""Of a walk's departure (logarithm) from the size that all walks give its points, what is taken for
error. Speeds of MeTRAbs's 327 walks repeat within a person to 3 % with each walk's size as with no
size at all, so that halfway between the two is best; as it is through our own detectors
(docs/history/visits.md)."""
LARGEST_SIZE_RATIO = 1.2
"""Of two recordings of one person by one camera. Their sizes have an SD of 1 to 3 %; other people
and other units differ by more."""
LARGEST_MEASURED_RATIO = 1.08
"""The same of measured points: up to 1.016 between two walks of each of twelve people (McGill),
1.044 between markers and joint centres of one (BMClab)."""
WITHIN_CAMERA_SPREAD = 0.03
"""SD, between the walks of a person, of the logarithm of what a path is to be multiplied by: 327
walks of 32 people through MeTRAbs."""
SKEW_BETWEEN_CAMERAS_M = 0.04
"""RMS of half the difference, between walks away from a camera and towards it, of left less right
step, for 32 healthy adults through MeTRAbs (0.052 of its points, 0.040 of version 0.1)."""
SKEW_WITHIN_M = 0.027
"""SD of `step_difference_m` between the walks of one person in one direction: 27 marker walks
through metrabs-17-v1 and monocular-v1."""
ALIKE_DEG = 30.0
"""Between directions that count as one."""
PEAKS_PERCENT = (5.0, 95.0)
"""Of the distance between the ankles along the way: the steps of either side."""
_FOOT_SHARES = {"Knee": 0.5, "Ankle": 1.0, "Heel": 1.0, "Big Toe": 1.0, "Foot": 1.0}
"""How far a joint goes with its foot where a leg is turned about its hip."""


@dataclass(frozen=True)
class SharedTrials:
    """The walks of a visit after each has learned from the others.

    Attributes:
        trials: in the order given.
        size_ratios: by which each one's points were multiplied.
        travel_factor: of the walks whose distance nobody said; NaN where none told it.
        skew_m: left less right step that the camera adds in one direction and takes away in the
            other, half the difference; NaN where the walks do not tell it.
    """

    trials: tuple[Trial, ...]
    size_ratios: tuple[float, ...]
    travel_factor: float
    skew_m: float


def shared(trials: Sequence[Trial]) -> SharedTrials:
    """Each walk with what all of them say of the person and the camera.

    Args:
        trials: prepared walks of one person before one camera, which did not move; exact points
            (markers) stay as they are.

    Raises:
        InputError: two of them cannot be of one person and camera: the legs differ too much, or
            two travel factors were said.
    """
    if len(trials) < 2:
        return SharedTrials(tuple(trials), (1.0,) * len(trials), math.nan, math.nan)
    _refuse_other_people(trials)
    ratios = size_ratios(trials)
    sized = [_resized(trial, ratio) for trial, ratio in zip(trials, ratios, strict=True)]
    travelled, factor = with_shared_travel(sized)
    straight, skew_m = without_skew(travelled)
    return SharedTrials(tuple(straight), ratios, factor, skew_m)


def _refuse_other_people(trials: Sequence[Trial]) -> None:
    """Raises InputError where the legs of two walks differ by more than one person's ever do."""
    legs = sorted((_recorded_leg_m(trial), trial.trial_id) for trial in trials)
    (shortest_m, one), (longest_m, other) = legs[0], legs[-1]
    measured = all(trial.scale_is_metric for trial in trials)
    limit = LARGEST_MEASURED_RATIO if measured else LARGEST_SIZE_RATIO
    if longest_m > limit * shortest_m:
        raise InputError(
            f"{one} and {other} are no walks of one visit: the legs measure {shortest_m:.3g} m in "
            f"the one and {longest_m:.3g} m in the other; take out whose person or unit is another."
        )


def _recorded_leg_m(trial: Trial) -> float:
    """Length of the legs as the recording has it."""
    scaled_m = leg_length_m(lambda name: trial.keypoints_m[:, KEYPOINT_INDEX[name]])
    return scaled_m / trial.keypoint_scale


def size_ratios(trials: Sequence[Trial]) -> tuple[float, ...]:
    """What each walk's points are multiplied by, so that a person's size repeats; 1 if measured."""
    known = [t.keypoint_scale for t in trials if not t.scale_is_metric]
    if not known:
        return (1.0,) * len(trials)
    of_visit = float(np.median(known))
    return tuple(
        1.0 if t.scale_is_metric else (of_visit / t.keypoint_scale) ** SHARED_SHARE for t in trials
    )


def _resized(trial: Trial, ratio: float) -> Trial:
    """A walk with its points and path so many times as large; a belt keeps its speed."""
    if ratio == 1.0:
        return trial
    on_belt = trial.path_basis in ("belt_said", "belt_estimated")
    said = trial.path_basis == "distance_said"  # the way stays as long as it was said to be
    return replace(
        trial,
        keypoints_m=trial.keypoints_m * ratio,
        pelvis_path_m=trial.pelvis_path_m if on_belt else trial.pelvis_path_m * ratio,
        keypoint_scale=trial.keypoint_scale * ratio,
        travel_factor=trial.travel_factor / ratio if said else trial.travel_factor,
    )


def with_shared_travel(trials: Sequence[Trial]) -> tuple[list[Trial], float]:
    """The walks whose path rests on what is known of detectors, by what is known of this camera.

    A factor that somebody said of one walk is, by its definition, that of all. The factors of walks
    whose distance was said are drawn about the camera's own with `WITHIN_CAMERA_SPREAD`, and that
    about the detectors' with the rest of theirs: the mean of the two, weighted by what each is
    worth (normal distributions of the logarithm).

    Returns:
        the walks, and their factor; NaN where no walk tells it.

    Raises:
        InputError: two factors were said that are not the same.
    """
    unknown = [t for t in trials if t.path_basis == "detector"]
    said = sorted({t.travel_factor for t in trials if t.path_basis == "factor_said"})
    if len(said) > 1:
        raise InputError(
            f"The travel factors {said[0]:g} and {said[-1]:g} are said of walks of one visit, "
            "whose camera has one; correct the files, or give it with --travel-factor."
        )
    measured = [t for t in trials if t.path_basis == "distance_said"]
    if not unknown or not (said or measured):
        return list(trials), math.nan
    factor, spread = (said[0], 0.0) if said else _of_this_camera(unknown, measured)
    basis: PathBasis = "factor_said" if said else "visit"
    return [
        replace(t, travel_factor=factor, travel_spread=spread, path_basis=basis)
        if t.path_basis == "detector"
        else t
        for t in trials
    ], factor


def _of_this_camera(unknown: Sequence[Trial], measured: Sequence[Trial]) -> tuple[float, float]:
    """Factor of walks of unknown distance, and SD of its logarithm."""
    expected = float(np.median([t.travel_factor for t in unknown]))
    spread = float(np.median([t.travel_spread for t in unknown]))
    return factor_of_camera(expected, spread, [t.travel_factor for t in measured])


def factor_of_camera(
    expected: float, spread: float, factors: Sequence[float]
) -> tuple[float, float]:
    """A camera's factor by what is known of detectors and what was measured before it.

    Args:
        expected: factor that is known of detectors.
        spread: SD of its logarithm.
        factors: measured, at least one.

    Returns:
        the factor, and SD of the logarithm of that of another walk before this camera.
    """
    off = [math.log(factor / expected) for factor in factors]
    within = WITHIN_CAMERA_SPREAD**2
    between = max(spread**2 - within, 0.0)
    weight = between / (between + within / len(off))
    mean = weight * math.fsum(off) / len(off)
    return expected * math.exp(mean), math.sqrt(weight * within / len(off) + within)


def step_difference_m(trial: Trial) -> float:
    """Left less right step, as the ankles show them at their farthest apart; NaN if never seen."""
    left, right = (trial.keypoints_m[:, KEYPOINT_INDEX[f"{s} Ankle"], 0] for s in ("Left", "Right"))
    ahead = left - right
    ahead = ahead[np.isfinite(ahead)]
    return float(np.percentile(ahead, PEAKS_PERCENT).sum()) if len(ahead) else math.nan


def ways(trials: Sequence[Trial]) -> tuple[int, ...]:
    """1 and -1 for walks in two opposite directions of a camera's space, 0 for all others.

    The directions are those that most walks go, one way or the other. Exact points have none:
    their steps are as they were. Nor have walks without a path, whose hips alone say where they
    face: through wide-v1 they were wrong by up to 70°.
    """
    known = [not t.scale_is_metric and bool(t.pelvis_path_mask.any()) for t in trials]
    headings = [t.heading_rad for t, one in zip(trials, known, strict=True) if one]
    if not headings:
        return (0,) * len(trials)

    def way(heading_rad: float, axis_rad: float) -> int:
        along = math.cos(heading_rad - axis_rad)
        return int(math.copysign(1, along)) if abs(along) > math.cos(math.radians(ALIKE_DEG)) else 0

    # Which of two headings that serve as well is the axis must not depend on the order of walks.
    axis = max(sorted(headings), key=lambda axis: sum(abs(way(h, axis)) for h in headings))
    return tuple(
        way(t.heading_rad, axis) if one else 0 for t, one in zip(trials, known, strict=True)
    )


def camera_skew_m(
    differences_m: Float[np.ndarray, " N"], directions: Float[np.ndarray, " N"]
) -> float:
    """What a camera adds to left less right step on the ways of direction 1; NaN if not told.

    What the walks of both directions have in common is the person's, and is not in it. Few walks
    tell it roughly: it is drawn towards 0 as far as the steps of one walk to the next explain it.

    Args:
        differences_m: of N walks, left less right step.
        directions: 1, -1, or 0 for walks that tell nothing.
    """
    known = np.isfinite(differences_m)
    there, back = (differences_m[known & (directions == way)] for way in (1, -1))
    if not (len(there) and len(back)):
        return math.nan
    half = 0.5 * float(np.median(there) - np.median(back))
    error = 0.25 * SKEW_WITHIN_M**2 * (1.0 / len(there) + 1.0 / len(back))
    return half * SKEW_BETWEEN_CAMERAS_M**2 / (SKEW_BETWEEN_CAMERAS_M**2 + error)


def without_skew(trials: Sequence[Trial]) -> tuple[list[Trial], float]:
    """The walks with what the camera does to left and right, by direction, taken out of the legs.

    Feet go back and forth along the way, each by a fourth of the difference between the steps, and
    knees half as far; so step lengths of both sides together, speed and cadence stay.

    Returns:
        the walks, and `camera_skew_m` of them.
    """
    directions = ways(trials)
    found_m = np.array([step_difference_m(trial) for trial in trials])
    skew_m = camera_skew_m(found_m, np.array(directions, float))
    if not math.isfinite(skew_m):
        return list(trials), skew_m
    return [
        _legs_moved(trial, way * skew_m) if way else trial
        for trial, way in zip(trials, directions, strict=True)
    ], skew_m


def _legs_moved(trial: Trial, difference_m: float) -> Trial:
    """A walk whose left step is shorter, against its right one, by this."""
    return replace(trial, keypoints_m=with_legs_apart(trial.keypoints_m, -0.25 * difference_m))


def with_legs_apart(
    points_m: Float[np.ndarray, "T 23 3"], ahead_m: float
) -> Float[np.ndarray, "T 23 3"]:
    """Points with the left foot so far ahead (+x) and the right one behind, knees half as far."""
    moved_m = np.array(points_m)
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        for joint, share in _FOOT_SHARES.items():
            moved_m[:, KEYPOINT_INDEX[f"{side} {joint}"], 0] += sign * share * ahead_m
    return moved_m
