"""`simgait travel-factor`: what a camera's and detector's paths are multiplied by, from truth."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.new_file import add_new_file, refuse_existing, with_ending
from simgait.errors import InputError
from simgait.parameters.wording import counted

if TYPE_CHECKING:
    from simgait.cohort.study.manifest import Line
    from simgait.trials.camera_factor import CameraFactor, KnownWalk

TRUE_SPEED = "velocity_mps"
"""Column `truth_velocity_mps` of the manifest."""
EPILOG = """\
examples:
  simgait travel-factor known.csv
      the factor, its SD, and how well each person's speed is told by the others' factor
  simgait travel-factor known.csv -o camera12.json
      the same, and kept

known.csv is a manifest (`simgait cohort --help`) of walks before one camera that does not move,
seen by one detector: columns trial, person, path, height_m, and of each walk one of
distance_m (walked straight, from the first frame to the last), speed_mps (the same by a speed), or
truth_velocity_mps (of the straight walking in it, as a walkway gives it). At least 4 walks of 3
people, whoever they are; slow and fast ones tell the slope. docs/how-to/detectors.md has more.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "travel-factor",
        help="find a camera's and detector's --travel-factor from walks of known speed",
        description="Find what the paths of one camera and detector are to be multiplied by, from "
        "a few walks of any people whose speed or distance is known. Nothing is tracked.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("manifest", metavar="MANIFEST", help="CSV or Parquet, a line per walk")
    add_new_file(parser, "FILE.json", "what was found, to be kept", required=False)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, tell. Returns 1 where a walk could not be used.

    Raises:
        InputError: the manifest is wrong as a whole, or too few walks are left.
    """
    from simgait.commands.cohort import parsers
    from simgait.files import write_whole
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.cohort.study.manifest_check import read_manifest
    from simgait.trials.camera_factor import camera_factor

    out = None
    if arguments.out is not None:
        out = with_ending(arguments.out, ".json", "a travel factor")
        refuse_existing(out, overwrite=arguments.overwrite)
    manifest = read_manifest(Path(arguments.manifest), parsers())
    if manifest.problems:
        raise InputError(f"{manifest.name}: {manifest.problems[0]}")
    walks: list[KnownWalk] = []
    failed = 0
    for line in manifest.lines:
        try:
            walks.append(_walk(line))
        except InputError as error:
            failed += 1
            print(f"simgait: {line.place}: {error}", file=sys.stderr)
    found = camera_factor(walks)
    for text in told(found, walks):
        print(text)
    if out is not None:
        kept = {name: None if _is_nan(value) else value for name, value in asdict(found).items()}
        write_whole(out, json.dumps(kept, indent=1) + "\n")
        print(f"Written: {out}")
    return 1 if failed else 0


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _walk(line: Line) -> KnownWalk:
    """One line's recording with what is known of it.

    Raises:
        InputError: the line is wrong, or its recording is of no use here.
    """
    from simgait import pipeline
    from simgait.trials.camera_factor import known_walk

    if line.problems or line.path is None:
        raise InputError(line.problems[0] if line.problems else "names no recording.")
    recording, _ = pipeline.read(line.path, line.options())
    true_mps = line.truth.get(TRUE_SPEED)
    return known_walk(recording, line.person, true_mps, pipeline.preparation_for(recording, None))


def told(found: CameraFactor, walks: list[KnownWalk]) -> Iterator[str]:
    """What was found, in lines."""
    from simgait.trials.camera_factor import ALONG

    yield (
        f"{counted(found.n_walks, 'walk')} of {found.n_people} people, "
        f"{found.slowest_mps:.2f} to {found.fastest_mps:.2f} m/s"
    )
    yield f"--travel-factor {found.factor:.3f}, SD {found.sd:.3f} for the walk of somebody else"
    if _is_nan(found.slope):
        yield "slope: not told, as the true speeds are too alike"
    else:
        yield (
            f"slope of these speeds on the true ones {found.slope:.2f} "
            f"(standard error {found.slope_se:.2f})"
        )
    yield (
        f"each person by the factor of the others: bias {found.others_bias_mps:+.3f} m/s, RMSE "
        f"{found.others_rmse_mps:.3f} m/s ({found.others_rmse_percent:.1f} %); without any truth, "
        f"by what is known of detectors: RMSE {found.others_expected_rmse_mps:.3f} m/s"
    )
    aside = [one.name for one in walks if one.seen_along < ALONG]
    if aside:
        yield (
            f"note: {len(aside)} of the walks go obliquely or across the picture; the factor is of "
            "ways that are seen as these are"
        )
    yield f"in a file of --keypoint-set: [travel] factor = {found.factor:.3f}, sd = {found.sd:.3f}"
