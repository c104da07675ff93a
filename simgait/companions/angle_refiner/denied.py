"""Angles of a tracked walk that its own report says not to use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simgait.companions.angle_refiner.curves import ANGLES, Curves
from simgait.errors import InputError
from simgait.parameters.tracked_verdict import denied_note, verdict_beside
from simgait.skeleton.sides import Side


def without_denied(
    sides: Mapping[Side, Curves], folder: Path
) -> tuple[dict[Side, Curves], tuple[str, ...]]:
    """The curves whose angles the walk's report lets be used, and a note on the others.

    Args:
        sides: mean curves (deg), columns `ANGLES`.
        folder: of the tracked walk; without a provenance.json nothing is denied.

    Raises:
        InputError: none is left, or the file is damaged.
    """
    verdict = verdict_beside(folder)
    if verdict is None:
        return dict(sides), ()
    names = {f"{side}_{angle}_deg": (side, angle) for side in sides for angle in ANGLES}
    kept = {side: np.array(curves, float) for side, curves in sides.items()}
    taken = []
    for name in verdict.denied(names):
        side, angle = names[name]
        column = kept[side][:, ANGLES.index(angle)]
        if np.isfinite(column).any():
            taken.append(f"{side} {angle.replace('_', ' ')}")
        column[:] = np.nan
    if not any(np.isfinite(curves).any() for curves in kept.values()):
        raise InputError(
            f"{folder.name}: its report says not to use any of its angles; there is nothing to "
            "refine."
        )
    return kept, denied_note(taken)
