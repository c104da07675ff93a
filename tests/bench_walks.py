"""Walks of the benchmark and of the scorecard that several rooms or files look at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from simgait.benchmark.bench_cases import synthetic_bench
from simgait.benchmark.cases import CaseSet
from simgait.benchmark.scorecard import offered_sets


@cache
def one_of_each_pattern() -> CaseSet:
    """In every condition; made once per process, as that takes seconds."""
    return synthetic_bench(1)


@cache
def walks_of_a_small_scorecard(data_dir: Path) -> tuple[CaseSet, ...]:
    """Two short walkers of each synthetic set, and the real people; made once, too."""
    return offered_sets(data_dir, 2, 4.0)
