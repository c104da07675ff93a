"""Repeated frames in the middle of a walk are found, whatever the frame rate, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import Basis, Code
from simgait.trials.freezes import freezes_s
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess


def with_frames(recording, order):
    """Its frames in another order, on the even clock of as many frames."""
    time_s = np.arange(len(order)) * (recording.time_s[1] - recording.time_s[0])
    return replace(
        recording,
        time_s=time_s,
        keypoints_m=recording.keypoints_m[order],
        confidence=recording.confidence[order],
        pose=None,
        events=(),
    )


@pytest.mark.parametrize("fps_hz", [30.0, 120.0])
@pytest.mark.parametrize("inserted_s", [0.2, 0.5])
def test_inserted_frames_take_the_times_of_a_walk_away(walk, fps_hz, inserted_s):
    recording = walk(6.0, fps_hz=fps_hz)
    at, frames = round(3.0 * fps_hz), round(inserted_s * fps_hz)
    order = np.r_[: at + 1, np.full(frames, at), at + 1 : len(recording.time_s)]
    (trial,) = prepare(with_frames(recording, order))
    (found,) = (f for f in assess(trial).findings if f.code is Code.WALK_FREEZES)
    assert found.severity == "caution" and Basis.CLOCK in found.touches
    assert found.values == {
        "start_s": pytest.approx(3.0),
        "frozen_s": pytest.approx(inserted_s),
    }


def test_held_frames_are_found_though_a_point_goes_on(walk):
    recording = walk(6.0)
    points = np.array(recording.keypoints_m)
    points[90:105] = points[90]
    points[90:105, 0] += 0.01 * np.arange(15)[:, None]
    (span_s,) = freezes_s(points, recording.time_s)
    assert span_s == pytest.approx((3.0, 104 / 30))


def test_whoever_walks_or_stops_to_stand_does_not_freeze(walk):
    assert freezes_s(walk(6.0).keypoints_m, walk(6.0).time_s) == ()
    assert prepare(walk(6.0))[0].freezes_s == ()
    # Stops within a second, then stands as nobody does, without any sway.
    recording = walk(8.0)
    still = np.concatenate([np.zeros(20), np.linspace(1.0, 0.0, 30) ** 3, np.zeros(60)])
    points = np.zeros((len(still), 6, 3)) + np.cumsum(0.02 * still)[:, None, None]
    assert freezes_s(points[20:], recording.time_s[: len(still) - 20]) == ()
    assert freezes_s(np.full((10, 6, 3), np.nan), np.arange(10) / 30.0) == ()
