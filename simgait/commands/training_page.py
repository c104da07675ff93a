"""The page of a training, written anew while it runs: RUN/training.html."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simgait.learning.config import TrainingConfig

PAGE = "training.html"
REFRESH_S = 30
"""A browser that shows the page of a running training loads it anew so often. Chosen: a row of the
log takes about as long with the released recipe on two cores."""


@contextmanager
def page_log(run: Path, config: TrainingConfig) -> Iterator[Callable[[dict[str, float]], None]]:
    """A function that writes the page of a training with each row of its log.

    A training that is refused has no row, and leaves no page behind.
    """
    written = []

    def log(row: dict[str, float]) -> None:
        _write(run, config, REFRESH_S)
        written.append(row["steps"])

    try:
        yield log
    finally:
        if written:
            _write(run, config, None)


def _write(run: Path, config: TrainingConfig, refresh_s: int | None) -> None:
    from simgait.commands.run_facts import run_facts
    from simgait.files import write_whole
    from simgait.learning.training import LOG_FILE
    from simgait.report.training.run_page import RunPage, run_page

    facts = run_facts()
    with (run / LOG_FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = RunPage(
        name=config.name,
        facts=f"{run.absolute().name}; commit {facts.commit}, {facts.system}, {facts.cores} cores",
        rows=rows,
        total_steps=config.learner.steps_in_all,
        written=facts.date_utc,
        refresh_s=refresh_s,
    )
    write_whole(run / PAGE, run_page(page))
