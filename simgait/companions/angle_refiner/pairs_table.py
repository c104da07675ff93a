"""A user's own pairs: a system's joint angles over the gait cycle beside those of markers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.companions.angle_refiner.curves import (
    ANGLES,
    PERCENT,
    CurvePairs,
    joined,
    pairs_of_walk,
)
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.companion import Labels
from simgait.estimators.people import refuse_without_people
from simgait.gait.scores import LARGEST_DEG
from simgait.skeleton.sides import SIDES, Side

NEEDED = ("person", "trial", "side", "percent", "angle", "estimated_deg", "true_deg")
FEWEST_POINTS = 11
"""Of a curve: every 10 % of the cycle; fewer hide a knee's two waves."""
LARGEST_GAP = 10.0
LEAST_DEG = 7.0
"""Some angle of every walk bends further than that; in radians it would be more than a turn."""


def curve_pairs(labels: Labels, say: Callable[[str], None]) -> CurvePairs:
    """The pairs of a table that has a row for each point of each curve.

    Args:
        labels: the table.
        say: told which curves are left out, and why.

    Raises:
        InputError: columns or people are lacking, a cell says what cannot be, or the same curves
            stand under two people.
    """
    labels.need(NEEDED)
    refuse_without_people(labels.text["person"], labels.file)
    numbers = {
        name: np.asarray(labels.numbers[name], float) for name in NEEDED[3:] if name != "angle"
    }
    refuse_radians(numbers["true_deg"], "true_deg", labels.file)
    refuse_radians(numbers["estimated_deg"], "estimated_deg", labels.file)
    walks: dict[tuple[str, str], dict[Side, dict[str, list[int]]]] = {}
    names = zip(*(labels.text[name] for name in ("person", "trial", "side", "angle")), strict=True)
    for row, (person, trial, side, angle) in enumerate(names):
        own = walks.setdefault((person, trial), {}).setdefault(side_of(side, labels.file), {})
        own.setdefault(angle_of(angle, labels.file), []).append(row)
    parts = []
    for (person, trial), sides in walks.items():
        where = f"{labels.file}: {person}, {trial}"
        known = {
            column: {
                side: curves_of(rows, numbers["percent"], numbers[column], f"{where}, {side}")
                for side, rows in sides.items()
            }
            for column in ("estimated_deg", "true_deg")
        }
        pairs = pairs_of_walk(known["estimated_deg"], known["true_deg"], person)
        both = None if pairs is None else np.isfinite(pairs.estimated) & np.isfinite(pairs.true)
        if pairs is None or both is None or not both.any():
            say(f"left out: {where}: no angle is known from both")
            continue
        parts.append(pairs)
    pairs = joined(parts)
    _refuse_shared_curves(pairs, labels.file)
    return pairs


def _refuse_shared_curves(pairs: CurvePairs, file: str) -> None:
    """One walk under two names would be learned from and judged by; told before hours of training.

    Raises:
        SplitError: names the people.
    """
    known: dict[bytes, str] = {}
    for person, curves in zip(pairs.people, pairs.estimated, strict=True):
        first = known.setdefault(curves.tobytes(), person)
        if first != person:
            raise SplitError(
                f"{file}: the same curves stand under {first} and {person}, who would be learned "
                "from and judged by; give each person one code, and each walk once."
            )


def side_of(text: str, file: str) -> Side:
    """A side by its name.

    Raises:
        InputError: it is none.
    """
    for side in SIDES:
        if side == text.lower():
            return side
    raise InputError(f"{file}: a side called {text or 'nothing'}; sides are left and right.")


def angle_of(text: str, file: str) -> str:
    """An angle by its name, with or without its unit.

    Raises:
        InputError: it is none.
    """
    name = text.lower().removesuffix("_deg")
    if name not in ANGLES:
        raise InputError(
            f"{file}: an angle called {text or 'nothing'}; there are {', '.join(ANGLES)}."
        )
    return name


def refuse_radians(values: Float[np.ndarray, " N"], column: str, file: str) -> None:
    """Refuses angles that are not in degrees.

    Raises:
        InputError: all are small, or some beyond a whole turn.
    """
    size = float(np.nanmax(np.abs(values), initial=0.0))
    if size < LEAST_DEG:
        raise InputError(
            f"{file}: no {column} is beyond {size:.3g}; these look like radians, give degrees."
        )
    if size > LARGEST_DEG:
        raise InputError(f"{file}: {column} has {size:.4g}°; no joint turns so far.")


def curves_of(
    rows: Mapping[str, Sequence[int]],
    percent: Float[np.ndarray, " N"],
    values: Float[np.ndarray, " N"],
    where: str,
) -> Float[np.ndarray, "51 8"]:
    """Curves of one side at every 2 % of the cycle, columns `ANGLES`; NaN where a point is empty.

    Args:
        rows: of each angle.
        percent: of the cycle, of all rows.
        values: angles (deg) of all rows.
        where: for sentences.

    Raises:
        InputError: the points of a curve do not go from 0 to 100, or lie far apart.
    """
    curves = np.full((len(PERCENT), len(ANGLES)), np.nan)
    for angle, own in rows.items():
        order = np.argsort(percent[own], kind="stable")
        at, value = percent[own][order], values[own][order]
        _check_points(at, f"{where}, {angle}")
        if np.isfinite(value).all():
            curves[:, ANGLES.index(angle)] = np.interp(PERCENT, at, value)
    return curves


def _check_points(at: Float[np.ndarray, " P"], where: str) -> None:
    if not np.isfinite(at).all():
        raise InputError(f"{where}: a point does not say at which percent of the cycle it lies.")
    if (np.diff(at) <= 0.0).any():
        twice = at[1:][np.diff(at) <= 0.0][0]
        raise InputError(
            f"{where}: {twice:g} % of the cycle stands there twice; give one mean curve for each "
            "trial and side."
        )
    if (
        len(at) < FEWEST_POINTS
        or at[0] != 0.0
        or at[-1] != 100.0
        or np.diff(at).max() > LARGEST_GAP
    ):
        raise InputError(
            f"{where}: {len(at)} points from {at[0]:g} to {at[-1]:g} % of the cycle; give them "
            f"from 0 to 100 %, every {LARGEST_GAP:g} % or closer."
        )
