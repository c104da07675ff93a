"""Two points that changed places, for a part of a recording or for all of it.

A point hangs on its neighbour: a heel on the ankle of its own side, an ankle on its knee. Where the
points of both sides lie nearer to each other's neighbours than to their own they were exchanged, as
were a toe behind its heel and a knee below its ankle. For part of a recording they must have jumped
there, too: from one frame to the next each came to where the other was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from simgait.plain_text import listed
from simgait.series.runs import runs_of_true
from simgait.skeleton.keypoints import KEYPOINT_NAMES

Points = Mapping[str, Float[np.ndarray, "T 3"]]
Direction = Literal["in front of", "above", "above and in front of"]
CLEARLY_M = 0.025
"""By how much points of both sides must fit better exchanged than as they are named, in the median.
Sound ones never do in 107 real recordings (heels fit their names by .14 m and more in every frame,
knees by .05), and by .018 m at the most through five synthetic detectors."""
BEHIND_M = 0.05
"""The same for two points of one side: twice the way by which the one lies behind the other."""
MOSTLY = 0.6
"""Of the distance between two points of one side: from behind a detector's toe may lie a little
behind its heel for most of a walk."""
LEAST_FRAMES = 3
"""Fewer are samples gone wild, and noise of centimetres."""
LONGEST_STEP_S = 0.15
"""Over a longer gap a foot may have come to where the other was."""
_UP = np.array([0.0, 0.0, 1.0])


class HangsOn(NamedTuple):
    """A point of each side, and the one of its own side that it is fixed to."""

    point: str
    anchor: str


class Lies(NamedTuple):
    """Of two points of one side the first lies so of the second."""

    first: str
    second: str
    direction: Direction


@dataclass(frozen=True)
class Layout:
    """How a kind of points is named, and where each belongs.

    Attributes:
        sides: what stands before the names of the left and of the right side.
        rules: in the order in which they are asked; each may lean on those before it.
        front, back: points of both sides, from whose middle to whose middle is forward; where
            `back` is empty, forward is square to the line between the `front` ones.
        instead: a single point that stands for the `back` ones.
    """

    sides: tuple[str, str]
    rules: tuple[HangsOn | Lies, ...]
    front: str
    back: str = ""
    instead: str = ""


_LEG_UP = Lies("Knee", "Ankle", "above")
_FOOT_AHEAD = Lies("Big Toe", "Heel", "in front of")
_ON_NEIGHBOURS = (
    HangsOn("Knee", "Hip"),
    HangsOn("Ankle", "Knee"),
    HangsOn("Heel", "Ankle"),
    HangsOn("Big Toe", "Ankle"),
    HangsOn("Foot", "Ankle"),
)
MEASURED = Layout(("Left ", "Right "), (_LEG_UP, _FOOT_AHEAD, *_ON_NEIGHBOURS), "Hip")
DETECTED = Layout(("Left ", "Right "), (_LEG_UP, *_ON_NEIGHBOURS), "Hip")
"""Keypoints. A detector's toe may come to lie behind its heel for some frames, where it sees the
person from behind (47 of 512 synthetic walks through four families); nothing else did."""
MARKERS = Layout(
    ("L", "R"),
    (
        HangsOn("ASI", "KNE"),
        HangsOn("PSI", "KNE"),
        Lies("KNE", "ANK", "above"),
        Lies("TOE", "HEE", "in front of"),
        Lies("TOE", "ANK", "in front of"),
        Lies("ANK", "HEE", "above and in front of"),
        HangsOn("KNE", "ASI"),
        HangsOn("KNM", "ASI"),
        HangsOn("ANK", "KNE"),
        HangsOn("ANM", "KNE"),
        HangsOn("HEE", "ANK"),
        HangsOn("TOE", "ANK"),
        HangsOn("MT1", "ANK"),
        HangsOn("MT5", "ANK"),
    ),
    "ASI",
    "PSI",
    "SACR",
)


def exchanged_back(
    points: Points,
    time_s: Float[np.ndarray, " T"],
    layout: Layout,
) -> tuple[dict[str, Float[np.ndarray, "T 3"]], dict[tuple[str, str], Bool[np.ndarray, " T"]]]:
    """The points with all pairs that changed places for a part of the recording exchanged back.

    Args:
        points: canonical name -> metres, z up, NaN where missing.
        time_s: increasing time stamps.
        layout: how they are named.

    Returns:
        Also: the pairs, each with the frames in which it was exchanged. A pair that is exchanged
        in all frames stays: its names are wrong.
    """
    mended, found = dict(points), {}
    for first, second, fits_m in _pairs(mended, layout):
        fits = fits_m + _limit_m(first, second)
        frames = _exchanged_frames(mended[first], mended[second], fits, time_s)
        seen = np.isfinite(mended[first] + mended[second]).all(axis=-1)
        if frames.any() and not frames[seen].all():
            found[first, second] = frames
            swapped = np.where(frames[:, None], mended[second], mended[first])
            mended[second] = np.where(frames[:, None], mended[first], mended[second])
            mended[first] = swapped
    return mended, found


def exchanged_names(points: Points) -> list[tuple[str, str]]:
    """Pairs that fit better exchanged in most frames of the recording: their names are wrong.

    A toe must lie behind its heel, or a knee below its ankle, by most of their distance.

    Args:
        points: keypoint name -> metres, z up, NaN where missing.
    """
    mended, found = dict(points), []
    for first, second, fits_m in _pairs(mended, MEASURED):
        limit_m = _limit_m(first, second)
        if limit_m == BEHIND_M:
            limit_m = max(limit_m, 2.0 * MOSTLY * _median(_apart(mended[first], mended[second])))
        if _median(fits_m) < -limit_m:
            mended[first], mended[second] = mended[second], mended[first]
            found.append((first, second))
    return found


def exchange_notes(
    found: Mapping[tuple[str, str], Bool[np.ndarray, " T"]],
    time_s: Float[np.ndarray, " T"],
    labels: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """A sentence on each pair of `exchanged_back`; `labels` are the file's."""
    own = labels or {}
    return tuple(
        note
        for (first, second), frames in found.items()
        for note in swap_notes(
            frames, time_s, f"{own.get(first, first)} and {own.get(second, second)}"
        )
    )


