"""Jinja2 set-up for the pages: everything escaped, assets read from the package."""

from __future__ import annotations

import re
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


def render(template: str, **values: Any) -> str:
    """Fill a template; `css` and scripts are our own assets, every other text is escaped.

    Control characters in text from outside become "\ufffd".
    """
    page = environment().get_template(template).render(css=Markup(asset("style.css")), **values)
    return printable(TABLE.sub(lambda table: with_labels(table[0]), page))


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
