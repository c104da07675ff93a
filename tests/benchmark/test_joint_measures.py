"""Peaks and ranges of curves whose peaks are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark.agreement_measures import agreement_measures, measure_pairs
from simgait.benchmark.joint_measures import joint_measure
from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.parameters.catalogue import parameter, registered
from tests.benchmark.made_up import case, record

MEASURES = {measure.key: measure for measure in agreement_measures()}
PHASE = np.linspace(0.0, 2.0 * np.pi, 101)
HIP = 10.0 + 25.0 * np.cos(PHASE)
# Two bumps, the higher one in stance: a peak in swing that is not the cycle's.
KNEE = np.interp(np.arange(101), [0, 15, 40, 72, 95, 100], [5.0, 65.0, 5.0, 45.0, 5.0, 5.0])
# Highest in swing, at the very end.
ANKLE = np.interp(np.arange(101), [0, 45, 62, 80, 100], [-2.0, 12.0, -18.0, 0.0, 15.0])
TRUTH = {
    "hip_flexion_peak_deg": 35.0,
    "hip_extension_peak_deg": -15.0,
    "hip_range_deg": 50.0,
    "knee_flexion_swing_peak_deg": 45.0,
    "knee_range_deg": 60.0,
    "knee_flexion_contact_deg": 5.0,
    "ankle_dorsiflexion_stance_peak_deg": 12.0,
    "ankle_plantarflexion_peak_deg": -18.0,
    "ankle_range_deg": 33.0,
}


def walk(foot_off_percent: tuple[float, float] = (60.0, 60.0)) -> WalkRecord:
    """A left leg whose estimate reads every angle 3° too high; nothing of the right leg."""
    curves = {
        "left_hip_flexion_deg": HIP,
        "left_knee_flexion_deg": KNEE,
        "left_ankle_dorsiflexion_deg": ANKLE,
    }
    return record(
        case("p", condition="exact", source="synthetic"),
        curves_deg={name: (curve, curve + 3.0) for name, curve in curves.items()},
        truth={"stance_percent": {"left": foot_off_percent[0]}},
        estimate={"stance_percent": {"left": foot_off_percent[1]}},
    )


def test_every_measure_has_a_truth_here() -> None:
    assert set(TRUTH) == set(JOINT_MEASURES) and set(TRUTH) < set(MEASURES)


@pytest.mark.parametrize("name", TRUTH)
def test_measures_of_known_curves(name: str) -> None:
    true, found = joint_measure(walk(), JOINT_MEASURES[name], "left")
    assert true == pytest.approx(TRUTH[name], abs=0.02)
    offset = 0.0 if "range" in name else 3.0
    assert found - true == pytest.approx(offset)
    assert np.isnan(joint_measure(walk(), JOINT_MEASURES[name], "right")).all()


def test_each_side_of_the_comparison_has_its_own_foot_off() -> None:
    early = walk((60.0, 30.0))
    true, found = joint_measure(early, JOINT_MEASURES["ankle_dorsiflexion_stance_peak_deg"], "left")
    assert true == pytest.approx(12.0)
    assert found == pytest.approx(3.0 - 2.0 + 14.0 * 30.0 / 45.0)


def test_without_foot_off_there_is_no_stance_nor_swing() -> None:
    unknown = walk((60.0, float("nan")))
    for name in ("knee_flexion_swing_peak_deg", "ankle_dorsiflexion_stance_peak_deg"):
        true, found = joint_measure(unknown, JOINT_MEASURES[name], "left")
        assert np.isfinite(true) and np.isnan(found)
    assert np.isfinite(joint_measure(unknown, JOINT_MEASURES["knee_range_deg"], "left")).all()


def test_pairs_hold_a_row_for_each_leg() -> None:
    pairs = measure_pairs([walk(), walk()], MEASURES["hip_range_deg"])
    assert pairs.thresholds == (2.0, 5.0) and pairs.unit == "°"
    assert len(pairs.trial_ids) == 4 and len(set(pairs.trial_ids)) == 1
    assert pairs.truth == pytest.approx([50.0, 50.0, np.nan, np.nan], nan_ok=True, abs=0.1)
    assert pairs.groups["source"] == ("synthetic",) * 4


def test_parameters_keep_one_row_for_each_walk() -> None:
    one = record(case("p"), truth={"velocity_mps": 1.0}, estimate={"velocity_mps": 1.1})
    pairs = measure_pairs([one, record(case("q"))], MEASURES["velocity_mps"])
    assert pairs.truth == pytest.approx([1.0, np.nan], nan_ok=True)
    assert pairs.estimate == pytest.approx([1.1, np.nan], nan_ok=True)
    assert len(measure_pairs([], MEASURES["hip_range_deg"]).truth) == 0


def test_a_parameter_of_the_catalogue_is_compared_where_it_says_so() -> None:
    stride = parameter("stride_length_m")
    assert stride.key not in MEASURES
    own = replace(stride, quantity="stride_span", label="Stride span", benchmarked=True)
    with registered(own):
        found = {measure.key: measure for measure in agreement_measures()}["stride_span_m"]
        assert (found.label, found.unit, found.change) == ("Stride span", "m", (0.05, 0.1))
        one = record(case("p"), truth={"stride_span_m": 1.0}, estimate={"stride_span_m": 1.1})
        assert measure_pairs([one], found).estimate == pytest.approx([1.1])
