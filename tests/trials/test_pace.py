"""A walk without the standing before and after it."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.trials.pace import walking_runs


def runs(speed_mps):
    return walking_runs(speed_mps, min_speed_mps=0.1, min_frames=75, longest_pause=30)


def paced(*stretches):
    """Speed (m/s) of (seconds, m/s), with what a detector's depth adds to it."""
    speed = np.concatenate([np.full(round(30 * seconds), mps) for seconds, mps in stretches])
    return speed + 0.15 * np.abs(np.sin(0.11 * np.arange(len(speed))))


def test_standing_before_and_after_a_walk_is_left_out_though_its_depth_wanders():
    speed = paced((2.0, 0.0), (0.4, 0.4), (4.0, 1.2), (0.4, 0.4), (2.0, 0.0))
    ((start, stop),) = runs(speed)
    assert abs(start - 72) <= 12 and abs(stop - 192) <= 12
    # Two walks with a rest between are two.
    twice = paced((4.0, 1.2), (3.0, 0.0), (4.0, 1.2))
    assert [run[1] - run[0] for run in runs(twice)] == [120, 120]


def test_a_walk_is_not_lost_by_its_slow_ends_nor_beside_a_faster_one():
    # 2.6 s in all, 1.6 of them at full pace: as it is rather than not at all.
    assert runs(paced((0.5, 0.4), (1.6, 1.2), (0.5, 0.4))) == ((0, 78),)
    slow = paced((4.0, 0.2), (0.8, 2.0))
    assert runs(slow)[0][1] >= 120
    assert runs(np.full(200, 0.02)) == ()


@pytest.mark.parametrize("mps", [0.15, 0.6, 1.4])
def test_a_steady_walk_stays_whole_however_slow(mps):
    wavering = mps * (1.0 + 0.4 * np.sin(np.arange(200) / 5.0))
    assert runs(wavering) == ((0, 200),)
