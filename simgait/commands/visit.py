"""`simgait visit`: the walks of one visit on one page."""

from __future__ import annotations

import argparse
from pathlib import Path

from simgait.commands import options
from simgait.commands.new_file import refuse_existing
from simgait.errors import InputError

EPILOG = """\
examples:
  simgait visit results
      writes results/visit.html and results/visit.csv
  simgait visit results --person P07 -o p07.html --pdf
      of one of several people in a folder, and as PDF

RESULTS is a folder that `simgait track` or `simgait walk` wrote, with the walks of one visit; with
--one-visit they write the page themselves.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "visit",
        help="the walks of one visit on one page: means with intervals, curves, doubts",
        description="Write one page, and a table of one row, of the walks of one person in one "
        "visit: means with their 90 % interval and the SD between walks, the curves of all walks "
        "over each other, what was found in each walk, and what was left out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", metavar="RESULTS", help="folder of the walks")
    parser.add_argument(
        "-o", "--out", metavar="FILE.html",
        help="page to write, and beside it a table of the same name (default: visit.html in "
        "RESULTS, where it links to the reports of the walks)",
    )  # fmt: skip
    parser.add_argument(
        "--person", metavar="CODE", help="whose walks, where the folder holds several people's"
    )
    options.add_pdf_option(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace a page that is there")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and write.

    Raises:
        InputError: no folder of results, walks of several people or visits, or the page is there
            or cannot be written.
    """
    from simgait.cohort.visit_page import write_visit_page
    from simgait.parameters.wording import counted
    from simgait.report.browser_pdf import check_browser, print_beside
    from simgait.report.visit.page import PAGE

    results = Path(arguments.results)
    page = results / PAGE if arguments.out is None else Path(arguments.out)
    _refuse_place(page, overwrite=arguments.overwrite)
    check_browser(arguments.pdf)
    found = write_visit_page(results, page, arguments.person)
    print_beside(page, wanted=arguments.pdf)
    left_out = len(found.visit.left_out)
    others = f", {counted(left_out, 'recording')} left out" if left_out else ""
    print(f"wrote {page.name}: {counted(len(found.visit.walks), 'walk')}{others}")
    return 0


def _refuse_place(page: Path, *, overwrite: bool) -> None:
    """Raises InputError where the page or its table would replace something else."""
    from simgait.cohort.summary_file import SUMMARY

    if page.suffix != ".html":
        raise InputError(f"{page.name}: is no name of a page; let it end in .html.")
    table = page.with_suffix(".csv")
    if page.name == "index.html" or table.name == SUMMARY:
        raise InputError(f"{page.name}: is a name of simgait's own; choose another with -o.")
    for one in (page, table):
        refuse_existing(one, overwrite=overwrite)
