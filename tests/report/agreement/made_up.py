"""A made-up agreement report and its parts, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgait.compare.analysis import worst_trials
from simgait.compare.evidence import (
    AgreementReport,
    ComparisonTable,
    EventErrors,
    Exclusion,
    MeasurePairs,
    TrackerRow,
    WaveformPairs,
)


def speed(error: float = 0.02, n_people: int = 12, per_person: int = 3, **changes) -> MeasurePairs:
    """Walks at 0.6 to 1.6 m/s with errors of SD `error`."""
    rng = np.random.default_rng(4)
    n = n_people * per_person
    truth = rng.uniform(0.6, 1.6, n)
    fields = {
        "name": "velocity_mps",
        "label": "Walking speed",
        "unit": "m/s",
        "trial_ids": tuple(f"w{k}" for k in range(n)),
        "subject_ids": tuple(f"p{k // per_person}" for k in range(n)),
        "truth": truth,
        "estimate": truth + rng.normal(0.0, error, n),
        "thresholds": (0.05, 0.10),
    }
    return MeasurePairs(**(fields | changes))


def curves(offset: float = 2.0, n: int = 6) -> WaveformPairs:
    phase = np.linspace(0, 2 * np.pi, 101)
    truth = 20 + 25 * np.cos(phase) + np.arange(n)[:, None]
    ids = tuple(f"w{k}" for k in range(n))
    return WaveformPairs("hip", "Hip flexion", "°", ids, truth, 0.9 * truth + offset)


def full_report(**changes: Any) -> AgreementReport:
    measure = speed()
    fields: dict[str, Any] = {
        "title": "Benchmark",
        "tracker": "policy-7",
        "measures": (measure,),
        "waveforms": (curves(),),
        "events": (EventErrors("Initial contact", np.array([-20.0, 0, 10, 30, 45]), 2, 3, 1),),
        "worst": worst_trials((measure,), {"w3": "w3/report.html"}),
        "tables": (
            ComparisonTable(
                "Trackers",
                ("RMSE m/s", "note"),
                (
                    TrackerRow("policy-7", (0.04321, "ours")),
                    TrackerRow("Smith 2020", (None, "theirs"), "published"),
                ),
            ),
        ),
        "methods": ("Walks are synthetic.",),
        "exclusions": (Exclusion("x1", "fell"), Exclusion("x2", "fell")),
        "n_offered": 38,
        "provenance": {"versions": {"simgait": "0.1.0"}, "date_utc": "2026-01-02T03:04:05+00:00"},
    }
    return AgreementReport(**(fields | changes))
