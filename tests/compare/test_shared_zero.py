"""A zero that nobody knows is left out where both sides of a comparison have the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.agreement.change import Shown
from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_change import VisitChange, visit_change
from simgait.compare.visit_sides import visit_sides
from simgait.compare.visit_trend import visit_trend
from simgait.report.change.page import change_page
from simgait.report.change.sides_page import sides_page
from simgait.report.change.trend_page import trend_page
from tests.visit_folders import HALF_WIDTH_DEG, find, visit_folder

HIP, KNEE = "left_hip_flexion", "left_knee_flexion"
ZERO_DEG = 3.2
LEFT_DEG = (HALF_WIDTH_DEG**2 - ZERO_DEG**2) ** 0.5
DETECTOR: dict[str, Any] = {
    "zeros": {HIP: (ZERO_DEG, "rough")}, "denied": (HIP,), "points": "coco-17",
}  # fmt: skip
SAID = "leave out how this person&#39;s own pelvis is shaped"


def visit(folder: Path, hip_deg: float = 0.0, **facts: Any) -> Path:
    """Three walks with a hip and a knee."""
    curve = 20.0 * np.cos(2.0 * np.pi * np.arange(101) / 100.0)
    curves = {HIP: curve + hip_deg, KNEE: curve}
    numbers = [{("velocity_mps", "both"): (1.0, 0.02)}] * 3
    return visit_folder(folder, numbers, curves=[curves], **facts)


def compared(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> VisitChange:
    first, second = visit(tmp_path / "a", **before), visit(tmp_path / "b", hip_deg=9.0, **after)
    return visit_change(read_visit(first), read_visit(second))


def test_two_visits_through_one_keypoint_set_are_compared_without_it(tmp_path: Path) -> None:
    found = compared(tmp_path, DETECTOR, DETECTOR)
    hip, knee = found.curves
    assert (hip.curve.coordinate, hip.found.shown, hip.matters) == (
        "hip_flexion", Shown.CHANGED, True,
    )  # fmt: skip
    assert hip.half_widths == pytest.approx((LEFT_DEG, LEFT_DEG))
    assert knee.half_widths == (HALF_WIDTH_DEG, HALF_WIDTH_DEG)
    page = change_page(found)
    assert f"Bands and limits of hip flexion {SAID}" in page and "one keypoint set" in page


@pytest.mark.parametrize("denied", [(), (HIP,)])
def test_what_is_known_to_be_wider_is_narrower_without_it(
    tmp_path: Path, denied: tuple[str, ...]
) -> None:
    """A hip that is rough with its zero is compared without it, too."""
    facts = DETECTOR | {"denied": denied}
    shared, other = (
        compared(tmp_path / points, facts, facts | {"points": points}).curves[0]
        for points in ("coco-17", "movi-87")
    )
    assert shared.half_widths == pytest.approx((LEFT_DEG, LEFT_DEG))
    if denied:
        assert other.curve.coordinate == "knee_flexion"
    else:
        assert other.half_widths == (HALF_WIDTH_DEG, HALF_WIDTH_DEG)
        assert (shared.found.detectable < other.found.detectable).all()


@pytest.mark.parametrize(
    "other",
    [
        {"points": "movi-87"},
        {"points": ""},
        {"points": "coco-17, joints of h36m-17"},
        {"points": "", "zeros": {}, "denied": ()},  # markers
    ],
)
def test_points_that_are_not_known_to_be_alike_are_compared_as_ever(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    found = compared(tmp_path, DETECTOR, DETECTOR | other)
    judged = {one.curve.coordinate: one for one in found.curves}
    hip = judged.get("hip_flexion")
    assert hip is None or hip.why == "it may be used in no walk of the first visit"
    assert SAID not in change_page(found)


def test_where_no_visits_points_are_known_nothing_is_guessed(tmp_path: Path) -> None:
    unknown = DETECTOR | {"points": ""}
    found = compared(tmp_path, unknown, unknown)
    assert [one.curve.coordinate for one in found.curves] == ["knee_flexion"]


def test_walks_of_two_keypoint_sets_in_one_visit_share_nothing(tmp_path: Path) -> None:
    folder = visit(tmp_path / "a", **DETECTOR)
    visit(tmp_path / "c", **DETECTOR | {"points": "movi-87"})
    (tmp_path / "c" / "walk0").rename(folder / "walk9")
    assert read_visit(folder).points == ""


def test_a_hip_that_only_one_visit_has_is_not_said_to_be_compared(tmp_path: Path) -> None:
    gone = DETECTOR | {"zeros": {HIP: (ZERO_DEG, "do_not_use")}}
    found = compared(tmp_path, DETECTOR, gone)
    assert found.curves[0].why == "it may be used in no walk of the second visit"
    assert SAID not in change_page(found)


def test_what_else_denies_a_hip_denies_its_change(tmp_path: Path) -> None:
    facts = DETECTOR | {"zeros": {HIP: (ZERO_DEG, "do_not_use")}}
    found = compared(tmp_path, facts, facts)
    assert [one.curve.coordinate for one in found.curves] == ["knee_flexion"]
    assert SAID not in change_page(found)


def test_a_walk_of_which_nothing_may_be_used_is_compared_with_nobody(tmp_path: Path) -> None:
    folder = visit(tmp_path / "a", **DETECTOR)
    for number in range(3):
        find(folder / f"walk{number}", ("fell", "It fell."), level="use_none")
    assert not any(walk.without_zero for walk in read_visit(folder).walks)


def test_a_trend_leaves_it_out_where_every_visit_shares_it(tmp_path: Path) -> None:
    folders = [visit(tmp_path / f"v{n}", hip_deg=4.5 * n, **DETECTOR) for n in range(3)]
    found = visit_trend([read_visit(one) for one in folders])
    hip, _ = found.curves
    assert (hip.curve.coordinate, hip.last.found.shown) == ("hip_flexion", Shown.CHANGED)
    assert f"Bands and limits of hip flexion {SAID}" in trend_page(found)
    other = visit(tmp_path / "v3", **DETECTOR | {"points": "movi-87"})
    mixed = visit_trend([read_visit(one) for one in (*folders, other)])
    assert [one.curve.coordinate for one in mixed.curves] == ["knee_flexion"]


@pytest.mark.parametrize("points", ["coco-17", ""])
def test_both_sides_have_one_pelvis_whatever_the_points_are(tmp_path: Path, points: str) -> None:
    zeros = {f"{side}_hip_flexion": (ZERO_DEG, "rough") for side in ("left", "right")}
    curves = {f"{side}_hip_flexion": np.full(101, at) for side, at in (("left", 9), ("right", 0))}
    numbers = [{("velocity_mps", "both"): (1.0, 0.02)}] * 3
    folder = visit_folder(
        tmp_path / "a", numbers, curves=[curves], zeros=zeros, denied=tuple(zeros), points=points
    )
    found = visit_sides(read_visit(folder))
    (hip,) = found.curves
    assert hip.half_widths == pytest.approx((LEFT_DEG, LEFT_DEG))
    assert "the same in both sides" in sides_page(found)
