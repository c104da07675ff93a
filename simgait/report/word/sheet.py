"""The first sheet of a report's page as blocks: headings, text, tables and drawings, in order.

What only the screen shows (`noprint`) is left out, as on paper. Of the verdict every finding is
taken, so that the note on those of the next sheet is left out too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from simgait.errors import InputError

BEGIN, END = '<div class="sheet">', '<div class="details">'
"""Around the first sheet in the page."""
Kind = Literal["heading 1", "heading 2", "heading 3", "verdict", "text", "item", "note", "legend"]
_KIND_OF: dict[str, Kind] = {
    "h1": "heading 1", "h2": "heading 2", "h3": "heading 3", "strong": "verdict", "p": "text",
    "li": "item",
}  # fmt: skip
_NOTES = {"note", "facts", "kind"}
"""Classes of text that is set small."""
_APART = {"flag", "lost"}
"""Classes of what the page's style sets off by room, not by a space."""


@dataclass(frozen=True)
class Words:
    """Text of one look.

    Attributes:
        side: "l" or "r" where it has that side's colour, else empty.
    """

    text: str
    bold: bool = False
    struck: bool = False
    side: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Words under one another's heading."""

    kind: Kind
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row heads the others."""

    rows: tuple[tuple[tuple[Words, ...], ...], ...]


@dataclass(frozen=True)
class Shape:
    """An element of a drawing with its attributes, and the text in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Drawing:
    """An inline SVG of the page: size in its own units, words for who does not see it, shapes."""

    width: float
    height: float
    label: str
    shapes: list[Shape] = field(default_factory=list)


Block = Paragraph | Table | Drawing


def first_sheet(html: str, where: str) -> list[Block]:
    """The blocks of a report's first sheet.

    Args:
        html: the page.
        where: its name, for the sentence.

    Raises:
        InputError: the page is no report of this version of simgait.
    """
    begin = html.find(BEGIN)
    end = html.find(END, begin)
    if begin < 0 or end < 0:
        raise InputError(
            f"{where}: is no report with a first sheet; track the walk again (--overwrite)."
        )
    reader = _Reader()
    reader.feed(html[begin + len(BEGIN) : end])
    reader.close()
    return reader.blocks


def plain(words: Sequence[Words]) -> str:
    """Their text, with single spaces."""
    return " ".join("".join(one.text for one in words).split())


@dataclass
class _Look:
    """How what is inside an element looks."""

    tag: str
    bold: bool = False
    struck: bool = False
    side: str = ""


class _Reader(HTMLParser):
    """Goes through the sheet's elements."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._skipped = 0
        self._looks: list[_Look] = []
        self._words: list[Words] | None = None
        self._kind: Kind = "text"
        self._rows: list[list[tuple[Words, ...]]] | None = None
        self._drawing: Drawing | None = None
        self._shape: tuple[str, dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        classes = set(known.get("class", "").split())
        if self._skipped or "noprint" in classes or {"usable", "onpaper"} <= classes:
            self._skipped += 1
        elif tag == "svg":
            _, _, width, height = map(float, known["viewbox"].split())
            self._drawing = Drawing(width, height, known.get("aria-label", ""))
        elif self._drawing is not None:
            self._shape = (tag, known, [])
        else:
            self._open(tag, classes)

    def _open(self, tag: str, classes: set[str]) -> None:
        outer = self._looks[-1] if self._looks else _Look("")
        side = next(iter(classes & {"l", "r"}), outer.side)
        self._looks.append(
            _Look(
                tag,
                outer.bold or tag in ("b", "th", "dt") or "flag" in classes,
                outer.struck or "lost" in classes,
                side,
            )
        )
        if tag in ("table", "dl"):
            self._rows = [[], []] if tag == "dl" else []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th", "dt", "dd"):
            self._words = []
        elif tag in _KIND_OF and self._words is None:
            self._words = []
            is_note = tag == "p" and classes & _NOTES
            self._kind = (
                "legend" if "legend" in classes else "note" if is_note else _KIND_OF[tag]
            )  # fmt: skip
        elif self._words and classes & _APART:
            self._words.append(Words(" "))
        elif self._words and self._kind == "legend" and tag == "span":
            self._words.append(Words(" · "))

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._shape is not None:
            self._shape[2].append(data)
        elif self._words is not None and self._looks:
            look = self._looks[-1]
            self._words.append(Words(data, look.bold, look.struck, look.side))

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif tag == "svg" and self._drawing is not None:
            self.blocks.append(self._drawing)
            self._drawing = None
        elif self._drawing is not None and self._shape is not None:
            name, attributes, texts = self._shape
            self._drawing.shapes.append(Shape(name, attributes, "".join(texts)))
            self._shape = None
        elif self._drawing is None:
            self._close(tag)

    def _close(self, tag: str) -> None:
        if self._looks:
            self._looks.pop()
        if tag in ("td", "th", "dt", "dd") and self._rows and self._words is not None:
            row = {"dt": 0, "dd": 1}.get(tag, -1)
            self._rows[row].append(tuple(self._words))
            self._words = None
        elif tag in ("table", "dl") and self._rows is not None:
            self.blocks.append(Table(tuple(map(tuple, self._rows))))
            self._rows = None
        elif tag in _KIND_OF and self._words is not None and self._rows is None:
            if plain(self._words):
                self.blocks.append(Paragraph(self._kind, tuple(self._words)))
            self._words = None
