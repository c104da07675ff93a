"""What a user's own detector made of rendered clips, read as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.detector_errors import LEGS, Seen, height_px
from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_set_file import choose_keypoint_set
from simgait.recordings.detectors.point_names import columns_by_name
from simgait.recordings.detectors.points_2d import people_in_pictures, seen_person
from simgait.recordings.formats.numpy_files import read_numpy_file
from simgait.synthetic.people.truth import Truth
from simgait.text_files import read_json
from simgait.video.landmarks import LEFT_HIP
from simgait.video.outside_points import SeenPerson

IMAGE, SPACE, SURE = "image_px", "keypoints", "confidence"
"""Arrays of an .npz: points in the picture, points in space, how sure they are in the picture."""
ENDINGS = (".npz", ".npy", ".json")
NEAR = 0.5
"""Of the person's height in the picture: somebody whose hips are farther off is somebody else."""


def find_output(folder: Path, truth: Truth) -> Path | None:
    """The detector's file on a clip; None where there is none."""
    paths = [folder / f"{truth.name}{ending}" for ending in ENDINGS]
    return next((path for path in paths if path.is_file()), None)


@dataclass(frozen=True)
class Output:
    """What a detector made of a clip.

    Attributes:
        legs: the six joints of the person's legs in each frame.
        people: everybody in each picture, with all their points; None of positions in space alone.
    """

    legs: Seen
    people: list[list[SeenPerson]] | None


def read_output(path: Path, truth: Truth, keypoint_set: str | None) -> Output:
    """What a detector's file says of a clip.

    Args:
        path: .json of 2D people; .npy of T × K × 2 (pixels) or T × K × 3 (space, any axes and
            unit); .npz with `image_px` or `keypoints` of such shapes, or both.
        truth: of the clip.
        keypoint_set: which points they are, where their number does not tell.

    Raises:
        InputError: it cannot be read, lacks legs, or has another number of frames than the clip.
    """
    if path.suffix == ".json":
        pictures = _pictures(path, truth, keypoint_set)
        return Output(Seen(_nearest(pictures, truth), None), pictures)
    arrays = _arrays(path)
    parts = {
        key: _legs(arrays[key], size, arrays.get("names"), truth, keypoint_set, path.name)
        for key, size in ((IMAGE, 2), (SPACE, 3))
        if key in arrays
    }
    if not parts:
        raise InputError(f"{path.name}: holds neither {IMAGE} nor {SPACE}; name its array so.")
    people = _people(arrays, keypoint_set, path.name) if IMAGE in arrays else None
    return Output(Seen(parts.get(IMAGE), parts.get(SPACE)), people)


def _people(
    arrays: Mapping[str, np.ndarray], keypoint_set: str | None, where: str
) -> list[list[SeenPerson]]:
    """The one person in each picture of an array."""
    image = arrays[IMAGE].astype(float)
    index = _columns(image, arrays.get("names"), keypoint_set, where)
    sure = arrays.get(SURE, np.ones(image.shape[:2]))
    if sure.shape != image.shape[:2]:
        raise InputError(
            f"{where}: {SURE} has shape {sure.shape}, but {IMAGE} {image.shape}; give one number "
            "for each point."
        )
    points = np.concatenate([image[..., :2], sure[..., None]], axis=-1)
    return [[seen_person(one, index)] for one in points]


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Of an .npz or .npy, by what they hold."""
    arrays = dict(read_numpy_file(path, (IMAGE, SPACE, SURE, "names"), SPACE).arrays)
    if path.suffix == ".npy" and arrays[SPACE].ndim == 3 and arrays[SPACE].shape[2] == 2:
        return {IMAGE: arrays[SPACE]}
    return arrays


def _columns(
    array: np.ndarray, names: np.ndarray | None, keypoint_set: str | None, where: str
) -> Mapping[str, int]:
    """Names of points -> where they lie in an array."""
    if names is not None:
        return columns_by_name([str(name) for name in names], array.shape[1], where)[0]
    return choose_keypoint_set(array.shape[1], keypoint_set, where).columns


def _legs(
    array: np.ndarray,
    size: int,
    names: np.ndarray | None,
    truth: Truth,
    keypoint_set: str | None,
    where: str,
) -> np.ndarray:
    """(T, 6, size) of an array; zeros are missing points."""
    n = len(truth.time_s)
    if array.ndim != 3 or array.shape[2] < size or array.dtype.kind not in "fiu":
        raise InputError(f"{where}: an array has shape {array.shape}; frames × points × {size}.")
    if len(array) != n:
        raise InputError(
            f"{where}: has {len(array)} frames, but the clip {n}; give NaN where nobody was found."
        )
    columns = _columns(array, names, keypoint_set, where)
    lacking = [name for name in LEGS if name not in columns]
    if lacking:
        raise InputError(f"{where}: lacks {', '.join(lacking)}; hips, knees and ankles are needed.")
    legs = array[:, [columns[name] for name in LEGS], :size].astype(float)
    legs[(legs == 0.0).all(axis=2)] = np.nan
    return legs


def _pictures(path: Path, truth: Truth, keypoint_set: str | None) -> list[list[SeenPerson]]:
    """Everybody in each picture of a .json."""
    n = len(truth.time_s)
    pictures = people_in_pictures(read_json(path), keypoint_set, path.name, n).people
    if len(pictures) != n:
        raise InputError(
            f"{path.name}: has {len(pictures)} frames, but the clip {n}; write one for each, empty "
            "where nobody was found."
        )
    return pictures


def _nearest(pictures: Sequence[Sequence[SeenPerson]], truth: Truth) -> Float[np.ndarray, "T 6 2"]:
    """Of everybody in each picture the one whose hips are nearest to the person's."""
    out = np.full((len(pictures), 6, 2), np.nan)
    six = list(range(LEFT_HIP, LEFT_HIP + len(LEGS)))
    hips, size = truth.joints_px[:, :2].mean(axis=1), height_px(truth)
    for i, people in enumerate(pictures):
        legs = [
            np.where(one.confidence[six, None] > 0.0, one.image_px[six], np.nan) for one in people
        ]
        off = [float(np.linalg.norm(one[:2].mean(axis=0) - hips[i])) for one in legs]
        if off and min(off, default=np.inf) < NEAR * size[i]:
            out[i] = legs[int(np.nanargmin(off))]
    return out
