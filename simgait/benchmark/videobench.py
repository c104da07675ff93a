"""videobench-v1: 200 clips of rendered people that nothing is trained on, and what is seen in them.

A clip is drawn, filmed into a file, watched as any video is, and deleted; what stays are
BlazePose's landmarks of everybody who was followed. The truth is drawn again from the clip's seed.
Clips that are there are not made again; those of `SHIPPED` come with simgait.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import whole_file
from simgait.recordings.formats.video import detector
from simgait.synthetic.people.cameras import VIEWS
from simgait.synthetic.people.clip import Clip, film_clip, make_clip
from simgait.synthetic.people.plan import ClipPlan, plan_clip
from simgait.synthetic.people.shapes import CHILDREN, HEIGHTS_M
from simgait.synthetic.people.truth import Truth, truth_of
from simgait.synthetic.walkers.walk import walker_seed
from simgait.video.decode import open_clip
from simgait.video.landmarks import N_LANDMARKS, LandmarkTrack
from simgait.video.watch import watch

VERSION = "videobench-v1"
N_CLIPS = 200
"""Chosen: 40 of each of five views."""
FIRST_INDEX = 700_000
"""Of its walkers in the split "test", from which nothing else takes these."""
SHIPPED = Path(__file__).with_name(VERSION)
LANDMARKS_SUFFIX = ".landmarks.npz"
SAME_PX = 1.0
"""By which hips that are drawn again may be off those of the pictures."""
KEPT = (0, *range(11, 17), *range(23, 33))
"""Nose, shoulders, arms, legs: landmarks that are kept."""
BINS_M = (2.0, 3.0, 4.5)
"""Least distances from camera to way."""


def cases() -> list[ClipPlan]:
    """The clips; the first N of them spread over views, distances, builds and gaits as all do."""
    adults = [body for body in HEIGHTS_M if body not in CHILDREN]
    out = []
    for i in range(N_CLIPS):
        seed = walker_seed("test", FIRST_INDEX + i)
        rng = np.random.default_rng([seed, 21])
        row = i // len(VIEWS)
        bodies = CHILDREN if (i + row) % 4 == 3 else adults
        out.append(
            plan_clip(
                seed,
                VIEWS[i % len(VIEWS)],
                str(rng.choice(list(bodies))),
                None if rng.random() < 0.6 else "normal",
                BINS_M[(i + i // len(BINS_M)) % len(BINS_M)],
            )
        )
    return out


def watch_case(plan: ClipPlan, folder: Path) -> float:
    """Render and watch one clip; seconds of processor time that it took, 0 if it was there.

    Raises:
        InputError: it cannot be drawn or written.
    """
    goal = folder / f"{plan.name}{LANDMARKS_SUFFIX}"
    if goal.exists():
        return 0.0
    begun = time.process_time()
    watch_clip(make_clip(plan), goal)
    return time.process_time() - begun


def watch_clip(clip: Clip, goal: Path) -> None:
    """Render and watch one clip, and keep its landmarks.

    Raises:
        InputError: it cannot be drawn or written.
    """
    plan = clip.plan
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / f"{plan.name}.mp4"
        film_clip(clip, path)
        try:
            tracks = watch(open_clip(path), detector()).tracks
        except InputError as error:
            tracks, refused = (), str(error)
        else:
            refused = ""
    write_tracks(goal, truth_of(clip), tracks, refused)


def write_tracks(path: Path, truth: Truth, tracks: tuple[LandmarkTrack, ...], refused: str) -> None:
    """Landmarks to a sixteenth of a pixel, millimetres and hundredths of confidence."""
    columns, arrays = list(KEPT), dict[str, Any](refused=refused, n=len(tracks))
    arrays["hips_px"] = _hips_px(truth)
    for i, track in enumerate(tracks):
        image = np.clip(np.round(16.0 * track.image_px[:, columns]), -32768, 32767)
        arrays |= {
            f"frames_{i}": track.frames.astype(np.int16),
            f"time_s_{i}": track.time_s.astype(np.float32),
            f"image_{i}": image.astype(np.int16),
            f"world_{i}": np.round(1000.0 * track.world_m[:, columns]).astype(np.int16),
            f"confidence_{i}": np.round(100.0 * track.confidence[:, columns]).astype(np.uint8),
        }
    with whole_file(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _hips_px(truth: Truth) -> Float[np.ndarray, "3 2"]:
    """Where the hips are in the first, middle and last picture: a walk drawn otherwise tells."""
    at = [0, len(truth.time_s) // 2, -1]
    return truth.joints_px[at, :2].mean(axis=1).astype(np.float32)


def read_tracks(path: Path, truth: Truth) -> tuple[tuple[LandmarkTrack, ...], str]:
    """The tracks of a clip, and why it was refused if it was; landmarks that are not kept are NaN.

    Raises:
        InputError: it is no such file, or the pictures showed another walk.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            data = {key: file[key] for key in file.files}
        off_px = np.abs(data["hips_px"] - _hips_px(truth)).max()
        tracks = tuple(
            LandmarkTrack(
                data[f"frames_{i}"].astype(int),
                data[f"time_s_{i}"].astype(float),
                _spread(data[f"image_{i}"] / 16.0),
                _spread(data[f"world_{i}"] / 1000.0),
                np.nan_to_num(_spread(data[f"confidence_{i}"][..., None] / 100.0))[..., 0],
            )
            for i in range(int(data["n"]))
        )
        refused = str(data["refused"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(f"{path.name}: is damaged; delete it, and call again.") from error
    if off_px > SAME_PX:
        raise InputError(
            f"{path.name}: its pictures showed another walk than this version of simgait draws "
            "from the seed; delete it, and call again."
        )
    return tracks, refused


def _spread(kept: Float[np.ndarray, "F k d"]) -> Float[np.ndarray, "F 33 d"]:
    """The landmarks that were kept at their places among all."""
    out = np.full((len(kept), N_LANDMARKS, kept.shape[2]), np.nan)
    out[:, list(KEPT)] = kept
    return out


def watched_cases(
    folder: Path, plans: Sequence[ClipPlan]
) -> list[tuple[Truth, tuple[LandmarkTrack, ...], str]]:
    """Truth, tracks and refusal of those clips that were watched.

    Raises:
        InputError: a file is damaged, or of another version.
    """
    found = []
    for plan in plans:
        path = folder / f"{plan.name}{LANDMARKS_SUFFIX}"
        if path.exists():
            truth = truth_of(make_clip(plan))
            found.append((truth, *read_tracks(path, truth)))
    return found
