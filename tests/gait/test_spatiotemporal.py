"""Which contacts make a step."""

from __future__ import annotations

import pytest

from simgait.gait.spatiotemporal import MIN_STEP_S, steps_of
from simgait.types import GaitEvent


def landed(*contacts: tuple[float, str]) -> list[GaitEvent]:
    return [GaitEvent(time_s, side, "initial_contact") for time_s, side in contacts]  # type: ignore[arg-type]


def test_feet_that_are_put_down_together_have_not_stepped() -> None:
    walk = landed((0.1, "left"), (0.1, "right"), (0.43, "right"), (0.95, "left"), (1.27, "right"))
    assert steps_of(walk) == [("left", 0.43, 0.95), ("right", 0.95, 1.27)]


@pytest.mark.parametrize(
    ("apart_s", "steps"), [(0.5 * MIN_STEP_S, 0), (MIN_STEP_S, 1), (0.3, 1), (3.9, 1), (4.1, 0)]
)
def test_a_step_takes_as_long_as_somebodys(apart_s: float, steps: int) -> None:
    assert len(steps_of(landed((0.0, "left"), (apart_s, "right")))) == steps


def test_a_foot_that_lands_again_has_not_stepped() -> None:
    assert steps_of(landed((0.0, "left"), (0.6, "left"))) == []
