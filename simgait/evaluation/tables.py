"""Trackers side by side: the columns of the paper's Table I and what else tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simgait.agreement import Estimate, bootstrap_by_subject, error_sizes, pearson
from simgait.agreement.errors import IQR_TO_SD
from simgait.cohort.benchmark_scores import JOINTS, root_mean_square
from simgait.evaluation.records import WalkRecord
from simgait.gait.scores import pooled_rmse_deg
from simgait.recording.types import SIDES, EventKind, InputError

NAN = float("nan")
SPATIOTEMPORAL = {"velocity_mps": "velocity", "step_length_m": "step length",
                  "step_width_m": "step width"}  # fmt: skip


def pairs_of(
    records: Sequence[WalkRecord], parameter: str
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Truth, estimate and subject of the walks in which both are known."""
    kept = [r for r in records if np.isfinite(r.error(parameter))]
    truth = np.array([r.truth[parameter] for r in kept])
    estimate = np.array([r.estimate[parameter] for r in kept])
    return truth, estimate, [r.case.trial.subject_id for r in kept]


def with_interval(
    records: Sequence[WalkRecord],
    parameter: str,
    statistic: Callable[[np.ndarray, np.ndarray], float],
) -> Estimate:
    """A statistic of a parameter's errors with its bootstrap interval by subject."""
    truth, estimate, subjects = pairs_of(records, parameter)
    try:
        return bootstrap_by_subject(truth, estimate, subjects, statistic, seed=0)[0]
    except InputError:
        return Estimate(NAN)


def angle_rmse_deg(
    records: Sequence[WalkRecord], joint: str, *, debiased: bool = False, late: bool = False
) -> float:
    """RMSE over all counted frames of all walks and both legs; `joint` is hip, knee or ankle."""
    names = [f"{side}_{JOINTS[joint]}" for side in SIDES]
    series = [r.late_angles if late else r.angles for r in records]
    return pooled_rmse_deg([one[name] for one in series for name in names if name in one], debiased)


def _mean(values: Sequence[float]) -> float:
    known = np.array([v for v in values if np.isfinite(v)])
    return float(known.mean()) if len(known) else NAN


def _event_numbers(records: Sequence[WalkRecord]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    kinds: dict[EventKind, str] = {"initial_contact": "IC", "foot_off": "FO"}
    for kind, label in kinds.items():
        scores = [r.events[kind] for r in records if kind in r.events]
        errors = np.array([e for s in scores for e in s.errors_ms])
        numbers[f"{label} MAE ms"] = float(np.abs(errors).mean()) if len(errors) else NAN
        numbers[f"{label} missed"] = float(sum(s.n_missed for s in scores))
        numbers[f"{label} extra"] = float(sum(s.n_extra for s in scores))
    return numbers


def numbers_of(records: Sequence[WalkRecord]) -> dict[str, float]:
    """Every column of one row: a tracker over some walks. NaN where it has no value."""
    numbers: dict[str, float] = {
        "walks": float(len(records)),
        "failed %": 100.0 * _mean([float(bool(r.failure)) for r in records]),
    }
    for parameter, label in SPATIOTEMPORAL.items():
        truth, estimate, _ = pairs_of(records, parameter)
        numbers[f"{label} n"] = float(len(truth))
        if len(truth) < 3:
            numbers |= {f"{label} {what}": NAN for what in ("bias", "σ", "RMSE", "r")}
            continue
        sizes = error_sizes(truth, estimate)
        numbers[f"{label} bias"] = sizes.mean
        numbers[f"{label} σ"] = sizes.robust_sigma
        numbers[f"{label} RMSE"] = sizes.rmse
        numbers[f"{label} r"] = pearson(truth, estimate).value
    for joint in JOINTS:
        numbers[f"{joint} RMSE °"] = angle_rmse_deg(records, joint)
        numbers[f"{joint} debiased °"] = angle_rmse_deg(records, joint, debiased=True)
        numbers[f"{joint} RMSE ° from frame 45"] = angle_rmse_deg(records, joint, late=True)
    numbers |= _event_numbers(records)
    numbers["sliding cm/s"] = 100.0 * _mean([r.sliding_mps for r in records])
    numbers["penetration mm"] = 1000.0 * _mean([r.penetration_m for r in records])
    numbers["jerk m/s³"] = _mean([r.jerk_mps3 for r in records])
    numbers["worst |v - step length × cadence| %"] = max(
        (abs(r.consistency_percent) for r in records if np.isfinite(r.consistency_percent)),
        default=NAN,
    )
    forces = np.array([r.residual_force_bw for r in records])
    known = forces[np.isfinite(forces)]
    numbers["residual force % BW"] = (
        100.0 * float(np.sqrt(np.mean(known**2))) if len(known) else NAN
    )
    moments = np.array([r.residual_moment_bw_height for r in records])
    known = moments[np.isfinite(moments)]
    numbers["residual moment % BW·height"] = (
        100.0 * float(np.sqrt(np.mean(known**2))) if len(known) else NAN
    )
    stances = [s for r in records for s in r.plates]
    numbers["plate stances"] = float(len(stances))
    numbers["vertical force RMSE % BW"] = 100.0 * _mean([s.rmse_bw for s in stances])
    numbers["first peak error % BW"] = 100.0 * _mean([s.peak_errors_bw[0] for s in stances])
    numbers["second peak error % BW"] = 100.0 * _mean([s.peak_errors_bw[1] for s in stances])
    numbers["impulse error % BW·s"] = 100.0 * _mean([s.impulse_error_bw_s for s in stances])
    return numbers


def robust_sigma(errors: np.ndarray) -> float:
    """0.7413 × interquartile range of errors, the paper's σ; NaN for no errors."""
    if not len(errors):
        return NAN
    low, high = np.percentile(errors, [25, 75])
    return float(IQR_TO_SD * (high - low))


def sigma_with_interval(records: Sequence[WalkRecord], parameter: str) -> Estimate:
    """0.7413 × IQR of the errors with its interval by subject."""
    return with_interval(records, parameter, lambda x, y: robust_sigma(y - x))


def rmse_with_interval(records: Sequence[WalkRecord], parameter: str) -> Estimate:
    """RMSE with its interval by subject."""
    return with_interval(records, parameter, lambda x, y: root_mean_square(y - x))
