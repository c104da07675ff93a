"""What a detector family draws: single numbers, each from a distribution that is a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter
from scipy.special import ndtri

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Uniform:
    """Every number between two is as likely."""

    low: float
    high: float

    def at(self, share: float) -> float:
        """The number that this share of all draws stays below."""
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True)
class Normal:
    """About a mean, cut off at two and a half standard deviations."""

    mean: float
    sd: float

    def at(self, share: float) -> float:
        """The number that this share of all draws stays below."""
        return self.mean + self.sd * _deviate(share)


@dataclass(frozen=True)
class LogNormal:
    """About a median; `sd` is that of the logarithm, cut off as `Normal`."""

    median: float
    sd: float

    def at(self, share: float) -> float:
        """The number that this share of all draws stays below."""
        return self.median * float(np.exp(self.sd * _deviate(share)))


Draw = Uniform | Normal | LogNormal
NOTHING = Uniform(0.0, 0.0)
AS_IS = Uniform(1.0, 1.0)
LARGEST_DEVIATE = 2.5
"""Standard deviations: beyond them a recording says more about the tail than about detectors."""


def _deviate(share: float) -> float:
    return float(np.clip(ndtri(share), -LARGEST_DEVIATE, LARGEST_DEVIATE))


def drawn_by_share(rng: np.random.Generator, shares: Mapping[Choice, float]) -> Choice:
    """One of the keys, each as often as its share says."""
    return list(shares)[int(rng.choice(len(shares), p=list(shares.values())))]


def drawn(rng: np.random.Generator, what: Draw) -> float:
    """One number."""
    return what.at(float(rng.random()))


def slow_noise(
    rng: np.random.Generator, shape: tuple[int, ...], dt_s: float, time_s: float
) -> Float[np.ndarray, "*S"]:
    """Unit-variance first-order noise of a shape with correlation time `time_s` along axis 0."""
    keep = float(np.exp(-dt_s / time_s))
    white = rng.normal(size=shape)
    white[1:] *= np.sqrt(1.0 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], white, axis=0))
