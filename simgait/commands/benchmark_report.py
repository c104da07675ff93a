"""`simgait benchmark report`: the pages in a real browser."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from simgait.errors import InputError

DOCS = Path("docs") / "report-checks.md"
REPOSITORY = Path(__file__).resolve().parents[2]
REPEATS = 5
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
"""Lines of the page between which the table is replaced."""


def add_report(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "report",
        help="size, first paint, accessibility and replay of every kind of page, in Chromium",
        description="Makes one page of each kind from made-up walkers and opens it in an installed "
        "Chromium, Chrome or Edge: size, first paint, console errors, what axe-core calls serious, "
        "the replay by mouse and keys, the picture of each page twice. The table of "
        f"{DOCS.as_posix()}. Needs the extra simgait[browser]. Ten minutes.",
    )
    parser.add_argument(
        "--repeats", type=int, default=REPEATS, metavar="N",
        help=f"first paints timed (default: {REPEATS})",
    )  # fmt: skip
    parser.add_argument(
        "--pages",
        nargs="+",
        metavar="FILE.html",
        help="check these pages of yours instead; none is made",
    )
    parser.add_argument(
        "--keep",
        metavar="FOLDER",
        help="keep the pages there; those of it that are there already are checked as they are",
    )
    parser.add_argument(
        "--write-docs", action="store_true", help=f"write the table into {DOCS.as_posix()}"
    )
    parser.set_defaults(run=report)


def report(arguments: argparse.Namespace) -> int:
    """Print the bars. Returns 1 where one is not met.

    Raises:
        InputError: an option makes no sense, no browser can be driven, or a page cannot be made.
    """
    _check(arguments)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.page_browser import open_browser
    from simgait.benchmark.report_bars import bar_rows, measure_pages, pages_table
    from simgait.benchmark.scorecard_page import rows_table
    from simgait.commands.run_facts import run_facts
    from simgait.files import write_whole

    print("starting the browser ...", flush=True)
    facts, measured = run_facts(), []
    with open_browser() as browser, tempfile.TemporaryDirectory() as scratch:
        pages = _pages(arguments, Path(arguments.keep or scratch))
        version = browser.version
        for one in measure_pages(browser, pages, arguments.repeats):
            measured.append(one)
            print(f"| {' | '.join(one.cells)} |", flush=True)
            print("".join(f"    {line}\n" for line in one.details), end="", flush=True)
    rows = bar_rows(measured)
    text = (
        f"{_called(arguments)}, {facts.of_a_run}, Chromium {version}:\n\n{rows_table(rows)}\n\n"
        f"{pages_table(measured)}\n"
    )
    print(f"\n{text}", end="")
    if arguments.write_docs:
        write_whole(REPOSITORY / DOCS, with_table((REPOSITORY / DOCS).read_text("utf-8"), text))
    return 0 if all(row.met is not False for row in rows) else 1


def _called(arguments: argparse.Namespace) -> str:
    """The command as documents name it: with what bears on the measurement, without folders."""
    options = {
        f"--repeats {arguments.repeats}": arguments.repeats != REPEATS,
        "--pages": arguments.pages,
        "--keep": arguments.keep,
    }
    told = " and ".join(f"`{option}`" for option, is_given in options.items() if is_given)
    return f"`simgait benchmark report`{told and ' with '}{told}"


def _pages(arguments: argparse.Namespace, folder: Path) -> dict[str, Path]:
    """The user's pages, or one of each kind, made in the folder.

    Raises:
        InputError: a page cannot be made.
    """
    from simgait.benchmark.report_pages import make_pages
    from simgait.files import make_output_folder

    if arguments.pages:
        return {Path(name).name: Path(name) for name in arguments.pages}
    make_output_folder(folder)
    return make_pages(folder, lambda text: print(f"  {text}", flush=True))


def with_table(page: str, text: str) -> str:
    """The page of the docs, with another table between its marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}"


def _check(arguments: argparse.Namespace) -> None:
    """Refuses what cannot work before minutes are spent.

    Raises:
        InputError: see `report`.
    """
    if arguments.repeats < 1:
        raise InputError("--repeats times one first paint or more.")
    if arguments.pages and (arguments.keep or arguments.write_docs):
        raise InputError("--pages checks pages of yours; leave --keep and --write-docs out.")
    for name in arguments.pages or ():
        if not Path(name).is_file():
            raise InputError(f"{Path(name).name}: there is no such page; check --pages.")
    if len({Path(name).name for name in arguments.pages or ()}) < len(arguments.pages or ()):
        raise InputError("--pages: two pages have the same name; check them one by one.")
    if arguments.write_docs and not (REPOSITORY / DOCS).is_file():
        raise InputError(
            "This installation has no docs folder; run --write-docs from a clone of simgait."
        )
