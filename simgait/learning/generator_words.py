"""State of a random generator as numbers that a file of arrays can hold."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array


def words_of(rng: np.random.Generator) -> Array:
    """State of a PCG64 generator as 32-bit words, which a file of arrays can hold."""
    state = rng.bit_generator.state
    long = [state["state"]["state"], state["state"]["inc"]]
    words = [(number >> shift) & 0xFFFFFFFF for number in long for shift in range(0, 128, 32)]
    return jnp.asarray(np.array([*words, state["has_uint32"], state["uinteger"]], np.uint32))


def set_words(rng: np.random.Generator, words: Any) -> None:
    """Puts a generator where `words_of` found one."""
    numbers = [int(word) for word in np.asarray(words)]
    long = [sum(numbers[4 * i + k] << (32 * k) for k in range(4)) for i in range(2)]
    rng.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": long[0], "inc": long[1]},
        "has_uint32": numbers[8],
        "uinteger": numbers[9],
    }
