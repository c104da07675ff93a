"""Gait analysis against the synthetic walker, whose footholds and events are known."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.gait.analyse import analyse_markers
from simgait.gait.matching import match_events, timing_error
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.kinematics import body_keypoints
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk


@pytest.fixture(scope="module", params=["normal", "hemiparetic", "short_steps"])
def truth(request: pytest.FixtureRequest) -> WalkTruth:
    return walk(draw_walker(walker_seed("validation", 3), request.param), 6.0)


def keypoints(truth: WalkTruth) -> np.ndarray:
    return np.asarray(body_keypoints(truth.pose, truth.dimensions))


def test_parameters_are_those_of_the_generator(truth: WalkTruth) -> None:
    result = analyse_markers(truth.time_s, keypoints(truth), truth.events, None, BODY_KEYPOINTS)
    found = {name: {s: v.mean for s, v in p.items()} for name, p in result.parameters.items()}
    assert found["velocity_mps"]["both"] == pytest.approx(truth.velocity_mps, rel=0.01)
    assert found["cadence_spm"]["both"] == pytest.approx(truth.cadence_spm, rel=0.01)
    assert found["stride_length_m"]["both"] == pytest.approx(truth.stride_length_m, rel=0.01)
    for i, side in enumerate(("left", "right")):
        foothold = truth.step_length_m[i]
        assert found["step_length_m"][side] == pytest.approx(foothold, abs=0.01)
        assert found["stance_percent"][side] == pytest.approx(
            100 * truth.stance_fraction[i], abs=1.0
        )


def test_kinematic_events_find_the_true_ones(truth: WalkTruth) -> None:
    result = analyse_markers(truth.time_s, keypoints(truth), None, None, BODY_KEYPOINTS)
    match = match_events(truth.events, result.events)
    assert not match.extra
    # At the ends of the data there is no peak to see.
    inner = [e for e in match.missed if 0.2 < e.time_s < truth.time_s[-1] - 0.2]
    assert not inner
    assert timing_error(match, ["initial_contact"]).mae_ms <= 30.0
    assert timing_error(match, ["foot_off"]).mae_ms <= 30.0
