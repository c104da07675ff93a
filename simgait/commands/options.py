"""Options that several commands share: how to read a recording, which policy to use."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.option_values import names, number, numbers, picture_size, positions
from simgait.commands.progress import WARNING
from simgait.errors import InputError
from simgait.option_names import FLAGS

if TYPE_CHECKING:
    from simgait.recordings.options import ReadOptions
    from simgait.tracking.policies import Policy
    from simgait.types import Recording

DATA_VARIABLE = "SIMGAIT_DATA"
"""Environment variable that names the folder of the shared recordings."""


@dataclass(frozen=True)
class ReadFlag:
    """How a fact of `recordings.options.ReadOptions` is said on the command line.

    Attributes:
        fact: name of the field.
        parse: text to value; None for a flag that is said by its presence.
        of_person: about the person rather than about the file.
    """

    fact: str
    help: str
    metavar: str | None = None
    parse: Callable[[str], object] | None = str
    of_person: bool = False

    @property
    def flag(self) -> str:
        """The option itself."""
        return FLAGS[self.fact]


PERSON_FLAGS = (
    ReadFlag(
        "height_m",
        "body height in metres, for example 1.72; wins over the height in the file",
        "M", number, of_person=True,
    ),
    ReadFlag("mass_kg", "body mass in kilograms", "KG", number, of_person=True),
    ReadFlag(
        "subject_id",
        "code of the person (no name: it appears in the outputs)", "CODE", of_person=True,
    ),
)  # fmt: skip
REPORT_FLAGS = (
    ReadFlag(
        "age_years",
        "age in years, for the head of the report and its normal ranges: without it nothing is "
        "called low or high, and under 18 nothing is compared with adults",
        "YEARS", number, of_person=True,
    ),
    ReadFlag(
        "sex", "for the head of the report and its normal ranges: female, male or other", "SEX",
        of_person=True,
    ),
    ReadFlag(
        "aids",
        "walking aids, for the head of the report: none, cane, two canes, crutch, two crutches, "
        "walker, rollator, orthosis, two orthoses, prosthesis, two prostheses; several with commas",
        "A,B,...", names, of_person=True,
    ),
    ReadFlag(
        "diagnosis", "a code of ICD or SNOMED CT, for the head of the report", "CODE",
        of_person=True,
    ),
)  # fmt: skip
"""On the person, for the head of a report."""
PATH_FLAGS = (
    ReadFlag(
        "root_relative",
        "the keypoints do not hold the person's path through space", parse=None,
    ),
    ReadFlag(
        "belt_speed_mps",
        "speed of the treadmill's belt, metres per second", "M/S", number,
    ),
    ReadFlag(
        "distance_m",
        "metres that the person walks, straight, from the first frame to the last: sets the "
        "length of a single camera's path, and tells a video's field of view where the person "
        "comes or goes",
        "M", number,
    ),
    ReadFlag(
        "speed_mps",
        "speed of the person over ground, as timing gates or a pacemaker give it, in place of "
        "--distance", "M/S", number,
    ),
    ReadFlag(
        "travel_factor",
        "what a single camera's path, scaled to the height, is multiplied by: the true speed "
        "over the one read, the same for all recordings of a camera and detector",
        "F", number,
    ),
)  # fmt: skip
"""On the person's path through space."""
VIDEO_FLAGS = (
    ReadFlag(
        "came_back",
        "of a video: further numbers of the same person, who left the picture and came back; 3,5 "
        "or 3-5", "N,...", numbers,
    ),
    ReadFlag(
        "fov_deg",
        "the lens's field of view on the picture's long side, degrees: of a video, or of 3D "
        "keypoints whose detector believed in another (--assumed-fov)", "DEG", number,
    ),
    ReadFlag(
        "assumed_fov_deg",
        "of 3D keypoints: the field of view that their detector believed in; with --fov, the true "
        "one, their ways in depth are put right", "DEG", number,
    ),
    ReadFlag(
        "picture_px", "of 2D keypoints: width and height of the pictures, 1920x1080", "WxH",
        picture_size,
    ),
    ReadFlag("from_s", "of a video: where to begin, seconds", "S", number),
    ReadFlag("to_s", "of a video: where to end, seconds", "S", number),
    ReadFlag(
        "camera", "file of the camera that filmed, by `simgait calibrate` or by OpenCV or Pose2Sim",
        "FILE", Path,
    ),
    ReadFlag("detector", "of a video: metrabs in place of simgait's own; needs --model", "NAME"),
    ReadFlag("model", "folder of the SavedModel of --detector metrabs", "FOLDER", Path),
    ReadFlag("python", "the Python that has TensorFlow, for --detector metrabs", "FILE", Path),
    ReadFlag(
        "detector_command",
        "of a video: your own detector in place of simgait's; {video} and {out} in it are the file "
        "and, less its ending, what to write: 2D .json, .npy or .npz",
        "CMD",
    ),
)  # fmt: skip


