"""The replay by mouse and keys: a sound one passes each check, a broken one fails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simgait.benchmark.page_browser import look_at, open_browser
from simgait.benchmark.page_replay import CHECKS, has_replay, replay_checks
from simgait.gait.analyse import analyse_rollout
from simgait.report.browser_pdf import find_browser
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import judge
from tests.report.conftest import make_walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here"),
]
BROKEN = {
    "plays and stops": ("state.playing = on;", "state.playing = false;"),
    "is scrubbed": ("seek(+e.target.value * end);", ""),
    "listens to keys": ("actions[e.key]();", ""),
    "changes its view": ("Object.assign(state, views[name]);", ""),
}
"""Check -> what is taken out of the page's script."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright", reason="the extra simgait[browser] is not installed")
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def html() -> str:
    trial, rollout = make_walk(4.0)
    result = analyse_rollout(rollout)
    return trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, None)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_replay_does_all_that_is_tried_and_nothing_is_in_the_way(
    browser: Any, html: str, written: Callable[[str], Path]
) -> None:
    path = written(html)
    assert has_replay(browser, path)
    assert replay_checks(browser, path) == dict.fromkeys(CHECKS, True)
    found = look_at(browser, path)
    assert not (found.faults or found.differ or found.access.broken)


def test_each_check_finds_what_it_is_for(
    browser: Any, html: str, written: Callable[[str], Path]
) -> None:
    assert BROKEN.keys() == CHECKS.keys()
    for check, (sound, broken) in BROKEN.items():
        assert html.count(sound) == 1, check
        assert not replay_checks(browser, written(html.replace(sound, broken)))[check], check


def test_a_page_without_a_replay_has_none(browser: Any, written: Callable[[str], Path]) -> None:
    assert not has_replay(browser, written("<!DOCTYPE html><title>x</title><p>none</p>"))
