"""Folders of one page and its tables: which files each kind of them is, and what an earlier left.

A folder that held one kind may be written again with another. What the earlier call wrote would
stand there as if it were of the new one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from simgait.errors import InputError
from simgait.files import not_writable
from simgait.report import twin
from simgait.report.change import page, sides_page, trend_page

MARK = b"Made with simgait"
"""In every page that simgait writes; a page without it is a user's own."""


@dataclass(frozen=True)
class FolderKind:
    """What simgait writes into a folder of this kind, and nothing else.

    Attributes:
        name: in sentences.
        files: names, that of the page first.
    """

    name: str
    files: tuple[str, ...]

    @property
    def page(self) -> str:
        """By which the kind is known."""
        return self.files[0]


def _printed(files: tuple[str, ...]) -> tuple[str, ...]:
    """With the PDF beside the page (`browser_pdf.print_beside`)."""
    return (*files, Path(files[0]).with_suffix(".pdf").name)


KINDS = (
    FolderKind("a comparison of two visits", _printed(page.FILES)),
    FolderKind("a comparison of several visits", _printed(trend_page.FILES)),
    FolderKind("a comparison of left and right", _printed(sides_page.FILES)),
    FolderKind("a twin of a walk", twin.FILES),
)


def kinds_in(folder: Path) -> list[FolderKind]:
    """Those of which a page that simgait wrote lies in the folder.

    Raises:
        InputError: a page there cannot be read.
    """
    return [kind for kind in KINDS if _is_ours(folder / kind.page)]


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and MARK in path.read_bytes()
    except OSError as error:
        raise not_writable(path.parent, error) from error


def refuse_ours(folder: Path) -> None:
    """Raises InputError where a folder that need not exist holds a page of one of the kinds."""
    held = kinds_in(folder)
    if held:
        raise InputError(
            f"{folder.name}: holds {held[0].name}; give --overwrite to replace it, or choose "
            "another folder with -o."
        )


def remove_earlier(folder: Path, written: Collection[str]) -> list[str]:
    """Removes what earlier calls wrote into the folder, of whatever kind, and leaves all else.

    Args:
        folder: that has just been written.
        written: names of the files that are new.

    Returns:
        Names of what was removed.

    Raises:
        InputError: something of it cannot be removed.
    """
    old = [name for kind in kinds_in(folder) for name in kind.files if name not in written]
    there = [name for name in old if (folder / name).is_file()]
    try:
        for name in there:
            (folder / name).unlink()
    except OSError as error:
        raise not_writable(folder, error) from error
    return there
