"""What a joint curve does between the first visit and the last, said and not said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from simgait.agreement.curve_change import VisitCurve, curve_difference
from simgait.cohort.visit_files import read_visit
from simgait.compare.curve_between import left_both
from simgait.compare.visit_trend import VisitTrend, curve_cells, visit_trend
from simgait.report.change.between_words import between_sentences
from tests.visit_folders import visit_folder

POINTS = 101
WALK_SD_DEG, HALF_WIDTH_DEG, HALF_WIDTH_SDS = 3.0, 3.0, 1.645
FWHM_PERCENT, SDS_OF_FWHM = 8.0, 2.355


def trend(tmp_path: Path, knees_deg: Sequence[float]) -> VisitTrend:
    walks = [{("velocity_mps", "both"): (1.0, 0.02)}] * 2
    folders = [
        visit_folder(tmp_path / f"v{n}", walks, knee_deg=knee) for n, knee in enumerate(knees_deg)
    ]
    return visit_trend([read_visit(folder) for folder in folders])


def knees_said(found: VisitTrend) -> list[str]:
    return [one.removeprefix("Knee flexion ") for one in between_sentences(found)]


@pytest.mark.parametrize(
    ("knees_deg", "said"),
    [
        ((0.0, 0.0, 0.0), None),
        ((0.0, 0.0, 30.0), None),
        # On the way from the first to the last.
        ((0.0, 15.0, 30.0), None),
        (
            (0.0, 30.0, 0.0),
            "at visit 2 up to 30° more than at visit 1 and 30° more than at visit 3, at 0 % of "
            "the cycle, back at visit 3.",
        ),
        (
            (30.0, 0.0, 60.0, 30.0),
            "at visit 2 up to 30° less than at visit 1 and 30° less than at visit 4, at 0 % of "
            "the cycle, back at visit 4; at visit 3 up to 30° more than at visit 1 and 30° more "
            "than at visit 4, at 0 % of the cycle, back at visit 4.",
        ),
        (
            (0.0, 60.0, 30.0),
            "at visit 2 up to 60° more than at visit 1 and 30° more than at visit 3, at 0 % of "
            "the cycle.",
        ),
    ],
)
def test_what_went_away_again_is_said_of_each_side(
    knees_deg: Sequence[float], said: str | None, tmp_path: Path
) -> None:
    expected = [] if said is None else [f"(left): {said}", f"(right): {said}"]
    assert knees_said(trend(tmp_path, knees_deg)) == expected


def test_the_table_has_visits_in_between_beside_the_last(tmp_path: Path) -> None:
    rows = list(curve_cells(trend(tmp_path, (0.0, 30.0, 0.0))))
    assert {row[0] for row in rows} == {
        "visit 2 less visit 1", "visit 3 less visit 1", "visit 2 less visit 3",
    }  # fmt: skip


def visit(rng: np.random.Generator, raised_deg: float = 0.0) -> VisitCurve:
    """Two walks of one visit: an error that they share, and one of each."""

    def noise(count: int) -> np.ndarray:
        drawn = rng.normal(size=(count, POINTS))
        smooth = gaussian_filter1d(drawn, FWHM_PERCENT / SDS_OF_FWHM, mode="wrap")
        return smooth / smooth.std()

    shared = HALF_WIDTH_DEG / HALF_WIDTH_SDS * noise(1)
    bump = raised_deg * np.exp(-0.5 * ((np.arange(POINTS) - 60.0) / 8.0) ** 2)
    return VisitCurve(bump + shared + WALK_SD_DEG * noise(2), np.full(2, HALF_WIDTH_DEG))


def share_said(raised_deg: float, visits: int, draws: int = 200) -> float:
    rng, sd = np.random.default_rng(3), np.full(POINTS, WALK_SD_DEG)
    said = 0
    for _ in range(draws):
        first, last = visit(rng), visit(rng)
        middle = [visit(rng, raised_deg) for _ in range(visits - 2)]
        pairs = [[curve_difference(end, one, sd) for end in (first, last)] for one in middle]
        said += any(left_both(*pair).any() for pair in pairs)
    return said / draws


@pytest.mark.parametrize("visits", [3, 5])
def test_of_curves_that_did_not_change_little_is_said(visits: int) -> None:
    assert share_said(0.0, visits) < 0.05


def test_of_curves_that_did_most_is_said() -> None:
    assert share_said(20.0, 3) > 0.8
