"""`import simgait`: light, and the same numbers and files as the command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

import simgait
from simgait.gait.known_scores import pipeline_of_policy
from simgait.gait.score_reference_file import write_reference
from simgait.recordings.options import ReadOptions
from tests.cli.conftest import Walk, good_walk, make_walk, policy
from tests.commands.conftest import noisy, truth_rows, write
from tests.gait.conftest import made_up_strides

__all__ = ["good_walk", "policy"]

pytestmark = pytest.mark.usefixtures("batches_of_eight")

HEAVY = {"jax", "mujoco", "pandas", "matplotlib", "scipy", "numpy"}


def test_importing_simgait_and_asking_for_help_load_nothing_heavy() -> None:
    code = (
        "import sys, simgait\nsimgait.__version__\n"
        "from simgait.commands.command_line import build_parser\n"
        f"build_parser().format_help()\nloaded = {HEAVY} & set(sys.modules)\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_keywords_of_reading_are_the_options_of_reading() -> None:
    of_arrays_in_memory = {"height_m", "time_s", "confidence"}
    known = {field.name for field in fields(ReadOptions)} - of_arrays_in_memory
    assert set(simgait.ReadKeywords.__annotations__) == known


def test_every_public_name_is_there_and_documented() -> None:
    assert dir(simgait) == simgait.__all__
    for name in set(simgait.__all__) - {"__version__"}:
        assert getattr(simgait, name).__doc__, name
    assert simgait.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="tarck"):
        simgait.tarck  # noqa: B018


@pytest.fixture(scope="module")
def walk_file(tmp_path_factory: pytest.TempPathFactory, good_walk: Walk) -> Path:
    return good_walk.save(tmp_path_factory.mktemp("in") / "walk.npz", scale_is_metric=True)


@pytest.fixture(scope="module")
def result(walk_file: Path, policy: Path) -> simgait.WalkResult:
    return simgait.track(walk_file, policy=policy)


def test_tables_of_a_walk(result: simgait.WalkResult) -> None:
    parameters = result.parameters
    assert list(parameters.index) == ["left", "right", "both"]
    assert {"velocity_mps", "cadence_spm", "step_length_m", "stance_percent"} <= {*parameters}
    statistics = result.statistics.set_index(["parameter", "side"])
    assert {*statistics["level"]} <= {"do_not_use", ""}
    for key, row in statistics.iterrows():
        name, side = cast("tuple[str, str]", key)
        np.testing.assert_equal(parameters.loc[side, name], row["mean"])
    curves = result.curves
    assert curves.index.names == ["side", "cycle", "percent"]
    assert {"knee_flexion_deg", "pelvis_tilt_deg", "vertical_force_percent_bw"} <= {*curves}
    for side in ("left", "right"):
        rows = result.gait.curves_deg[f"{side}_knee_flexion_deg"]
        found = curves["knee_flexion_deg"].xs(side) if len(rows) else np.empty(0)
        np.testing.assert_array_equal(np.ravel(found), rows.ravel())
    columns = ["time_s", "recording_time_s", "side", "event", "time_s_lo", "time_s_hi"]
    assert list(result.events.columns) == columns
    means = result.mean_curves
    assert {"knee_flexion_deg", "knee_flexion_deg_lo", "knee_flexion_deg_hi"} <= {*means}
    assert means.shape[0] == 2 * 101
    assert len(result.events) == len(result.gait.events)
    assert result.verdict.level == "use_none" and result.verdict.reasons
    assert "walk: Use no number" in repr(result)


def test_a_report_is_the_commands_own(
    result: simgait.WalkResult, walk_file: Path, policy: Path, tmp_path: Path
) -> None:
    page = result.report(tmp_path / "mine")
    assert page.name == "report.html"
    table = simgait.track_files(walk_file, tmp_path / "out", policy=policy)
    assert list(table["trial"]) == ["walk"] and table["failure"].isna().all()
    mine, theirs = ({p.name: p for p in f.iterdir()} for f in (page.parent, tmp_path / "out/walk"))
    assert set(mine) == set(theirs)
    known = [json.loads(f["walk.json"].read_text()) for f in (mine, theirs)]
    assert [one["summary"].pop("folder") for one in known] == ["mine", "walk"]
    assert [one["summary"].pop("trial") for one in known] == ["mine", "walk"]
    assert known[0] == known[1]
    for name in mine:
        if name.endswith(".csv"):
            assert mine[name].read_bytes() == theirs[name].read_bytes()
    facts = [json.loads(f["provenance.json"].read_text()) for f in (mine, theirs)]
    assert facts[0]["config"] == facts[1]["config"] and facts[0]["input"] == facts[1]["input"]
    found = [(f.code, f.severity) for f in result.verdict.findings]
    assert [(f["code"], f["severity"]) for f in facts[0]["findings"]] == found != []
    with mine["parameters.csv"].open() as file:
        for row in csv.DictReader(file):
            value = float(row["mean"] or "nan")
            np.testing.assert_equal(result.parameters.loc[row["side"], row["parameter"]], value)
    with pytest.raises(simgait.InputError, match="overwrite=True"):
        result.report(tmp_path / "mine")
    assert result.report(tmp_path / "mine", overwrite=True) == page


@pytest.mark.slow
def test_companions_are_asked_where_one_wants_it(
    result: simgait.WalkResult, walk_file: Path, policy: Path, tmp_path: Path
) -> None:
    asked = simgait.track(walk_file, policy=policy, opinions=True)
    pd.testing.assert_frame_equal(asked.statistics, result.statistics)
    said = asked.opinions
    assert list(said.columns)[:3] == ["companion", "quantity", "side"]
    assert {"gait-transformer"} <= {*said["companion"]} and said["value"].dtype == float
    assert "Other opinions" in asked.report(tmp_path / "asked").read_text("utf-8")
    with pytest.raises(simgait.InputError, match="walk: no companion was asked; track with opin"):
        result.opinions  # noqa: B018


def test_a_visit_of_one_walk_is_the_walk_alone_and_says_what_failed(
    result: simgait.WalkResult, walk_file: Path, policy: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"")
    visit = simgait.track_visit([broken, walk_file], policy=policy)
    (mine,) = visit.walks
    pd.testing.assert_frame_equal(mine.parameters, result.parameters)
    assert len(visit.failures) == 1 and visit.failures[0].startswith("broken.npz: ")
    for nothing in ([broken], []):
        with pytest.raises(simgait.InputError, match=r"^broken\.npz: |no recordings of a visit"):
            simgait.track_visit(nothing, policy=policy)
    with pytest.raises(simgait.InputError, match="no recording is called so"):
        simgait.track_visit([walk_file], policy=policy, distances_m={"walk": 4.0})
    with pytest.raises(simgait.InputError, match="unit says how to read a file"):
        simgait.track_visit([simgait.read(walk_file)], policy=policy, unit="m")
    with pytest.raises(simgait.InputError, match="one_visit=True if all are walks"):
        simgait.track_files(walk_file, tmp_path / "out", policy=policy, distances_m={"walk": 4.0})


def two_walks(walk: Walk) -> np.ndarray:
    """The same walk twice, with two seconds of nobody between them."""
    nobody = np.full((60, *walk.points_m.shape[1:]), np.nan)
    return np.concatenate([walk.points_m, nobody, walk.points_m])


def test_several_walks_are_named_rather_than_one_of_them_taken(tmp_path: Path) -> None:
    walk = make_walk()
    file = walk.save(tmp_path / "two.npz", keypoints=two_walks(walk))
    with pytest.raises(simgait.InputError, match=r"2 straight walks \(0\.0 to 3\.0 s, .*track_all"):
        simgait.track(file)


def test_a_recording_in_memory_is_tracked_like_its_file(
    result: simgait.WalkResult, walk_file: Path, policy: Path
) -> None:
    recording = simgait.read(walk_file)
    loaded = simgait.load_policy(policy)
    (mine,) = simgait.track_all(recording, policy=loaded)
    pd.testing.assert_frame_equal(mine.parameters, result.parameters)
    assert mine.walk.prepared.source.file == "walk"
    with pytest.raises(simgait.InputError, match="unit says how to read a file"):
        simgait.track(recording, policy=loaded, unit="m")


def test_what_is_said_wins_and_is_checked(walk_file: Path) -> None:
    assert simgait.read(walk_file, height_m=1.61).height_m == 1.61
    assert simgait.read(walk_file, subject_id="P7").subject_id == "P7"
    with pytest.raises(simgait.InputError, match=r"1\.61"):
        simgait.read(walk_file, height_m=161)
    with pytest.raises(simgait.InputError, match="belt_speed_mps"):
        simgait.track(walk_file, belt_speed_mps=-1.0)
    with pytest.raises(simgait.InputError, match="no such policy folder"):
        simgait.load_policy("nowhere")
    recording = replace(simgait.read(walk_file), height_m=None, scale_is_metric=False)
    with pytest.raises(simgait.InputError, match="height"):
        simgait.track(recording)


@pytest.mark.slow
def test_own_healthy_people_are_scored_against_at_every_door(
    result: simgait.WalkResult, walk_file: Path, policy: Path, tmp_path: Path
) -> None:
    loaded = simgait.load_policy(policy)
    ours = replace(
        made_up_strides().reference(name="our lab"), pipeline=pipeline_of_policy(loaded.sha256)
    )
    write_reference(tmp_path / "own.json", ours)
    write_reference(tmp_path / "other.json", replace(ours, pipeline="Plug-in Gait, lab A"))
    own, other = tmp_path / "own.json", tmp_path / "other.json"
    assert result.walk.prepared.options.reference is None

    def found(file: Path) -> list[simgait.WalkResult]:
        visit = simgait.track_visit([walk_file], policy=loaded, reference=file)
        every = simgait.track_all(walk_file, policy=loaded, reference=file)
        return [*visit.walks, *every, simgait.track(walk_file, policy=loaded, reference=file)]

    used = [one.walk.prepared.options.reference for one in found(own)]
    assert [one and one.name for one in used] == ["our lab"] * 3
    refused = pytest.raises(simgait.InputError, match=r"other\.json: its angles were made by Plug")
    with refused:
        simgait.track(walk_file, policy=loaded, reference=other)
    with refused:
        simgait.track_all(walk_file, policy=loaded, reference=other)
    with refused:
        simgait.track_visit([walk_file], policy=loaded, reference=other)


@pytest.mark.slow
def test_own_normal_ranges_are_taken_at_every_door(
    walk_file: Path, policy: Path, tmp_path: Path
) -> None:
    loaded = simgait.load_policy(policy)
    norms = tmp_path / "norms.csv"
    norms.write_text(
        "parameter,age_from_years,age_to_years,mean,sd,n,source\n"
        "velocity_mps,20,60,1.3,0.1,30,our lab\n"
    )
    visit = simgait.track_visit([walk_file], policy=loaded, norms=norms)
    every = simgait.track_all(walk_file, policy=loaded, norms=norms)
    alone = simgait.track(walk_file, policy=loaded, norms=norms)
    for one in (*visit.walks, *every, alone):
        used = one.walk.prepared.options.norms
        assert used is not None and set(used.sources) == {"our lab"}
    with pytest.raises(simgait.InputError, match=r"nowhere\.csv"):
        simgait.track(walk_file, policy=loaded, norms=tmp_path / "nowhere.csv")


def test_the_policy_of_the_environment(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMGAIT_POLICY", str(policy))
    assert simgait.load_policy().config.name == "stand-in"


def test_tables_in_memory_agree_as_files_do(tmp_path: Path) -> None:
    rows = truth_rows()
    files = write(tmp_path / "truth.csv", rows), write(tmp_path / "est.csv", noisy(rows))
    truth, estimate = (pd.read_csv(file) for file in files)
    mine = simgait.evaluate(truth, estimate.set_index("trial_id"), measures=["velocity_mps"])
    theirs = simgait.evaluate(*files, measures=["velocity_mps"])
    pd.testing.assert_frame_equal(mine.measures, theirs.measures)
    error = estimate["velocity_mps"] - truth["velocity_mps"]
    assert mine.measures.loc["velocity_mps", "bias"] == pytest.approx(error.mean())
    assert mine.measures.loc["velocity_mps", "unit"] == "m/s"
    assert "velocity_mps" in mine.verdicts and "16 walks of 8 people" in repr(mine)
    assert any("Not compared: " in note for note in simgait.evaluate(*files).notes)
    page = mine.report(tmp_path / "o")
    assert page == tmp_path / "o" / "agreement.html"
    record = json.loads((tmp_path / "o" / "provenance.json").read_text())
    assert record["config"]["truth"] == "truth" and record["config"]["estimate"] == "estimate"
    with pytest.raises(simgait.InputError, match="truth.*no column"):
        simgait.evaluate(truth.drop(columns="trial_id"), estimate)


def test_the_report_of_an_agreement_is_printed_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = truth_rows()
    files = write(tmp_path / "truth.csv", rows), write(tmp_path / "est.csv", noisy(rows))
    monkeypatch.delenv("SIMGAIT_BROWSER", raising=False)
    monkeypatch.setattr("simgait.report.browser_pdf.find_browser", lambda: None)
    compared = simgait.evaluate(*files)
    assert compared.report(tmp_path / "a").is_file()
    with pytest.raises(simgait.InputError, match="No Chromium"):
        compared.report(tmp_path / "b", pdf=True)
    assert not (tmp_path / "b").exists()
    printed = []
    monkeypatch.setattr("simgait.report.browser_pdf.find_browser", lambda: "browser")
    monkeypatch.setattr("simgait.report.browser_pdf.print_pdf", lambda *a: printed.append(a[2]))
    compared.report(tmp_path / "c", pdf=False)
    assert printed == []
    compared.report(tmp_path / "c", pdf=True)
    assert printed == [tmp_path / "c" / "agreement.pdf"]


def test_a_misspelt_keyword_is_named_with_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"'fpshz'; did you mean 'fps_hz'\?"):
        simgait.track("walk.npz", fpshz=30.0)  # type: ignore[call-arg]
