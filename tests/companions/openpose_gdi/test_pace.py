"""The pace that legs in a picture show, and the frame rate that it denies."""

import numpy as np
import pytest

from simgait.companions.openpose_gdi.columns import on_clock
from simgait.companions.openpose_gdi.pace import leg_pace, rate_doubts
from tests.companions.openpose_gdi.made_up import legs


@pytest.mark.parametrize("said_hz", [25.0, 30.0, 50.0, 60.0])
def test_a_true_rate_is_believed(said_hz):
    """The made-up legs take 100 to 120 steps a minute."""
    points = on_clock(legs(fps_hz=said_hz), said_hz)
    assert rate_doubts(points, said_hz) == ()
    assert 90.0 < leg_pace(points)[0] < 130.0


@pytest.mark.parametrize("factor", [0.25, 2.0, 4.0])
def test_a_wrong_rate_is_doubted_and_the_right_one_is_named(factor):
    points = on_clock(legs(fps_hz=60.0, seconds=40.0), factor * 60.0)
    (said,) = rate_doubts(points, factor * 60.0)
    assert f"At the {factor * 60.0:g} Hz given" in said and "(60 Hz would make 1" in said


def test_half_the_rate_is_told_by_steps_that_are_long_and_rare():
    points = on_clock(legs(fps_hz=60.0, seconds=40.0), 30.0)
    hips = points[:, [0, 4], 0].mean(axis=1)[:, None]
    points[..., 0] = hips + 2.0 * (points[..., 0] - hips)
    (said,) = rate_doubts(points, 30.0)
    assert "legs long, as nobody walks" in said and "(60 Hz would make 1" in said


def test_legs_that_do_not_swing_say_nothing():
    still = np.repeat(on_clock(legs(), 25.0)[:1], 200, axis=0)
    assert rate_doubts(still, 25.0) == ()
    assert rate_doubts(np.full((200, 8, 2), np.nan), 25.0) == ()
