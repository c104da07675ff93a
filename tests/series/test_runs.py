"""Runs of True, against a loop that walks through the frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgait.series.runs import longest_run, runs_of_true


def by_loop(
    mask: list[bool], bridge_frames: int, time_s: list[float], max_step_s: float
) -> list[Any]:
    runs: list[list[int]] = []
    for frame, value in enumerate(mask):
        if not value:
            continue
        near = runs and frame - runs[-1][1] <= bridge_frames
        if near and time_s[frame] - time_s[runs[-1][1] - 1] <= max_step_s:
            runs[-1][1] = frame + 1
        else:
            runs.append([frame, frame + 1])
    return [tuple(run) for run in runs]


@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.01, 1.0)), max_size=30),
    st.integers(0, 4),
    st.floats(0.1, 3.0),
)
def test_runs_are_those_of_a_loop(
    frames: list[tuple[bool, float]], bridge_frames: int, max_step_s: float
) -> None:
    mask = [value for value, _ in frames]
    time_s = np.cumsum([step for _, step in frames])
    found = runs_of_true(
        np.array(mask, dtype=bool), bridge_frames, time_s=time_s, max_step_s=max_step_s
    )
    assert found == by_loop(mask, bridge_frames, time_s.tolist(), max_step_s)
    plain = runs_of_true(np.array(mask, dtype=bool), bridge_frames)
    assert plain == by_loop(mask, bridge_frames, time_s.tolist(), np.inf)


def test_runs_are_joined_over_short_breaks() -> None:
    mask = np.array([1, 1, 0, 1, 0, 0, 0, 1], dtype=bool)
    assert runs_of_true(mask) == [(0, 2), (3, 4), (7, 8)]
    assert runs_of_true(mask, 1) == [(0, 4), (7, 8)]
    assert runs_of_true(np.zeros(4, dtype=bool)) == []


def test_the_longest_run_is_the_first_of_equals():
    assert longest_run(np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 1], bool)) == (3, 6)
    assert longest_run(np.array([True, False, True, True, False])) == (2, 4)
    assert longest_run(np.zeros(3, bool)) == (0, 0)
