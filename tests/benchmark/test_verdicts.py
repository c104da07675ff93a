"""What a report would say of walks: as many numbers as its verdict, none of a body that fell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.tracker import Refusal
from simgait.benchmark.policy_tracker import estimate_of
from simgait.benchmark.verdicts import judged_walks, verdict_of
from simgait.errors import InputError
from simgait.findings import Code
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from tests.bench_walks import one_of_each_pattern
from tests.benchmark.test_worst_walks import tracked


def test_numbers_are_counted_as_the_verdict_has_them() -> None:
    case = one_of_each_pattern().cases[0]
    answer = tracked(case)
    (found,) = judged_walks([case], [answer])
    verdict = verdict_of(case.trial, answer)
    assert found.n_use == len(verdict.names("use")) > 0
    assert found.usable and not found.fell


def test_nothing_is_usable_of_a_fall_or_a_refusal() -> None:
    case = one_of_each_pattern().cases[0]
    answer = tracked(case)
    alive = np.arange(case.trial.n_frames) < case.trial.n_frames // 2
    down = replace(answer.tracked.rollout, alive=alive)
    fallen = replace(answer, tracked=replace(answer.tracked, rollout=down), rollout=down)
    fell, refused = judged_walks([case, case], [fallen, Refusal("no")])
    assert fell.fell and not fell.usable
    assert refused.refused and not refused.usable


def test_a_body_that_steps_out_is_no_witness_of_a_swing_that_nobody_saw() -> None:
    """The body walks as the person did; the points have a third of that swing left."""
    case = one_of_each_pattern().cases[0]
    points = case.trial.keypoints_m.copy()
    for name in ("Knee", "Ankle"):
        for side in ("Left", "Right"):
            points[:, KEYPOINT_INDEX[f"{side} {name}"], 0] *= 0.35
    for spread, left in ((0.05, set()), (0.0, {"velocity_mps"})):
        trial = replace(case.trial, keypoints_m=points, scale_is_metric=False, travel_spread=spread)
        answer = tracked(replace(case, trial=trial))
        verdict = verdict_of(trial, answer)
        assert Code.SWING_UNSEEN in {finding.code for finding in verdict.findings}
        used = {name.removeprefix("left_").removeprefix("right_") for name in verdict.names("use")}
        assert used == left and "cadence_spm" in verdict.names("rough")


def test_what_no_policy_walked_has_no_verdict() -> None:
    case = one_of_each_pattern().cases[0]
    with pytest.raises(InputError, match="only a policy's walks"):
        judged_walks([case], [estimate_of(tracked(case).tracked.rollout)])
