"""How long the agreement statistics take on 10 000 pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simgait.agreement import (
    bland_altman,
    bootstrap_by_subject,
    concordance,
    error_sizes,
    pearson,
    reliability,
    repeated_limits,
    summarise_agreement,
)
from simgait.agreement.errors import root_mean_square
from simgait.benchmark.timings import timings_s

N_PAIRS = 10_000
REPEATS = 3
SUMMARY_BAR_S = 1.0
"""Chosen: more pairs than studies of gait have, the median of three runs, and a second, for which a
page of many measures is still waited for."""


@dataclass(frozen=True)
class Timed:
    """One statistic's time; `bar_s` None where nothing was promised."""

    what: str
    seconds: float
    bar_s: float | None = None


def agreement_speed(n_pairs: int = N_PAIRS, repeats: int = REPEATS) -> list[Timed]:
    """Times of the whole summary, for one and for four walks a person, and of its parts."""
    generator = np.random.default_rng(0)
    x = generator.normal(1.2, 0.25, n_pairs)
    y = x + generator.normal(0.02, 0.05, n_pairs)
    one, four = list(range(n_pairs)), list(np.arange(n_pairs) // 4)

    def rmse(truth: np.ndarray, estimate: np.ndarray) -> float:
        # Costs little, so that the resampling itself is timed.
        return root_mean_square(estimate - truth)

    calls: list[tuple[str, float | None, Callable[[], object]]] = [
        ("summary, one walk a person", SUMMARY_BAR_S, lambda: summarise_agreement(x, y, one)),
        ("summary, four walks a person", SUMMARY_BAR_S, lambda: summarise_agreement(x, y, four)),
        (
            "  1000 resamples by subject, RMSE alone",
            None,
            lambda: bootstrap_by_subject(x, y, four, rmse, seed=0),
        ),
        ("  repeated limits", None, lambda: repeated_limits(x, y, four)),
        ("  limits", None, lambda: bland_altman(x, y)),
        ("  reliability", None, lambda: reliability(np.column_stack([x, y]))),
        ("  error sizes", None, lambda: error_sizes(x, y)),
        ("  concordance", None, lambda: concordance(x, y)),
        ("  correlation", None, lambda: pearson(x, y)),
    ]
    # The best of a few runs: the others waited for somebody else's work.
    return [Timed(what, min(timings_s(call, repeats)), bar_s) for what, bar_s, call in calls]
