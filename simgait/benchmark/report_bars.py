"""The bars of the pages in a real browser: size, first paint, faults, access, replay, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.benchmark.page_browser import (
    SCHEMES,
    WIDTHS_PX,
    Finding,
    Look,
    first_paint_s,
    look_at,
)
from simgait.benchmark.page_replay import has_replay, replay_checks
from simgait.benchmark.scorecard_page import number, table
from simgait.benchmark.scorecard_rows import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LARGEST_MB, SLOWEST_S = 2.0, 1.0
"""Bars; of everything else that is wrong there may be none."""
SHOWINGS = len(SCHEMES) * len(WIDTHS_PX)
YES = "1 = yes"
HEAD = (
    "page", "size, MB", "first paint, s", "faults", "axe: serious or critical",
    "minor or moderate", "cannot tell", "pictures that differ",
)  # fmt: skip


@dataclass(frozen=True)
class PageMeasures:
    """What one page did in the browser.

    Attributes:
        name: of the page.
        size_mb: of its file.
        first_paint_s: median.
        look: faults, access and pictures.
        replay: what was tried -> whether the replay did it; empty without a replay.
    """

    name: str
    size_mb: float
    first_paint_s: float
    look: Look
    replay: Mapping[str, bool]

    @property
    def grave(self) -> tuple[Finding, ...]:
        """Serious and critical findings."""
        return tuple(one for one in self.look.access.broken if one.is_grave)

    @property
    def slight(self) -> tuple[Finding, ...]:
        """Minor and moderate ones."""
        return tuple(one for one in self.look.access.broken if not one.is_grave)

    @property
    def details(self) -> tuple[str, ...]:
        """What a person has to know who wants to mend the page, a sentence each."""
        unsure = ((one, "cannot tell, ") for one in self.look.access.unsure)
        return (
            *self.look.faults,
            *(
                f"{kind}{one.rule} ({one.impact}; {one.shown}): {one.nodes[0]}, "
                f"{len(one.nodes)} in all"
                for one, kind in (*((one, "") for one in self.look.access.broken), *unsure)
            ),
            *(f"two pictures differ ({shown})" for shown in self.look.differ),
            *(f"the replay fails: {what}" for what, did in self.replay.items() if not did),
        )

    @property
    def cells(self) -> list[str]:
        """Of its row in the table of pages."""
        counts = (
            self.look.faults,
            self.grave,
            self.slight,
            self.look.access.unsure,
            self.look.differ,
        )
        return [
            self.name, number(self.size_mb), number(self.first_paint_s),
            *(str(len(found)) for found in counts),
        ]  # fmt: skip


def measure_pages(
    browser: Browser, pages: Mapping[str, Path], repeats: int
) -> Iterator[PageMeasures]:
    """Opens each page many times, in light and dark, wide and narrow.

    Args:
        browser: from `page_browser.open_browser`.
        pages: name -> HTML file.
        repeats: how often the first paint is timed.
    """
    for name, path in pages.items():
        yield PageMeasures(
            name=name,
            size_mb=path.stat().st_size / 1e6,
            first_paint_s=first_paint_s(browser, path, repeats),
            look=look_at(browser, path),
            replay=replay_checks(browser, path) if has_replay(browser, path) else {},
        )


def bar_rows(measured: Sequence[PageMeasures]) -> list[Row]:
    """The bars over all pages (one or more); the replay's where a page has one."""
    n, showings = len(measured), len(measured) * SHOWINGS
    slowest = max(one.first_paint_s for one in measured)

    def count(what: str, found: Sequence[Sequence[object]], n: int, bar: float | None = 0.0) -> Row:
        return Row(what, sum(map(len, found)), "", n, bar)

    rows = [
        Row("largest page", max(one.size_mb for one in measured), "MB", n, LARGEST_MB),
        Row("first paint of the slowest page", slowest, "s", n, SLOWEST_S),
        count(
            "console errors, failed requests, requests to elsewhere",
            [one.look.faults for one in measured], n,
        ),
        count("axe: serious or critical", [one.grave for one in measured], showings),
        count("axe: minor or moderate", [one.slight for one in measured], showings, None),
        count("axe: cannot tell", [one.look.access.unsure for one in measured], showings, None),
        count("opened twice, pictures differ", [one.look.differ for one in measured], showings),
    ]  # fmt: skip
    played = [one.replay for one in measured if one.replay]
    for what in played[0] if played else ():
        did = all(replay[what] for replay in played)
        rows.append(Row(f"the replay {what}", did, YES, len(played), 1.0, "at_least"))
    return rows


def pages_table(measured: Sequence[PageMeasures]) -> str:
    """Each page, as Markdown."""
    return table(HEAD, [one.cells for one in measured])
