"""Trackers side by side: the columns of the paper's Table I and what else tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.agreement import error_sizes, pearson
from simgait.agreement.errors import IQR_TO_SD
from simgait.benchmark.pooled import EVENT_LABELS, POOLED, angle_series
from simgait.benchmark.records import WalkRecord
from simgait.benchmark.scores import JOINTS

NAN = float("nan")
SPATIOTEMPORAL = {"velocity_mps": "velocity", "step_length_m": "step length",
                  "step_width_m": "step width"}  # fmt: skip
CONSISTENT_PERCENT = 1.0
"""Step length × cadence is to be velocity within this, of velocity; the pelvis too."""
CONSISTENCY = "|v - step length × cadence|"
WORST_MEANS = f"{CONSISTENCY}: worst %"
PELVIS = "pelvis's own speed against v"


def pairs_of(
    records: Sequence[WalkRecord], parameter: str
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"], list[str]]:
    """Truth, estimate and subject of the walks in which both are known."""
    kept = [r for r in records if np.isfinite(r.error(parameter))]
    truth = np.array([r.truth[parameter] for r in kept])
    estimate = np.array([r.estimate[parameter] for r in kept])
    return truth, estimate, [r.case.trial.subject_id for r in kept]


def numbers_of(records: Sequence[WalkRecord]) -> dict[str, float]:
    """Every column of one row: a tracker over some walks. NaN where it has no value."""
    return {
        "walks": float(len(records)),
        **_spatiotemporal_numbers(records),
        **_angle_counts(records),
        **{name: column.of_walks(records) for name, column in POOLED.items()},
        **_event_counts(records),
        **_consistency_numbers(records),
        "plate stances": float(sum(len(r.plates) for r in records)),
    }


def _spatiotemporal_numbers(records: Sequence[WalkRecord]) -> dict[str, float]:
    numbers: dict[str, float] = {}
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
        # One person's walk seen by several cameras has one truth, and may have one estimate.
        varies = np.ptp(truth) > 0.0 and np.ptp(estimate) > 0.0
        numbers[f"{label} r"] = pearson(truth, estimate).value if varies else NAN
    return numbers


def _angle_counts(records: Sequence[WalkRecord]) -> dict[str, float]:
    """Walks, and frames of both legs, that a joint's errors are pooled over."""
    numbers: dict[str, float] = {}
    for late, suffix in ((False, ""), (True, " from frame 45")):
        for joint in JOINTS:
            frames = [sum(e.n for e in angle_series(r, joint, late=late)) for r in records]
            numbers[f"{joint} n{suffix}"] = float(sum(n > 0 for n in frames))
            numbers[f"{joint} frames{suffix}"] = float(sum(frames))
    return numbers


def _event_counts(records: Sequence[WalkRecord]) -> dict[str, float]:
    """Matched, missed and extra events: of the first two together a share was missed."""
    numbers: dict[str, float] = {}
    for kind, label in EVENT_LABELS.items():
        scores = [r.events[kind] for r in records if kind in r.events]
        numbers[f"{label} matched"] = float(sum(len(s.errors_ms) for s in scores))
        numbers[f"{label} missed"] = float(sum(s.n_missed for s in scores))
        numbers[f"{label} extra"] = float(sum(s.n_extra for s in scores))
    return numbers


def _consistency_numbers(records: Sequence[WalkRecord]) -> dict[str, float]:
    """Of the means that a user reads, and of the pelvis, which no definition ties to the feet."""

    def known(values: Sequence[float]) -> Float[np.ndarray, " N"]:
        sizes = np.abs(np.array(values, dtype=np.float64))
        return sizes[np.isfinite(sizes)]

    means = known([r.consistency_percent for r in records])
    pelvis = known([r.pelvis_lead_percent for r in records])
    return {
        WORST_MEANS: float(means.max()) if len(means) else NAN,
        f"{PELVIS}: median %": float(np.median(pelvis)) if len(pelvis) else NAN,
        f"{PELVIS}: worst %": float(pelvis.max()) if len(pelvis) else NAN,
        f"{PELVIS}: % of walks within 1 %": 100.0 * float(np.mean(pelvis <= CONSISTENT_PERCENT))
        if len(pelvis)
        else NAN,
    }


def robust_sigma(errors: np.ndarray) -> float:
    """0.7413 × interquartile range of errors, the paper's σ; NaN for no errors."""
    if not len(errors):
        return NAN
    low, high = np.percentile(errors, [25, 75])
    return float(IQR_TO_SD * (high - low))
