"""A comparison's page and the table of what it shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from simgait.files import write_text, write_together


def write_both(folder: Path, page: tuple[str, str], table: tuple[str, str]) -> None:
    """Writes a page and its table, each (name, content), both or neither.

    Raises:
        InputError: the folder cannot be written to.
    """
    write_together(
        folder,
        {name: partial(write_text, text=content) for name, content in (table, page)},
    )
