"""The whole observation: the terms that a config names, one after the other."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from simgait.skeleton.mirror import Mirror, joined
from simgait.tracking.config import TrackingConfig
from simgait.tracking.moment import Moment
from simgait.tracking.observation_terms import OBSERVATION_TERMS, ObservationTerm

LARGEST = 10.0
"""Bound of every observed number, so that one wild value cannot drown a batch."""


def observation_terms(config: TrackingConfig) -> list[ObservationTerm]:
    """The terms of a config's observation, in order.

    Raises:
        InputError: the config names a term that nobody registered.
    """
    return [OBSERVATION_TERMS[name] for name in config.observation.terms]


def observe(now: Moment, config: TrackingConfig) -> Float[Array, " O"]:
    """The whole observation, by config; every number finite and of order one."""
    blocks = [term.function(now, config) for term in observation_terms(config)]
    return jnp.clip(jnp.concatenate(blocks), -LARGEST, LARGEST)


def observation_size(config: TrackingConfig) -> int:
    """Length of `observe`'s result."""
    return sum(term.size(config) for term in observation_terms(config))


def place_of(name: str, config: TrackingConfig) -> slice:
    """Where a term's numbers lie in `observe`'s result."""
    names = config.observation.terms
    sizes = [term.size(config) for term in observation_terms(config)]
    start = sum(sizes[: names.index(name)])
    return slice(start, start + sizes[names.index(name)])


def mirror_of_observation(config: TrackingConfig) -> Mirror:
    """The mirror image of `observe`'s result."""
    return joined(*[term.mirror(config) for term in observation_terms(config)])
