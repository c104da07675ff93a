"""What Python's door takes as keywords about a recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from simgait.near_names import nearest_name


class ReadKeywords(TypedDict, total=False):
    """`recordings.options.ReadOptions` as keywords; leave out what the file says itself.

    Attributes:
        mass_kg: body mass.
        subject_id: a code for the person, no name: it appears in the outputs.
        age_years, sex, aids, diagnosis: for the report's head and normal ranges: years; "female",
            "male" or "other"; walking aids, ("cane", "orthosis"); a code of ICD or SNOMED CT.
        fps_hz: frames per second.
        unit: length unit of the file: "m", "cm" or "mm".
        axes: what the axes mean, "z-up", or "y-down z-forward" for a camera.
        keypoint_set: "movi-87", "movi-23", "h36m-17", "mpi-inf-3dhp-17", "coco-17", "halpe-26",
            "blazepose-33", "coco-18", "coco-25", "coco-133", "halpe-136", "smpl-24", "posepipe";
            or a file that states a set (docs/how-to/detectors.md).
        names: of the keypoints, in the order of the file.
        root_relative: the keypoints do not hold the person's path through space.
        belt_speed_mps: of the treadmill.
        distance_m: that the person walks, straight, from the first frame to the last: sets the
            length of a single camera's path, and tells a video's field of view.
        speed_mps: of the person over ground, in place of a distance.
        travel_factor: what a single camera's path, scaled to the height, is multiplied by: the true
            speed over the one read, the same for all recordings of a camera and detector.
        scale_is_metric: True: the positions are measured, by markers or several calibrated cameras,
            so that height does not rescale them; False: a detector guessed them from one camera.
        person: which of several people in the file, from 1.
        came_back: of a video: further numbers of that person, who left the picture and came back.
        asf: skeleton file that belongs to an .amc.
        exchange: labels of markers whose points are exchanged, two by two.
        fov_deg: the lens's field of view on the picture's long side, degrees: of a video, or of 3D
            keypoints whose detector believed in another one, assumed_fov_deg.
        picture_px: of 2D keypoints: width and height of the pictures.
        from_s: of a video: where to begin, as a player shows it.
        to_s: of a video: where to end.
        camera: file of the camera that filmed, by `simgait calibrate`, OpenCV or Pose2Sim.
        detector: of a video: "metrabs" in place of simgait's own, with its `model` (folder of the
            SavedModel) and `python` (the one that has TensorFlow).
        detector_command: of a video: your own detector; see docs/how-to/detectors.md.
    """

    mass_kg: float | None
    subject_id: str | None
    age_years: float | None
    sex: str | None
    aids: Sequence[str] | None
    diagnosis: str | None
    fps_hz: float | None
    unit: str | None
    axes: str | None
    keypoint_set: str | None
    names: Sequence[str] | None
    root_relative: bool | None
    belt_speed_mps: float | None
    distance_m: float | None
    speed_mps: float | None
    travel_factor: float | None
    scale_is_metric: bool | None
    person: int | None
    came_back: Sequence[int] | None
    asf: Path | None
    exchange: Sequence[str] | None
    fov_deg: float | None
    assumed_fov_deg: float | None
    picture_px: tuple[int, int] | None
    from_s: float | None
    to_s: float | None
    camera: Path | None
    detector: str | None
    model: Path | None
    python: Path | None
    detector_command: str | None


def check_keywords(given: Mapping[str, object], known: Sequence[str]) -> None:
    """Refuses a keyword that says nothing about a recording.

    Raises:
        TypeError: names it, the nearest that is known, and all that are.
    """
    for name in given:
        if name not in known:
            near = nearest_name(name, known)
            advice = f"; did you mean {near!r}?" if near else "."
            raise TypeError(
                f"unexpected keyword {name!r}{advice} What can be said of a recording: "
                f"{', '.join(known)}."
            )
