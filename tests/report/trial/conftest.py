"""Reports of made-up walks, written once and read by many tests."""

from __future__ import annotations

import csv
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.report.trial.page import trial_page
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import judge

PROVENANCE = {
    "versions": {"simgait": "0.1.0"},
    "policy_sha256": "ab12",
    "command": "simgait track /home/jane doe/x.c3d /data/kin/y.npz --height 1.7",
    "input": "/home/jane doe/walk.c3d",
}


class Text(HTMLParser):
    """Elements, attributes and script texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.scripts.append(data)


@pytest.fixture(scope="session")
def made(walk: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    trial, rollout = walk(20.0)
    result = analyse_rollout(rollout)
    folder = tmp_path_factory.mktemp("out") / "walk-01"
    files = write_trial_report(
        folder, trial=trial, rollout=rollout, result=result, quality=None, provenance=PROVENANCE
    )
    return trial, rollout, result, folder, files


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def five_minutes(walk: Callable[..., Any]) -> tuple[Any, ...]:
    trial, rollout = walk(300.0)
    result = analyse_rollout(rollout)
    verdict = judge(trial, rollout, result, None)
    return rollout, result, trial_page(trial, rollout, result, verdict, {}, result)
