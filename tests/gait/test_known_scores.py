"""Whom a tracked walk is scored against: the released people, or the user's own of one policy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.gait.known_scores import (
    own_reference,
    pipeline_of_policy,
    reference_record,
    released_reference,
    with_known_scores,
)
from simgait.gait.score_reference_file import reference_sha256, write_reference
from simgait.gait.scores import ScoreReference
from simgait.gait_result import GaitResult
from tests.gait.conftest import made_up_strides
from tests.report.conftest import make_walk

MINE = "5" * 64
"""Hash of a policy that is not the released one."""


@pytest.fixture(scope="module")
def own() -> ScoreReference:
    return replace(made_up_strides().reference(name="our ten"), pipeline=pipeline_of_policy(MINE))


@pytest.fixture(scope="module")
def gait() -> GaitResult:
    return analyse_rollout(make_walk(6.0)[1])


def test_own_people_are_named_with_the_scores(gait: GaitResult, own: ScoreReference) -> None:
    scored = with_known_scores(gait, MINE, own)
    assert scored.scores is not None and scored.scores.is_own
    assert reference_record(scored) == {"name": "our ten", "sha256": reference_sha256(own)}


def test_the_released_people_score_the_released_policys_walks_alone(gait: GaitResult) -> None:
    released = released_reference()
    assert with_known_scores(gait, MINE).scores is None
    sha256 = released.pipeline.split()[-1] + "0" * 52
    scored = with_known_scores(gait, sha256)
    assert scored.scores is not None and not scored.scores.is_own
    assert scored.scores.reference == released.name


def test_people_whom_another_policy_tracked_are_refused(
    gait: GaitResult, own: ScoreReference, tmp_path: Path
) -> None:
    file = tmp_path / "ten.json"
    write_reference(file, own)
    found = own_reference(file, MINE)
    assert found is not None and found.name == "our ten"
    assert own_reference(None, MINE) is None
    with pytest.raises(InputError) as refused:
        own_reference(file, "7" * 64)
    assert str(refused.value) == (
        "ten.json: its angles were made by simgait, policy 555555555555, those of these walks by "
        "simgait, policy 777777777777, and have other offsets; give healthy people whom this "
        "policy tracked (simgait track, then simgait reference build)."
    )
