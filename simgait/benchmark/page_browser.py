"""A Chromium that Playwright drives, and what a page does in it: paint, faults, access, pictures.

Nothing is fetched: the browser is one that is installed, axe-core lies in a package beside it, and
pages are files. Extra `simgait[browser]`.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simgait.errors import InputError
from simgait.report.browser_pdf import BROWSER_VARIABLE, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS_PX = (1280, 390)
"""A laptop's and a telephone's."""
HEIGHT_PX = 900
GRAVE = ("serious", "critical")
"""Impacts that axe-core gives to a rule."""
AXE = "axe_playwright_python"
"""Package whose wheel holds axe.min.js."""
SLOWEST_MS = 60_000
NOT_INSTALLED = (
    "Playwright and axe-core are not installed; pip install 'simgait[browser]', or "
    "make test-browser in a clone."
)
NO_BROWSER = (
    "No Chromium, Chrome or Edge was found to open the pages; install one, or name its program in "
    f"${BROWSER_VARIABLE}."
)
PAINTED_MS = """() => new Promise((done) => {
  const told = (list) => {
    const [entry] = list.filter((one) => one.name === "first-contentful-paint");
    if (entry) done(entry.startTime);
    return Boolean(entry);
  };
  if (told(performance.getEntriesByType("paint"))) return;
  new PerformanceObserver((list) => told(list.getEntries()))
    .observe({ type: "paint", buffered: true });
})"""
"""When the first text or picture stood on the screen, from the start of the navigation."""
IS_THERE = """() => [...document.querySelectorAll("video")]
  .every((one) => one.readyState >= 2 || one.error || one.hidden)"""
"""Whether films show their first picture; the browser's own idle network never comes with them."""
DRAWN = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done())))"""
LAY_BARE = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  document.querySelectorAll(".scroll").forEach((one) => { one.style.backgroundImage = "none"; });
}"""
"""axe-core passes over what is folded, and cannot tell the contrast of what stands on a gradient:
the shadow at the edge of a wide table, of which only the paper is left."""
RUN_AXE = """() => axe.run(document).then((found) => {
  const told = (list) => list.map((one) => ({
    rule: one.id, impact: one.impact, nodes: one.nodes.map((node) => node.target.join(" ")),
  }));
  return { broken: told(found.violations), unsure: told(found.incomplete) };
})"""


@dataclass(frozen=True)
class Finding:
    """A rule of axe-core that a page breaks, or may break.

    Attributes:
        rule: its name, such as "color-contrast".
        impact: "minor", "moderate", "serious" or "critical".
        nodes: CSS selectors of the elements.
        shown: colours and width at which it was found.
    """

    rule: str
    impact: str
    nodes: tuple[str, ...]
    shown: str

    @property
    def is_grave(self) -> bool:
        """Whether it keeps somebody from using the page."""
        return self.impact in GRAVE


@dataclass(frozen=True)
class Audit:
    """What axe-core says of a page.

    Attributes:
        broken: rules that it breaks.
        unsure: rules of which axe-core cannot tell, such as contrast over a gradient.
    """

    broken: tuple[Finding, ...]
    unsure: tuple[Finding, ...]


@dataclass
class Heard:
    """What a page said while it was open.

    Attributes:
        errors: of its console, and exceptions that nobody caught.
        failed: requests that got no answer, or a refusal.
        elsewhere: requests that left the page's own folder.
    """

    errors: list[str]
    failed: list[str]
    elsewhere: list[str]

    @property
    def all(self) -> tuple[str, ...]:
        """Everything that went wrong."""
        return (*self.errors, *self.failed, *self.elsewhere)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        InputError: Playwright is not installed, there is no browser, or it does not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise InputError(NOT_INSTALLED) from None
    axe_source()
    program = find_browser()
    if program is None:
        raise InputError(NO_BROWSER)
    with sync_playwright() as playwright:
        try:
            # Chromium's sandbox refuses to run for root.
            is_root = hasattr(os, "geteuid") and os.geteuid() == 0
            browser = playwright.chromium.launch(
                executable_path=program, chromium_sandbox=not is_root
            )
        except Error as error:
            raise InputError(
                f"{Path(program).name} could not be started: {_first_line(error)}; name another "
                f"in ${BROWSER_VARIABLE}."
            ) from error
        try:
            yield browser
        finally:
            browser.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")


