"""Whom the simulated body follows in rendered clips: joints by view, steps, left less right."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark import videobench
from simgait.benchmark.film_follow import (
    FollowedClip,
    curve_rmse_deg,
    flip_cm,
    follow_bars,
    follow_clips,
    follow_table,
    joint_rmse_deg,
    joint_table,
)
from simgait.gait.angle_errors import AngleError
from simgait.pipeline import find_policy
from simgait.synthetic.people.clip import make_clip
from simgait.synthetic.people.truth import truth_of
from tests.benchmark.made_up import case, record
from tests.benchmark.rendered import perfect_track

WAVE_DEG = np.sin(np.linspace(0.0, 2.0 * np.pi, 101))
"""What a mean curve is off by besides its offset."""


def clip(
    view: str, true_cm: float, found_cm: float, *, knee_deg: float = 3.0, pattern: str = "normal"
) -> FollowedClip:
    """Left less right step and its estimate; knees off by an offset of as much, and half of it."""
    knees = AngleError(100, knee_deg, knee_deg * 1.25**0.5, knee_deg / 2.0)
    made = record(
        case("p"),
        truth={"step_length_m": {"left": 0.6 + true_cm / 100, "right": 0.6, "both": 0.6}},
        estimate={"step_length_m": {"left": 0.6 + found_cm / 100, "right": 0.6, "both": 0.62}},
        angles={"left_knee_flexion": knees, "right_knee_flexion": knees},
        curves_deg={"left_knee_flexion_deg": (np.zeros(101), knee_deg + WAVE_DEG)},
    )
    return FollowedClip(view, pattern, made)


def test_joints_are_pooled_by_view_with_and_without_their_offset() -> None:
    clips = [clip("towards", 0, 0, knee_deg=4.0), clip("sagittal", 0, 0, knee_deg=2.0)]
    assert joint_rmse_deg(clips[:1], "knee") == pytest.approx((4.0 * 1.25**0.5, 2.0))
    assert curve_rmse_deg(clips[:1], "knee") == pytest.approx((16.5**0.5, 0.5**0.5), rel=0.01)
    lines = joint_table(clips).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "towards", "sagittal", "towards and away", "oblique and sagittal", "all",
    ]  # fmt: skip
    assert lines[2].startswith("| towards | 1 |") and "4.5 (2.0); 4.1 (0.7)" in lines[2]
    assert "2.2 (1.0); 2.1 (0.7)" in lines[3]
    bars = follow_bars(clips).splitlines()
    assert "| knee RMSE (without offset), °, towards and away | ≤ 7 (5) | 4.5 (2.0) | 1 |" in bars
    assert (
        "| knee RMSE (without offset), °, oblique and sagittal | ≤ 5 (5) | 2.2 (1.0) | 1 |" in bars
    )


def test_left_less_right_that_turns_with_the_view_is_a_flip_and_one_that_does_not_is_none() -> None:
    turns = [clip("towards", 1, 4), clip("away", 1, -2), clip("sagittal", 1, 9)]
    assert flip_cm(turns) == pytest.approx(3.0)
    stays = [clip("towards", 1, 4), clip("away", 2, 5)]
    assert flip_cm(stays) == pytest.approx(0.0)
    assert "| its flip between towards and away, cm | ≤ 1.5 | 3.0 | 2 |" in follow_bars(turns)
    assert "| its flip between towards and away, cm | ≤ 1.5 | – | 1 |" in follow_bars(turns[:1])


def test_the_slope_of_asymmetry_is_that_of_hemiparetic_walkers() -> None:
    clips = [clip("oblique", true, 0.5 * true, pattern="hemiparetic") for true in (-4, 0, 6)]
    clips += [clip("oblique", true, true) for true in (-9, 9)]
    row = next(line for line in follow_bars(clips).splitlines() if "hemiparetic" in line)
    assert row.endswith("| ≥ 0.9 | 0.50 | 3 |")
    table = follow_table(clips)
    assert "step length left less right, cm" in table and "| all | 5 |" in table
    # Mean steps are 60 cm in all, so that they have an error and no slope.
    assert "+2.0, 2.0; –" in table


def test_a_folder_without_clips_gives_none(tmp_path) -> None:
    assert follow_clips(tmp_path, videobench.cases()[:2], find_policy()) == []
    assert "–" in follow_bars([]) and len(joint_table([]).splitlines()) == 2


def test_a_clip_in_which_nobody_was_found_is_left_out(tmp_path) -> None:
    plan = videobench.cases()[2]
    path = tmp_path / f"{plan.name}{videobench.LANDMARKS_SUFFIX}"
    videobench.write_tracks(path, truth_of(make_clip(plan)), (), "nobody was found")
    assert follow_clips(tmp_path, [plan], find_policy()) == []


@pytest.mark.slow
def test_perfect_landmarks_are_followed(tmp_path) -> None:
    """From the side, all landmarks as they are: joints within a few degrees, steps within 2 cm."""
    plan = next(p for p in videobench.cases() if p.view == "sagittal" and p.pattern == "normal")
    truth = truth_of(make_clip(plan))
    path = tmp_path / f"{plan.name}{videobench.LANDMARKS_SUFFIX}"
    videobench.write_tracks(path, truth, (perfect_track(truth),), "")
    (found,) = follow_clips(tmp_path, [plan], find_policy())
    for joint in ("hip", "knee"):
        assert joint_rmse_deg([found], joint)[1] < 6.0
    assert abs(found.record.error("step_length_m")) < 0.03
    assert found.record.events["initial_contact"].errors_ms
