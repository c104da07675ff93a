"""How much wider half-widths of film are than those of a detector's keypoints.

The formulas were fitted to walks through synthetic detectors. Landmarks that were seen in pictures
and lifted err otherwise: contacts scatter and legs are drawn alike. So each number has a level of
its own for film, measured as the others are (`certainty.fitting`: people the same, synthetic
walkers and people half each, the next person one more, each kind at least) on rendered clips that
are in no benchmark (`benchmark.film_clips`). It is never below 1: these clips' fields of view and
heights were told. What the file does not name held already. docs/intervals.md has the table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.files import write_text
from simgait.resources import resource_dir
from simgait.text_files import parse_json

FILE = "film_intervals.json"
"""Beside the intervals that it widens."""
OF_A_CURVE, OF_A_RANGE = ", curve", ", range"
"""How the file of half-widths ends the names of curves and of their ranges."""


def wider(name: str) -> float:
    """What a number's half-width of a detector's keypoints is multiplied by for film.

    Args:
        name: as the file of half-widths calls it. A range that the file does not name has the
            factor of its curve.
    """
    levels = released_levels()
    curve = name.removesuffix(OF_A_RANGE) + OF_A_CURVE if name.endswith(OF_A_RANGE) else name
    return levels.get(name, levels.get(curve, 1.0))


@cache
def released_levels() -> Mapping[str, float]:
    """Number -> factor, of those above 1, beside the released policy.

    Raises:
        InputError: the installation lacks the file, or it is damaged.
    """
    return read_levels(resource_dir("policies") / "default" / FILE)


def write_levels(path: Path, wider_by: Mapping[str, float], provenance: Mapping[str, Any]) -> None:
    """Write the factors and what they were made from.

    Raises:
        InputError: the file cannot be written.
    """
    content = {"wider_by": dict(wider_by), "provenance": dict(provenance)}
    write_text(path, json.dumps(content, indent=1, sort_keys=True) + "\n")


def read_levels(path: Path) -> dict[str, float]:
    """The factors of a file.

    Raises:
        InputError: it is absent or damaged.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: missing in this installation; install simgait again.")
    held = parse_json(path.read_text(encoding="utf-8"), path.name)
    try:
        return {str(name): float(factor) for name, factor in held["wider_by"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path.name}: damaged; install simgait again.") from error
