"""A generator goes on where it was."""

from __future__ import annotations

import numpy as np

from simgait.learning.generator_words import set_words, words_of


def test_the_generator_of_batches_is_put_where_it_was() -> None:
    rng, other = np.random.default_rng(3), np.random.default_rng(4)
    rng.integers(7, size=5, dtype=np.int32)  # leaves half of a 64-bit word behind
    set_words(other, words_of(rng))
    assert other.bit_generator.state == rng.bit_generator.state
    assert np.array_equal(other.integers(9, size=9), rng.integers(9, size=9))
