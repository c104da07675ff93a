"""The first sheet: who walked, key figures with norm and asymmetry, curves and peaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code, Finding
from simgait.gait.joint_measures import joint_statistics
from simgait.gait_result import Certainty, GaitResult, Statistic
from simgait.parameters.norm_rows import NormRow, NormSource, NormTable
from simgait.recordings.person_facts import NOBODY, PersonFacts
from simgait.report.trial import first_sheet
from simgait.report.trial.page import norms_of, trial_page
from simgait.report.trial.parameter_table import norm_flag
from simgait.report.trial.step_table import write_peaks
from simgait.report.trial.verdict import judge
from simgait.skeleton.sides import SIDES
from tests.report.trial.conftest import read


def with_steps(result: GaitResult, left_m: float, right_m: float, half_m: float) -> GaitResult:
    pools = {
        "left": Statistic(left_m, 0.01, 9),
        "right": Statistic(right_m, 0.01, 9),
        "both": Statistic(0.5 * (left_m + right_m), 0.01, 18),
    }
    sure = {key: dict.fromkeys(known, 0.0) for key, known in result.parameters.items()}
    sure["step_length_m"] = dict.fromkeys(pools, half_m)
    certainty = Certainty(sure, dict.fromkeys(result.curves_deg, 0.0), {})
    parameters = result.parameters | {"step_length_m": pools}
    return replace(result, parameters=parameters, certainty=certainty)


def key_row(made: tuple[Any, ...], result: GaitResult, label: str, **who: Any) -> dict[str, Any]:
    trial, rollout, *_ = made
    verdict = judge(trial, rollout, result, None)
    norms = norms_of(trial, result, verdict, PersonFacts(**who))
    rows = first_sheet.key_rows(result, verdict, norms)
    (row,) = [row for row in rows if row["label"] == label]
    return row


def test_the_head_holds_what_is_known_and_invents_nothing(made: tuple[Any, ...]) -> None:
    trial = made[0]
    assert dict(first_sheet.head(trial, NOBODY)) == {
        "Code": "S01", "Height": "1.72 m", "Mass": "65 kg",
    }  # fmt: skip
    said = PersonFacts(4.5, "female", ("walker", "two orthoses"), "G80.1")
    full = dict(first_sheet.head(replace(trial, recorded_on="2026-11-21"), said))
    assert full["Age"] == "4.5 years" and full["Walking aids"] == "walker, two orthoses"
    assert full["Diagnosis"] == "G80.1" and full["Recorded on"] == "2026-11-21"
    bare = replace(trial, subject_id="", mass_kg=None)
    assert dict(first_sheet.head(bare, NOBODY)) == {"Height": "1.72 m"}
    guessed = replace(bare, height_is_estimated=True)
    assert dict(first_sheet.head(guessed, NOBODY)) == {"Height": "1.72 m (estimated)"}


def test_the_symmetry_index_is_signed_and_of_the_mean() -> None:
    assert first_sheet.asymmetry_percent(0.66, 0.54) == pytest.approx(20.0)
    assert first_sheet.asymmetry_percent(0.54, 0.66) == pytest.approx(-20.0)
    assert np.isnan(first_sheet.asymmetry_percent(-0.1, 0.05))


@pytest.mark.parametrize(
    ("left_m", "half_m", "said"),
    [(0.66, 0.01, "L &gt; R"), (0.66, 0.049, ""), (0.50, 0.01, "R &gt; L")],
)
def test_a_side_is_called_greater_only_where_the_intervals_leave_no_doubt(
    made: tuple[Any, ...], left_m: float, half_m: float, said: str
) -> None:
    result = with_steps(made[2], left_m, 0.58, half_m)
    cell = key_row(made, result, "Step length")["asymmetry"]
    assert (said in cell) if said else ("flag" not in cell)
    index = 100 * (left_m - 0.58) / (0.5 * (left_m + 0.58))
    assert f"{abs(index):.0f} ±" in cell


def test_low_and_high_need_the_whole_interval_beyond_the_norm() -> None:
    assert "low" in norm_flag(0.50, 0.03, (0.55, 0.79))
    assert norm_flag(0.50, 0.06, (0.55, 0.79)) == "" == norm_flag(0.60, 0.06, (0.55, 0.79))
    assert "high" in norm_flag(0.80, float("nan"), (0.55, 0.79))


def test_a_child_is_not_compared_with_adults(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    slow = with_steps(result, 0.30, 0.30, 0.01)
    adult, child = (key_row(made, slow, "Step length", age_years=age) for age in (18.0, 17.0))
    assert "low" in adult["cells"][0] and "flag" not in child["cells"][0]
    assert child["normal"] == "–" != adult["normal"]
    verdict = judge(trial, rollout, result, None)
    page = trial_page(trial, rollout, result, verdict, {}, None, person=PersonFacts(age_years=17.0))
    assert "are those of adults and this person is 17 years old" in page
    assert "healthy adults, about mean" not in page


def test_whose_range_each_is_stands_below_the_figures_and_its_source_below_the_table(
    made: tuple[Any, ...],
) -> None:
    trial, rollout, result, *_ = made
    verdict = judge(trial, rollout, result, None)
    person = PersonFacts(age_years=25.0, sex="male")
    page = trial_page(trial, rollout, result, verdict, {}, None, person=person)
    sheet, details = page.split('<div class="details">')
    assert "Walking speed: 14 men of 21 to 37 years (BMClab)." in sheet
    assert "adults of any age at comfortable speed (rounded)." in sheet and "CC BY 4.0" not in sheet
    assert "Federal University of ABC" in details and "(CC BY 4.0)." in details
    assert "nothing is called low or high" not in page
    own = NormRow("velocity_mps", 20.0, 30.0, 1.9, 0.1, 30, "our lab, 2025")
    table = NormTable((own,), {own.source: NormSource(own.source, own.source)})
    theirs = trial_page(trial, rollout, result, verdict, {}, None, person=person, own_norms=table)
    assert "Walking speed: 30 men of 20 to 29 years" not in theirs
    assert "Walking speed: 30 adults of 20 to 29 years (our lab, 2025)." in theirs
    assert "↓ low" in theirs.split("Walking speed", 2)[2]


def test_without_an_age_nothing_is_called_low_or_high(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    slow = with_steps(result, 0.30, 0.30, 0.01)
    row = key_row(made, slow, "Step length")
    assert "flag" not in row["cells"][0] and row["normal"] != "–"
    page = trial_page(trial, rollout, slow, judge(trial, rollout, slow, None), {}, None)
    assert "Nobody said how old the person is, so nothing is called low or high" in page


def test_a_speed_that_is_not_to_be_used_chooses_no_row(made: tuple[Any, ...]) -> None:
    trial, _, result, *_ = made
    verdict = judge(trial, made[1], result, None)
    man = PersonFacts(age_years=25.0, sex="male")
    assert norms_of(trial, result, verdict, man).walker.speed_mps == pytest.approx(
        result.parameters["velocity_mps"]["both"].mean
    )
    doubt = (Finding(Code.NO_TRAVEL),)
    lost = tuple(
        replace(n, doubts=doubt) if n.key == "velocity_mps" else n for n in verdict.numbers
    )
    assert np.isnan(norms_of(trial, result, replace(verdict, numbers=lost), man).walker.speed_mps)


def test_peaks_are_those_of_each_cycle_with_its_own_foot_off(made: tuple[Any, ...]) -> None:
    result = made[2]
    found = joint_statistics(result)
    for side in SIDES:
        knees = result.curves_deg[f"{side}_knee_flexion_deg"]
        swing = [float(knee[62:].max()) for knee in knees]
        peak = found["knee_flexion_swing_peak_deg"][side]
        assert peak.n == len(knees) and peak.mean == pytest.approx(np.mean(swing))
        assert found["knee_flexion_contact_deg"][side].mean == pytest.approx(knees[:, 0].mean())
        hips = result.curves_deg[f"{side}_hip_flexion_deg"]
        assert found["hip_extension_peak_deg"][side].low == pytest.approx(hips.min())
    assert joint_statistics(replace(result, cycles=()))["knee_range_deg"]["left"].n == 0


def test_peaks_stand_beside_those_of_adults_own_curve(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    rows = first_sheet.peak_rows(result, judge(trial, rollout, result, None), NOBODY)
    (knee,) = [row for row in rows if row["label"] == "Knee, peak flexion in swing"]
    # The made-up walker plays adults' own curve.
    assert all(f"<b>{knee['adults']}</b>" in cell for cell in knee["cells"])
    assert knee["definition"] == "Maximum from foot off to the next contact, of knee flexion."


def test_curves_that_are_not_to_be_used_are_drawn_as_such(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in result.parameters.items()}
    curves = dict.fromkeys(result.curves_deg, 0.0) | {"left_knee_flexion_deg": 30.0}
    doubtful = replace(result, certainty=Certainty(sure, curves, {}))
    verdict = judge(trial, rollout, doubtful, None)
    page = trial_page(trial, rollout, doubtful, verdict, {}, None)
    # On the first sheet and among all curves.
    assert page.count("left: do not use") == 2
    assert page.count("not to be used: left") == 2


def with_pelvic_zero(result: GaitResult) -> GaitResult:
    """The same walk as a detector sees it: hips ± 6°, and ± 8.2° of a zero that nobody knows.

    Their ranges are known to 7°, those of knees to 3°, those of ankles to 11°.
    """
    sure = {key: dict.fromkeys(pools, 0.0) for key, pools in result.parameters.items()}
    zeros = dict.fromkeys(("left_hip_flexion_deg", "right_hip_flexion_deg"), 8.22)
    curves = dict.fromkeys(result.curves_deg, 0.0) | dict.fromkeys(zeros, float(np.hypot(6, 8.22)))
    half_deg = {"hip_flexion_deg": 7.0, "knee_flexion_deg": 3.0, "ankle_dorsiflexion_deg": 11.0}
    ranges = {f"{side}_{curve}": half for side in SIDES for curve, half in half_deg.items()}
    return replace(result, certainty=Certainty(sure, curves, {}, zeros, ranges))


def test_a_range_has_an_interval_of_its_own_whatever_its_curve_has(
    made: tuple[Any, ...], tmp_path: Path
) -> None:
    trial, rollout, result, *_ = made
    seen = with_pelvic_zero(result)
    verdict = judge(trial, rollout, seen, None)
    shown = {row["label"]: row for row in first_sheet.peak_rows(seen, verdict, NOBODY)}
    for cell in shown["Hip, range"]["cells"]:
        assert "≈" in cell and "do not use" not in cell
    for label in ("Hip, peak flexion", "Hip, minimum (peak extension)"):
        assert all("do not use" in cell for cell in shown[label]["cells"])
    write_peaks(tmp_path / "joint_peaks.csv", seen, verdict)
    rows = {row["peak"]: row for row in read(tmp_path / "joint_peaks.csv") if row["side"] == "left"}
    levels = {name: row["level"] for name, row in rows.items()}
    assert levels["hip_range_deg"] == "rough" and levels["hip_flexion_peak_deg"] == "do_not_use"
    assert levels["knee_range_deg"] == levels["ankle_plantarflexion_peak_deg"] == "use"
    assert levels["ankle_range_deg"] == "do_not_use"
    ends = {
        name: [float(row[column]) for column in ("mean_deg_lo", "mean_deg", "mean_deg_hi")]
        for name, row in rows.items()
    }
    assert np.diff(ends["hip_range_deg"]) == pytest.approx(7.0)
    assert np.diff(ends["hip_flexion_peak_deg"]) == pytest.approx(np.hypot(6.0, 8.22))


def test_the_page_says_why_a_detectors_hip_is_known_so_badly(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    words = "± 8.2° for this person&#39;s own pelvis, whose bony landmarks a keypoint detector"
    for walk, times in ((with_pelvic_zero(result), 2), (result, 0)):  # on screen and on paper
        page = trial_page(trial, rollout, walk, judge(trial, rollout, walk, None), {}, None)
        assert page.count(words) == times
