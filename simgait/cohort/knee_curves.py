"""The knee over the gait cycle of walks that are done, for the page that lists them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from simgait.report.trial.tables import MEAN_CURVES, MEAN_CURVES_HEAD
from simgait.skeleton.sides import SIDES, Side

MOST_WALKS = 300
"""With more the page shows no curves: their files are read each time that it is written anew, some
1 ms each, and hundreds of small pictures are not looked at."""
EVERY_PERCENT = 4
"""Of the cycle: 26 points, more than a small picture shows."""
_HEAD = ",".join(MEAN_CURVES_HEAD[:5])
"""What walks of before `level` was added have, too."""


def knee_curves(folder: Path, denied: frozenset[str]) -> Mapping[Side, tuple[float, ...]]:
    """Mean knee flexion (deg) of each side at equal steps of the cycle.

    Args:
        folder: of one walk.
        denied: names of numbers that are not to be used, as tables of before named curves, too;
            such curves are left out, and those that their own file denies.

    Returns:
        without the sides that have none, or whose file is gone or another's.
    """
    try:
        lines = (folder / MEAN_CURVES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    if not lines or not lines[0].startswith(_HEAD):
        return {}
    found: dict[Side, tuple[float, ...]] = {}
    for side in SIDES:
        name = f"{side}_knee_flexion"
        cells = [line.split(",") for line in lines if line.startswith(f"{name},")]
        values = tuple(_number(one[2]) for one in cells[::EVERY_PERCENT])
        is_denied = f"{name}_deg" in denied or any(one[5:6] == ["do_not_use"] for one in cells)
        if not is_denied and values and all(map(math.isfinite, values)):
            found[side] = values
    return found


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
