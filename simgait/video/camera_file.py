"""What is kept of a camera for a whole study: `simgait calibrate` writes it, videos need it.

Also reads what others write: OpenCV (.yml, .yaml, .xml, .json), Pose2Sim and Sports2D (.toml),
NumPy (.npz with a 3 × 3 matrix).
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.video.camera import Lens, check_field_of_view

FORMAT = "simgait-camera-1"
MATRIX_NAMES = ("camera_matrix", "intrinsicMat", "matrix", "K", "mtx", "cameraMatrix")
SIZE_NAMES = (("image_width", "image_height"), ("width", "height"))
SIZE_LISTS = ("size", "image_size", "imageSize", "resolution")
SQUARE_WITHIN = 0.02
"""Share by which the two focal lengths of square pixels differ at most."""
_XML = r"<{0}\b[^>]*>\s*(?:.*?<data>)?\s*([^<]+?)\s*<"
_YAML_MATRIX = r"^\s*{0}\s*:.*?data\s*:\s*\[([^\]]*)\]"
_YAML_NUMBER = r"^\s*{0}\s*:\s*([0-9.]+)\s*$"


@dataclass(frozen=True)
class KnownCamera:
    """A camera that stays as it is for a whole study.

    Attributes:
        field_of_view_deg: on the picture's long side.
        aspect: long side over short side of the pictures that it was found in.
        source: how it is known, in words.
        doubt_deg: SD of the field of view; None where one clip or file says it.
        height_m, tilt_deg: of the camera over the floor, and by how much it looks down; None where
            nobody walked.
    """

    field_of_view_deg: float
    aspect: float
    source: str
    doubt_deg: float | None = None
    height_m: float | None = None
    tilt_deg: float | None = None

    def lens(self, width_px: int, height_px: int) -> Lens:
        """The lens in pictures of this size."""
        focal_px = max(width_px, height_px) / 2 / math.tan(math.radians(self.field_of_view_deg) / 2)
        return Lens(focal_px, width_px, height_px, "calibrated")

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n"


def read_camera(path: Path, picture_px: tuple[int, int] | None = None) -> KnownCamera:
    """A camera that was kept, or another program's calibration.

    Args:
        path: of the file.
        picture_px: width and height of the pictures, where the file does not say them.

    Raises:
        InputError: no such file, or none that says a focal length and the size of the pictures.
    """
    where = path.name
    if not path.is_file():
        raise InputError(f"{where}: there is no such camera file; check the path.")
    suffix = path.suffix.lower()
    if suffix in (".pickle", ".pkl"):
        raise InputError(
            f"{where}: a pickle may run foreign code and is not opened; write its intrinsicMat "
            "and image size as .json, or as numpy's .npz (K, width, height)."
        )
    try:
        values = _values(path, suffix)
    except (OSError, ValueError, KeyError, RecursionError) as error:
        raise InputError(
            f"{where}: cannot be read as a camera file ({type(error).__name__}); give what "
            "simgait calibrate, OpenCV, Pose2Sim or numpy.savez wrote."
        ) from error
    if values.get("format") == FORMAT:
        return _kept(values, where)
    return _of_matrix(values, picture_px, where)


def _values(path: Path, suffix: str) -> Mapping[str, Any]:
    """Names to matrices and sizes, whatever the file's kind."""
    if suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    text = path.read_text(encoding="utf-8")
    if suffix == ".toml":
        return tomllib.loads(text)
    if suffix == ".json":
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError
        return found
    out: dict[str, Any] = {}
    matrix, number = (_XML, _XML) if suffix == ".xml" else (_YAML_MATRIX, _YAML_NUMBER)
    for name in MATRIX_NAMES:
        if said := re.search(matrix.format(name), text, re.DOTALL | re.MULTILINE):
            out[name] = [float(x) for x in re.split(r"[,\s]+", said[1].strip()) if x]
    for name in (one for pair in SIZE_NAMES for one in pair):
        if said := re.search(number.format(name), text, re.MULTILINE):
            out[name] = float(said[1])
    return out


def _kept(values: Mapping[str, Any], where: str) -> KnownCamera:
    names = {one.name for one in fields(KnownCamera)}
    try:
        camera = KnownCamera(**{name: values[name] for name in values if name in names})
        numbers = [
            float(x)
            for x in (camera.field_of_view_deg, camera.aspect, camera.doubt_deg or 0.0,
                      camera.height_m or 0.0, camera.tilt_deg or 0.0)
        ]  # fmt: skip
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{where}: is damaged, or of another version; run simgait calibrate again."
        ) from error
    if not np.isfinite(numbers).all():
        raise InputError(f"{where}: holds a number that is none; run simgait calibrate again.")
    check_field_of_view(camera.field_of_view_deg, where)
    return camera


def _of_matrix(
    values: Mapping[str, Any], picture_px: tuple[int, int] | None, where: str
) -> KnownCamera:
    """Of the one camera in another program's file."""
    found = list(_cameras(values))
    if len(found) != 1:
        raise InputError(
            f"{where}: holds {len(found) or 'no'} camera matri{'x' if not found else 'ces'} "
            f"({', '.join(MATRIX_NAMES)}); give a file of one camera."
        )
    matrix, size = found[0]
    size = size or picture_px
    if size is None:
        raise InputError(
            f"{where}: does not say how large its pictures are; give --picture 1920x1080."
        )
    fx, fy = matrix[0, 0], matrix[1, 1]
    if not (fx > 0 and abs(fx / max(fy, 1e-9) - 1) < SQUARE_WITHIN):
        raise InputError(
            f"{where}: its focal lengths, {fx:g} and {fy:g} px, are not those of square pixels; "
            "calibrate with the video's own pictures."
        )
    long, short = max(size), min(size)
    degrees = math.degrees(2 * math.atan(long / (fx + fy)))
    check_field_of_view(degrees, where)
    return KnownCamera(degrees, long / short, f"calibration file {where}")


def _cameras(
    values: Mapping[str, Any],
) -> Iterator[tuple[Float[np.ndarray, "3 3"], tuple[int, int] | None]]:
    """Matrices and sizes, at the top or one level below."""
    for group in (values, *(one for one in values.values() if isinstance(one, Mapping))):
        for name in MATRIX_NAMES:
            if name not in group:
                continue
            value = group[name]
            value = value.get("data", []) if isinstance(value, Mapping) else value
            try:
                matrix = np.asarray(value, float).reshape(3, 3)
            except (TypeError, ValueError):
                continue
            if np.isfinite(matrix).all():
                yield matrix, _size(group)
                break


def _size(group: Mapping[str, Any]) -> tuple[int, int] | None:
    try:
        for pair in SIZE_NAMES:
            if all(name in group for name in pair):
                width, height = (int(np.asarray(group[name]).ravel()[0]) for name in pair)
                return (width, height) if width > 0 and height > 0 else None
        for name in SIZE_LISTS:
            if name in group:
                width, height = (int(x) for x in np.asarray(group[name], float).ravel()[:2])
                return (width, height) if width > 0 and height > 0 else None
    except (TypeError, ValueError, IndexError):
        pass
    return None
