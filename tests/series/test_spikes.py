"""Jumps of a frame or two are found at any frame rate; the motion of a foot is not one."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.series.spikes import find_spikes


def foot(fps_hz: float) -> tuple[np.ndarray, np.ndarray]:
    time_s = np.arange(int(3 * fps_hz)) / fps_hz
    ahead = 0.45 * np.sin(2 * np.pi * time_s)
    return np.stack([ahead, 0 * ahead, 0.1 * np.cos(4 * np.pi * time_s)], axis=-1)[:, None], time_s


@pytest.mark.parametrize("fps_hz", [25.0, 30.0, 100.0, 250.0])
@pytest.mark.parametrize("frames", [1, 2])
def test_jumps_are_found_and_nothing_else(fps_hz: float, frames: int) -> None:
    points, time_s = foot(fps_hz)
    assert not find_spikes(points, time_s).any()
    points[40 : 40 + frames, 0, 1] += 0.5
    assert np.array_equal(np.flatnonzero(find_spikes(points, time_s)), np.arange(40, 40 + frames))


def test_missing_frames_and_short_recordings_hold_none() -> None:
    points, time_s = foot(30.0)
    points[20:30] = np.nan
    assert not find_spikes(points, time_s).any()
    assert not find_spikes(points[:4], time_s[:4]).any()
