"""`simgait compare`: what changed between two visits of one person."""

from __future__ import annotations

import argparse
from pathlib import Path

from simgait.errors import InputError

EPILOG = """\
examples:
  simgait compare results/before results/after -o change
  simgait compare with_orthosis without_orthosis --person P07 -o change

BEFORE and AFTER are folders that `simgait track` or `simgait walk` wrote, each with the walks of
one visit; several walks a visit tell more than one.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "compare",
        help="what changed between two visits, and whether the walks show it",
        description="Compare two visits of one person number by number: difference, 95 % interval, "
        "the least change that these walks could show, and curves over each other.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", metavar="BEFORE", help="results of the first visit")
    parser.add_argument("after", metavar="AFTER", help="results of the second")
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the page")
    parser.add_argument(
        "--person", metavar="CODE", help="whose walks, where the folders hold several people's"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace a comparison that OUT holds"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, compare, write.

    Raises:
        InputError: a folder is none of results, or the visits cannot be compared.
    """
    from simgait.agreement.change import Shown
    from simgait.cohort.visit_files import read_visit
    from simgait.compare.visit_change import visit_change
    from simgait.files import check_output_folder
    from simgait.report.change.page import PAGE, headline, write_change

    out = Path(arguments.out)
    folders = [Path(named) for named in (arguments.before, arguments.after)]
    _refuse_place(out, folders, overwrite=arguments.overwrite)
    check_output_folder(out)
    before, after = (read_visit(folder, arguments.person) for folder in folders)
    found = visit_change(before, after)
    write_change(out, found)
    print(headline(found))
    for row in found.numbers:
        if row.is_shown and row.change.shown is Shown.CHANGED:
            display, side = row.parameter.display, "" if row.pool == "both" else f", {row.pool}"
            low, high = (display.text(end) for end in row.change.interval)
            print(
                f"  {row.parameter.label}{side}: {display.text(row.change.before)} → "
                f"{display.text(row.change.after)} {display.unit.symbol} (difference "
                f"{display.text(row.change.difference)}, {low} to {high})"
            )
    for note in found.notes:
        print(f"note: {note}")
    print(f"wrote {out.name}/{PAGE}")
    return 0


def _refuse_place(out: Path, folders: list[Path], *, overwrite: bool) -> None:
    """Raises InputError where the page would stand among results, or on another."""
    from simgait.cohort.inputs import RESULT_MARK
    from simgait.cohort.summary_file import SUMMARY
    from simgait.report.change.page import PAGE

    taken = any((out / name).exists() for name in (SUMMARY, RESULT_MARK))
    if taken or any(out.resolve() == folder.resolve() for folder in folders):
        raise InputError(f"{out.name}: is a folder of walks; choose another with -o.")
    if (out / PAGE).exists() and not overwrite:
        raise InputError(f"{out.name}: holds a comparison; give --overwrite to replace it.")
