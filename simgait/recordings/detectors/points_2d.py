"""The people in a JSON of 2D keypoints: OpenPose, MMPose, AlphaPose, easy_ViTPose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from simgait.errors import InputError
from simgait.recordings.detectors.frame_numbers import (
    MOST_LACKING,
    NUMBER_NAMES,
    frame_places,
    number_in,
)
from simgait.recordings.detectors.frames_2d import frames_of, point_names
from simgait.recordings.detectors.keypoint_set_file import keypoint_set_said
from simgait.recordings.detectors.keypoint_sets import (
    KeypointSet,
    find_keypoint_set,
    keypoint_sets,
)
from simgait.recordings.detectors.point_names import columns_by_name
from simgait.skeleton.keypoints import REQUIRED_KEYPOINTS

if TYPE_CHECKING:
    from simgait.video.outside_points import SeenPerson

SETS = ("coco-25", "halpe-26", "coco-17", "blazepose-33", "coco-133", "halpe-136", "coco-18")
"""Keypoint sets that are told by their width."""
NORMALISED_UP_TO = 1.5
"""Parts of the picture, and guesses somewhat outside it; in pixels nobody is as small."""
Person = np.ndarray
"""(K, 3): x, y (px), confidence."""
T = TypeVar("T")


@dataclass(frozen=True)
class Pictures(Generic[T]):
    """The people in each picture.

    Attributes:
        people: of each; none in one that the file leaves out.
        every: pictures of the video from one to the next.
        notes: sentences on pictures that are lacking.
        names: of the points, where the file tells them.
        keypoint_set: which points they are; empty before that is known.
    """

    people: list[list[T]]
    every: int = 1
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    keypoint_set: str = ""


def people_in_pictures(
    content: Any, keypoint_set: str | None, where: str, n_pictures: int | None = None
) -> Pictures[SeenPerson]:
    """The people in each picture of 2D keypoints.

    Args:
        content: of the file, parsed.
        keypoint_set: which points they are; None where their number says it.
        where: what sentences call the file.
        n_pictures: of the video, where it is known: entries that name their picture then go where
            they belong, also if the first and last pictures show nobody.

    Raises:
        InputError: no such points.
    """
    pictures = people_of_pictures(content, where, n_pictures)
    columns = keypoint_set_of(pictures, keypoint_set, where)
    refuse_normalised(pictures.people, where)
    seen = [[seen_person(points, columns.index) for points in people] for people in pictures.people]
    return Pictures(seen, pictures.every, pictures.notes, keypoint_set=columns.name)


def seen_person(points: Person, index: Mapping[str, int]) -> SeenPerson:
    """A person's points in BlazePose's order; those that are zero or no numbers are not seen.

    Args:
        points: (K, 3): x, y (px), confidence.
        index: simgait's name of a point -> its place among them.
    """
    from simgait.video.outside_points import SeenPerson

    image, confidence = np.zeros((33, 2)), np.zeros(33)
    for name, k in find_keypoint_set("blazepose-33", "").index.items():
        if name not in index:
            continue
        x, y, sure = points[index[name]]
        if np.isfinite([x, y, sure]).all() and (x or y):
            image[k], confidence[k] = (x, y), np.clip(sure, 0.0, 1.0)
    return SeenPerson(image, confidence)


def refuse_normalised(pictures: Sequence[Sequence[Person]], where: str) -> None:
    """Places must be in pixels.

    Raises:
        InputError: nearly all lie between 0 and 1, parts of the picture's width and height.
    """
    places = np.concatenate([points[:, :2] for people in pictures for points in people])
    seen = places[np.isfinite(places).all(axis=1) & (places != 0.0).any(axis=1)]
    if len(seen) and float(np.percentile(np.abs(seen), 95.0)) <= NORMALISED_UP_TO:
        raise InputError(
            f"{where}: the points have normalised coordinates (nearly all between 0 and 1); "
            "multiply x by the picture's width and y by its height, or export pixels."
        )


def keypoint_set_of(pictures: Pictures[Person], said: str | None, where: str) -> KeypointSet:
    """The set of the people's points: as said, else by their names, else by how many each has.

    Raises:
        InputError: there is nobody, or their number fits none, or another than was said.
    """
    widths = {len(points) for people in pictures.people for points in people}
    if len(widths) != 1:
        found = ", ".join(map(str, sorted(widths))) or "none"
        raise InputError(
            f"{where}: its people have different numbers of points ({found}), or there is nobody; "
            "export it again."
        )
    (width,) = widths
    if said is None:
        return _named(pictures.names, width, where) if pictures.names else _by_width(width, where)
    chosen = keypoint_set_said(said, where)
    if chosen.facts is not None and (chosen.facts.joints or chosen.facts.travel):
        raise InputError(
            f"{where}: {chosen.name} states joints or travel of 3D points, and these are 2D, whose "
            "joints and path come from the lift; leave them out of the file, or give the 3D points."
        )
    if chosen.width != width:
        raise InputError(
            f"{where}: has {width} points for each person, but {chosen.name} has {chosen.width}; "
            "name the right set with --keypoint-set."
        )
    return chosen


def _by_width(width: int, where: str) -> KeypointSet:
    known = {one.width: one for one in keypoint_sets() if one.name in SETS}
    if width not in known:
        raise InputError(
            f"{where}: {width} points do not say which keypoint set this is; name it with "
            f"--keypoint-set ({', '.join(SETS)})."
        )
    return known[width]


def _named(names: Sequence[str], width: int, where: str) -> KeypointSet:
    """Points in the file's own order: easy_ViTPose's 25 are not in that of OpenPose's 25."""
    index, _ = columns_by_name(names, width, where)
    lacking = [name for name in REQUIRED_KEYPOINTS if name not in index]
    if lacking:
        raise InputError(
            f"{where}: none of its points is named {', '.join(lacking)}; hips, knees and ankles "
            "are needed: let the detector look for people."
        )
    return KeypointSet("the file's own", width, index, "points by the names in the file")


