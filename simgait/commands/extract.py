"""`simgait extract`: videos in, recordings in simgait's own format out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from simgait.commands import options
from simgait.commands.new_file import refuse_existing
from simgait.commands.progress import plain_line
from simgait.errors import InputError
from simgait.telling import heard_by

EXAMPLES = """\
examples:
  simgait extract walk.mp4 -o walk.npz
      the walk of the person who walks farthest
  simgait extract visit1.mov visit2.mov --fov 65 -o keypoints
      several videos of one camera, into a folder
  simgait track walk.npz --height 1.72 -o results
      what to do with it; `simgait walk` does both

No picture leaves this machine, and the file holds none: points, times and the camera.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "extract",
        help="find a walking person in videos and write recordings",
        description="Find the walking person in each video and write the walk as simgait's own "
        ".npz: points in space and in the picture, times, and the camera.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        needless=options.NEEDLESS_FOR_VIDEOS,
    )
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="of walking people")
    parser.add_argument(
        "-o", "--out", required=True, metavar="OUT", help="FILE.npz, or a folder for several"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist")
    options.add_video_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Extract one after the other. Returns 1 if any failed."""
    outs = output_files(arguments.videos, Path(arguments.out), arguments.overwrite)
    options.checked_height(arguments.height_m)
    options.reader_options(arguments)
    options.warn_of_names(arguments)
    failed = 0
    for video, out in zip(arguments.videos, outs, strict=True):
        print(f"watching {Path(video).name} ...", flush=True)
        try:
            with heard_by(plain_line):
                extract_one(arguments, Path(video), out)
        except InputError as error:
            if len(outs) == 1:
                raise
            print(f"simgait: {error}", file=sys.stderr, flush=True)
            failed += 1
    return 1 if failed else 0


def extract_one(arguments: argparse.Namespace, video: Path, out: Path) -> None:
    """Watch a video, write the walk in it, and say what is in that.

    Raises:
        InputError: the video cannot be used, or the file not be written.
    """
    from simgait.commands.inspect import image_sd_text
    from simgait.files import check_output_folder, make_output_folder
    from simgait.jax_setup import configure_jax
    from simgait.recordings.formats.npz import write_npz
    from simgait.recordings.formats.video import is_video

    if not is_video(video):
        raise InputError(f"{video.name}: is no video by its name; `simgait convert` takes others.")
    check_output_folder(out.parent)
    configure_jax()
    recording = options.read_as_told(arguments, video)
    make_output_folder(out.parent)
    write_npz(out, recording)
    seen = recording.confidence.max(axis=1) > 0
    length_s = recording.time_s[-1] - recording.time_s[0]
    print(
        f"{out}: {len(recording.time_s)} pictures in {length_s:.1f} s, the person seen in "
        f"{100 * seen.mean():.0f} %"
    )
    places = image_sd_text(recording)
    if places is not None:
        print(f"  in the pictures: {places}")
    for note in recording.notes:
        print(f"  note: {note}")
    if recording.height_m is None:
        print("  note: Nobody said the person's height: `simgait track` will ask for --height.")


def output_files(videos: Sequence[str], out: Path, overwrite: bool) -> list[Path]:
    """Where each video's recording goes: the file named, or one in the folder named.

    Raises:
        InputError: several videos for one file, two for the same, a file that exists, or one that
            is no .npz.
    """
    from simgait.files import safe_id

    if out.suffix.lower() == ".npz":
        if len(videos) > 1:
            raise InputError(f"{out.name}: {len(videos)} videos need a folder; give one with -o.")
        outs = [out]
    else:
        if out.suffix[1:2].isalpha() and not out.is_dir():
            raise InputError(
                f"{out.name}: is no name of a recording, which ends in .npz, and no folder that is "
                "there; give FILE.npz, or a folder without an ending, with -o."
            )
        outs = [out / f"{safe_id(Path(video).stem)}.npz" for video in videos]
    for i, one in enumerate(outs):
        if one in outs[:i]:
            raise InputError(
                f"{one.name}: two of the videos would become this file; rename one of them."
            )
        refuse_existing(one, overwrite=overwrite)
    return outs
