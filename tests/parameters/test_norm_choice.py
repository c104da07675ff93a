"""Whom a walk is compared with, and why with nobody."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.norm_choice import NoNorm, NormBand, ScorePeople, Walker, norm_for
from simgait.parameters.norm_rows import NormRow, NormSource, NormTable

MAN = Walker(1.70, 25.0, "male", True, 1.15)
"""On a treadmill."""


def band(key: str, walker: Walker, own: NormTable | None = None) -> NormBand:
    found = norm_for(parameter(key), walker, own)
    assert isinstance(found, NormBand), found
    return found


def own_table(*rows: NormRow) -> NormTable:
    return NormTable(rows, {"lab": NormSource("lab", "lab")})


CADENCE = NormRow("cadence_spm", 20.0, 40.0, 100.0, 5.0, 30, "lab")


def test_a_row_is_of_the_persons_age_sex_and_speed() -> None:
    row = band("cadence_spm", MAN).row
    assert row is not None and (row.sex, row.age_from_years) == ("male", 21.0)
    assert row.speed_from_mps <= MAN.speed_mps < row.speed_to_mps
    older = band("cadence_spm", replace(MAN, age_years=70.0)).row
    assert older is not None and older.age_from_years == 50.0
    of_both = band("cadence_spm", replace(MAN, sex="other")).row
    assert of_both is not None and of_both.sex == "" and of_both.n > row.n
    speed = band("velocity_mps", MAN).row
    assert speed is not None and not speed.has_speed


def test_who_walks_slowly_is_compared_with_people_who_walk_as_slowly() -> None:
    slow, quick = (band("step_length_m", replace(MAN, speed_mps=v)) for v in (0.65, 1.25))
    assert slow.high < quick.mean and slow.low < 0.45 < slow.high
    # At no speed of the table: the round figures at comfortable speed.
    unknown = band("step_length_m", replace(MAN, speed_mps=math.nan))
    assert unknown.row is None and unknown.source.name == "rounded" and unknown.is_compared


def test_people_on_a_treadmill_are_no_norm_for_a_walk_over_ground() -> None:
    over_ground = replace(MAN, on_treadmill=False)
    assert band("cadence_spm", over_ground).row is None
    assert band("velocity_mps", over_ground).row is band("velocity_mps", MAN).row
    belt = replace(CADENCE, surface="treadmill", mean=120.0)
    own = own_table(CADENCE, belt)
    assert band("cadence_spm", MAN, own).mean == 120.0
    assert band("cadence_spm", over_ground, own).mean == 100.0


def test_ages_hold_from_the_first_on_and_below_the_second() -> None:
    assert band("cadence_spm", replace(MAN, age_years=37.9)).row is not None
    assert band("cadence_spm", replace(MAN, age_years=38.0)).row is None
    assert band("cadence_spm", replace(MAN, age_years=49.9)).row is None
    assert band("cadence_spm", replace(MAN, age_years=50.0)).row is not None


def test_lengths_speeds_and_times_go_with_height() -> None:
    """The same dimensionless gait: speed with the square root of height, too."""
    tall = Walker(1.70 * 1.21, 25.0, "male", True, 1.15 * 1.1)
    for key, factor in (("step_length_m", 1.21), ("cadence_spm", 1 / 1.1), ("step_time_s", 1.1)):
        here, there = band(key, MAN), band(key, tall)
        assert here.row is there.row
        assert there.low == pytest.approx(factor * here.low)
        assert there.high == pytest.approx(factor * here.high)


def test_a_child_is_not_compared_with_adults() -> None:
    child = Walker(1.30, 9.0, "male", True, 1.1)
    found = {one.key: norm_for(one, child) for one in parameters() if one.of_scores is None}
    assert set(found.values()) == {NoNorm.CHILD}
    assert norm_for(parameter("cadence_spm"), replace(child, age_years=17.9)) is NoNorm.CHILD


@pytest.mark.parametrize(
    ("ages", "age", "expected"),
    [
        (None, 9.0, NoNorm.CHILD),
        (None, 17.9, NoNorm.CHILD),
        (None, 18.0, (80.0, 120.0)),
        (None, None, (80.0, 120.0)),
        ((6.0, 13.0), 9.0, (80.0, 120.0)),
        ((6.0, 13.0), 13.0, NoNorm.OTHER_AGES),
        ((6.0, 13.0), 40.0, NoNorm.OTHER_AGES),
        ((20.0, 61.0), 9.0, NoNorm.OTHER_AGES),
        ((20.0, 61.0), 60.9, (80.0, 120.0)),
        ((20.0, 61.0), None, (80.0, 120.0)),
    ],
)
def test_a_score_holds_for_the_ages_that_its_reference_states_else_for_adults(
    ages: tuple[float, float] | None, age: float | None, expected: object
) -> None:
    walker, people = replace(MAN, age_years=age), ScorePeople("r", ages)
    found = norm_for(parameter("gdi_points"), walker, None, people)
    assert (found.ends if isinstance(found, NormBand) else found) == expected
    # The table of another's norms says nothing of scores, and scores nothing of other numbers.
    assert norm_for(parameter("gdi_points"), walker, own_table(CADENCE), people) == found
    assert norm_for(parameter("cadence_spm"), MAN, None, people) == band("cadence_spm", MAN)
    assert norm_for(parameter("gps_deg"), walker, None, people) is NoNorm.NO_NUMBERS


def test_nobody_is_compared_whose_age_is_not_said() -> None:
    for one in parameters():
        found = norm_for(one, Walker(1.70, None, "male", True, 1.15))
        if isinstance(found, NormBand) and one.of_scores is None:
            assert found.row is None and not found.is_compared
    assert band("cadence_spm", MAN).is_compared


def test_a_users_rows_come_before_simgaits_for_the_parameters_that_they_have() -> None:
    own = own_table(CADENCE, replace(CADENCE, age_from_years=6.0, age_to_years=12.0, mean=130.0))
    assert band("cadence_spm", MAN, own).source.name == "lab"
    assert band("cadence_spm", MAN, own).mean == 100.0
    assert band("cadence_spm", replace(MAN, age_years=8.0), own).mean == 130.0
    assert band("step_length_m", MAN, own).source.name == "BMClab"


@pytest.mark.parametrize(
    ("row", "walker", "reason"),
    [
        (CADENCE, replace(MAN, age_years=None), NoNorm.NO_AGE),
        (CADENCE, replace(MAN, age_years=45.0), NoNorm.OTHER_AGES),
        (CADENCE, replace(MAN, age_years=9.0), NoNorm.CHILD),
        (replace(CADENCE, sex="female"), MAN, NoNorm.OTHER_SEX),
        (replace(CADENCE, sex="female"), replace(MAN, sex=None), NoNorm.OTHER_SEX),
        (replace(CADENCE, surface="overground"), MAN, NoNorm.OTHER_SURFACE),
        (replace(CADENCE, speed_from_mps=0.5, speed_to_mps=1.0), MAN, NoNorm.OTHER_SPEEDS),
        (replace(CADENCE, height_m=1.7), replace(MAN, height_m=0.7), NoNorm.HEIGHT),
    ],
)
def test_why_a_users_table_holds_for_nobody_like_this(
    row: NormRow, walker: Walker, reason: NoNorm
) -> None:
    assert norm_for(parameter("cadence_spm"), walker, own_table(row)) is reason


def test_without_numbers_of_healthy_people_there_is_no_range() -> None:
    assert norm_for(replace(parameter("stance_percent"), norm=None), MAN) is NoNorm.NO_NUMBERS
    tiny = replace(MAN, height_m=0.7)
    assert norm_for(parameter("stance_percent"), tiny) is NoNorm.HEIGHT
    # Scores are of angles, which no height scales.
    assert norm_for(parameter("gdi_points"), tiny) == norm_for(parameter("gdi_points"), MAN)
