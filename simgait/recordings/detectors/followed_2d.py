"""One person's 2D points over a video: OpenPose's folder of frames, or one file of 2D JSON.

Points as the detector tells them, in pixels, without camera and without a lift to 3D; zeros, as
OpenPose writes what it does not see, become NaN. A person is followed from frame to frame by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.recordings.detectors.frame_files import FrameFiles, read_frame_files
from simgait.recordings.detectors.points_2d import (
    Person,
    Pictures,
    keypoint_set_of,
    people_of_pictures,
    refuse_normalised,
)
from simgait.text_files import parse_json, read_outside_text

LOST_AFTER = 25
"""Frames: about a second, after which somebody who appears may be another person."""
NEAR = 0.5
"""Of a person's own height in the picture: nobody moves so far within a frame."""
AS_LONG = 0.5
"""Of the longest seen person's frames: who is seen as long could be meant as well."""
MOST_OUTSIDE = 0.02
"""Of all points: detectors guess a few beyond the picture's edge."""
MOST_LOST = 125
"""Frames: about five seconds, within which somebody who is alone in the picture is found again."""
SAME_SIZE = 1.6
"""Largest ratio of one person's heights before and after; who comes or goes changes by less."""


@dataclass(frozen=True)
class Followed2D:
    """A person's points.

    Attributes:
        points_px: named points in pictures' pixels, y down; NaN where not seen.
        names: simgait's, those that the keypoint set has.
        people: how many were seen, at least for a while.
        every: frames of the video from one of these to the next, by the numbers of the files.
        notes: sentences on frames that are lacking and on when the person was lost.
        keypoint_set: which points they are.
    """

    points_px: Float[np.ndarray, "T K 2"]
    names: tuple[str, ...]
    people: int
    every: int = 1
    notes: tuple[str, ...] = ()
    keypoint_set: str = ""


def follow_2d(
    path: Path,
    *,
    keypoint_set: str | None = None,
    person: int | None = None,
    picture_px: tuple[int, int] | None = None,
) -> Followed2D:
    """Reads the person who walks.

    Args:
        path: folder of one JSON for each frame, or a JSON of all.
        keypoint_set: which points they are; None where their number says it.
        person: which, 1 is who is seen longest; None where one stands out.
        picture_px: width and height of the pictures, to check the points against.

    Raises:
        InputError: no such points, several people and nobody chosen, or points of another picture.
    """
    where = path.name
    seen = _pictures(path, where)
    chosen = keypoint_set_of(seen, keypoint_set, where)
    refuse_normalised(seen.people, where)
    tracks = _found_again(_tracks([[_seen(one) for one in people] for people in seen.people]))
    points = _chosen(tracks, person, where)
    if picture_px is not None:
        _refuse_other_picture(points, picture_px, where)
    columns = chosen.columns
    return Followed2D(
        points[:, list(columns.values())], tuple(columns), len(tracks), seen.every,
        (*seen.notes, *_lost(points)), chosen.name,
    )  # fmt: skip


def _pictures(path: Path, where: str) -> Pictures[Person]:
    """The people of each frame of a folder or file."""
    if path.is_dir():
        files = read_frame_files(path, where)
    elif path.suffix.lower() != ".json":
        raise InputError(
            f"{where}: holds no 2D keypoints of a video's frames; name the folder that OpenPose "
            "wrote with --write_json, or a .json of all frames (docs/how-to/detectors.md). "
            "A recording of 3D keypoints is read by simgait companion run gait-transformer."
        )
    else:
        files = FrameFiles(parse_json(read_outside_text(path).text, where))
    seen = people_of_pictures(files.frames, where)
    return replace(seen, every=files.every * seen.every, notes=(*files.notes, *seen.notes))


def _seen(person: Person) -> Float[np.ndarray, "K 2"]:
    """Places of one person's points, NaN where the detector saw none."""
    places = person[:, :2].copy()
    places[(person[:, :2] == 0.0).all(axis=1) | ~np.isfinite(person).all(axis=1)] = np.nan
    return places


def _tracks(pictures: Sequence[Sequence[Float[np.ndarray, "K 2"]]]) -> list[np.ndarray]:
    """Each person's points over all frames, who is seen longest first."""
    tracks: list[dict[int, np.ndarray]] = []
    for frame, people in enumerate(pictures):
        pairs = sorted(
            (_distance(track[max(track)], points), k, n)
            for k, track in enumerate(tracks)
            if frame - max(track) <= LOST_AFTER
            for n, points in enumerate(people)
        )
        taken: set[int] = set()
        kept: set[int] = set()
        for distance, k, n in pairs:
            if distance <= NEAR and k not in kept and n not in taken:
                tracks[k][frame] = people[n]
                kept.add(k)
                taken.add(n)
        for n, points in enumerate(people):
            if n not in taken and np.isfinite(points).any():
                tracks.append({frame: points})
    whole = []
    for track in sorted(tracks, key=len, reverse=True):
        points = np.full((len(pictures), *next(iter(track.values())).shape), np.nan)
        points[list(track)] = list(track.values())
        whole.append(points)
    return whole


