"""Checks on a recording's keypoints that catch wrong units, axes and sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import MOST_POSITION
from simgait.option_names import option
from simgait.recordings.axes import METRES_PER_UNIT, SHORT_UNITS, metres_per_unit
from simgait.recordings.exchange import SIDES
from simgait.skeleton.keypoints import REQUIRED_KEYPOINTS

Points = dict[str, Float[np.ndarray, "T 3"]]

LEG_RANGE_M = (0.25, 1.3)
"""Hip to ankle, .491 of the height (`skeleton.dimensions`): .29 to 1.18 m in people of 0.6 to 2.4
m, 10 to 15 % beyond either for points that are not quite joints."""
BENT_KNEE = 0.11
"""Offset of the knee over the hip-to-ankle line where it is bent by 25°, thigh and shank alike."""
FLAT = 0.015
"""Of the leg: how thin a person never is. Hips alone make points lie 5 cm from any plane."""
BONE_VARIES = 0.5
"""Quartile range over median of a bone's length. BlazePose's bones vary by 0.2, an elbow that was
called a knee by more than 0.6."""
MIXED_SHARE = 0.02
"""Of the frames; fewer are samples gone wild."""
SAME_UNIT = 4.0
"""Lengths of one leg that differ by less are in one unit."""
THIGH_TO_SHANK = (0.4, 2.5)
"""Twice as far off as people's points and detectors' are (.80 to 1.28, `trials.joint_definitions`):
beyond, a point is another joint."""
LEFT_TO_RIGHT = (0.6, 1.7)
"""Legs of one person differ by centimetres, a detector's by a fifth; the same point given for two
joints, or a wrong one on one side, by more."""
HIPS_TO_LEG = (0.04, 0.8)
"""People have 0.2; MeTRAbs gives 0.28."""


def check_positions(
    points: Float[np.ndarray, "T K 3"], names: Sequence[object], where: str
) -> None:
    """Every number that is there could be a position; NaN is missing.

    Raises:
        InputError: one is infinite, or so large that arithmetic with it would be.
    """
    with np.errstate(invalid="ignore"):
        strange = (np.abs(points) > MOST_POSITION).any(axis=-1)
    if strange.any():
        frame, point = np.argwhere(strange)[0]
        value = np.nanmax(np.abs(points[frame, point]))
        kind = "an infinite number" if np.isinf(value) else f"the number {value:.3g}"
        raise InputError(
            f"{where}: the points hold {kind} (frame {frame}, {names[point]}), which is no "
            "position; mend the source, with missing points marked as such."
        )


def check_required(points: Points, where: str) -> None:
    """Hips, knees and ankles must be there, in at least two frames each.

    Raises:
        InputError: names what is missing.
    """
    missing = [
        name
        for name in REQUIRED_KEYPOINTS
        if name not in points or np.isfinite(points[name]).all(-1).sum() < 2
    ]
    if missing:
        raise InputError(
            f"{where}: no usable {', '.join(missing)}; hips, knees and ankles of both sides are "
            "needed, so choose a keypoint set that has them."
        )


def leg_length(points: Points) -> float:
    """Median hip-knee-ankle length of both legs, in the points' unit; NaN where unknown."""
    segments = leg_segments(points, LEG_CHAINS)
    legs = np.concatenate([segments[:, :2].sum(axis=1), segments[:, 2:].sum(axis=1)])
    return float(np.nanmedian(legs)) if np.isfinite(legs).any() else float("nan")


def leg_segments(
    points: Mapping[str, Float[np.ndarray, "T 3"]], chains: Sequence[tuple[str, str, str]]
) -> Float[np.ndarray, "T 4"]:
    """Length of thigh and shank, left and right, in each frame; NaN where an end is not seen.

    Args:
        points: in any unit.
        chains: names of hip, knee and ankle, of the left and of the right leg.
    """
    bones = [bone for hip, knee, ankle in chains for bone in ((hip, knee), (knee, ankle))]
    lengths = [np.linalg.norm(points[a] - points[b], axis=-1) for a, b in bones]
    return np.stack(lengths, axis=-1)


