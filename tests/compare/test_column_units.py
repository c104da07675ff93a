"""Columns in another unit than their name says, and values that nobody walks with."""

import re

import numpy as np
import pytest

from simgait.compare.column_units import check_columns
from simgait.errors import InputError

RNG = np.random.default_rng(5)
SPEED = RNG.uniform(0.6, 1.6, 12)
NOISE = RNG.normal(1.0, 0.03, 12)


@pytest.mark.parametrize(
    ("name", "size", "truth_factor", "estimate_factor", "sentence"),
    [
        ("velocity_mps", 1.0, 1.0, 3.6, "estimates look like km/h; name that column velocity_kmh"),
        ("velocity_mps", 1.0, 3.6, 1.0, "true values look like km/h"),
        ("velocity_mps", 1.0, 1.0, 2.237, "look like mph; name that column velocity_mph"),
        ("velocity_mps", 1.0, 1.0, 60.0, "look like metres per minute; bring that column to m/s"),
        ("velocity_kmh", 3.6, 1.0, 1 / 3.6, "estimates look like m/s"),
        ("step_length_left_m", 0.5, 1.0, 100.0, "name that column step_length_left_cm"),
        ("step_length_left_m", 0.5, 1000.0, 1.0, "true values look like mm"),
        ("step_length_left_m", 0.5, 1.0, 2.0, "look like stride lengths"),
        ("stride_time_s", 1.0, 1.0, 1000.0, "estimates look like ms"),
        ("stride_time_s", 1.0, 1.0, 1 / 60, "estimates look like minutes"),
        ("cadence_spm", 100.0, 1.0, 0.5, "estimates look like strides per minute"),
        ("cadence_spm", 100.0, 0.5, 1.0, "true values look like strides per minute"),
        ("stance_left_percent", 60.0, 1.0, 0.01, "estimates look like shares of 1"),
        ("speed", 1.0, 1.0, 3.6, "km/h, where the other is m/s; end both names with their units"),
        ("step", 0.5, 1.0, 100.0, "centimetres, where the other is metres"),
    ],
)
def test_another_unit_is_named_with_the_remedy(
    name: str, size: float, truth_factor: float, estimate_factor: float, sentence: str
) -> None:
    with pytest.raises(InputError) as error:
        check_columns(name, SPEED * size * truth_factor, SPEED * NOISE * size * estimate_factor)
    assert sentence in str(error.value)


def test_signed_angles_in_radians_are_named() -> None:
    angle = np.array([-12.0, 5.0, 20.0, -3.0, 8.0])
    with pytest.raises(InputError, match="look like rad; name that column hip_rotation_left_rad"):
        check_columns("hip_rotation_left_deg", angle, np.radians(angle))


def test_a_wrong_method_is_not_another_unit() -> None:
    """Three times the truth on average, and never twice the same factor."""
    wrong = SPEED * np.linspace(1.5, 6.0, 12)
    (far,) = check_columns("step_length_left_m", 0.5 * SPEED, 0.5 * wrong)
    assert "lie outside -0.125 to 1.295 m" in far
    assert check_columns("velocity_mps", SPEED, SPEED * NOISE) == ()
    assert check_columns("hip_rotation_deg", np.array([-1.0, 1.0, 0.5]), np.zeros(3)) == ()


@pytest.mark.parametrize(
    ("name", "size", "truth_factor", "estimate_factor", "words"),
    [
        ("velocity_mps", 1.0, 3.2, 1.0, "true values may be ft/s"),
        ("velocity_mps", 1.0, 1.0, 3.7, "estimates may be km/h,"),
        ("velocity_mps", 0.3, 3.6, 1.0, "if they are, name that column velocity_kmh"),
        ("stride_length_m", 1.0, 1.0, 3.2808, "estimates may be ft,"),
        ("step_length_left_m", 0.5, 39.37, 1.0, "name that column step_length_left_inch"),
        ("step_length_left_cm", 50.0, 1.0, 1 / 2.54, "name that column step_length_left_inch"),
        (
            "stride_time_s",
            1.0,
            1000.0,
            1.0,
            "true values may be ms, and were compared as s, as the",
        ),
        ("cadence_spm", 100.0, 1.0, 0.5, "bring that column to steps/min"),
        ("speed", 1.0, 1.0, 3.6, "and were compared as they stand"),
    ],
)
@pytest.mark.parametrize("n_pairs", [1, 2])
def test_few_walks_that_look_like_another_unit_are_doubted_and_compared(
    name, size, truth_factor, estimate_factor, words, n_pairs
) -> None:
    truth, estimate = size * SPEED[:n_pairs], size * (SPEED * NOISE)[:n_pairs]
    said = check_columns(name, truth_factor * truth, estimate_factor * estimate)
    assert words in said[0]


