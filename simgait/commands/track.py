"""`simgait track`: recordings in, gait reports out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.option_values import number
from simgait.commands.progress import Progress
from simgait.commands.stopping import stoppable
from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.telling import heard_by

if TYPE_CHECKING:
    from simgait.cohort.inputs import InputFile
    from simgait.cohort.one_visit import OneVisit
    from simgait.cohort.outcome import Outcome
    from simgait.pipeline import TrackOptions
    from simgait.tracking.policies import Policy

EXAMPLES = """\
examples:
  simgait track walk.c3d -o results
      one motion capture trial; the height comes from the file
  simgait track walk.npz --height 1.72 -o results
      keypoints of a video in simgait's own format (see docs/recording-format.md)
  simgait track metrabs.npy --height 1.72 --keypoint-set movi-87 --fps 30 --unit mm \\
      --axes 'y-down z-forward' -o results
      the output of a detector as it is
  simgait track session/ treadmill.c3d -o results
      every recording in a folder, and one more; each walk gets a folder of its own
  simgait track visit/ --one-visit --height 1.72 --distance-of there.npz=6.2 -o results
      walks of one person before one camera that did not move: each is tracked in the light of all;
      the person walks 6.2 m in the first, which sets the camera's distances for all of them

Open results/index.html in a browser. If one recording fails the others are still done; the failure
is listed there, in results/summary.csv, and on the screen, and the exit code is 1. A command that
was stopped goes on when it is given again: walks that are done are kept.
"""


ON_SCREEN = ("velocity_mps", "cadence_spm")
"""Of the catalogue's parameters, those in the line of a walk."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "track",
        help="track recordings and write gait reports",
        description="Let the simulated body walk each recorded walk, and write a report with "
        "spatiotemporal parameters, joint angles, ground forces and a 3D replay.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="recordings, or folders of them")
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the results")
    options.add_reader_options(parser)
    options.add_report_options(parser)
    add_visit_options(parser)
    options.add_policy_option(parser)
    add_run_options(parser)
    parser.set_defaults(run=run)


def add_visit_options(parser: argparse.ArgumentParser) -> None:
    """Options about what the recordings have in common."""
    visit = parser.add_argument_group("one visit")
    visit.add_argument(
        "--one-visit",
        action="store_true",
        help="all recordings are walks of one person before one camera that did not move: body, "
        "scale of distances and the camera's error between left and right are shared among them; "
        "OUT/visit.html has all of them on one page",
    )
    visit.add_argument(
        "--distance-of",
        type=distance_of,
        action="append",
        default=[],
        metavar="FILE=M",
        help="of one recording of the visit: metres that the person walks in it, straight, from "
        "the first frame to the last; tells the camera's scale for the others too",
    )


def distance_of(text: str) -> tuple[str, float]:
    """Name of a recording and metres, written walk1.npz=6.2."""
    name, equals, metres = text.rpartition("=")
    if not (equals and name):
        raise argparse.ArgumentTypeError(f"'{text}' names no recording; write walk1.npz=6.2")
    return Path(name).name, number(metres)


