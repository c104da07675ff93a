"""The joints of a detector put where a person's joints are.

What a detector calls a knee need not lie in the knee's middle. Where it lies, seen from the
segments, is the same in all recordings of a keypoint set, and bends every knee by a constant. From
one recording a bent knee and a point in front of the knee cannot be told apart; but such a set has
other proportions than people have, and by them it is known, with feet or without. Where knees, put
back, would bend the wrong way, it is another set that happens to have those proportions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from jaxtyping import Float

from simgait.detector_facts import JointShifts
from simgait.recordings.detectors.measured import JOINT_DEFINITIONS, JointDefinitions
from simgait.series.angles import unit
from simgait.series.gaps import bridge
from simgait.skeleton.keypoints import KEYPOINT_INDEX

KnownAs = Callable[[Float[np.ndarray, "T 23 3"]], JointShifts | None]
"""A detector's points, to the definitions of their set."""
SIDES = ("Left", "Right")
LEG = ("Hip", "Knee", "Ankle")
RATIO_WITHIN = 0.08
"""Of thigh over shank: two and a half SD of MeTRAbs's, see below."""
HIPS_NEARER, HIPS_FARTHER = 0.10, 0.03
"""How near to its definitions' proportions a recording must be to be known by them: MeTRAbs's
17 points have 1.28, SD .03, over 327 recordings. From the side a camera shows hips nearer to each
other: in 16 of 56 marker walks through metrabs-17-v1, all views, by .03 to .09."""
STRAIGHTEST_DEG = -8.0
"""What people's knees stay above (5th percentile over a walk): -6.6° and more in 89 marker walks of
31 people, -5.8 in 95 % of their copies through MeTRAbs's families, joints put back. Those of other
families that happen to have its proportions come to -4 to -25°."""
PEOPLES_RATIO = (0.80, 1.12)
PEOPLES_HIPS = (0.12, 0.29)
"""Thigh over shank, and the hips' distance over the leg: 0.83 to 1.05 and 0.17 to 0.28 on 61 marker
walks of 19 people. Seen from the side by one camera, hips lie nearer together (from 0.13 on)."""


@dataclass(frozen=True)
class Proportions:
    """What tells keypoint sets apart; NaN where a point is never seen.

    Attributes:
        leg_m: thigh and shank.
        thigh_to_shank: ratio of their lengths.
        hips_to_leg: distance between the hips over `leg_m`.
    """

    leg_m: float
    thigh_to_shank: float
    hips_to_leg: float

    @property
    def are_a_persons(self) -> bool:
        """Whether people have such proportions; so they may have where nothing is known."""
        low, high = PEOPLES_RATIO
        narrow, wide = PEOPLES_HIPS
        return not (
            self.thigh_to_shank < low
            or self.thigh_to_shank > high
            or self.hips_to_leg < narrow
            or self.hips_to_leg > wide
        )


def proportions(points_m: Float[np.ndarray, "T 23 3"]) -> Proportions:
    """Of a walk's points, by medians over its frames."""

    def length(a: str, b: str) -> float:
        apart = points_m[:, KEYPOINT_INDEX[a]] - points_m[:, KEYPOINT_INDEX[b]]
        apart = np.linalg.norm(apart[np.isfinite(apart).all(axis=-1)], axis=-1)
        return float(np.median(apart)) if len(apart) else float("nan")

    thigh = np.mean([length(f"{side} Hip", f"{side} Knee") for side in SIDES])
    shank = np.mean([length(f"{side} Knee", f"{side} Ankle") for side in SIDES])
    leg = float(thigh + shank)
    return Proportions(leg, float(thigh / shank), length("Left Hip", "Right Hip") / leg)


@dataclass(frozen=True)
class PlacedJoints:
    """A recording's points with its joints where a person's are.

    Attributes:
        points_m: as they were where nothing is known of the set.
        name: of the definitions; empty for none.
        leg_share: the leg's length now over what it was.
        notes: one sentence at most.
    """

    points_m: Float[np.ndarray, "T 23 3"]
    name: str = ""
    leg_share: float = 1.0
    notes: tuple[str, ...] = ()


