"""Scores on validation walkers notice what a tracker gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.tracker import Refusal, Tracker, WalkEstimate
from simgait.benchmark.cases import synthetic_case
from simgait.benchmark.validation_scores import validation_scores
from simgait.types import Trial


def test_errors_put_into_a_walk_are_found() -> None:
    case = synthetic_case(2, "exact", 6.0, split="validation", pattern="normal")
    shown: list[Trial] = []

    def wrong(trials: Sequence[Trial]) -> list[WalkEstimate | Refusal]:
        shown.extend(trials)
        (walk,) = kinematics_tracker().estimate(trials)
        assert isinstance(walk, WalkEstimate)
        velocity = walk.gait.parameters["velocity_mps"]
        moved = {**velocity, "both": replace(velocity["both"], mean=velocity["both"].mean + 0.2)}
        events = tuple(replace(e, time_s=e.time_s + 0.06) for e in walk.gait.events[:-4])
        gait = replace(
            walk.gait, parameters={**walk.gait.parameters, "velocity_mps": moved}, events=events
        )
        return [replace(walk, gait=gait, angles_rad=walk.angles_rad + np.radians(7.0))]

    good = validation_scores(kinematics_tracker(), [case])
    bad = validation_scores(Tracker("wrong", wrong, "errs"), [case])
    assert shown[0].truth is None
    assert abs(good["velocity_bias_mps"]) < 0.02 and good["knee_rmse_deg"] < 4.0
    assert bad["velocity_bias_mps"] - good["velocity_bias_mps"] == pytest.approx(0.2)
    assert bad["event_bias_ms"] - good["event_bias_ms"] == pytest.approx(60.0, abs=8.0)
    assert bad["events_missed"] > good["events_missed"]
    assert bad["hip_rmse_deg"] == pytest.approx(7.0, abs=2.0)
    refusing = Tracker("shy", lambda trials: [Refusal("no")], "refuses")
    refused = validation_scores(refusing, [case])
    assert refused["refused"] == 1.0 and np.isnan(refused["velocity_bias_mps"])
