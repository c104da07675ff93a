"""A file to be written: named with its ending, not there yet, none of what is read."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from simgait.errors import InputError


def add_new_file(
    parser: argparse.ArgumentParser, metavar: str, what: str = "", *, required: bool = True
) -> None:
    """Adds -o for a file to be written, and --overwrite.

    Args:
        parser: of the command.
        metavar: as "FILE.csv".
        what: it is, for the help.
        required: whether the command writes one in any case.
    """
    parser.add_argument("-o", "--out", required=required, metavar=metavar, help=what or None)
    parser.add_argument("--overwrite", action="store_true", help=f"replace {metavar} if it exists")


def new_file(named: str, ending: str, what: str, *, overwrite: bool, inputs: Iterable[str]) -> Path:
    """The file to be written.

    Args:
        named: with the option -o.
        ending: of its name, as ".csv".
        what: it is, as "a table of scores".
        overwrite: whether a file that is there may be replaced.
        inputs: that the command reads; no option lets them, or a walk's results, be replaced.

    Raises:
        InputError: another ending, an input, a file that exists, or a folder that takes none.
    """
    from simgait.cohort.inputs import RESULT_MARK

    out = with_ending(named, ending, what)
    folder = out.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise InputError(
            f"{out.name}: its folder {folder.name} is not there, or cannot be written to; make it, "
            "or name another file."
        )
    if out.is_dir():
        raise InputError(f"{out.name}: is a folder, not a file for results; name a file in it.")
    if not out.exists():
        return out
    if any(one.exists() and one.samefile(out) for one in map(Path, inputs)):
        raise InputError(f"{out.name}: is among what the command reads; name another file.")
    if out.name == "summary.csv" or (out.parent / RESULT_MARK).exists():
        raise InputError(f"{out.name}: is a file of results; name another file.")
    refuse_existing(out, overwrite=overwrite)
    return out


def with_ending(named: str, ending: str, what: str) -> Path:
    """A file that was named; `what` it is ends in `ending`.

    Raises:
        InputError: another ending.
    """
    out = Path(named)
    if out.suffix.lower() != ending:
        raise InputError(f"{out.name or 'the output'}: {what} ends in {ending}; name it so.")
    return out


def refuse_existing(out: Path, *, overwrite: bool) -> None:
    """Refuses to replace a file unasked.

    Raises:
        InputError: it exists, and nobody asked for it to be replaced.
    """
    if out.exists() and not overwrite:
        raise InputError(f"{out.name}: exists already; give --overwrite to replace it.")
