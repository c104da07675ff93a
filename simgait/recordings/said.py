"""Whether what a person says about recordings can be true of any, before one is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from simgait.errors import InputError
from simgait.limits import (
    check_distance,
    check_fps,
    check_mass,
    check_travel_factor,
    check_walking_speed,
)
from simgait.recordings.axes import axes_matrix, metres_per_unit
from simgait.recordings.detectors.keypoint_set_file import keypoint_set_said
from simgait.recordings.options import ReadOptions
from simgait.recordings.person_facts import check_person
from simgait.recordings.subject_codes import check_subject
from simgait.recordings.treadmill import check_belt_speed
from simgait.types import Recording
from simgait.video.camera import check_field_of_view


def check_said(options: ReadOptions, called: Callable[[str], str] = lambda fact: fact) -> None:
    """Refuses facts that hold of no recording whatever its format.

    Args:
        options: what is said.
        called: how the caller calls a fact: "unit" or "--unit".

    Raises:
        InputError: names the fact, and what it can be.
    """
    checks: dict[str, Callable[[], object]] = {
        "mass_kg": lambda: check_mass(options.mass_kg, called("mass_kg")),
        "fps_hz": lambda: check_fps(options.fps_hz, called("fps_hz")),
        "belt_speed_mps": lambda: check_belt_speed(
            options.belt_speed_mps, called("belt_speed_mps")
        ),
        "distance_m": lambda: check_distance(options.distance_m, called("distance_m")),
        "speed_mps": lambda: check_walking_speed(options.speed_mps, called("speed_mps")),
        "travel_factor": lambda: check_travel_factor(
            options.travel_factor, called("travel_factor")
        ),
        "unit": lambda: metres_per_unit(str(options.unit), called("unit")),
        "axes": lambda: axes_matrix(str(options.axes), called("axes")),
        "keypoint_set": lambda: keypoint_set_said(
            str(options.keypoint_set), called("keypoint_set")
        ),
        "fov_deg": lambda: check_field_of_view(options.fov_deg or 0.0, called("fov_deg")),
        "assumed_fov_deg": lambda: check_field_of_view(
            options.assumed_fov_deg or 0.0, called("assumed_fov_deg")
        ),
        "asf": lambda: _check_skeleton(options, called("asf")),
        "subject_id": lambda: check_subject(str(options.subject_id), called("subject_id")),
    }
    if options.distance_m is not None and options.speed_mps is not None:
        raise InputError(
            f"{called('distance_m')} and {called('speed_mps')}: one says the other; leave one out."
        )
    check_person(options, *map(called, ("age_years", "sex", "aids", "diagnosis")))
    for fact in options.said():
        if fact in checks:
            checks[fact]()


def _check_skeleton(options: ReadOptions, called: str) -> None:
    if options.asf is not None and not options.asf.is_file():
        raise InputError(f"{called} {options.asf.name}: there is no such file; check the path.")


def refuse_read_already(given: Sequence[Path | Recording], options: ReadOptions) -> None:
    """Refuses what is said of how to read files, where a recording is read already.

    Raises:
        InputError: names the fact.
    """
    said = options.said()
    read_already = [one for one in given if isinstance(one, Recording)]
    if said and read_already:
        raise InputError(
            f"{read_already[0].recording_id}: {next(iter(said))} says how to read a file, and this "
            "recording is read already; give it to simgait.read."
        )
