"""One person's walk out of a video: the points in space, and all that is known of the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.limits import check_distance
from simgait.option_names import option
from simgait.video.camera import Lens, choose_lens
from simgait.video.camera_file import read_camera
from simgait.video.decode import Clip, open_clip
from simgait.video.distance import lens_for_distance
from simgait.video.following import Detector
from simgait.video.landmarks import (
    ANKLES,
    HIPS,
    LEFT_KNEE,
    LEG_JOINTS,
    N_LANDMARKS,
    NOSE,
    RIGHT_TOE,
    LandmarkTrack,
)
from simgait.video.lift import Lifted, lift, visits
from simgait.video.outside_points import SeenPerson, follow_points, usual_bones
from simgait.video.people import choose_walker, come_back, lost_notes, travel
from simgait.video.traits import BLAZEPOSE, Traits
from simgait.video.view import view_note, view_of
from simgait.video.watch import Watched, watch

SAME_ASPECT = 0.02
"""Share by which the shape of one camera's pictures may differ: another crop, another lens."""
SIDEWAYS = 2.0
"""Times as far beside the hips as below them: ankles of who lies. Of who strides, less than 1."""
HEAD_ROOM = 0.2
"""Of the way from shoulders to ankles, between nose and edge: a head needs half of it. A film cut
off at the chest, in which BlazePose put the head within the picture, has 0.17."""
HEAD_SHARE = 0.2
"""Of the pictures: who comes close may lose his head in the last few."""
LEAST_FRAMES = 10
"""With whole legs; with fewer nobody is lifted."""


@dataclass(frozen=True)
class Asked:
    """What the user says about a video.

    Attributes:
        person: number of the walker among everybody, from 1; None = who walks farthest.
        from_s, to_s: part that is wanted, in seconds as a player shows them.
        field_of_view_deg: of the lens, on the long side of the picture.
        distance_m: that the person walked in this part.
        height_m: of the person.
        camera: file of the camera, see `camera_file`.
        speed_mps: of the person, in place of a distance.
        came_back: further numbers of the walker, who left the picture and came back.
    """

    person: int | None = None
    from_s: float | None = None
    to_s: float | None = None
    field_of_view_deg: float | None = None
    distance_m: float | None = None
    height_m: float | None = None
    camera: Path | None = None
    speed_mps: float | None = None
    came_back: tuple[int, ...] = ()


@dataclass(frozen=True)
class FilmedWalk:
    """A walk as the camera saw it: T pictures from the walker's first to the last.

    Attributes:
        points_m: (T, 33, 3) in level axes (x ahead of the camera, y to its left, z up from the
            floor below it), in the detector's metres; NaN where nothing was seen.
        image_px: (T, 33, 2) in the picture.
        confidence: (T, 33), 0 where nothing was seen.
        image_sd_px: (T, 33) SD of `image_px`, to the right and down each; NaN where nothing was
            seen, None where nobody knows it of the detector.
        lifted: how the points were found, picture by picture in which the person was seen whole.
        faces: time (s), x, y and radius (px) of everybody's in every picture; None without video.
        everybody: the tracks of all who were followed, the walker's among them.
        notes: sentences on what was assumed or left out.
    """

    clip: Clip
    lens: Lens
    time_s: Float[np.ndarray, " T"]
    points_m: Float[np.ndarray, "T 33 3"]
    image_px: Float[np.ndarray, "T 33 2"]
    confidence: Float[np.ndarray, "T 33"]
    image_sd_px: Float[np.ndarray, "T 33"] | None
    everybody: tuple[LandmarkTrack, ...]
    faces: Float[np.ndarray, "M 4"] | None
    lifted: Lifted
    notes: tuple[str, ...]


