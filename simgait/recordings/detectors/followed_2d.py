"""One person's 2D points over a video: OpenPose's folder of frames, or one file of 2D JSON.

Points as the detector tells them, in pixels, without camera and without a lift to 3D; zeros, as
OpenPose writes what it does not see, become NaN. A person is followed from frame to frame by place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.recordings.detectors.points_2d import (
    Person,
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
_NUMBER = re.compile(r"(\d+)(?=\D*$)")


@dataclass(frozen=True)
class Followed2D:
    """A person's points.

    Attributes:
        points_px: named points in pictures' pixels, y down; NaN where not seen.
        names: simgait's, those that the keypoint set has.
        people: how many were seen, at least for a while.
    """

    points_px: Float[np.ndarray, "T K 2"]
    names: tuple[str, ...]
    people: int


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
    pictures = _frames(path, where)
    chosen = keypoint_set_of(pictures, keypoint_set, where)
    refuse_normalised(pictures, where)
    tracks = _tracks([[_seen(one) for one in people] for people in pictures])
    points = _chosen(tracks, person, where)
    if picture_px is not None:
        _refuse_other_picture(points, picture_px, where)
    columns = chosen.columns
    return Followed2D(points[:, list(columns.values())], tuple(columns), len(tracks))


def _frames(path: Path, where: str) -> list[list[Person]]:
    if not path.is_dir():
        return people_of_pictures(parse_json(read_outside_text(path).text, where), where)
    files = sorted(path.glob("*.json"))
    numbered: dict[int, Path] = {}
    for file in files:
        found = _NUMBER.search(file.stem)
        if found is None:
            raise InputError(f"{where}: {file.name} has no frame number in its name; rename it.")
        number = int(found[1])
        if number in numbered:
            raise InputError(
                f"{where}: {numbered[number].name} and {file.name} have the same frame number; "
                "keep one video's frames in a folder."
            )
        numbered[number] = file
    if len(numbered) < 2:
        raise InputError(
            f"{where}: does not hold the JSON files of several frames; name the folder that "
            "OpenPose wrote with --write_json."
        )
    first, last = min(numbered), max(numbered)
    if last - first > 10 * len(numbered):
        raise InputError(
            f"{where}: {len(numbered)} frames are numbered from {first} to {last}; number them one "
            "after the other."
        )
    frames: list[Any] = []
    for number in range(first, last + 1):
        held = numbered.get(number)
        if held is None:
            frames.append({"people": []})
            continue
        one = parse_json(read_outside_text(held).text, f"{where}/{held.name}")
        frames.append(one if isinstance(one, dict) else {"people": one})
    return people_of_pictures(frames, where)


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
