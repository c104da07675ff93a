"""Records of walks that are made up, with just what tables and intervals read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from simgait.benchmark.event_score import EventScore
from simgait.benchmark.plate_stances import PlateStance
from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.scores import AngleError


def case(subject: str, number: int = 0, **labels: str) -> SimpleNamespace:
    """A walk of somebody; `number` tells a person's walks apart."""
    trial = SimpleNamespace(trial_id=f"{subject}-{number}", subject_id=subject, start_s=0.5)
    return SimpleNamespace(trial=trial, labels=labels)


def record(of: SimpleNamespace, tracker: str = "x", **measures: Any) -> WalkRecord:
    """One tracker on that walk; a parameter's mean is that of both sides."""
    for name in ("truth", "estimate"):
        if name in measures:
            measures[name] = {
                key: {"both": mean} if isinstance(mean, float) else mean
                for key, mean in measures[name].items()
            }
    return WalkRecord(of, tracker, **measures)  # type: ignore[arg-type]


def angle(n: int, rmse_deg: float, debiased_rmse_deg: float = 0.0) -> AngleError:
    """An error over n frames."""
    return AngleError(n, 0.0, rmse_deg, debiased_rmse_deg)


def contacts(*errors_ms: float) -> dict[str, EventScore]:
    """Timing of initial contacts."""
    return {"initial_contact": EventScore(errors_ms=errors_ms)}


def stance(rmse_bw: float, contact_s: float = 1.0, plate: int = 0) -> PlateStance:
    """A stance whose simulated force is too high everywhere by `rmse_bw`."""
    high = np.full(101, rmse_bw)
    return PlateStance("left", np.zeros(101), high, high, 0.6, plate, contact_s)
