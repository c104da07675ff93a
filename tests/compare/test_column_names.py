"""Columns named as laboratories and spreadsheets name them."""

from __future__ import annotations

import pytest

from simgait.compare.column_names import parse_column
from simgait.compare.csv_tables import CsvTable


@pytest.mark.parametrize(
    ("column", "canonical"),
    [
        ("Speed (m/s)", "velocity_mps"),
        ("Walking speed [m/s]", "velocity_mps"),
        ("Step length left [cm]", "step_length_left_cm"),
        ("R_step_length_cm", "step_length_right_cm"),
        ("Stance R (%)", "stance_right_percent"),
        ("Cadence (steps/min)", "cadence_spm"),
        ("left_step_length_m", "step_length_left_m"),
        ("knee_flexion_left_deg", "knee_flexion_left_deg"),
    ],
)
def test_a_spreadsheets_name_is_understood(column, canonical):
    assert parse_column(column).canonical == canonical


@pytest.mark.parametrize("column", ["r_squared", "Pressure (bar)", "stance_phase_left_percent"])
def test_nothing_is_made_a_quantity_that_it_need_not_be(column):
    assert parse_column(column).known is None


def test_columns_are_found_whatever_their_capitals():
    table = CsvTable("lab.csv", ("Trial_ID", "TRIAL", "trial"), (), ())
    assert table.named(("trial_id", "trial")) == "Trial_ID"
    assert table.named(("trial",)) == "trial"
    assert table.named(("subject",)) is None
