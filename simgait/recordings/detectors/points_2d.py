"""The people in a JSON of 2D keypoints: OpenPose, MMPose (RTMPose, ViTPose), AlphaPose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_sets import (
    KeypointSet,
    find_keypoint_set,
    keypoint_sets,
)

if TYPE_CHECKING:
    from simgait.video.outside_points import SeenPerson

SETS = ("coco-25", "halpe-26", "coco-17", "blazepose-33")
"""Keypoint sets that are told by their width."""
_SNIFFED = re.compile(r'"(pose_keypoints_2d|instance_info|image_id)"\s*:')
_HAS_3D = re.compile(r'"pose_keypoints_3d"\s*:\s*\[\s*[-\d]')
NORMALISED_UP_TO = 1.5
"""Parts of the picture, and guesses somewhat outside it; in pixels nobody is as small."""
Person = np.ndarray
"""(K, 3): x, y (px), confidence."""


def is_2d(head: bytes) -> bool:
    """Whether a file that begins so holds 2D keypoints."""
    text = head.replace(b"\0", b"").decode("latin-1")
    return _SNIFFED.search(text) is not None and _HAS_3D.search(text) is None


def people_in_pictures(
    content: Any, keypoint_set: str | None, where: str, n_pictures: int | None = None
) -> list[list[SeenPerson]]:
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
    from simgait.video.outside_points import SeenPerson

    pictures = people_of_pictures(content, where, n_pictures)
    columns = keypoint_set_of(pictures, keypoint_set, where)
    refuse_normalised(pictures, where)
    landmarks = find_keypoint_set("blazepose-33", where).columns
    shared = [(columns.index[name], k) for name, k in landmarks.items() if name in columns.index]

    def person(points: Person) -> SeenPerson:
        image, confidence = np.zeros((33, 2)), np.zeros(33)
        for column, k in shared:
            x, y, sure = points[column]
            if np.isfinite([x, y, sure]).all() and (x or y):
                image[k], confidence[k] = (x, y), np.clip(sure, 0.0, 1.0)
        return SeenPerson(image, confidence)

    return [[person(points) for points in people] for people in pictures]


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


def keypoint_set_of(
    pictures: Sequence[Sequence[Person]], said: str | None, where: str
) -> KeypointSet:
    """The set of the people's points: as said, else by how many each has.

    Raises:
        InputError: there is nobody, or their number fits none, or another than was said.
    """
    widths = {len(points) for people in pictures for points in people}
    if len(widths) != 1:
        found = ", ".join(map(str, sorted(widths))) or "none"
        raise InputError(
            f"{where}: its people have different numbers of points ({found}), or there is nobody; "
            "export it again."
        )
    (width,) = widths
    if said is not None:
        chosen = find_keypoint_set(said, where)
    else:
        known = {one.width: one for one in keypoint_sets() if one.name in SETS}
        if width not in known:
            raise InputError(
                f"{where}: {width} points do not say which keypoint set this is; name it with "
                f"--keypoint-set ({', '.join(SETS)})."
            )
        chosen = known[width]
    if chosen.width != width:
        raise InputError(
            f"{where}: has {width} points for each person, but {chosen.name} has {chosen.width}; "
            "name the right set with --keypoint-set."
        )
    return chosen


def people_of_pictures(value: Any, where: str, n_pictures: int | None = None) -> list[list[Person]]:
    """The people of each frame of a file's content, as it was parsed.

    Raises:
        InputError: it holds no frames with people.
    """
    if isinstance(value, Mapping):
        for key in ("instance_info", "frames", "data"):
            if isinstance(value.get(key), list):
                value = value[key]
                break
        else:
            value = [value]
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InputError(f"{where}: is no list of frames; see docs/how-to/detectors.md.")
    if any("image_id" in one for one in value):
        return _by_image(value, where, n_pictures)
    if len(value) == 1:
        raise InputError(
            f"{where}: holds one frame, as OpenPose writes one file of each; join the frames into "
            "one list (docs/how-to/detectors.md)."
        )
    out = []
    for frame in value:
        people = frame.get("people", frame.get("instances", []))
        if not isinstance(people, list):
            raise InputError(f"{where}: a frame's people are no list; export it again.")
        out.append([_person(one, where) for one in people])
    return out


def _by_image(
    value: Sequence[Mapping[str, Any]], where: str, n_pictures: int | None
) -> list[list[Person]]:
    """AlphaPose: one entry for each person in each picture, pictures by name or number."""
    numbers = []
    for one in value:
        digits = re.findall(r"\d+", str(one.get("image_id", "")))
        if not digits:
            raise InputError(f"{where}: an image_id has no number; frames cannot be put in order.")
        numbers.append(int(digits[-1]))
    first, last = min(numbers), max(numbers)
    if last - first > 100 * len(value):
        raise InputError(f"{where}: its image_ids are no numbers of frames; number them in order.")
    if n_pictures is not None:
        # Numbered from 0, or from 1.
        first = int(last >= n_pictures and first > 0)
        last = max(last, n_pictures - 1 + first)
    out: list[list[Person]] = [[] for _ in range(last - first + 1)]
    for number, one in zip(numbers, value, strict=True):
        out[number - first].append(_person(one, where))
    return out


def _person(one: Any, where: str) -> Person:
    """(K, 3) of a flat list x, y, score, or of lists of x, y with scores beside them."""
    if isinstance(one, Mapping):
        points = one.get("pose_keypoints_2d", one.get("keypoints"))
        scores = one.get("keypoint_scores")
        try:
            array = np.array(points, float)
            if array.ndim == 1 and array.size and array.size % 3 == 0:
                return array.reshape(-1, 3)
            if array.ndim == 2 and array.shape[1] == 3:
                return array
            if array.ndim == 2 and array.shape[1] == 2:
                sure = np.ones(len(array)) if scores is None else np.array(scores, float)
                if sure.shape == (len(array),):
                    return np.column_stack([array, sure])
        except (TypeError, ValueError):
            pass
    raise InputError(
        f"{where}: a person's points are neither x, y, score one after the other nor pairs of x "
        "and y with keypoint_scores; export it again."
    )
