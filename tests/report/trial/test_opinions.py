"""The section "Other opinions": who says what, its interval, and what is apart from the body's."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.companions import companion_names, load_companion
from simgait.companions.angle_refiner.weights import read_card, released_folder
from simgait.companions.openpose_gdi.columns import LEG_POINTS
from simgait.errors import InputError
from simgait.estimators.companion import Opinion, Said, SaidCurve, TrackedWalk
from simgait.estimators.twin import JudgedJoint, Twin
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import Certainty, GaitResult
from simgait.report.trial.opinions import (
    OPINIONS,
    CompanionSays,
    are_apart,
    ask_companions,
    compared,
    disagreement,
    joints_called_wrong,
)
from simgait.report.trial.opinions_among import among, disagreement_among
from simgait.report.trial.replay import replay_data
from simgait.report.trial.report import write_trial_report
from simgait.types import Recording, Trial
from tests.companions.openpose_gdi.made_up import legs

PERCENT = tuple(np.linspace(0.0, 100.0, 51).tolist())


def recording_of(trial: Trial, image_px: np.ndarray | None = None) -> Recording:
    """A recording that the trial could have been cut from, its pictures at 25 Hz."""
    n = trial.n_frames if image_px is None else len(image_px)
    return Recording(
        recording_id="walk", source_format="npz", time_s=np.arange(n) / 25.0,
        keypoint_names=LEG_POINTS, keypoints_m=np.zeros((n, 8, 3)), confidence=np.ones((n, 8)),
        scale_is_metric=False, pelvis_travels=True, image_px=image_px,
    )  # fmt: skip


def learned_policy() -> str:
    """The policy whose walks the released angle refiner knows."""
    return str(read_card(released_folder()).networks["simulated"].policy_sha256)


@pytest.fixture(scope="module")
def tracked() -> tuple[Trial, Any, GaitResult]:
    from tests.report.conftest import make_walk

    trial, rollout = make_walk(8.0)
    certain = Certainty(
        {"velocity_mps": {"both": 0.05}, "cadence_spm": {"both": 2.0}},
        {"left_knee_flexion_deg": 4.0}, {},
    )  # fmt: skip
    return trial, rollout, replace(analyse_rollout(rollout), certainty=certain)


def says(gait: GaitResult) -> tuple[CompanionSays, ...]:
    """Numbers and curves at known distances from the body's."""
    speed = gait.parameters["velocity_mps"]["both"].mean
    cadence = gait.parameters["cadence_spm"]["both"].mean
    knee = np.mean(gait.curves_deg["left_knee_flexion_deg"], axis=0)[::2]
    shifted = knee + np.where(np.arange(51) < 10, 7.0, 2.0)
    numbers = Opinion(
        (
            Said("speed_mps", "speed", "m/s", "both", speed + 0.08, speed - 0.02, speed + 0.18),
            Said("cadence_spm", "cadence", "steps/min", "both", cadence + 9.0, cadence + 6.0,
                 cadence + 12.0),
            Said("cadence_spm", "pace", "steps/min", "both", cadence),
            Said("gdi_points", "GDI", "points", "left", 90.0, 80.0, 100.0),
        ), "a", ("a note",),
    )  # fmt: skip
    curves = Opinion(
        (Said("knee_flexion_largest_deg", "knee", "°", "left", 60.0),), "b", (),
        (SaidCurve("knee_flexion_deg", "knee flexion", "°", "left", PERCENT,
                   tuple(shifted.tolist()), 5.0),
         SaidCurve("knee_flexion_deg", "knee flexion", "°", "right", PERCENT,
                   tuple(knee.tolist()), 5.0)),
    )  # fmt: skip
    return (
        CompanionSays("a", numbers),
        CompanionSays("b", curves),
        CompanionSays("c", None, "walk-01: it reads other things."),
    )


def test_apart_is_outside_of_each_others_intervals() -> None:
    assert are_apart(1.0, 0.1, 1.3, 0.2) and not are_apart(1.0, 0.1, 1.3, 0.31)
    assert not are_apart(1.0, 0.4, 1.3, 0.1)


