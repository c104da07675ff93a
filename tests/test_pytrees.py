"""Dataclasses of arrays, as JAX takes them apart and puts them together."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from simgait.pytrees import register_parts


@dataclass(frozen=True)
class Pair:
    """Two arrays, and a word that no program may change."""

    word: str
    first: Float[Array, " N"]
    second: Float[Array, " N"]

    def __post_init__(self) -> None:
        assert isinstance(self.first, jax.Array), "made anew"


register_parts(Pair, fixed=("word",))


def test_a_program_takes_and_gives_the_dataclass() -> None:
    given = Pair("up", jnp.arange(3.0), jnp.ones(3))
    doubled = jax.jit(lambda pair: jax.tree.map(lambda leaf: 2.0 * leaf, pair))(given)
    assert isinstance(doubled, Pair) and doubled.word == "up"
    assert np.array_equal(doubled.first, [0.0, 2.0, 4.0])
    paths = jax.tree_util.tree_flatten_with_path(given)[0]
    names = [jax.tree_util.keystr(path) for path, _ in paths]
    assert names == [".first", ".second"]


def test_shapes_may_stand_where_arrays_do_and_the_word_may_not_change() -> None:
    given = Pair("up", jnp.arange(3.0), jnp.ones(3))
    shapes = jax.eval_shape(lambda pair: pair, given)
    assert shapes.first.shape == (3,) and shapes.word == "up"
    other = Pair("down", given.first, given.second)
    structures = [str(jax.tree.structure(pair)) for pair in (given, other)]
    assert "up" in structures[0] and "down" in structures[1]