def film_walk(path: Path, asked: Asked, detector: Detector) -> FilmedWalk:
    """Watch a video, choose the walker, and lift the walk into space.

    Raises:
        InputError: nothing in the video can be used, and why; see `decode`, `watch`, `people`.
    """
    clip = open_clip(path)
    check_distance(asked.distance_m, clip.name)
    _check_one_pass(asked, clip.name)
    lens = choose_known_lens(clip, asked)
    watched = watch(clip, detector, from_s=asked.from_s, to_s=asked.to_s)
    return walk_of_tracks(watched, lens, asked)


def walk_of_points(
    clip: Clip,
    pictures: Sequence[Sequence[SeenPerson]],
    time_s: Float[np.ndarray, " T"],
    asked: Asked,
) -> FilmedWalk:
    """The same of 2D points that another detector found.

    Args:
        clip: the video, or the file that holds them.
        pictures: the people in each picture.
        time_s: of the pictures.
        asked: what the user says.

    Raises:
        InputError: nothing in the points can be used, and why.
    """
    check_distance(asked.distance_m, clip.name)
    _check_one_pass(asked, clip.name)
    lens = choose_known_lens(clip, asked)
    tracks = follow_points(pictures, time_s, asked.height_m, clip.name)
    watched = Watched(clip, time_s, tuple(tracks), None)
    return walk_of_tracks(watched, lens, asked, Traits(bones=usual_bones(asked.height_m)))


def choose_known_lens(clip: Clip, asked: Asked) -> Lens:
    """The lens that the user states or a camera file holds, else what the video says or is usual.

    Raises:
        InputError: no lens has such a field of view, the camera file cannot be used, or both are
            given.
    """
    if asked.camera is None:
        return choose_lens(clip, asked.field_of_view_deg)
    if asked.field_of_view_deg is not None:
        raise InputError(
            f"{clip.name}: both {option('fov_deg')} and {option('camera')} say what the lens is; "
            "leave one out."
        )
    camera = read_camera(asked.camera, clip.file_px)
    sides = sorted(clip.file_px)
    if abs(sides[1] / sides[0] / camera.aspect - 1.0) > SAME_ASPECT:
        raise InputError(
            f"{asked.camera.name}: its pictures are {camera.aspect:.2f} times as long as wide, "
            f"those of {clip.name} {sides[1] / sides[0]:.2f} times; film with the same setting."
        )
    return camera.lens(clip.width_px, clip.height_px)


def walk_of_tracks(
    watched: Watched, lens: Lens, asked: Asked, traits: Traits = BLAZEPOSE
) -> FilmedWalk:
    """Choose the walker among those who were followed, and lift him; `traits` say by whom."""
    clip = watched.clip
    travels = [travel(track, lens.focal_px, lens.middle_px) for track in watched.tracks]
    check_not_sideways(watched.tracks, clip.name)
    choice = choose_walker(watched.tracks, travels, asked.person, clip.name)
    lost = lost_notes(choice.track)
    if asked.came_back:
        choice = come_back(choice, watched.tracks, asked.came_back, clip.name)
    whole = legs_in_picture(choice.track, lens)
    sure = choice.track.confidence[:, LEG_JOINTS].mean(axis=1) >= traits.legs_sure
    _check_enough(whole, sure, choice.number, clip.name)
    track = choice.track.part(whole & sure)
    check_upright(track, clip.name)
    distance_m = asked.distance_m
    if asked.speed_mps is not None:
        distance_m = asked.speed_mps * float(track.time_s[-1] - track.time_s[0])
    if distance_m is not None and lens.source not in ("stated", "calibrated"):
        lens = lens_for_distance(
            track, lens, distance_m, asked.height_m, clip.name, traits.to_joints
        )
    rate_hz = frame_rate_hz(watched.time_s)
    lifted = lift(track, lens, rate_hz, traits)
    notes = (
        *clip.notes,
        *choice.notes,
        *lost,
        *left_out_notes(~whole, "the legs leave the picture"),
        *left_out_notes(whole & ~sure, "the legs are hardly seen"),
        *(_head_at_edge(track) if watched.faces is not None else ()),
        *_turn_notes(lifted),
        *lift_notes(lifted),
        *_view_notes(lifted),
        lens_note(lens, passes=bool(asked.came_back)),
    )
    track = lifted.track
    return _on_clock(FilmedWalk(
        clip, lens, track.time_s, lifted.points_m, track.image_px, track.confidence,
        lifted.image_sd_px, watched.tracks, watched.faces, lifted, notes,
    ), track, watched.time_s)  # fmt: skip


