"""A term from outside the package, from its module to a recipe, an environment and a policy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body.refiner import initial_refiner
from simgait.errors import InputError
from simgait.learning.config_file import load_config
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.environment import TrackingEnv
from simgait.tracking.networks import make_networks
from simgait.tracking.observation_terms import OBSERVATION_TERMS
from simgait.tracking.observations import mirror_of_observation, observation_size, observe
from simgait.tracking.policies import FixedStatistics, load_policy, save_policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.reward_terms import REWARD_TERMS
from simgait.tracking.rewards import sum_of_terms
from simgait.tracking.term_plugins import has_own_terms, import_plugins
from tests.tracking.moments import moment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contributing" / "term.md"
MODULE = "step_terms"


def fenced(language: str) -> str:
    """The page's example in that language: what is documented is what is tested."""
    return PAGE.read_text(encoding="utf-8").split(f"```{language}\n")[1].split("```")[0]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in Python's path with the page's module and its recipe; forgotten afterwards."""
    (tmp_path / f"{MODULE}.py").write_text(fenced("python"), encoding="utf-8")
    (tmp_path / "mine.toml").write_text(fenced("toml"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    forget()


def forget() -> None:
    """As in a fresh process."""
    sys.modules.pop(MODULE, None)
    OBSERVATION_TERMS._terms.pop("feet_apart", None)
    for name in ("level_feet", "knee_price"):
        REWARD_TERMS._terms.pop(name, None)


@pytest.mark.slow
def test_terms_of_ones_own_are_used_from_a_recipe(outside: Path, clips: ClipBank) -> None:
    config = load_config(outside / "mine.toml").tracking
    env = TrackingEnv(config, clips)
    state = jax.eval_shape(env.reset, jax.random.key(0))
    plain = TrackingEnv(
        config.model_copy(update={"observation": type(config.observation)()}), clips
    )
    assert state.obs.shape == (plain.observation_size + 2,) == (observation_size(config),)
    moved = jax.eval_shape(env.step, state, jnp.zeros(env.action_size))
    assert moved.obs.shape == state.obs.shape and moved.reward.shape == ()
    order = mirror_of_observation(config).order
    assert np.array_equal(order[-2:], [len(order) - 2, len(order) - 1])
    now = moment(clips, 1, 20)
    seen = observe(now, config)
    assert seen.shape == state.obs.shape and np.isfinite(seen).all()
    _, terms = sum_of_terms(now, config.reward)
    assert 0.0 < terms["level_feet"] <= 0.3
    assert terms["knee_price"] < 0.0


def test_a_step_with_terms_of_ones_own_is_not_kept_for_other_processes(outside: Path) -> None:
    config = load_config(outside / "mine.toml").tracking
    assert has_own_terms(config) and not has_own_terms(TrackingConfig())
    only_observed = config.model_copy(update={"reward": TrackingConfig().reward})
    assert has_own_terms(only_observed)


def test_a_recipe_without_its_plugin_says_what_to_do(outside: Path) -> None:
    path = outside / "mine.toml"
    path.write_text(path.read_text().replace(f'plugins = ["{MODULE}"]', ""))
    with pytest.raises(InputError, match="no observation term 'feet_apart'.*tracking. plugins"):
        load_config(path)


def test_a_plugin_that_cannot_be_imported_is_one_sentence(outside: Path) -> None:
    config = load_config(outside / "mine.toml").tracking
    for module, words in (("no_such_module", "No module named"), ("broken_terms", "SyntaxError")):
        (outside / "broken_terms.py").write_text("def")
        with pytest.raises(InputError, match=f"the module {module} cannot be imported.*{words}"):
            import_plugins(config.model_copy(update={"plugins": (module,)}))


def test_a_policy_s_plugins_are_imported_only_where_they_are_trusted(outside: Path) -> None:
    small = NetworkConfig(policy_layers=(8,), value_layers=(8,))
    config = load_config(outside / "mine.toml").model_copy(update={"networks": small})
    networks = make_networks(config.tracking, small)
    size = networks.observation_size
    save_policy(
        outside / "mine",
        config,
        networks.init(jax.random.key(0)),
        FixedStatistics(jnp.zeros(size), jnp.ones(size)),
        initial_refiner(jax.random.key(0), config.tracking.body.skeleton),
        {},
    )
    assert load_policy(outside / "mine").statistics.mean.shape == (size,)
    forget()
    with pytest.raises(InputError, match="needs feet_apart, level_feet, knee_price.*step_terms"):
        load_policy(outside / "mine")
    assert MODULE not in sys.modules
    assert load_policy(outside / "mine", trust_plugins=True).statistics.mean.shape == (size,)
