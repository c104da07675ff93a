"""Optimisers and schedules: each takes the steps that its description says, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from pydantic import ValidationError

from simgait.learning.config import PPOConfig
from simgait.learning.optimisers import (
    HIGHEST_RATE,
    LOWEST_RATE,
    adapted_rate,
    at_iteration,
    learning_rate,
    make_optimiser,
    measures,
)
from simgait.weight_files import load_tree, save_tree

# 100 iterations of 2 x 2 gradient steps, the first 10 iterations of them a warm-up.
RUN = {"n_envs": 4, "unroll": 5, "total_steps": 2000, "epochs": 2, "minibatches": 2, "warm_up": 10}
WARM, ALL = 40, 400
NEAR, FAR, AIM = jnp.asarray(0.001), jnp.asarray(0.1), jnp.asarray(0.01)
CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"optimiser": "adamw", "weight_decay": 0.1, "schedule": "constant"},
    {"optimiser": "rmsprop"},
    {"optimiser": "muon", "weight_decay": 0.1},
    {"optimiser": "muon", "schedule": "kl_adaptive", "target_kl": 0.01},
    {"optimiser": "rmsprop", "schedule": "kl_adaptive", "target_kl": 0.01},
)


def recipe(**more: Any) -> PPOConfig:
    return PPOConfig(**(RUN | more))


def weights() -> dict[str, jax.Array]:
    matrix = jnp.asarray(np.random.default_rng(0).normal(size=(4, 3)), jnp.float32)
    return {"matrix": matrix, "vector": jnp.array([1.0, -2.0, 0.5])}


def stepped(config: PPOConfig, gradients: list[Any], kl: jax.Array = AIM) -> tuple[Any, Any]:
    rule, params = make_optimiser(config), weights()
    state = rule.init(params)
    for gradient in gradients:
        change, state = rule.update(gradient, state, params, kl=kl)
        params = optax.apply_updates(params, change)
    return params, state


def test_the_rate_rises_then_falls_to_a_tenth_or_stays() -> None:
    for schedule, end in (("linear", 1e-4), ("constant", 1e-3)):
        rate = learning_rate(recipe(learning_rate=1e-3, schedule=schedule))
        assert float(rate(0)) == 0.0
        assert float(rate(WARM // 2)) == pytest.approx(5e-4)
        assert float(rate(WARM)) == pytest.approx(1e-3)
        assert float(rate(ALL)) == pytest.approx(end)


def test_adam_is_as_it_was_built() -> None:
    """Released runs' checkpoints hold the state of this chain, and go on with it."""
    config = recipe()
    before = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adam(learning_rate(config), eps=1e-5)
    )
    state = make_optimiser(config).init(weights())
    shapes = jax.tree.map(jnp.shape, state)
    assert shapes == jax.tree.map(jnp.shape, before.init(weights()))
    gradient = jax.tree.map(jnp.sin, weights())
    found, _ = make_optimiser(config).update(gradient, state, weights(), kl=FAR)
    expected, _ = before.update(gradient, before.init(weights()), weights())
    assert jax.tree.all(jax.tree.map(np.array_equal, found, expected))


def test_rmsprop_divides_by_the_root_of_the_mean_square() -> None:
    config = recipe(optimiser="rmsprop", schedule="constant", warm_up=0, max_gradient_norm=1e9)
    gradient = {"matrix": jnp.full((4, 3), 2.0), "vector": jnp.array([1.0, -3.0, 0.0])}
    params, _ = stepped(config, [gradient])
    moved = np.asarray(params["vector"] - weights()["vector"])
    # After one step the mean square is a tenth of the square.
    expected = -config.learning_rate * np.array([1.0, -1.0, 0.0]) / np.sqrt(0.1)
    assert np.allclose(moved, expected, rtol=2e-3)


@pytest.mark.parametrize("optimiser", ["adamw", "muon"])
def test_weights_decay_where_no_gradient_is(optimiser: str) -> None:
    config = recipe(optimiser=optimiser, weight_decay=0.5, schedule="constant", warm_up=0)
    params, _ = stepped(config, [jax.tree.map(jnp.zeros_like, weights())])
    for name, value in weights().items():
        expected = value * (1.0 - 0.5 * config.learning_rate)
        assert np.allclose(params[name], expected, rtol=1e-6), name


