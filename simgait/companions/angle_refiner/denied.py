"""Angles of a tracked walk that its own report says not to use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simgait.companions.angle_refiner.curves import ANGLES, Curves
from simgait.errors import InputError
from simgait.skeleton.sides import Side
from simgait.text_files import read_json

PROVENANCE, DENIED = "provenance.json", "do_not_use"
"""Of a tracked walk's folder, and how it calls the gravest level of a number."""


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
    file = folder / PROVENANCE
    if not file.is_file():
        return dict(sides), ()
    held = read_json(file)
    verdict = held.get("verdict") if isinstance(held, Mapping) else None
    numbers = verdict.get("numbers") if isinstance(verdict, Mapping) else None
    if not isinstance(numbers, Mapping):
        raise InputError(f"{folder.name}: its {PROVENANCE} has no verdict; track the walk again.")
    kept, taken = {}, []
    for side, curves in sides.items():
        denied = np.array([
            isinstance(own := numbers.get(f"{side}_{angle}_deg"), Mapping)
            and own.get("level") == DENIED
            for angle in ANGLES
        ], dtype=bool)  # fmt: skip
        kept[side] = np.where(denied, np.nan, curves)
        lost = denied & np.isfinite(curves).any(axis=0)
        taken += [
            f"{side} {a.replace('_', ' ')}" for a, one in zip(ANGLES, lost, strict=True) if one
        ]
    if not any(np.isfinite(curves).any() for curves in kept.values()):
        raise InputError(
            f"{folder.name}: its report says not to use any of its angles; there is nothing to "
            "refine."
        )
    if not taken:
        return kept, ()
    return kept, (f"left out, as the walk's report says not to use them: {', '.join(taken)}",)
