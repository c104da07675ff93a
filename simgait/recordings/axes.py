"""Length units and axis conventions of files: what turns their numbers into metres with z up."""

from __future__ import annotations

import re

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option

METRES_PER_UNIT: dict[str, float] = {
    "m": 1.0, "meters": 1.0, "metres": 1.0, "meter": 1.0, "metre": 1.0,
    "dm": 0.1,
    "cm": 0.01, "centimeters": 0.01, "centimetres": 0.01,
    "mm": 0.001, "millimeters": 0.001, "millimetres": 0.001,
    "in": 0.0254, "inch": 0.0254, "inches": 0.0254,
}  # fmt: skip

_DIRECTIONS = {
    "forward": (0, 1.0), "backward": (0, -1.0), "back": (0, -1.0),
    "left": (1, 1.0), "right": (1, -1.0),
    "up": (2, 1.0), "down": (2, -1.0),
}  # fmt: skip
# With only the vertical named, the horizontal axes keep a right-handed order; where "forward"
# lies is then left open, which no reader needs: preparation finds the heading from the walk.
_VERTICAL_ONLY = {
    "x-up": (2, 0, 1), "y-up": (1, 2, 0), "z-up": (0, 1, 2),
}  # fmt: skip


SHORT_UNITS = ("m", "cm", "mm", "in")
"""What units are called in sentences and options."""
_CUT_OFF = 3
"""Letters that a word must have kept: C3D fields of four characters hold "mete"."""


def known_unit(unit: str) -> str | None:
    """The unit as `METRES_PER_UNIT` spells it, or as a field cut it off; None for any other."""
    key = str(unit).strip().lower()
    if key in METRES_PER_UNIT:
        return key
    cut = [known for known in METRES_PER_UNIT if len(key) >= _CUT_OFF and known.startswith(key)]
    return cut[0] if len({METRES_PER_UNIT[known] for known in cut}) == 1 else None


def metres_per_unit(unit: str, where: str) -> float:
    """Metres in one `unit` ("m", "cm", "mm", "in", spelled out or cut off).

    Raises:
        InputError: the unit is not one of these.
    """
    key = known_unit(unit)
    if key is None:
        raise InputError(
            f"{where}: the length unit {str(unit)!r} is not known; give one of m, cm, mm, in with "
            f"{option('unit')}."
        )
    return METRES_PER_UNIT[key]


def _named_rows(axes: str, where: str) -> dict[int, tuple[int, float]]:
    """Row of the matrix (forward, left, up) -> column of the file, and its sign, as named."""
    words = re.split(r"[\s,;]+", str(axes).strip().lower())
    rows: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for word in words:
        match = re.fullmatch(r"([xyz])[-_=:]?([a-z]+)", word)
        if not match or match[2] not in _DIRECTIONS:
            raise InputError(
                f"{where}: the axes {str(axes)!r} cannot be read; write with {option('axes')} for "
                "example 'z-up', 'y-up' or 'y-down z-forward'."
            )
        column = "xyz".index(match[1])
        row, sign = _DIRECTIONS[match[2]]
        if row in rows or column in used:
            raise InputError(
                f"{where}: the axes {str(axes)!r} name an axis or direction twice; name each once, "
                "for example 'z-up' or 'y-down z-forward'."
            )
        rows[row] = (column, sign)
        used.add(column)
    return rows


def tells_forward(axes: str, where: str) -> bool:
    """Whether the axes say which one leads away from a camera: two names do, as it is right-handed.

    Raises:
        InputError: they cannot be read.
    """
    return len(_named_rows(axes, where)) > 1


def axes_matrix(axes: str, where: str) -> Float[np.ndarray, "3 3"]:
    """What takes a file's coordinates to right-handed z-up ones: a rotation.

    `axes` names at least the vertical ("z-up", "y-up", "y-down"); two or three names
    ("x-forward y-left z-up", "y-down z-forward") fix the horizontal directions too. "Forward" of
    a camera means away from the camera. Three names may be left-handed ("x-forward y-right z-up"),
    as those of a mirrored file; it is then a reflection.

    Raises:
        InputError: no vertical axis is named, or an axis is named twice.
    """
    rows = _named_rows(axes, where)
    used = {column for column, _ in rows.values()}
    if 2 not in rows:
        raise InputError(
            f"{where}: the axes {str(axes)!r} do not say which axis is vertical; add for "
            "example 'z-up' or 'y-down'."
        )
    if len(rows) == 1:
        column, sign = rows[2]
        order = _VERTICAL_ONLY["xyz"[column] + "-up"]
        matrix = np.zeros((3, 3))
        for source, target in enumerate(order):
            matrix[target, source] = 1.0
        if sign < 0:
            matrix = np.diag([1.0, -1.0, -1.0]) @ matrix
        return matrix
    matrix = np.zeros((3, 3))
    for row, (column, sign) in rows.items():
        matrix[row, column] = sign
    if len(rows) == 2:
        missing_row = ({0, 1, 2} - set(rows)).pop()
        matrix[missing_row, ({0, 1, 2} - used).pop()] = 1.0
        matrix[missing_row] *= np.linalg.det(matrix)
    return matrix


def vertical_axis(
    upper: Float[np.ndarray, "T K 3"], lower: Float[np.ndarray, "T L 3"], where: str
) -> str:
    """The axes string whose vertical puts hips above ankles ("z-up", "y-down", ...).

    Rule: over all frames, the median vector from the ankle points to the hip points of a person on
    their feet is vertical; the axis with its largest component is the vertical one.

    Raises:
        InputError: no axis holds at least 0.8 of that vector (the person does not stand).
    """
    vectors = upper.mean(axis=1) - lower.mean(axis=1)
    vectors = vectors[np.isfinite(vectors).all(axis=1)]
    vector = np.median(vectors, axis=0) if len(vectors) else np.full(3, np.nan)
    axis = int(np.argmax(np.abs(vector)))
    if not np.isfinite(vector).all() or abs(vector[axis]) < 0.8 * np.linalg.norm(vector):
        raise InputError(
            f"{where}: no axis of the file is vertical (hips do not lie above ankles on average); "
            "check that the file shows a person who stands and walks."
        )
    return f"{'xyz'[axis]}-{'up' if vector[axis] > 0 else 'down'}"
