"""SHAC: its gradient against finite differences, what it leaves out, a toy that it masters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.learning.algorithms import Algorithm, make_algorithm
from simgait.learning.config import TrainingConfig
from simgait.learning.run_state import RunState
from simgait.learning.shac import (
    CRITIC,
    GRADIENT_COLUMNS,
    SHAC,
    bounded,
    split_params,
)
from simgait.tracking import environment
from simgait.weight_files import load_tree, save_tree
from tests.learning import toy_world
from tests.learning.toy_world import CONFIG, HORIZON, N_ENVS, NO_CLIPS, best_gain

pytestmark = pytest.mark.usefixtures("hardly_optimised")


@pytest.fixture(scope="module")
def toy() -> Iterator[None]:
    with toy_world.toy_world():
        yield


@pytest.fixture(scope="module")
def shac(toy: None) -> SHAC:
    return SHAC(CONFIG)


@pytest.fixture(scope="module")
def begun(shac: SHAC) -> RunState:
    """A run whose target critic is not its critic, so that mistaking them shows."""
    run = shac.start(NO_CLIPS, jax.random.key(0))
    target = jax.tree.map(lambda leaf: 1.5 * leaf, run.optimiser.target)
    return replace(run, optimiser=replace(run.optimiser, target=target))


@pytest.mark.slow
def test_an_environment_without_a_finite_gradient_is_left_out_and_a_huge_one_cut() -> None:
    gradient = np.ones((2, 4, 2), np.float32)
    gradient[0, 1, 0], gradient[1, 2, 1] = np.nan, np.inf
    gradient[:, 3] = 1e30  # finite, its square is not
    safe, norm, finite = bounded(jnp.asarray(gradient), 1.0)
    assert np.array_equal(finite, [1, 0, 0, 0]) and np.array_equal(norm, [2, 0, 0, 0])
    assert np.allclose(safe[:, 0], 0.5) and not np.asarray(safe[:, 1:]).any()
    safe, norm, _ = bounded(jnp.asarray(gradient[:, :1]), 3.0)
    assert np.array_equal(safe, gradient[:, :1]) and norm == 2.0


@cache
def differentiated(shac: SHAC) -> Any:
    return jax.jit(shac.differentiated)


def mean_return(shac: SHAC, run: RunState, actor: Any, key: Any) -> jax.Array:
    """The paper's objective as a plain function of the actor."""
    run = replace(run, params=actor | {CRITIC: run.params[CRITIC]})
    pushes = jnp.zeros((HORIZON, N_ENVS, len(run.params["log_sd"])))
    return shac.roll_out(run, NO_CLIPS, key, pushes)[0].mean() / HORIZON


@pytest.mark.slow
def test_the_actors_gradient_is_the_returns_by_its_parameters(shac: SHAC, begun: RunState) -> None:
    key = jax.random.key(3)
    actor, _ = split_params(begun.params)
    at = jax.jit(jax.value_and_grad(lambda a: mean_return(shac, begun, a, key)))
    _, whole = at(actor)
    _, gradient, (_, seen, _) = differentiated(shac)(begun, NO_CLIPS, key)
    found = jax.jit(shac.descent)(begun, seen, gradient)
    for ours, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(whole), strict=True):
        assert np.allclose(-ours, theirs, rtol=1e-4, atol=1e-6)
    # And by central differences, along a direction that moves all parameters.
    rng = np.random.default_rng(0)
    along = jax.tree.map(lambda leaf: jnp.asarray(rng.normal(size=leaf.shape), leaf.dtype), actor)
    expected = sum(
        float((a * b).sum()) for a, b in zip(*map(jax.tree.leaves, (along, whole)), strict=True)
    )

    def moved(by: float) -> Any:
        return jax.tree.map(lambda a, d: a + by * d, actor, along)

    # A step in float32: rounding makes 1e-7 of the return, 1e-4 of the slope; bending less.
    step = 1e-3
    up, down = (float(at(moved(by))[0]) for by in (step, -step))
    assert (up - down) / (2 * step) == pytest.approx(expected, rel=2e-2, abs=1e-4)


@pytest.mark.slow
def test_no_gradient_passes_the_end_of_an_episode(shac: SHAC, begun: RunState) -> None:
    # The second step ends every second episode, after which another begins.
    frame = jnp.where(jnp.arange(N_ENVS) % 2 == 0, toy_world.LONGEST - 2, 0)
    run = replace(begun, env=begun.env.replace(info=begun.env.info | {"frame": frame}))
    key = jax.random.key(1)
    returns, gradient, (env, seen, _) = differentiated(shac)(run, NO_CLIPS, key)
    done = np.asarray(seen.done)
    assert np.array_equal(done[1], np.arange(N_ENVS) % 2 == 0) and not done[[0, 2, 3]].any()
    # By hand: what is discounted, and where counting begins anew.
    g = CONFIG.shac.discount
    reward = np.asarray(seen.reward)
    beyond = np.asarray(shac._target_value(run, env.obs))
    going = reward[0] + g * reward[1] + g**2 * reward[2] + g**3 * reward[3] + g**4 * beyond
    ended = reward[0] + g * reward[1] + reward[2] + g * reward[3] + g**2 * beyond
    assert np.allclose(returns, np.where(done[1] > 0, ended, going), atol=1e-5)
    # Where an episode begins hangs on no action before: a push of each step, by differences.
    pushed = jax.jit(lambda pushes: shac.roll_out(run, NO_CLIPS, key, pushes)[0])
    size = 1e-2
    for at in range(HORIZON):
        push = jnp.zeros_like(gradient).at[at, :, 0].set(size)
        slope = (np.asarray(pushed(push)) - np.asarray(pushed(-push))) / (2 * size)
        assert np.allclose(gradient[at, :, 0], slope, rtol=2e-2, atol=1e-3)


