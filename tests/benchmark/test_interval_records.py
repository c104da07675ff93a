"""Which parts of a stopped run are made again; no walk is tracked here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark import interval_records
from simgait.benchmark.interval_records import TOGETHER, Kept, kept_records
from simgait.benchmark.interval_walks import Person
from simgait.learning.config import TrainingConfig
from simgait.tracking.policies import Policy
from simgait.types import Recording
from tests import stand_ins
from tests.benchmark.test_interval_fit import drawn


def people(n: int) -> list[Person]:
    return [
        (
            Recording(
                recording_id="walk",
                source_format="npz",
                time_s=np.arange(2) / 30.0,
                keypoint_names=("Pelvis",),
                keypoints_m=np.zeros((2, 1, 3)),
                confidence=np.ones((2, 1)),
                scale_is_metric=True,
                pelvis_travels=True,
                subject_id=f"s{i}",
            ),
            1.7,
        )
        for i in range(n)
    ]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many walks each part that was tracked has."""
    parts: list[int] = []

    def tracked(policy: Policy, name: str, shown: Sequence[int]) -> list[Kept]:
        parts.append(len(shown))
        return drawn(1, name, seed=len(shown))

    monkeypatch.setattr(interval_records, "offered", lambda person, number, cameras: [number])
    monkeypatch.setattr(interval_records, "tracked_records", tracked)
    return parts


def policy(sha256: str) -> Policy:
    return stand_ins.policy(TrainingConfig(), {}, sha256)


def test_kept_parts_are_read_and_other_walks_policies_or_code_are_made_again(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    several = people(TOGETHER + 2)
    first = kept_records(tmp_path, "people", several, policy("ab"), cameras=1)
    assert made == [TOGETHER, 2]
    assert kept_records(tmp_path, "people", several, policy("ab"), cameras=1) == first
    assert made == [TOGETHER, 2]
    kept_records(tmp_path, "people", several[:-1], policy("ab"), cameras=1)
    assert made == [TOGETHER, 2, 1]
    kept_records(tmp_path, "people", several[:-1], policy("cd"), cameras=1)
    assert made == [TOGETHER, 2, 1, TOGETHER, 1]
    monkeypatch.setattr(interval_records, "code_sha256", lambda: "other code")
    kept_records(tmp_path, "people", several[:-1], policy("cd"), cameras=1)
    assert made == [TOGETHER, 2, 1, TOGETHER, 1, TOGETHER, 1]
