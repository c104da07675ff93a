"""PPO: its arithmetic by hand, and a tiny run that stays finite and resumes exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from simgait.errors import InputError
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.optimisers import KL_COLUMNS
from simgait.learning.ppo import PPO, advantages, divergence, entropy, log_probability
from simgait.learning.run_state import RunState
from simgait.tracking import environment, episodes
from simgait.tracking.angle_offsets import OFFSET, OFFSET_NAMES
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import RewardConfig
from simgait.tracking.episodes import METRICS
from simgait.tracking.policy_config import NetworkConfig
from simgait.weight_files import load_tree, save_tree
from tests.learning.toy_world import LONGEST, NO_CLIPS, PRICE, REACH, toy_world
from tests.shapes import unchecked
from tests.tracking.gliding import glide

pytestmark = pytest.mark.usefixtures("hardly_optimised")

N_ENVS, UNROLL = 8, 4
CONFIG = TrainingConfig(
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
    ppo=PPOConfig(n_envs=N_ENVS, unroll=UNROLL, epochs=2, minibatches=2, total_steps=10_000),
)


def naive_advantages(reward, done, value, last_value, discount, gae_lambda) -> np.ndarray:
    """The sum of equation 16, term by term, cut where an episode ends."""
    steps, n = reward.shape
    values = np.concatenate([value, last_value[None]])
    result = np.zeros((steps, n))
    for e in range(n):
        for t in range(steps):
            weight = 1.0
            for k in range(t, steps):
                alive = 1.0 - done[k, e]
                delta = reward[k, e] + discount * alive * values[k + 1, e] - values[k, e]
                result[t, e] += weight * delta
                weight *= discount * gae_lambda * alive
    return result


@cache
def one_program() -> Callable[..., jax.Array]:
    """Discount and lambda come in as numbers do, so that no other pair is another program."""
    return jax.jit(advantages)


@given(st.integers(0, 2**31), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=25, deadline=None)
def test_advantages_are_the_written_out_sum(seed: int, discount: float, gae_lambda: float) -> None:
    rng = np.random.default_rng(seed)
    reward, value = rng.normal(size=(2, 7, 3))
    last_value = rng.normal(size=3)
    done = (rng.random((7, 3)) < 0.3).astype(float)
    given_ = (reward, done, value, last_value)
    r, d, v, last = (jnp.asarray(x, jnp.float32) for x in given_)
    with unchecked():  # traced, they are no floats
        found = one_program()(r, d, v, last, discount, gae_lambda)
    assert np.allclose(found, naive_advantages(*given_, discount, gae_lambda), atol=1e-4)


def test_advantages_by_hand() -> None:
    reward = jnp.array([[1.0], [2.0], [4.0]])
    value = jnp.array([[0.5], [1.0], [1.5]])
    done = jnp.array([[0.0], [1.0], [0.0]])
    # δ2 = 4 + .5·2 - 1.5 = 3.5; δ1 = 2 - 1 = 1 (done); δ0 = 1 + .5·1 - .5 = 1, plus .25·δ1.
    found = advantages(reward, done, value, jnp.array([2.0]), 0.5, 0.5)
    assert np.allclose(found[:, 0], [1.25, 1.0, 3.5])


def test_log_probability_and_entropy_are_scipys() -> None:
    rng = np.random.default_rng(0)
    action, mean = rng.normal(size=(2, 5, 4))
    log_sd = rng.normal(-1, 0.3, 4)
    given_ = (jnp.asarray(v, jnp.float32) for v in (action, mean, log_sd))
    expected = norm.logpdf(action, mean, np.exp(log_sd)).sum(-1)
    assert np.allclose(log_probability(*given_), expected, rtol=1e-5, atol=1e-5)
    whole = multivariate_normal(np.zeros(4), np.diag(np.exp(2 * log_sd))).entropy()
    assert float(entropy(jnp.asarray(log_sd, jnp.float32))) == pytest.approx(whole, rel=1e-5)


def test_the_divergence_is_the_mean_of_the_log_ratio() -> None:
    rng = np.random.default_rng(0)
    mean, other = rng.normal(size=(2, 1, 3))
    log_sd, other_log_sd = rng.normal(-1, 0.3, (2, 3))
    given_ = [jnp.asarray(v, jnp.float32) for v in (mean, log_sd, other, other_log_sd)]
    drawn = mean + np.exp(log_sd) * rng.normal(size=(200_000, 3))
    ratio = norm.logpdf(drawn, mean, np.exp(log_sd)) - norm.logpdf(
        drawn, other, np.exp(other_log_sd)
    )
    expected = ratio.sum(-1)
    spread = 4 * expected.std() / np.sqrt(len(expected))
    assert float(divergence(*given_)[0]) == pytest.approx(expected.mean(), abs=spread)
    assert np.allclose(divergence(given_[0], given_[1], given_[0], given_[1]), 0.0, atol=1e-6)


@pytest.fixture(
    scope="module",
    params=[
        "toy",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("gliding", "walking")),
    ],
)
def ppo(request: pytest.FixtureRequest) -> Iterator[PPO]:
    """In the toy world, which compiles quickly; in the environment without physics, and with it."""
    with ExitStack() as within, pytest.MonkeyPatch.context() as patch:
        if request.param == "toy":
            within.enter_context(toy_world())
        elif request.param == "gliding":
            patch.setattr(environment, "simulate", glide)
        yield PPO(CONFIG)


def goes_on_to_the_bit(
    ppo: PPO, clips: ClipBank, checkpoint: Path, rows: list[dict[str, float]], run: RunState
) -> None:
    """From a checkpoint come the rows and the run that came without a stop."""
    again = load_tree(checkpoint, ppo.start(clips, jax.random.key(9)))
    for row in rows:
        again, found = ppo.iterate(again, clips)
        assert {name: float(value) for name, value in found.items()} == row
    for name, leaf in leaves(again).items():
        assert np.array_equal(leaf, leaves(run)[name]), name


def leaves(run: RunState) -> dict[str, np.ndarray]:
    def plain(leaf):
        is_key = jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
        return np.asarray(jax.random.key_data(leaf) if is_key else leaf)

    paths = jax.tree_util.tree_flatten_with_path(run)[0]
    return {jax.tree_util.keystr(path): plain(leaf) for path, leaf in paths}


@pytest.fixture(scope="module")
def four_iterations(
    ppo: PPO, clips: ClipBank, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[dict[str, np.ndarray]], list[dict[str, float]], Path]:
    """States before and after each of four iterations, metrics, and a checkpoint after two."""
    checkpoint = tmp_path_factory.mktemp("run") / "checkpoint.safetensors"
    run = ppo.start(clips, jax.random.key(CONFIG.ppo.seed))
    states, metrics = [leaves(run)], []
    for iteration in range(4):
        run, measured = ppo.iterate(run, clips)
        states.append(leaves(run))
        metrics.append({name: float(value) for name, value in measured.items()})
        if iteration == 1:
            save_tree(checkpoint, run)
    return states, metrics, checkpoint


def test_iterations_stay_finite_and_change_what_they_should(four_iterations) -> None:
    states, metrics, _ = four_iterations
    for row in metrics:
        assert set(METRICS) <= set(row)
        assert {"reward", "policy_loss", "value_loss", "entropy"} <= set(row)
        assert all(np.isfinite(value) for value in row.values()), row
        assert row["not_finite"] == 0.0
    for state in states:
        for name, leaf in state.items():
            if np.issubdtype(leaf.dtype, np.floating):
                assert np.isfinite(leaf).all(), name
    for before, after in zip(states[:-1], states[1:], strict=True):
        params = [name for name in before if name.startswith(".params")]
        assert len(params) == 9  # two layers each of weight and bias, twice; log_sd
        for name in params:
            assert not np.array_equal(before[name], after[name]), name
        assert after[".steps"] - before[".steps"] == N_ENVS * UNROLL
        assert not np.array_equal(before[".key"], after[".key"])
    # 2 passes of 2 minibatches in each of 4 iterations.
    counts = [v for k, v in states[-1].items() if k.startswith(".optimiser") and "count" in k]
    assert counts and all(count == 16 for count in counts)
    assert states[-1][".statistics.count.lo"] == 4 * N_ENVS * UNROLL


def test_episodes_go_on_across_iterations_and_start_anew_when_done(four_iterations) -> None:
    states, _, _ = four_iterations
    for before, after in zip(states[:-1], states[1:], strict=True):
        frame = next(k for k in before if k.startswith(".env.info") and "frame" in k)
        clip = next(k for k in before if k.startswith(".env.info") and "clip" in k)
        went_on = after[frame] == before[frame] + UNROLL
        assert went_on.any()
        assert np.array_equal(after[clip][went_on], before[clip][went_on])


def test_starting_and_resuming_need_no_second_compilation(ppo: PPO, clips: ClipBank) -> None:
    # All that comes of an array that is bound to a device is bound: another program.
    run = ppo.start(clips, jax.random.key(0))
    assert not any(getattr(leaf, "committed", False) for leaf in jax.tree.leaves((clips, run)))
    start = jax.eval_shape(ppo.start, clips, jax.random.key(0))
    after, _ = jax.eval_shape(ppo._iterate, start, clips)
    paths = jax.tree_util.tree_flatten_with_path(start)[0]
    for (path, leaf), following in zip(paths, jax.tree.leaves(after), strict=True):
        name = jax.tree_util.keystr(path)
        assert not leaf.weak_type, name
        assert (leaf.shape, leaf.dtype) == (following.shape, following.dtype), name
        assert not following.weak_type, name


def test_a_resumed_run_is_the_same_run_bit_for_bit(
    ppo: PPO, clips: ClipBank, four_iterations
) -> None:
    states, metrics, checkpoint = four_iterations
    # Another seed: everything that counts must come from the file.
    blank = ppo.start(clips, jax.random.key(999))
    run = load_tree(checkpoint, blank)
    for name, leaf in leaves(run).items():
        assert np.array_equal(leaf, states[2][name]), name
    for iteration in (2, 3):
        run, measured = ppo.iterate(run, clips)
        assert {name: float(value) for name, value in measured.items()} == metrics[iteration]
    for name, leaf in leaves(run).items():
        assert leaf.dtype == states[4][name].dtype, name
        assert np.array_equal(leaf, states[4][name]), name


PAPER_OPTIONS = {
    "optimiser": "muon", "weight_decay": 0.01, "schedule": "kl_adaptive", "target_kl": 0.01,
    "warm_up": 0,
}  # fmt: skip


@pytest.mark.slow
def test_the_papers_options_learn_and_resume_to_the_bit(
    clips: ClipBank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learned gains, learned offsets and an adaptive rate, in one program."""
    monkeypatch.setattr(environment, "simulate", glide)
    tracking = CONFIG.tracking
    reward = RewardConfig(kind="paper_exp", learned_offsets=True)
    control = tracking.control.model_copy(update={"mode": "pd_learned_gains"})
    config = CONFIG.model_copy(
        update={
            "ppo": PPOConfig(**(CONFIG.ppo.model_dump() | PAPER_OPTIONS)),
            "tracking": tracking.model_copy(update={"reward": reward, "control": control}),
        }
    )
    ppo, checkpoint = PPO(config), tmp_path / "checkpoint.safetensors"
    run = ppo.start(clips, jax.random.key(0))
    rows = []
    for iteration in range(3):
        run, row = ppo.iterate(run, clips)
        rows.append({name: float(value) for name, value in row.items()})
        if iteration == 0:
            save_tree(checkpoint, run)
            first = np.asarray(run.params[OFFSET])
    assert all(np.isfinite(value) for row in rows for value in row.values())
    assert set(KL_COLUMNS) | set(OFFSET_NAMES) <= set(rows[0])
    assert rows[0]["kl"] > 0 and rows[-1]["learning_rate"] != rows[0]["learning_rate"]
    assert not np.array_equal(first, run.params[OFFSET])

    goes_on_to_the_bit(ppo, clips, checkpoint, rows[1:], run)