LEG_CHAINS = [(f"{s} Hip", f"{s} Knee", f"{s} Ankle") for s in ("Left", "Right")]


def check_one_unit(segments: Float[np.ndarray, "T 4"], where: str) -> None:
    """Thighs and shanks are in one unit, in every frame and on both sides.

    Args:
        segments: from `leg_segments`.
        where: the file's name, for the sentence.

    Raises:
        InputError: some frames or one side are in another unit than the rest.
    """
    seen = np.isfinite(segments) & (segments > 0.0)
    if not seen.any(axis=0).all():
        return
    known = np.where(seen, segments, np.nan)
    middle = np.nanmedian(known, axis=0)
    of_side = _factor(middle[None, :2] / middle[None, 2:])[0]
    if np.isfinite(of_side):
        longer, times = ("left", of_side) if of_side > 1.0 else ("right", 1.0 / of_side)
        raise InputError(
            f"{where}: the {longer} leg is {round(times):d} times as long as the other, as if the "
            "sides were in two units; bring all points to one unit."
        )
    first = np.flatnonzero(seen.all(axis=1))[:1]
    of_frame = _factor(known / known[first]) if len(first) else np.full(1, np.nan)
    other = np.isfinite(of_frame)
    if min(other.sum(), (~other & seen.any(axis=1)).sum()) >= max(2, MIXED_SHARE * len(segments)):
        frame = int(np.argmax(other))
        times = of_frame[frame]
        how = (
            f"{round(times):d} times as long"
            if times > 1.0
            else f"1/{round(1.0 / times):d} as long"
        )
        raise InputError(
            f"{where}: at frame {frame} the legs are {how} as at first, as if frames were "
            "in two units; bring all frames to one unit, or cut the recording there."
        )


def _factor(ratios: Float[np.ndarray, "N S"]) -> Float[np.ndarray, " N"]:
    """The factor of two units that all ratios of a row have, to 15 %; NaN where they do not."""
    told = np.isfinite(ratios).sum(axis=1) > 1
    found = np.full(len(ratios), np.nan)
    for factor in {a / b for a in METRES_PER_UNIT.values() for b in METRES_PER_UNIT.values()}:
        if not 1.0 / SAME_UNIT < factor < SAME_UNIT:
            off = np.abs(np.log(ratios / factor))
            found[told & (np.where(np.isfinite(off), off, 0.0) < np.log(1.15)).all(axis=1)] = factor
    return found


def check_leg_length(points: Points, unit: str, where: str) -> None:
    """A leg between 0.25 and 1.3 m, else the unit is wrong.

    Raises:
        InputError: says which unit would fit, or that there are two.
    """
    check_one_unit(leg_segments(points, LEG_CHAINS), where)
    leg = leg_length(points)
    if not np.isfinite(leg):
        raise InputError(
            f"{where}: hip, knee and ankle of a leg are never seen together; nothing can be "
            "tracked, so run the keypoint detector again."
        )
    low, high = LEG_RANGE_M
    if low <= leg <= high:
        return
    advice = unit_advice(leg / metres_per_unit(unit, where))
    raise InputError(
        f"{where}: read in {unit}, a leg is {leg:.3g} m long, which no person's is; {advice}."
    )


def unit_advice(leg: float) -> str:
    """Which unit would make a leg of this length, in the file's numbers, a person's."""
    low, high = LEG_RANGE_M
    fits = [unit for unit in SHORT_UNITS if low <= leg * METRES_PER_UNIT[unit] <= high]
    if not fits:
        return "no unit fits, so check the scale"
    return f"the unit {' or '.join(fits)} would fit, so state it (--unit {' or '.join(fits)})"


