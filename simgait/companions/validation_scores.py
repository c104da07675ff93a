"""A tracker's errors on a handful of walks with truth: enough to choose by, not to report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from simgait.baselines.estimate import Refusal, Tracker
from simgait.gait.analyse import analyse_markers
from simgait.gait.matching import match_events
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.types import Trial

NAN = float("nan")
EDGE_S = 0.1  # events nearer to a trial's ends cannot be seen


def quick_scores(
    tracker: Tracker, trials: Sequence[Trial], people: Sequence[Dimensions]
) -> dict[str, float]:
    """Errors of a tracker, pooled over walks; it is shown the trials without their truth.

    Args:
        tracker: to be scored.
        trials: with truth (pose and events).
        people: true sizes.

    Returns:
        n, refused, velocity bias and SD (m/s), step length RMSE (m), event MAE (ms), missed and
        extra events (count), hip and knee RMSE (degrees, all frames).
    """
    answers = tracker([replace(trial, truth=None) for trial in trials])
    velocity: list[float] = []
    steps: list[float] = []
    timing: list[float] = []
    squares: dict[str, list[float]] = {"hip": [], "knee": []}
    missed = extra = refused = 0
    for trial, dims, walk in zip(trials, people, answers, strict=True):
        truth = trial.truth
        if truth is None:
            raise ValueError(f"{trial.trial_id} has no truth to score against")
        if isinstance(walk, Refusal):
            refused += 1
            continue
        points = np.asarray(body_keypoints(truth.pose, dims))
        true = analyse_markers(trial.time_s, points, truth.events, keypoint_names=BODY_KEYPOINTS)
        found = walk.gait.parameters
        velocity.append(
            found["velocity_mps"]["both"].mean - true.parameters["velocity_mps"]["both"].mean
        )
        steps += [
            found["step_length_m"][side].mean - true.parameters["step_length_m"][side].mean
            for side in SIDES
        ]
        match = match_events(truth.events, walk.gait.events)
        last_s = float(trial.time_s[-1]) - EDGE_S
        timing += [
            1000.0 * (b.time_s - a.time_s) for a, b in match.pairs if EDGE_S <= a.time_s <= last_s
        ]
        missed += sum(EDGE_S <= e.time_s <= last_s for e in match.missed)
        extra += sum(EDGE_S <= e.time_s <= last_s for e in match.extra)
        for joint, column_name in (("hip", "hip_flexion"), ("knee", "knee_flexion")):
            columns = [ANGLE_NAMES.index(f"{side}_{column_name}") for side in SIDES]
            error = walk.angles_rad[:, columns] - truth.pose[:, 3:][:, columns]
            squares[joint].append(_mean(_finite(np.degrees(error).ravel()) ** 2))
    speed, step = (_finite(values) for values in (velocity, steps))
    return {
        "n": float(len(trials)),
        "refused": float(refused),
        "velocity_n": float(len(speed)),
        "velocity_bias_mps": _mean(speed),
        "velocity_sd_mps": float(np.std(speed, ddof=1)) if len(speed) > 1 else NAN,
        "step_length_rmse_m": float(np.sqrt(_mean(np.square(step)))),
        "event_mae_ms": _mean(np.abs(timing)),
        "event_bias_ms": _mean(np.array(timing)),
        "events_missed": float(missed),
        "events_extra": float(extra),
        "hip_rmse_deg": float(np.sqrt(_mean(np.array(squares["hip"])))),
        "knee_rmse_deg": float(np.sqrt(_mean(np.array(squares["knee"])))),
    }


def _finite(values: Sequence[float]) -> Float[np.ndarray, " N"]:
    found = np.array(values, dtype=float)
    return found[np.isfinite(found)]


def _mean(values: Float[np.ndarray, " N"]) -> float:
    """NaN for no values."""
    return float(values.mean()) if len(values) else NAN
