"""Bands of age, and labels of groups."""

from __future__ import annotations

import pytest

from simgait.compare.study_groups import AGE_BANDS_YEARS, age_band, age_bands, label_of


@pytest.mark.parametrize(
    ("age_years", "band"),
    [
        (0.5, "0 to 1 years"), (1.99, "0 to 1 years"), (2.0, "2 to 5 years"),
        (12.99, "6 to 12 years"), (18.9, "13 to 18 years"), (44.0, "19 to 44 years"),
        (45.0, "45 to 64 years"), (79.9, "65 to 79 years"), (120.0, "80 or more"),
    ],
)  # fmt: skip
def test_who_has_not_had_the_next_birthday_is_in_the_band_before(
    age_years: float, band: str
) -> None:
    assert age_band(age_years) == band == label_of("age_years", str(age_years))


def test_every_band_is_said_once() -> None:
    assert len(set(age_bands())) == len(AGE_BANDS_YEARS)


def test_what_is_not_said_is_a_group_of_its_own_and_aids_have_no_order() -> None:
    assert label_of("arm", None) == label_of("age_years", "") == "not said"
    assert label_of("aids", "orthosis, cane") == label_of("aids", "cane,orthosis")
    assert label_of("arm", "b,a") == "b,a"
