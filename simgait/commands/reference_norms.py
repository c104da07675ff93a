"""`simgait reference norms`: a table for --norms out of MATLAB files that the user has."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from simgait.commands.new_file import add_new_file, new_file
from simgait.errors import InputError


def add_norms(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    norms = actions.add_parser(
        "norms",
        help="normal ranges and curves by age, from Control_Kinematics.mat and TempSpatNorms.mat",
        description="Make a table for --norms out of your own copy of the two files of norms by "
        "age that come with WAAAG. The table holds their numbers: whether you may pass it on, "
        "their licence says.",
    )
    norms.add_argument("--kinematics", metavar="FILE.mat", help="joint curves by age, mean and SD")
    norms.add_argument("--times", metavar="FILE.mat", help="cadence, speed and lengths by age")
    norms.add_argument(
        "--sd-percent",
        nargs="+",
        default=[],
        metavar="PARAMETER=PERCENT",
        help="SD between people in %% of the mean, which --times lacks: velocity_mps=13",
    )
    norms.add_argument(
        "--people", type=int, metavar="N", help="how many people that SD is of; --times lacks it"
    )
    norms.add_argument(
        "--source", required=True, help="whose numbers these are, as the report says it; no person"
    )
    add_new_file(norms, "FILE.csv", "the table, for --norms")
    norms.set_defaults(run=run_norms)


def run_norms(arguments: argparse.Namespace) -> int:
    """Write the table.

    Raises:
        InputError: no file is named, one cannot be read, or nothing comes out.
    """
    from simgait.cohort.published_norms import HEADING, PublishedNorms, curve_norms, time_norms
    from simgait.files import csv_text, write_whole

    read = [one for one in (arguments.kinematics, arguments.times) if one]
    if not read:
        raise InputError("Name a file of norms: --kinematics FILE.mat, --times FILE.mat, or both.")
    out = new_file(
        arguments.out, ".csv", "a table of norms", overwrite=arguments.overwrite, inputs=read
    )
    source = " ".join(arguments.source.split())
    if not source:
        raise InputError("--source: is empty; say whose numbers these are.")
    made: list[PublishedNorms] = []
    if arguments.kinematics:
        made.append(curve_norms(Path(arguments.kinematics), source))
    if arguments.times:
        sd_percent = _said_sds(arguments.sd_percent)
        made.append(time_norms(Path(arguments.times), source, sd_percent, arguments.people))
    elif arguments.sd_percent or arguments.people is not None:
        raise InputError("--sd-percent and --people are of --times; name that file, too.")
    rows = [row for one in made for row in one.rows]
    for note in (note for one in made for note in one.notes):
        print(f"simgait: {note}", file=sys.stderr)
    if not rows:
        raise InputError(
            f"{Path(read[0]).name}: nothing of it has an SD, so there is no table; say SDs and n "
            "with --sd-percent and --people, or give --kinematics."
        )
    write_whole(out, csv_text(HEADING, ([row[name] for name in HEADING] for row in rows)))
    numbers = sum(row["percent"] == "" for row in rows)
    print(f"{out.name}: {numbers} normal ranges, {len(rows) - numbers} points of joint curves")
    return 0


def _said_sds(texts: Iterable[str]) -> dict[str, float]:
    said: dict[str, float] = {}
    for key, percent in map(_said_sd, texts):
        if key in said:
            raise InputError(f"--sd-percent: {key[:40]} is there twice; keep one of the two.")
        said[key] = percent
    return said


def _said_sd(text: str) -> tuple[str, float]:
    key, _, percent = text.partition("=")
    try:
        return key, float(percent)
    except ValueError:
        raise InputError(
            f"--sd-percent: '{text[:40]}' is none; write it as velocity_mps=13."
        ) from None
