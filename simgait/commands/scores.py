"""`simgait scores`: Gait Deviation Index, Gait Profile Score and their profile of given curves."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.new_file import add_new_file, new_file
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.cohort.person_scores import ScoreRow

EXAMPLES = """\
examples:
  simgait scores results
      walks of `simgait track`, again, against its own healthy people
  simgait scores results/p07/scored_curves.csv
      one of them
  simgait scores lab_curves.csv --reference lab.json
  simgait scores trials/*.c3d --reference lab.json -o scores.csv
      angles of the laboratory's own Plug-in Gait model, cycles from the file's foot events

A table has one row for each point of a gait cycle: side (left, right), percent (0 to 100 in 51 or
101 steps), a column for each of the nine angles (pelvis_tilt_deg, pelvis_obliquity_deg,
pelvis_rotation_deg, hip_flexion_deg, hip_adduction_deg, hip_rotation_deg, knee_flexion_deg,
ankle_dorsiflexion_deg, foot_progression_deg), and person and cycle where there are several.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "scores",
        help="GDI, GPS and movement analysis profile of joint angles",
        description="Score joint angles over the gait cycle against healthy people: Gait Deviation "
        "Index (Schwartz & Rozumalski 2008), Gait Profile Score and Gait Variable Scores (Baker et "
        "al. 2009), of every stride, side and person.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="results, tables, C3D files or a folder of them",
    )
    parser.add_argument(
        "--reference",
        metavar="FILE",
        help="healthy people, from `simgait reference`, whose angles were made as these were "
        "(default: those of the released policy, for results of `simgait track`)",
    )
    add_new_file(parser, "FILE.csv", "write all rows there", required=False)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the scores. Returns 1 if any file could not be scored.

    Raises:
        InputError: the reference cannot be read, or the table of scores not be written.
    """
    out = _out(arguments)
    from simgait.cohort.person_scores import HEADER, refuse_other_pipeline, score_rows
    from simgait.cohort.stride_tables import read_strides, scored_files
    from simgait.files import csv_text, write_whole
    from simgait.gait.known_scores import released_reference
    from simgait.gait.score_reference_file import read_reference

    named = arguments.reference
    reference = read_reference(Path(named)) if named else released_reference()
    rows: list[ScoreRow] = []
    failed = False
    for source in arguments.sources:
        try:
            files = scored_files(Path(source))
        except InputError as error:
            files, failed = [], True
            print(f"simgait: {error}", file=sys.stderr, flush=True)
        for file in files:
            try:
                table = read_strides(file)
                refuse_other_pipeline(table, reference)
            except InputError as error:
                failed = True
                print(f"simgait: {error}", file=sys.stderr, flush=True)
                continue
            for note in table.notes:
                print(f"simgait: {note}", file=sys.stderr, flush=True)
            own = list(score_rows(table, reference))
            print("\n".join(map(_line, (row for row in own if not row.cycle))), flush=True)
            rows += own
    if rows:
        print(f"against {reference.name}: {reference.origin}")
        print(f"angles of that reference: {reference.pipeline}; others have other offsets")
    if rows and out:
        write_whole(out, csv_text(HEADER, [row.cells() for row in rows]))
    return 1 if failed else 0


def _out(arguments: argparse.Namespace) -> Path | None:
    """Where the rows go; checked before anything is read."""
    if not arguments.out:
        return None
    read = [*arguments.sources, *([arguments.reference] if arguments.reference else [])]
    return new_file(
        arguments.out, ".csv", "a table of scores", overwrite=arguments.overwrite, inputs=read
    )


def _line(row: ScoreRow) -> str:
    if not row.is_usable:
        why = f": {' '.join(row.judged.reasons)}" if row.judged.reasons else ""
        name = f"do not use, says the walk's own report{why}"
    elif row.is_sagittal:
        name = f"sagittal GPS {row.gps_deg:.1f}°"
    else:
        gdi = _with_reach(row.gdi_points, row.interval("gdi_points", row.gdi_points)[1])
        gps = _with_reach(row.gps_deg, row.interval("gps_deg", row.gps_deg)[1])
        name = f"GDI {gdi}, GPS {gps}°"
        name += f", {row.judged.level}" if row.judged.level in ("rough", "single") else ""
    who = f"{row.source}{', ' + row.person if row.person else ''}"
    return f"{who}, {row.side}: {name} ({row.strides} stride{'' if row.strides == 1 else 's'})"


def _with_reach(mean: float, high: float) -> str:
    """A mean with the half-width of its interval, where that is known."""
    return f"{mean:.1f}" + (f" ±{high - mean:.1f}" if math.isfinite(high) else "")
