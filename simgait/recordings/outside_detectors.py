"""A video seen by another detector than BlazePose: any command, or the user's own MeTRAbs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.footage import Camera
from simgait.option_names import option
from simgait.recordings.axes import axes_matrix
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.frames_2d import is_2d
from simgait.recordings.detectors.points_2d import people_in_pictures
from simgait.recordings.filmed import asked_of, recording_of_walk
from simgait.recordings.options import ReadOptions
from simgait.recordings.readers import HEAD_BYTES, choose_reader
from simgait.text_files import read_json
from simgait.types import Recording
from simgait.video.camera import Lens
from simgait.video.decode import Clip, frames
from simgait.video.filmed_walk import Asked, choose_known_lens, lens_note, walk_of_points
from simgait.video.moving_camera import BackgroundWatch
from simgait.video.outside_points import SeenPerson
from simgait.video.outside_program import command_words, output_of, run_program
from simgait.video.watch import check_rate

METRABS = "metrabs"
SKELETON, METRABS_UNIT, METRABS_AXES = "bml_movi_87", "mm", "y-down z-forward"
SAME_PERSON_M = 0.5
"""Between two pictures a person's middle moves by less: 2.4 m/s at 5 pictures a second."""


def program_of_metrabs() -> Path:
    """What the user's Python runs."""
    import simgait.video.detector

    return Path(simgait.video.detector.__path__[0]) / "metrabs_program.py"


def check_detector(options: ReadOptions) -> None:
    """Refuses what is said of another detector and does not fit together.

    Raises:
        InputError: an unknown detector, one without its model, or facts without a detector.
    """
    if options.detector is not None and options.detector_command is not None:
        raise InputError("Give --detector or --detector-command, not both.")
    if options.detector not in (None, METRABS):
        raise InputError(
            f"--detector {options.detector}: is none that simgait can start; {METRABS} is, and "
            "any other by --detector-command."
        )
    if options.detector == METRABS and options.model is None:
        raise InputError("--detector metrabs needs --model, the folder of the SavedModel.")
    if options.model is not None and not options.model.exists():
        raise InputError(f"--model {options.model.name}: there is no such folder; check the path.")
    for fact, flag in (("model", "--model"), ("python", "--python")):
        if getattr(options, fact) is not None and options.detector is None:
            raise InputError(f"{flag} goes with --detector metrabs; leave it out, or add that.")
    array = {"keypoint_set", "names", "unit", "axes", "assumed_fov_deg"} & set(options.said())
    if array and options.detector_command is None:
        raise InputError(
            f"{sorted(array)[0]} of a video is what --detector-command writes; leave it out, or "
            "give the command."
        )


def read_with_detector(clip: Clip, options: ReadOptions) -> Recording:
    """The walk in a video as another detector sees it.

    Raises:
        InputError: the program fails, or its output is none of this video.
    """
    asked = asked_of(options)
    with tempfile.TemporaryDirectory(prefix="simgait-") as folder:
        out = Path(folder) / safe_id(clip.path.stem)
        if options.detector == METRABS:
            return _metrabs(clip, options, asked, out.with_name(out.name + ".npz"))
        assert options.detector_command is not None
        run_program(command_words(options.detector_command, clip.path, out), clip.name)
        return _read_output(output_of(out, clip.name), clip, options, asked)


def _read_output(found: Path, clip: Clip, options: ReadOptions, asked: Asked) -> Recording:
    """What a command wrote: 2D points for the lift, or positions in space."""
    # Without the part: the command saw the whole video.
    clip, time_s = seen_times(clip)
    wanted = (time_s >= (options.from_s or 0.0) / clip.time_stretch) & (
        time_s <= (np.inf if options.to_s is None else options.to_s / clip.time_stretch)
    )
    if found.suffix.lower() == ".json" and is_2d(found.read_bytes()[:HEAD_BYTES]):
        content = read_json(found, clip.name)
        found_2d = people_in_pictures(content, options.keypoint_set, clip.name, len(time_s))
        _check_count(len(found_2d.people), time_s, clip.name)
        seen = [
            [_in_picture(one, clip) for one in picture]
            for picture, kept in zip(found_2d.people, wanted, strict=True)
            if kept
        ]
        walk = walk_of_points(clip, seen, time_s[wanted], asked)
        return recording_of_walk(walk, options, drawn_by=found_2d.keypoint_set)
    _check_one_track(options, clip.name)
    reader = choose_reader(found)
    if reader is None:
        raise InputError(
            f"{clip.name}: the detector's {found.suffix} holds no keypoints that are read; see "
            "docs/how-to/detectors.md."
        )
    facts = {fact: value for fact, value in options.said().items() if fact in reader.takes}
    said = ReadOptions(**facts)
    if "time_s" in reader.takes:
        said = replace(said, time_s=_times_for(found, time_s, clip.name))
    recording = reader.read(found, said)
    _check_count(len(recording.time_s), time_s, clip.name)
    return _named(_part(recording, wanted), clip)


def _check_one_track(options: ReadOptions, where: str) -> None:
    """Raises InputError where a person is said to come back, who has one number here."""
    if options.came_back:
        raise InputError(
            f"{where}: {option('came_back')} is for 2D points and simgait's own detector; leave it "
            f"out, and choose with {option('person')}."
        )


def _times_for(found: Path, time_s: Float[np.ndarray, " N"], where: str) -> Float[np.ndarray, " N"]:
    """The pictures' times, where an array has one entry for each of them."""
    if found.suffix.lower() == ".npy":
        try:
            shape = np.load(found, mmap_mode="r", allow_pickle=False).shape
        except (OSError, ValueError) as error:
            raise InputError(
                f"{where}: the detector's .npy cannot be read ({error}); write it with numpy.save."
            ) from error
        if len(time_s) not in shape[:2]:
            _check_count(shape[0] if shape else 0, time_s, where)
    return time_s


