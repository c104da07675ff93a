"""Sides are judged by what tells them: feet, and knees that bend as far as knees do in swing."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.limits import body_mass_note
from simgait.recordings.checks import (
    check_leg_length,
    check_sides,
    check_upright,
    facing_votes,
    unit_advice,
    unusual_legs,
)

T = 200


def legs(flexion_deg):
    """Hips, knees and ankles of both legs, each knee bent by (T,) degrees; faces +x."""
    bend = np.radians(np.broadcast_to(flexion_deg, T))
    points: dict[str, np.ndarray] = {}
    for side, y in (("Left", 0.1), ("Right", -0.1)):
        hip = np.broadcast_to([0.0, y, 0.9], (T, 3))
        thigh = np.stack([np.sin(bend / 2), 0 * bend, -np.cos(bend / 2)], axis=-1)
        shank = np.stack([-np.sin(bend / 2), 0 * bend, -np.cos(bend / 2)], axis=-1)
        points |= {
            f"{side} Hip": hip,
            f"{side} Knee": hip + 0.43 * thigh,
            f"{side} Ankle": hip + 0.43 * (thigh + shank),
        }
    return points


@pytest.mark.parametrize("past_straight_deg", [4.0, 7.0, 12.0, 20.0])
def test_knees_past_straight_in_standing_say_nothing_of_sides(past_straight_deg):
    standing = legs(-past_straight_deg)
    assert len(facing_votes(standing)) == 0
    check_sides(standing, "w")


def test_standing_for_most_of_the_time_does_not_outvote_the_swing():
    # Nine tenths of the time 7 degrees past straight, then swing.
    flexion = np.where(np.arange(T) < 0.9 * T, -7.0, 60.0)
    check_sides(legs(flexion), "w")
    with pytest.raises(InputError, match="left and right look swapped"):
        check_sides(legs(-flexion), "w")


@pytest.mark.parametrize("factor", [1000.0, 0.001, 100.0, 0.0254])
def test_frames_in_another_unit_are_named(factor):
    points = {name: np.array(track) for name, track in legs(20.0).items()}
    for track in points.values():
        track[120:] *= factor
    times = f"{factor:g} times" if factor > 1 else f"1/{1 / factor:.0f}"
    with pytest.raises(InputError, match=f"at frame 120 the legs are {times} as long as at first"):
        check_leg_length(points, "m", "w")


@pytest.mark.parametrize(("side", "factor"), [("Left", 1000.0), ("Right", 1000.0), ("Left", 0.01)])
def test_a_side_in_another_unit_is_named(side, factor):
    points = {n: track * (factor if side in n else 1.0) for n, track in legs(20.0).items()}
    longer = "right" if (side == "Right") == (factor > 1) else "left"
    with pytest.raises(InputError, match=f"the {longer} leg is .* times as long as the other"):
        check_leg_length(points, "m", "w")


def test_sentinels_and_lost_points_are_no_other_unit():
    points = {name: np.array(track) for name, track in legs(20.0).items()}
    points["Left Knee"][40:80] = 9999.0
    points["Right Knee"][60:100] = np.nan
    points["Left Hip"][100:140] = 0.0
    check_leg_length(points, "m", "w")


@pytest.mark.parametrize("joint", ["Knee", "Hip"])
def test_legs_of_no_usual_person_are_told_from_a_persons(joint):
    """By which of the keypoint sets that fit the likeliest is named first."""
    usual = legs(20.0)
    odd = dict(usual) | {f"Left {joint}": usual[f"Left {joint}"] + [0.0, 0.0, 0.2]}
    assert unusual_legs(usual) < 0.3 < unusual_legs(odd)


def test_one_frame_far_off_turns_nobody_over():
    points = legs(5.0)
    points["Left Hip"] = np.array(points["Left Hip"])
    points["Left Hip"][50] = [-8.0, 3.0, -800.0]
    check_upright(points, "w")


def test_a_body_mass_of_nobody_is_doubted():
    assert "20 kg at 1.70 m are a body mass index of 7 kg" in body_mass_note(1.70, 20.0)
    assert "check the mass and the height" in body_mass_note(1.2, 100.0)
    for height_m, mass_kg in ((1.7, 70.0), (0.63, 5.8), (1.7, None), (None, 70.0)):
        assert body_mass_note(height_m, mass_kg) == ""


def test_where_two_units_fit_both_are_offered():
    assert unit_advice(33.8) == "the unit cm or in would fit, so state it (--unit cm or in)"
