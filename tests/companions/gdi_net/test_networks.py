"""GDI-Net has the published size, and every design reads windows of any size."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.companions.gdi_net.config import OptimiserConfig
from simgait.companions.gdi_net.frames import PUBLISHED_PX, WINDOW
from simgait.companions.gdi_net.networks import (
    DEPTH,
    DESIGNS,
    FILTERS,
    KERNEL,
    LEAST_POINTS,
    MOST_POINTS,
    N_BUCKETS,
    Network,
    VolumeConv,
    fresh_variables,
    parameters_of,
)
from simgait.companions.gdi_net.training import (
    Standard,
    begun,
    gdi_of,
    learn,
    said_loss,
    whole_task,
)
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks

STANDARD = Standard(90.0, 10.0, np.zeros(14), np.ones(14))


def test_gdi_net_has_the_published_number_of_parameters():
    shapes = jax.eval_shape(lambda: fresh_variables(DESIGNS["gdi-net"], PUBLISHED_PX, WINDOW, 0))
    assert parameters_of(shapes) == 573_441


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_says_a_number_of_each_window(name):
    design = DESIGNS[name]
    shape = jax.eval_shape(
        lambda: Network(design).apply(
            fresh_variables(design, (24, 36), WINDOW, 0), jnp.zeros((3, WINDOW, 24, 36, 3), "uint8")
        )
    ).shape
    assert shape == (3, N_BUCKETS if design.buckets else 1)


@pytest.mark.slow
def test_a_volume_is_read_as_by_a_convolution_of_three_axes():
    x = jax.random.normal(jax.random.key(0), (2, 5, 10, 9, 3))
    usual = nn.Conv(FILTERS, (DEPTH, KERNEL, KERNEL))
    variables = usual.init(jax.random.key(1), x)
    variables["params"]["bias"] = jnp.arange(float(FILTERS))
    said, wanted = (np.asarray(net.apply(variables, x)) for net in (VolumeConv(DEPTH), usual))
    np.testing.assert_allclose(said, wanted, atol=1e-5)


@pytest.mark.slow
def test_vgg16_hands_on_what_it_sees_before_it_learned():
    """With flax's usual spread a hundredth of it comes out of thirteen ReLUs: 0.02 here."""
    frames = np.random.default_rng(0).integers(0, 255, (2, 1, 32, 32, 3), dtype=np.uint8)
    design = DESIGNS["vgg16"]
    fresh = fresh_variables(design, (32, 32), 1, 0)
    said = np.asarray(Network(design).apply(fresh, jnp.asarray(frames)))
    assert 0.2 < np.abs(said).max() < 20.0


def test_buckets_say_the_mean_of_their_probabilities_and_learn_the_right_one():
    design = DESIGNS["buckets"]
    sure = jnp.full((1, N_BUCKETS), -1e3).at[0, 73 - LEAST_POINTS].set(0.0)
    torn = sure.at[0, 75 - LEAST_POINTS].set(0.0)
    assert gdi_of(design, sure, STANDARD)[0] == pytest.approx(73.0)
    assert gdi_of(design, torn, STANDARD)[0] == pytest.approx(74.0)
    right, wrong = (said_loss(design, sure, jnp.array([g]), STANDARD) for g in (73.2, 80.0))
    assert float(right) == pytest.approx(0.0, abs=1e-6) and float(wrong) > 100.0
    assert MOST_POINTS - LEAST_POINTS + 1 == N_BUCKETS


def test_a_single_number_is_the_standardised_gdi():
    design = DESIGNS["gdi-net"]
    assert gdi_of(design, jnp.array([[-1.0]]), STANDARD)[0] == pytest.approx(80.0)
    assert float(said_loss(design, jnp.array([[-1.0]]), jnp.array([80.0]), STANDARD)) == 0.0


@pytest.mark.slow
def test_it_learns_from_whole_pictures_of_480_by_640_as_published():
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 25, (2, 51, *PUBLISHED_PX, 3), dtype=np.uint8)
    walks = RenderedWalks(
        frames, np.array([[80.0, 80.0], [100.0, 100.0]]),
        np.full((2, 51, len(POSTURE)), np.nan, np.float32), ("a", "b"),
    )  # fmt: skip
    choice = OptimiserConfig(whole_steps=1, whole_batch=1)
    design = DESIGNS["direct"]
    losses: list[float] = []

    def turn(state: object, loss: float) -> bool:
        losses.append(loss)
        return True

    task = whole_task(design, walks, STANDARD, choice, 1)
    fresh = fresh_variables(design, PUBLISHED_PX, WINDOW, 0)
    changed = learn(task, begun(fresh), choice, turn=turn)
    assert np.isfinite(losses).all() and parameters_of(changed) == 573_441
    before, after = (jax.tree.leaves(v["params"]) for v in (fresh, changed))
    assert any(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))
