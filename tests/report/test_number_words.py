"""Numbers that are not sure, in words: each quantity once, and of which side where not of all."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simgait.findings import Code, Finding, Value
from simgait.report.number_words import TWICE, interval_too_wide, interval_wide
from simgait.report.trial.levels import TOO_WIDE


@pytest.mark.parametrize(
    ("half_widths", "words"),
    [
        ({"left_stance_percent": 3.84, "right_stance_percent": 3.1, "stance_percent": 3.2},
         "stance ±3.8 %."),
        ({"left_stance_percent": 3.84}, "stance ±3.8 % (left)."),
        ({"right_stance_percent": 3.1, "stance_percent": 3.2},
         "stance ±3.2 % (right)."),
        ({"left_stance_percent": 3.84, "right_stance_percent": 3.1}, "stance ±3.8 %."),
        ({"stance_percent": 3.2}, "stance ±3.2 % (both sides together)."),
        ({"left_velocity_mps": 0.13, "velocity_mps": 0.12}, "walking speed ±0.13 m/s (left)."),
        ({"left_knee_flexion_deg": 6.0, "right_knee_flexion_deg": 7.0}, "knee flexion ±7°."),
        ({"right_knee_flexion_deg": 7.0}, "knee flexion ±7° (right)."),
        ({"left_step_length_m": 0.061, "left_knee_flexion_deg": 7.0},
         "step length ±6.1 cm (left), knee flexion ±7° (left)."),
        ({"left_knee_flexion_deg": 5.31}, "knee flexion ±5.3° (left)."),
        ({"left_knee_flexion_deg": 5.001}, "knee flexion just over ±5° (left)."),
        ({"velocity_mps": 0.1034}, "walking speed ±0.103 m/s (both sides together)."),
        ({"left_step_length_m": 0.0502}, "step length ±5.02 cm (left)."),
    ],
)  # fmt: skip
def test_a_quantity_has_its_widest_side_and_says_which_are_meant(
    half_widths: Mapping[str, float], words: str
) -> None:
    values: Mapping[str, Value] = {
        "numbers": tuple(half_widths),
        "half_widths": tuple(half_widths.values()),
    }
    said = interval_wide(Finding(Code.INTERVAL_WIDE, "note", values))
    assert said.endswith(f"to a clinician: {words}")


def test_what_is_too_wide_is_seen_to_pass_twice_what_matters() -> None:
    values: Mapping[str, Value] = {"numbers": ("left_hip_flexion_deg",), "half_widths": (10.2,)}
    said = interval_too_wide(Finding(Code.INTERVAL_TOO_WIDE, "caution", values))
    assert said.endswith("hip flexion ±10.2° (left).")
    assert TWICE == TOO_WIDE
