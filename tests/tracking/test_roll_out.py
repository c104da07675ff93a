"""Batches of walks frame by frame: where they end, and by which program."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import jax.numpy as jnp
import numpy as np
import pytest

from simgait.tracking import roll_out
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.track import _act

CONFIG = TrackingConfig()
act = _act(CONFIG, NetworkConfig())


@pytest.mark.parametrize(("falls_at", "parts"), [((5, 45), 2), ((5, None), 4), ((None, 5), 4)])
def test_a_batch_ends_where_nothing_walks_any_more_and_its_last_state_stays(
    monkeypatch: pytest.MonkeyPatch, falls_at: tuple[int | None, int | None], parts: int
) -> None:
    steps, asked = 3 * roll_out.PART + 3, []

    def go_on(*given: Any) -> tuple[Any, dict[str, np.ndarray]]:
        asked.append(first := int(given[3]))
        frame = np.arange(first, first + roll_out.PART)[:, None] + 1
        end = np.array([steps if fall is None else fall for fall in falls_at])
        return None, {"alive": frame < end, "pose": np.minimum(frame, end)}

    monkeypatch.setattr(roll_out, "_program", lambda *_: go_on)
    monkeypatch.setattr(roll_out, "_blank", lambda *_: {})
    monkeypatch.setattr(roll_out, "spread", lambda tree, *_: tree)
    monkeypatch.setattr(roll_out, "shares", lambda clips: clips)
    clips = Mock(ClipBank, n_clips=2, length=np.full(2, steps + 1), shape=(2,), dtype=float)
    found = roll_out.roll_out(CONFIG, clips, act, {}, steps + 1, jnp.zeros(2))
    assert len(asked) == parts
    end = np.array([steps if fall is None else fall for fall in falls_at])
    assert (found["pose"] == np.minimum(np.arange(1, steps + 1)[:, None], end)).all()
    assert len(found["alive"]) == steps
