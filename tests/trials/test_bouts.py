"""The search for straight walking, piece by piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.trials import bouts as bouts

HEADINGS = st.lists(st.floats(-3, 3), min_size=1, max_size=40)


@given(HEADINGS, st.floats(0.1, 2.0))
def test_longest_window_is_the_longest(values, span):
    heading = np.array(values)
    start, stop = bouts._longest_within(heading, span)
    n = len(heading)
    longest = max(
        b - a for a in range(n) for b in range(a + 1, n + 1) if np.ptp(heading[a:b]) <= span
    )
    assert stop - start == longest and np.ptp(heading[start:stop]) <= span


@given(HEADINGS, st.floats(0.1, 2.0), st.integers(1, 10))
def test_windows_are_straight_long_enough_and_apart(values, span, shortest):
    windows = bouts.straight_windows(np.array(values), span, shortest)
    last = 0
    for start, stop in windows:
        assert start >= last and stop - start >= shortest
        assert np.ptp(np.array(values)[start:stop]) <= span
        last = stop


def test_ten_minutes_there_and_back_are_sixty_bouts():
    frames = np.arange(18_000)
    heading = np.pi * (frames // 300) + 0.05 * np.sin(frames / 20.0)
    assert len(bouts.straight_windows(heading, 0.5, 75)) == 60


def test_what_a_turn_takes_is_named_without_the_walks_around_it():
    time_s = np.arange(360) / 30.0
    heading = np.clip((time_s - 5.0) / 2.0, 0.0, 1.0) * np.pi / 2.0
    ahead = np.stack([np.cos(heading), np.sin(heading), 0.0 * heading], axis=-1)
    leftward = np.stack([-np.sin(heading), np.cos(heading), 0.0 * heading], axis=-1)
    motion = bouts.Motion(
        mid_hip_m=np.cumsum(1.2 * ahead / 30.0, axis=0),
        hip_axis_m=0.2 * leftward,
        ankle_separation_m=0.6 * np.sin(2.0 * np.pi * time_s)[:, None] * ahead,
        metric=True,
        travels=True,
    )
    rules = bouts.BoutRules(30.0, 75, 0.2, 30.0, 0.5, 0.5)
    found = bouts.find_bouts(motion, rules, np.ones(len(time_s), bool), 0.8)
    (first, second), (left_out,) = found.bouts, found.rejected
    said = f"{first[1] / 30.0:.1f} to {second[0] / 30.0:.1f} s: turns were cut out"
    assert left_out.reason.startswith(said) and 4.0 < first[1] / 30.0 < second[0] / 30.0 < 8.0


@pytest.mark.parametrize("crossings", [2, 3, 7])
def test_feet_passing_each_other_are_counted_through_noise(crossings):
    phase = np.linspace(0.5 * np.pi, (0.5 + crossings) * np.pi, 40 * crossings)
    noise = 0.02 * np.random.default_rng(0).standard_normal(len(phase))
    assert bouts.count_crossings(0.6 * np.sin(phase) + noise) == crossings
    # A foot that never passes the other one still swings: step-to gait.
    assert bouts.count_crossings(0.3 + 0.3 * np.sin(phase) + noise) == crossings


def test_stepping_speed_is_the_walking_speed():
    # Steps of 0.6 m in 0.5 s make 1.2 m/s.
    time_s = np.arange(300) / 30.0
    swing = 0.6 * np.sin(2.0 * np.pi * time_s)
    separation = np.stack([swing, 0.0 * swing, 0.0 * swing], axis=-1)
    speed = bouts.stepping_speed(separation, 30.0)
    assert speed[60:-60].mean() == pytest.approx(1.2, rel=0.05)
