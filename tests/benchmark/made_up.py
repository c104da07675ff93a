"""Records of walks that are made up, with just what tables and intervals read."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgait.benchmark.cases import Case
from simgait.benchmark.event_score import EventScore
from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.angle_errors import AngleError
from simgait.report.trial.plate_stances import PlateStance
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.types import EventKind
from tests import stand_ins


def case(subject: str, number: int = 0, **labels: str) -> Case:
    """A walk of somebody; `number` tells a person's walks apart."""
    trial = stand_ins.trial(f"{subject}-{number}", subject, start_s=0.5)
    angles = np.full((trial.n_frames, len(ANGLE_NAMES)), np.nan)
    return Case(trial, angles, stand_ins.NO_GAIT, BODY_KEYPOINTS, (), labels)


def record(of: Case, tracker: str = "x", **measures: Any) -> WalkRecord:
    """One tracker on that walk; a parameter's mean is that of both sides."""
    for name in ("truth", "estimate"):
        if name in measures:
            measures[name] = {
                key: {"both": mean} if isinstance(mean, float) else mean
                for key, mean in measures[name].items()
            }
    return WalkRecord(of, tracker, **measures)


def angle(n: int, rmse_deg: float, debiased_rmse_deg: float = 0.0) -> AngleError:
    """An error over n frames."""
    return AngleError(n, 0.0, rmse_deg, debiased_rmse_deg)


def contacts(*errors_ms: float) -> dict[EventKind, EventScore]:
    """Timing of initial contacts."""
    return {"initial_contact": EventScore(errors_ms=errors_ms)}


def stance(rmse_bw: float, contact_s: float = 1.0, plate: int = 0) -> PlateStance:
    """A stance whose simulated force is too high everywhere by `rmse_bw`."""
    high = np.full(101, rmse_bw)
    return PlateStance("left", np.zeros(101), high, high, 0.6, plate, contact_s)