def _check_count(n: int, time_s: Float[np.ndarray, " N"], where: str) -> None:
    if n != len(time_s):
        raise InputError(
            f"{where}: the detector's output holds {n} pictures, the video {len(time_s)}; let it "
            "write one entry for each picture, empty where nobody is."
        )


def _in_picture(person: SeenPerson, clip: Clip) -> SeenPerson:
    """Pixels of the file's pictures as pixels of those that are worked with."""
    return SeenPerson(
        person.image_px * np.divide((clip.width_px, clip.height_px), clip.file_px),
        person.confidence,
    )


def seen_times(clip: Clip) -> tuple[Clip, Float[np.ndarray, " N"]]:
    """The clip, with notes on what was lost, and the times of all its pictures.

    Raises:
        InputError: the camera moves, or the file is damaged or too slow.
    """
    background, times, losses = BackgroundWatch(), list[float](), list[str]()
    for frame in frames(clip, tell=losses.append):
        times.append(frame.time_s)
        background.see(frame.picture, frame.time_s, ())
        background.check_so_far(clip.name)
    time_s = np.array(times)
    check_rate(time_s, clip.name)
    background.check(clip.name)
    return clip.noted([*losses, *background.notes()]), time_s


def _part(recording: Recording, wanted: Bool[np.ndarray, " N"]) -> Recording:
    return replace(
        recording,
        time_s=recording.time_s[wanted],
        keypoints_m=recording.keypoints_m[wanted],
        confidence=recording.confidence[wanted],
    )


def _named(recording: Recording, clip: Clip) -> Recording:
    return replace(
        recording,
        recording_id=safe_id(clip.path.stem),
        source_format="video",
        notes=(*clip.notes, *recording.notes),
    )


def _metrabs(clip: Clip, options: ReadOptions, asked: Asked, out: Path) -> Recording:
    """The user's own SavedModel, run by the user's own Python."""
    _check_one_track(options, clip.name)
    lens = choose_known_lens(clip, asked)
    times, losses, background = list[float](), list[str](), BackgroundWatch()

    def pictures() -> Iterator[bytes]:
        for frame in frames(clip, options.from_s, options.to_s, losses.append):
            times.append(frame.time_s)
            background.see(frame.picture, frame.time_s, ())
            background.check_so_far(clip.name)
            yield frame.picture.tobytes()

    python = str(options.python or sys.executable)
    words = [
        python, str(program_of_metrabs()), str(options.model), str(out), str(clip.width_px),
        str(clip.height_px), f"{lens.focal_px:.6g}", SKELETON,
    ]  # fmt: skip
    run_program(words, clip.name, feed=pictures())
    time_s = np.array(times)
    check_rate(time_s, clip.name)
    background.check(clip.name)
    found = output_of(out.with_suffix(""), clip.name)
    try:
        with np.load(found, allow_pickle=False) as file:
            counts, poses = file["counts"], file["poses_mm"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{clip.name}: what MeTRAbs wrote cannot be read ({error}).") from error
    _check_count(len(counts), time_s, clip.name)
    if not len(poses):
        raise InputError(f"{clip.name}: MeTRAbs found nobody in the video; film the whole body.")
    people = in_columns(np.split(poses.astype(float), np.cumsum(counts)[:-1]))
    facts = ReadOptions(
        keypoint_set="movi-87", unit=METRABS_UNIT, axes=METRABS_AXES, time_s=time_s,
        person=options.person, height_m=options.height_m, mass_kg=options.mass_kg,
        subject_id=options.subject_id, distance_m=options.distance_m,
        speed_mps=options.speed_mps, travel_factor=options.travel_factor,
    )  # fmt: skip
    recording = recording_from_array(
        people, facts, recording_id=safe_id(clip.path.stem), source_format="video",
        where=clip.name, notes=(
            *clip.notes, *losses, *background.notes(), "Seen by MeTRAbs.", lens_note(lens),
        ),
    )  # fmt: skip
    return replace(recording, camera=_level_camera(lens))


def _level_camera(lens: Lens) -> Camera:
    """A camera at the origin of the axes that MeTRAbs' become; its tilt is not known."""
    return Camera(
        lens.focal_px, lens.width_px, lens.height_px, lens.source, np.zeros(3),
        axes_matrix(METRABS_AXES, METRABS).T,
    )  # fmt: skip


def in_columns(
    pictures: list[Float[np.ndarray, "p K 3"]],
) -> Float[np.ndarray, "T P K 3"]:
    """People in any order, picture by picture (mm), as one column for each; NaN where not seen.

    Who is nearest to where somebody was last seen is he, within `SAME_PERSON_M`.
    """
    last: list[Float[np.ndarray, " 3"]] = []
    owners: list[list[int]] = []
    for people in pictures:
        middles = np.nanmean(people, axis=1) if len(people) else np.zeros((0, 3))
        free, owner = set(range(len(last))), [-1] * len(people)
        pairs = sorted(
            (float(np.linalg.norm(middles[i] - last[k])), i, k)
            for i in range(len(people))
            for k in free
        )
        for away, i, k in pairs:
            if away < 1000 * SAME_PERSON_M and k in free and owner[i] < 0:
                owner[i] = k
                free.discard(k)
        for i in range(len(people)):
            if owner[i] < 0:
                owner[i] = len(last)
                last.append(middles[i])
            last[owner[i]] = middles[i]
        owners.append(owner)
    width = pictures[0].shape[1] if pictures else 0
    out = np.full((len(pictures), len(last), width, 3), np.nan)
    for t, (people, owner) in enumerate(zip(pictures, owners, strict=True)):
        out[t, owner] = people
    return out
