"""Does a person run? Steps with flight, and without: when the pelvis is lowest.

A leg that walks is a strut: the pelvis is highest over it and lowest while both feet stand. A leg
that runs is a spring: the pelvis is lowest over it, and its knee gives (Cavagna, Saibene &
Margaria 1964, J Appl Physiol 19:249; McMahon, Valiant & Frederick 1987, J Appl Physiol 62:2326).
This tells slow runs, too, in which no foot leaves the floor before the other lands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.series.angles import angle_between
from simgait.series.gaps import bridge
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.bouts import crossing_frames
from simgait.trials.event_check import moved_events
from simgait.types import Trial

FLIGHT_LIMIT_SHARE = 0.5
"""Of the steps; in no step of a walk was any foot off before the other's contact (-.38 to -.06 s),
even at twice its frame rate in no more than every seventh. (Events by movement alone make flights
shorter than they are: 12 ms of 105 in a runner at 3 m/s.)"""
LONGEST_FLIGHT_S = 0.4
"""Events further apart belong to different steps."""
LEAST_STEPS = 3
"""So that one event that is wrong makes no runner."""
SPRING_LIMIT_PER_LEG = -0.02
"""Height of the pelvis over a single leg against that over both, over the leg's length. Real walks
-.002 to .075 (96), synthetic ones -.013 and more, through five detectors -.024 and more; slow runs
-.03 and less, of points that are seen well."""
STRUT_PER_LEG = -0.015
"""Above this the leg is no spring, and a detector's feet that seem to fly are not believed: 13 of
789 walkers through five detectors seem to, all through blazepose-v1 and with -.011 or more, where
runs have -.018 or less through it."""
GIVE_LIMIT_DEG = 10.0
"""How much more the knee of the lower foot is bent over the single leg than over both: in walks
that are at all near the other limit 7 and less, in runs 20 to 40. None of 1,525 walks is beyond
both limits."""


@dataclass(frozen=True)
class Running:
    """What tells runs from walks; NaN where it is not shown.

    Attributes:
        flights: steps whose foot off and contact were both seen.
        flight_share: of these steps, those in which no foot is on the floor.
        springs: steps whose middle and both ends were seen.
        spring_per_leg: median height of the pelvis where the feet pass, less that where they are
            furthest apart, over the leg's length.
        give_deg: median bend of the lower foot's knee, likewise.
        is_measured: the points are; a detector's feet alone tell no flight.
    """

    flights: int = 0
    flight_share: float = float("nan")
    springs: int = 0
    spring_per_leg: float = float("nan")
    give_deg: float = float("nan")
    is_measured: bool = True

    @property
    def flies(self) -> bool:
        """Whether one foot leaves the floor before the other lands."""
        is_strut = not self.is_measured and self.spring_per_leg > STRUT_PER_LEG
        seen = self.flights >= LEAST_STEPS and self.flight_share >= FLIGHT_LIMIT_SHARE
        return seen and not is_strut

    @property
    def bounces(self) -> bool:
        """Whether the leg is a spring."""
        is_low = self.spring_per_leg < SPRING_LIMIT_PER_LEG and self.give_deg > GIVE_LIMIT_DEG
        return self.springs >= LEAST_STEPS and is_low


def measure_running(trial: Trial, leg_m: float) -> Running:
    """What a prepared walk shows of running.

    Args:
        trial: in its heading frame.
        leg_m: hip to ankle.
    """
    flights_s = _flights_s(trial)
    spring_m, give_deg = _springs(trial)
    share = float(np.mean(flights_s > 0.0)) if len(flights_s) else float("nan")
    seen = len(spring_m) > 0
    return Running(
        flights=len(flights_s),
        flight_share=share,
        springs=len(spring_m),
        spring_per_leg=float(np.median(spring_m)) / leg_m if seen else float("nan"),
        give_deg=float(np.median(give_deg)) if seen else float("nan"),
        is_measured=trial.scale_is_metric,
    )


def _flights_s(trial: Trial) -> Float[np.ndarray, " N"]:
    """Time (s) from each foot off to the other foot's next contact; none without feet."""
    shown = np.isfinite(trial.keypoints_m).all(axis=-1).any(axis=0)
    if not all(shown[KEYPOINT_INDEX[f"{side} Big Toe"]] for side in ("Left", "Right")):
        return np.zeros(0)
    events = moved_events(trial)
    contacts = [event for event in events if event.kind == "initial_contact"]
    flights = []
    for off in (event for event in events if event.kind == "foot_off"):
        apart = [c.time_s - off.time_s for c in contacts if c.side != off.side]
        near = [s for s in apart if abs(s) < LONGEST_FLIGHT_S]
        if near:
            flights.append(min(near, key=abs))
    return np.array(flights)


def _springs(trial: Trial) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Of each step, the feet's passing against their parting: pelvis's height (m), knee (deg).

    A step lies between two passings. Steps in which a point is missing where it counts are left
    out.
    """
    left, right = (bridge(_of(trial, f"{side} Ankle")) for side in ("Left", "Right"))
    apart_m = left[:, 0] - right[:, 0]
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, np.nan)
    knees_deg = np.stack([_knee_deg(trial, side) for side in ("Left", "Right")])
    lower = np.where(left[:, 2] < right[:, 2], 0, 1)
    seen = np.stack([path[:, 2], knees_deg[lower, np.arange(len(lower))]]).astype(float)
    frames = crossing_frames(apart_m)
    steps = []
    for start, stop in zip(frames[:-1], frames[1:], strict=True):
        wide = start + int(np.argmax(np.abs(apart_m[start : stop + 1])))
        steps.append(0.5 * (seen[:, start] + seen[:, stop]) - seen[:, wide])
    whole = np.array([step for step in steps if np.isfinite(step).all()]).reshape(-1, 2)
    return whole[:, 0], whole[:, 1]


def _of(trial: Trial, name: str) -> Float[np.ndarray, "T 3"]:
    points: Float[np.ndarray, "T 3"] = trial.keypoints_m[:, KEYPOINT_INDEX[name]].astype(float)
    return points


def _knee_deg(trial: Trial, side: str) -> Float[np.ndarray, " T"]:
    """Angle between thigh and shank, 0 where the leg is straight; NaN where a point is missing."""
    hip, knee, ankle = (_of(trial, f"{side} {joint}") for joint in ("Hip", "Knee", "Ankle"))
    return np.degrees(angle_between(knee - hip, ankle - knee))
