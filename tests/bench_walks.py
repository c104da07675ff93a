"""The benchmark's first walker of each pattern, which several rooms look at."""

from __future__ import annotations

from functools import cache

from simgait.benchmark.bench_cases import synthetic_bench
from simgait.benchmark.cases import CaseSet


@cache
def one_of_each_pattern() -> CaseSet:
    """In every condition; made once per process, as that takes seconds."""
    return synthetic_bench(1)
