"""`simgait cohort`: a study by its manifest: checked, tracked, reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.progress import NOTE, Progress
from simgait.commands.stopping import stoppable
from simgait.errors import InputError
from simgait.parameters.wording import counted

if TYPE_CHECKING:
    from simgait.cohort.study.engine import Engine
    from simgait.cohort.study.manifest import Manifest, Parsers
    from simgait.cohort.study.share import Share

EPILOG = """\
examples:
  simgait cohort check study.csv
      everything that is wrong with the manifest, in seconds; nothing is tracked
  simgait cohort run study.csv -o study
      every recording that is not done yet; the same command goes on after it was stopped
  simgait cohort run DIR --pattern '{person}/{visit}/{trial}.c3d' --people people.csv -o study
      without a manifest: the names of the files say who walks, a table how tall they are
  simgait cohort run study.csv -o study --engine ray --workers 8
      the same numbers from eight processes, each with a core
  simgait cohort report study
      who is in, who is out and why, how numbers spread; agreement with a truth where there is one
  simgait cohort report study --by sex --by arm
      the same, and numbers of each visit and condition by sex and a column of your own

The manifest is CSV or Parquet with a line for each recording. It needs the columns trial, person
(codes) and path (from the manifest's own folder). visit and condition are codes too; lines of one
person, visit and camera_place are tracked as one visit. What `simgait track` takes as options are
columns: height_m, age_years, sex, fps_hz, unit, axes, keypoint_set, distance_m, ... truth_ before
a measure (truth_velocity_mps) gives what another instrument measured. Columns of your own are
carried along. docs/how-to/study.md has more.
"""
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "cohort",
        help="a whole study by its manifest: check, run, report",
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
    add_manifest(check)
    check.set_defaults(run=run_check)
    _add_run(actions)


def add_manifest(parser: argparse.ArgumentParser) -> None:
    """Options that say which recordings are meant."""
    parser.add_argument(
        "manifest",
        metavar="MANIFEST",
        help="CSV or Parquet; a data set of BIDS-Motion; with --pattern, a folder",
    )
    add_pattern(parser, "MANIFEST")


def add_pattern(parser: argparse.ArgumentParser, folder: str) -> None:
    """Options that say how the recordings of a folder are named; `folder` is what names it."""
    parser.add_argument(
        "--pattern",
        metavar="TEXT",
        help=f"{folder} is a folder, and its recordings are named so: "
        "'{person}/{visit}/{trial}.c3d' (braces hold columns of a manifest, * is anything "
        "within one name)",
    )
    parser.add_argument(
        "--people",
        metavar="FILE",
        help="with --pattern: table with a column person (or person and visit) and what is known "
        "of each, such as height_m",
    )


def read_asked(arguments: argparse.Namespace, out: Path | None = None) -> Manifest:
    """The manifest that `add_manifest` asks for; `out` is passed over in a folder."""
    return read_named(arguments.manifest, arguments, out)


def read_named(given: str, arguments: argparse.Namespace, out: Path | None = None) -> Manifest:
    """A manifest, data set or folder, with the pattern and people that `add_pattern` asks for."""
    from simgait.cohort.study.manifest_check import read_dataset, read_folder, read_manifest
    from simgait.recordings.bids_dataset import is_dataset

    path = Path(given)
    if arguments.pattern is None:
        if arguments.people:
            raise InputError("--people goes with --pattern; in a manifest each line says it.")
        if path.is_dir() and is_dataset(path):
            return read_dataset(path, parsers())
        if path.is_dir():
            raise InputError(
                f"{path.absolute().name}: is a folder; say how its recordings are named, such as "
                "--pattern '{person}/{visit}/{trial}.c3d', or name a manifest, a CSV or Parquet "
                "file."
            )
        return read_manifest(path, parsers())
    people = Path(arguments.people) if arguments.people else None
    return read_folder(path, arguments.pattern, parsers(), people, out)


def _add_run(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "run",
        help="track all recordings of a manifest into tables",
        description="Track every recording of a manifest and write trials, cycles, curves and "
        "persons as Parquet, with a dictionary of their columns. Each recording ends as done, not "
        "usable or failed; none stops the others. Needs the extra simgait[cohort].",
    )
    add_manifest(parser)
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the tables")
    parser.add_argument(
        "--reports", action="store_true", help="write a report for each walk too, in OUT/reports"
    )
    parser.add_argument(
        "--min-frames",
        type=int,
        metavar="N",
        help="shortest walk in frames of 1/30 s (default: as of simgait track)",
    )
    parser.add_argument(
        "--batch",
        type=int,
        metavar="N",
        help="walks that are tracked and kept at a time (default: 64, with --engine ray 32); fewer "
        "are slower, and less is lost when it is stopped",
    )
    options.add_healthy_options(parser)
    _add_engine(parser)
    options.add_policy_option(parser)
    parser.set_defaults(run=run_study)
    report = actions.add_parser(
        "report",
        help="write the page of a study that was tracked",
        description="Write cohort.html: who is in, who is out and why, how each number spreads, "
        "what lies apart, how repeats agree, subgroups. Where the manifest has a truth, its "
        "agreement too.",
    )
    report.add_argument("study", metavar="OUT", help="folder that simgait cohort run wrote")
    report.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="COLUMN",
        help="divide people by this column of the manifest too, beside visit and condition: sex, "
        "age_years (in bands), aids, or one of your own; may be given more than once",
    )
    options.add_pdf_option(report)
    report.set_defaults(run=run_report)


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="local: this process (the default); ray: several processes, of this machine or of a "
        "Ray cluster, with the same numbers; needs the extra simgait[ray]",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="with --engine ray: processes that work at a time, 1.3 GiB each (default: one for "
        "each core)",
    )
    parser.add_argument(
        "--address",
        metavar="TEXT",
        help="with --engine ray: of a cluster that runs already, as host:port, or auto; its "
        "machines need this simgait, and the recordings at the same place (default: a cluster of "
        "this machine alone, which ends with the command)",
    )
    parser.add_argument(
        "--part",
        metavar="K/N",
        help="track the K-th of N parts only, as one of N processes on any machines; the same "
        "command without it then writes the tables",
    )


def _part(arguments: argparse.Namespace) -> Share | None:
    if arguments.part is None:
        return None
    from simgait.cohort.study.share import share_of_text

    return share_of_text(arguments.part)


def _check_engine(arguments: argparse.Namespace) -> None:
    """Refuses at once what makes no sense, or is not installed."""
    if arguments.engine == "local":
        for name in ("workers", "address"):
            if getattr(arguments, name) is not None:
                raise InputError(f"--{name} goes with --engine ray.")
        return
    if arguments.workers is not None and arguments.workers < 1:
        raise InputError("--workers: at least one process works.")
    from simgait.cohort.study.ray_library import ray_library

    ray_library()


def _engine(arguments: argparse.Namespace) -> AbstractContextManager[Engine | None]:
    """Who reads and tracks; None: this process."""
    if arguments.engine == "local":
        return nullcontext()
    from simgait.cohort.study.ray_engine import ray_workers

    return ray_workers(arguments.workers, arguments.address)


def parsers() -> Parsers:
    """How the text of each fact about a recording is read, as `simgait track` reads its options."""
    flags = (*options.read_flags(), *options.REPORT_FLAGS)
    return {flag.fact: _cell_reader(flag) for flag in flags}


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
    manifest = read_asked(arguments)
    say_notes(manifest.study_notes)
    say_problems(manifest)
    people = {line.person for line in manifest.lines if line.person}
    print(
        f"{counted(len(manifest.lines), 'trial')} of {_people(len(people))}: "
        f"{counted(manifest.n_problems, 'problem') if manifest.n_problems else 'no problem'}"
    )
    return 1 if manifest.n_problems else 0


def run_study(arguments: argparse.Namespace) -> int:
    """Track, keep, write the tables. Returns 1 if any recording failed."""
    path, out = Path(arguments.manifest), Path(arguments.out)
    print(f"reading {path.name} ...", flush=True)
    from simgait.cohort.study.manifest_cells import parquet

    parquet()  # or one sentence that it is not installed, before anything else
    if arguments.batch is not None and arguments.batch < 1:
        raise InputError("--batch: at least one walk is tracked at a time.")
    _check_engine(arguments)
    share = _part(arguments)
    from simgait.compare.norm_file import norms_of_reference, own_norms

    norms = own_norms(arguments.norms)
    manifest = read_asked(arguments, out)
    say_notes(manifest.study_notes if arguments.pattern else ())
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.cohort.study.columns import FAILED, OUTCOMES
    from simgait.cohort.study.run import Study, outcome_words, study_outcomes
    from simgait.cohort.study.run import run_study as tracked
    from simgait.gait.known_scores import own_reference
    from simgait.pipeline import check_min_frames

    check_min_frames(arguments.min_frames, "--min-frames")
    policy, _ = options.load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    reference = own_reference(arguments.reference, policy.sha256)
    with (
        stoppable(lambda: STOPPED, at_any_moment=True),
        Progress(len(manifest.lines), "recording", in_batches=True) as progress,
        _engine(arguments) as workers,
    ):
        study = Study(
            out, policy, manifest, arguments.min_frames, arguments.reports,
            arguments.batch, progress.tell, workers, share,
            reference, norms or norms_of_reference(reference),
        )  # fmt: skip
        counts = dict.fromkeys(OUTCOMES, 0)
        with closing(tracked(study)) as ended:
            for line, result in ended:
                counts[result.outcome] += 1
                progress.finished(line.trial)
                if result.outcome == FAILED:
                    progress.line(f"simgait: {line.trial}: {result.reason}", error=True)
    if share is not None:
        print(f"part {share.text}: {outcome_words(counts)} now; {JOINED}")
        return 1 if counts[FAILED] else 0
    counts = study_outcomes(out)
    print(f"{outcome_words(counts)}; the tables are in {out}")
    return 1 if counts[FAILED] else 0


def run_report(arguments: argparse.Namespace) -> int:
    """Write the page. Returns 1 where there is a truth and nothing can be said of it."""
    from simgait.report.browser_pdf import check_browser, print_beside

    out = Path(arguments.study)
    check_browser(arguments.pdf)
    print(f"reading {out.name} ...", flush=True)
    from simgait.jax_setup import import_mjx_quietly

    import_mjx_quietly()
    from simgait.cohort.study.report import write_study_report

    page, problem = write_study_report(out, arguments.by)
    if problem:
        print(f"simgait: agreement: {problem}", file=sys.stderr)
    print_beside(page, wanted=arguments.pdf)
    print(f"The page is {page}")
    return 1 if problem else 0


JOINED = "when all parts have ended, the same command without --part writes the tables."
STOPPED = "stopped; what was tracked is kept. The same command again goes on from there."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def say_notes(notes: Iterable[str]) -> None:
    """Each on a line of stdout."""
    for note in notes:
        print(f"{NOTE}{note}")


def say_problems(manifest: Manifest) -> None:
    """On stderr, line by line."""
    for sentence in manifest.problems:
        print(f"simgait: {sentence}", file=sys.stderr)
    for line in manifest.lines:
        for sentence in line.problems:
            print(f"simgait: {line.place}: {sentence}", file=sys.stderr)
