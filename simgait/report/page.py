"""Jinja2 set-up for the pages: everything escaped, assets read from the package."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from simgait.plain_text import printable


@cache
def asset(name: str) -> str:
    """Text of a file in `simgait/report/assets`."""
    return (resources.files("simgait.report") / "assets" / name).read_text(encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Fill a template; `css` and `js` are our own assets, every other text is escaped.

    Control characters in text from outside become "\ufffd".
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(asset(template)).render(
        css=Markup(asset("style.css")), js=Markup(asset("replay.js")), **values
    )
    return printable(page)
