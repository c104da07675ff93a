"""The least that a row of an ablation can be trained and scored with."""

from __future__ import annotations

from simgait.benchmark.ablation_budgets import Budget

TINY = Budget(
    steps=32, n_envs=4, unroll=4, epochs=1, minibatches=2, max_layers=1, max_width=8,
    max_substeps=2, max_walkers=3, n_validation=1, max_start_batch=2, max_start_horizon=1,
    scored_walkers=1, scored_s=4.0,
)  # fmt: skip
