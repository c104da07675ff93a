"""Walks of people whom nothing was trained on, repeated until they are as long as films are.

Whole strides of a marker walk are one loop: a straight way at even speed, and what the body does
about it. From that loop come walks of any length, with standing or a turn, and their exact truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline
from scipy.spatial.distance import cdist

from simgait.benchmark.gate_cases import hips_way_m, with_measured_contacts
from simgait.datasets.monocular_copies import fully_seen_span
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.recordings.read import read_recording
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.trials.preparation import prepare
from simgait.types import Recording

WALKS = (
    "cmu_asfamc/07/07_03.amc", "cmu_asfamc/07/07_11.amc", "cmu_asfamc/16/16_16.amc",
    "cmu_asfamc/16/16_21.amc", "cmu_asfamc/49/49_01.amc", "mcgill_c3d/HC002D/HC002D06.c3d",
    "mcgill_c3d/HC038A/HC038A11.c3d", "c3d_mixed/mac_walk1.c3d", "bmclab_walk/Gait.c3d",
)  # fmt: skip
"""Under the folder of the shared data: two people slow and fast, one slow, two children, two
adults of other laboratories, whose knees nobody measured."""
LEAST_LOOP_S = 0.7
"""Shorter than anybody's stride, longer than a step."""
CLOSES_AS_WELL = 1.25
"""Of loops that close nearly as well as the best one the longest has most of somebody's strides."""
VELOCITY_S = 0.1
"""Weighs velocities against places where a loop closes: as far as the body goes in that time."""
SCENE_HZ = 100.0
"""Of the truth, as laboratories measure."""
STANDING_S, STARTING_S, TURNING_S = 2.0, 0.8, 1.5
"""Standing before and after a walk; the way from there to full steps; turning round."""


@dataclass(frozen=True)
class Loop:
    """Whole strides of a person, without their way.

    Attributes:
        person: a code.
        name: of the walk.
        height_m: of the person.
        duration_s: of the loop.
        speed_mps: of its even way, along x.
        points_m: (N, 23, 3) about that way: x along it, y left, z up; the last row is the first
            again, NaN of points that the markers do not show.
        knees_rad: (N, 2) measured flexion, left and right; NaN where nobody measured it.
    """

    person: str
    name: str
    height_m: float
    duration_s: float
    speed_mps: float
    points_m: Float[np.ndarray, "N 23 3"]
    knees_rad: Float[np.ndarray, "N 2"]


