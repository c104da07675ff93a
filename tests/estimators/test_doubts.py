"""A companion's word on a walk that the recording, or a tracked walk's report, takes away."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simgait.errors import InputError
from simgait.estimators.companion import Opinion, Said, SaidCurve
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.findings import Basis, Code
from simgait.report.opinion_doubts import opinion_doubts
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.trials.preparation import prepare
from simgait.types import Trial

OPINION = Opinion(
    (
        Said("velocity_mps", "speed", "m/s", "both", 1.2),
        Said("step_length_m", "step length", "m", "left", 0.6),
        Said("knee_flexion_max_deg", "knee", "°", "left", 60.0),
        Said("knee_badness", "knee", "", "left", 0.3),
    ),
    "made up",
    ("a note",),
    curves=(SaidCurve("knee_flexion_deg", "knee", "°", "left", (0.0, 100.0), (5.0, 5.0)),),
)


@pytest.fixture(scope="module")
def good() -> Trial:
    made = trial_from_walk(synthetic_walk(draw_walker(8), 6.0), monocular=False)
    return prepare(made.recording)[0]


def test_a_good_walk_takes_nothing_away(good: Trial) -> None:
    judged = beside_recording(OPINION, good, None)
    assert judged == OPINION and opinion_doubts(judged, "w") == ()


def test_on_stairs_nothing_is_left_and_the_reason_is_said(good: Trial) -> None:
    path = good.pelvis_path_m.copy()
    path[:, 2] += 0.4 * path[:, 0]
    judged = beside_recording(OPINION, replace(good, pelvis_path_m=path), None)
    assert Code.FLOOR_NOT_LEVEL in {finding.code for finding in judged.findings}
    assert judged.numbers == () and judged.curves == () and len(judged.lost) == 4
    with pytest.raises(InputError, match=r"w: The pelvis rises by .* Nothing that is said of it"):
        opinion_doubts(judged, "w")


def test_what_rests_on_something_else_stays(good: Trial) -> None:
    """Legs of another height: the size is doubted, angles are not."""
    judged = beside_recording(OPINION, replace(good, height_m=0.7 * good.height_m), None)
    assert {finding.code for finding in judged.findings} == {Code.HEIGHT_DENIED}
    assert judged.lost == ("velocity_mps", "left_step_length_m")
    assert [one.key for one in judged.numbers] == ["knee_flexion_max_deg", "knee_badness"]
    assert judged.curves == OPINION.curves
    *_, left_out = opinion_doubts(judged, "w")
    assert left_out == "Left out for that: velocity_mps, left_step_length_m."


def report(folder: Path, level: str, **numbers: str) -> Path:
    facts: dict[str, Any] = {
        "verdict": {"level": level, "numbers": {
            name: {"level": one, "doubts": ["fell"]} for name, one in numbers.items()
        }},
        "findings": [{"code": "fell", "severity": "stop", "where": "", "sentence": "It fell."}],
    }  # fmt: skip
    (folder / "provenance.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder / "keypoints.trc"


def test_a_distance_that_was_made_of_time_goes_with_the_clock(good: Trial) -> None:
    slow = replace(good, time_s=2.0 * good.time_s)
    by_clock = replace(OPINION.numbers[1], also_rests_on=frozenset((Basis.CLOCK,)))
    judged = beside_recording(replace(OPINION, numbers=(*OPINION.numbers, by_clock)), slow, None)
    lost = [one for one in judged.lost if one == "left_step_length_m"]
    assert len(lost) == 1 and OPINION.numbers[1] in judged.numbers


def test_a_walks_own_report_is_heard(tmp_path: Path) -> None:
    assert beside_report(OPINION, tmp_path / "keypoints.trc") == OPINION
    numbers = {"velocity_mps": "use", "left_step_length_m": "do_not_use"}
    path = report(tmp_path, "use_some", **numbers)
    judged = beside_report(OPINION, path)
    assert "left_step_length_m" not in [f"{one.side}_{one.key}" for one in judged.numbers]
    assert len(judged.numbers) == 3
    assert judged.notes[-1].endswith("says not to use them: left_step_length_m")
    report(tmp_path, "use_none", velocity_mps="do_not_use")
    judged = beside_report(OPINION, path)
    assert judged.numbers == OPINION.numbers
    assert judged.notes[0] == "The walk's report says to use no number. It fell."
    (tmp_path / "provenance.json").write_text('{"verdict": 7}', encoding="utf-8")
    with pytest.raises(InputError, match=r"has no verdict; track the walk again"):
        beside_report(OPINION, path)
    (tmp_path / "provenance.json").write_text('{"truth": "t.csv"}', encoding="utf-8")
    assert beside_report(OPINION, path) == OPINION
