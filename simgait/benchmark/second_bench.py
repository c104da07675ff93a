"""bench-v2 as a whole: walkers through every family, and garbage, with their bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simgait.baselines.tracker import Tracker
from simgait.benchmark.garbage_rows import garbage_rows, garbage_table
from simgait.benchmark.scorecard_page import BENCH
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.verdicts import Judged, judge_with
from simgait.benchmark.walker_bench import WalkerBench, run_walkers
from simgait.benchmark.walker_cases import N_WALKERS, garbage_set, walker_set
from simgait.synthetic.detectors.named import DETECTORS

STAGES = len(DETECTORS) + 1
"""Every family, and garbage."""
QUICK_WALKERS = 16
"""For the quick scorecard: four of each band of speed."""


@dataclass(frozen=True)
class SecondBench:
    """What bench-v2 says of a policy; `n_refused` of the garbage before anything was tracked."""

    walkers: WalkerBench
    garbage: tuple[Judged, ...]
    n_refused: int

    def rows(self) -> list[Row]:
        """Every bar, and what belongs to it."""
        garbage = garbage_rows(self.garbage, self.walkers.judged, self.n_refused)
        return self.walkers.rows() + garbage

    def sections(self) -> list[tuple[str, str]]:
        """Headings and Markdown tables."""
        return [*self.walkers.sections(), (f"{BENCH}: garbage", garbage_table(self.garbage))]


def run_second_bench(
    tracker: Tracker, count: int = N_WALKERS, tell: Callable[[str], None] = lambda _: None
) -> SecondBench:
    """Makes, tracks, scores and judges the walks of bench-v2.

    Args:
        tracker: a policy.
        count: of walkers.
        tell: called with a sentence before each of `STAGES`.

    Raises:
        InputError: the tracker is no policy.
    """
    walkers = run_walkers(tracker, (walker_set(one, count) for one in DETECTORS), tell)
    offered = garbage_set()
    tell(f"{offered.name}: {len(offered.cases)} walks")
    judged = judge_with(tracker, offered.cases)
    return SecondBench(walkers, tuple(judged), len(offered.excluded))
