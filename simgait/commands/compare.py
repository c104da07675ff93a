"""`simgait compare`: visits of one person beside each other, or the sides of one visit."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.page_folder import refuse_earlier, refuse_walks, remove_and_tell
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.compare.visit_names import VisitNames
    from simgait.compare.visit_walks import VisitWalks

EPILOG = """\
examples:
  simgait compare results/before results/after -o change
  simgait compare without_orthosis with_orthosis --person P07 --names without,with -o change
  simgait compare results/january results/april results/july -o trend
      three visits or more, in their order: each number over the visits
  simgait compare results/january --sides -o sides
      left and right of one visit

VISIT is a folder that `simgait track` or `simgait walk` wrote, with the walks of one visit; several
walks a visit tell more than one.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "compare",
        help="what changed between visits, or differs between the sides, and whether the walks "
        "show it",
        description="Compare visits of one person number by number: difference, 95 % interval, the "
        "least change that these walks could show, and curves over each other, with where in the "
        "gait cycle they changed. Of three visits or more, each number and curve over the "
        "visits; of one with --sides, left beside right.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "visits", nargs="+", metavar="VISIT", help="results of each visit, the first one first"
    )
    parser.add_argument(
        "--sides", action="store_true", help="left and right of the one visit that is given"
    )
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the page")
    parser.add_argument(
        "--person", metavar="CODE", help="whose walks, where the folders hold several people's"
    )
    parser.add_argument(
        "--names",
        metavar="FIRST,SECOND",
        help="what the page calls two visits (default: before,after), such as without,with for "
        "walks without and with an orthosis; no person's name",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace a comparison that OUT holds, of any kind; your own files there stay",
    )
    options.add_pdf_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, compare, write.

    Raises:
        InputError: a folder is none of results, or the visits cannot be compared.
    """
    from simgait.cohort.visit_files import read_visit
    from simgait.compare.visit_names import visit_names
    from simgait.files import check_output_folder
    from simgait.report.browser_pdf import check_browser, print_beside

    out = Path(arguments.out)
    folders = [Path(named) for named in arguments.visits]
    if arguments.sides != (len(folders) == 1):
        raise InputError(
            "--sides compares left and right of one visit; give one folder with it, and without it "
            "the folders of two visits or more."
        )
    if arguments.names is not None and len(folders) != 2:
        raise InputError("--names calls two visits by what differs; give the folders of two.")
    names = visit_names(arguments.names)
    _refuse_place(out, folders, overwrite=arguments.overwrite)
    check_output_folder(out)
    check_browser(arguments.pdf)
    visits = [read_visit(folder, arguments.person) for folder in folders]
    if arguments.sides:
        page, *tables = _sides(out, visits[0])
    elif len(visits) == 2:
        page, *tables = _two(out, visits, names)
    else:
        page, *tables = _trend(out, visits)
    pdf = Path(page).with_suffix(".pdf").name
    remove_and_tell(out, (page, *tables, pdf), overwrite=arguments.overwrite)
    print_beside(out / page, wanted=arguments.pdf)
    beside = f" and {pdf}" if arguments.pdf else ""
    print(f"wrote {out.name}/{page}{beside}")
    return 0


def _two(out: Path, visits: Sequence[VisitWalks], names: VisitNames) -> tuple[str, ...]:
    from simgait.agreement.change import Shown
    from simgait.compare.visit_change import visit_change
    from simgait.report.change.curve_words import curves_headline
    from simgait.report.change.page import FILES, headline, write_change

    before, after = visits
    found = visit_change(before, after, names)
    write_change(out, found)
    print(headline(found))
    if names.is_given:
        print(f"  {names.before} → {names.after}:")
    for row in found.numbers:
        if row.is_shown and row.change.shown is Shown.CHANGED:
            display, side = row.parameter.display, "" if row.pool == "both" else f", {row.pool}"
            low, high = (display.text(end) for end in row.change.interval)
            print(
                f"  {row.parameter.label}{side}: {display.text(row.change.before)} → "
                f"{display.text(row.change.after)} {display.unit.symbol} (difference "
                f"{display.text(row.change.difference)}, {low} to {high})"
            )
    _say(curves_headline(found.curves), found.notes)
    return FILES


def _say(of_curves: str, notes: Sequence[str] = ()) -> None:
    """Prints what is said of curves, where there are any, and notes."""
    if of_curves:
        print(of_curves)
    for note in notes:
        print(f"note: {note}")


def _trend(out: Path, visits: Sequence[VisitWalks]) -> tuple[str, ...]:
    from simgait.compare.visit_trend import visit_trend
    from simgait.report.change.between_words import between_headline, between_sentences
    from simgait.report.change.curve_words import SINCE_THE_FIRST, curves_headline
    from simgait.report.change.trend_page import FILES, headline, write_trend

    found = visit_trend(visits)
    write_trend(out, found)
    print(headline(found))
    if between := between_headline(found):
        print(between)
        for sentence in between_sentences(found):
            print(f"  {sentence}")
    _say(curves_headline([one.last for one in found.curves], SINCE_THE_FIRST), found.notes)
    return FILES


def _sides(out: Path, visit: VisitWalks) -> tuple[str, ...]:
    from simgait.compare.visit_sides import visit_sides
    from simgait.report.change.curve_words import BETWEEN_SIDES, curves_headline
    from simgait.report.change.sides_page import FILES, headline, write_sides

    found = visit_sides(visit)
    write_sides(out, found)
    print(headline(found))
    _say(curves_headline(found.curves, BETWEEN_SIDES), found.notes)
    return FILES


def _refuse_place(out: Path, folders: list[Path], *, overwrite: bool) -> None:
    """Raises InputError where the page would stand among results, or on another."""
    if out.suffix == ".html":
        raise InputError(f"{out.name}: a comparison is a folder; name one without .html with -o.")
    refuse_walks(out)
    if any(out.resolve() == folder.resolve() for folder in folders):
        raise InputError(f"{out.name}: is a folder of walks; choose another with -o.")
    refuse_earlier(out, overwrite=overwrite)