def check_upright(track: LandmarkTrack, where: str) -> None:
    """The hips lie above the ankles in the picture, whose rows count downwards.

    Raises:
        InputError: the picture is upside down, or rows were counted from below.
    """
    rows = track.image_px[..., 1]
    below = rows[:, list(ANKLES)].mean(axis=1) - rows[:, list(HIPS)].mean(axis=1)
    if float(np.median(below)) < 0.0:
        raise InputError(
            f"{where}: the person is upside down in the picture; turn the video the right way up, "
            "or, of 2D points, count y from the top of the picture."
        )


def check_not_sideways(tracks: Sequence[LandmarkTrack], where: str) -> None:
    """Somebody's ankles lie more above or below his hips than beside them.

    Raises:
        InputError: nobody's do, as where a file has lost the tag that says how to turn it.
    """
    for track in tracks:
        ankles, hips = (track.image_px[:, list(joints)].mean(axis=1) for joints in (ANKLES, HIPS))
        aside, down = np.median(np.abs(ankles - hips), axis=0)
        if aside < SIDEWAYS * down:
            return
    if tracks:
        raise InputError(
            f"{where}: everybody lies sideways in the picture; turn the video by a quarter, as its "
            "tag for that seems to be lost."
        )


def legs_in_picture(track: LandmarkTrack, lens: Lens) -> Bool[np.ndarray, " F"]:
    """Where knees, ankles, heels and toes all lie within the picture.

    The network guesses on outside it.
    """
    feet = track.image_px[:, LEFT_KNEE : RIGHT_TOE + 1]
    within = (feet >= 0) & (feet <= [lens.width_px, lens.height_px])
    return np.all(within, axis=(1, 2))


def lens_note(lens: Lens, *, passes: bool = False) -> str:
    """How the field of view is known, and what it means where it is not.

    Args:
        lens: through which the person was seen.
        passes: of one film there are several walks, none of which may be said to be so long.
    """
    view = f"The lens's field of view is {lens.field_of_view_deg:.0f}° on the long side"
    if lens.source == "stated":
        return f"{view}, as stated."
    if lens.source == "calibrated":
        return f"{view}, by the camera file."
    if lens.source == "tag":
        return f"{view} by the file's tag; stabilisation may have made it a tenth narrower."
    if lens.source == "distance":
        return f"{view}, by the distance walked."
    assumed = view.replace(" is ", " was ASSUMED to be ")
    known_by = "a --camera that simgait calibrate made" if passes else "--distance"
    return (
        f"{assumed}: nobody said it. Of a walk towards the camera or away, speed and step length "
        f"are wrong by as much as that is; give --fov, or {known_by}."
    )


def lift_notes(lifted: Lifted) -> tuple[str, ...]:
    """What was done to the legs, and where nothing could be."""
    notes = []
    n = len(lifted.fitted)
    if lifted.exchanged.any():
        notes.append(
            "Left and right legs had been exchanged, and were put right, in "
            f"{lifted.exchanged.sum()} of {n} pictures."
        )
    if not lifted.fitted.all():
        notes.append(
            f"In {n - int(lifted.fitted.sum())} of {n} pictures the person does not walk straight "
            "on: there the points are as the detector has them."
        )
    return tuple(notes)