@pytest.mark.slow
def test_an_iteration_changes_what_it_should(shac: SHAC, begun: RunState) -> None:
    run = jax.tree.map(jnp.array, begun)
    before = jax.tree.map(np.array, (run.params, run.optimiser.target))
    run, row = shac.iterate(run, NO_CLIPS)
    assert set(GRADIENT_COLUMNS) | {"policy_loss", "value_loss", "entropy", "reward"} <= set(row)
    assert all(np.isfinite(float(value)) for value in row.values())
    changed = jax.tree.map(lambda a, b: not np.array_equal(a, b), before[0], run.params)
    assert all(jax.tree.leaves(changed))
    stays = CONFIG.shac.target_stays
    expected = jax.tree.map(
        lambda old, new: stays * old + (1 - stays) * new, before[1], run.params[CRITIC]
    )
    same = jax.tree.map(lambda a, b: np.allclose(a, b, atol=1e-6), expected, run.optimiser.target)
    assert all(jax.tree.leaves(same))
    assert int(run.steps) == N_ENVS * HORIZON


def train(algorithm: Algorithm, run: RunState, iterations: int) -> tuple[RunState, list[Any]]:
    rows = []
    for _ in range(iterations):
        run, row = algorithm.iterate(run, NO_CLIPS)
        rows.append({name: float(value) for name, value in row.items()})
    return run, rows


@pytest.mark.slow
def test_it_masters_a_toy_whose_best_policy_is_known(shac: SHAC) -> None:
    run = shac.start(NO_CLIPS, jax.random.key(CONFIG.shac.seed))
    seen = np.linspace(-0.2, 0.2, 9)
    obs = jnp.zeros((9, toy_world.SIZE)).at[:, 0].set(seen)
    best = -best_gain(CONFIG.shac.discount) * seen

    def off(run: RunState) -> float:
        answer = shac.networks.mean(run.params, run.statistics, obs)[:, 0]
        return float(np.sqrt(np.mean(np.square(answer - best))))

    first = off(run)
    for _ in range(CONFIG.shac.iterations):
        run, _ = shac.iterate(run, NO_CLIPS)
    assert off(run) < 0.1 * first, (off(run), first)


@pytest.mark.slow
def test_a_resumed_run_is_the_same_run_bit_for_bit(toy: None, tmp_path: Path) -> None:
    algorithm = make_algorithm(CONFIG)
    run, _ = train(algorithm, algorithm.start(NO_CLIPS, jax.random.key(0)), 2)
    save_tree(tmp_path / "run.safetensors", run)
    run, rows = train(algorithm, run, 2)
    again = load_tree(tmp_path / "run.safetensors", algorithm.start(NO_CLIPS, jax.random.key(9)))
    again, found = train(algorithm, again, 2)
    assert found == rows
    for one, other in zip(jax.tree.leaves(again), jax.tree.leaves(run), strict=True):
        if not jnp.issubdtype(one.dtype, jax.dtypes.prng_key):
            assert np.array_equal(one, other)


@pytest.mark.slow
def test_what_is_remembered_of_new_weights_and_where_a_schedule_stands(shac: SHAC) -> None:
    algorithm = make_algorithm(CONFIG)
    params = shac.networks.init(jax.random.key(5))
    fresh = algorithm.fresh(params)
    same = jax.tree.map(np.array_equal, fresh.target, params[CRITIC])
    assert all(jax.tree.leaves(same))
    ahead = algorithm.at_iteration(fresh, 3)

    def counts(state: Any) -> set[int]:
        paths = jax.tree_util.tree_flatten_with_path(state)[0]
        return {int(leaf) for path, leaf in paths if jax.tree_util.keystr(path).endswith("count")}

    fits = CONFIG.shac.epochs * CONFIG.shac.minibatches
    assert counts(ahead.actor) == {3} and counts(ahead.critic) == {3 * fits}


@pytest.mark.slow
def test_a_gradient_that_is_none_is_left_out_and_shown(
    toy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(tracking: Any, clips: Any, state: Any, action: Any) -> Any:
        after = toy_world.step(tracking, clips, state, action)
        # The square root has no slope at zero.
        bad = jnp.sqrt(jnp.where(state.info["frame"] >= 100, 0.0 * action[0], 1.0))
        return after.replace(reward=after.reward + bad)

    monkeypatch.setattr(environment, "step", breaking)
    shac = SHAC(CONFIG)
    run = shac.start(NO_CLIPS, jax.random.key(0))
    frame = run.env.info["frame"].at[3].set(100)
    run = replace(run, env=run.env.replace(info=run.env.info | {"frame": frame}))
    run, row = shac.iterate(run, NO_CLIPS)
    assert float(row["gradients_dropped"]) == pytest.approx(1 / N_ENVS)
    for leaf in jax.tree.leaves(run.params):
        assert np.isfinite(leaf).all()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ppo": {"epochs": 2}}, r"algorithm = 'shac' does not look at \[ppo\] epochs; take it"),
        ({"tracking": {"body": {"solver_iterations": 4}}}, "solver_iterations = 1, not 4: MJX"),
        (
            {"tracking": {"reward": {"kind": "paper_mse", "learned_offsets": True}}},
            "learned_offsets needs algorithm = 'ppo'",
        ),
        ({"algorithm": "ppo", "shac": {"unroll": 2}}, r"'ppo' does not look at \[shac\] unroll"),
    ],
)
def test_settings_without_a_meaning_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TrainingConfig.model_validate({"algorithm": "shac"} | settings)