def test_muon_moves_matrices_alike_in_all_directions() -> None:
    config = recipe(optimiser="muon", schedule="constant", warm_up=0)
    gradient = weights() | {"matrix": jnp.diag(jnp.array([5.0, 1.0, 0.2, 0.1]))[:, :3]}
    params, _ = stepped(config, [gradient])
    moved = np.linalg.svd(params["matrix"] - weights()["matrix"], compute_uv=False)
    # Five Newton-Schulz iterations bring singular values near one, not to it.
    assert moved.max() / moved.min() < 2.0
    assert 0.0 < moved.max() < 10 * config.learning_rate


def test_the_rate_follows_the_divergence() -> None:
    config = recipe(schedule="kl_adaptive", target_kl=0.01, learning_rate=1e-3, warm_up=0)
    rule = adapted_rate(config)
    state, one = rule.init(None), {"w": jnp.ones(2)}
    for kl, expected in ((AIM, 1e-3), (FAR, 1e-3 / 1.5), (NEAR, 1e-3), (NEAR, 1.5e-3)):
        change, state = rule.update(one, state, None, kl=kl)
        assert np.allclose(change["w"], expected)
    for _ in range(30):
        _, state = rule.update(one, state, None, kl=NEAR)
    assert float(state.rate) == pytest.approx(HIGHEST_RATE)
    for _ in range(60):
        _, state = rule.update(one, state, None, kl=FAR)
    assert float(state.rate) == pytest.approx(LOWEST_RATE)


def test_during_the_warm_up_an_adaptive_rate_only_rises() -> None:
    config = recipe(schedule="kl_adaptive", target_kl=0.01, learning_rate=1e-3)
    rule = adapted_rate(config)
    state, found = rule.init(None), []
    for _ in range(WARM + 2):
        change, state = rule.update({"w": jnp.ones(())}, state, None, kl=FAR)
        found.append(float(change["w"]))
    assert found[0] == 0.0 and found[WARM // 2] == pytest.approx(5e-4)
    assert found[WARM] == pytest.approx(1e-3 / 1.5)


@pytest.mark.parametrize("more", CHOICES, ids=str)
def test_a_state_from_a_file_goes_on_to_the_bit(more: dict[str, Any], tmp_path: Path) -> None:
    config, file = recipe(**more), tmp_path / "state.safetensors"
    rng = np.random.default_rng(1)
    gradients = [
        jax.tree.map(lambda x: jnp.asarray(rng.normal(size=x.shape), jnp.float32), weights())
        for _ in range(6)
    ]
    whole, whole_state = stepped(config, gradients, FAR)
    first = stepped(config, gradients[:3], FAR)
    save_tree(file, first)
    rule = make_optimiser(config)
    params, state = load_tree(file, (weights(), rule.init(weights())))
    for gradient in gradients[3:]:
        change, state = rule.update(gradient, state, params, kl=FAR)
        params = optax.apply_updates(params, change)
    assert jax.tree.all(jax.tree.map(np.array_equal, (params, state), (whole, whole_state)))
    assert not np.array_equal(whole["matrix"], first[0]["matrix"])
    shown = {name: float(value) for name, value in measures(config, state).items()}
    assert set(shown) == ({"learning_rate"} if config.target_kl else set())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"weight_decay": 0.1}, "weight_decay needs optimiser = 'adamw' or 'muon'"),
        ({"target_kl": 0.01}, "target_kl needs schedule = 'kl_adaptive'"),
        ({"schedule": "kl_adaptive"}, "'kl_adaptive' needs target_kl > 0"),
        ({"optimiser": "sgd"}, "'adam', 'adamw', 'rmsprop' or 'muon'"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        PPOConfig(**settings)


@pytest.mark.parametrize("more", CHOICES, ids=str)
def test_a_forks_schedule_is_as_far_as_its_steps(more: dict[str, Any]) -> None:
    config = recipe(**more)
    state = at_iteration(config, make_optimiser(config).init(weights()), 2)
    counts = [
        int(leaf)
        for path, leaf in jax.tree_util.tree_flatten_with_path(state)[0]
        if jax.tree_util.keystr(path).endswith("count")
    ]
    assert counts and set(counts) == {2 * 2 * 2}