def test_a_checkpoint_of_another_network_is_refused(four_iterations, tmp_path: Path) -> None:
    _, _, checkpoint = four_iterations
    like = {"params": {"kernel": jnp.zeros((3, 3))}}
    with pytest.raises(InputError, match="another configuration"):
        load_tree(checkpoint, like)
    torn = tmp_path / "checkpoint.safetensors"
    torn.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(InputError, match="not a readable weights file"):
        load_tree(torn, like)


@pytest.mark.slow
def test_observation_noise_is_seen_by_the_policy_alone(
    clips: ClipBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    observed = CONFIG.tracking.observation.model_copy(update={"noise": 0.01})
    tracking = CONFIG.tracking.model_copy(update={"observation": observed})
    config = CONFIG.model_copy(update={"tracking": tracking})
    ppo = PPO(config)
    run = ppo.start(clips, jax.random.key(0))

    # A world in which nothing is seen but the noise.
    def step(_tracking, _clips, state, _action):
        return state.replace(obs=jnp.zeros_like(state.obs))

    monkeypatch.setattr(environment, "step", step)
    monkeypatch.setattr(episodes, "reset_after", lambda _tracking, _clips, _key, state: state)
    env, seen, _ = ppo._roll_out(run, clips, jax.random.key(1))
    noise = np.array(seen.obs)
    noise[0] -= np.asarray(run.env.obs)
    assert noise.std(axis=(1, 2)) == pytest.approx(0.01, rel=0.1)
    assert abs(np.corrcoef(noise[1].ravel(), noise[2].ravel())[0, 1]) < 0.1
    assert not np.asarray(env.obs).any(), "noise must not stay in the state"


def test_what_follows_a_clips_end_is_said_of_the_state_that_was_acted_in() -> None:
    """No step is taken from a clip's last frame, so that its value would be nobody's to correct."""
    with toy_world():
        ppo = PPO(CONFIG)
        run = ppo.start(NO_CLIPS, jax.random.key(0))
        # The first step ends every second episode.
        frame = jnp.where(jnp.arange(N_ENVS) % 2 == 0, LONGEST - 1, 0)
        run = replace(run, env=run.env.replace(info=run.env.info | {"frame": frame}))
        far = jax.tree.map(lambda leaf: leaf + 0.3, run.params["value"])
        run = replace(run, params=run.params | {"value": far})
        _, seen, _ = ppo._roll_out(run, NO_CLIPS, jax.random.key(1))
    x, asked = np.asarray(seen.obs[0, :, 0]), np.asarray(seen.action[0, :, 0])
    earned = -CONFIG.ppo.reward_scale * ((x + REACH * asked) ** 2 + PRICE * asked**2)
    ended = np.arange(N_ENVS) % 2 == 0
    assert np.array_equal(seen.done[0], ended) and np.abs(seen.value[0]).min() > 0.1
    beyond = np.where(ended, CONFIG.ppo.discount * np.asarray(seen.value[0]), 0.0)
    assert np.allclose(seen.reward[0], earned + beyond, atol=1e-5)
