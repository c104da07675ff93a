"""A whole training run in miniature: refiner, policy, validation, resume, warm start."""

from __future__ import annotations

import csv
from pathlib import Path

import jax
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning.averaging import average_policies, with_last_weights
from simgait.learning.config import DataConfig, PPOConfig, TrainingConfig
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.training import LOG_FILE, RUN_FILE, run_training
from simgait.tracking.policies import load_policy
from simgait.tracking.policy_config import NetworkConfig

TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=4, unroll=2, epochs=1, minibatches=2, total_steps=16),
    data=DataConfig(n_synthetic=3, n_validation=2, frames=60, use_real=False),
    refiner=RefinerConfig(n_walkers=4, steps=2, batch=2),
)


@pytest.mark.slow
def test_a_run_trains_resumes_and_warms_another(tmp_path: Path) -> None:
    rows: list[dict[str, float]] = []
    policy = run_training(TINY, tmp_path / "a", log=rows.append, progress=False)
    assert load_policy(policy).config == TINY
    assert rows[-1]["steps"] == 16
    assert np.isfinite(rows[-1]["validation_score"])
    with (tmp_path / "a" / LOG_FILE).open() as file:
        assert [int(row["steps"]) for row in csv.DictReader(file)] == [r["steps"] for r in rows]

    again: list[dict[str, float]] = []
    run_training(TINY, tmp_path / "a", log=again.append, progress=False)
    assert not again, "a finished run has nothing left to do"

    run_training(TINY, tmp_path / "b", warm_start=policy, log=again.append, progress=False)
    warmed = load_policy(tmp_path / "b" / "policy")
    first = load_policy(policy)
    last = with_last_weights(first, tmp_path / "a" / RUN_FILE)
    assert last.card["steps"] == 16
    mean = average_policies([last, warmed], [1.0, 1.0])
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(mean.params))
    same = jax.tree.map(np.array_equal, warmed.refiner.params, first.refiner.params)
    assert all(jax.tree.leaves(same))


@pytest.mark.slow
def test_a_warm_start_from_other_networks_is_refused(tmp_path: Path) -> None:
    policy = run_training(TINY, tmp_path / "a", progress=False)
    other = TINY.model_copy(update={"networks": NetworkConfig(policy_layers=(9,))})
    with pytest.raises(InputError, match="other networks"):
        run_training(other, tmp_path / "b", warm_start=policy, progress=False)
