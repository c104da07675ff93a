"""Many trials through a policy: groups of like length, and how far they are. No physics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from simgait.tracking import track
from simgait.tracking.policies import Policy
from simgait.tracking.policy_config import PolicyConfig
from tests.shapes import unchecked
from tests.stand_ins import trial


class Walker:
    """In the place of the physics."""

    def __init__(self, *_: object, told_by: str | None) -> None:
        pass

    def first_attempt(self, walks: list[Any], done: Callable[[float], None]) -> list[str]:
        for share in (0.5, 1.0):
            done(share)
        return [f"first {walk}" for walk in walks]

    def try_again(self, walks: list[Any], first: list[str]) -> list[str]:
        return first


def test_every_group_says_how_much_is_done_within_and_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(track, "PhysicsTracker", Walker)
    monkeypatch.setattr(track, "_act", lambda *_: None)
    monkeypatch.setattr(track, "body_size", lambda *_: None)
    monkeypatch.setattr(track, "fit_references", lambda group, *_, **__: group)
    monkeypatch.setattr(
        track, "refine_references", lambda _, group, **__: [t.trial_id for t in group]
    )
    monkeypatch.setattr(track, "TrackedTrial", lambda fitted, rollout: (fitted, rollout))
    trials = [trial(name, "", frames) for name, frames in (("a", 130), ("b", 1900), ("c", 190))]
    policy = Mock(Policy, params={}, statistics={}, refiner=Mock(), initialiser=None)
    policy.config = PolicyConfig()
    said: list[tuple[int, float]] = []
    with unchecked():
        tracked: Any = track.track_trials(policy, trials, done=lambda n, s: said.append((n, s)))
    assert tracked == [(name, f"first {name}") for name in "abc"]
    # Two walks are padded to 192 frames and are rows of a batch of eight, the third is alone.
    all_work = 8 * 192 + 1920
    assert said == [
        (0, pytest.approx(4 * 192 / all_work)), (2, pytest.approx(8 * 192 / all_work)),
        (2, pytest.approx((8 * 192 + 960) / all_work)), (3, 1.0),
    ]  # fmt: skip
