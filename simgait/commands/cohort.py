"""`simgait cohort`: a study by its manifest: checked, tracked, reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.progress import NOTE
from simgait.errors import InputError
from simgait.parameters.wording import counted

if TYPE_CHECKING:
    from simgait.cohort.study.manifest import Manifest, Parsers

EPILOG = """\
examples:
  simgait cohort check study.csv
      everything that is wrong with the manifest, in seconds; nothing is tracked

The manifest is CSV or Parquet with a line for each recording. It needs the columns trial, person
(codes) and path (from the manifest's own folder). visit and condition are codes too; lines of one
person, visit and camera_place are tracked as one visit. What `simgait track` takes as options are
columns: height_m, fps_hz, unit, axes, keypoint_set, distance_m, belt_speed_mps, ... truth_ before
a measure (truth_velocity_mps) gives what another instrument measured. Columns of your own are
carried along. docs/how-to/study.md has more.
"""
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "cohort",
        help="a whole study by its manifest: check",
        description="A study of many people, from a table that names its recordings.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="say everything that is wrong with a manifest",
        description="Say everything that is wrong with a manifest, line by line. Nothing is "
        "tracked, and no recording is read beyond its first bytes.",
    )
    check.add_argument("manifest", metavar="MANIFEST", help="CSV or Parquet")
    check.set_defaults(run=run_check)


def parsers() -> Parsers:
    """How the text of each fact about a recording is read, as `simgait track` reads its options."""
    return {flag.fact: _cell_reader(flag) for flag in options.read_flags()}


def _cell_reader(flag: options.ReadFlag) -> Callable[[str], object]:
    parse = flag.parse or _is_said

    def read(cell: str) -> object:
        try:
            return parse(cell)
        except argparse.ArgumentTypeError as error:
            raise InputError(f"{error}.") from None
        except ValueError:
            raise InputError(f"'{cell[:40]}' is not a whole number.") from None

    return read


def _is_said(cell: str) -> bool | None:
    """Of a fact that an option says by its presence; None where the cell says that it is not so."""
    if cell.lower() not in (*YES, *NO):
        raise argparse.ArgumentTypeError(f"'{cell[:40]}' is neither yes nor no")
    return True if cell.lower() in YES else None


def run_check(arguments: argparse.Namespace) -> int:
    """Say what is wrong. Returns 1 if anything is."""
    path = Path(arguments.manifest)
    print(f"checking {path.name} ...", flush=True)
    from simgait.cohort.study.manifest_check import read_manifest

    manifest = read_manifest(path, parsers())
    say_problems(manifest)
    people = {line.person for line in manifest.lines if line.person}
    print(
        f"{counted(len(manifest.lines), 'trial')} of {_people(len(people))}: "
        f"{counted(manifest.n_problems, 'problem') if manifest.n_problems else 'no problem'}"
    )
    return 1 if manifest.n_problems else 0


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def say_problems(manifest: Manifest) -> None:
    """Notes on stdout, problems on stderr, line by line."""
    for note in manifest.notes:
        print(f"{NOTE}{note}")
    for sentence in manifest.problems:
        print(f"simgait: {sentence}", file=sys.stderr)
    for line in manifest.lines:
        for sentence in line.problems:
            print(f"simgait: line {line.number}: {sentence}", file=sys.stderr)
