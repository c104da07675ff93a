"""A comparison's page and the tables of what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from simgait.files import write_text, write_together


def write_page_files(folder: Path, contents: Mapping[str, str]) -> None:
    """Writes a page and its tables, name -> content, all or none.

    Raises:
        InputError: the folder cannot be written to.
    """
    write_together(
        folder, {name: partial(write_text, text=text) for name, text in contents.items()}
    )
