"""`simgait companion`: other people's methods, listed, trained, run and judged."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.companion_training import add_train, clock
from simgait.commands.companion_twin import add_track_twin, check_track_twin, tell_twin_walk
from simgait.commands.new_file import new_file
from simgait.commands.option_values import number, picture_size
from simgait.commands.page_folder import refuse_walks, remove_and_tell
from simgait.errors import InputError
from simgait.parameters.wording import with_minus

if TYPE_CHECKING:
    from simgait.estimators.companion import Companion, Opinion, Said

EXAMPLES = """\
examples:
  simgait companion list
  simgait companion run openpose-gdi json_folder --fps 30 --height 1.72
      what OpenPose wrote with --write_json: GDI, speed, cadence, knee, asymmetry, with intervals
  simgait companion run gait-transformer walk.npz --height 1.72
  simgait companion run gengait walk.npz --height 1.72 --twin twin_folder
      which joints are wrong, and the walk with them put right; with --track-twin, or by
      simgait track walk.npz --twin, the physics walks it
  simgait companion evaluate openpose-gdi --people 100
      beside the mean and a ridge, on synthetic people whom nothing was learned from
  simgait companion train openpose-gdi -o runs/mine --machine "2 CPU cores"
  simgait companion train openpose-gdi -o runs/lab --labels table.csv --reference lab.json \\
      --machine "2 CPU cores"
  simgait companion train gengait -o runs/lab --walks controls.csv --machine "2 CPU cores"
      from your own people's normal walks, beside the synthetic walkers
  simgait companion train gdi-net --designs vgg16 --beside released -o runs/vgg16 \\
      --machine "2 CPU cores"
  simgait companion train angle-refiner -o runs/lab --pairs curves.csv --machine "2 CPU cores"
"""
PEOPLE = 100
"""Chosen: the SE of an RMSE over so many is 7 % of it, and they take a few minutes."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "companion",
        help="other people's methods: list, train, run, evaluate",
        description="Other people's methods beside simgait's, without physics: second opinions on "
        "a walk, each with its own training, card and comparison with trivial rivals.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="which there are, what each reads and says")
    listed.set_defaults(run=run_list)
    _add_run(actions)
    _add_evaluate(actions)
    add_train(actions)


def _add_run(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser("run", help="what one says of a walk")
    parser.add_argument("name", metavar="COMPANION")
    parser.add_argument("walk", metavar="WALK", help="a file, or a folder of frames")
    parser.add_argument("--height", type=number, metavar="M", help="body height, metres")
    parser.add_argument("--fps", type=number, metavar="HZ", help="frames per second")
    parser.add_argument(
        "--person", type=int, metavar="N", help="of several people, 1 is seen longest"
    )
    parser.add_argument(
        "--picture", type=picture_size, metavar="WxH", help="size of the pictures, to check"
    )
    parser.add_argument("--keypoint-set", metavar="NAME", help="which points the file holds")
    parser.add_argument(
        "--network", metavar="NAME",
        help="one of a companion's networks, which companion list names (default: its card's)",
    )  # fmt: skip
    parser.add_argument(
        "--before", metavar="WALK",
        help="an earlier walk of the same person: say what changed since (openpose-gdi)",
    )  # fmt: skip
    parser.add_argument("--weights", metavar="DIR", help="folder of your own training")
    parser.add_argument("-o", "--out", metavar="FILE.csv", help="write the numbers there")
    parser.add_argument(
        "--twin", metavar="DIR",
        help="of companions that make one: the walk put right, as page, tables and recording",
    )  # fmt: skip
    add_track_twin(parser)
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace FILE.csv, or the twin or comparison in DIR; your own files there stay",
    )
    parser.set_defaults(run=run_one)


