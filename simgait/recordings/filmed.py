"""The walk of one person, found and lifted by `simgait.video`, as a recording."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simgait.files import safe_id
from simgait.footage import Camera, Footage
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.options import ReadOptions
from simgait.types import Recording

if TYPE_CHECKING:
    from simgait.video.filmed_walk import Asked, FilmedWalk

OWN_POINTS = "blazepose-33"
"""Keypoint set of simgait's own detector, in whose order every film's points are."""


def asked_of(options: ReadOptions) -> Asked:
    """What was said of a recording, as far as it is about a film."""
    from simgait.video.filmed_walk import Asked

    return Asked(
        person=options.person,
        from_s=options.from_s,
        to_s=options.to_s,
        field_of_view_deg=options.fov_deg,
        distance_m=options.distance_m,
        height_m=options.height_m,
        camera=options.camera,
        speed_mps=options.speed_mps,
        came_back=tuple(options.came_back or ()),
    )


def recording_of_walk(
    walk: FilmedWalk,
    options: ReadOptions,
    *,
    source_format: str = "video",
    drawn_by: str = OWN_POINTS,
) -> Recording:
    """The recording of a filmed walk; what is said of the person is his.

    `source_format` is that of the file that held the video, or the points seen in one; `drawn_by`
    the keypoint set of the detector that saw them.

    Raises:
        InputError: its points are no person's.
    """
    landmarks = find_keypoint_set(OWN_POINTS, walk.clip.name).columns
    # Other detectors lack feet, or arms.
    columns = {name: k for name, k in landmarks.items() if walk.confidence[:, k].any()}
    kept = list(columns.values())
    facts = ReadOptions(
        names=tuple(columns),
        unit="m",
        axes="z-up",
        time_s=walk.time_s,
        confidence=walk.confidence[:, kept],
        height_m=options.height_m,
        mass_kg=options.mass_kg,
        subject_id=options.subject_id,
        distance_m=options.distance_m,
        speed_mps=options.speed_mps,
        travel_factor=options.travel_factor,
    )
    recording = recording_from_array(
        walk.points_m[:, kept],
        facts,
        recording_id=safe_id(walk.clip.path.stem),
        source_format=source_format,
        where=walk.clip.name,
        notes=walk.notes,
    )
    chosen = [columns[name] for name in recording.keypoint_names]
    lens, axes = walk.lens, walk.lifted.axes
    camera = Camera(
        lens.focal_px, lens.width_px, lens.height_px, lens.source,
        np.array([0.0, 0.0, walk.lifted.camera_height_m]), axes,
    )  # fmt: skip
    sd_px = None if walk.image_sd_px is None else walk.image_sd_px[:, chosen]
    seen = replace(
        recording, camera=camera, image_px=walk.image_px[:, chosen], drawn_by=drawn_by,
        image_sd_px=sd_px,
    )  # fmt: skip
    if walk.faces is None:
        return seen
    footage = Footage(
        walk.clip.path, options.from_s,
        (options.from_s or 0.0) / walk.clip.time_stretch, walk.faces,
    )  # fmt: skip
    return replace(seen, footage=footage)
