"""The quick scores notice what a tracker gets wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.estimate import Refusal
from simgait.baselines.kinematics import kinematics_tracker
from simgait.companions.validation_scores import quick_scores
from simgait.learning.walks import synthetic_trial


def test_errors_put_into_a_walk_are_found(exact):
    trial = synthetic_trial("validation", 2, "exact", 6.0, "normal")
    shown = []

    def wrong(trials):
        shown.extend(trials)
        (walk,) = kinematics_tracker()(trials)
        velocity = walk.gait.parameters["velocity_mps"]
        moved = {**velocity, "both": replace(velocity["both"], mean=velocity["both"].mean + 0.2)}
        events = tuple(replace(e, time_s=e.time_s + 0.06) for e in walk.gait.events[:-4])
        gait = replace(
            walk.gait, parameters={**walk.gait.parameters, "velocity_mps": moved}, events=events
        )
        return [replace(walk, gait=gait, angles_rad=walk.angles_rad + np.radians(7.0))]

    good = quick_scores(kinematics_tracker(), [trial], [exact.dims])
    bad = quick_scores(wrong, [trial], [exact.dims])
    assert shown[0].truth is None
    assert abs(good["velocity_bias_mps"]) < 0.02 and good["knee_rmse_deg"] < 4.0
    assert bad["velocity_bias_mps"] - good["velocity_bias_mps"] == pytest.approx(0.2)
    assert bad["event_bias_ms"] - good["event_bias_ms"] == pytest.approx(60.0, abs=8.0)
    assert bad["events_missed"] > good["events_missed"]
    assert bad["hip_rmse_deg"] == pytest.approx(7.0, abs=2.0)
    refused = quick_scores(lambda trials: [Refusal("no")], [trial], [exact.dims])
    assert refused["refused"] == 1.0 and np.isnan(refused["velocity_bias_mps"])
