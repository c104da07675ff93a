"""A training that may be stopped tells how far it is, keeps that, and ends in time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from simgait.estimators import turns as room
from simgait.estimators.companion import Order
from simgait.estimators.turns import Turns


class _Recipe(BaseModel):
    """Of nothing."""


class _Kept:
    """A folder that holds a checkpoint, or none."""

    def __init__(self, facts: Mapping[str, Any] | None = None) -> None:
        self.facts = facts
        self.saved: list[tuple[str, dict[str, Any]]] = []
        self.path, self.stopping = Path("folder"), False

    def steps(self) -> AbstractContextManager[None]:
        return nullcontext()

    def finish(self) -> None:
        pass

    def load(self, like: str) -> str:
        return f"{like}, gone on with"

    def save(self, state: str, facts: Mapping[str, Any]) -> None:
        self.saved.append((state, dict(facts)))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that a test turns."""
    now = SimpleNamespace(s=1000.0)
    monkeypatch.setattr(room, "time", SimpleNamespace(monotonic=lambda: now.s))
    return now


def made(kept: _Kept, minutes: float | None = None) -> tuple[Turns, list[str]]:
    said: list[str] = []
    order = Order(_Recipe(), None, None, None, "a machine", minutes, said.append)
    return Turns(order, kept), said


def test_a_turn_is_told_and_kept(clock: SimpleNamespace) -> None:
    kept = _Kept()
    turns, said = made(kept)
    assert turns.resumed("fresh", "steps") == "fresh" and not said
    clock.s += 120.0
    assert turns.made("state", 10, 40, "step 10", ": loss 0.5")
    assert said == ["step 10, about 6 minutes left: loss 0.5"]
    assert kept.saved[-1] == ("state", {"steps": 10, "seconds": 120.0})


def test_what_went_before_a_stop_counts(clock: SimpleNamespace) -> None:
    turns, said = made(_Kept({"steps": 30, "seconds": 500.0}), minutes=10.0)
    assert turns.resumed("fresh", "people") == "fresh, gone on with"
    assert said == ["going on after 30 people"]
    clock.s += 99.0
    assert turns.took_s == 599.0 and turns.made("state", 31, 40, "31 of 40")
    clock.s += 1.0
    assert not turns.made("state", 32, 40, "32 of 40")
