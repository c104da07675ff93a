"""Options that several commands share: how to read a recording, which policy to use."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.learning.checkpoints import Policy
    from simgait.recordings.options import ReadOptions
    from simgait.types import Recording

DATA_VARIABLE = "SIMGAIT_DATA"
"""Environment variable that names the folder of the shared recordings."""


def number(text: str) -> float:
    """A decimal number; a comma is refused with a sentence rather than misread."""
    try:
        return float(text)
    except ValueError:
        advice = f"; write {text.replace(',', '.')}" if "," in text else ""
        raise argparse.ArgumentTypeError(f"'{text}' is not a number{advice}") from None


def add_reader_options(parser: argparse.ArgumentParser) -> None:
    """Options about the person and about what a file does not say itself."""
    from simgait.recordings.detectors.keypoint_sets import keypoint_sets

    person = parser.add_argument_group("the person")
    person.add_argument(
        "--height",
        type=number,
        metavar="M",
        help="body height in metres, for example 1.72; wins over the height in the file",
    )
    person.add_argument("--mass", type=number, metavar="KG", help="body mass in kilograms")
    person.add_argument(
        "--subject",
        metavar="CODE",
        help="code of the person (no name: it appears in the outputs)",
    )
    file = parser.add_argument_group(
        "the recording", "needed only where the file does not say it itself"
    )
    file.add_argument("--fps", type=number, metavar="HZ", help="frames per second")
    file.add_argument("--unit", help="length unit of the file: m, cm or mm")
    file.add_argument(
        "--axes",
        metavar="TEXT",
        help="what the axes mean, for example 'z-up', or 'y-down z-forward' for a camera",
    )
    file.add_argument(
        "--keypoint-set",
        metavar="SET",
        help="which points they are: " + ", ".join(known.name for known in keypoint_sets()),
    )
    file.add_argument(
        "--names",
        metavar="A,B,...",
        help="names of the keypoints in the order of the file, separated by commas",
    )
    file.add_argument(
        "--root-relative",
        action="store_true",
        default=None,
        help="the keypoints do not hold the person's path through space",
    )
    file.add_argument(
        "--belt-speed",
        type=number,
        metavar="M/S",
        help="speed of the treadmill's belt, metres per second",
    )
    file.add_argument("--asf", metavar="FILE", help="skeleton that belongs to an .amc file")


def reader_options(arguments: argparse.Namespace) -> ReadOptions:
    """What was said about each file. The height is not among it.

    Raises:
        InputError: no belt runs at the speed given.
    """
    from simgait.recordings.options import ReadOptions
    from simgait.recordings.treadmill import check_belt_speed

    names = arguments.names
    return ReadOptions(
        mass_kg=arguments.mass,
        subject_id=arguments.subject,
        fps_hz=arguments.fps,
        unit=arguments.unit,
        axes=arguments.axes,
        keypoint_set=arguments.keypoint_set,
        names=None if names is None else tuple(name.strip() for name in names.split(",")),
        root_relative=arguments.root_relative,
        belt_speed_mps=check_belt_speed(arguments.belt_speed, "--belt-speed"),
        asf=None if arguments.asf is None else Path(arguments.asf),
    )


def read_as_told(arguments: argparse.Namespace, path: str | Path) -> Recording:
    """Reads one recording with the options of `add_reader_options`; a height given wins.

    Raises:
        InputError: an option is no sense, or the file cannot be read.
    """
    from simgait.recordings.read import read_recording

    height_m = checked_height(arguments.height)
    recording = read_recording(path, reader_options(arguments))
    return recording if height_m is None else replace(recording, height_m=height_m)


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


def add_policy_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Which policy drives the body."""
    parser.add_argument(
        "--policy",
        metavar="FOLDER",
        help="folder of a trained policy (default: the one released with simgait, or the folder "
        "in $SIMGAIT_POLICY)",
    )


def load_chosen_policy(given: str | None) -> tuple[Policy, str]:
    """The policy that was asked for, and its name for the provenance.

    Raises:
        InputError: there is none, or it is damaged.
    """
    from simgait.pipeline import find_policy, policy_name

    policy = find_policy(given)
    return policy, policy_name(policy)
