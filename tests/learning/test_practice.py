"""Clips that fail are drawn more often, none is forgotten, and rates go on with the run."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import State

from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.config_file import checked_config
from simgait.learning.ppo import PPO
from simgait.learning.practice import (
    UNKNOWN,
    SamplingConfig,
    clip_odds,
    endings,
    first_rates,
    practised,
)
from simgait.tracking import environment, episodes
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import ResetConfig, TrackingConfig
from simgait.tracking.policy_config import NetworkConfig
from tests.tracking.gliding import glide

BY_FAILURE = SamplingConfig(by="failure", floor=0.2)


def test_odds_are_failure_rates_above_a_uniform_floor() -> None:
    rates = jnp.array([0.0, 0.1, 0.3, 0.0])
    (odds,) = clip_odds(BY_FAILURE, rates)
    assert odds.tolist() == pytest.approx([0.05, 0.25, 0.65, 0.05])
    (odds,) = clip_odds(BY_FAILURE, jnp.zeros(4))
    assert odds.tolist() == pytest.approx([0.25] * 4)
    (odds,) = clip_odds(SamplingConfig(by="failure", floor=1.0), rates)
    assert odds.tolist() == pytest.approx([0.25] * 4)
    assert clip_odds(SamplingConfig(), None) == ()


def test_clips_are_drawn_by_their_odds_and_all_alike_without() -> None:
    keys = jax.random.split(jax.random.key(0), 4000)
    odds = jnp.array([0.05, 0.25, 0.65, 0.05])
    drawn = jax.jit(jax.vmap(lambda key: episodes.drawn_clip(key, 4, odds)))(keys)
    shares = np.bincount(np.asarray(drawn), minlength=4) / 4000
    assert shares == pytest.approx(np.asarray(odds), abs=0.03)
    plain = jax.jit(jax.vmap(lambda key: episodes.drawn_clip(key, 4)))(keys)
    alike = jax.jit(jax.vmap(lambda key: jax.random.randint(key, (), 0, 4)))
    assert np.array_equal(plain, alike(keys))


def test_a_rate_goes_to_the_share_of_episodes_that_failed() -> None:
    rates = first_rates(3)
    assert rates.tolist() == [UNKNOWN] * 3
    # Clip 0 fails in three of four episodes, clip 1 never; nobody walks clip 2.
    ended = {
        "clip": jnp.array([[0, 1], [0, 1], [0, 1], [0, 1], [0, 2]]),
        "ended": jnp.array([[1, 1], [1, 1], [1, 1], [1, 1], [0, 0]], float),
        "failed": jnp.array([[1, 0], [1, 0], [1, 0], [0, 0], [0, 0]], float),
    }
    for _ in range(20):
        rates = practised(rates, ended)
    assert rates.tolist() == pytest.approx([0.75, 0.0, UNKNOWN], abs=1e-3)
    # One more fall in an easy clip changes little.
    one = {name: values[:1, 1:] for name, values in ended.items()} | {"failed": jnp.ones((1, 1))}
    assert practised(rates, one).tolist() == pytest.approx([0.75, 0.095, UNKNOWN], abs=1e-2)
    assert practised(None, {}) is None


def test_falls_and_straying_are_failures_the_end_of_a_clip_is_none() -> None:
    moved = State(
        None, jnp.zeros(4), jnp.zeros(4), jnp.array([1.0, 1.0, 1.0, 0.0]),
        {"fell": jnp.array([1.0, 0.0, 0.0, 0.0]), "strayed": jnp.array([0.0, 1.0, 0.0, 0.0])},
        {"clip": jnp.arange(4)},
    )  # fmt: skip
    found = endings(moved)
    assert found["failed"].tolist() == [1, 1, 0, 0] and found["ended"].tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        ({"floor": 0.2}, "floor needs by = 'failure'"),
        ({"by": "failure"}, "needs floor > 0"),
        ({"by": "failure", "floor": 1.5}, "sampling.floor cannot be 1.5"),
    ],
)
def test_settings_that_do_nothing_or_forget_clips_are_refused(
    sampling: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        checked_config({"sampling": sampling}, "recipe.toml")


@pytest.mark.slow
def test_a_clip_that_always_fails_is_practised_most(
    clips: ClipBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of clip 1 strays at every step; of the others none ever does."""
    monkeypatch.setitem(vars(environment), "simulate", glide)
    monkeypatch.setattr(environment, "has_strayed", lambda now, _config: now.clip == 1)
    monkeypatch.setattr(environment, "has_fallen", lambda now, _config: now.clip < 0)
    config = TrainingConfig(
        tracking=TrackingConfig(reset=ResetConfig(retry_share=0.0)),
        networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
        ppo=PPOConfig(n_envs=16, unroll=30, epochs=1, minibatches=1),
        sampling=BY_FAILURE,
    )
    ppo = PPO(config)
    run = ppo.start(clips, jax.random.key(0))
    assert run.rates.tolist() == [UNKNOWN] * clips.n_clips
    starts = []
    for _ in range(8):
        run, _ = ppo.iterate(run, clips)
        starts.append(np.asarray(run.env.info["clip"]))
    rates = np.asarray(run.rates)
    assert rates[1] > 0.95 and (np.delete(rates, 1) < 0.2).all()
