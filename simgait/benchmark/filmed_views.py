"""One rendered walk seen from five cameras: how well video gives its speed, steps and knees.

The data is `video/rendered_capsule` of the shared recordings: a person made of capsules who walks a
CMU walk, 116 pictures, with the cameras and the true points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from simgait.benchmark.detector_errors import knee_agreement
from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.pipeline import Source as RecordingSource
from simgait.pipeline import TrackOptions, prepare_walks, track_and_analyse
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.filmed import recording_of_walk
from simgait.recordings.formats.video import detector
from simgait.recordings.options import ReadOptions
from simgait.series.angles import angle_between
from simgait.series.trend import straight_rate
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.tracking.policies import Policy
from simgait.video.filmed_walk import Asked, FilmedWalk, film_walk
from simgait.video.landmarks import ANKLES, HIPS, N_LANDMARKS
from simgait.video.lift import lift
from simgait.video.placing import placed

VIEWS = ("side", "oblique", "front", "towards", "away")
FOLDER = Path("video") / "rendered_capsule"
LEAST_SPREAD_M, LEAST_STEP_FRAMES = 0.08, 10
"""Of a landing: ankles apart along the way, and frames of 1/30 s since the last one. Passing feet
wobble by a few centimetres, the shortest steps of people who walk are twice as long
(`parameters.plausible`: strides of .15 m). A third of a second is the step of 180 steps/min, more
than anybody walks."""
MATCHED_WITHIN = 6
"""Frames between a true step and the one that is taken for it."""


@dataclass(frozen=True)
class ViewScore:
    """What one way of lifting made of one view.

    Attributes:
        speed_mps: of the hips, scaled to the person's height; speed_error_mps: against the truth.
        step_rmse_m: of the lengths of single steps.
        steps: how many were found, of how many.
        knee_r: correlation of knee flexion over time, both legs; NaN where it was not compared.
        knee_rmse_deg: without the offset.
        step_error_m: mean of the same steps' errors.
    """

    view: str
    method: str
    speed_mps: float
    speed_error_mps: float
    step_rmse_m: float
    steps: str
    knee_r: float
    knee_rmse_deg: float
    step_error_m: float


def score_views(data: Path, policy: Policy) -> Iterator[ViewScore]:
    """Every view by the first guess, the batch fit and the simulated body.

    Raises:
        InputError: the data is not there, or a video cannot be used.
    """
    folder = data / FOLDER
    if not folder.is_dir():
        raise InputError(f"{data.name}: has no {FOLDER.as_posix()}; check --data.")
    with np.load(folder / "m16_15.npz") as file:
        world, names, height_m = file["K"], list(file["names"]), float(file["height"])
    for view in VIEWS:
        with np.load(folder / f"{view}_cam.npz") as file:
            true = np.full((len(world), N_LANDMARKS, 3), np.nan)
            for name, k in find_keypoint_set("blazepose-33", folder.name).index.items():
                true[:, k] = world[:, names.index(name)] @ file["R"].T + file["t"]
            degrees = float(np.degrees(2 * np.arctan(640.0 / float(file["f"]))))
        walk = film_walk(
            folder / f"{view}.mp4", Asked(field_of_view_deg=degrees, height_m=height_m), detector()
        )
        if len(walk.time_s) != len(true):
            raise InputError(f"{view}.mp4: the person is not seen from its first to last picture.")
        track = walk.lifted.track
        yield score(view, "first guess", placed(track, walk.lens), true, height_m)
        again = lift(track, walk.lens, frame_rate_hz(walk.time_s))
        yield score(view, "batch fit", again.points_m, true, height_m)
        yield simulated(view, walk, true, height_m, policy)


def score(
    view: str,
    method: str,
    points: Float[np.ndarray, "T 33 3"],
    true: Float[np.ndarray, "T 33 3"],
    height_m: float,
) -> ViewScore:
    """Points against the truth, both on axes of their own."""
    scaled = points * LEG_PER_HEIGHT * height_m / leg_m(points)
    speed, true_speed = speed_mps(scaled), speed_mps(true)
    found, lengths = steps(scaled)
    true_at, true_lengths = steps(true)
    pairs = [
        (lengths[int(np.argmin(np.abs(found - at)))], length)
        for at, length in zip(true_at, true_lengths, strict=True)
        if len(found) and np.abs(found - at).min() <= MATCHED_WITHIN
    ]
    errors = np.array([a - b for a, b in pairs])
    knee_r, knee_rmse_deg = knee_agreement(knee_deg(scaled), knee_deg(true))
    return ViewScore(
        view, method, speed, speed - true_speed,
        float(np.sqrt(np.mean(errors**2))) if len(errors) else float("nan"),
        f"{len(pairs)} of {len(true_at)}",
        knee_r,
        knee_rmse_deg,
        float(errors.mean()) if len(errors) else float("nan"),
    )  # fmt: skip


def simulated(
    view: str, walk: FilmedWalk, true: Float[np.ndarray, "T 33 3"], height_m: float, policy: Policy
) -> ViewScore:
    """The simulated body's speed and mean step length against the truth."""
    recording = recording_of_walk(walk, ReadOptions(height_m=height_m))
    options = TrackOptions(height_m=height_m)
    walks = prepare_walks(recording, RecordingSource(f"{view}.mp4", ""), options)
    gait = track_and_analyse(policy, walks)[0].gait.parameters
    speed = gait["velocity_mps"]["both"].mean
    step = gait["step_length_m"]["both"]
    error = step.mean - float(np.mean(steps(true)[1]))
    return ViewScore(
        view, "simulated body, mean step", speed, speed - speed_mps(true), abs(error),
        f"{step.n}", float("nan"), float("nan"), error,
    )  # fmt: skip


def leg_m(points: Float[np.ndarray, "T 33 3"]) -> float:
    """Thigh and shank, mean over time and sides."""
    hip, knee, ankle = (points[:, [k, k + 1]] for k in (23, 25, 27))
    parts = (hip - knee, knee - ankle)
    return float(sum(np.linalg.norm(part, axis=-1).mean() for part in parts))


def speed_mps(points: Float[np.ndarray, "T 33 3"], rate_hz: float = 30.0) -> float:
    """Of the hips along the straight line through their places."""
    hips = points[:, HIPS].mean(axis=1)
    return float(np.linalg.norm(straight_rate(hips, np.arange(len(hips)) / rate_hz)))


def steps(
    points: Float[np.ndarray, "T 33 3"],
) -> tuple[Int[np.ndarray, " S"], Float[np.ndarray, " S"]]:
    """When feet land and how far each lands before the other's last place.

    A foot lands where the ankles are farthest apart along the way.
    """
    hips = points[:, HIPS].mean(axis=1)
    way = straight_rate(hips, np.arange(float(len(hips))))
    along = points[:, ANKLES] @ (way / np.linalg.norm(way))
    apart = np.abs(along[:, 0] - along[:, 1])
    landings: list[int] = []
    for i in range(2, len(apart) - 2):
        if apart[i] < LEAST_SPREAD_M or apart[i] < apart[i - 2 : i + 3].max():
            continue
        if landings and i - landings[-1] < LEAST_STEP_FRAMES:
            continue
        landings.append(i)
    at = np.array(landings, int)
    foremost = along[at].max(axis=1)
    return at[1:], np.diff(foremost)


def knee_deg(points: Float[np.ndarray, "T 33 3"]) -> Float[np.ndarray, "T 2"]:
    """Angle between thigh and shank, left and right."""
    hip, knee, ankle = (points[:, [k, k + 1]] for k in (23, 25, 27))
    return np.degrees(angle_between(knee - hip, ankle - knee))
