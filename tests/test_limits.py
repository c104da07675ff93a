"""What people and recordings can be is taken; the rest is refused with the likely reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait import limits
from simgait.errors import InputError
from simgait.limits import (
    body_mass_note,
    check_distance,
    check_fps,
    check_height,
    check_mass,
    check_times,
    check_travel_factor,
    check_walking_speed,
)


@given(st.floats(0.61, 2.39))
def test_heights_of_people_are_taken_and_units_are_guessed(height_m: float) -> None:
    assert check_height(height_m, "x") == height_m
    for factor, unit in ((100.0, "centimetres"), (1000.0, "millimetres")):
        with pytest.raises(InputError, match=f"x: .*looks like {unit}, so give [012]"):
            check_height(factor * height_m, "x")


@pytest.mark.parametrize("height_m", [0.0, -1.7, 0.59, 2.41, 10.0, float("nan"), float("inf")])
def test_what_is_no_height_in_any_unit(height_m: float) -> None:
    with pytest.raises(InputError, match="give the person's height in metres, 0.6 to 2.4"):
        check_height(height_m, "x")


def test_nothing_said_is_nothing_wrong_but_for_the_frame_rate() -> None:
    assert check_height(None, "x") is None and check_mass(None, "x") is None
    with pytest.raises(InputError, match="no frame rate is given"):
        check_fps(None, "x")


@pytest.mark.parametrize("mass_kg", [0.0, 4.9, 301.0, float("nan")])
def test_masses(mass_kg: float) -> None:
    assert check_mass(5.0, "x") == 5.0 and check_mass(300, "x") == 300.0
    with pytest.raises(InputError, match="x: a mass of .* give it in kilograms"):
        check_mass(mass_kg, "x")


@pytest.mark.parametrize("fps_hz", [0.0, 9.9, 2001.0, float("nan"), -30.0])
def test_frame_rates(fps_hz: float) -> None:
    assert check_fps(np.nextafter(10.0, 0.0), "x") == pytest.approx(10.0)
    assert check_fps(10, "x") == 10.0 and check_fps(2000.0, "x") == 2000.0
    with pytest.raises(InputError, match="10 to 2000 are"):
        check_fps(fps_hz, "x")


@pytest.mark.parametrize(
    ("time_s", "words"),
    [
        ([], "holds no frame"),
        ([0.0], "holds 1 frame;"),
        ([0.0, np.nan, 0.2], "missing"),
        ([0.0, 0.1, 0.1], "do not increase at frame 2"),
        ([0.0, 0.1, 0.05], r"\(0.100 s then 0.050 s\)"),
        ([0.0, 33.0, 66.0], "33 apart, so they look like milliseconds"),
        ([0.0, 0.7, 1.4], "1.42857 frames per second"),
        ([0.0, 1.0, 2.0], "numbers of frames"),
    ],
)
def test_clocks_that_are_none(time_s: list[float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_times(np.array(time_s), "x")


def test_every_height_with_a_norm_is_a_height() -> None:
    assert limits.NORM_HEIGHT_M.low in limits.HEIGHT_M
    assert limits.NORM_HEIGHT_M.high in limits.HEIGHT_M
    assert "1.7" not in limits.HEIGHT_M and None not in limits.HEIGHT_M


@pytest.mark.parametrize("distance_m", [0.0, -4.0, 1e6, float("nan")])
def test_nobody_walks_that_far(distance_m: float) -> None:
    assert check_distance(6, "x") == 6.0 and check_distance(None, "x") is None
    with pytest.raises(InputError, match="x: nobody walks .* in one recording"):
        check_distance(distance_m, "x")


def test_a_distance_in_centimetres_is_seen() -> None:
    with pytest.raises(InputError, match="if it is in centimetres, give 6.5"):
        check_distance(650.0, "x")


@pytest.mark.parametrize("speed_mps", [0.0, -1.0, 40.0, float("nan")])
def test_nobody_walks_as_fast(speed_mps: float) -> None:
    assert check_walking_speed(1.2, "x") == 1.2 and check_walking_speed(None, "x") is None
    with pytest.raises(InputError, match=r"x: nobody walks at .* m/s; give it in m/s, 0.08 to 4"):
        check_walking_speed(speed_mps, "x")


def test_a_speed_in_kilometres_an_hour_is_seen() -> None:
    with pytest.raises(InputError, match="if it is in km/h, give 1.39"):
        check_walking_speed(5.0, "x")


@pytest.mark.parametrize("factor", [0.0, 95.0, -1.0, float("nan")])
def test_paths_are_multiplied_by_about_one(factor: float) -> None:
    assert check_travel_factor(0.95, "x") == 0.95 and check_travel_factor(None, "x") is None
    with pytest.raises(InputError, match="0.4 to 2.5, not by"):
        check_travel_factor(factor, "x")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (5.8, "it looks like feet, so give 1.77 with --height"),
        (69.7, "it looks like centimetres, so give 0.70 or inches, so give 1.77 with --height"),
        (40.0, "it looks like inches, so give 1.02 with"),
    ],
)
def test_a_height_in_feet_or_inches_is_named(given: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_height(given, "x")


def test_a_mass_in_pounds_is_named() -> None:
    assert "the height; as pounds it would be 86 kg." in body_mass_note(1.75, 190.0)
    assert "pounds" not in body_mass_note(1.75, 20.0)