def test_every_number_and_curve_stands_beside_the_bodys(tracked: Any) -> None:
    gait = tracked[2]
    rows = {(row.quantity, row.side): row for row in compared(says(gait), gait)}
    assert rows["speed", ""].verdict == "agree"
    assert rows["cadence", ""].verdict == "apart"
    assert rows["pace", ""].verdict == "interval not known"
    assert rows["GDI", "left"].verdict == "not compared" and rows["GDI", "left"].body == "–"
    assert rows["knee flexion", "left"].verdict == "apart in 20 % of the cycle"
    assert rows["knee flexion", "left"].says.endswith("° ± 5.0")
    assert rows["knee flexion", "left"].body.endswith("° ± 4.0")
    assert rows["knee flexion", "right"].verdict == "interval not known"
    assert ("knee", "left") not in rows
    assert disagreement(list(rows.values())) == (
        "Of 3 numbers and curves with intervals, 2 are apart."
    )
    assert disagreement([]) == "No number of theirs has an interval to compare with."


def gdi(name: str, reference: str, *numbers: tuple[str, float]) -> CompanionSays:
    """A companion that says a GDI, give or take 4 points."""
    said = (Said("gdi_points", "GDI", "points", s, v, v - 4.0, v + 4.0) for s, v in numbers)
    return CompanionSays(name, Opinion(tuple(said), name, reference_sha256=reference))


def speed(name: str, key: str, value: float, half: float = np.nan) -> CompanionSays:
    """A companion that says a walking speed."""
    said = Said(key, "speed", "m/s", "both", value, value - half, value + half)
    return CompanionSays(name, Opinion((said,), name))


def test_companions_are_held_against_each_other() -> None:
    sides = gdi("sides", "ab", ("left", 70.0), ("right", 80.0))
    others = (
        gdi("mean", "ab", ("both", 90.0)), gdi("elsewhere", "cd", ("both", 60.0)),
        speed("a", "velocity_mps", 1.2), speed("b", "speed_mps", 0.9, 0.1),
        CompanionSays("c", None, "it reads other things"),
    )  # fmt: skip
    fast, apart = among((sides, *others))
    assert (fast.quantity, fast.side, fast.verdict) == ("walking speed", "", "interval not known")
    assert fast.said == "a 1.20 m/s; b 0.90 m/s (0.80 to 1.00)"
    assert (apart.quantity, apart.side) == ("GDI", "")
    assert apart.verdict == "no overlap: sides and mean" and "elsewhere" not in apart.said
    assert disagreement_among([fast, apart]).endswith("intervals do not overlap, in: GDI.")
    assert "Fewer than two" in disagreement_among([fast])
    (near,) = among((sides, gdi("mean", "ab", ("both", 82.0))))
    assert near.verdict == "intervals overlap" and "these overlap" in disagreement_among([near])


def test_the_report_has_the_section_where_companions_were_asked(
    tracked: Any, tmp_path: Path
) -> None:
    trial, rollout, gait = tracked
    made: Callable[..., Any] = lambda folder, **more: write_trial_report(  # noqa: E731
        tmp_path / folder, trial=trial, rollout=rollout, result=gait, quality=None, provenance={},
        **more,
    )  # fmt: skip
    files = made("asked", opinions=(*says(gait), speed("d", "velocity_mps", 9.0, 0.1)))
    page = (tmp_path / "asked/report.html").read_text("utf-8")
    assert "<h2>Other opinions</h2>" in page and "apart in 20 % of the cycle" in page
    assert "their intervals do not overlap, in: walking speed." in page
    assert "no overlap: a and d</td>" in page
    assert "<b>c</b>: It reads other things." in page
    assert "<h3>a</h3>" in page and "<li>A note.</li>" in page and "<li>.</li>" not in page
    assert OPINIONS in {path.name for path in files}
    with (tmp_path / "asked" / OPINIONS).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 + 1 + 2 * 51 + 1
    assert {row["companion"] for row in rows} == {"a", "b", "d"}
    made("not")
    assert "Other opinions" not in (tmp_path / "not/report.html").read_text("utf-8")
    assert not (tmp_path / "not" / OPINIONS).exists()


