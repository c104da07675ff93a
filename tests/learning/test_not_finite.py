"""A training whose numbers are none: it ends, and its folder says where they are."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import State

from simgait.errors import InputError
from simgait.learning.not_finite import FACTS_FILE, STATE_FILE, refuse_not_finite
from simgait.learning.run_state import RunState
from simgait.weight_files import load_arrays
from tests.shapes import unchecked


def run_of(obs: np.ndarray, weight: float = 1.0) -> RunState:
    info = {"clip": jnp.array([4, 5, 6]), "frame": jnp.array([10, 20, 30])}
    keys = jax.random.split(jax.random.key(0), 3)
    blank = jnp.zeros(3)
    env = State(None, jnp.asarray(obs), blank, blank, {}, info | {"key": keys})
    params = {"w": jnp.array([1.0, weight])}
    return RunState(params, (), {}, env, jax.random.key(1), jnp.asarray(160))


def test_finite_numbers_leave_nothing_behind(tmp_path: Path) -> None:
    refuse_not_finite(tmp_path, run_of(np.zeros((3, 2))), {"steps": 160.0, "reward": 0.5})
    assert not list(tmp_path.iterdir())


def test_what_is_no_number_is_found_in_the_state(tmp_path: Path) -> None:
    obs = np.zeros((3, 2))
    obs[1] = np.nan, np.inf
    row = {"steps": 160.0, "reward": 0.5, "value_loss": float("nan"), "kl": float("inf")}
    words = "kl and value_loss ceased to be a number after 160 steps"
    with pytest.raises(InputError, match=words), unchecked():
        refuse_not_finite(tmp_path, run_of(obs, np.nan), row)
    facts = json.loads((tmp_path / FACTS_FILE).read_text())
    assert facts["not_finite"] == ["kl", "value_loss"] and facts["steps"] == 160
    assert facts["row"] == {"steps": 160.0, "reward": 0.5, "value_loss": "nan", "kl": "inf"}
    assert facts["arrays"] == {".params['w']": 1, ".env.obs": 2}
    assert facts["environments"] == [{"environment": 1, "clip": 5, "frame": 20}]
    kept = load_arrays(tmp_path / STATE_FILE)
    assert np.isnan(next(v for k, v in kept.items() if k.endswith("['w']"))).sum() == 1
