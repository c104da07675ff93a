"""What the report reads off a rollout beside the gait result: errors, stances, footprints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.gait.analyse import footprints_of_rollout
from simgait.gait_result import GaitResult
from simgait.skeleton.coordinates import HORIZONTAL, POSITION
from simgait.skeleton.sides import SIDES, Side
from simgait.types import GaitEvent, Rollout, Trial

MIN_FRAMES = 4  # of a walk that can be analysed
LEG_KEYPOINTS = tuple(f"{s} {j}" for s in ("Left", "Right") for j in ("Hip", "Knee", "Ankle"))


@dataclass(frozen=True)
class KeypointError:
    """Distance (mm) from a recorded keypoint to the simulated one; NaN where never recorded."""

    name: str
    mean_mm: float
    p95_mm: float
    share_seen: float


@dataclass(frozen=True)
class Footprint:
    """A standing foot and when it landed, floor coordinates in m along and left of the progression.

    `step_length_m` and `step_width_m` are NaN where no step ends here, or it is not known.
    """

    side: Side
    time_s: float
    heel_m: Float[np.ndarray, " 2"]
    toe_m: Float[np.ndarray, " 2"]
    step_length_m: float
    step_width_m: float


def keypoint_errors(rollout: Rollout) -> list[KeypointError]:
    """Error of every keypoint that the body carries, over the frames in which it stood.

    Both are taken from mid-hip, so that a path which drifts apart slowly (see `path_error_mps`)
    does not hide how well the legs follow.
    """
    target = keypoints_at_body(rollout)[:, rollout.skeleton.keypoint_columns][rollout.alive]
    distance_mm = 1000.0 * np.linalg.norm(rollout.keypoints_m[rollout.alive] - target, axis=-1)
    errors = []
    for name, column in zip(rollout.skeleton.keypoints, distance_mm.T, strict=True):
        seen = column[np.isfinite(column)]
        errors.append(
            KeypointError(
                name,
                float(seen.mean()) if seen.size else float("nan"),
                float(np.percentile(seen, 95)) if seen.size else float("nan"),
                seen.size / max(len(column), 1),
            )
        )
    return errors


def keypoints_at_body(rollout: Rollout) -> Float[np.ndarray, "T 23 3"]:
    """The recording's keypoints (m), moved frame by frame so that its mid-hip is the body's."""
    shift = (rollout.pose - rollout.reference_pose)[:, POSITION]
    moved_m: Float[np.ndarray, "T 23 3"] = rollout.target_keypoints_m + shift[:, None]
    return moved_m


def path_error_mps(rollout: Rollout) -> float:
    """Speed (m/s) at which the body leaves the path it was to follow; NaN if it fell at once.

    Distance from the goal's pelvis to the body's at the last frame it stood, over the time so far.
    """
    every = np.ones(len(rollout.time_s), bool)
    return _leaving_mps(rollout, rollout.reference_pose[:, HORIZONTAL], every)


def recorded_path_error_mps(trial: Trial, rollout: Rollout) -> float:
    """The same from the pelvis's path as recorded, its length put right; NaN without one.

    What the body was to follow may have been corrected on the way from one to the other.
    """
    return _leaving_mps(rollout, trial.believed_path_m[:, HORIZONTAL], trial.pelvis_path_mask)


def _leaving_mps(
    rollout: Rollout, path_m: Float[np.ndarray, "T 2"], shown: Bool[np.ndarray, " T"]
) -> float:
    """Distance between body and path at the last frame with both, less the first's, over time."""
    known = np.flatnonzero(shown & rollout.alive)
    if len(known) < 2:
        return float("nan")
    apart = (rollout.pose[:, HORIZONTAL] - path_m)[known[[0, -1]]]
    elapsed_s = rollout.time_s[known[-1]] - rollout.time_s[known[0]]
    return float(np.linalg.norm(apart[1] - apart[0]) / elapsed_s)


def path_speed_mps(trial: Trial) -> float:
    """Speed (m/s) along the believed path of the pelvis, first frame to last; NaN without one."""
    known = np.flatnonzero(trial.pelvis_path_mask)
    if len(known) < 2:
        return float("nan")
    path_m = trial.believed_path_m[:, HORIZONTAL]
    way_m = path_m[known[-1]] - path_m[known[0]]
    return float(np.linalg.norm(way_m) / (trial.time_s[known[-1]] - trial.time_s[known[0]]))