@dataclass(frozen=True)
class Scene:
    """What is before the camera, at any rate.

    Attributes:
        loop: who walks.
        kind: "walk", "standing" before and after, or "there and back".
        way_m: of each straight walk.
    """

    loop: Loop
    kind: str
    way_m: float

    def at(
        self, fps_hz: float
    ) -> tuple[Float[np.ndarray, " T"], Float[np.ndarray, "T 23 3"], Float[np.ndarray, "T 2"]]:
        """Times (s), places of the points (m, x along the first walk) and knees (rad)."""
        fine_s = np.arange(0.0, sum(part.duration_s for part in self._parts()), 1e-3)
        gait, heading = self._gait_and_heading(fine_s)
        step = self.loop.speed_mps * gait * 1e-3
        way = np.cumsum(np.stack([step * np.cos(heading), step * np.sin(heading)], -1), axis=0)
        time_s = np.arange(0.0, fine_s[-1], 1.0 / fps_hz)
        columns = [np.interp(time_s, fine_s, v) for v in (gait, heading, way[:, 0], way[:, 1])]
        phase_s = time_s % self.loop.duration_s
        points = _faded(self.loop.points_m, self.loop.duration_s, phase_s, columns[0])
        knees = _faded(self.loop.knees_rad, self.loop.duration_s, phase_s, columns[0])
        cos, sin = np.cos(columns[1])[:, None], np.sin(columns[1])[:, None]
        placed = np.stack(
            [
                cos * points[..., 0] - sin * points[..., 1] + columns[2][:, None],
                sin * points[..., 0] + cos * points[..., 1] + columns[3][:, None],
                points[..., 2],
            ],
            axis=-1,
        )
        return time_s, placed, knees

    def _parts(self) -> list[_Part]:
        walk = _Part("walk", self.way_m / self.loop.speed_mps)
        start, stop = _Part("start", STARTING_S), _Part("stop", STARTING_S)
        if self.kind == "walk":
            return [walk]
        if self.kind == "standing":
            stand = _Part("stand", STANDING_S)
            return [stand, start, walk, stop, stand]
        return [walk, stop, _Part("turn", TURNING_S), start, walk]

    def _gait_and_heading(
        self, time_s: Float[np.ndarray, " N"]
    ) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
        """How much of the gait there is (0 stands, 1 walks), and the heading (rad)."""
        parts = self._parts()
        ends_s = np.cumsum([part.duration_s for part in parts])
        which = np.searchsorted(ends_s[:-1], time_s, side="right")
        gait, heading = np.zeros(len(time_s)), np.zeros(len(time_s))
        turned = 0.0
        for number, part in enumerate(parts):
            own = which == number
            share = (time_s[own] - (ends_s[number] - part.duration_s)) / part.duration_s
            smooth = 0.5 - 0.5 * np.cos(np.pi * share)
            begin, end = _GAIT[part.what]
            gait[own] = begin + (end - begin) * smooth
            heading[own] = turned + (np.pi * smooth if part.what == "turn" else 0.0)
            turned += np.pi if part.what == "turn" else 0.0
        return gait, heading

    def truth(self) -> Recording:
        """The scene as exact markers show it, with the contacts of its feet and measured knees.

        Raises:
            InputError: nobody walks in it.
        """
        time_s, points_m, knees = self.at(SCENE_HZ)
        shown = np.isfinite(points_m).all(axis=(0, 2))
        angles = np.full((len(time_s), len(ANGLE_NAMES)), np.nan)
        angles[:, _KNEES] = knees
        names = tuple(np.array(KEYPOINT_NAMES)[shown].tolist())
        recording = Recording(
            recording_id=f"{self.loop.name}_{self.kind.replace(' ', '_')}",
            source_format="synthetic",
            time_s=time_s,
            keypoint_names=names,
            keypoints_m=points_m[:, shown],
            confidence=np.ones((len(time_s), len(names))),
            scale_is_metric=True,
            pelvis_travels=True,
            subject_id=self.loop.person,
            height_m=self.loop.height_m,
            reference_angles_rad=angles,
        )
        return with_measured_contacts(recording, prepare(recording, SHORT_WALKS))


@dataclass(frozen=True)
class _Part:
    what: str
    duration_s: float


_GAIT = {
    "walk": (1.0, 1.0), "start": (0.0, 1.0), "stop": (1.0, 0.0), "stand": (0.0, 0.0),
    "turn": (0.0, 0.0),
}  # fmt: skip
_KNEES = [ANGLE_NAMES.index(f"{side}_knee_flexion") for side in SIDES]


def _faded(
    of_loop: np.ndarray, duration_s: float, at_s: np.ndarray, gait: np.ndarray
) -> np.ndarray:
    """A loop's values at phases, drawn to their mean, which stands, as gait fades."""
    known = np.isfinite(of_loop).all(axis=0)
    clock_s = np.linspace(0.0, duration_s, len(of_loop))
    values = np.full((len(at_s), *of_loop.shape[1:]), np.nan)
    values[:, known] = CubicSpline(clock_s, of_loop[:, known], bc_type="periodic")(at_s)
    standing = of_loop[:-1].mean(axis=0)
    share = gait.reshape(-1, *[1] * (of_loop.ndim - 1))
    return np.asarray(standing + share * (values - standing))


