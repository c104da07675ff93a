"""Foot events of measured feet: the heel comes to rest on the floor, the toe leaves its place.

Where heel and toe are measured in metres along a path that is known, nothing need be assumed of
the pelvis: a foot that stands has no speed. The kinematic events (`trials.kinematic_events`) say
which step it is; the moment is where the forward speed of the heel falls below, and that of the
toe rises above, a share of the stance speed (after Ghoussayni et al. 2004, Gait Posture
20:266-272). A heel that slides or rolls on, as in shoes, has landed when it no longer sinks.
Against the 32 contacts of the eight McGill training subjects that a force plate saw (20 N) this is
wrong by -5 ± 5 ms at initial contact and -2 ± 5 ms at foot off (SD); Zeni's events relative to
the pelvis are by -11 ± 6 and 0 ± 6 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Bool, Float
from scipy.interpolate import CubicSpline

from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.sides import SIDES
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.trajectories import Trajectories, trajectories_of, walk_direction
from simgait.types import GaitEvent, Trial

LANDED_SHARE, SLIDING_SHARE, LEAVING_SHARE = 0.2, 0.35, 0.5
"""Of the stance speed: forward speed of a heel that has landed, of one that has if it does not
sink, of a toe that leaves. Set on the McGill training subjects, where the second gives the least
scatter; .05 more or less of the others moves their event by 2 to 4 ms."""
STILL_MPS = 0.25
"""A heel slower than this is on the floor: those of the McGill subjects are after 20 ms."""
SEARCH_S = 0.12
"""Furthest from the kinematic event."""
GRID_S = 0.001
"""Speeds are read between frames at this step: contacts are told to a millisecond."""


def feet_are_measured(trial: Trial) -> bool:
    """Whether heels and toes of both feet are measured in metres along a path that is known."""
    if not trial.scale_is_metric or not trial.pelvis_path_mask.any():
        return False
    paths = _paths(trial)
    return (paths.heel_name, paths.toe_name) == ("Heel", "Big Toe")


def measured_contacts(trial: Trial) -> list[GaitEvent]:
    """Initial contacts and foot offs (s) on the trial's clock, in order of time.

    Events beside frames in which the foot is not seen are left out.

    Args:
        trial: whose `feet_are_measured`.
    """
    paths = _paths(trial)
    ahead = walk_direction(paths)
    pelvis_m = paths.pelvis_m @ ahead
    heels, toes, heights = paths.heel_m @ ahead, paths.toe_m @ ahead, paths.heel_m[..., 2]
    backward = -np.gradient(heels - pelvis_m[:, None], paths.time_s, axis=0)
    stance_mps = float(np.median(backward[backward > 0.0]))
    found: list[GaitEvent] = []
    for event in kinematic_events(paths):
        column = SIDES.index(event.side)
        if event.kind == "initial_contact":
            motion = np.stack([heels[:, column], heights[:, column]], axis=-1)
            time_s = _turn_s(paths.time_s, motion, event.time_s, partial(_landed, stance_mps))
        else:
            motion = toes[:, column, None]
            time_s = _turn_s(paths.time_s, motion, event.time_s, partial(_leaving, stance_mps))
        if np.isfinite(time_s):
            found.append(GaitEvent(time_s, event.side, event.kind))
    return sorted(found, key=lambda event: event.time_s)


def standing_heels_m(
    trial: Trial, standing: Float[np.ndarray, "T 2"]
) -> Float[np.ndarray, "T 2 2"]:
    """Horizontal positions (m) of the left and the right heel where they stand; NaN elsewhere.

    Args:
        trial: whose `feet_are_measured`.
        standing: probability that each foot stands; a heel that has risen moves, though it does.
    """
    heels = _paths(trial).heel_m
    speed_mps = np.linalg.norm(np.gradient(heels, trial.time_s, axis=0), axis=-1)
    with np.errstate(invalid="ignore"):
        still = (standing > 0.5) & (speed_mps < STILL_MPS)
    return np.where(still[..., None], heels[..., HORIZONTAL], np.nan)


def _paths(trial: Trial) -> Trajectories:
    path = np.where(trial.pelvis_path_mask[:, None], trial.pelvis_path_m, np.nan)
    return trajectories_of(trial.time_s, trial.keypoints_m + path[:, None])


def _landed(stance_mps: float, speed_mps: Float[np.ndarray, "N 2"]) -> Bool[np.ndarray, " N"]:
    """Of a heel by its speed forward and up: at rest, or slow and not sinking any more."""
    forward, upward = speed_mps.T
    slow = forward < SLIDING_SHARE * stance_mps
    return (forward < LANDED_SHARE * stance_mps) | (slow & (upward > 0.0))


def _leaving(stance_mps: float, speed_mps: Float[np.ndarray, "N 1"]) -> Bool[np.ndarray, " N"]:
    return np.asarray(speed_mps[:, 0] > LEAVING_SHARE * stance_mps)


def _turn_s(
    time_s: Float[np.ndarray, " T"],
    position_m: Float[np.ndarray, "T C"],
    near_s: float,
    reached: Callable[[Float[np.ndarray, "N C"]], Bool[np.ndarray, " N"]],
) -> float:
    """When a point's speed becomes what is asked for; NaN where that is not seen near a time."""
    step_s = float(np.median(np.diff(time_s)))
    around = np.abs(time_s - near_s) < SEARCH_S + 2.0 * step_s
    known = np.isfinite(position_m).all(axis=-1)
    if not known[around].all() or around.sum() < 4:
        return float("nan")
    first, last = max(time_s[0], near_s - SEARCH_S), min(time_s[-1], near_s + SEARCH_S)
    grid_s = np.arange(first, last, GRID_S)
    is_so = reached(CubicSpline(time_s[known], position_m[known])(grid_s, 1))
    turns = np.flatnonzero(~is_so[:-1] & is_so[1:])
    if not len(turns):
        return float("nan")
    times = grid_s[turns] + 0.5 * GRID_S
    return float(times[np.argmin(np.abs(times - near_s))])
