"""`simgait convert`: a recording in simgait's own format, or as BIDS-Motion."""

from __future__ import annotations

import argparse
from pathlib import Path

from simgait.commands import options
from simgait.commands.new_file import add_new_file, refuse_existing, with_ending


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    convert = commands.add_parser(
        "convert",
        help="write a recording in simgait's own format, or as BIDS-Motion",
        description="Read a recording and write it as simgait's own .npz: joint centres and "
        "keypoints in metres with names, times and events (docs/recording-format.md). Or write "
        "measured positions into a data set by BIDS-Motion.",
        epilog="examples:\n  simgait convert walk.c3d -o walk.npz\n"
        "  simgait convert walk.c3d --bids --subject P07 --task walk -o dataset",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument("input", metavar="INPUT")
    add_new_file(convert, "FILE.npz", "file, or with --bids the folder of the data set")
    convert.add_argument(
        "--bids", action="store_true",
        help="write measured positions into a data set by BIDS-Motion, the folder that -o names",
    )  # fmt: skip
    convert.add_argument(
        "--task", default="walk", metavar="NAME",
        help="what the person does, for the names in a data set (default: walk)",
    )  # fmt: skip
    options.add_reader_options(convert)
    convert.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and write."""
    if arguments.bids:
        return _to_bids(arguments)
    from simgait.files import cannot_be_written
    from simgait.recordings.formats.npz import write_npz

    out = with_ending(arguments.out, ".npz", "simgait's own format")
    refuse_existing(out, overwrite=arguments.overwrite)
    options.warn_of_names(arguments, [out.name])
    recording = options.read_as_told(arguments, arguments.input)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written(out.parent, error) from error
    write_npz(out, recording)
    print(f"{out}: {len(recording.time_s)} frames, {len(recording.keypoint_names)} keypoints")
    return 0


def _to_bids(arguments: argparse.Namespace) -> int:
    from simgait.recordings.formats.bids_export import write_bids_motion

    recording = options.read_as_told(arguments, arguments.input)
    path = write_bids_motion(Path(arguments.out), recording, arguments.task)
    print(f"{path}: {len(recording.time_s)} frames, {len(recording.keypoint_names)} keypoints")
    return 0
