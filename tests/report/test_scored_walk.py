"""A walk that was scored against healthy people: page, tables and Python say against whom."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from simgait.certainty.intervals import with_intervals
from simgait.cohort.outcome import done, walk_facts
from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait.scores import SCORED_ANGLES, ScoreReference
from simgait.gait.walk_scores import with_scores
from simgait.gait_result import GaitResult
from simgait.parameters.norm_choice import Norms, Walker
from simgait.parameters.summary_table import summary_columns
from simgait.pipeline import AnalysedWalk
from simgait.recordings.person_facts import PersonFacts
from simgait.report.trial.levels import judge_numbers
from simgait.report.trial.page import trial_page
from simgait.report.trial.parameter_table import parameter_rows
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import judge
from simgait.skeleton.sides import SIDES, Side
from simgait.tracking.policies import Policy
from simgait.types import Rollout, TrackedTrial, Trial
from simgait.walk_result import WalkResult
from tests.certainty.conditions import GOOD
from tests.certainty.test_intervals import widths
from tests.gait.conftest import made_up_strides
from tests.report.conftest import make_walk

Scored = tuple[Trial, Rollout, GaitResult]


@pytest.fixture(scope="module")
def reference() -> ScoreReference:
    return made_up_strides().reference(name="twelve made-up people")


@pytest.fixture(scope="module")
def scored(reference: ScoreReference) -> Scored:
    trial, rollout = make_walk(8.0)
    gait = with_scores(analyse_rollout(rollout), reference)
    return trial, rollout, with_intervals(gait, GOOD, widths())


def test_parameters_are_means_of_the_cycles_and_both_that_of_the_person(scored: Scored) -> None:
    result = scored[2]
    assert result.scores is not None
    gdi, gps = result.parameters["gdi_points"], result.parameters["gps_deg"]
    for side in SIDES:
        assert gdi[side].mean == pytest.approx(result.scores.sides[side].gdi_points.mean())
        assert gdi[side].n == len(result.scored_curves_deg[side])
    assert gdi["both"].mean == pytest.approx((gdi["left"].mean + gdi["right"].mean) / 2)
    assert gps["both"].mean == result.scores.overall_gps_deg


def test_the_page_shows_scores_profile_and_whom_with(scored: Scored, tmp_path: Path) -> None:
    trial, rollout, result = scored
    write_trial_report(
        tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
    )
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h2>Scores of the joint angles</h2>" in page
    assert "Against twelve made-up people, over" in page
    assert "Movement Analysis Profile: Gait Variable Scores in degrees" in page
    first, details = page.split('<div class="details">')
    assert all(part.count("Gait profile score <span") == 1 for part in (first, details))
    with (tmp_path / "parameters.csv").open(newline="", encoding="utf-8") as file:
        named = {row["parameter"]: row["reference"] for row in csv.DictReader(file)}
    whom = {key for key, reference in named.items() if reference}
    assert whom == {"gdi_points", "gps_deg"} and named["gps_deg"] == "twelve made-up people"


@pytest.mark.parametrize(
    ("age", "ages", "is_compared"),
    [(9.0, None, False), (9.0, (20.0, 61.0), False), (9.0, (6.0, 13.0), True), (30.0, None, True)],
)
def test_a_child_is_marked_against_no_people_but_of_its_age(
    scored: Scored, age: float, ages: tuple[float, float] | None, is_compared: bool
) -> None:
    trial, rollout, result = scored
    assert result.scores is not None
    low = {pool: replace(s, mean=60.0) for pool, s in result.parameters["gdi_points"].items()}
    against = replace(result.scores, ages_years=ages, is_own=True)
    told = {**result.parameters, "gdi_points": low}
    result = replace(result, parameters=told, scores=against, certainty=None)
    verdict = replace(judge(trial, rollout, result, None), numbers=())
    page = trial_page(trial, rollout, result, verdict, {}, None, person=PersonFacts(age_years=age))
    (gdi,) = re.findall(
        r"<tr><td[^>]*>Gait deviation index.*?</tr>", page.split('class="details"')[0]
    )
    assert ("low" in gdi) is is_compared and ("80 to 120" in gdi) is is_compared
    assert ("Dark line: their own median" in page) is is_compared
    (profile,) = re.findall(r'<svg[^>]*aria-label="Movement Analysis.*?</svg>', page, re.DOTALL)
    assert ('stroke-width="2"' in profile) is is_compared
    said = "the reference states no ages" if ages is None else "are 20 to 60 years old"
    assert page.count(said) == (0 if is_compared else 3)


def test_the_released_people_are_told_to_a_child(scored: Scored) -> None:
    trial, rollout, result = scored
    verdict = judge(trial, rollout, result, None)
    page = trial_page(trial, rollout, result, verdict, {}, None, person=PersonFacts(9.0))
    assert "are ten adults and eight children and adolescents and this person is 9" in page


def test_without_a_reference_nothing_is_said(scored: Scored, tmp_path: Path) -> None:
    trial, rollout, _ = scored
    result = analyse_rollout(rollout)
    write_trial_report(
        tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
    )
    assert "Scores of the joint angles" not in (tmp_path / "report.html").read_text("utf-8")
    assert "gdi_points" not in (tmp_path / "parameters.csv").read_text("utf-8")


def test_summary_and_python_have_them(scored: Scored) -> None:
    trial, rollout, result = scored
    walk = Mock(
        AnalysedWalk,
        tracked=Mock(TrackedTrial, trial=trial, rollout=rollout),
        gait=result,
        verdict=judge(trial, rollout, result, None),
    )
    facts = walk_facts(walk)
    assert facts["score_reference"] == "twelve made-up people"
    assert facts["left_gdi_points"] == result.parameters["gdi_points"]["left"].mean
    table = WalkResult(walk, Mock(Policy)).scores
    assert list(table.columns[:2]) == ["gdi_points", "gps_deg"]
    assert set(table["reference"]) == {"twelve made-up people"}
    assert f"{SCORED_ANGLES[6]}_gvs_deg" in table.columns
    assert table.loc["left"].shape[0] == result.parameters["gdi_points"]["left"].n
    bare = Mock(AnalysedWalk, gait=analyse_rollout(rollout))
    assert WalkResult(bare, Mock(Policy)).scores.empty


def test_summary_names_columns_that_it_has(scored: Scored) -> None:
    trial, rollout, result = scored
    found = (Finding(Code.KEYPOINTS_JITTER, values={"value": 40.0}),)
    verdict = judge(trial, rollout, result, None)
    denied = replace(verdict, findings=found, numbers=judge_numbers(result, found))
    tracked = Mock(TrackedTrial, trial=trial, rollout=rollout)
    row = done("a", "a", Mock(AnalysedWalk, tracked=tracked, gait=result, verdict=denied)).row
    assert row is not None
    assert "left_stance_percent" in row["do_not_use"].split()
    assert set(row["do_not_use"].split()) <= set(summary_columns())
    # Of curves their own file says it, and the page.
    assert "left_knee_flexion_deg" in denied.names("do_not_use")


def test_a_stride_with_a_gap_is_not_scored_and_the_others_are(
    scored: Scored, reference: ScoreReference
) -> None:
    result = analyse_rollout(scored[1])
    left = result.scored_curves_deg["left"].copy()
    left[0, 4, 7] = np.nan
    curves: dict[Side, np.ndarray] = {"left": left, "right": result.scored_curves_deg["right"]}
    scores = with_scores(replace(result, scored_curves_deg=curves), reference).scores
    assert scores is not None
    assert len(scores.sides["left"].gdi_points) == len(left) - 1
    nothing: dict[Side, np.ndarray] = {"left": np.full_like(left, np.nan)}
    assert with_scores(replace(result, scored_curves_deg=nothing), reference).scores is None


def test_a_high_gdi_is_no_finding_and_says_little(scored: Scored) -> None:
    trial, rollout, result = scored
    gdi = result.parameters["gdi_points"]
    high, usual = replace(gdi["left"], mean=125.0), replace(gdi["right"], mean=105.0)
    told = {**result.parameters, "gdi_points": {"left": high, "right": usual}}
    changed = replace(result, parameters=told, certainty=None)
    verdict = replace(judge(trial, rollout, changed, None), numbers=())
    rows = parameter_rows(changed, None, verdict, Norms(Walker(1.7)), of_scores=True)
    left, right, _ = next(row["cells"] for row in rows if row["label"] == "Gait deviation index")
    assert "above 110 says little" in left and "high" not in left
    assert "flag" not in right
