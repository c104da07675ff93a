"""`simgait track`: recordings in, gait reports out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.progress import Progress

if TYPE_CHECKING:
    from simgait.cohort.track_files import Outcome

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

Open results/index.html in a browser. If one recording fails the others are still done; the failure
is listed there, in results/summary.csv, and on the screen, and the exit code is 1.
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
    options.add_policy_option(parser)
    parser.add_argument(
        "--min-frames",
        type=int,
        metavar="N",
        help="shortest walk in frames of 1/30 s (default: 75; 30 for motion capture; "
        "36 where a detector's recording shows the person for less than 75)",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace results that OUT already holds"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Track, report, summarise. Returns 1 if anything failed."""
    # Before JAX and MuJoCo load, which takes seconds.
    print(f"reading {reading(arguments.inputs)} ...", flush=True)
    from simgait.files import check_output_folder

    out = Path(arguments.out)
    height_m = options.checked_height(arguments.height_m)
    reader = options.reader_options(arguments)
    check_output_folder(out)

    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.cohort.inputs import find_inputs
    from simgait.cohort.results_folder import track_into
    from simgait.pipeline import TrackOptions

    policy, _ = options.load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    settings = TrackOptions(height_m, reader, arguments.min_frames)
    files = find_inputs(arguments.inputs, exclude=out)
    failed = done = 0
    with Progress(len(files)) as progress:
        for outcome in track_into(
            out, policy, files, settings, overwrite=arguments.overwrite, tell=progress.tell
        ):
            progress.line(outcome_line(outcome), error=bool(outcome.failure))
            progress.finished(outcome.label)
            failed += bool(outcome.failure)
            done += not outcome.failure
    if done:
        print(f"{done} report{'' if done == 1 else 's'} in {out}; start at {out / 'index.html'}")
    return 1 if failed else 0


def reading(inputs: Sequence[str]) -> str:
    """What is going to be read: one input by its name, several by their number."""
    return Path(inputs[0]).name if len(inputs) == 1 else f"{len(inputs)} inputs"


def outcome_line(outcome: Outcome) -> str:
    """One line per trial: what came out and may be used, or why nothing did."""
    from simgait.parameters.catalogue import parameter

    walk = outcome.walk
    if walk is None:
        return f"simgait: {outcome.label}: {outcome.failure}"
    marks = {"use": "", "single": " (one value)"}
    values = []
    for shown in map(parameter, ON_SCREEN):
        level = walk.verdict.number_level(shown.key, "both")
        if level in marks:
            mean = walk.gait.parameters[shown.key]["both"].mean
            values.append(f"{shown.display.text(mean)} {shown.display.unit.symbol}{marks[level]}")
    first, *others = walk.verdict.reasons or ("",)
    more = f" And {len(others)} more in the report." if others else ""
    reason = f" ({first}{more})" if first else ""
    return f"{outcome.trial_id}: {', '.join([walk.verdict.title, *values])}{reason}"
