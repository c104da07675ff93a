"""`simgait scrub`: copies of C3D files without what could tell who walked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.recordings.formats.c3d_scrub import Scrubbed

EPILOG = """\
examples:
  simgait scrub walk.c3d -o P01.c3d
  simgait scrub a.c3d b.c3d -o shared                       shared/trial1.c3d, shared/trial2.c3d
  simgait scrub a.c3d b.c3d -o shared --names P01_1,P01_2   shared/P01_1.c3d, shared/P01_2.c3d

Labels of points and analog channels are kept, and so are height, mass and widths of joints, which
simgait needs: look through them. Files that are there are never replaced.
"""
SHOWN = 8
"""Parameters of a group that are named before the rest is counted."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "scrub",
        help="copy C3D files without names, dates and free text",
        description="Write copies of C3D files without what could tell who walked: names, dates, "
        "places and free text. Points and analog samples stay the same, byte by byte.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("inputs", metavar="FILE.c3d", nargs="+", help="files to copy")
    parser.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="OUT",
        help="copy of one file (its name ends in .c3d), or folder of the copies",
    )
    parser.add_argument(
        "--names",
        metavar="CODE,...",
        help="names of the copies in the folder, one for each file; default trial1, trial2, ...",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the copies; one that cannot be made stops no other.

    Raises:
        InputError: the names of the copies cannot be used.
    """
    from simgait.recordings.formats.c3d_scrub_check import write_scrubbed

    inputs = [Path(one) for one in arguments.inputs]
    failed = 0
    for path, out in zip(inputs, _outputs(len(inputs), arguments), strict=True):
        try:
            if path.is_dir():
                name = path.resolve().name
                raise InputError(
                    f"{name}: is a folder; name the files in it, as in "
                    f"simgait scrub {name}/*.c3d -o OUT."
                )
            if not path.is_file():
                raise InputError(f"{path.name}: there is no such file.")
            copy = write_scrubbed(path, out)
        except (InputError, OSError) as error:
            failed += 1
            said = error if isinstance(error, InputError) else f"{path.name}: cannot be read."
            print(f"simgait: {said}", file=sys.stderr)
            continue
        print(f"{path.name} -> {out.name}")
        print("".join(f"  {line}\n" for line in told(copy)), end="")
    return 1 if failed else 0


def _outputs(count: int, arguments: argparse.Namespace) -> list[Path]:
    """A path for each copy.

    Raises:
        InputError: a name cannot be a file's, stands twice, or is missing.
    """
    from simgait.files import safe_id
    from simgait.parameters.wording import counted

    out, said = Path(arguments.out), arguments.names
    if out.suffix.lower() == ".c3d" and not out.is_dir():
        if said is not None:
            raise InputError("--names is for copies in a folder; -o names this copy already.")
        if count > 1:
            raise InputError(f"{out.name}: is one file for {count} copies; name a folder with -o.")
        return [out]
    if out.exists() and not out.is_dir():
        raise InputError(f"{out.name}: is a file; name a folder, or a copy that ends in .c3d.")
    names = [f"trial{i + 1}" for i in range(count)] if said is None else said.split(",")
    names = [name.strip() for name in names]
    if len(names) != count:
        raise InputError(
            f"--names: {counted(len(names), 'name')} for {counted(count, 'file')}; give one for "
            "each file, in their order."
        )
    bad = next((name for name in names if name != safe_id(name)), None)
    if bad is not None:
        raise InputError(
            f"--names: {bad!r} cannot be a file's name; use letters, digits, dots, dashes and "
            "underscores."
        )
    if len({name.lower() for name in names}) < count:
        raise InputError("--names: a name stands there twice; give each copy its own.")
    return [out / f"{name}.c3d" for name in names]


def told(copy: Scrubbed) -> list[str]:
    """How much was taken out of each parameter, a line for each group; never what it said."""
    lines = [
        f"taken out of {group}: {_parameters([(name, count) for (_, name), count in of])}"
        for group, of in groupby(_sorted(copy.removed), key=lambda one: one[0][0])
    ]
    if copy.prefixes:
        lines.append(f"names before labels of points (as in Anna:LASI): {copy.prefixes}")
    return lines or ["nothing had to be taken out"]


def _sorted(removed: Mapping[tuple[str, str], int]) -> list[tuple[tuple[str, str], int]]:
    return sorted(removed.items(), key=lambda one: one[0][0])


def _parameters(of: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"{name} ({count})" if name else str(count) for name, count in of[:SHOWN])
    more = len(of) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
