"""Keypoints that were given each other's names: no person's lie so, and exchanged they would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option
from simgait.recordings.checks import is_a_person, look_swapped
from simgait.recordings.point_exchanges import exchanged_names
from simgait.skeleton.keypoints import REQUIRED_KEYPOINTS

Points = dict[str, Float[np.ndarray, "T 3"]]
_HIPS = [("Left Hip", "Right Hip")]
_LEGS = {("Left Knee", "Right Knee"), ("Left Ankle", "Right Ankle")}
"""With these all below the hips is exchanged, as one camera's depths may have it for a while."""


def wrong_names(points: Points) -> list[tuple[str, str]]:
    """Pairs whose exchange makes a person of the points; none where they are one, or no pair does.

    Whole legs under sound hips are left to `trials.bouts`, which asks it of the walk alone.

    Args:
        points: metres, z up, NaN where missing.
    """
    if not set(REQUIRED_KEYPOINTS) <= set(points):
        return []
    found = exchanged_names(points)
    if set(found) >= _LEGS:
        found = []
    ways = [*([_HIPS] if look_swapped(points) else []), *([found] if found else [])]
    for way in ways:
        exchanged = _exchanged(points, way)
        if not exchanged_names(exchanged) and is_a_person(exchanged) and _knees_bend(exchanged):
            return way
    return []


def check_names(points: Points, where: str) -> None:
    """No two keypoints may have each other's names.

    Raises:
        InputError: names the pairs, and how to have them read the other way round.
    """
    pairs = wrong_names(points)
    if pairs:
        which = "; ".join(f"{first} and {second}" for first, second in pairs)
        said = ",".join(name for pair in pairs for name in pair)
        raise InputError(
            f"{where}: {which} look exchanged (the one lies where the other should); correct the "
            f'names, or have them read the other way round ({option("exchange")} "{said}").'
        )


def _exchanged(points: Mapping[str, np.ndarray], pairs: Sequence[tuple[str, str]]) -> Points:
    out = dict(points)
    for first, second in pairs:
        out[first], out[second] = out[second], out[first]
    return out


def _knees_bend(points: Points) -> bool:
    """Whether the knees, for themselves, bend forward as the hips face."""
    legs = {name: at for name, at in points.items() if name in REQUIRED_KEYPOINTS}
    return not look_swapped(legs)
