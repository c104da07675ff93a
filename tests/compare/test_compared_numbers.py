"""Joint peaks and ranges in comparisons, from folders of results."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.agreement.change import Shown
from simgait.cohort.visit_files import read_visit
from simgait.compare.compared_numbers import JOINT_NUMBERS, compared_numbers
from simgait.compare.visit_change import HEADER, NumberChange, visit_change
from simgait.compare.visit_means import visit_means
from simgait.compare.visit_sides import visit_sides
from simgait.compare.visit_trend import visit_trend
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.report.change.page import change_page, headline
from simgait.report.change.sides_page import sides_page
from simgait.report.change.trend_page import trend_page
from tests.visit_folders import HALF_WIDTH_DEG, RANGE_HALF_WIDTH_DEG, visit_folder

KNEE, HIP, RANGE = "knee_flexion_swing_peak_deg", "hip_extension_peak_deg", "hip_range_deg"
ZERO_DEG = 3.2
LEFT_DEG = (HALF_WIDTH_DEG**2 - ZERO_DEG**2) ** 0.5
ONE_SIDE: dict[str, Any] = {"zeros": {"left_hip_flexion": (ZERO_DEG, "rough")}}


def visit(folder: Path, knee: float, hip: float = -10.0, span: float = 40.0, **facts: Any) -> Path:
    """Three walks with peaks of the left leg, whose bands are of `HALF_WIDTH_DEG`."""
    left = {(KNEE, "left"): knee, (HIP, "left"): hip, (RANGE, "left"): span}
    curves = {"left_knee_flexion": np.zeros(101), "left_hip_flexion": np.zeros(101)}
    numbers = [{("velocity_mps", "both"): (1.0, 0.02)}] * 3
    return visit_folder(folder, numbers, curves=[curves], peaks=[left], **facts)


def joints(before: Path, after: Path) -> dict[str, NumberChange]:
    found = visit_change(read_visit(before), read_visit(after))
    return {row.parameter.key: row for row in found.numbers if row.parameter.key in JOINT_MEASURES}


def test_a_knee_that_bends_more_in_swing_is_changed_and_a_hip_that_does_not_is_not(
    tmp_path: Path,
) -> None:
    before, after = visit(tmp_path / "a", 45.0), visit(tmp_path / "b", 60.0, hip=-11.0)
    found = joints(before, after)
    knee, hip = found[KNEE], found[HIP]
    assert (knee.pool, knee.change.shown, knee.matters) == ("left", Shown.CHANGED, True)
    assert knee.change.difference == pytest.approx(15.0) and knee.walks_before == 3
    low, high = knee.change.interval
    assert 5.0 < low < 15.0 < high < 25.0
    assert (hip.change.shown, hip.matters) == (Shown.NOT_SHOWN, False)
    cells = dict(zip(HEADER, knee.cells(), strict=True))
    assert (cells["parameter"], cells["unit"], cells["matters"]) == (KNEE, "°", 5.0)


@pytest.mark.parametrize(
    ("key", "half_width_deg"), [(KNEE, HALF_WIDTH_DEG), (RANGE, RANGE_HALF_WIDTH_DEG)]
)
def test_a_peak_is_as_far_off_as_the_band_about_its_curve_and_a_range_as_itself(
    tmp_path: Path, key: str, half_width_deg: float
) -> None:
    found = joints(visit(tmp_path / "a", 45.0), visit(tmp_path / "b", 45.0))
    measuring = math.sqrt(2.0) * half_width_deg / 1.645
    walking = math.sqrt(2.0 / 3.0) * JOINT_MEASURES[key].walk_sd_deg * math.sqrt(4.0 / 8.0)
    detectable = found[key].change.detectable
    assert 1.96 * math.hypot(measuring, walking) < detectable < 2.1 * math.hypot(measuring, walking)


def test_a_peak_may_be_used_where_its_curve_may(tmp_path: Path) -> None:
    before = visit(tmp_path / "a", 45.0, denied=("left_knee_flexion",))
    knee = joints(before, visit(tmp_path / "b", 60.0))[KNEE]
    assert knee.why == "it may be used in no walk of the first visit"
    both = joints(before, visit(tmp_path / "c", 60.0, denied=("left_knee_flexion",)))
    assert KNEE not in both and HIP in both


def test_a_range_has_a_level_of_its_own(tmp_path: Path) -> None:
    no_range = visit(tmp_path / "c", 45.0, denied=(RANGE,))
    both = joints(no_range, visit(tmp_path / "d", 45.0, denied=(RANGE,)))
    assert RANGE not in both and HIP in both


def test_a_zero_that_both_visits_share_is_left_out_of_peaks_and_of_ranges_always(
    tmp_path: Path,
) -> None:
    def half_widths(before: str, after: str, **facts: Any) -> dict[str, float]:
        folders = [
            visit(tmp_path / f"{before}{after}{day}{len(facts)}", 45.0, points=points, **facts)
            for day, points in enumerate((before, after))
        ]
        found = joints(*folders)
        return {key: row.change.detectable for key, row in found.items()}

    shared = half_widths("coco-17", "coco-17", **ONE_SIDE)
    apart = half_widths("coco-17", "movi-87", **ONE_SIDE)
    without = half_widths("coco-17", "coco-17")
    assert shared[HIP] < apart[HIP] == without[HIP]
    assert shared[RANGE] == apart[RANGE] == without[RANGE] < apart[HIP]
    assert shared[KNEE] == apart[KNEE] == without[KNEE]
    denied = ONE_SIDE | {"denied": ("left_hip_flexion",)}
    assert half_widths("coco-17", "coco-17", **denied) == shared
    assert half_widths("coco-17", "movi-87", **denied).keys() == {KNEE, RANGE}


def test_every_page_tells_them_and_how(tmp_path: Path) -> None:
    folders = [visit(tmp_path / f"v{n}", 40.0 + 10.0 * n) for n in range(3)]
    visits = [read_visit(one) for one in folders]
    two, trend = visit_change(visits[0], visits[-1]), visit_trend(visits)
    assert "Changed: knee peak flexion in swing (left) (1 of 4 numbers;" in headline(two)
    assert {row.parameter.key for row in trend.numbers} >= {KNEE, HIP, RANGE}
    for page in (change_page(two), trend_page(trend)):
        assert "Knee peak flexion in swing" in page
        assert "Joint peaks and ranges are read from each gait cycle" in page


def test_sides_are_compared_walk_by_walk(tmp_path: Path) -> None:
    peaks = {(KNEE, "left"): 62.0, (KNEE, "right"): 38.0, (HIP, "left"): -10.0}
    numbers = [{("velocity_mps", "both"): (1.0, 0.02)}] * 3
    found = visit_sides(read_visit(visit_folder(tmp_path / "a", numbers, peaks=[peaks])))
    (knee,) = found.numbers
    assert (knee.parameter.key, knee.verdict, knee.matters) == (KNEE, "left greater", True)
    assert knee.change.difference == pytest.approx(24.0) and knee.walks == 3
    assert "knee peak flexion in swing (left greater)" in sides_page(found)


def test_walks_of_an_older_simgait_have_none(tmp_path: Path) -> None:
    numbers = [{("velocity_mps", "both"): (1.0, 0.02)}] * 3
    old = visit_folder(tmp_path / "a", numbers)
    assert joints(old, visit_folder(tmp_path / "b", numbers)) == {}
    knee = joints(old, visit(tmp_path / "c", 45.0))[KNEE]
    assert knee.why == "it may be used in no walk of the first visit"


def test_a_peak_that_no_cycle_has_is_none(tmp_path: Path) -> None:
    assert KNEE not in joints(visit(tmp_path / "a", math.nan), visit(tmp_path / "b", math.nan))


def test_a_visits_own_page_has_the_parameters_alone(tmp_path: Path) -> None:
    found = visit_means(read_visit(visit(tmp_path / "a", 45.0)))
    assert [one.parameter.key for one in found.numbers] == ["velocity_mps"]


def test_each_joint_measure_is_compared_once_by_a_name_that_a_list_can_hold() -> None:
    keys = [one.key for one in compared_numbers()]
    assert len(keys) == len(set(keys)) and keys[-len(JOINT_MEASURES) :] == list(JOINT_MEASURES)
    assert not any("," in one.label for one in JOINT_NUMBERS)