def read_flags() -> tuple[ReadFlag, ...]:
    """Every flag about a recording, in the order of the help."""
    from simgait.recordings.detectors.keypoint_sets import keypoint_sets

    sets = ", ".join(known.name for known in keypoint_sets())
    return (
        *PERSON_FLAGS,
        ReadFlag("fps_hz", "frames per second", "HZ", number),
        ReadFlag("unit", "length unit of the file: m, cm, mm or in"),
        ReadFlag(
            "axes",
            "what the axes mean, for example 'z-up', or 'y-down z-forward' for a camera; all three "
            "where they are left-handed, as in a mirrored file", "TEXT",
        ),
        ReadFlag(
            "keypoint_set",
            f"which points they are: {sets}; or a file (.toml, .json) that states a set's points, "
            "joints and travel", "SET",
        ),
        ReadFlag(
            "names",
            "names of the keypoints in the order of the file, separated by commas",
            "A,B,...", names,
        ),
        *PATH_FLAGS,
        ReadFlag(
            "exchange",
            "labels that were exchanged, two by two: RHEE,RTOE; or sides: all of left and right",
            "A,B,...", names,
        ),
        ReadFlag("person", "which of several people in the file, from 1", "N", int),
        ReadFlag(
            "scale_is_metric",
            "measured: by markers or several calibrated cameras, so that the height rescales "
            "nothing and the path is believed; estimated: by a detector on one camera",
            "KIND", positions,
        ),
        ReadFlag("asf", "skeleton that belongs to an .amc file", "FILE", Path),
        *VIDEO_FLAGS,
    )  # fmt: skip


