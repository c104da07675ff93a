"""`simgait detector-profile`: how good is a detector for gait? Its errors on rendered clips."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.benchmark.film_scores import ClipScore

EXAMPLES = """\
examples:
  simgait render -o clips --clips 40 --for my-detector
      then run the detector on clips/*.mp4 and write clips/my-detector/NAME.npz, .npy or .json
  simgait detector-profile clips --of my-detector
      its errors, and of points in the picture what simgait makes of them: speed, steps, knees
  simgait detector-profile clips
      the same of BlazePose, as simgait runs it

.json: 2D people of OpenPose, MMPose, AlphaPose. .npy: frames × points × 2 (pixels) or × 3 (space,
any axes and unit). .npz: image_px (and confidence), keypoints, or both; names, if no keypoint set
fits.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "detector-profile",
        help="tell a detector's errors on rendered clips",
        description="Compare what a detector made of clips of `simgait render` with their truth, "
        "by view.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("clips", metavar="FOLDER", help="what `simgait render` wrote")
    parser.add_argument("--of", metavar="NAME", help="folder within it: the detector's files")
    parser.add_argument("--keypoint-set", metavar="SET", help="which points the files hold")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the table; of points in the picture what is made of them as well.

    Returns 1 if any clip could not be compared.

    Raises:
        InputError: there are no clips, or nothing of that detector.
    """
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.detector_tables import lift_table, profile_table
    from simgait.benchmark.lift_slopes import slope_table
    from simgait.synthetic.people.truth import SUFFIX

    folder = Path(arguments.clips)
    if not folder.is_dir() or (arguments.of and not (folder / arguments.of).is_dir()):
        missing = folder if not folder.is_dir() else folder / arguments.of
        raise InputError(f"{missing.name}: there is no such folder; see `simgait render --for`.")
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise InputError(f"{folder.name}: holds no clip of `simgait render`.")
    if arguments.of is None:
        compare = _by_own_detector
    else:
        compare = partial(_by_files, folder / arguments.of, arguments.keypoint_set)
    found = list(_each(paths, compare))
    if not found:
        raise InputError(f"{folder.name}: none of its {len(paths)} clips could be compared.")
    print(profile_table([(one.truth, one.errors) for one in found]))
    if any(one.fit is not None for one in found):
        print(f"\n{lift_table(found)}\n\n{slope_table(found)}")
    for one in found:
        if one.refused:
            print(f"not lifted: {one.truth.name}: {one.refused}")
    return 1 if len(found) < len(paths) else 0


def _each(paths: list[Path], compare: Callable[[Path], ClipScore]) -> Iterator[ClipScore]:
    """What is compared, clip by clip; what fails is said."""
    for path in paths:
        try:
            yield compare(path)
        except InputError as error:
            print(f"simgait: {error}", file=sys.stderr, flush=True)


def _by_files(of: Path, keypoint_set: str | None, path: Path) -> ClipScore:
    """What a detector's file says of a clip, and what simgait makes of its 2D points.

    Raises:
        InputError: truth or file are missing, or cannot be read.
    """
    from simgait.benchmark.detector_errors import errors_of
    from simgait.benchmark.detector_output import find_output, read_output
    from simgait.benchmark.film_scores import ClipScore, score_points
    from simgait.synthetic.people.truth import read_truth

    truth = read_truth(path)
    file = find_output(of, truth)
    if file is None:
        raise InputError(f"{truth.name}: {of.name} has no file on it.")
    output = read_output(file, truth, keypoint_set)
    errors = errors_of(truth, output.legs)
    if output.people is None:
        return ClipScore(truth, errors, "")
    return score_points(truth, errors, output.people)


def _by_own_detector(path: Path) -> ClipScore:
    """What simgait sees in a clip, and makes of it.

    Raises:
        InputError: truth or clip cannot be read.
    """
    from simgait.benchmark.film_scores import score_clips
    from simgait.recordings.formats.video import detector
    from simgait.synthetic.people.truth import read_truth
    from simgait.video.decode import open_clip
    from simgait.video.watch import watch

    truth = read_truth(path)
    print(f"watching {truth.name} ...", flush=True)
    tracks = watch(open_clip(path.parent / f"{truth.name}.mp4"), detector()).tracks
    (scored,) = score_clips([(truth, tracks, "")])
    return scored