def swap_notes(
    swapped: Bool[np.ndarray, " T"],
    time_s: Float[np.ndarray, " T"],
    what: str = "Left and right",
) -> tuple[str, ...]:
    """One sentence on what was exchanged back, with the recording's own times; none for nothing."""
    if not swapped.any():
        return ()
    spans = [f"{time_s[a]:.2f} to {time_s[b - 1]:.2f} s" for a, b in runs_of_true(swapped)]
    frames = "1 frame" if swapped.sum() == 1 else f"{swapped.sum()} frames"
    return (
        f"{what} had changed places in {frames} of the file and were exchanged back: "
        f"{listed(spans, things='stretches')}.",
    )


def _pairs(
    points: Mapping[str, Float[np.ndarray, "T 3"]], layout: Layout
) -> Iterator[tuple[str, str, Float[np.ndarray, " T"]]]:
    """Two names, and by how much (m) their points fit these better than exchanged; as it is now."""
    left, right = layout.sides
    for rule in layout.rules:
        if isinstance(rule, HangsOn):
            names = [side + name for name in rule for side in layout.sides]
            if set(names) <= set(points):
                a, b, on_a, on_b = (points[name] for name in names)
                fits = _apart(a, on_b) + _apart(b, on_a) - _apart(a, on_a) - _apart(b, on_b)
                yield left + rule.point, right + rule.point, fits
            continue
        for side in layout.sides:
            first, second = side + rule.first, side + rule.second
            if {first, second} <= set(points):
                lead = points[first] - points[second]
                along = _direction(points, layout, rule.direction)
                yield first, second, 2.0 * np.sum(lead * along, axis=-1)


def _limit_m(first: str, second: str) -> float:
    return BEHIND_M if first[0] == second[0] else CLEARLY_M


def _median(values: Float[np.ndarray, " T"]) -> float:
    """NaN of nothing, without a warning."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _apart(
    first: Float[np.ndarray, "T 3"], second: Float[np.ndarray, "T 3"]
) -> Float[np.ndarray, " T"]:
    return np.asarray(np.linalg.norm(first - second, axis=-1))


def _direction(points: Points, layout: Layout, direction: Direction) -> Float[np.ndarray, "T 3"]:
    """Level forward, up, or both of them, in each frame; NaN where forward is not known."""
    left, right = (points[side + layout.front] for side in layout.sides)
    if direction == "above":
        return np.broadcast_to(_UP, left.shape)
    if layout.back:
        pair = [side + layout.back for side in layout.sides]
        back = [points[name] for name in (pair if pair[0] in points else [layout.instead])]
        ahead = 0.5 * (left + right) - np.mean(back, axis=0)
    else:
        ahead = np.cross(left - right, _UP)
    level = ahead * [1.0, 1.0, 0.0]
    with np.errstate(invalid="ignore", divide="ignore"):
        forward = level / np.linalg.norm(level, axis=-1, keepdims=True)
    return np.asarray(forward if direction == "in front of" else forward + _UP)


def _exchanged_frames(
    first: Float[np.ndarray, "T 3"],
    second: Float[np.ndarray, "T 3"],
    fits_m: Float[np.ndarray, " T"],
    time_s: Float[np.ndarray, " T"],
) -> Bool[np.ndarray, " T"]:
    """Frames between jumps in which the points fit better exchanged, with `fits_m` below 0."""
    out = np.zeros(len(time_s), dtype=bool)
    seen = np.flatnonzero(np.isfinite(fits_m) & np.isfinite(first + second).all(axis=-1))
    if len(seen) < 2:
        return out
    before, after = seen[:-1], seen[1:]
    stay = _apart(first[after], first[before]) + _apart(second[after], second[before])
    change = _apart(first[after], second[before]) + _apart(second[after], first[before])
    cuts = (change < stay) | (time_s[after] - time_s[before] > LONGEST_STEP_S)
    for part in np.split(seen, np.flatnonzero(cuts) + 1):
        if len(part) >= LEAST_FRAMES and np.median(fits_m[part]) < 0.0:
            # A short gap of one of the two lies within.
            out[part[0] : part[-1] + 1] = True
    return out


def columns_exchanged_back(
    points_m: Float[np.ndarray, "T 23 3"],
    time_s: Float[np.ndarray, " T"],
    *,
    measured: bool,
) -> tuple[Float[np.ndarray, "T 23 3"], tuple[str, ...]]:
    """`exchanged_back` of all keypoints in their columns, and notes.

    Args:
        points_m: metres, z up, NaN where missing.
        time_s: increasing time stamps.
        measured: points of markers or several cameras, no single camera's detector.
    """
    named: dict[str, np.ndarray] = {
        name: points_m[:, column] for column, name in enumerate(KEYPOINT_NAMES)
    }
    mended, found = exchanged_back(named, time_s, MEASURED if measured else DETECTED)
    if not found:
        return points_m, ()
    stacked = np.stack([mended[name] for name in KEYPOINT_NAMES], axis=1)
    return stacked, exchange_notes(found, time_s)