def said_visit(arguments: argparse.Namespace) -> OneVisit | None:
    """What was said of the recordings as a visit; None where they are tracked one by one.

    Raises:
        InputError: a distance of one recording without a visit, or that nobody walks.
    """
    from simgait.cohort.one_visit import OneVisit

    if arguments.one_visit:
        return OneVisit(dict(arguments.distance_of))
    if arguments.distance_of:
        raise InputError(
            "--distance-of is about one recording of a visit; add --one-visit if all are walks of "
            "one person before one camera, else give --distance."
        )
    return None


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Options about the run that the other way in, `simgait walk`, has as well."""
    parser.add_argument(
        "--min-frames",
        type=int,
        metavar="N",
        help="shortest walk in frames of 1/30 s (default: 75; 30 for motion capture; "
        "36 where no straight walk of a detector's recording has 75)",
    )
    parser.add_argument(
        "--keep-video",
        action="store_true",
        help="of a video: also write overlay.webm, the video with the simulated body on it and the "
        "faces of everybody who was found covered",
    )
    parser.add_argument(
        "--opinions",
        action="store_true",
        help="ask other people's methods about each walk: a section of its report, opinions.csv "
        "(simgait companion list names them; some seconds a walk)",
    )
    parser.add_argument(
        "--twin",
        action="store_true",
        help="ask them, and let the physics walk the normative twin that GenGait makes, the walk "
        "with its wrong joints put right: beside the body in the replay, twin_parameters.csv",
    )
    options.add_healthy_options(parser)
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="print each report as PDF too, its first sheet what is filed; needs Chromium, Chrome "
        "or Edge",
    )
    parser.add_argument(
        "--docx",
        action="store_true",
        help="write the first sheet of each report as a Word document too; needs python-docx: "
        "pip install 'simgait[docx]'",
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="track again, and replace, what OUT holds from another policy, other options, another "
        "simgait, or a file that has changed, and a comparison or a twin that lies there",
    )


def run(arguments: argparse.Namespace) -> int:
    """Track, report, summarise. Returns 1 if anything failed."""
    # Before JAX and MuJoCo load, which takes seconds.
    print(f"reading {reading(arguments.inputs)} ...", flush=True)
    from simgait.cohort.inputs import recordings_in, video_notes
    from simgait.compare.norm_file import own_norms
    from simgait.files import check_output_folder
    from simgait.report.browser_pdf import check_browser
    from simgait.report.word.document import check_word

    out = Path(arguments.out)
    height_m = options.checked_height(arguments.height_m)
    reader = options.reader_options(arguments)
    visit = said_visit(arguments)
    files = recordings_in(arguments.inputs, exclude=out)
    options.warn_of_names(arguments, [file.label for file in files])
    for note in video_notes(arguments.inputs, files, exclude=out):
        print(f"note: {note}", flush=True)
    check_output_folder(out)
    check_browser(arguments.pdf or None)
    check_word(arguments.docx)
    norms = own_norms(arguments.norms)

    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.compare.norm_file import norms_of_reference
    from simgait.gait.known_scores import own_reference
    from simgait.pipeline import TrackOptions, check_min_frames

    check_min_frames(arguments.min_frames, "--min-frames")
    policy, _ = options.load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    reference = own_reference(arguments.reference, policy.sha256)
    settings = TrackOptions(
        height_m, reader, arguments.min_frames, arguments.keep_video,
        arguments.opinions, arguments.twin, reference,
        norms or norms_of_reference(reference),
    )  # fmt: skip
    tally = Tally(out)
    with (
        stoppable(tally.when_stopped, at_any_moment=True),
        Progress(len(files), in_batches=True) as progress,
    ):
        track(out, policy, files, settings, visit, arguments.overwrite, progress, tally)
    if arguments.pdf:
        print_reports(out, tally.folders)
    if arguments.docx:
        write_documents(out, tally.folders)
    print(tally.at_the_end())
    return 1 if tally.failed else 0


def print_reports(out: Path, folders: Sequence[str]) -> None:
    """Prints those reports that have no PDF yet, and the page of a visit.

    Raises:
        InputError: one could not be printed.
    """
    from simgait.report.browser_pdf import print_beside
    from simgait.report.visit.page import PAGE, PDF

    missing = pages_without(out, folders, ".pdf")
    if (out / PAGE).is_file() and not (out / PDF).is_file():
        missing.append(out / PAGE)
    if missing:
        print(f"printing {counted(len(missing), 'report')} as PDF ...", flush=True)
    for page in missing:
        print_beside(page, wanted=True)


def write_documents(out: Path, folders: Sequence[str]) -> None:
    """Writes the Word document of those reports that have none yet.

    Raises:
        InputError: one could not be written.
    """
    from simgait.report.word.document import word_beside

    missing = pages_without(out, folders, ".docx")
    if missing:
        print(f"writing {counted(len(missing), 'Word document')} ...", flush=True)
    for page in missing:
        word_beside(page)


def pages_without(out: Path, folders: Sequence[str], suffix: str) -> list[Path]:
    """The reports in these folders beside which no file of their name and this ending lies."""
    pages = [out / folder / "report.html" for folder in folders]
    return [page for page in pages if not page.with_suffix(suffix).is_file()]


@dataclass
class Tally:
    """What came out so far, in numbers."""

    out: Path
    done: int = 0
    kept: int = 0
    standing: int = 0
    failed: int = 0
    folders: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """One more."""
        if outcome.folder:
            self.folders.append(outcome.folder)
        self.failed += bool(outcome.failure)
        self.kept += outcome.kept
        self.standing += outcome.is_standing and not outcome.kept
        self.done += not (outcome.failure or outcome.kept or outcome.is_standing)

    def at_the_end(self) -> str:
        """What there is, and where."""
        parts = [counted(self.done, "report")] if self.done or not self.kept else []
        if self.kept:
            parts.append(f"{counted(self.kept, 'walk')} done before and kept")
        if self.standing:
            parts.append(counted(self.standing, "standing trial"))
        if self.failed:
            parts.append(f"{self.failed} failed")
        start = f"; start at {self.out / 'index.html'}" if self.done or self.kept else ""
        return f"{', '.join(parts)} in {self.out}{start}"

    def when_stopped(self) -> str:
        """What is kept, and how to go on."""
        done = self.done + self.kept
        kept = (
            f"{counted(done, 'walk')} {'is' if done == 1 else 'are'} done and listed in "
            f"{self.out / 'index.html'}"
            if done
            else "no walk was done yet"
        )
        return f"stopped; {kept}. The same command again goes on from there."


def track(
    out: Path,
    policy: Policy,
    files: Sequence[InputFile],
    settings: TrackOptions,
    visit: OneVisit | None,
    overwrite: bool,
    progress: Progress,
    tally: Tally,
) -> None:
    """Track, and say what comes out."""
    from simgait.cohort.results_folder import track_into

    outcomes = track_into(
        out, policy, files, settings, visit=visit, overwrite=overwrite, tell=progress.tell
    )
    # Closed at the end: the table is written before anything else is said.
    with heard_by(progress.tell), closing(outcomes):
        for outcome in outcomes:
            tally.count(outcome)
            if outcome.kept:
                progress.skipped(outcome.label)
                continue
            progress.line(outcome_line(outcome), error=bool(outcome.failure))
            progress.finished(outcome.label)


def reading(inputs: Sequence[str]) -> str:
    """What is going to be read: one input by its name, several by their number."""
    return Path(inputs[0]).name if len(inputs) == 1 else f"{len(inputs)} inputs"


def outcome_line(outcome: Outcome) -> str:
    """One line per trial: what came out and may be used, or why nothing did."""
    from simgait.parameters.catalogue import parameter

    if outcome.failure or outcome.row is None:
        return f"simgait: {outcome.label}: {outcome.failure}"
    if outcome.is_standing:
        return f"{outcome.trial_id}: {outcome.title}, not tracked"
    not_to_use, rough, single = (
        outcome.row[name].split() for name in ("do_not_use", "rough", "single")
    )
    values = []
    for shown in map(parameter, ON_SCREEN):
        column = shown.summary_column("both")
        if outcome.row[column] and column not in not_to_use:
            text = shown.display.text(float(outcome.row[column]))
            high = outcome.row[shown.interval_columns("both")[1]]
            if high:
                text += f" ±{shown.display.width(float(high) - float(outcome.row[column]))}"
            mark = " (rough)" if column in rough else " (one value)" if column in single else ""
            values.append(f"{text} {shown.display.unit.symbol}{mark}")
    first, *others = outcome.reasons or ("",)
    more = f" And {len(others)} more in the report." if others else ""
    reason = f" ({first}{more})" if first else ""
    return f"{outcome.trial_id}: {', '.join([outcome.title, *values])}{reason}"