def test_a_unit_that_too_few_of_many_walks_speak_for_is_doubted_and_compared() -> None:
    """Kilometres per hour beside a method that fails on a third of its walks."""
    estimate = SPEED * NOISE
    estimate[:4] *= 0.6
    said = check_columns("velocity_mps", 3.6 * SPEED, estimate)
    assert "in the middle of 12 walks: the true values may be km/h" in said[0]
    assert "were compared as m/s, as the name says" in said[0]


def test_a_unit_of_about_the_same_size_is_no_other_unit() -> None:
    """A foot per second is 1.1 km/h, and a method may read so much too high."""
    assert check_columns("velocity_kmh", 3.6 * SPEED, 1.1 * 3.6 * SPEED * NOISE) == ()


def test_feet_and_inches_are_refused_where_every_walk_says_so() -> None:
    with pytest.raises(InputError, match="true values look like ft; name that column stride_len"):
        check_columns("stride_length_m", 3.2808 * SPEED, SPEED * NOISE)
    with pytest.raises(InputError, match="estimates look like in; name that column .*_inch"):
        check_columns("step_width_cm", 10 * SPEED, 10 * SPEED * NOISE / 2.54)


def test_values_that_nobody_walks_with_are_counted() -> None:
    estimate = SPEED.copy()
    estimate[:2] = 2.9, -0.4
    (sentence,) = check_columns("velocity_mps", SPEED, estimate)
    assert sentence.startswith("2 of the 12 estimates of velocity_mps lie outside 0.08 to 2.22 m/s")
    assert "(-0.4 to 2.9)" in sentence and "look like" not in sentence


@pytest.mark.parametrize(
    ("name", "value", "range_said"),
    [
        ("step_width_m", 0.7, "-0.15 to 0.45 m"),
        ("step_width_cm", 70.0, "-15 to 45 cm"),
        ("step_length_right_mm", -400.0, "-125 to 1295 mm"),
        ("step_time_s", 2.6, "0.115 to 2.25 s"),
        ("stride_time_ms", 200.0, "460 to 3000 ms"),
        ("stance_left_percent", 31.0, "45 to 90 %"),
        ("swing_percent", 70.0, "10 to 55 %"),
        ("single_support_percent", 4.0, "10 to 55 %"),
        ("double_support_percent", -3.0, "0 to 80 %"),
        ("velocity_kmh", 12.0, "0.288 to 7.992 km/h"),
    ],
)
def test_every_parameter_has_a_range_in_whatever_unit(name, value, range_said) -> None:
    usual = {"m": 0.3, "cm": 30.0, "mm": 600.0, "s": 1.0, "ms": 1000.0, "kmh": 4.0}
    middle = usual.get(name.rpartition("_")[2], 60.0 if "stance" in name else 40.0)
    truth = middle * NOISE
    estimate = truth.copy()
    estimate[3] = value
    (sentence,) = check_columns(name, truth, estimate)
    assert f"1 of the 12 estimates of {name} lie outside {range_said}" in sentence
    assert len(check_columns(name, estimate, truth)) == 1
    assert check_columns(name, truth, truth) == ()


def test_both_in_one_wrong_unit_is_a_doubt_that_names_it() -> None:
    said = check_columns("velocity_mps", SPEED * 3.6, SPEED * NOISE * 3.6)
    assert len(said) == 2 and all("they look like km/h or mph" in sentence for sentence in said)


def test_speeds_with_the_sign_of_a_direction_are_refused() -> None:
    with pytest.raises(InputError, match="Most estimates of velocity_mps are negative"):
        check_columns("velocity_mps", SPEED, -SPEED)
    with pytest.raises(InputError, match="Most true values"):
        check_columns("velocity_mps", -SPEED, -SPEED)


def test_a_column_without_values_is_nobodys_fault_here() -> None:
    nothing = np.full(12, np.nan)
    assert check_columns("velocity_mps", SPEED, nothing) == ()


@pytest.mark.parametrize(
    ("value", "said"), [(1000.0, r"\(1000\)"), (0.0, r"\(0\)"), (1234.0, r"\(1234\)")]
)
def test_values_outside_are_written_out(value, said) -> None:
    cadence = 110.0 * NOISE
    estimate = cadence.copy()
    estimate[3:5] = value
    (sentence,) = check_columns("cadence_spm", cadence, estimate)
    assert re.search(said, sentence)
