"""Jinja2 set-up for the pages: everything escaped, assets read from the package."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from simgait.plain_text import printable


@cache
def asset(name: str) -> str:
    """Text of a file in `simgait/report/assets`."""
    return (resources.files("simgait.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """How templates are filled; each extends `page.html`, the head that all pages share."""
    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render(template: str, *, on_sheets: Iterable[str], **values: Any) -> str:
    """Fill a template; `css` and scripts are our own assets, every other text is escaped.

    `on_sheets` (code, walk, date) stands at the foot of every printed sheet, what is empty left
    out. Control characters in text from outside become "\ufffd".
    """
    css = Markup(asset("style.css") + sheet_foot(printable(" · ".join(filter(None, on_sheets)))))
    page = environment().get_template(template).render(css=css, **values)
    return printable(TABLE.sub(lambda table: with_labels(table[0]), page))


NOT_A_DEVICE = "simgait, a research tool, not a medical device"
FOOT_STYLE = "color: #5f6b77; font: 8.5px/1.2 Arial, sans-serif;"
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .,_-]")


def sheet_foot(text: str) -> str:
    """CSS of the foot of every printed sheet: whose it is, what made it, which of how many it is.

    It stands within the page's margin, so no sheet holds less for it. Chromium (131 and newer) has
    neither running elements nor `string-set`, so the text is written into the rule itself.
    """
    return (
        f"@page {{ @bottom-left {{ content: {css_string(text)}; text-align: left; {FOOT_STYLE} }}\n"
        f'  @bottom-right {{ content: "{NOT_A_DEVICE} · " counter(page) " / " counter(pages);\n'
        f"    text-align: right; {FOOT_STYLE} }} }}\n"
    )


def css_string(text: str) -> str:
    """Text as a CSS string that ends neither itself nor the element about it, whatever it holds."""
    return '"' + _NOT_PLAIN.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


# The templates' own tables: no table within a table, and nothing in a tag but quoted attributes.
TABLE = re.compile(r'<table class="[^"]*\bstack\b.*?</table>', re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<td\b([^>]*)>")


def with_labels(table: str) -> str:
    """A table as HTML, every cell of it with its column's heading as `data-label`.

    A narrow screen shows each row as a block (style.css), with the headings before the cells.
    """
    head, body = table.split("<tbody", 1)
    labels = [" ".join(Markup(text).striptags().split()) for text in HEADING.findall(head)]

    def labelled(row: re.Match[str]) -> str:
        left = iter(labels)

        def cell(found: re.Match[str]) -> str:
            if "colspan" in found[1]:
                return found[0]
            return f'<td{found[1]} data-label="{escape(next(left, ""))}">'

        return CELL.sub(cell, row[0])

    return f"{head}<tbody{ROW.sub(labelled, body)}"
