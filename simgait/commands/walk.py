"""`simgait walk`: videos in, gait reports out."""

from __future__ import annotations

import argparse
from pathlib import Path

from simgait.commands import options, track
from simgait.errors import InputError

EXAMPLES = """\
examples:
  simgait walk walk.mp4 --height 1.72 -o results
      the person who walks farthest in the video
  simgait walk walk.mp4 --height 1.72 --person 2 --from 3 --to 9 -o results
      another person, and a part of the video
  simgait walk corridor.mp4 --height 1.72 --fov 65 -o results
      who walks towards the camera or away needs its field of view, or --distance, the metres walked

Film the whole body, feet included, from 2 to 10 m with a camera that stands still, 30 pictures a
second or more. Open results/index.html in a browser. No picture leaves this machine, and the
results hold none unless you say --keep-video.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "walk",
        help="from video: find a walking person, track, and write gait reports",
        description="Find the walking person in each video, lift the walk into space, let the "
        "simulated body walk it, and write a report.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        needless=options.NEEDLESS_FOR_VIDEOS,
    )
    parser.add_argument("inputs", nargs="+", metavar="VIDEO", help="of walking people")
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the results")
    options.add_video_options(parser)
    options.add_report_options(parser)
    track.add_visit_options(parser)
    options.add_policy_option(parser)
    track.add_run_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Track videos. Returns 1 if anything failed.

    Raises:
        InputError: no height is given, or something that is no video.
    """
    for name in arguments.inputs:
        check_video(Path(name))
    if arguments.height_m is None:
        raise InputError(
            "no height is given, and one camera cannot tell how tall somebody is; give it in "
            "metres, for example --height 1.72."
        )
    return track.run(arguments)


def check_video(path: Path) -> None:
    """A video by its name.

    Raises:
        InputError: it is none, or a folder; says how the videos in that are named.
    """
    from simgait.recordings.formats.video import is_video

    if path.is_dir():
        from simgait.cohort.inputs import named_videos, videos_in

        name, videos = path.resolve().name, videos_in(path)
        if videos:
            raise InputError(f"{name}: is a folder; {named_videos(path, videos)}.")
        raise InputError(
            f"{name}: is a folder, and no video lies in it; `simgait track` takes folders of "
            "recordings."
        )
    if not is_video(path):
        raise InputError(f"{path.name}: is no video by its name; `simgait track` takes recordings.")