def test_joints_that_a_companion_calls_wrong_are_ringed_in_the_replay(
    tracked: Any, tmp_path: Path
) -> None:
    trial, rollout, gait = tracked
    joints = (
        JudgedJoint("left_knee", 1.4, 6.0), JudgedJoint("right_ankle", 0.9, 0.0),
        JudgedJoint("pelvis", 2.0, 4.0),
    )  # fmt: skip
    curves, posture = np.zeros((28, 1)), np.zeros((28, 8, 3))
    twin = Twin(
        joints, ("left_knee_flexion",), curves, curves, curves, curves, LEG_POINTS, posture,
        posture, recording_of(trial), "somebody",
    )  # fmt: skip
    opinions = (CompanionSays("twins", Opinion((), "somebody", (), twin=twin)),)
    assert joints_called_wrong(opinions) == {"twins": ("left_knee", "pelvis")}
    write_trial_report(
        tmp_path / "ringed", trial=trial, rollout=rollout, result=gait, quality=None,
        provenance={}, opinions=opinions,
    )  # fmt: skip
    page = (tmp_path / "ringed/report.html").read_text("utf-8")
    assert "Among each other" not in page
    assert "another method calls unlike normal (twins: left knee, pelvis)." in page
    assert 'id="show-ringed"' in page
    table = page.split('aria-label="Joints that twins judges"')[1].split("</table>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table)
    assert cells[:4] == ["Left knee", "1.40", "unlike normal", "6.0"]
    assert cells[4:8] == ["Right ankle", "0.90", "as expected", "0.0"]
    replay = json.loads(page.split('id="replay-data">')[1].split("</script>")[0])
    assert replay["ringed"] == ["Left Knee", "Pelvis"]
    assert replay_data(rollout, gait)["ringed"] == []


@pytest.mark.slow
def test_every_companion_is_asked_and_who_cannot_read_the_walk_says_why(tracked: Any) -> None:
    trial, _, gait = tracked
    asked = ask_companions(TrackedWalk(recording_of(trial), trial, gait, learned_policy()))
    assert tuple(one.name for one in asked) == companion_names()
    by_name = {one.name: one for one in asked}
    refiner = by_name["angle-refiner"].opinion
    assert refiner is not None
    assert {curve.side for curve in refiner.curves} == {"left", "right"}
    transformer = by_name["gait-transformer"].opinion
    assert transformer is not None
    assert {one.key for one in transformer.numbers} >= {"velocity_mps", "cadence_spm"}
    assert "holds no points in pictures" in by_name["openpose-gdi"].reason
    assert "no pictures of I, U, V lie beside" in by_name["gdi-net"].reason
    gengait = by_name["gengait"].opinion
    assert gengait is not None and gengait.numbers


@pytest.mark.slow
def test_points_in_pictures_of_the_walks_own_seconds_are_read(tracked: Any) -> None:
    trial, _, gait = tracked
    pictures = legs(10.0)
    pictures[:25] = np.nan  # before the walk
    late = replace(trial, start_s=1.0)
    asked = ask_companions(TrackedWalk(recording_of(trial, pictures), late, gait, ""))
    opinion = next(one.opinion for one in asked if one.name == "openpose-gdi")
    assert opinion is not None
    cadence = next(one for one in opinion.numbers if one.key == "cadence_spm")
    assert cadence.low < cadence.value < cadence.high
    row = next(
        row
        for row in compared(asked, gait)
        if row.companion == "openpose-gdi" and row.quantity == cadence.label
    )
    assert row.verdict in ("agree", "apart")


def test_measured_points_are_not_refined(tracked: Any) -> None:
    trial, _, gait = tracked
    measured = replace(trial, scale_is_metric=True)
    asked = load_companion("angle-refiner").second_opinion
    with pytest.raises(InputError, match="its points were measured"):
        asked and asked(TrackedWalk(recording_of(trial), measured, gait, learned_policy()))


def test_another_policys_angles_are_not_refined(tracked: Any) -> None:
    trial, _, gait = tracked
    asked = load_companion("angle-refiner").second_opinion
    with pytest.raises(InputError, match="policy 0ther tracked it, and the network simulated lea"):
        asked and asked(TrackedWalk(recording_of(trial), trial, gait, "0ther"))
