"""What somebody does with a report's replay, by mouse and by keyboard, and whether it follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.benchmark.page_browser import DRAWN, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PLAYS_WITHIN_MS = 20_000
"""A busy core draws seldom; what is asked is that it plays, not how smoothly."""
HAS_MOVED = "(from) => Number(document.getElementById('scrub').value) > from"
SLOWLY = "0.1"
CLOSE = 0.02
"""Of the walk: a mouse hits a pixel of the slider, no number."""
REACHED_BY = "Tab"
MOST_TABS = 40


def has_replay(browser: Browser, path: Path) -> bool:
    """Whether a page has a replay."""
    with opened(browser, path) as (page, _):
        return page.locator("#stage").count() > 0


def replay_checks(browser: Browser, path: Path) -> dict[str, bool]:
    """What was tried -> whether the replay did it. Each begins with the page as it opens."""
    found = {}
    for what, check in CHECKS.items():
        with opened(browser, path) as (page, heard):
            found[what] = check(page) and not heard.errors
    return found


def _place(page: Page) -> float:
    """Of the slider, 0 to 1."""
    page.evaluate(DRAWN)
    return float(page.locator("#scrub").input_value())


def _stage(page: Page) -> bytes:
    page.evaluate(DRAWN)
    return page.locator("#stage").screenshot()


def _moves(page: Page) -> bool:
    """Whether the slider leaves its place by itself; slowly, or a busy core sees only the end."""
    from playwright.sync_api import TimeoutError as TookTooLong

    try:
        page.wait_for_function(HAS_MOVED, arg=_place(page), timeout=PLAYS_WITHIN_MS)
    except TookTooLong:
        return False
    return True


def _plays(page: Page) -> bool:
    """By its button; it says so, the picture moves, and it stops again where it is."""
    page.locator("#speed").select_option(SLOWLY)
    button, before = page.locator("#play"), _stage(page)
    button.click()
    moved, said = _moves(page), button.inner_text()
    button.click()
    at = _place(page)
    stopped = button.inner_text() == "Play" and at == _place(page)
    return moved and said == "Pause" and stopped and _stage(page) != before


def _scrubs(page: Page) -> bool:
    """By the mouse on the slider; picture and clock follow."""
    before, clock = _stage(page), page.locator("#clock").inner_text()
    slider = page.locator("#scrub")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    if box is None:
        return False
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    at = _place(page)
    told = page.locator("#clock").inner_text()
    return abs(at - 0.5) < CLOSE and told != clock and _stage(page) != before


def _keys(page: Page) -> bool:
    """Reached by the Tab key alone; End, Home, an arrow and the space bar do what is said."""
    page.locator("#speed").select_option(SLOWLY)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(MOST_TABS):
        page.keyboard.press(REACHED_BY)
        if page.evaluate("document.activeElement.id") == "stage":
            break
    else:
        return False
    page.keyboard.press("End")
    end = _place(page)
    page.keyboard.press("Home")
    home = _place(page)
    page.keyboard.press("ArrowRight")
    step = _place(page)
    page.keyboard.press(" ")
    moved = _moves(page)
    page.keyboard.press(" ")
    at = _place(page)
    return end == 1.0 and home == 0.0 < step < CLOSE and moved and at == _place(page)


def _views(page: Page) -> bool:
    """Each button of the views shows something else."""
    pictures = set()
    for view in ("side", "front", "top"):
        page.locator(f"[data-view={view}]").click()
        pictures.add(_stage(page))
    return len(pictures) == 3


CHECKS: dict[str, Callable[[Page], bool]] = {
    "plays and stops": _plays,
    "is scrubbed": _scrubs,
    "listens to keys": _keys,
    "changes its view": _views,
}
