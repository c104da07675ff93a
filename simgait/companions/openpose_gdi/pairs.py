"""Estimates and truths of walks, from those of their windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows
from simgait.companions.openpose_gdi.targets import TARGETS, speed_scale_mps
from simgait.errors import InputError
from simgait.estimators.intervals import half_width

GDI, SPEED = tuple(TARGETS).index("gdi_points"), tuple(TARGETS).index("relative_speed")
ASYMMETRY = "gdi_asymmetry_points"
ASYMMETRY_LABEL = "asymmetry (GDI left − right)"


@dataclass(frozen=True)
class Pairs:
    """One quantity over walks, or over their sides.

    Attributes:
        truth: NaN unknown.
        estimate: in the same unit.
        people: whose each is.
        view: index of the camera's view; -1 unknown.
    """

    truth: Float[np.ndarray, " N"]
    estimate: Float[np.ndarray, " N"]
    people: tuple[str, ...]
    view: Int[np.ndarray, " N"]


def pairs_of(windows: LabelledWindows, said: Float[np.ndarray, "W 4"]) -> dict[str, Pairs]:
    """Each target's pairs, and the asymmetry's.

    A side's estimate is the mean over its windows; what both sides share is the mean of theirs.

    Args:
        windows: with their truth.
        said: of each window.
    """
    group = windows.walk * 2 + windows.side
    _, first, inverse, counts = np.unique(
        group, return_index=True, return_inverse=True, return_counts=True
    )
    sums = np.zeros((len(first), said.shape[1]))
    np.add.at(sums, inverse, said)
    estimate, truth = sums / counts[:, None], np.asarray(windows.targets[first], float)
    sides, walks = windows.side[first], windows.walk[first]
    lefts, rights = np.flatnonzero(sides == 0), np.flatnonzero(sides == 1)
    _, left, right = np.intersect1d(walks[lefts], walks[rights], return_indices=True)
    left, right = lefts[left], rights[right]

    def pairs(rows: Int[np.ndarray, " N"], true: np.ndarray, told: np.ndarray) -> Pairs:
        at = first[rows]
        return Pairs(true, told, tuple(windows.people[i] for i in at), windows.view[at])

    every = np.arange(len(first))
    found: dict[str, Pairs] = {}
    for k, (key, target) in enumerate(TARGETS.items()):
        if target.per_side:
            found[key] = pairs(every, truth[:, k], estimate[:, k])
        else:
            both = 0.5 * (estimate[left, k] + estimate[right, k])
            found[key] = pairs(left, truth[left, k], both)
    found[ASYMMETRY] = pairs(
        left, truth[left, GDI] - truth[right, GDI], estimate[left, GDI] - estimate[right, GDI]
    )
    return found


def speed_pairs_mps(windows: LabelledWindows, relative: Pairs) -> Pairs:
    """Relative speeds in m/s, each by its person's height."""
    height = dict(zip(windows.people, windows.height_m, strict=True))
    factor = np.array([speed_scale_mps(float(height[who])) for who in relative.people])
    return Pairs(
        relative.truth * factor, relative.estimate * factor, relative.people, relative.view
    )


def half_widths_of(pairs: Mapping[str, Pairs]) -> dict[str, float]:
    """Half-width of the interval about each quantity.

    Raises:
        InputError: a quantity is known of too few people.
    """
    found = {}
    for key, one in pairs.items():
        known = np.isfinite(one.truth)
        people = [who for who, is_known in zip(one.people, known, strict=True) if is_known]
        try:
            found[key] = half_width(one.estimate[known] - one.truth[known], people)
        except InputError as error:
            raise InputError(f"{key}: {error}") from None
    return found
