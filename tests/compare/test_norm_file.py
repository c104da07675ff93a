"""A user's norms as CSV: what is read, and every way in which it may be wrong."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from simgait.compare.norm_file import own_norms, read_norms
from simgait.errors import InputError
from simgait.provenance import file_sha256
from tests.compare.norm_tables import norm_table

HEAD = (
    "parameter,age_from_years,age_to_years,sex,surface,speed_from_mps,speed_to_mps,height_m,"
    "mean,sd,n,source"
)
GOOD = "cadence_spm,20,40,female,,1.0,1.2,1.7,112,8,31,our lab 2025"


def table(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    return norm_table(tmp_path, head, *rows)


def test_rows_are_read_sorted_and_the_file_is_known_by_its_hash(tmp_path: Path) -> None:
    path = table(tmp_path, "stance_percent,50,99,,,,,,63,2.5,99,Müller et al. 2019", GOOD)
    norms = read_norms(path)
    first, second = norms.rows
    assert (first.parameter, first.sex, first.speed_to_mps, first.n) == (
        "cadence_spm", "female", 1.2, 31,
    )  # fmt: skip
    assert second.age_to_years == 99.0 and second.n == 99 and second.sex == ""
    assert math.isnan(second.height_m) and not second.has_speed
    assert norms.sources["Müller et al. 2019"].citation == "Müller et al. 2019"
    assert norms.sha256 == file_sha256(path) and norms.name == "the norms of mine.csv"
    assert own_norms(None) is None and own_norms(str(path)) == norms


def test_the_table_in_the_docs_is_read(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "norms.md"
    text = page.read_text(encoding="utf-8").split("```csv\n")[1].split("```")[0]
    norms = read_norms(table(tmp_path, *text.splitlines()[1:], head=text.splitlines()[0]))
    assert [row.parameter for row in norms.rows] == [
        "stance_percent", "step_length_m", "velocity_mps",
    ]  # fmt: skip
    assert set(norms.sources) == {"our lab, 2025"}


def test_columns_that_may_be_absent_and_decimal_commas(tmp_path: Path) -> None:
    head = "source;n;sd;mean;age_to_years;age_from_years;parameter"
    (row,) = read_norms(table(tmp_path, "lab;12;0,05;0,62;40;20;step_length_m", head=head)).rows
    assert (row.mean, row.sd, row.sex, row.has_speed) == (0.62, 0.05, "", False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            GOOD.replace("cadence_spm", "cadence"),
            "line 2: there is no parameter 'cadence'; use vel",
        ),
        (GOOD.replace("cadence_spm", "gdi_points"), "gdi_points is a score, which its own refer"),
        (GOOD.replace(",112,", ",1.9,"), "nobody walks with a cadence_spm of 1.9"),
        (GOOD.replace("cadence_spm", "step_length_m"), "give it in m."),
        (GOOD.replace(",8,31", ",0,31"), "sd 0 are no norm; give both, and an sd above 0"),
        (GOOD.replace(",112,", ",,"), "mean nothing and sd 8 are no norm"),
        (GOOD.replace(",31,", ",1,"), "n is 1; give how many people the row is of, 2 or more"),
        (GOOD.replace(",31,", ",12.5,"), "n is 12.5"),
        (GOOD.replace(",31,", ",inf,"), "column n: 'inf' is no number"),
        (GOOD.replace(",112,", ",1_1,"), "column mean: '1_1' is no number"),
        (GOOD.replace("20,40", "40,20"), "ages from 40 to below 20 are no group's"),
        (GOOD.replace("20,40", ","), "ages from nothing to below nothing are no group's"),
        (GOOD.replace("20,40", "20,400"), "children are not compared with adults"),
        (GOOD.replace("female", "f"), "'f' is no sex of a norm; write female or male"),
        (GOOD.replace("female,,", "female,ice,"), "'ice' is no surface; write treadmill or overgr"),
        (GOOD.replace("1.0,1.2", "1.0,"), "speeds from 1 to below nothing m/s are no band"),
        (GOOD.replace("1.0,1.2", "60,72"), "speeds from 60 to below 72 m/s are no band"),
        (GOOD.replace(",1.7,", ",170,"), "a height of 170 m is none that gait is scaled to"),
        (GOOD.replace("our lab 2025", ""), "names no source; say whose numbers these are"),
        (GOOD.replace(",112,", ",many,"), "line 2, column mean: 'many' is no number"),
    ],
)
def test_a_row_that_is_no_norm_is_refused_with_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    with pytest.raises(InputError) as error:
        read_norms(table(tmp_path, row))
    assert said in str(error.value) and str(error.value).startswith("mine.csv: line 2")
    assert str(error.value).count("\n") == 0 and str(tmp_path) not in str(error.value)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("sex", "gender"), "norms have no column gender (the nearest is sex); rename"),
        (HEAD.replace("height_m", "height_cm"), "height_cm (the nearest is height_m)"),
        (HEAD.replace("surface", "surfaces"), "surfaces (the nearest is surface)"),
        (HEAD.replace("age_from_years", "age_from"), "age_from (the nearest is age_from_years)"),
        (HEAD.replace("surface", "remark"), "norms have no column remark; rename it or take it ou"),
        (
            HEAD.replace("sex", "gender").replace("height_m", "height_cm"),
            "norms have no columns gender (the nearest is sex), height_cm (the nearest is height_m",
        ),
        (HEAD.replace("surface", "SEX"), "has two columns named sex"),
        (HEAD.replace("sex", ""), "a column has no name"),
    ],
)
def test_a_column_that_would_go_unheeded_is_refused(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_norms(table(tmp_path, GOOD, head=head))
    assert said in str(error.value) and str(error.value).startswith("mine.csv: ")
    assert "\n" not in str(error.value)


def test_capitals_of_a_heading_and_an_empty_last_column_do_not_matter(tmp_path: Path) -> None:
    (row,) = read_norms(table(tmp_path, f"{GOOD},", head=f"{HEAD.title()},")).rows
    assert (row.sex, row.height_m) == ("female", 1.7)


def test_two_rows_of_the_same_people_are_refused(tmp_path: Path) -> None:
    other = GOOD.replace("20,40", "30,50")
    with pytest.raises(InputError, match=r"lines 2 and 3 are of the same age, sex and speed"):
        read_norms(table(tmp_path, GOOD, other))
    for apart in (other.replace("30,50", "40,50"), other.replace("female", "")):
        assert len(read_norms(table(tmp_path, GOOD, apart)).rows) == 2


def test_a_score_or_height_that_simgait_cannot_scale(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a score"):
        read_norms(table(tmp_path, GOOD.replace("cadence_spm", "gps_deg")))


def test_files_that_are_no_table_of_norms(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no column age_from_years; norms need par"):
        read_norms(table(tmp_path, "cadence_spm,1", head="parameter,mean"))
    with pytest.raises(InputError, match="there is no such file"):
        read_norms(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no rows; give one row per group of healthy people"):
        read_norms(table(tmp_path))
    with pytest.raises(InputError, match="a heading and one row per group of healthy people"):
        read_norms(table(tmp_path, head=""))
    many = table(tmp_path, *[GOOD] * 2001)
    with pytest.raises(InputError, match="2001 rows of numbers, more than norms need"):
        read_norms(many)
