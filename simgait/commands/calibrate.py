"""`simgait calibrate`: a camera, kept for a whole study."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.new_file import add_new_file, refuse_existing, with_ending
from simgait.commands.option_values import number, picture_size
from simgait.commands.progress import plain_line
from simgait.errors import InputError
from simgait.telling import heard_by

if TYPE_CHECKING:
    from simgait.video.camera_file import KnownCamera

EXAMPLES = """\
examples:
  simgait calibrate corridor1.mp4 corridor2.mp4 --height 1.72 --distance 8 -o camera.json
      somebody of 1.72 m comes or goes 8 m in each clip
  simgait calibrate corridor.mp4 --height 1.72 --speed 1.2 -o camera.json
      the same by a speed that timing gates gave
  simgait calibrate --from-file calibration.yml -o camera.json
      a calibration by OpenCV (.yml, .xml, .json), Pose2Sim or Sports2D (.toml), or NumPy (.npz)
  simgait walk visit1.mp4 --height 1.65 --camera camera.json -o results
      what to do with it, as long as the camera keeps its zoom and setting

A person who walks across the picture tells nothing of the lens: let somebody come and go.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "calibrate",
        help="find a camera's field of view from walks of known length, and keep it",
        description="Find the field of view, height and tilt of a camera from one or several "
        "clips in which a person walks so far or so fast, and write them for `--camera`.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("videos", nargs="*", metavar="VIDEO")
    add_new_file(parser, "FILE.json")
    parser.add_argument("--height", dest="height_m", type=number, metavar="M",
                        help="body height of who walks, metres")  # fmt: skip
    parser.add_argument("--distance", dest="distance_m", type=number, metavar="M",
                        help="metres walked in each clip, from first to last seen")  # fmt: skip
    parser.add_argument("--speed", dest="speed_mps", type=number, metavar="M/S",
                        help="walking speed in each clip")  # fmt: skip
    parser.add_argument("--from-file", dest="file", type=Path, metavar="FILE",
                        help="another program's calibration, in place of clips")  # fmt: skip
    parser.add_argument("--picture", dest="picture_px", type=picture_size, metavar="WxH",
                        help="size of its pictures, where it does not say it")  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find, write, and say what was found.

    Raises:
        InputError: nothing says how far somebody walks, or a clip does not tell the lens.
    """
    from simgait.files import check_output_folder, write_whole
    from simgait.video.camera_file import read_camera

    out = with_ending(arguments.out, ".json", "a camera file")
    refuse_existing(out, overwrite=arguments.overwrite)
    check_output_folder(out.parent)
    if bool(arguments.videos) == (arguments.file is not None):
        raise InputError("Give clips, or --from-file, a calibration; one of the two.")
    camera = (
        read_camera(arguments.file, arguments.picture_px) if arguments.file else by_walks(arguments)
    )
    write_whole(out, camera.text())
    print(f"{out}: {told(camera)}")
    return 0


def by_walks(arguments: argparse.Namespace) -> KnownCamera:
    """The camera by its clips.

    Raises:
        InputError: as `run`.
    """
    from simgait.jax_setup import configure_jax
    from simgait.limits import check_walking_speed

    height_m = options.checked_height(arguments.height_m)
    if height_m is None:
        raise InputError("No height is given, which sets the scale; give it, --height 1.72.")
    if (arguments.distance_m is None) == (arguments.speed_mps is None):
        raise InputError(
            "Give how far the person walks in each clip, --distance 8, or how fast, --speed 1.2; "
            "one of the two."
        )
    speed_mps = check_walking_speed(arguments.speed_mps, "--speed")
    configure_jax()
    from simgait.recordings.formats.video import detector
    from simgait.video.calibrate import calibration_of, camera_of
    from simgait.video.filmed_walk import Asked, film_walk

    asked = Asked(distance_m=arguments.distance_m, speed_mps=speed_mps, height_m=height_m)
    walks = []
    for video in map(Path, arguments.videos):
        print(f"watching {video.name} ...", flush=True)
        with heard_by(plain_line):
            walk = calibration_of(film_walk(video, asked, detector()), height_m)
        print(f"  {walk.field_of_view_deg:.1f}° on the picture's long side")
        walks.append(walk)
    return camera_of(walks)


def told(camera: KnownCamera) -> str:
    """What is known of a camera, in a line."""
    parts = [f"field of view {camera.field_of_view_deg:.1f}° on the long side"]
    if camera.doubt_deg is not None:
        parts[0] += f" (SD between clips {camera.doubt_deg:.1f}°)"
    if camera.height_m is not None and camera.tilt_deg is not None:
        parts.append(f"{camera.height_m:.2f} m over the floor")
        parts.append(f"looking {'down' if camera.tilt_deg >= 0 else 'up'} by "
                     f"{abs(camera.tilt_deg):.0f}°")  # fmt: skip
    return f"{', '.join(parts)}; by {camera.source}"
