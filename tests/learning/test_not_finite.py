"""A training whose numbers are none: it ends, and its folder says where they are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import State

from simgait.errors import InputError
from simgait.learning import training
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.not_finite import FACTS_FILE, STATE_FILE, refuse_not_finite
from simgait.learning.progress import SILENT
from simgait.learning.run_state import RunState
from simgait.learning.stop_request import StopRequest
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


@pytest.mark.parametrize("broken", [False, True])
def test_a_stop_keeps_no_state_whose_numbers_are_none(broken: bool, tmp_path: Path) -> None:
    """A stop falls between two rows of the log; what is kept must be what can be gone on from."""
    kept: list[int] = []
    stop = StopRequest()

    def iterate(run: RunState, _clips: None) -> tuple[RunState, dict[str, float]]:
        first = int(run.steps) == 160
        bad = float("nan") if broken and not first else 0.0
        stop.asked = not first
        moved = run_of(np.full((3, 2), bad))
        metrics = {"reward": bad, "angle_error_deg": 1.0}
        return replace(moved, steps=run.steps + 1), metrics

    config = TrainingConfig(ppo=PPOConfig(n_envs=1, unroll=1, minibatches=1), checkpoint_every=1)
    stage: Any = SimpleNamespace(
        config=config, folder=SimpleNamespace(path=tmp_path), done=0, total=9, iterate=iterate,
        algorithm=SimpleNamespace(columns=()), run=run_of(np.zeros((3, 2))),
        learn_starts=lambda _, clips: clips, validate=lambda _: ({}, None),
    )  # fmt: skip
    stage.save = lambda: kept.append(int(stage.run.steps))
    given: Any = SimpleNamespace(progress=SILENT, stop=stop, log=lambda row: None)
    supply: Any = SimpleNamespace(turn=lambda *_: None)
    clips: Any = None
    error = InputError if broken else KeyboardInterrupt
    with unchecked(), pytest.raises(error):
        training._policy_stage(stage, supply, clips, [], given)
    assert kept == ([161] if broken else [161, 162])
    assert (tmp_path / FACTS_FILE).exists() == broken
