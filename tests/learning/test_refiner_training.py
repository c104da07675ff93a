"""The refiner's training goes on to the bit."""

from __future__ import annotations

from pathlib import Path

import jax
import numpy as np
import pytest

from simgait.learning.checkpoints import Checkpoints
from simgait.learning.refiner_training import (
    RefinerConfig,
    RefinerState,
    _set_words,
    _words,
    train_refiner,
)
from simgait.types import FittedTrial

CONFIG = RefinerConfig(steps=4, batch=2, crop_frames=16, real_share=0.5)


def test_the_generator_of_batches_is_put_where_it_was() -> None:
    rng, other = np.random.default_rng(3), np.random.default_rng(4)
    rng.integers(7, size=5, dtype=np.int32)  # leaves half of a 64-bit word behind
    _set_words(other, _words(rng))
    assert other.bit_generator.state == rng.bit_generator.state
    assert np.array_equal(other.integers(9, size=9), rng.integers(9, size=9))


def test_a_stopped_training_goes_on_to_the_same_weights(
    walks: list[FittedTrial], tmp_path: Path
) -> None:
    people = {"train": walks[:2], "validation": walks[2:], "config": CONFIG, "real": walks[1:2]}
    whole = train_refiner(**people)  # type: ignore[arg-type]
    checkpoints = Checkpoints(tmp_path, "refiner_run.safetensors")

    def stop(state: RefinerState, _validated: bool) -> None:
        if int(state.step) == 2:
            checkpoints.save(state, {"steps": 2})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_refiner(**people, turn=stop)  # type: ignore[arg-type]
    steps: list[int] = []
    again = train_refiner(
        **people,  # type: ignore[arg-type]
        resume=checkpoints.load,
        turn=lambda state, _: steps.append(int(state.step)),
    )
    assert steps == [3, 4]
    same = jax.tree.map(np.array_equal, whole.params, again.params)
    assert all(jax.tree.leaves(same))
    moved = jax.tree.map(lambda a, b: not np.array_equal(a, b), whole.params, walks_blank(whole))
    assert any(jax.tree.leaves(moved)), "the weights must not be those it began with"


def walks_blank(weights):
    from simgait.body.refiner import initial_refiner

    return initial_refiner(jax.random.key(CONFIG.seed), weights.skeleton).params
