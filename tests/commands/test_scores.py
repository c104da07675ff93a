"""`simgait scores` and `simgait reference`, from a shell's point of view."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from simgait.cli import main
from simgait.gait.known_scores import BY_SIMGAIT, released_reference
from simgait.gait.score_reference_file import read_reference
from simgait.gait.scores import SCORED_ANGLES, gait_deviation_index
from simgait.report.trial.tables import SCORED_CURVES
from tests.cohort.test_stride_tables import rows_of, write
from tests.gait.conftest import MadeUp, made_up_strides

NOTHING: Mapping[str, object] = MappingProxyType({})


def table_of(strides: MadeUp, path: Path) -> Path:
    rows = []
    for i, curves in enumerate(strides.curves_deg):
        rows += rows_of(curves, strides.sides[i], strides.people[i], cycle=i)
    return write(path, rows)


@pytest.fixture
def controls(tmp_path: Path) -> Path:
    return table_of(made_up_strides(10), tmp_path / "controls.csv")


@pytest.fixture
def own(controls: Path, tmp_path: Path) -> Path:
    out = tmp_path / "own.json"
    told = ["--name", "ten people", "--made-by", "a test"]
    assert main(["reference", "build", str(controls), "-o", str(out), *told]) == 0
    return out


def test_a_reference_is_built_and_shown(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["reference", "show", str(own)]) == 0
    said = capsys.readouterr().out
    assert (
        "ten people: 10 people, 60 strides; gait features, the directions in which healthy" in said
    )
    assert "angles made by: a test" in said
    assert "10 people, 20 sides, 60 strides" in said
    assert all(name in said for name in SCORED_ANGLES)


def test_scores_name_their_reference(
    own: Path, controls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores.csv"
    assert main(["scores", str(controls), "--reference", str(own), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "controls.csv, person 0, left: GDI " in said and "(3 strides)" in said
    assert "against ten people" in said
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {row["reference"] for row in rows} == {"ten people"}
    assert len(rows) == 60 + 20 + 10
    sides = np.array(
        [float(r["gdi_points"]) for r in rows if r["side"] != "both" and not r["cycle"]]
    )
    assert sides.mean() == pytest.approx(100.0) and sides.std(ddof=1) == pytest.approx(10.0)
    both = [row for row in rows if row["side"] == "both"]
    assert all(float(row["gps_deg"]) > 0.0 and not row["sagittal_gps_deg"] for row in both)


def test_a_profile_of_sagittal_angles_is_called_so(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = ("side", "percent", "pelvis_tilt_deg", "hip_flexion_deg", "knee_flexion_deg",
            "ankle_dorsiflexion_deg")  # fmt: skip
    stride = made_up_strides(10).curves_deg[0]
    rows = [{name: row[name] for name in keep} for row in rows_of(stride, "left")]
    path, out = write(tmp_path / "flat.csv", rows), tmp_path / "scores.csv"
    assert main(["scores", str(path), "--reference", str(own), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "flat.csv, left: sagittal GPS " in said and "GDI" not in said
    row = next(csv.DictReader(out.open(encoding="utf-8")))
    assert row["gdi_points"] == "" and row["gps_deg"] == "" and float(row["sagittal_gps_deg"]) > 0.0


def test_one_bad_file_stops_no_other(
    own: Path, controls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text("side,percent\nleft,0\n", "utf-8")
    files = [str(tmp_path / "bad.csv"), str(controls)]
    assert main(["scores", *files, "--reference", str(own)]) == 1
    said = capsys.readouterr()
    assert "bad.csv: " in said.err and "person 9, right: GDI" in said.out


def test_nine_people_and_nameless_strides_make_no_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nine = table_of(made_up_strides(9), tmp_path / "nine.csv")
    out = tmp_path / "own.json"
    told = ["-o", str(out), "--name", "few", "--made-by", "a test"]
    assert main(["reference", "build", str(nine), *told]) == 1
    assert "9 people are too few" in capsys.readouterr().err
    rows = rows_of(made_up_strides(10).curves_deg[0], "left", person="")
    assert main(["reference", "build", str(write(tmp_path / "who.csv", rows)), *told]) == 1
    assert "who.csv: does not say whose strides they are" in capsys.readouterr().err
    assert not out.exists()


def test_features_of_another_reference_are_taken(own: Path, controls: Path, tmp_path: Path) -> None:
    out = tmp_path / "second.json"
    told = ["--name", "second", "--made-by", "a test", "--features", str(own)]
    assert main(["reference", "build", str(controls), "-o", str(out), *told]) == 0
    first, second = read_reference(own), read_reference(out)
    assert np.array_equal(first.features, second.features)
    assert "are those of the reference ten people" in second.origin


def test_a_published_set_is_taken_over(own: Path, tmp_path: Path) -> None:
    strides = made_up_strides(12)
    reference = read_reference(own)
    np.savetxt(tmp_path / "features.csv", reference.features, delimiter=",")
    vectors = strides.curves_deg[::3].reshape(24, 459).T
    np.savetxt(tmp_path / "controls.csv", vectors, delimiter=",")
    out = tmp_path / "published.json"
    tables = [str(tmp_path / "features.csv"), str(tmp_path / "controls.csv")]
    assert main(["reference", "published", *tables, "-o", str(out), "--name", "theirs"]) == 0
    found = gait_deviation_index(strides.curves_deg[::3], read_reference(out))
    assert found.mean() == pytest.approx(100.0) and found.std(ddof=1) == pytest.approx(10.0)


def results_of(
    strides: MadeUp, folder: Path, policy: str, verdicts: Mapping[str, object] = NOTHING
) -> Path:
    """Walk folders as `simgait track` leaves them, one for each person."""
    for person in dict.fromkeys(strides.people):
        rows = [i for i, who in enumerate(strides.people) if who == person]
        own = MadeUp(
            strides.curves_deg[rows],
            [strides.people[i] for i in rows],
            [strides.sides[i] for i in rows],
        )
        walk = folder / person.replace(" ", "")
        walk.mkdir(parents=True)
        table_of(own, walk / SCORED_CURVES)
        verdict = verdicts.get(person, {"level": "use_all", "numbers": {}})
        record = {"policy": {"sha256": policy}, "verdict": verdict}
        (walk / "provenance.json").write_text(json.dumps(record), "utf-8")
    return folder


def test_results_are_scored_against_people_of_the_same_policy_alone(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    released = released_reference().pipeline.removeprefix(BY_SIMGAIT)
    results = results_of(made_up_strides(10), tmp_path / "results", released + "0" * 52)
    assert main(["scores", str(results)]) == 0
    said = capsys.readouterr().out
    assert "person3, person 3, left: GDI" in said
    assert f"against {released_reference().name}" in said
    assert main(["scores", str(results), "--reference", str(own)]) == 1
    assert "their offsets differ" in capsys.readouterr().err
    other = results_of(made_up_strides(10), tmp_path / "other", "f" * 64)
    assert main(["scores", str(other)]) == 1
    assert "made by simgait, policy ffffffffffff" in capsys.readouterr().err


def test_a_walk_without_a_gait_cycle_is_named_where_scores_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = results_of(made_up_strides(10), tmp_path / "results", "a" * 64)
    empty = results / "person3" / SCORED_CURVES
    empty.write_text(empty.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    told = ["-o", str(tmp_path / "own.json"), "--name", "ours"]
    assert main(["reference", "build", str(results), *told]) == 1
    said = capsys.readouterr().err
    assert "person3: holds no full gait cycle; leave this walk out." in said


def test_a_table_is_not_scored_against_tracked_people(
    controls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scores", str(controls)]) == 1
    assert "controls.csv: its angles were made by another system" in capsys.readouterr().err


def test_a_reference_of_results_knows_what_made_them(
    controls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = results_of(made_up_strides(10), tmp_path / "results", "a" * 64)
    out = tmp_path / "mine.json"
    told = ["-o", str(out), "--overwrite", "--name", "mine"]
    assert main(["reference", "build", str(results), *told]) == 0
    assert read_reference(out).pipeline == "simgait, policy aaaaaaaaaaaa"
    capsys.readouterr()
    assert main(["reference", "build", str(results), str(controls), *told]) == 1
    assert "make a reference of each" in capsys.readouterr().err
    assert main(["reference", "build", str(results), "--made-by", "me", *told]) == 1
    assert "leave it out" in capsys.readouterr().err
    assert main(["reference", "build", str(controls), *told]) == 1
    assert "Say what made the angles with --made-by" in capsys.readouterr().err


def test_a_folder_without_results_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["scores", str(tmp_path / "empty")]) == 1
    assert "empty: holds no walk with scored_curves.csv and no C3D file" in capsys.readouterr().err
    nameless = tmp_path / "w"
    nameless.mkdir()
    table_of(made_up_strides(10), nameless / SCORED_CURVES)
    (nameless / "provenance.json").write_text("{}", "utf-8")
    assert main(["scores", str(nameless)]) == 1
    assert "w: its provenance.json names no policy" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [("1,2\n3,4\n", "2 rows, where 459 are expected"), ("a,b\n1,2\n", "no table of numbers alone")],
)
def test_another_table_is_no_published_set(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(text, "utf-8")
    out = tmp_path / "published.json"
    tables = [str(tmp_path / "t.csv")] * 2
    assert main(["reference", "published", *tables, "-o", str(out), "--name", "theirs"]) == 1
    assert said in capsys.readouterr().err and not out.exists()


def test_what_is_there_or_read_is_not_written_over(
    own: Path, controls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = own.read_bytes(), controls.read_bytes()
    build = ["reference", "build", str(controls), "--name", "x", "--made-by", "a test", "-o"]
    score = ["scores", str(controls), "--reference", str(own), "-o"]
    for command, out, said in (
        (build, own, "own.json: exists already; give --overwrite"),
        (build, tmp_path / "own.txt", "own.txt: a reference ends in .json; name it so."),
        (score, tmp_path / "s.json", "s.json: a table of scores ends in .csv; name it so."),
        ([*score[:-1], "--overwrite", "-o"], controls, "controls.csv: is among what the command"),
        (
            [*build[:-1], "--features", str(own), "--overwrite", "-o"],
            own,
            "own.json: is among what the command reads",
        ),
    ):
        assert main([*command, str(out)]) == 1
        assert said in capsys.readouterr().err
    assert (own.read_bytes(), controls.read_bytes()) == before
    assert main([*build, str(own), "--overwrite"]) == 0
    assert read_reference(own).name == "x"


def test_results_are_not_written_over(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = results_of(made_up_strides(10), tmp_path / "results", "a" * 64)
    curves = results / "person1" / SCORED_CURVES
    before = curves.read_bytes()
    told = ["--reference", str(own), "--overwrite", "-o", str(curves)]
    assert main(["scores", str(results), *told]) == 1
    assert "scored_curves.csv: is a file of results" in capsys.readouterr().err
    assert curves.read_bytes() == before


def test_a_person_far_from_the_others_is_named_and_nobody_counts_twice(
    controls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strides = made_up_strides(12)
    told = ["--name", "x", "--made-by", "a test", "-o", str(tmp_path / "far.json")]
    assert main(["reference", "build", str(controls), str(controls), *told]) == 1
    assert "controls.csv: is given twice" in capsys.readouterr().err
    curves = strides.curves_deg.copy()
    curves[[who == "person 4" for who in strides.people], :3] += 40.0
    moved = table_of(MadeUp(curves, strides.people, strides.sides), tmp_path / "moved.csv")
    assert main(["reference", "build", str(moved), *told]) == 0
    said = capsys.readouterr().err
    assert "person 4: lies far from the others" in said and said.count("lies far") == 1


def test_a_bad_walk_stops_no_other_of_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    released = released_reference().pipeline.removeprefix(BY_SIMGAIT)
    results = results_of(made_up_strides(10), tmp_path / "results", released + "0" * 52)
    (results / "person1" / "provenance.json").write_text("{}", "utf-8")
    assert main(["scores", str(results)]) == 1
    said = capsys.readouterr()
    assert "person1: its provenance.json names no policy" in said.err
    assert "person0, person 0, left" in said.out and "person9, person 9, left" in said.out


def test_what_a_walks_report_forbids_is_not_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = released_reference()
    policy = reference.pipeline.removeprefix(BY_SIMGAIT) + "0" * 52
    rough = {"gdi_points": {"level": "rough", "doubts": []}}
    bad = {"left_knee_flexion_deg": {"level": "do_not_use", "doubts": ["interval_too_wide"]}}
    verdicts = {
        "person 1": {"level": "use_none", "numbers": {}},
        "person 2": {"level": "use_some", "numbers": rough | bad},
    }
    results = results_of(made_up_strides(10), tmp_path / "results", policy, verdicts)
    mark = results / "person2" / "provenance.json"
    finding = {"code": "interval_too_wide", "sentence": "Knees are unsure."}
    mark.write_text(json.dumps(json.loads(mark.read_text("utf-8")) | {"findings": [finding]}))
    header = "parameter,side,mean,mean_lo,mean_hi,reference"
    row = f"gdi_points,both,90,87,93,{reference.name}"
    (results / "person2" / "parameters.csv").write_text(f"{header}\n{row}\n", "utf-8")
    out = tmp_path / "scores.csv"
    assert main(["scores", str(results), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "person1, person 1, both: do not use, says the walk's own report" in said
    assert "person2, person 2, left: do not use, says the walk's own report: Knees are un" in said
    both = next(line for line in said.splitlines() if line.startswith("person2, person 2, both"))
    assert " ±3.0, GPS " in both and ", rough (6 strides)" in both
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    lost = [row for row in rows if row["level"] == "do_not_use"]
    assert {(row["source"], row["side"]) for row in lost} == {
        ("person1", "left"), ("person1", "right"), ("person1", "both"), ("person2", "left"),
    }  # fmt: skip
    assert not any(
        row["gdi_points"] or row["gps_deg"] or row["hip_flexion_gvs_deg"] for row in lost
    )
    whole = next(r for r in rows if r["source"] == "person2" and r["side"] == "both")
    assert float(whole["gdi_points_hi"]) - float(whole["gdi_points"]) == pytest.approx(3.0)
    assert {row["reasons"] for row in lost} == {"", "Knees are unsure."}
    told = ["--name", "x", "-o", str(tmp_path / "x.json")]
    assert main(["reference", "build", str(results), *told]) == 1
    said_of = capsys.readouterr().err
    assert "person1: the walk's own report says not to use its scores; leave this walk" in said_of
    assert "person2: the walk's own report says not to use its scores; leave this walk" in said_of
    assert whole["gps_deg_lo"] == "" and whole["reference"] == reference.name
