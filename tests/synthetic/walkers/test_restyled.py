"""Restyled walks: what is changed is changed by what was drawn, and feet that stand still stand."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.restyled import (
    STANCE_LIMITS,
    WARP,
    Restyle,
    draw_pace,
    draw_restyle,
    restyled,
    widened,
)
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk
from simgait.types import Recording

AHEAD = np.array([1.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def exact() -> Recording:
    return trial_from_walk(walk(draw_walker(5, "normal"), 4.0), monocular=False).recording


def point(recording: Recording, name: str) -> np.ndarray:
    return np.asarray(recording.keypoints_m[:, KEYPOINT_NAMES.index(name)])


def mid_hip(recording: Recording) -> np.ndarray:
    return np.asarray(0.5 * (point(recording, "Left Hip") + point(recording, "Right Hip")))


def speed_mps(recording: Recording) -> float:
    x = mid_hip(recording)[:, 0]
    return float((x[-1] - x[0]) / (recording.time_s[-1] - recording.time_s[0]))


def test_stretch_and_tempo_change_speed_and_bobs_change_heights(exact: Recording) -> None:
    by = Restyle(stretch=1.2, hip_bob=0.5, knee_bob=1.0, foot_lift=1.3, tempo=0.8)
    other = restyled(exact, AHEAD, by)
    assert by.pace == pytest.approx(0.96)
    assert speed_mps(other) / speed_mps(exact) == pytest.approx(by.pace)
    assert np.ptp(mid_hip(other)[:, 2]) / np.ptp(mid_hip(exact)[:, 2]) == pytest.approx(0.5)
    lift = np.ptp(point(other, "Left Ankle")[:, 2]) / np.ptp(point(exact, "Left Ankle")[:, 2])
    assert lift == pytest.approx(1.3, abs=0.01)
    times = [event.time_s for event in exact.events]
    assert [event.time_s for event in other.events] == pytest.approx([t / 0.8 for t in times])
    assert other.pose is None


def test_a_standing_foot_still_stands(exact: Recording) -> None:
    by = Restyle(stretch=1.2, hip_bob=1.2, knee_bob=0.8, foot_lift=1.3, tempo=1.2)
    other = restyled(exact, AHEAD, by)
    rates = []
    for recording in (exact, other):
        heel = point(recording, "Left Heel")
        rates.append(np.linalg.norm(np.gradient(heel, recording.time_s, axis=0), axis=-1))
    flat = rates[0] < 0.02
    assert flat.mean() > 0.15
    assert rates[1][flat].max() < 0.05


def test_no_restyle_changes_nothing(exact: Recording) -> None:
    same = restyled(exact, AHEAD, Restyle(1.0, 1.0, 1.0, 1.0, 1.0))
    assert np.allclose(same.keypoints_m, exact.keypoints_m)
    assert np.allclose(same.time_s, exact.time_s)


@pytest.mark.slow
def test_what_is_drawn_has_nothing_to_do_with_each_other() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_restyle(rng, draw_pace(rng)) for _ in range(4000)]
    found = np.log(
        [[d.stretch, d.hip_bob, d.knee_bob, d.foot_lift] for d in drawn if d is not None]
    )
    assert found.std(axis=0) == pytest.approx(0.14, abs=0.015)
    apart = np.corrcoef(found.T) - np.eye(4)
    assert np.abs(apart).max() < 0.06
    assert max(abs(np.log(d.tempo)) for d in drawn if d is not None) <= WARP


def test_stance_and_pelvis_vary_more_than_walkers_do() -> None:
    rng = np.random.default_rng(1)

    def share(spec) -> float:
        return float(0.5 + np.mean(spec.double_support_s) / spec.stride_time_s)

    before = [draw_walker(seed, "normal") for seed in range(200)]
    after = [widened(spec, rng) for spec in before]
    assert 0.023 < np.std([share(s) for s in after]) < 0.035
    assert np.std([share(s) for s in before]) < 0.015
    assert all(STANCE_LIMITS[0] <= share(s) <= STANCE_LIMITS[1] for s in after)
    turns = [
        np.log(a.pelvis_rotation_scale / b.pelvis_rotation_scale)
        for a, b in zip(after, before, strict=True)
    ]
    assert np.std(turns) == pytest.approx(0.39, abs=0.06)
    assert all(a.step_length_m == b.step_length_m for a, b in zip(after, before, strict=True))
