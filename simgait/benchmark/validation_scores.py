"""A tracker's errors on a few walks of validation walkers: enough to choose by, not to report."""

from __future__ import annotations

import numpy as np

from simgait.agreement.errors import root_mean_square
from simgait.baselines.tracker import Tracker
from simgait.benchmark.cases import Case
from simgait.benchmark.columns import COLUMNS
from simgait.benchmark.pooling import errors_of, over_values
from simgait.benchmark.score_walks import answers_of, records_of
from simgait.benchmark.scorecard_rows import mean_or_nan, sd_or_nan
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS


def validation_scores(tracker: Tracker, cases: list[Case]) -> dict[str, float]:
    """Errors of a tracker, pooled over walks; it is shown the trials without their truth.

    Args:
        tracker: to be scored.
        cases: of validation walkers (`cases.synthetic_case` with that split).

    Returns:
        n, refused, walks with a velocity, velocity bias and SD (m/s), step length RMSE (m), event
        MAE and bias (ms), missed and extra events (count), hip and knee RMSE (degrees, all frames).
    """
    records = records_of(tracker.name, cases, answers_of(tracker, cases))
    speed = errors_of(records, "velocity_mps")

    def timing(absolute: bool) -> float:
        return over_values(
            lambda r: [abs(e) if absolute else e for s in r.events.values() for e in s.errors_ms]
        ).of_walks(records)

    def counted(name: str) -> float:
        return float(np.sum([COLUMNS[f"{kind}_{name}"].value(records) for kind in EVENT_KINDS]))

    return {
        "n": float(len(records)),
        "refused": float(sum(bool(r.refusal) for r in records)),
        "velocity_n": float(len(speed)),
        "velocity_bias_mps": mean_or_nan(speed),
        "velocity_sd_mps": sd_or_nan(speed),
        "step_length_rmse_m": root_mean_square(errors_of(records, "step_length_m", SIDES)),
        "event_mae_ms": timing(absolute=True),
        "event_bias_ms": timing(absolute=False),
        "events_missed": counted("missed"),
        "events_extra": counted("extra"),
        "hip_rmse_deg": COLUMNS["hip_rmse_deg"].value(records),
        "knee_rmse_deg": COLUMNS["knee_rmse_deg"].value(records),
    }
