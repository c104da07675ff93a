"""What a report would say of walks: as many numbers as its verdict, none of a body that fell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.baselines.tracker import Refusal
from simgait.benchmark.policy_tracker import estimate_of
from simgait.benchmark.verdicts import judged_walks, verdict_of
from simgait.errors import InputError
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


def test_what_no_policy_walked_has_no_verdict() -> None:
    case = one_of_each_pattern().cases[0]
    with pytest.raises(InputError, match="only a policy's walks"):
        judged_walks([case], [estimate_of(tracked(case).tracked.rollout)])
