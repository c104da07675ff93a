"""Case 22: tables whose error is exactly the limit, and what stands for missing values in them."""

import numpy as np
import pytest

from simgait.compare.analysis import analyse_agreement
from simgait.compare.tables import match_tables
from simgait.compare.two_tables import agreement_of_tables, compare_tables
from simgait.report.agreement.wording import verdict


@pytest.fixture(scope="module")
def folder(run_case):
    return run_case("22")


def test_an_error_of_the_threshold_reaches_it(folder):
    compared = compare_tables(folder / "22_truth.csv", folder / "22_plus_0.1.csv")
    analysed = analyse_agreement(agreement_of_tables(compared))
    text = verdict(analysed.measures[0]).text
    assert "Reads 0.10 m/s too high" in text
    assert "reach a substantial change (0.10 m/s) and do not go beyond it" in text


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("na", ()),
        ("dot", ()),
        (
            "minus999",
            (
                "-999 in velocity_mps of 22_minus999.csv (1 row) was taken for a code for missing "
                "values.",
            ),
        ),
    ],
)
def test_missing_values_are_missing(name, note, folder):
    matched = match_tables(folder / "22_truth.csv", folder / f"22_{name}.csv")
    assert matched.n_matched == 11 and [e.trial_id for e in matched.exclusions] == ["w05"]
    assert np.isfinite(matched.measures[0].estimate).all()
    assert matched.notes == note