@cache
def axe_source() -> str:
    """The program of axe-core.

    Raises:
        InputError: it is not installed.
    """
    try:
        return (resources.files(AXE) / "axe.min.js").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        raise InputError(NOT_INSTALLED) from None


@contextmanager
def opened(
    browser: Browser, path: Path, *, scheme: Scheme = "light", width_px: int = WIDTHS_PX[0]
) -> Iterator[tuple[Page, Heard]]:
    """A page as a reader without any history opens it, and what it says meanwhile.

    Args:
        browser: from `open_browser`.
        path: HTML file.
        scheme: colours that the reader likes.
        width_px: of the window.
    """
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width_px, "height": HEIGHT_PX},
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(SLOWEST_MS)
    page, heard = context.new_page(), Heard([], [], [])
    own = path.resolve().parent.as_uri() + "/"
    page.on("console", lambda said: _hear_console(heard, said))
    page.on("pageerror", lambda error: heard.errors.append(_first_line(error)))
    page.on("requestfailed", lambda request: heard.failed.append(request.url))
    page.on("request", lambda request: _hear_request(heard, own, request.url))
    try:
        page.goto(path.resolve().as_uri(), wait_until="load")
        page.wait_for_function(IS_THERE)
        page.evaluate(DRAWN)
        yield page, heard
    finally:
        context.close()


def _hear_console(heard: Heard, said: Any) -> None:
    if said.type == "error":
        heard.errors.append(said.text)


def _hear_request(heard: Heard, own: str, url: str) -> None:
    if not url.startswith((own, "data:", "blob:")):
        heard.elsewhere.append(url)


def first_paint_s(browser: Browser, path: Path, repeats: int) -> float:
    """Median time from opening a page to its first text or picture, each time anew."""
    found = []
    for _ in range(repeats):
        with opened(browser, path) as (page, _):
            found.append(page.evaluate(PAINTED_MS) / 1000.0)
    return statistics.median(found)


def audit(page: Page, shown: str) -> Audit:
    """What axe-core finds in an open page, once all is laid bare.

    Args:
        page: from `opened`; it stays laid bare.
        shown: told of each finding.
    """
    page.evaluate(LAY_BARE)
    page.evaluate(axe_source())
    said = page.evaluate(RUN_AXE)
    return Audit(*(_findings(said[kind], shown) for kind in ("broken", "unsure")))


def _findings(said: list[dict[str, Any]], shown: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(one["rule"], one["impact"] or "minor", tuple(one["nodes"]), shown) for one in said
    )


def picture(page: Page) -> bytes:
    """All of an open page as a PNG; the same page gives the same bytes."""
    return page.screenshot(full_page=True, animations="disabled", caret="hide")


@dataclass(frozen=True)
class Look:
    """A page opened in every showing: light and dark, wide and narrow, twice each.

    Attributes:
        faults: what was heard while it was opened for the first time.
        access: findings of all showings.
        differ: showings in which its two pictures are not the same to the bit.
    """

    faults: tuple[str, ...]
    access: Audit
    differ: tuple[str, ...]


def look_at(browser: Browser, path: Path) -> Look:
    """Opens a page in every showing."""
    heard_first: list[tuple[str, ...]] = []
    audits, differ = [], []
    for scheme in SCHEMES:
        for width_px in WIDTHS_PX:
            shown = f"{scheme}, {width_px} px"
            with opened(browser, path, scheme=scheme, width_px=width_px) as (page, heard):
                first = picture(page)
                audits.append(audit(page, shown))
            heard_first.append(heard.all)
            with opened(browser, path, scheme=scheme, width_px=width_px) as (page, _):
                if picture(page) != first:
                    differ.append(shown)
    broken = tuple(finding for one in audits for finding in one.broken)
    unsure = tuple(finding for one in audits for finding in one.unsure)
    return Look(heard_first[0], Audit(broken, unsure), tuple(differ))