def _turn_notes(lifted: Lifted) -> tuple[str, ...]:
    if not lifted.turning:
        return ()
    n = lifted.turning + len(lifted.fitted)
    return (f"{lifted.turning} of {n} pictures were left out: the person turns.",)


def _view_notes(lifted: Lifted) -> tuple[str, ...]:
    """From where each visit to the picture is seen; the same is said once."""
    views = [view_of(lifted.points_m[a:b]) for a, b in visits(lifted.track.time_s)]
    return tuple(dict.fromkeys(view_note(view) for view in views if view is not None))


def _check_one_pass(asked: Asked, where: str) -> None:
    """Raises InputError where a distance or a speed is said of somebody who comes back."""
    said = [name for name in ("distance_m", "speed_mps") if getattr(asked, name) is not None]
    if said and asked.came_back:
        raise InputError(
            f"{where}: {option(said[0])} is of one walk, and {option('came_back')} makes several; "
            "let `simgait calibrate` learn the camera of one, and give its file as "
            f"{option('camera')}."
        )


def _check_enough(
    whole: Bool[np.ndarray, " F"], sure: Bool[np.ndarray, " F"], number: int, where: str
) -> None:
    """Legs are in the picture, and seen, for long enough. Raises InputError where they are not."""
    if int(whole.sum()) < LEAST_FRAMES:
        raise InputError(
            f"{where}: the legs of person {number} leave the picture in "
            f"{len(whole) - int(whole.sum())} of {len(whole)} pictures; film the whole body, feet "
            "included, or choose another person with --person."
        )
    if int((whole & sure).sum()) < LEAST_FRAMES:
        raise InputError(
            f"{where}: the legs of person {number} are hardly seen in "
            f"{len(sure) - int(sure.sum())} of {len(sure)} pictures; film nearer and in better "
            "light, or choose another person with --person."
        )


def left_out_notes(out: Bool[np.ndarray, " F"], why: str) -> tuple[str, ...]:
    """How many pictures are out, and why; none where none is."""
    lost = int(out.sum())
    if not lost:
        return ()
    were = "was" if lost == 1 else "were"
    return (f"{lost} of {len(out)} pictures {were} left out: {why}.",)


def _head_at_edge(track: LandmarkTrack) -> tuple[str, ...]:
    """Where nobody can tell a head that is cut off from one that just fits, both are said."""
    near = track.image_px[:, NOSE, 1] < HEAD_ROOM * track.size_px
    if near.mean() < HEAD_SHARE:
        return ()
    return (
        f"In {int(near.sum())} of {len(near)} pictures the head is at the picture's upper edge. If "
        "it is cut off there, the detector squeezes the whole body into what is left, and speed "
        "and steps come out too large by a third: look, and film the whole person.",
    )


def _on_clock(
    walk: FilmedWalk, track: LandmarkTrack, time_s: Float[np.ndarray, " N"]
) -> FilmedWalk:
    """The same with every picture from the first to the last, missing where nothing was seen."""
    first, last = int(track.frames[0]), int(track.frames[-1])
    n = last - first + 1
    points, image = np.full((n, N_LANDMARKS, 3), np.nan), np.full((n, N_LANDMARKS, 2), np.nan)
    confidence = np.zeros((n, N_LANDMARKS))
    at = track.frames - first
    unseen = (walk.confidence == 0.0)[..., None]
    points[at] = np.where(unseen, np.nan, walk.points_m)
    image[at] = np.where(unseen, np.nan, walk.image_px)
    confidence[at] = walk.confidence
    sd_px = None
    if walk.image_sd_px is not None:
        sd_px = np.full((n, N_LANDMARKS), np.nan)
        sd_px[at] = np.where(unseen[..., 0], np.nan, walk.image_sd_px)
    return FilmedWalk(
        walk.clip, walk.lens, time_s[first : last + 1], points, image, confidence, sd_px,
        walk.everybody, walk.faces, walk.lifted, walk.notes,
    )  # fmt: skip
