"""Checks of a page in a real browser: they find planted faults, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simgait.benchmark.page_browser import (
    first_paint_s,
    look_at,
    open_browser,
    opened,
    picture,
)
from simgait.benchmark.report_bars import bar_rows, measure_pages
from simgait.report.browser_pdf import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here"),
]
PLAIN = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width"><style>body { color: #222; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }</style></head>
<body><main><h1>Words</h1><p>More words.</p></main></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright", reason="the extra simgait[browser] is not installed")
    with open_browser() as found:
        yield found


def page_with(folder: Path, fault: str) -> Path:
    path = folder / "page.html"
    path.write_text(PLAIN.replace("</main>", f"{fault}</main>"), encoding="utf-8")
    return path


def test_nothing_is_found_where_nothing_is(browser: Any, tmp_path: Path) -> None:
    (measured,) = measure_pages(browser, {"plain": page_with(tmp_path, "")}, 1)
    assert measured.details == ()
    assert all(row.met is not False for row in bar_rows([measured]))
    assert 0.0 < measured.first_paint_s < 30.0


@pytest.mark.parametrize(
    ("fault", "rule", "impact", "showings"),
    [
        ('<p style="color: #999; background: #fff">pale</p>', "color-contrast", "serious", 4),
        ('<p style="color: #222">dark on dark</p>', "color-contrast", "serious", 2),
        ('<button type="button"></button>', "button-name", "critical", 4),
        ('<details><summary>More</summary><button></button></details>', "button-name",
         "critical", 4),
    ],
)  # fmt: skip
def test_planted_barriers_are_found(
    browser: Any, tmp_path: Path, fault: str, rule: str, impact: str, showings: int
) -> None:
    found = look_at(browser, page_with(tmp_path, fault)).access.broken
    assert {(one.rule, one.impact) for one in found} == {(rule, impact)}
    assert len({one.shown for one in found}) == showings


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('<script>console.error("it broke")</script>', "it broke"),
        ("<script>throw new Error('nobody caught me')</script>", "nobody caught me"),
        ('<img src="absent.png" alt="a picture">', "absent.png"),
        ('<img src="http://127.0.0.1:9/x.png" alt="a picture">', "127.0.0.1:9"),
    ],
)
def test_what_goes_wrong_while_a_page_opens_is_heard(
    browser: Any, tmp_path: Path, fault: str, said: str
) -> None:
    assert any(said in one for one in look_at(browser, page_with(tmp_path, fault)).faults)


def test_a_page_that_paints_late_is_told_so(browser: Any, tmp_path: Path) -> None:
    late = page_with(tmp_path, "")
    busy = "<script>const t = Date.now(); while (Date.now() - t < 1500);</script><main>"
    late.write_text(late.read_text("utf-8").replace("<main>", busy), encoding="utf-8")
    assert first_paint_s(browser, late, 1) > 1.0


def shot(browser: Any, path: Path, **shown: Any) -> bytes:
    with opened(browser, path, **shown) as (page, _):
        return picture(page)


def test_a_picture_is_the_same_until_the_page_changes(browser: Any, tmp_path: Path) -> None:
    path = page_with(tmp_path, "")
    first = shot(browser, path)
    assert shot(browser, path) == first
    assert shot(browser, path, scheme="dark") != first
    assert shot(browser, path, width_px=390) != first
    assert shot(browser, page_with(tmp_path, "<p>One line more.</p>")) != first
    by_chance = "<script>document.querySelector('p').textContent = Math.random();</script>"
    assert len(look_at(browser, page_with(tmp_path, by_chance)).differ) == 4
