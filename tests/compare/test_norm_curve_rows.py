"""Curves in a user's own norms: what is read, and every way in which they may be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.compare.norm_file import read_norms
from simgait.errors import InputError
from tests.compare.norm_tables import norm_table

HEAD = "parameter,age_from_years,age_to_years,sex,surface,height_m,percent,mean,sd,n,source"
CURVE = [f"knee_flexion_deg,6,8,,,,{p},{p / 2:g},5,,ours" for p in range(0, 101, 10)]
NUMBER = "cadence_spm,6,8,,,,,140,9,20,ours"


def table(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    return norm_table(tmp_path, head, *rows)


def test_curves_and_numbers_stand_in_one_table(tmp_path: Path) -> None:
    norms = read_norms(table(tmp_path, *reversed(CURVE), NUMBER))
    (number,), (curve,) = norms.rows, norms.curves
    assert number.parameter == "cadence_spm" and number.mean == 140.0
    assert curve.key == ("knee_flexion", "", 6.0, 8.0) and curve.source == "ours"
    mean, sd = curve.mean_sd()
    np.testing.assert_allclose(mean, np.arange(101) / 2.0)
    np.testing.assert_allclose(sd, 5.0)


def test_a_table_without_percent_has_no_curves(tmp_path: Path) -> None:
    head = "parameter,age_from_years,age_to_years,mean,sd,n,source"
    norms = read_norms(table(tmp_path, "cadence_spm,6,8,140,9,20,ours", head=head))
    assert norms.curves == () and len(norms.rows) == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([CURVE[0].replace("knee_flexion", "elbow")], "line 2: there is no curve 'elbow_deg'"),
        ([CURVE[0].replace(",0,0,5", ",,0,5")], "line 2: knee_flexion_deg is a curve"),
        ([CURVE[0].replace("6,8", ",")], "line 2: a curve needs age_from_years"),
        ([CURVE[0].replace("ours", "")], "line 2: names no source"),
        ([CURVE[0].replace(",0,0,5", ",101,0,5")], "line 2: percent is none"),
        ([CURVE[0].replace(",0,0,5", ",0,0,0")], "line 2: mean and sd are no angle's"),
        ([CURVE[0].replace("8,,,,", "8,,treadmill,,")], "leave surface empty"),
        ([CURVE[0].replace("8,,,,", "8,,,1.2,")], "leave height_m empty"),
        ([CURVE[0].replace("8,,", "8,boy,")], "line 2: 'boy' is no sex"),
        ([*CURVE, CURVE[3]], "line 13: knee_flexion_deg of these people has 30 % twice"),
        ([*CURVE, CURVE[3].replace("ours", "theirs")],
         "knee_flexion of children of 6 to 7 years has two sources, 'ours' and 'theirs'"),
        ([row.replace(",5,,ours", ",0.09,,ours") for row in CURVE], "give mean and sd in degrees"),
        ([CURVE[0].replace("5,,ours", "5,-3,ours")], "line 2: n is -3; give how many people"),
        (CURVE[:-1], "from line 2 on has 10 points from 0 to 90 %"),
        ([*CURVE, *(row.replace("6,8", "7,9") for row in CURVE)], "are of the same ages"),
    ],
)  # fmt: skip
def test_what_is_no_curve_is_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_norms(table(tmp_path, *rows))
    assert said in str(refused.value) and str(refused.value).startswith("mine.csv: ")
