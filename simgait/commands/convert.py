"""`simgait convert`: a recording in simgait's own format."""

from __future__ import annotations

import argparse

from simgait.commands import options
from simgait.commands.new_file import add_new_file, refuse_existing, with_ending


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    convert = commands.add_parser(
        "convert",
        help="write a recording in simgait's own format",
        description="Read a recording and write it as simgait's own .npz: joint centres and "
        "keypoints in metres with names, times and events (docs/recording-format.md).",
        epilog="example:\n  simgait convert walk.c3d -o walk.npz",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument("input", metavar="INPUT")
    add_new_file(convert, "FILE.npz")
    options.add_reader_options(convert)
    convert.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and write."""
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
