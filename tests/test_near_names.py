"""Names that somebody meant."""

from __future__ import annotations

import pytest

from simgait.near_names import nearest_name

KNOWN = ("sex", "height_m", "age_from_years")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Height_M", "height_m"),
        ("hieght_m", "height_m"),
        ("age_from", "age_from_years"),
        ("Gender", "sex"),
        ("colour", ""),
    ],
)
def test_the_nearest_is_by_spelling_or_by_what_people_call_it(written: str, meant: str) -> None:
    assert nearest_name(written, KNOWN, {"gender": "sex"}) == meant


def test_how_alike_names_must_be_is_said() -> None:
    assert nearest_name("age_from", KNOWN, alike=0.8) == ""
    assert nearest_name("colour", KNOWN, alike=0.0) != ""