def fit_error_median_mm(fit_error_m: Float[np.ndarray, " T"]) -> float:
    """Median over the frames of the fit's RMS distance (m, NaN where none was seen), in mm."""
    seen = fit_error_m[np.isfinite(fit_error_m)]
    return 1000.0 * float(np.median(seen)) if seen.size else float("nan")


def leg_error_mm(errors: list[KeypointError]) -> float:
    """Mean over hips, knees and ankles: the points that every recording has."""
    values = [e.mean_mm for e in errors if e.name in LEG_KEYPOINTS and np.isfinite(e.mean_mm)]
    return float(np.mean(values)) if values else float("nan")


def stances(events: tuple[GaitEvent, ...], side: Side, end_s: float) -> list[tuple[float, float]]:
    """Spans (s) in which a foot stands, from its events; open ends run from 0 and to `end_s`."""
    spans: list[tuple[float, float]] = []
    start: float | None = None
    own = sorted((e for e in events if e.side == side), key=lambda e: e.time_s)
    if own and own[0].kind == "foot_off":
        start = 0.0
    for event in own:
        if event.kind == "initial_contact":
            start = event.time_s if start is None else start
        elif start is not None:
            spans.append((start, event.time_s))
            start = None
    if start is not None:
        spans.append((start, end_s))
    return spans


def live_end_s(rollout: Rollout) -> float:
    """Time of the last frame in which the body stood; the first frame's where it never did."""
    return float(rollout.time_s[max(int(rollout.alive.sum()) - 1, 0)])


def progression(rollout: Rollout) -> Float[np.ndarray, "2 2"]:
    """Rows: unit vectors along the pelvis's path and to its left, on the floor.

    The heading frame's own axes where the body hardly travelled.
    """
    path = rollout.pose[rollout.alive, HORIZONTAL]
    travel = path[-1] - path[0] if len(path) > 1 else np.zeros(2)
    distance = float(np.linalg.norm(travel))
    along = travel / distance if distance > 0.3 else np.array([1.0, 0.0])
    return np.array([along, [-along[1], along[0]]])


def footprints(rollout: Rollout, result: GaitResult) -> list[Footprint]:
    """Every footprint of a walk, in order of time (`gait.analyse.footprints_of_rollout`).

    A step has the length and width that the walk's result has: along its own cycle, which may
    point a few degrees beside the line from the walk's first to its last frame.
    """
    axes = progression(rollout)
    n_live = int((rollout.time_s <= live_end_s(rollout) + 1e-9).sum())
    if n_live < MIN_FRAMES:
        return []
    standing = footprints_of_rollout(rollout, n_live, result.events)
    steps = {(step.side, step.contact_s): step for step in result.steps}
    prints: list[Footprint] = []
    for (side, contact_s), sole_m in sorted(standing.items(), key=lambda item: item[0][1]):
        heel, toe = sole_m[:, :2] @ axes.T
        step = steps.get((side, contact_s))
        length, width = (np.nan, np.nan) if step is None else (step.length_m, step.width_m)
        prints.append(Footprint(side, contact_s, heel, toe, length, width))
    return prints


def force_per_frame_n(rollout: Rollout) -> Float[np.ndarray, "T 2 3"]:
    """Floor force on each foot, averaged over the physics steps of each control frame."""
    step = float(np.median(np.diff(rollout.time_s)))
    edges = np.append(rollout.time_s - 0.5 * step, rollout.time_s[-1] + 0.5 * step)
    frame = np.searchsorted(edges, rollout.substep_time_s, side="right") - 1
    inside = (frame >= 0) & (frame < len(rollout.time_s))
    total = np.zeros((len(rollout.time_s), 2, 3))
    count = np.bincount(frame[inside], minlength=len(rollout.time_s))
    np.add.at(total, frame[inside], rollout.foot_force_n[inside])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count[:, None, None]
    # A frame without a physics step in it (the very first) borrows its nearest neighbour.
    empty = np.flatnonzero(count == 0)
    filled = np.flatnonzero(count > 0)
    if filled.size:
        mean[empty] = mean[filled[np.abs(filled - empty[:, None]).argmin(axis=1)]]
    return mean


def complete_cycles(result: GaitResult) -> dict[Side, int]:
    """Number of full gait cycles per side."""
    return {side: sum(c.side == side for c in result.cycles) for side in SIDES}