def _found_again(tracks: list[Float[np.ndarray, "T K 2"]]) -> list[np.ndarray]:
    """Tracks with those joined that one person left: lost while nobody else is seen, and again."""
    out: list[np.ndarray] = []
    left = sorted(tracks, key=lambda track: _times(track)[0])
    while left:
        person = left.pop(0)
        while True:
            after = [k for k, one in enumerate(left) if _times(one)[0] > _times(person)[-1]]
            if not after or not _is_again(person, left[after[0]], [*out, *left]):
                break
            person = np.where(np.isfinite(person), person, left.pop(after[0]))
        out.append(person)
    return sorted(out, key=lambda track: len(_times(track)), reverse=True)


def _times(track: Float[np.ndarray, "T K 2"]) -> Int[np.ndarray, " n"]:
    return np.flatnonzero(np.isfinite(track).any(axis=(1, 2)))


def _is_again(
    one: Float[np.ndarray, "T K 2"],
    other: Float[np.ndarray, "T K 2"],
    everybody: Sequence[Float[np.ndarray, "T K 2"]],
) -> bool:
    """Whether the second begins where the first may be, as tall, and nobody else was there."""
    lost, found = int(_times(one)[-1]), int(_times(other)[0])
    if found - lost > MOST_LOST:
        return False
    if any(np.isfinite(who[lost : found + 1]).any() for who in everybody if who is not other):
        return False
    seen, again = _times(one)[-LOST_AFTER:], _times(other)[:LOST_AFTER]
    heights = [
        float(np.median(np.nanmax(t[at, :, 1], axis=1) - np.nanmin(t[at, :, 1], axis=1)))
        for t, at in ((one, seen), (other, again))
    ]
    if not 1.0 / SAME_SIZE < heights[1] / max(heights[0], 1.0) < SAME_SIZE:
        return False
    middles = np.nanmean(one[seen], axis=1)
    pace = (middles[-1] - middles[0]) / max(seen[-1] - seen[0], 1)
    # Anywhere between where he was and where his pace takes him: people stop.
    way, gone = pace * (found - lost), np.nanmean(other[found], axis=0) - middles[-1]
    share = float(np.clip(gone @ way / max(float(way @ way), 1e-9), 0.0, 1.0))
    return float(np.linalg.norm(gone - share * way)) <= NEAR * heights[0]


def _lost(points: Float[np.ndarray, "T K 2"]) -> tuple[str, ...]:
    """Where nobody saw the person for so long that it may be another."""
    times = _times(points)
    pairs = zip(times[:-1], times[1:], strict=True)
    gaps = [(a + 1, b - 1) for a, b in pairs if b - a > LOST_AFTER]
    return tuple(
        f"The person is lost in {last - first + 1} frames ({first} to {last}, from 0) and was "
        "taken for the same afterwards: as tall, where he must be, and nobody else was seen."
        for first, last in gaps
    )


def _distance(one: Float[np.ndarray, "K 2"], other: Float[np.ndarray, "K 2"]) -> float:
    """Median way of the points that both frames show, in the person's heights; infinite if none."""
    way = np.linalg.norm(one - other, axis=-1)
    if not np.isfinite(way).any():
        return float("inf")
    height = np.nanmax(one[:, 1]) - np.nanmin(one[:, 1])
    return float(np.nanmedian(way) / max(height, 1.0))


def _chosen(
    tracks: Sequence[Float[np.ndarray, "T K 2"]], person: int | None, where: str
) -> Float[np.ndarray, "T K 2"]:
    counts = [int(np.isfinite(track).any(axis=(1, 2)).sum()) for track in tracks]
    if not tracks:
        raise InputError(f"{where}: shows nobody; check the detector's output.")
    if person is not None:
        if not 1 <= person <= len(tracks):
            raise InputError(
                f"{where}: there is no person {person}; {len(tracks)} were seen, numbered from 1 "
                "(who is seen longest)."
            )
        return tracks[person - 1]
    alike = [k for k, count in enumerate(counts) if count >= AS_LONG * counts[0]]
    if len(alike) > 1:
        told = "; ".join(
            f"{k + 1} in {counts[k]} frames, {np.nanmedian(tracks[k][..., 0]):.0f} px from the left"
            for k in alike
        )
        raise InputError(
            f"{where}: several people are seen as long ({told}); say which with --person."
        )
    return tracks[0]


def _refuse_other_picture(
    points_px: Float[np.ndarray, "T K 2"], picture_px: tuple[int, int], where: str
) -> None:
    seen = points_px[np.isfinite(points_px).all(axis=-1)]
    outside = ((seen < 0.0) | (seen > picture_px)).any(axis=-1)
    if len(seen) and outside.mean() > MOST_OUTSIDE:
        raise InputError(
            f"{where}: {100 * outside.mean():.0f} % of the points lie outside of "
            f"{picture_px[0]}x{picture_px[1]} pixels; the resolution is another, give --picture of "
            "the video that the detector saw."
        )
