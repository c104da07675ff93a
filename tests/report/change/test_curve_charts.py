"""Pictures of compared curves: which visit is which can be told, also without colour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_sides import visit_sides
from simgait.compare.visit_trend import CurveTrend, visit_trend
from simgait.report import svg
from simgait.report.change.curve_charts import (
    BEFORE_DASH,
    curve_difference,
    over_visits,
    sides,
    visit_style,
    visit_swatch,
)
from simgait.report.change.curve_words import BETWEEN_SIDES, curve_words, curves_headline
from tests.report.test_contrast import PAPER, contrast
from tests.visit_folders import visit_folder

SPEED = {("velocity_mps", "both"): (1.0, 0.02)}
LEAST_OF_LINES = 3.0  # WCAG 2.1, success criterion 1.4.11


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize("side", ["left", "right"])
def test_later_visits_are_darker_thicker_and_of_longer_dashes(count: int, side: str) -> None:
    styles = [visit_style(place, count, svg.SIDE_COLOUR[side]) for place in range(count)]
    against_paper = [contrast(colour, PAPER) for colour, _, _ in styles]
    assert against_paper == sorted(against_paper) and against_paper[0] >= LEAST_OF_LINES
    assert against_paper[-1] > 2.0 * against_paper[0]
    dashes = [dash for _, dash, _ in styles]
    assert dashes.pop() is None
    lengths = [int(str(dash).split()[0]) for dash in dashes]
    assert lengths == sorted(set(lengths)) and lengths[0] == 2
    widths = [width for *_, width in styles]
    assert widths == sorted(set(widths))


def trend_of(tmp_path: Path, *knees_deg: float) -> CurveTrend:
    folders = [
        visit_folder(tmp_path / f"v{n}", [SPEED] * 2, knee_deg=deg)
        for n, deg in enumerate(knees_deg)
    ]
    return visit_trend([read_visit(folder) for folder in folders]).curves[0]


def test_every_visit_has_its_line_and_the_outer_ones_their_bands(tmp_path: Path) -> None:
    one = trend_of(tmp_path, 0.0, 5.0, 10.0, 30.0)
    picture = over_visits(one)
    assert picture.count("<path") == 4 and picture.count("<polygon") == 2
    for place in range(4):
        colour, dash, _ = visit_style(place, 4, svg.SIDE_COLOUR["left"])
        assert f'stroke="{colour}"' in picture
        assert dash is None or f'stroke-dasharray="{dash}"' in picture
        assert visit_swatch(place, 4).count("<line") == 2
    assert "Knee flexion, left (°): 4 visits over the gait cycle" in picture
    difference = curve_difference(one.last, "visit 4 less visit 1")
    assert "visit 4 less visit 1, over the gait cycle: changed" in difference


def test_a_visit_without_the_curve_has_no_line(tmp_path: Path) -> None:
    folders = [
        visit_folder(tmp_path / f"v{n}", [SPEED], denied=("left_knee_flexion",) * (n == 2))
        for n in range(3)
    ]
    left, _ = visit_trend([read_visit(folder) for folder in folders]).curves
    assert over_visits(left).count("<path") == 2
    assert curve_words(left.last) == "Not comparable."


def test_words_say_which_side_is_greater_and_where(tmp_path: Path) -> None:
    at = np.arange(101.0)
    hump = 30.0 * np.exp(-0.5 * ((at - 25.0) / 6.0) ** 2)
    dip = -30.0 * np.exp(-0.5 * ((at - 75.0) / 6.0) ** 2)
    own = {"left_knee_flexion": hump + dip, "right_knee_flexion": 0.0 * at}
    folder = visit_folder(tmp_path / "v", [SPEED] * 3, curves=[own])
    (knee,) = visit_sides(read_visit(folder)).curves
    said = curve_words(knee)
    assert said.startswith("Different, clinically relevant, left greater at ")
    assert ", right greater at " in said and " % of the cycle. Largest difference" in said
    assert curves_headline([knee], BETWEEN_SIDES).startswith(
        "Joint angles differ between left and right: knee flexion (1 of 1 curve; by chance alone, "
        "1 in 20 would be called different)."
    )
    picture = sides(knee)
    assert picture.count("<path") == 2 and picture.count(f'stroke-dasharray="{BEFORE_DASH}"') == 1
