"""Normalised time: each leg by its own cycle, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.companions.gengait.curves import by_phase, departure_deg, mean_curves_deg
from simgait.companions.gengait.cycles import SAMPLES, normalised, window_starts, windows_of
from simgait.companions.gengait.joints import JOINTS, POINT_INDEX, POINTS, mirrored
from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from tests.companions.gengait.made_up import trial, walk


def test_every_heel_is_furthest_ahead_where_its_cycle_begins() -> None:
    one = walk(1)
    for side, sample in (("Left", 0), ("Right", SAMPLES // 2)):
        mean = by_phase(one.points[:, POINT_INDEX[f"{side} Heel"], 0], one.first_phase)
        apart = (int(np.argmax(mean)) - sample + SAMPLES // 2) % SAMPLES - SAMPLES // 2
        assert abs(apart) <= 1


def test_a_mirrored_walk_has_mirrored_cycles() -> None:
    one = trial(2)
    own = walk(2)
    order = [KEYPOINT_INDEX[name] for name in _swapped(tuple(KEYPOINT_INDEX))]
    other = normalised(replace(one, keypoints_m=one.keypoints_m[:, order] * [1.0, -1.0, 1.0]))
    expected = np.roll(mirrored(by_phase(own.points, own.first_phase)), SAMPLES // 2, axis=0)
    found = by_phase(other.points, other.first_phase)
    # Cycles at the ends of the walk are others, seen from the other leg.
    assert np.sqrt(np.mean(np.square(found - expected))) < 0.01


def _swapped(names: tuple[str, ...]) -> list[str]:
    return [
        name.replace("Left", "?").replace("Right", "Left").replace("?", "Right") for name in names
    ]


def test_points_stand_where_the_trial_has_them() -> None:
    one, own = trial(0), walk(0)
    sample, point = 20, POINT_INDEX["Right Knee"]
    frame = own.frames[sample, point]
    low = int(frame)
    series = one.keypoints_m[:, KEYPOINT_INDEX["Right Knee"]] / one.height_m
    line = series[low] + (frame - low) * (series[low + 1] - series[low])
    assert own.points[sample, point] == pytest.approx(line, abs=0.01)
    assert own.relative_speed == pytest.approx(
        np.nanmean(np.diff(one.pelvis_path_m[:, 0])) * 30.0 / np.sqrt(9.81 * one.height_m),
        rel=1e-3,
    )


def test_windows_leave_no_sample_out_and_span_a_cycle() -> None:
    for samples in (29, 60, 113):
        starts = window_starts(samples, 5)
        seen = windows_of(np.arange(samples), starts)
        assert set(seen.ravel()) == set(range(samples)) and seen.shape[1] == 7
    with pytest.raises(ValueError, match="4 is even"):
        window_starts(60, 4)


def test_an_ankle_tells_the_cycles_where_no_heel_is_seen() -> None:
    one = trial(0)
    points = one.keypoints_m.copy()
    points[:, [KEYPOINT_INDEX["Left Heel"], KEYPOINT_INDEX["Right Heel"]]] = np.nan
    found = normalised(replace(one, keypoints_m=points))
    assert np.isnan(found.points[:, POINT_INDEX["Left Heel"]]).all()
    assert found.cycles == pytest.approx(walk(0).cycles, abs=0.2)
    departs = departure_deg(mean_curves_deg(found), mean_curves_deg(walk(0)))
    assert np.isnan(departs[[JOINTS.index("left_ankle"), JOINTS.index("right_ankle")]]).all()
    assert np.nanmax(departs) < 6.0


def test_a_path_that_is_not_believed_gives_no_speed() -> None:
    one = trial(0)
    silent = replace(one, pelvis_path_mask=np.zeros(one.n_frames, bool))
    assert np.isnan(normalised(silent).relative_speed)


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        (("Heel", "Ankle"), "heels and ankles of a leg are missing"),
        ((), "record"),
    ],
)
def test_what_shows_no_cycles_is_a_sentence(lost: tuple[str, ...], sentence: str) -> None:
    one = trial(0)
    points = one.keypoints_m.copy()
    for name in lost:
        points[:, KEYPOINT_INDEX[f"Left {name}"]] = np.nan
    if not lost:
        points[:] = points[:1]
    with pytest.raises(InputError, match=sentence):
        normalised(replace(one, keypoints_m=points))


def test_points_are_twelve_and_known() -> None:
    assert len(POINTS) == 12 and set(POINTS) <= set(KEYPOINT_INDEX)
