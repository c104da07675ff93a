"""`simgait evaluate`: how well two tables of the same walks agree."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import evaluate_bench
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.compare.analysis import AnalysedReport

EPILOG = """\
examples:
  simgait evaluate --truth walkway.csv --estimate results/summary.csv -o agreement
  simgait evaluate --truth a.csv --estimate b.csv -o agreement --measures velocity_mps step_length_m
  simgait evaluate --truth lab.csv --estimate mine.csv -o agreement --trained-on train_subjects.txt
  simgait evaluate --bench -o bench
      the released policy and the baselines on simgait-bench-v1; real people too where --data or
      $SIMGAIT_DATA names the folder of the shared recordings

The tables are CSV with one row per walk: trial_id, optionally subject_id, and columns whose names
carry their unit (velocity_mps, cadence_spm, step_length_left_m). docs/evaluate.md has more.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "evaluate",
        help="agreement of estimates with a truth: two tables, or the benchmark",
        description="Compare estimates with a truth, walk by walk: bias, limits of agreement, "
        "correlations and reliability with intervals, as a page (and its PDF) and a table.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--truth", metavar="FILE.csv", help="the reference")
    parser.add_argument(
        "--estimate",
        metavar="FILE.csv",
        help="what is under test; summary.csv of `simgait track` can be given as it is",
    )
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the report")
    parser.add_argument(
        "--measures",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="columns to compare (default: all with a unit in their name that both tables have)",
    )
    parser.add_argument(
        "--subject-column",
        metavar="COLUMN",
        help="column that says whose walk it is (default: subject_id or subject)",
    )
    parser.add_argument(
        "--id-column",
        metavar="COLUMN",
        help="column that names the walk (default: trial_id or trial)",
    )
    parser.add_argument(
        "--usable-only",
        action="store_true",
        help="leave out the numbers that summary.csv says are not to be used (do_not_use); they "
        "are counted and listed",
    )
    parser.add_argument(
        "--trained-on",
        metavar="FILE",
        help="whom the method was trained on, to refuse walks of these people: one subject a line, "
        "or a CSV table with a subject column",
    )
    parser.add_argument(
        "--tracker",
        metavar="NAME",
        help="what to call the method (default: the file's name; simgait for the table that "
        "`simgait track` writes)",
    )
    parser.add_argument(
        "--pdf",
        action=argparse.BooleanOptionalAction,
        help="print the page as PDF too; needs Chromium, Chrome or Edge (default: where one is "
        "found)",
    )
    evaluate_bench.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The benchmark, or two tables.

    Raises:
        InputError: neither was asked for, or both, or the benchmark with a list of people.
    """
    tables = arguments.truth, arguments.estimate
    if arguments.bench and any(tables):
        raise InputError("--bench brings its own truth; leave --truth and --estimate out.")
    if arguments.bench and arguments.trained_on:
        raise InputError(
            "--trained-on goes with --truth and --estimate; the benchmark holds out its own people."
        )
    if arguments.bench and arguments.usable_only:
        raise InputError("--usable-only goes with --truth and --estimate; leave it out.")
    if arguments.bench:
        return evaluate_bench.run(arguments)
    if not all(tables):
        raise InputError("Name two tables with --truth and --estimate, or ask for --bench.")
    return compare_tables(arguments)


def compare_tables(arguments: argparse.Namespace) -> int:
    """Match, analyse, write. Returns 1 where a measure could not be analysed."""
    print(
        f"comparing {Path(arguments.estimate).name} with {Path(arguments.truth).name} ...",
        flush=True,
    )
    from simgait.compare import two_tables
    from simgait.report.agreement.files import PAGE, write_agreement_report
    from simgait.report.agreement.folder import refuse_other_results
    from simgait.report.agreement.wording import overview, verdict
    from simgait.report.browser_pdf import check_browser, print_beside

    check_browser(arguments.pdf)
    out = Path(arguments.out)
    compared = two_tables.compare_tables(
        Path(arguments.truth),
        Path(arguments.estimate),
        measures=[name for text in arguments.measures for name in text.split(",") if name],
        id_column=arguments.id_column,
        subject_column=arguments.subject_column,
        usable_only=arguments.usable_only,
        trained_on=None if arguments.trained_on is None else Path(arguments.trained_on),
        tracker=arguments.tracker,
    )
    replaced = refuse_other_results(out, "tables", compared.table_folders)
    analysed = write_agreement_report(out, two_tables.agreement_of_tables(compared, out))
    unprinted = print_beside(out / PAGE, wanted=arguments.pdf)
    matched = compared.matched
    for warning in matched.warnings:
        print(f"warning: {warning}")
    print(overview(analysed))
    for line in (verdict(m) for m in analysed.measures):
        print(f"  {line.label}: {line.text}")
    for note in (*matched.notes, *(f"Not compared: {text}." for text in matched.not_compared)):
        print(f"note: {note}")
    for note in (replaced, unprinted):
        if note:
            print(f"note: {note}")
    print(f"The report is {out / PAGE}")
    return _complain(analysed)


def _complain(analysed: AnalysedReport) -> int:
    failed = [m for m in analysed.measures if m.summary is None]
    for measure in failed:
        print(f"simgait: {measure.pairs.name}: {measure.problem}", file=sys.stderr)
    return 1 if failed else 0
