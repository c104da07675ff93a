"""The page of a training, written anew while it runs: RUN/training.html."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.training_replays import kept_replays

if TYPE_CHECKING:
    from simgait.learning.config import TrainingConfig

PAGE = "training.html"
REFRESH_S = 30
"""A browser that shows the page of a running training loads it anew so often. Chosen: a row of the
log takes about as long with the released recipe on two cores."""


@contextmanager
def page_log(run: Path, config: TrainingConfig) -> Iterator[Callable[[dict[str, float]], None]]:
    """A function that writes the page of a training with each row of its log.

    A training that is refused has no row, and leaves no page behind. One that ends because a number
    is none leaves a page that says so, also where it had no row.
    """
    written, before = [], _dumped(run)

    def log(row: dict[str, float]) -> None:
        _write(run, config, REFRESH_S)
        written.append(row["steps"])

    try:
        yield log
    finally:
        if written or _dumped(run) != before:
            _write(run, config, None)


def _dumped(run: Path) -> int | None:
    """When the state of a training whose numbers are none was written; None without one."""
    from simgait.learning.not_finite import FACTS_FILE

    path = run / FACTS_FILE
    return path.stat().st_mtime_ns if path.is_file() else None


def _not_finite(run: Path, steps: int) -> str:
    """What became none, and when; empty where nothing did, or the training has gone on beyond."""
    from simgait.errors import InputError
    from simgait.learning.not_finite import FACTS_FILE
    from simgait.text_files import read_facts

    if _dumped(run) is None:
        return ""
    try:
        facts = read_facts(run / FACTS_FILE)
        when, what = int(facts["steps"]), " and ".join(map(str, facts["not_finite"]))
    except (InputError, KeyError, TypeError, ValueError):
        return ""
    return f"It ended after {when:,} steps: {what} ceased to be a number." if when > steps else ""


def _write(run: Path, config: TrainingConfig, refresh_s: int | None) -> None:
    from simgait.commands.run_facts import run_facts
    from simgait.files import write_whole
    from simgait.learning.kept_policies import KeptPolicies
    from simgait.learning.log_file import log_rows
    from simgait.learning.training import LOG_FILE
    from simgait.report.training.run_page import RunPage, run_page

    facts, rows = run_facts(), log_rows(run / LOG_FILE)
    steps = int(float(rows[-1]["steps"])) if rows else 0
    page = RunPage(
        name=config.name,
        facts=f"{run.absolute().name}; commit {facts.commit}, {facts.system}, {facts.cores} cores",
        rows=rows,
        total_steps=config.learner.steps_in_all,
        written=facts.date_utc,
        refresh_s=refresh_s,
        replays=kept_replays(run, steps) if config.replays else None,
        kept=KeptPolicies(run, config.checkpoint.keep).steps(),
        not_finite=_not_finite(run, steps),
    )
    write_whole(run / PAGE, run_page(page))
