"""`simgait detector-profile`: how good is a detector for gait? Its errors on rendered clips."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.benchmark.detector_errors import Errors, Seen
    from simgait.synthetic.people.truth import Truth

EXAMPLES = """\
examples:
  simgait render -o clips --clips 40 --for my-detector
      then run the detector on clips/*.mp4 and write clips/my-detector/NAME.npz, .npy or .json
  simgait detector-profile clips --of my-detector
  simgait detector-profile clips
      of BlazePose, as simgait runs it

.json: 2D people of OpenPose, MMPose, AlphaPose. .npy: frames × points × 2 (pixels) or × 3 (space,
any axes and unit). .npz: image_px, keypoints, or both; names, if no keypoint set fits.
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
    """Print the table. Returns 1 if any clip could not be compared.

    Raises:
        InputError: there are no clips, or nothing of that detector.
    """
    from simgait.benchmark.detector_tables import profile_table
    from simgait.synthetic.people.truth import SUFFIX

    folder = Path(arguments.clips)
    if not folder.is_dir() or (arguments.of and not (folder / arguments.of).is_dir()):
        missing = folder if not folder.is_dir() else folder / arguments.of
        raise InputError(f"{missing.name}: there is no such folder; see `simgait render --for`.")
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise InputError(f"{folder.name}: holds no clip of `simgait render`.")
    failed = list[str]()
    found = list(_compared(paths, arguments.of, arguments.keypoint_set, failed))
    if not found:
        raise InputError(f"{folder.name}: none of its {len(paths)} clips could be compared.")
    print(profile_table(found))
    return 1 if failed else 0


def _compared(
    paths: list[Path], of: str | None, keypoint_set: str | None, failed: list[str]
) -> Iterable[tuple[Truth, Errors]]:
    """Each clip's truth and errors; what fails is said, and named in `failed`."""
    from simgait.benchmark.detector_errors import errors_of
    from simgait.benchmark.detector_output import find_output, read_output
    from simgait.synthetic.people.truth import read_truth

    for path in paths:
        try:
            truth = read_truth(path)
            if of is None:
                seen = _blazepose(path.parent, truth)
            else:
                output = find_output(path.parent / of, truth)
                if output is None:
                    raise InputError(f"{truth.name}: {of} has no file on it.")
                seen = read_output(output, truth, keypoint_set)
            yield truth, errors_of(truth, seen)
        except InputError as error:
            failed.append(path.name)
            print(f"simgait: {error}", file=sys.stderr, flush=True)


def _blazepose(folder: Path, truth: Truth) -> Seen:
    """What simgait's own detector sees in a clip.

    Raises:
        InputError: the clip cannot be read.
    """
    from simgait.benchmark.film_scores import seen_of_person
    from simgait.jax_setup import configure_jax
    from simgait.recordings.formats.video import detector
    from simgait.video.decode import open_clip
    from simgait.video.watch import watch

    configure_jax()
    print(f"watching {truth.name} ...", flush=True)
    return seen_of_person(truth, watch(open_clip(folder / f"{truth.name}.mp4"), detector()).tracks)
