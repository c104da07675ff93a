"""A trial of labelled points, as a marker file holds it, to a checked `Recording`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import check_distance, check_height, check_mass, check_travel_factor
from simgait.recordings.exchange import exchanged
from simgait.recordings.markers.body_measures import StatedMeasures
from simgait.recordings.markers.labelled_points import LabelledKeypoints, keypoints_from_labels
from simgait.recordings.markers.names import plain_name
from simgait.recordings.options import PERSON, ReadOptions, overruled
from simgait.recordings.treadmill import treadmill
from simgait.types import ForcePlate, GaitEvent, Recording

MARKERS = PERSON | {
    "belt_speed_mps", "distance_m", "travel_factor", "axes", "unit", "person", "exchange",
    "scale_is_metric",
}  # fmt: skip
"""Options of a reader whose files hold labelled points."""
ON_PLATE_N = 20.0
"""Below this load a plate's centre of pressure is noise."""


@dataclass(frozen=True)
class MarkerTrial:
    """What a marker file holds, on its own axes.

    Attributes:
        time_s: time stamps; fps_hz: the frame rate that goes with them.
        points: label -> positions in `unit`, NaN where missing.
        people: where there are several, what the file calls each.
        repeated: labels that the file holds more than once.
        measures: of the person, as the file states them.
        subject_id, mass_kg: what the file says, "" or None where it does not.
        reference_angles_rad: of the lab's own model, columns `skeleton.default.ANGLE_NAMES`.
        events: in seconds from the first frame.
        force_plates: in metres and newtons, on the file's axes, with either sign of the force.
        notes, other_notes: one sentence each; on the points, and on all else.
    """

    time_s: Float[np.ndarray, " T"]
    fps_hz: float
    points: dict[str, Float[np.ndarray, "T 3"]]
    unit: str
    people: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    measures: StatedMeasures = StatedMeasures()
    subject_id: str = ""
    mass_kg: float | None = None
    reference_angles_rad: Float[np.ndarray, "T A"] | None = None
    events: tuple[GaitEvent, ...] = ()
    force_plates: tuple[ForcePlate, ...] = ()
    notes: tuple[str, ...] = ()
    other_notes: tuple[str, ...] = ()


def recording_from_markers(
    trial: MarkerTrial, options: ReadOptions, path: Path, *, source_format: str
) -> Recording:
    """Keypoints from the labelled points, turned upright, with all else the file says.

    Raises:
        InputError: an unknown unit, landmarks that are missing, or points that are no person's.
    """
    swapped, swap_notes = exchanged(trial.points, options.exchange, path.name, sided=plain_name)
    try:
        derived = _keypoints(replace(trial, points=swapped), options, path.name)
    except InputError as error:
        if not trial.people:
            raise
        raise InputError(
            f"{str(error).removesuffix('.')}; this is about one of {len(trial.people)} people in "
            "the file, --person chooses another."
        ) from None
    stacked = np.stack(list(derived.points.values()), axis=1)
    travel = treadmill(derived.points, trial.fps_hz, options.belt_speed_mps, path.name)
    subject_id = options.subject_id or trial.subject_id
    overruled_notes = (
        *overruled("height_m", options.height_m, derived.height_m),
        *overruled("mass_kg", options.mass_kg, trial.mass_kg),
    )
    return Recording(
        recording_id=safe_id(path.stem),
        source_format=source_format,
        time_s=trial.time_s,
        keypoint_names=tuple(derived.points),
        keypoints_m=stacked,
        confidence=np.isfinite(stacked).all(-1).astype(float),
        # Who has names for joints in such a file has calibrated cameras, too.
        scale_is_metric=options.scale_is_metric is not False,
        pelvis_travels=travel.travels,
        subject_id=safe_id(subject_id) if subject_id else "",
        people=trial.people,
        height_m=check_height(options.height_m, path.name) or derived.height_m,
        mass_kg=check_mass(options.mass_kg, path.name) or trial.mass_kg,
        belt_speed_mps=travel.belt_speed_mps,
        belt_is_estimated=travel.belt_is_estimated,
        distance_m=check_distance(options.distance_m, path.name),
        asis_apart_m=derived.asis_apart_m,
        travel_factor=check_travel_factor(options.travel_factor, path.name),
        reference_angles_rad=trial.reference_angles_rad,
        events=trial.events,
        force_plates=tuple(upright_plate(plate, derived.matrix) for plate in trial.force_plates),
        notes=(
            *trial.notes,
            *swap_notes,
            *derived.notes,
            *overruled_notes,
            *trial.other_notes,
            *travel.notes,
        ),
    )


def _keypoints(trial: MarkerTrial, options: ReadOptions, where: str) -> LabelledKeypoints:
    return keypoints_from_labels(
        trial.points,
        trial.measures,
        time_s=trial.time_s,
        fps_hz=trial.fps_hz,
        axes=options.axes,
        unit=options.unit or trial.unit,
        where=where,
        repeated=trial.repeated,
    )


def upright_plate(plate: ForcePlate, matrix: Float[np.ndarray, "3 3"]) -> ForcePlate:
    """The plate on z-up axes, with forces on the person.

    Plates report the load either as action or as reaction; the floor can only push up.
    """
    force = plate.force_n @ matrix.T
    magnitude = np.linalg.norm(force, axis=-1)
    loaded = magnitude > max(ON_PLATE_N, 0.2 * float(np.nanmax(magnitude, initial=0.0)))
    if loaded.any() and np.nanmean(force[loaded, 2]) < 0:
        force = -force
    with np.errstate(invalid="ignore"):
        centre = plate.centre_of_pressure_m @ matrix.T
    centre = np.where((np.abs(force[:, 2]) > ON_PLATE_N)[:, None], centre, np.nan)
    return ForcePlate(plate.time_s, force, centre, plate.corners_m @ matrix.T)
