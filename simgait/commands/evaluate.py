"""`simgait evaluate`: how well two tables of the same walks agree."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simgait.commands import evaluate_bench
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.compare.analysis import AnalysedReport
    from simgait.compare.evidence import AgreementReport
    from simgait.compare.tables import MatchedTables

Kind = Literal["tables", "benchmark"]
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
        "correlations and reliability with intervals, as a page, a PDF and a table.",
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
    if arguments.bench:
        return evaluate_bench.run(arguments)
    if not all(tables):
        raise InputError("Name two tables with --truth and --estimate, or ask for --bench.")
    return compare_tables(arguments)


def compare_tables(arguments: argparse.Namespace) -> int:
    """Match, analyse, write. Returns 1 where a measure could not be analysed."""
    from simgait.compare.tables import match_tables
    from simgait.compare.training_subjects import refuse_training_subjects, training_subjects
    from simgait.report.agreement.files import PAGE, write_agreement_report
    from simgait.report.agreement.wording import overview, verdict

    out = Path(arguments.out)
    truth, estimate = Path(arguments.truth), Path(arguments.estimate)
    matched = match_tables(
        truth,
        estimate,
        measures=[name for text in arguments.measures for name in text.split(",") if name],
        id_column=arguments.id_column,
        subject_column=arguments.subject_column,
    )
    training: frozenset[str] | None = None
    if arguments.trained_on is not None:
        training = training_subjects(Path(arguments.trained_on), arguments.subject_column)
        refuse_training_subjects(matched, training)
    replaced = refuse_other_results(out, "tables")
    report = build_report(matched, truth, estimate, out, arguments.tracker, training)
    analysed = write_agreement_report(out, report)
    print(overview(analysed))
    for line in (verdict(m) for m in analysed.measures):
        print(f"  {line.label}: {line.text}")
    for note in (*matched.notes, *(f"Not compared: {text}." for text in matched.not_compared)):
        print(f"note: {note}")
    if replaced:
        print(f"note: {replaced}")
    print(f"The report is {out / PAGE}")
    return _complain(analysed)


def _complain(analysed: AnalysedReport) -> int:
    failed = [m for m in analysed.measures if m.summary is None]
    for measure in failed:
        print(f"simgait: {measure.pairs.name}: {measure.problem}", file=sys.stderr)
    return 1 if failed else 0


def refuse_other_results(out: Path, kind: Kind = "benchmark") -> str:
    """Refuse a folder that holds anything but an older report of the same kind.

    The two kinds write different files beside the page; one over the other would mix two runs.

    Args:
        out: folder for the report; need not exist.
        kind: what is to be written.

    Returns:
        A sentence on the report that will be replaced, empty where there is none.

    Raises:
        InputError: the folder belongs to something else, such as a tracked walk, or is a file.
    """
    from simgait.report.agreement.files import PAGE

    if out.exists() and not out.is_dir():
        raise InputError(f"{out.name}: is a file, not a folder; choose another one with -o.")
    has_record, has_page = (out / "provenance.json").exists(), (out / PAGE).exists()
    if not has_record and not has_page:
        return ""
    record = _provenance_of(out) if has_record and has_page else {}
    config = record.get("config")
    held = _kind_of(config if isinstance(config, dict) else {})
    if held is None:
        raise InputError(
            f"{out.name}: the output folder holds other results with their provenance; choose "
            "another with -o."
        )
    words = {"tables": "of two tables", "benchmark": "of the benchmark"}
    if held != kind:
        raise InputError(
            f"{out.name}: the output folder holds a report {words[held]}, and this is one "
            f"{words[kind]}; choose another with -o."
        )
    date = str(record.get("date_utc", ""))[:10]
    return f"{out.name} held an older report {words[kind]} ({date or 'undated'}); it was replaced."


def _provenance_of(folder: Path) -> dict[str, Any]:
    """What an earlier run said of itself; empty where that cannot be read."""
    try:
        record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _kind_of(config: dict[str, Any]) -> Kind | None:
    if "benchmark" in config:
        return "benchmark"
    return "tables" if {"truth", "estimate"} <= config.keys() else None


def build_report(
    matched: MatchedTables,
    truth: Path,
    estimate: Path,
    out: Path,
    tracker: str | None,
    training: frozenset[str] | None = None,
) -> AgreementReport:
    """The report of two matched tables.

    Args:
        matched: what the tables have in common.
        truth: file of the reference.
        estimate: file of what is under test.
        out: folder for the report, for its links.
        tracker: what to call the method; None for a name of simgait's choice.
        training: whom the method was trained on (none of them is in `matched`), None not said.
    """
    from simgait.compare.analysis import worst_trials
    from simgait.compare.evidence import AgreementReport
    from simgait.provenance import collect_provenance

    name, reference = method_names(matched, truth, estimate, tracker)
    methods = [
        f"Truth: {matched.truth_name}. Estimates: {matched.estimate_name}. Rows were matched by "
        f"the name of the walk; {matched.n_matched} are in both. Walks and values that are missing "
        "on one side are left out and listed."
    ]
    if training is not None:
        methods.append(
            f"The method was trained on {len(training)} people, as stated; none of the "
            f"{len(matched.people)} people here is among them."
        )
    if matched.not_compared:
        methods.append(f"Not compared: {'; '.join(matched.not_compared)}.")
    return AgreementReport(
        title=f"{name} against {reference}",
        tracker=name,
        measures=matched.measures,
        worst=worst_trials(matched.measures, page_links(matched, estimate, out)),
        methods=tuple(methods),
        notes=matched.notes,
        exclusions=matched.exclusions,
        n_offered=matched.n_offered,
        provenance=collect_provenance(
            {
                "truth": truth.name,
                "estimate": estimate.name,
                "measures": [measure.name for measure in matched.measures],
                "people_known": matched.people_known,
                "n_trained_on": None if training is None else len(training),
            },
            input_sha256={
                "truth": hashlib.sha256(truth.read_bytes()).hexdigest(),
                "estimate": hashlib.sha256(estimate.read_bytes()).hexdigest(),
            },
        ),
    )


def method_names(
    matched: MatchedTables, truth: Path, estimate: Path, tracker: str | None
) -> tuple[str, str]:
    """What the report calls the method and its reference.

    `summary` says nothing of who tracked, so a table of `simgait track` is simgait's.
    """
    name = tracker or ("simgait" if matched.by_simgait else estimate.stem)
    if name == truth.stem:
        return f"{name} (estimate)", f"{truth.stem} (truth)"
    return name, truth.stem


def page_links(matched: MatchedTables, estimate: Path, out: Path) -> dict[str, str]:
    """Trial -> its report of `simgait track`, where that lies beside the table and below OUT."""
    beside, below = estimate.resolve().parent, out.resolve()
    links = {}
    for trial, folder in matched.folders.items():
        page = beside / folder / "report.html"
        if page.is_file() and page.resolve().is_relative_to(below):
            links[trial] = page.resolve().relative_to(below).as_posix()
    return links