def loops(data_dir: Path) -> Iterator[Loop]:
    """A loop of each of `WALKS`.

    Raises:
        InputError: a file is absent, or one of them is of somebody who may be learned from.
    """
    for name in WALKS:
        path = data_dir / name
        collection, subject = Path(name).parts[0], Path(name).parts[-2]
        if not path.is_file():
            raise InputError(
                f"{name}: not found in the data folder {data_dir.name}; name the folder that "
                "holds it with --data."
            )
        if not is_test_subject(collection, subject):
            raise InputError(f"{name}: somebody who may be learned from is no stranger.")
        person = path.stem if path.parent.name == collection else subject
        recording = replace(read_recording(path), subject_id=f"{collection}-{person}")
        yield loop_of(fully_seen_span(recording))


def loop_of(recording: Recording) -> Loop:
    """The loop of a straight walk that shows its markers throughout.

    Raises:
        InputError: it holds no straight walk, or a marker is lost on its way.
    """
    trial = prepare(recording, SHORT_WALKS)[0]
    end_s = trial.start_s + float(trial.time_s[-1])
    span = (recording.time_s >= trial.start_s) & (recording.time_s <= end_s)
    time_s, points = recording.time_s[span], recording.all_keypoints_m[span]
    way = hips_way_m(replace(recording, keypoints_m=recording.keypoints_m[span]))
    points = points @ _heading_axes(way).T
    shown = np.isfinite(points).any(axis=(0, 2))
    if not np.isfinite(points[:, shown]).all():
        raise InputError(f"{recording.recording_id}: markers are lost on the way; take another.")
    first, last = _closing(time_s, points[:, shown])
    looped, clock_s = points[first : last + 1], time_s[first : last + 1] - time_s[first]
    share = (clock_s / clock_s[-1])[:, None, None]
    apart = looped[-1] - looped[0]
    ahead_m = float(np.nanmean(apart[shown, 0]))
    looped = looped - share * apart
    level = np.array([*np.nanmean(looped[:, shown, :2], axis=(0, 1)), 0.0])
    knees = _knees(recording)[span][first : last + 1]
    return Loop(
        person=recording.subject_id,
        name=recording.recording_id,
        height_m=trial.height_m,
        duration_s=float(clock_s[-1]),
        speed_mps=ahead_m / float(clock_s[-1]),
        points_m=looped - level,
        knees_rad=knees - share[..., 0] * (knees[-1] - knees[0]),
    )


def _heading_axes(way: Float[np.ndarray, " 2"]) -> Float[np.ndarray, "3 3"]:
    cos, sin = way / np.linalg.norm(way)
    return np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _closing(time_s: np.ndarray, points: np.ndarray) -> tuple[int, int]:
    """First and last frame of the strides that come back to themselves."""
    every = max(1, round(1.0 / (60.0 * float(np.median(np.diff(time_s))))))
    about = points - points.mean(axis=1, keepdims=True)
    moving = np.gradient(about, time_s, axis=0) * VELOCITY_S
    held = np.concatenate([about, moving], axis=-1).reshape(len(points), -1)[::every]
    apart = cdist(held, held)
    lasting = time_s[::every][None] - time_s[::every][:, None]
    apart[lasting < LEAST_LOOP_S] = np.inf
    best = lasting * (apart <= CLOSES_AS_WELL * apart.min())
    first, last = np.unravel_index(int(np.argmax(best)), best.shape)
    return int(first) * every, int(last) * every


def _knees(recording: Recording) -> Float[np.ndarray, "T 2"]:
    """Measured flexion, by the laboratory, else by its skeleton; NaN where nobody knows."""
    if recording.reference_angles_rad is not None:
        return np.asarray(recording.reference_angles_rad[:, _KNEES])
    if recording.pose is not None:
        return np.asarray(recording.pose[:, ANGLES][:, _KNEES])
    return np.full((len(recording.time_s), len(SIDES)), np.nan)