def _add_evaluate(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser("evaluate", help="how good one is on people unseen")
    parser.add_argument("names", nargs="*", metavar="COMPANION")
    parser.add_argument("--all", action="store_true", help="every companion")
    parser.add_argument(
        "--people", type=int, default=PEOPLE, metavar="N", help="default: %(default)s"
    )
    parser.add_argument("--weights", metavar="DIR", help="folder of your own training")
    parser.add_argument(
        "--leak",
        action="store_true",
        help="train on a split that leaks and on a clean one: what the first hides (minutes)",
    )
    parser.set_defaults(run=run_evaluate)


def run_list(arguments: argparse.Namespace) -> int:
    """Print every companion."""
    from simgait.companions import companion_names, load_companion

    for name in companion_names():
        one = load_companion(name)
        print(f"{name}: {one.about}")
        print(f"  reads     {one.reads}\n  says      {one.says}")
        if one.networks:
            print(f"  networks  {', '.join(one.networks)} (--network)")
        if one.learning is not None and one.learning.designs:
            print(f"  designs   {', '.join(one.learning.designs)} (train --designs)")
        print(f"  rivals    {', '.join(one.rivals)}")
    return 0


def run_one(arguments: argparse.Namespace) -> int:
    """Print what a companion says of a walk, and write it where asked."""
    from simgait.companions import load_companion
    from simgait.estimators.companion import Asked
    from simgait.jax_setup import configure_jax
    from simgait.limits import check_height

    companion = load_companion(arguments.name)
    check_track_twin(arguments, companion)
    walk = _existing(arguments.walk)
    out = None
    if arguments.out:
        out = new_file(
            arguments.out, ".csv", "a table of numbers", overwrite=arguments.overwrite,
            inputs=[arguments.walk],
        )  # fmt: skip
    twin_folder = _twin_folder(arguments, companion)
    asked = Asked(
        height_m=check_height(arguments.height, walk.name),
        fps_hz=arguments.fps,
        person=arguments.person,
        picture_px=arguments.picture,
        keypoint_set=arguments.keypoint_set,
        weights=None if arguments.weights is None else Path(arguments.weights),
        network=arguments.network,
    )
    companion.refuse_unread(asked)
    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.report.opinion_doubts import opinion_doubts

    if arguments.before is None:
        opinion = companion.run(walk, asked)
    else:
        opinion = companion.compares()(_existing(arguments.before), walk, asked)
    for sentence in opinion_doubts(opinion, walk.name):
        print(f"warning: {sentence}")
    for one in opinion.numbers:
        print(_line(one))
    for note in opinion.notes:
        print(f"note: {note}")
    if twin_folder is not None:
        _write_twin(twin_folder, companion, opinion, overwrite=arguments.overwrite)
    if out is not None:
        _write(out, companion, opinion)
    if arguments.track_twin:
        tell_twin_walk(arguments, companion, opinion, asked)
    return 0


def _existing(given: str) -> Path:
    path = Path(given)
    if not path.exists():
        raise InputError(f"{path.name}: there is no such file or folder; check the path.")
    return path


def _twin_folder(arguments: argparse.Namespace, companion: Companion) -> Path | None:
    """Where a twin goes.

    Raises:
        InputError: the companion makes none, or the folder holds files already, or walks.
    """
    if arguments.twin is None:
        return None
    from simgait.files import refuse_file

    if not companion.makes_twins:
        raise InputError(f"--twin: {companion.name} makes no twin of a walk; leave it out.")
    folder = Path(arguments.twin)
    if folder.resolve() == Path(arguments.walk).resolve().parent:
        raise InputError(f"{folder.name}: holds the walk itself; name another folder for its twin.")
    refuse_file(folder, "--twin")
    refuse_walks(folder, "--twin")
    if folder.exists() and any(folder.iterdir()) and not arguments.overwrite:
        raise InputError(f"{folder.name}: holds files already; name another, or give --overwrite.")
    return folder


def _write_twin(folder: Path, companion: Companion, opinion: Opinion, *, overwrite: bool) -> None:
    from simgait.files import make_output_folder
    from simgait.report.twin import write_twin

    if opinion.twin is None:
        raise InputError(f"--twin: {companion.name} makes no twin of a walk; leave it out.")
    make_output_folder(folder)
    written = write_twin(folder, opinion.twin)
    remove_and_tell(folder, [path.name for path in written], overwrite=overwrite)
    for path in written:
        print(f"{folder.name}/{path.name}")


def _line(one: Said) -> str:
    side = "" if one.side == "both" else f", {one.side}"
    if not math.isfinite(one.value):
        return f"{one.label}{side}: not said"
    unit = one.unit if one.unit == "°" else f" {one.unit}"
    value, low, high = (with_minus(f"{x:.3g}") for x in (one.value, one.low, one.high))
    reach = f" ({low} to {high})" if math.isfinite(one.low) else ""
    return f"{one.label}{side}: {value}{unit}{reach}"


def _write(out: Path, companion: Companion, opinion: Opinion) -> None:
    from simgait.estimators.opinion_rows import HEADER, opinion_rows
    from simgait.files import csv_text, write_whole

    write_whole(out, csv_text(HEADER, opinion_rows(companion.name, opinion)))


def _check_who_is_judged(arguments: argparse.Namespace) -> None:
    if arguments.names and arguments.all:
        raise InputError("Companions are named, and --all is given; leave one out.")
    if not arguments.names and not arguments.all:
        raise InputError("Name companions to evaluate, or give --all.")


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print how companions and their rivals do on people unseen."""
    from simgait.companions import companion_names, load_companion
    from simgait.jax_setup import configure_jax

    _check_who_is_judged(arguments)
    from simgait.estimators.judged import FEWEST_PAIRS, markdown, table

    if arguments.people < FEWEST_PAIRS:
        raise InputError(
            f"--people {arguments.people}: so few say nothing of others; give {FEWEST_PAIRS} or "
            "more (100 tell how good a companion is)."
        )
    folder = None if arguments.weights is None else Path(arguments.weights)
    if folder is not None and len(arguments.names) != 1:
        raise InputError("--weights belongs to one companion; name it.")
    configure_jax()
    for name in arguments.names or companion_names():
        companion = load_companion(name)
        print(f"simgait companion evaluate {name} ...", file=sys.stderr, flush=True)
        if arguments.leak and companion.leak is None:
            raise InputError(f"--leak: {name} has no such comparison; leave it out.")
        if arguments.leak and companion.leak is not None:
            found = companion.leak(clock())
        else:
            found = companion.evaluate(arguments.people, folder)
        if not found.rows:
            raise InputError(
                f"--people {arguments.people}: of so few no quantity could be judged; give more."
            )
        print(f"{name}\n{found.title}\n\n{table(found.rows)}")
        for one in found.measures:
            print(f"\n{one.title}\n\n{markdown(one.header, one.rows)}")
        for note in found.notes:
            print(f"note: {note}")
        print(flush=True)
    return 0