def people_of_pictures(value: Any, where: str, n_pictures: int | None = None) -> Pictures[Person]:
    """The people of each frame of a file's content, as it was parsed.

    AlphaPose writes one entry for each person in each picture, the others one for each picture;
    where they say which picture it is, by name or number, the numbers put them in order.

    Raises:
        InputError: it holds no frames with people.
    """
    frames = frames_of(value, where)
    people = [_people(frame, where) for frame in frames]
    number = next((one for one in NUMBER_NAMES if any(one in frame for frame in frames)), None)
    seen = (
        Pictures(people) if number is None else _in_order(people, frames, number, where, n_pictures)
    )
    return replace(seen, names=point_names(value))


def _people(frame: Mapping[str, Any], where: str) -> list[Person]:
    if any(key in frame for key in ("keypoints", "pose_keypoints_2d")):
        return [_person(frame, where)]
    people = frame.get("people", frame.get("instances", []))
    if not isinstance(people, list):
        raise InputError(f"{where}: a frame's people are no list; export it again.")
    return [_person(one, where) for one in people]


def _in_order(
    people: Sequence[list[Person]],
    frames: Sequence[Mapping[str, Any]],
    name: str,
    where: str,
    n_pictures: int | None,
) -> Pictures[Person]:
    """Everybody in the picture whose number stands beside them."""
    held: dict[int, list[Person]] = {}
    for one, frame in zip(people, frames, strict=True):
        number = number_in(frame.get(name))
        if number is None:
            raise InputError(
                f"{where}: an entry's {name} has no number; frames cannot be put in order."
            )
        held.setdefault(number, []).extend(one)
    if n_pictures is None:
        seen = frame_places(list(held), where)
        out: list[list[Person]] = [[] for _ in range(seen.count)]
        for place, found in zip(seen.places, held.values(), strict=True):
            out[place] = found
        return Pictures(out, seen.every, seen.notes)
    # Numbered from 0, or from 1.
    last = max(held)
    first = int(last >= n_pictures and min(held) > 0)
    if last - first > MOST_LACKING * max(n_pictures, len(held)):
        raise InputError(f"{where}: its {name}s are no numbers of frames; number them in order.")
    return Pictures([held.get(k, []) for k in range(first, max(last + 1, n_pictures + first))])


def _person(one: Any, where: str) -> Person:
    """(K, 3) of a flat list x, y, score, or of lists of x, y with scores beside them."""
    points, scores = _numbers(one)
    if points.ndim == 1 and points.size and points.size % 3 == 0:
        return points.reshape(-1, 3)
    if points.ndim == 2 and points.shape[1] == 3:
        if scores is None:
            return points
        raise InputError(
            f"{where}: its points have x, y and z: they are positions in space, not in the "
            "picture; save them as an array (docs/how-to/detectors.md)."
        )
    if points.ndim == 2 and points.shape[1] == 2:
        sure = np.ones(len(points)) if scores is None else scores
        if sure.shape == (len(points),):
            return np.column_stack([points, sure])
    raise InputError(
        f"{where}: a person's points are neither x, y, score one after the other nor pairs of x "
        "and y with keypoint_scores; export it again."
    )


def _numbers(one: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """The points of a person as numbers, and the scores beside them; none of anything else."""
    if not isinstance(one, Mapping):
        return np.zeros(0), None
    scores = one.get("keypoint_scores")
    try:
        points = np.array(one.get("pose_keypoints_2d", one.get("keypoints")), float)
        return points, None if scores is None else np.array(scores, float)
    except (TypeError, ValueError):
        return np.zeros(0), None
