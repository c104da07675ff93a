"""The frames in a JSON of 2D keypoints, one after the other, whichever detector wrote it.

Shapes are those of the detectors' own programs: OpenPose (`--write_json`), MMPose 1 (its inferencer
and its demos), AlphaPose (`alphapose-results.json`, `--format open`), easy_ViTPose (`--save-json`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from simgait.errors import InputError

Frame = Mapping[str, Any]
"""Of one picture: `people` or `instances`; or of one person in it, with the points themselves."""
_SNIFFED = re.compile(r'"(pose_keypoints_2d|instance_info|meta_info|image_id)"\s*:')
_PAIRS = re.compile(r'"keypoints"\s*:\s*\[\s*\[\s*[-\d.e+]+\s*,\s*[-\d.e+]+\s*\]', re.IGNORECASE)
"""Points of MMPose in one picture: x and y, and the scores beside them."""
_NOBODY = re.compile(r'"frame_id"\s*:\s*\d+\s*,\s*"instances"\s*:\s*\[\s*\]')
"""MMPose's first picture, if it shows nobody; in that case `_PAIRS` may come late."""
_BY_NUMBER = re.compile(r'"keypoints"\s*:\s*\[\s*\{\s*(\}|"-?\d+"\s*:)')
"""Points of easy_ViTPose: in each picture an object of people by their numbers."""
_HAS_3D = re.compile(
    r'"pose_keypoints_3d"\s*:\s*\[\s*[-\d]|"keypoints"\s*:\s*\[\s*\[(\s*[-\d.e+]+\s*,){2}\s*[-\d]',
    re.IGNORECASE,
)
"""Points of OpenPose or MMPose in space."""


def is_2d(head: bytes) -> bool:
    """Whether a file that begins so holds 2D keypoints."""
    text = head.replace(b"\0", b"").decode("latin-1")
    told = any(one.search(text) for one in (_SNIFFED, _PAIRS, _NOBODY, _BY_NUMBER))
    return told and _HAS_3D.search(text) is None


def frames_of(value: Any, where: str) -> list[Frame]:
    """The frames of a file's content, as it was parsed.

    Raises:
        InputError: it holds no list of frames, or one alone.
    """
    if isinstance(value, Mapping):
        value = _of_object(value)
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        value = [{"instances": people} for people in value]  # MMPose's predictions, as they are
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InputError(f"{where}: is no list of frames; see docs/how-to/detectors.md.")
    if len(value) == 1:
        raise InputError(
            f"{where}: holds one frame, as OpenPose writes one file of each; join the frames into "
            "one list (docs/how-to/detectors.md)."
        )
    return value


def _of_object(value: Mapping[str, Any]) -> list[Any]:
    """The list of frames in an object, or that it is."""
    for key in ("instance_info", "frames", "data"):
        if isinstance(value.get(key), list):
            return list(value[key])
    by_number = value.get("keypoints")
    if isinstance(by_number, list) and all(isinstance(one, Mapping) for one in by_number):
        return [
            {"instances": [{"keypoints": _turned(points)} for points in people.values()]}
            for people in by_number
        ]
    if value and all(isinstance(one, Mapping) and "people" in one for one in value.values()):
        return [{"image_id": name} | dict(frame) for name, frame in value.items()]
    return [value]


def _turned(points: Any) -> Any:
    """x, y, score of easy_ViTPose's y, x, score; anything else as it is, to be refused."""
    if not isinstance(points, list):
        return points
    return [[p[1], p[0], p[2]] if isinstance(p, list) and len(p) == 3 else p for p in points]


def point_names(value: Any) -> tuple[str, ...] | None:
    """Names of the points, in order, where the file tells them by their numbers."""
    if not isinstance(value, Mapping):
        return None
    meta = value.get("meta_info")
    for held in (value.get("skeleton"), meta.get("keypoint_id2name") if meta else None):
        names = _in_order(held) if isinstance(held, Mapping) else ()
        if names:
            return tuple(names)
    return None


def _in_order(held: Mapping[str, Any]) -> Sequence[str]:
    """The names of an object whose keys are 0, 1, 2, ...; none of another."""
    numbers = [str(k) for k in range(len(held))]
    if set(map(str, held)) != set(numbers):
        return ()
    by_number = {str(key): name for key, name in held.items()}
    return [str(by_number[number]) for number in numbers]
