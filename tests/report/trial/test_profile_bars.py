"""The Movement Analysis Profile shows each angle of each side, and where healthy people lie."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code, Finding
from simgait.gait.walk_scores import walk_scores, with_scores
from simgait.gait_result import WalkScores
from simgait.report.svg import SIDE_COLOUR
from simgait.report.trial.page import trial_page
from simgait.report.trial.profile_bars import LABELS, lost_bars, movement_profile
from simgait.report.trial.score_words import PROFILE_LEFT_OUT
from simgait.report.trial.verdict import judge
from simgait.report.word.sheet import Drawing, first_sheet
from simgait.skeleton.sides import Side
from tests.gait.conftest import made_up_strides


@pytest.fixture(scope="module")
def scores() -> WalkScores:
    made = made_up_strides()
    strides = {"left": made.curves_deg[:3], "right": made.curves_deg[3:6]}
    return walk_scores(strides, made.reference())  # type: ignore[arg-type]


def test_nine_angles_and_gps_of_both_sides_are_drawn(scores: WalkScores) -> None:
    drawn = str(movement_profile(scores))
    assert drawn.count("<rect") == 2 * 10
    assert all(LABELS[name] in drawn for name in scores.angles) and "GPS" in drawn
    mean_deg = scores.sides["left"].gps_deg.mean()
    assert f">{mean_deg:.1f}<" in drawn


def test_bars_are_as_long_as_the_scores(scores: WalkScores) -> None:
    widths = [
        float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)"', str(movement_profile(scores)))
    ]
    left = scores.sides["left"].variable_scores_deg.mean(axis=0)
    assert np.allclose(np.array(widths[0:18:2]) / widths[0], left / left[0], atol=0.02)


def test_bars_that_are_not_to_be_used_are_hollow_and_said_to_be(scores: WalkScores) -> None:
    lost: set[tuple[str, Side]] = {("hip_rotation", "left"), ("gps_deg", "left")}
    lost.add(("gps_deg", "right"))
    drawn = str(movement_profile(scores, lost))
    assert drawn.count('fill="none"') == 3 == drawn.count(">do not use<")
    assert "; not to be used: hip rotation (left), GPS (left and right)" in drawn
    rows = re.findall(r"<rect[^>]*>", drawn)
    hip = 2 * scores.angles.index("hip_rotation")
    assert 'fill="none"' in rows[hip] and 'fill="none"' not in rows[hip + 1]
    assert "do not use" not in str(movement_profile(scores))


def test_what_an_angle_is_denied_takes_its_bars(made: tuple[Any, ...], scores: WalkScores) -> None:
    trial, rollout, result, *_ = made
    verdict = judge(trial, rollout, result, None)
    doubt = (Finding(Code.NO_TRAVEL),)
    numbers = tuple(
        replace(n, doubts=doubt)
        if (n.key, n.pool) in {("hip_rotation_deg", "left"), ("knee_flexion_deg", "right")}
        else n
        for n in verdict.numbers
    )
    # The body's foot turns with the hip.
    assert lost_bars(scores, replace(verdict, numbers=numbers)) == {
        ("hip_rotation", "left"), ("foot_progression", "left"), ("knee_flexion", "right"),
    }  # fmt: skip
    no_feet = replace(verdict, findings=(Finding(Code.NO_FEET, "caution"),))
    assert lost_bars(scores, no_feet) == {
        ("foot_progression", "left"),
        ("foot_progression", "right"),
    }


@pytest.mark.parametrize("which", ["one", "all"])
def test_the_first_sheet_marks_the_profile_or_says_why_it_is_left_out(
    made: tuple[Any, ...], which: str
) -> None:
    trial, rollout, result, *_ = made
    scored = with_scores(result, made_up_strides().reference())
    verdict = judge(trial, rollout, scored, None)
    doubt = (Finding(Code.NO_TRAVEL),)
    numbers = tuple(
        replace(n, doubts=doubt) if which == "all" or n.name == "left_gps_deg" else n
        for n in verdict.numbers
    )
    verdict = replace(verdict, numbers=numbers)
    page = trial_page(trial, rollout, scored, verdict, {}, None)
    sheet, details = page.split('<div class="details">')
    drawings = [one.label for one in first_sheet(page, "page") if isinstance(one, Drawing)]
    title = next((label for label in drawings if "Profile" in label), "")
    if which == "one":
        assert title.endswith("not to be used: GPS (left)") and PROFILE_LEFT_OUT not in page
    else:
        assert not title and sheet.count(PROFILE_LEFT_OUT) == 1
        assert "<h2>Scores of the joint angles</h2>" in details


def test_one_side_alone_is_drawn_alone(scores: WalkScores) -> None:
    alone = replace(scores, sides={"right": scores.sides["right"]})
    assert str(movement_profile(alone)).count("<rect") == 10


def test_a_figure_stands_in_a_column_in_the_colour_of_its_side(scores: WalkScores) -> None:
    """Behind the line of healthy people it seemed to be of the other side's longer bar."""
    drawn = str(movement_profile(scores, {("hip_rotation", "left")}))
    told = re.findall(r'<text x="([\d.]+)"[^>]*fill="(#\w+)"[^>]*>([\d.]+|do not use)<', drawn)
    assert len(told) == 2 * 10 and len({x for x, *_ in told}) == 1
    assert [fill for _, fill, _ in told] == [SIDE_COLOUR["left"], SIDE_COLOUR["right"]] * 10
    ends = [
        float(x) + float(width)
        for x, width in re.findall(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"', drawn)
    ]
    assert max(ends) < float(told[0][0]) - 40.0