def check_upright(points: Points, where: str) -> None:
    """Hips above ankles.

    Raises:
        InputError: upside down, or another axis is vertical.
    """
    vectors = np.concatenate([points[f"{s} Hip"] - points[f"{s} Ankle"] for s in ("Left", "Right")])
    vectors = vectors[np.isfinite(vectors).all(-1)]
    vector = np.median(vectors, axis=0) if len(vectors) else np.zeros(3)
    vertical = vector[2] / max(float(np.linalg.norm(vector)), 1e-9)
    if vertical < -0.5:
        raise InputError(
            f"{where}: the hips lie below the ankles, so the vertical axis points down; state the "
            "axes, for example 'y-down z-forward' for a camera."
        )
    if vertical < 0.7:
        raise InputError(
            f"{where}: the hips do not lie above the ankles, so another axis is vertical; state "
            "the axes, for example 'y-up' or 'y-down z-forward'."
        )


def facing_votes(points: Points) -> Float[np.ndarray, " N"]:
    """For each frame and witness, + where toes or knees point forward of the hips, - backward.

    Forward is square to the right-to-left hip line with the vertical (z) up. Witnesses: heel or
    ankle to toe, and the offset of a knee bent by 25° or more from the hip-to-ankle line: so far a
    knee bends in swing, and never backward; a standing one may be some degrees past straight.
    """
    left = points["Left Hip"] - points["Right Hip"]
    forward = np.stack([left[:, 1], -left[:, 0]], axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        forward = forward / np.linalg.norm(forward, axis=-1, keepdims=True)
    votes = []
    for side in ("Left", "Right"):
        hip, knee, ankle = (points[f"{side} {joint}"] for joint in ("Hip", "Knee", "Ankle"))
        back = points.get(f"{side} Heel", ankle)
        for front in ("Big Toe", "Foot"):
            if f"{side} {front}" in points:
                foot = points[f"{side} {front}"] - back
                votes.append(np.sum(foot[:, :2] * forward, axis=-1))
                break
        axis = ankle - hip
        # A hip on its ankle has no axis: NaN, which has no vote.
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.sum((knee - hip) * axis, axis=-1) / np.sum(axis * axis, axis=-1)
        offset = knee - hip - share[:, None] * axis
        bent = np.linalg.norm(offset, axis=-1) > BENT_KNEE * np.linalg.norm(axis, axis=-1)
        votes.append(np.where(bent, np.sum(offset[:, :2] * forward, axis=-1), np.nan))
    stacked = np.concatenate(votes)
    return np.asarray(np.sign(stacked[np.isfinite(stacked)]))


def look_swapped(points: Points) -> bool:
    """Whether toes and bent knees point backward of the hips in most frames; z is up."""
    votes = facing_votes(points)
    return len(votes) >= 10 and bool(np.mean(votes < 0) > 0.6)


def check_sides(points: Points, where: str) -> None:
    """Toes and bent knees must point forward of the hips.

    Raises:
        InputError: in most frames they point backward: left and right are swapped or the axes are
            left-handed; says what to do in either case.
    """
    if look_swapped(points):
        votes = facing_votes(points)
        raise InputError(
            f"{where}: left and right look swapped (in {100 * np.mean(votes < 0):.0f} % of frames "
            "toes and knees point backward of the hips); where the names are exchanged, have them "
            f"read the other way round ({option('exchange')} {SIDES}), where the axes are "
            f"mirrored, name all three, for example 'x-forward y-right z-up' ({option('axes')})."
        )


def check_points(points: Points, unit: str, where: str) -> None:
    """All of the above on the keypoints of one recording, in metres and z-up.

    Raises:
        InputError: the first check that fails.
    """
    check_required(points, where)
    check_leg_length(points, unit, where)
    check_upright(points, where)
    check_sides(points, where)


def check_depth(points: Points, where: str) -> None:
    """The points must not all lie in one plane: a person is wider than a sheet.

    Raises:
        InputError: they do, as 2D keypoints with a third value that says nothing.
    """
    if not {"Left Hip", "Right Hip"} <= points.keys():
        return
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    spread = np.concatenate([track - mid_hip for track in points.values()])
    spread = spread[np.isfinite(spread).all(-1)]
    if len(spread) < 3:
        return
    thickness = float(np.linalg.svd(spread, compute_uv=False)[-1]) / np.sqrt(len(spread))
    if thickness < FLAT * leg_length(points):
        raise InputError(
            f"{where}: all points lie in one plane, so they are 2D; simgait needs 3D positions, so "
            "run a 3D detector, or lift them first."
        )


def check_proportions(points: Points, where: str) -> None:
    """Thighs, shanks and hips must be as long as a person's and keep their length.

    The bounds are wide: detectors give thigh to shank 1.3 where people have 1.0, and bones that
    vary by a few percent.

    Raises:
        InputError: names what is not, as where the points are called by wrong names.
    """
    lengths = {
        f"{side.lower()} {bone}": np.linalg.norm(
            points[f"{side} {upper}"] - points[f"{side} {lower}"], axis=-1
        )
        for side in ("Left", "Right")
        for bone, upper, lower in (("thigh", "Hip", "Knee"), ("shank", "Knee", "Ankle"))
    }
    known = {name: length[np.isfinite(length)] for name, length in lengths.items()}
    if not all(len(length) for length in known.values()):
        return
    middle = {name: float(np.median(length)) for name, length in known.items()}
    for name, length in known.items():
        if np.subtract(*np.percentile(length, [75, 25])) > BONE_VARIES * middle[name]:
            raise _no_person(where, f"the {name} changes its length by more than half")
    hips = np.linalg.norm(points["Left Hip"] - points["Right Hip"], axis=-1)
    for side in ("left", "right"):
        middle[f"{side} leg"] = middle[f"{side} thigh"] + middle[f"{side} shank"]
    bounds = [
        ("left thigh", "left shank", THIGH_TO_SHANK),
        ("right thigh", "right shank", THIGH_TO_SHANK),
        ("left leg", "right leg", LEFT_TO_RIGHT),
    ]
    if np.isfinite(hips).any():
        middle |= {"hips": float(np.nanmedian(hips)), "legs": leg_length(points)}
        bounds.append(("hips", "legs", HIPS_TO_LEG))
    for first, second, (low, high) in bounds:
        ratio = middle[first] / middle[second] if middle[second] > 0 else np.inf
        if not low <= ratio <= high:
            raise _no_person(where, f"{first} to {second} measure {ratio:.2g} to 1")


def unusual_legs(points: Points) -> float:
    """How far thigh to shank, left to right, and hips to leg are from a person's (0: not at all).

    Sum of the logarithms of the factors; thighs are as long as shanks, hips .22 of the leg apart,
    between people's .2 and detectors' .28.
    """
    middle = np.nanmedian(leg_segments(points, LEG_CHAINS), axis=0)
    hips = np.nanmedian(np.linalg.norm(points["Left Hip"] - points["Right Hip"], axis=-1))
    ratios = [middle[0] / middle[1], middle[2] / middle[3], middle[:2].sum() / middle[2:].sum(),
              hips / (0.22 * middle.sum() / 2.0)]  # fmt: skip
    return float(np.abs(np.log(ratios)).sum())


def _no_person(where: str, what: str) -> InputError:
    return InputError(
        f"{where}: the points do not make a person ({what}); check their names or the keypoint set."
    )


def check_detected(points: Points, unit: str, where: str) -> None:
    """`check_points`, and what is needed only of points that a detector named.

    Raises:
        InputError: the first check that fails.
    """
    check_required(points, where)
    check_depth(points, where)
    check_leg_length(points, unit, where)
    check_proportions(points, where)
    check_points(points, unit, where)


def is_a_person(points: Points) -> bool:
    """Whether points in metres and z-up pass `check_detected`."""
    try:
        check_detected(points, "m", "")
    except InputError:
        return False
    return True