def placed_joints(
    points_m: Float[np.ndarray, "T 23 3"],
    *,
    measured: bool,
    known_as: KnownAs | None = None,
    stated: JointShifts | None = None,
) -> PlacedJoints:
    """Points whose hips and knees were moved, where a detector's definitions are known.

    Args:
        points_m: of a whole recording, z up, NaN where missing.
        measured: by markers or several cameras; then they stay.
        known_as: tells the definitions; `known_by` if not given.
        stated: what somebody says of this set; then nothing is asked of its proportions.
    """
    definitions = None if measured else stated or (known_as or known_by)(points_m)
    if definitions is None:
        return PlacedJoints(points_m)
    moved = anatomical(points_m, definitions)
    before, after = proportions(points_m), proportions(moved)
    note = (
        f"Hips, knees and ankles were moved as the keypoint set {definitions.name} states "
        f"({definitions.says.rstrip('.')}); the thigh was {before.thigh_to_shank:.2f} times as "
        f"long as the shank and is {after.thigh_to_shank:.2f} times."
        if definitions is stated
        else f"The thigh is {before.thigh_to_shank:.2f} times as long as the shank and the hips "
        f"{before.hips_to_leg:.2f} of the leg apart, as in the points of {definitions.name}: hips "
        "and knees were moved to where people have them."
    )
    return PlacedJoints(moved, definitions.name, after.leg_m / before.leg_m, (note,))


def known_by(points_m: Float[np.ndarray, "T 23 3"]) -> JointDefinitions | None:
    """The definitions that a detector's points have, by their proportions; None for any other."""
    return known_by_all([points_m])


def known_by_all(recordings_m: Sequence[Float[np.ndarray, "_ 23 3"]]) -> JointDefinitions | None:
    """The definitions that the points of one detector and person have, by all of their recordings.

    Args:
        recordings_m: z up, NaN where missing; at least one.
    """
    each = np.array([astuple(proportions(points_m)) for points_m in recordings_m])
    found = Proportions(*np.median(each, axis=0).tolist())
    for one in JOINT_DEFINITIONS:
        hips_off = found.hips_to_leg - one.hips_to_leg
        if (
            abs(found.thigh_to_shank - one.thigh_to_shank) < RATIO_WITHIN
            and -HIPS_NEARER < hips_off < HIPS_FARTHER
            and _bend_as_peoples(recordings_m, one)
        ):
            return one
    return None


def _bend_as_peoples(
    recordings_m: Sequence[Float[np.ndarray, "_ 23 3"]], definitions: JointDefinitions
) -> bool:
    """Whether the knees, put where these definitions say, bend no further back than people's."""
    straightest = [straightest_knee_deg(anatomical(one, definitions)) for one in recordings_m]
    return float(np.median(straightest)) > STRAIGHTEST_DEG


def straightest_knee_deg(points_m: Float[np.ndarray, "T 23 3"]) -> float:
    """5th percentile of the flexion of the knees, mean of both; below 0 they bend the wrong way.

    Args:
        points_m: z up, NaN where missing.
    """
    left = _unit(_at(points_m, "Left Hip") - _at(points_m, "Right Hip"))
    each = []
    for side in SIDES:
        hip, knee, ankle = (_at(points_m, f"{side} {joint}") for joint in LEG)
        thigh, shank = knee - hip, ankle - knee
        across = np.sum(np.cross(thigh, shank) * left, axis=-1)
        bend = np.degrees(np.arctan2(across, np.sum(thigh * shank, axis=-1)))
        known = bend[np.isfinite(bend)]
        each.append(np.percentile(known, 5.0) if len(known) else np.nan)
    return float(np.mean(each))


def anatomical(
    points_m: Float[np.ndarray, "T 23 3"], shifts: JointShifts
) -> Float[np.ndarray, "T 23 3"]:
    """The points with hips, knees and ankles where a person has them; the rest as it is.

    Args:
        points_m: z up, NaN where missing.
        shifts: of these points.
    """
    leg_m = proportions(points_m).leg_m
    left = _unit(_at(points_m, "Left Hip") - _at(points_m, "Right Hip"))
    moved = np.array(points_m)
    for side, outward in (("Left", left), ("Right", -left)):
        hip, knee, ankle = (_at(points_m, f"{side} {j}") for j in LEG)
        thigh, shank = _unit(hip - knee), _unit(knee - ankle)
        before_thigh, before_shank = (_unit(np.cross(left, one)) for one in (thigh, shank))
        moved[:, KEYPOINT_INDEX[f"{side} Hip"]] = hip - leg_m * (
            shifts.hip_down * thigh + shifts.hip_inward * outward + shifts.hip_back * before_thigh
        )
        moved[:, KEYPOINT_INDEX[f"{side} Knee"]] = knee + leg_m * (
            shifts.knee_up * shank - shifts.knee_inward * outward - shifts.knee_back * before_shank
        )
        moved[:, KEYPOINT_INDEX[f"{side} Ankle"]] = ankle + leg_m * (
            shifts.ankle_up * shank
            - shifts.ankle_inward * outward
            - shifts.ankle_back * before_shank
        )
    return moved


def _at(points_m: Float[np.ndarray, "T 23 3"], name: str) -> Float[np.ndarray, "T 3"]:
    return points_m[:, KEYPOINT_INDEX[name]]


def _unit(vectors: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, "T 3"]:
    """Directions; where a point is missing, between those before and after."""
    return unit(bridge(vectors))
