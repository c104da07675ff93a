"""Accuracy against the helper's bound: what is bounded, what is counted, what is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from simgait.benchmark import helper_bounds as sweep
from simgait.benchmark.bench_cases import Condition, synthetic_bench
from simgait.benchmark.helper_bounds import MEASURES, BoundRow, bound_rows, helper_bounds
from simgait.benchmark.helper_picture import bounds_picture, bounds_tables
from simgait.benchmark.walk_record import WalkRecord
from simgait.cli import main
from simgait.errors import InputError
from simgait.gait.angle_errors import AngleError
from simgait.pipeline import find_policy
from tests.benchmark.made_up import angle, case, record


def walk_of(n: int, rmse_deg: float, **more: AngleError) -> WalkRecord:
    """A walk whose pelvis and left knee are off by the same in so many frames."""
    own = angle(n, rmse_deg)
    return record(case(f"{n}"), angles={"pelvis_tilt": own, "left_knee_flexion": own, **more})


def test_the_pelvis_counts_frame_by_frame_as_the_legs_do() -> None:
    walks = [walk_of(300, 2.0), walk_of(100, 6.0), walk_of(0, float("nan"))]
    values = {one.key: (one.value(walks), one.n(walks)) for one in MEASURES}
    tilt, knee = values["pelvis_tilt_rmse_deg"], values["knee_rmse_deg"]
    assert tilt == knee and tilt[1] == 2
    assert tilt[0] == pytest.approx(np.sqrt(0.75 * 4.0 + 0.25 * 36.0))


def row(policy: str, kind: str, percent: float, value: float = 2.0) -> BoundRow:
    values = {measure.key: value + percent for measure in MEASURES}
    values["force_rmse_percent_bw"] = float("nan")
    counts = {measure.key: int(percent) + 3 for measure in MEASURES}
    return BoundRow(policy, kind, percent, 8, values, counts)


ROWS = [
    row(policy, kind, percent)
    for policy in ("simgait", "tight")
    for percent in (5.0, 0.0)
    for kind in ("exact", "monocular-v1")
]


def test_the_moment_goes_down_as_the_force_does() -> None:
    policy = find_policy()
    assert helper_bounds(policy, 5.0) == pytest.approx((0.05, 0.08))
    assert helper_bounds(policy, 2.0) == pytest.approx((0.02, 0.032))
    assert helper_bounds(policy, 0.0) == (0.0, 0.0)
    assert helper_bounds(policy, 3.0, moment_as_learned=True) == (0.03, 0.08)
    control = policy.config.tracking.control.model_copy(update={"residual_force_bw": 0.0})
    tracking = policy.config.tracking.model_copy(update={"control": control})
    without = replace(policy, config=policy.config.model_copy(update={"tracking": tracking}))
    with pytest.raises(InputError, match="without a helper force"):
        helper_bounds(without, 2.0)


@pytest.mark.slow
def test_the_benchs_walks_in_some_of_its_conditions_are_the_same_walks() -> None:
    some = synthetic_bench(1, (Condition(), Condition("ahead", "middle")))
    assert {case.labels["condition"] for case in some.cases} == {"exact", "ahead, middle"}
    assert all(case.held_out for case in some.cases)


@pytest.mark.slow
def test_no_residual_goes_beyond_its_bound_and_the_released_one_is_the_policy_itself() -> None:
    cases = [c for c in synthetic_bench(1, sweep.CONDITIONS[:1]).cases][:2]
    policy = find_policy()
    fitted, _ = sweep._fitted(policy, cases)
    tracker = sweep._tracker(policy)
    walks = list(fitted.values())
    for percent in (5.0, 1.0, 0.0):
        bounded = replace(tracker, helper_bounds=helper_bounds(policy, percent))
        for rollout in bounded.track(walks):
            share = np.abs(rollout.residual_force_n) / rollout.body_weight_n
            assert share.max() <= percent / 100.0 + 2e-6
            assert rollout.attempts == 1
    rows = list(bound_rows({"simgait": policy}, cases, (5.0, 0.0)))
    assert [one.bound_percent for one in rows] == [5.0, 0.0]
    assert rows[1].values["residual"] < 0.001 < rows[0].values["residual"]


def test_tables_say_how_many_numbers_each_is_of() -> None:
    text = bounds_tables(ROWS)
    assert text.count("| bound, % BW |") == 4
    assert "**tight, monocular-v1**: 8 walks" in text and "velocity RMSE 3 to 8" in text
    assert "| 5 | 7 | 7.000 | 7.00 |" in text and "| – |" in text
    assert text.count("RMSE of angles is over all frames of the walks") == 1


def test_the_picture_is_whole_and_says_what_it_shows() -> None:
    text = str(bounds_picture(ROWS, "simgait benchmark helper & more, 2026-11-28"))
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "tight on exact" in root.get("aria-label", "")
    words = {one.text for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "simgait benchmark helper & more, 2026-11-28" in words
    assert {"simgait, exact", "tight, monocular-v1"} <= words
    dots = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    # Nine measures without the two slopes; of the force nothing is known.
    assert len(dots) == len(ROWS) * (len(MEASURES) - 3)


def test_the_command_writes_the_figure_and_prints_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def rows(policies, cases, bounds, _tell, *, moment_as_learned):
        asked.append((list(policies), len(cases), bounds, moment_as_learned))
        return iter(ROWS)

    monkeypatch.setattr(sweep, "bound_rows", rows)
    monkeypatch.setattr(
        sweep, "bound_cases", lambda _data, n: [synthetic_bench(n, sweep.CONDITIONS[:1])]
    )
    out = tmp_path / "figure.svg"
    words = ["--bounds", "5,0", "--walkers", "1", "--moment-as-learned", "-o", str(out)]
    assert main(["benchmark", "helper", *words]) == 0
    assert asked == [(["simgait"], 8, (5.0, 0.0), True)]
    assert out.read_text().startswith("<svg ")
    said = capsys.readouterr().out
    assert "8 walks of 8 people, 0 refused before tracking" in said
    assert "**simgait, exact**" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--bounds", "5,5"], "--bounds 5,5: give different numbers"),
        (["--bounds", "much"], "--bounds much: give different numbers"),
        (["--bounds", "-1"], "--bounds -1: give different numbers"),
        (["--walkers", "0"], "--walkers 0: give 1 or more"),
        (["--beside", "simgait=here"], "--beside simgait=here: give NAME=FOLDER"),
        (["--beside", "tight"], "--beside tight: give NAME=FOLDER"),
    ],
)
def test_what_makes_no_sense_is_told(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["benchmark", "helper", *words, "-o", str(tmp_path / "figure.svg")]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
