"""The networks learn, say what they learned again, and go on where they were stopped."""

import jax
import numpy as np
import pytest

from simgait.companions.openpose_gdi.config import OptimiserConfig
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows
from simgait.companions.openpose_gdi.networks import KINDS, parameters_of
from simgait.companions.openpose_gdi.training import Standard, fresh_variables, train


def waves(count=64):
    """Windows of waves; what is to be said is how fast and how high they are."""
    rng = np.random.default_rng(5)
    rate, high, phase = (
        rng.uniform(0.6, 1.4, count),
        rng.uniform(0.5, 1.5, count),
        rng.uniform(0, 6, count),
    )
    time = np.arange(124) / 25.0
    wave = high[:, None] * np.sin(2 * np.pi * rate[:, None] * time + phase[:, None])
    columns = np.repeat(wave[..., None], 24, axis=2) + 0.05 * rng.normal(size=(count, 124, 24))
    targets = np.stack([100 - 20 * high, 0.3 * high, 110 * rate, 8 * high], axis=-1)
    targets[:5, 3] = np.nan
    return LabelledWindows(
        columns.astype(np.float32), targets.astype(np.float32),
        tuple(f"p{k}" for k in range(count)), np.arange(count), np.zeros(count, int),
        np.full(count, 1.6), np.zeros(count, int),
    )  # fmt: skip


def test_the_cnn_has_the_published_size():
    shapes = jax.eval_shape(lambda: fresh_variables("cnn", 0))
    # 8 x 12 x 32, then five of 8 x 32 x 32, with biases and batch norms; 10 frames are left.
    convolutions = 8 * 12 * 32 + 5 * 8 * 32 * 32 + 6 * 32 * 3
    assert parameters_of(shapes["params"]) == convolutions + (320 * 10 + 10) + (10 * 4 + 4)


@pytest.mark.slow
def test_every_network_learns_and_a_stopped_training_ends_as_a_whole_one():
    windows = waves()
    choice = OptimiserConfig(epochs=12, batch=16, learning_rate=3e-3)
    standard = Standard.of(windows)
    losses, states = [], []

    def turn(state, said):
        losses.append(said)
        states.append(state)
        return True

    whole = train(windows, standard, choice, turn=turn)
    for kind in KINDS:
        assert losses[-1][kind] < 0.7 * losses[0][kind]
    again = train(windows, standard, choice, resume=lambda fresh: states[4])
    for one, two in zip(jax.tree.leaves(whole), jax.tree.leaves(again), strict=True):
        np.testing.assert_array_equal(one, two)
    short = train(windows, standard, choice, turn=lambda state, said: False)
    assert int(short.epoch) == 1
