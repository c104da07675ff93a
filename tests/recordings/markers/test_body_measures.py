"""Stated body measures: units found, other people's and exchanged ones not used, all of it said."""

from dataclasses import replace

import pytest

from simgait.recordings.markers.body_measures import StatedMeasures, check_measures

REACH_M = (0.90, 0.90)
STATED = StatedMeasures(
    height=1.72, pelvis_width=0.24, leg=(0.90, 0.91), knee_width=(0.105, 0.11),
    ankle_width=(0.070, 0.072), marker_diameter=0.014,
)  # fmt: skip


def scaled(stated, factor):
    def times(value):
        if isinstance(value, tuple):
            return tuple(factor * one for one in value)
        return factor * value

    return StatedMeasures(**{name: times(value) for name, value in vars(stated).items()})


@pytest.mark.parametrize(
    ("per_metre", "unit"), [(1, ""), (1000, ""), (100, "centimetres"), (1 / 0.0254, "inches")]
)
def test_measures_are_the_same_in_every_unit(per_metre, unit):
    checked = check_measures(scaled(STATED, per_metre), REACH_M, 0.26)
    assert checked.height_m == pytest.approx(1.72)
    measured = checked.anthropometry
    assert measured.pelvis_width_m == pytest.approx(0.24)
    assert measured.leg_m == pytest.approx((0.90, 0.91))
    assert measured.knee_width_m == pytest.approx((0.105, 0.11))
    assert measured.ankle_width_m == pytest.approx((0.070, 0.072))
    assert measured.marker_diameter_m == pytest.approx(0.014)
    assert len(checked.notes) == bool(unit) and all(unit in note for note in checked.notes)


def test_units_may_be_mixed():
    mixed = replace(STATED, height=1720.0, leg=(90.0, 91.0), knee_width=(105.0, 110.0))
    checked = check_measures(mixed, REACH_M, 0.26)
    assert (checked.height_m, checked.anthropometry.leg_m[0]) == pytest.approx((1.72, 0.90))
    assert checked.notes == (
        "body measures of the file read in centimetres: left leg length, right leg length.",
    )


@pytest.mark.parametrize("width", [0.20, 0.06])
def test_a_width_that_does_not_fit_is_left_out_and_said(width):
    checked = check_measures(replace(STATED, knee_width=(width, 0.11)), REACH_M, 0.26)
    left_m, right_m = checked.anthropometry.knee_width_m
    assert left_m is None and right_m == pytest.approx(0.11)
    (note,) = checked.notes
    assert f"left knee width of {width:g} m does not fit the markers" in note


def test_another_persons_measures_are_not_used_at_all():
    checked = check_measures(replace(STATED, leg=(0.70, 0.70)), REACH_M, 0.26)
    assert checked.anthropometry.knee_width_m == checked.anthropometry.leg_m == (None, None)
    assert checked.height_m is None and checked.anthropometry.pelvis_width_m is None
    assert "another person's" in checked.notes[-1]


@pytest.mark.parametrize(("said", "height_m"), [(1.2, 1.2), (1400.0, 1.4), (2.2, 2.2), (3.2, None)])
def test_a_height_that_does_not_fit_stays_said_where_it_is_a_persons(said, height_m):
    checked = check_measures(replace(STATED, height=said), REACH_M, 0.26)
    assert checked.height_m == (None if height_m is None else pytest.approx(height_m))
    assert checked.anthropometry.leg_m == STATED.leg
    assert any("not used" in note for note in checked.notes) == (height_m is None)


def test_exchanged_legs_are_noticed():
    limp = replace(STATED, leg=(0.93, 0.88))
    assert check_measures(limp, (0.925, 0.885), 0.26).anthropometry.leg_m == limp.leg
    checked = check_measures(limp, (0.885, 0.925), 0.26)
    assert checked.anthropometry.leg_m == checked.anthropometry.knee_width_m == (None, None)
    assert checked.height_m == pytest.approx(1.72)
    assert "left and right were not used" in checked.notes[0]
    # Markers within a centimetre decide nothing.
    assert check_measures(limp, (0.902, 0.905), 0.26).anthropometry.leg_m == limp.leg


def test_nothing_stated_is_nothing_said():
    checked = check_measures(StatedMeasures(), REACH_M, None)
    assert checked.notes == () and checked.height_m is None
    assert checked.anthropometry.marker_diameter_m == 0.014
