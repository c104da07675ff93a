"""Text and tables that flow over as many PDF pages as they need."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simgait.files import without_folders

A4_IN = (8.27, 11.69)
MARGIN, TOP, BOTTOM = 0.07, 0.95, 0.06
# Heights of a line and widths of a page, as shares of the page and in characters of their size.
TEXT_LINE, TEXT_WIDTH, BOLD_WIDTH = 0.0145, 112, 98
CELL_LINE, TABLE_WIDTH, GAP = 0.0118, 116, 2
NARROWEST, LONGEST_WORD = 6, 24
CELL_SIZE = 7.4
QUIET, RULE = "#5f6b77", "#c5ccd3"


class Sheets:
    """Pages filled from the top; a new one is begun where the next piece does not fit."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self._y = 0.0

    def _page(self) -> Figure:
        if not self.figures:
            self._new_page()
        return self.figures[-1]

    def _new_page(self) -> None:
        self.figures.append(Figure(figsize=A4_IN))
        self._y = TOP

    def _room(self, height: float) -> None:
        if not self.figures or self._y - height < BOTTOM:
            self._new_page()

    def heading(self, text: str, size: float = 12.0, room: float = 0.12) -> None:
        """A heading, together with at least `room` of what follows."""
        lines = textwrap.wrap(clean(text), int(790 / size)) or [""]
        height = 0.0019 * size * len(lines)
        self._room(height + room)
        if self._y < TOP:
            self._y -= 0.022
        self._page().text(MARGIN, self._y, "\n".join(lines), size=size, weight="bold", va="top")
        self._y -= height + 0.006

    def paragraph(self, text: str, bold: bool = False, quiet: bool = False) -> None:
        """A paragraph; it may run on to the next page."""
        for line in textwrap.wrap(clean(text), BOLD_WIDTH if bold else TEXT_WIDTH):
            self._room(TEXT_LINE)
            self._page().text(
                MARGIN, self._y, line, size=8.6, va="top",
                weight="bold" if bold else "normal", color=QUIET if quiet else "#1f2933",
            )  # fmt: skip
            self._y -= TEXT_LINE
        self._y -= 0.0 if bold else 0.5 * TEXT_LINE

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
        """A table with its heading repeated on every page; wide texts are broken into lines.

        Where its words do not fit side by side, it is set smaller.
        """
        cells = [[clean(text) for text in row] for row in rows]
        widths = column_widths([list(columns), *cells])
        self._row(columns, widths, bold=True)
        for row in cells:
            self._row(row, widths, bold=False, repeat=columns)
        self._y -= 0.004
        if note:
            self.paragraph(note, quiet=True)

    def _row(
        self,
        row: Sequence[str],
        widths: Sequence[int],
        bold: bool,
        repeat: Sequence[str] | None = None,
    ) -> None:
        broken = [_fill(text, width) for text, width in zip(row, widths, strict=True)]
        height = CELL_LINE * (max(text.count("\n") + 1 for text in broken) + 0.7)
        before = len(self.figures)
        self._room(height + (0.05 if bold else 0.0))
        if repeat is not None and len(self.figures) > before:
            self._row(repeat, widths, bold=True)
        taken = sum(widths) + GAP * (len(widths) - 1)
        share, size = (1 - 2 * MARGIN) / taken, CELL_SIZE * min(1.0, TABLE_WIDTH / taken)
        right = MARGIN
        for k, (text, width) in enumerate(zip(broken, widths, strict=True)):
            left, right = right, right + share * (width + (GAP if k else 0))
            self._page().text(
                left if k == 0 else right, self._y, text, size=size, va="top",
                ha="left" if k == 0 else "right", weight="bold" if bold else "normal",
                linespacing=1.15,
            )  # fmt: skip
        self._y -= height
        y = self._y + 0.3 * CELL_LINE
        self._page().add_artist(Line2D([MARGIN, 1 - MARGIN], [y, y], color=RULE, linewidth=0.5))


def clean(text: object) -> str:
    """Without folders, and with % kept at its number."""
    return str(without_folders(str(text))).replace(" %", "\u00a0%")


def _fill(text: str, width: int) -> str:
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


def column_widths(rows: Sequence[Sequence[str]], total: int = TABLE_WIDTH) -> list[int]:
    """Characters per column: what each needs, the widest made narrower until all fit.

    No column is narrower than its longest word, so the sum may exceed `total`: a number that goes
    on in the next line is read as two. Only words of more than `LONGEST_WORD` are broken.
    """
    columns = [[line for row in rows for line in row[k].split("\n")] for k in range(len(rows[0]))]
    widths = [max(NARROWEST, *(len(line) for line in lines)) for lines in columns]
    floors = [max(NARROWEST, *(_longest_word(line) for line in lines)) for lines in columns]
    room = total - GAP * (len(widths) - 1)
    while sum(widths) > room and widths != floors:
        spare = [k for k in range(len(widths)) if widths[k] > floors[k]]
        widths[max(spare, key=lambda k: widths[k])] -= 1
    return widths


def _longest_word(line: str) -> int:
    # Breaks where textwrap does: at spaces, and at hyphens between letters.
    pieces = re.split(r" |(?<=[^\d\W]{2}-)(?=[^\d\W]{2})", line)
    return min(max(len(piece) for piece in pieces), LONGEST_WORD)