def add_reader_options(parser: argparse.ArgumentParser) -> None:
    """Options about the person and about what a file does not say itself."""
    person = parser.add_argument_group("the person")
    file = parser.add_argument_group(
        "the recording", "needed only where the file does not say it itself"
    )
    for flag in read_flags():
        group = person if flag.of_person else file
        if flag.parse is None:
            group.add_argument(
                flag.flag, dest=flag.fact, action="store_true", default=None, help=flag.help
            )
        else:
            group.add_argument(
                flag.flag, dest=flag.fact, type=flag.parse, metavar=flag.metavar, help=flag.help
            )


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Options about the person that change no measured number: head and norms of the report."""
    group = parser.add_argument_group("the head of the report", "said of the person, or left out")
    for flag in REPORT_FLAGS:
        group.add_argument(
            flag.flag, dest=flag.fact, type=flag.parse or str, metavar=flag.metavar, help=flag.help
        )


def add_healthy_options(parser: argparse.ArgumentParser) -> None:
    """Options about the healthy people that walks are compared with."""
    parser.add_argument(
        "--reference",
        metavar="FILE",
        help="healthy people to score the joint angles against (GDI, GPS), tracked by the same "
        "policy: simgait reference build (default: the released policy's)",
    )
    parser.add_argument(
        "--norms",
        metavar="FILE.csv",
        help="normal ranges of your own, by age, sex and speed (docs/how-to/norms.md says which "
        "columns); they come before simgait's, and before those of --reference",
    )


def add_video_options(parser: argparse.ArgumentParser) -> None:
    """Options about the person and about what a video does not say itself."""
    person = parser.add_argument_group("the person")
    video = parser.add_argument_group("the video")
    taken = {flag.fact for flag in VIDEO_FLAGS} | {
        "person", "distance_m", "speed_mps", "travel_factor", "keypoint_set", "unit", "axes",
    }  # fmt: skip
    taken -= {"picture_px"}  # a video says it itself
    for flag in read_flags():
        if flag.of_person or flag.fact in taken:
            (person if flag.of_person else video).add_argument(
                flag.flag, dest=flag.fact, type=flag.parse or str, metavar=flag.metavar,
                help=flag.help,
            )  # fmt: skip
        else:
            parser.set_defaults(**{flag.fact: None})


def reader_options(arguments: argparse.Namespace) -> ReadOptions:
    """What was said about each file. The height is not among it.

    Raises:
        InputError: something is said that holds of no recording.
    """
    from simgait.recordings.options import ReadOptions
    from simgait.recordings.said import check_said

    flags = {flag.fact: flag.flag for flag in read_flags()}
    flags |= {flag.fact: flag.flag for flag in REPORT_FLAGS}
    said = {fact: getattr(arguments, fact, None) for fact in flags}
    given = ReadOptions(**said | {"height_m": None})
    check_said(given, flags.__getitem__)
    return given


NEEDLESS_FOR_VIDEOS = {"--fps": "a video holds the times of its own frames"}
"""Option -> why commands that take videos have none."""


def warn_of_names(arguments: argparse.Namespace, labels: Sequence[str] = ()) -> None:
    """Says on stderr where a file's label looks like a person's name."""
    from simgait.recordings.subject_codes import NAMED_FILE, is_called_like_a_person

    for label in filter(is_called_like_a_person, labels):
        print(f"{WARNING}{label}: {NAMED_FILE}", file=sys.stderr, flush=True)


def read_as_told(
    arguments: argparse.Namespace, path: str | Path, *, to_track: bool = False
) -> Recording:
    """Reads one recording with the options of `add_reader_options`; a height given wins.

    Says on stderr where the file names a person. A video that is read `to_track` it is not watched
    without the person's height, which takes minutes.

    Raises:
        InputError: an option is no sense, or the file cannot be read, or not be tracked so.
    """
    from simgait.recordings.formats.video import is_video
    from simgait.recordings.read import read_recording, reader_for
    from simgait.recordings.subject_codes import NAME_IN_FILE

    height_m = checked_height(arguments.height_m)
    said = replace(reader_options(arguments), height_m=height_m)
    if to_track and is_video(Path(path)):
        reader_for(Path(path), said, to_track=True)
    recording = read_recording(path, said)
    if NAME_IN_FILE in recording.notes:
        print(f"{WARNING}{Path(path).name}: {NAME_IN_FILE}", file=sys.stderr, flush=True)
    return recording


def checked_height(height_m: float | None) -> float | None:
    """The height given on the command line.

    Raises:
        InputError: no person's height in metres; says so where it looks like centimetres.
    """
    from simgait.limits import check_height

    return check_height(height_m, "--height")


def recordings_dir(given: str | None) -> Path | None:
    """Folder of the shared recordings: as given, else $SIMGAIT_DATA; None where neither is said.

    Raises:
        InputError: there is no such folder.
    """
    said_by, folder = (
        ("--data", given) if given else ("$SIMGAIT_DATA", os.environ.get(DATA_VARIABLE))
    )
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise InputError(
            f"{said_by} {Path(folder).name}: there is no such folder of recordings; check the "
            "path, or leave it out to run on synthetic people alone."
        )
    return Path(folder)


def add_shared_by_trainings(parser: argparse.ArgumentParser, trainings: str) -> None:
    """What several trainings of one call learn from; `trainings` names them in the help."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="real recordings to learn from too (default: synthetic walkers only)",
    )
    parser.add_argument(
        "--refiner",
        type=Path,
        metavar="FILE",
        help=f"weights of the refiner that all {trainings} share (default: the released policy's)",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        metavar="POLICY",
        help=f"policy that {trainings} follow at first whose recipe has a teacher.weight (default: "
        "the released policy)",
    )


def add_policy_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Which policy drives the body."""
    parser.add_argument(
        "--policy",
        metavar="FOLDER",
        help="folder of a trained policy (default: the one released with simgait, or the folder "
        "in $SIMGAIT_POLICY)",
    )
    parser.add_argument(
        "--trust-plugins",
        action="store_true",
        help="import the modules that the policy names for terms of its own: runs their code",
    )


def add_pdf_option(parser: argparse.ArgumentParser) -> None:
    """Whether the page is printed too."""
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="print the page as PDF too, beside it; needs Chromium, Chrome or Edge",
    )


def load_chosen_policy(given: str | None, *, trust_plugins: bool = False) -> tuple[Policy, str]:
    """The policy that was asked for, and its name for the provenance.

    Raises:
        InputError: there is none, it is damaged, or it needs modules that are not trusted.
    """
    from simgait.pipeline import find_policy, policy_name

    policy = find_policy(given, trust_plugins=trust_plugins)
    return policy, policy_name(policy)
