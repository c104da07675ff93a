"""Folders for a page and its tables: what they may hold already, and what --overwrite replaces."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from simgait.errors import InputError


def refuse_walks(folder: Path, said_with: str = "-o") -> None:
    """Nothing is written among the results of walks, where it would replace some of them.

    Args:
        folder: need not exist.
        said_with: the option that names it.

    Raises:
        InputError: the folder holds walks, or is that of one.
    """
    from simgait.cohort.inputs import RESULT_MARK
    from simgait.cohort.summary_file import SUMMARY

    if any((folder / name).exists() for name in (SUMMARY, RESULT_MARK)):
        raise InputError(f"{folder.name}: is a folder of walks; choose another with {said_with}.")


def refuse_earlier(folder: Path, *, overwrite: bool) -> None:
    """An earlier page is replaced only where that was asked for, of whatever kind it is.

    Raises:
        InputError: the folder holds one.
    """
    from simgait.report.folder_kinds import KINDS

    held = [kind.name for kind in KINDS if (folder / kind.page).exists()]
    if held and not overwrite:
        raise InputError(f"{folder.name}: holds {held[0]}; give --overwrite to replace it.")


def remove_and_tell(folder: Path, written: Collection[str], *, overwrite: bool) -> None:
    """Removes what earlier calls left beside what is `written`, and says so in one line.

    Raises:
        InputError: something of it cannot be removed.
    """
    from simgait.report.folder_kinds import remove_earlier

    if overwrite and (removed := remove_earlier(folder, written)):
        print(f"removed from {folder.name}, of an earlier call: {', '.join(removed)}")
