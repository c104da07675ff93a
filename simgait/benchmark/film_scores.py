"""What simgait makes of the clips of videobench: landmarks, first guess, batch fit, by view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from simgait.benchmark.detector_errors import LEGS, Errors, Seen, errors_of, height_px
from simgait.benchmark.filmed_views import ViewScore, score
from simgait.errors import InputError
from simgait.footage import Camera
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.truth import Truth
from simgait.video.camera import Lens
from simgait.video.decode import Clip
from simgait.video.filmed_walk import Asked, FilmedWalk, walk_of_points, walk_of_tracks
from simgait.video.landmarks import LEFT_HIP, N_LANDMARKS, RIGHT_ANKLE, LandmarkTrack
from simgait.video.outside_points import SeenPerson
from simgait.video.placing import placed
from simgait.video.watch import Watched

NEAR = 0.25
"""Of the person's height in the picture: hips that are seen within it are the person's."""
RATE_HZ = 30.0
"""Of the clips of videobench."""


@dataclass(frozen=True)
class ClipScore:
    """One clip.

    Attributes:
        errors: of the raw landmarks.
        refused: why the walk could not be lifted; "" where it could.
        guess, fit: the first guess and the batch fit; None where refused.
        fit_image_pct: how far hips, knees and ankles of the batch fit, seen by the camera, are from
            the true ones, % of the body's height; NaN where refused.
    """

    truth: Truth
    errors: Errors
    refused: str
    guess: ViewScore | None = None
    fit: ViewScore | None = None
    fit_image_pct: float = np.nan


def score_clips(
    watched: Sequence[tuple[Truth, tuple[LandmarkTrack, ...], str]],
) -> Iterator[ClipScore]:
    """Score every clip, the field of view told."""
    for truth, tracks, refused in watched:
        errors = errors_of(truth, seen_of_person(truth, tracks))
        if refused:
            yield ClipScore(truth, errors, refused)
        else:
            yield _scored(truth, errors, partial(walk_of, truth, tracks))


def score_points(
    truth: Truth, errors: Errors, pictures: Sequence[Sequence[SeenPerson]]
) -> ClipScore:
    """Score a clip of which another detector made 2D points, the field of view told.

    Args:
        truth: of the clip.
        errors: of the points.
        pictures: the people in each of its pictures.
    """
    clip, asked = _told(truth)
    return _scored(truth, errors, lambda: walk_of_points(clip, pictures, truth.time_s, asked))


def _scored(truth: Truth, errors: Errors, lift: Callable[[], FilmedWalk]) -> ClipScore:
    """What is made of a clip, or why nothing is."""
    try:
        walk = lift()
        fit_errors = errors_of(truth, Seen(image_of_fit(truth, walk), None))
        return ClipScore(truth, errors, "", *_lifted(truth, walk), fit_errors.image_pct)
    except InputError as error:
        return ClipScore(truth, errors, str(error))


def _told(truth: Truth) -> tuple[Clip, Asked]:
    """A clip without its film, and what is said of it: field of view and height."""
    camera, name = truth.camera, f"{truth.name}.mp4"
    clip = Clip(Path(name), name, camera.width_px, camera.height_px, 0, None)
    return clip, Asked(field_of_view_deg=lens_of(truth).field_of_view_deg, height_m=truth.height_m)


def lens_of(truth: Truth) -> Lens:
    """The lens of the clip's camera."""
    camera = truth.camera
    return Lens(camera.focal_px, camera.width_px, camera.height_px, "stated")


def seen_of_person(truth: Truth, tracks: Sequence[LandmarkTrack]) -> Seen:
    """BlazePose's six joints of the person in every frame, in the picture and in the room."""
    columns = find_keypoint_set("blazepose-33", truth.name).index
    six = [columns[name] for name in LEGS]
    n = len(truth.time_s)
    image, points = np.full((n, 6, 2), np.nan), np.full((n, 6, 3), np.nan)
    for track, at, his in of_person(truth, tracks):
        image[at[his]] = track.image_px[his][:, six]
        in_camera = placed(track, lens_of(truth))[his][:, six]
        points[at[his]] = in_camera @ truth.camera.rotation
    return Seen(image, points)


def of_person(
    truth: Truth, tracks: Sequence[LandmarkTrack]
) -> Iterator[tuple[LandmarkTrack, Int[np.ndarray, " F"], Bool[np.ndarray, " F"]]]:
    """Tracks, the frame of the truth of each of their pictures, and where they show the person."""
    hips_px, size = truth.joints_px[:, :2].mean(axis=1), height_px(truth)
    for track in tracks:
        at = np.searchsorted(truth.time_s, track.time_s - 0.4 / truth.fps_hz)
        at = np.minimum(at, len(truth.time_s) - 1)
        yield track, at, np.linalg.norm(track.mid_hip_px - hips_px[at], axis=1) < NEAR * size[at]


def image_of_fit(truth: Truth, walk: FilmedWalk) -> Float[np.ndarray, "T 6 2"]:
    """The six joints of the batch fit as the camera sees them (px), in the truth's T frames."""
    lens, lifted = walk.lens, walk.lifted
    camera = Camera(
        lens.focal_px, lens.width_px, lens.height_px, lens.source,
        np.array([0.0, 0.0, lifted.camera_height_m]), lifted.axes,
    )  # fmt: skip
    out = np.full((len(truth.time_s), 6, 2), np.nan)
    seen = camera.seen_at_px(lifted.points_m[:, LEFT_HIP : RIGHT_ANKLE + 1])
    out[lifted.track.frames] = np.where(lifted.fitted[:, None, None], seen, np.nan)
    return out


def _lifted(truth: Truth, walk: FilmedWalk) -> tuple[ViewScore, ViewScore]:
    """First guess and batch fit of the walker whom simgait chooses."""
    true, out = true_points(truth), []
    for method, points in (
        ("first guess", placed(walk.lifted.track, walk.lens)),
        ("batch fit", walk.lifted.points_m),
    ):
        time_s = walk.lifted.track.time_s
        at_30 = np.arange(time_s[0], time_s[-1], 1.0 / RATE_HZ)
        ours, theirs = (_at(at_30, *pair) for pair in ((time_s, points), (truth.time_s, true)))
        out.append(score(truth.view, method, ours, theirs, truth.height_m))
    return out[0], out[1]


def walk_of(truth: Truth, tracks: Sequence[LandmarkTrack]) -> FilmedWalk:
    """The walk in a clip as simgait makes it of its landmarks, the field of view told.

    Raises:
        InputError: nobody walks, or too little is seen.
    """
    clip, asked = _told(truth)
    return walk_of_tracks(Watched(clip, truth.time_s, tuple(tracks), None), lens_of(truth), asked)


def true_points(truth: Truth) -> Float[np.ndarray, "T 33 3"]:
    """The true joints in BlazePose's order; NaN of what has no truth."""
    out = np.full((len(truth.time_s), N_LANDMARKS, 3), np.nan)
    for name, k in find_keypoint_set("blazepose-33", truth.name).index.items():
        if name in JOINTS:
            out[:, k] = truth.joints_m[:, JOINTS.index(name)]
    return out


def _at(
    when_s: Float[np.ndarray, " N"],
    time_s: Float[np.ndarray, " T"],
    points: Float[np.ndarray, "T 33 3"],
) -> Float[np.ndarray, "N 33 3"]:
    """Points at other times, straight in between."""
    flat = points.reshape(len(points), -1)
    columns = [np.interp(when_s, time_s, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(len(when_s), N_LANDMARKS, 3)
