"""Truth and estimate of many people's walks: each person counts as much as the next.

A person who was filmed often, or by many cameras, says no more about people than another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

NAN = float("nan")
FEWEST_PEOPLE = 3
"""For a slope: a line goes through any two points, only a third can lie beside it."""


@dataclass(frozen=True)
class Read:
    """What was read of one walk.

    Attributes:
        subject: whose walk it is.
        camera: that saw it; scales and offsets are a camera's own.
        pairs: truth and estimate of one number, any unit, by side or once; NaN unknown.
    """

    subject: str
    camera: str
    pairs: Float[np.ndarray, "N 2"]

    @property
    def known(self) -> Float[np.ndarray, "M 2"]:
        """The pairs of which both are known."""
        return self.pairs[np.isfinite(self.pairs).all(axis=1)]


def of_known(reads: Iterable[Read]) -> list[Read]:
    """Those walks of which a pair is known."""
    return [read for read in reads if len(read.known)]


def by_person(reads: Iterable[Read]) -> list[list[Read]]:
    """The walks of each person of whom a pair is known, in order of appearance."""
    people: dict[str, list[Read]] = {}
    for read in of_known(reads):
        people.setdefault(read.subject, []).append(read)
    return list(people.values())


def person_means(reads: Iterable[Read]) -> Float[np.ndarray, "P 2"]:
    """Mean truth and mean estimate of each person, whose walks weigh the same."""
    means = [np.mean([read.known.mean(axis=0) for read in own], axis=0) for own in by_person(reads)]
    return np.array(means, float).reshape(-1, 2)


def bias_over_people(reads: Iterable[Read]) -> float:
    """Mean over people of estimate minus truth; NaN of nobody."""
    means = person_means(reads)
    return float((means[:, 1] - means[:, 0]).mean()) if len(means) else NAN


def rmse_over_people(reads: Iterable[Read]) -> float:
    """Root of the mean over people of each one's mean squared error; NaN of nobody."""
    squares = []
    for own in by_person(reads):
        pairs = np.concatenate([read.known for read in own])
        squares.append(float(np.mean((pairs[:, 1] - pairs[:, 0]) ** 2)))
    return float(np.sqrt(np.mean(squares))) if squares else NAN


def slope_of(true: Float[np.ndarray, " N"], estimated: Float[np.ndarray, " N"]) -> float:
    """Slope of the regression of estimates on truths, any unit; NaN of fewer than three."""
    if len(true) < FEWEST_PEOPLE or np.ptp(true) == 0.0:
        return NAN
    centred = true - true.mean()
    return float(centred @ estimated / (centred @ centred))


def slope_over_people(reads: Iterable[Read]) -> float:
    """Slope of people's mean estimates on their mean truths; NaN of fewer than three people."""
    means = person_means(reads)
    return slope_of(means[:, 0], means[:, 1])


def slope_within_people(reads: Sequence[Read], least_range: float) -> float:
    """Slope within people, one camera at a time; NaN where nobody's walks differ.

    Args:
        reads: walks of people.
        least_range: of the truth, in its unit; a person whose walks differ by less tells nothing.
    """
    apart = [pairs for own in by_person(reads) for pairs in _apart(own, least_range)]
    if not apart:
        return NAN
    together = np.concatenate(apart)
    return slope_of(together[:, 0], together[:, 1])


def n_within_people(reads: Sequence[Read], least_range: float) -> int:
    """How many people the slope within people is of; arguments as there."""
    return sum(bool(_apart(own, least_range)) for own in by_person(reads))


def _apart(own: Sequence[Read], least_range: float) -> list[Float[np.ndarray, "N 2"]]:
    """A person's walks less their mean, camera by camera, where their truths differ enough."""
    cameras = sorted({read.camera for read in own})
    seen = [np.array([r.known.mean(axis=0) for r in own if r.camera == one]) for one in cameras]
    return [pairs - pairs.mean(axis=0) for pairs in seen if np.ptp(pairs[:, 0]) >= least_range]
