"""Manifests: every problem at once, each in a sentence that names its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.cohort.study.manifest import Manifest
from simgait.cohort.study.manifest_check import read_manifest
from simgait.commands.cohort import parsers
from simgait.errors import InputError
from simgait.recordings.person_facts import PersonFacts, person_facts
from tests.cli.conftest import Walk, good_walk

__all__ = ["good_walk"]
HEADING = "trial,person,visit,condition,path"


@pytest.fixture
def read(tmp_path: Path, good_walk: Walk) -> Any:
    """Reads a manifest of these lines; a.npz, b.npz and c.npz lie beside it."""
    for number, name in enumerate("abc"):
        good_walk.save(tmp_path / f"{name}.npz", subject_id=f"P{number}")

    def call(heading: str, *lines: str) -> Manifest:
        path = tmp_path / "study.csv"
        path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
        return read_manifest(path, parsers())

    return call


def sentences(manifest: Manifest) -> dict[int, str]:
    return {line.number: " ".join(line.problems) for line in manifest.lines if line.problems}


def test_what_is_right_has_no_problem(read, tmp_path: Path) -> None:
    heading = f"{HEADING},height_m,root_relative,names,person_in_file,truth_velocity_mps,arm"
    manifest = read(
        heading,
        "t1,P1,v1,shod,a.npz,1.72,no,,2,1.21,control",
        "t2,P1,v2,shod,b.npz,1.80,yes,,,,treated",
    )
    assert manifest.n_problems == 0, sentences(manifest)
    one, two = manifest.lines
    assert one.path == tmp_path / "a.npz" and one.height_m == 1.72
    assert one.facts == {"height_m": 1.72, "person": 2}
    assert one.truth == {"velocity_mps": 1.21} and one.own == {"arm": "control"}
    assert two.facts["root_relative"] is True and two.truth == {}
    assert one.options().height_m == 1.72 and one.options().reader.subject_id == "P1"


def test_every_problem_of_every_line_is_said_at_once(read) -> None:
    manifest = read(
        f"{HEADING},height_m,unit,fps_hz,truth_velocity_mps",
        "t1,P1,v1,shod,gone.npz,172,m,30,1.2",
        "t/2,,v1,shod,b.npz,1.7,furlong,thirty,fast",
        "t3,Anna Meier,v1,shod,,1.7,m,30,",
    )
    said = sentences(manifest)
    assert "gone.npz: there is no such file" in said[2] and "1.72" in said[2]
    for part in ("person is empty", "such as 2", "furlong", "'thirty'",
                 "truth_velocity_mps: 'fast'"):  # fmt: skip
        assert part in said[3], part
    assert "person's name" in said[4] and "path is empty" in said[4]
    assert "--" not in " ".join(said.values())
    assert not manifest.problems


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("hieght_m", "the nearest is height_m"),
        ("height", "the nearest is height_m"),
        ("age", "the nearest is age_years"),
        ("subject_id", "the nearest is person"),
        ("FPS_Hz", "the nearest is fps_hz"),
        ("truth_velo", "the nearest is truth_velocity_mps"),
        ("velocity_mps", "call a truth truth_velocity_mps"),
        ("outcome", "is what simgait writes"),
        ("surname", "says who people are"),
        ("path", "two columns are called path"),
    ],
)
def test_columns_that_mean_nothing_are_named_with_the_nearest(read, column: str, part: str) -> None:
    manifest = read(f"{HEADING},{column}", "t1,P1,v1,shod,a.npz,1")
    assert len(manifest.problems) == 1 and part in manifest.problems[0], manifest.problems


def test_columns_that_are_lacking_and_lines_of_another_length(read) -> None:
    manifest = read("trial,visit,path", "t1,v1,a.npz", "t2,v1,b.npz,more")
    assert [text.split(":")[0] for text in manifest.problems] == ["line 3", "heading"]
    assert "no column person" in manifest.problems[1]


def test_lines_are_held_against_each_other(read, tmp_path: Path) -> None:
    (tmp_path / "twin.npz").write_bytes((tmp_path / "a.npz").read_bytes())
    manifest = read(
        f"{HEADING},height_m",
        "t1,P1,v1,shod,a.npz,1.72",
        "T1,P1,v1,shod,b.npz,1.27",
        "t3,P1,v2,shod,c.npz,1.27",
        "t4,P1,v2,shod,twin.npz,1.28",
    )
    assert manifest.problems == (
        "line 3: the trial T1 stands in line 2 already; every recording needs a code of its own.",
    )
    said = sentences(manifest)
    assert set(said) == {3, 5}
    assert "1.72 m in line 2" in said[3] and "same recording as that of line 2" in said[5]


def test_age_sex_aids_and_diagnosis_are_said_of_the_person(read) -> None:
    heading = f"{HEADING},age_years,sex,aids,diagnosis,arm"
    manifest = read(
        heading,
        't1,P1,v1,shod,a.npz,9,female,"cane,orthosis",G80.1,x',
        "t2,P2,v1,shod,b.npz,n/a,,none,,y",
    )
    assert not manifest.n_problems, sentences(manifest)
    one, two = (person_facts(line.options().reader) for line in manifest.lines)
    assert one == PersonFacts(9.0, "female", ("cane", "orthosis"), "G80.1")
    assert two == PersonFacts(aids=("none",))
    # The tables are divided by them.
    assert manifest.lines[0].own["age_years"] == "9" and manifest.lines[0].own["sex"] == "female"
    assert manifest.lines[1].own["age_years"] == "" and manifest.lines[1].own["aids"] == "none"
    assert manifest.study_notes == ("columns of your own are carried along: arm.",)
    assert not manifest.notes


def test_who_nobody_can_be_is_told_with_its_line(read) -> None:
    heading = f"{HEADING},age_years,sex,aids,diagnosis"
    said = sentences(
        read(
            heading,
            "t1,P1,v1,shod,a.npz,-4,woman,,",
            "t2,P2,v1,shod,b.npz,44y,,wheels,Anna Meier",
            "t3,P3,v1,shod,c.npz,440,,,",
        )
    )
    for number, parts in {
        2: (
            "age_years: -4 years",
            "sex: 'woman' is not known here; give one of female, male, other",
        ),
        3: ("age_years: '44y' is not a number", "aids: 'wheels'", "diagnosis: give a code"),
        4: ("age_years: 440 years",),
    }.items():
        assert all(part in said[number] for part in parts), said[number]


def test_one_person_has_one_sex_on_all_visits(read) -> None:
    said = sentences(
        read(
            f"{HEADING},sex",
            "t1,P1,v1,shod,a.npz,female",
            "t2,P1,v2,shod,b.npz,male",
            "t3,P1,v3,shod,c.npz,",
        )
    )
    assert said == {3: "sex: P1 is male here and female in line 2; correct one."}


def test_two_people_of_one_recording_are_no_twins(read) -> None:
    manifest = read(f"{HEADING},person_in_file", "t1,P1,v1,shod,a.npz,1", "t2,P2,v1,shod,a.npz,2")
    assert not any("same recording" in text for text in sentences(manifest).values())


def test_names_of_people_are_found_in_every_column(read) -> None:
    manifest = read(
        f"{HEADING},doctor", "t1,P1,Anna Meier,shod,a.npz,", "t2,P1,v1,shod,b.npz,Erik Holm"
    )
    said = sentences(manifest)
    assert said[2].startswith("visit: this looks like") and said[3].startswith("doctor: this")


def test_semicolons_with_decimal_commas(read) -> None:
    manifest = read("trial;person;path;height_m", "t1;P1;a.npz;1,72")
    assert manifest.n_problems == 0 and manifest.lines[0].height_m == 1.72


def test_parquet_says_the_same(read, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {
        "trial": ["t1", "t2"], "person": [7, 8], "path": ["a.npz", "b.npz"],
        "height_m": [1.72, None], "root_relative": [True, None],
    }  # fmt: skip
    parquet.write_table(pa.table(columns), tmp_path / "study.parquet")
    manifest = read_manifest(tmp_path / "study.parquet", parsers())
    assert manifest.lines[0].person == "7"
    assert manifest.lines[0].facts["height_m"] == 1.72
    assert manifest.lines[1].facts == {}
    (tmp_path / "study.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_manifest(tmp_path / "study.parquet", parsers())


def test_a_manifest_without_lines_is_refused(read) -> None:
    with pytest.raises(InputError, match="holds no line"):
        read(HEADING)


def test_every_option_of_track_is_a_column_and_nothing_is_listed_twice() -> None:
    from simgait.cohort.study.manifest import known_columns
    from simgait.commands.options import REPORT_FLAGS, read_flags

    columns = known_columns(parsers())
    facts = {flag.fact for flag in (*read_flags(), *REPORT_FLAGS)} - {"subject_id", "person"}
    assert facts | {"person_in_file"} <= set(columns)
    assert len(set(columns)) == len(columns)


def test_a_height_that_nobody_says_is_missed_before_anything_is_read(
    read, tmp_path: Path, good_walk: Walk
) -> None:
    good_walk.save(tmp_path / "none.npz", height_m=None)
    good_walk.save(tmp_path / "nan.npz", height_m=np.nan, subject_id="X")
    good_walk.save(tmp_path / "true.npz", height_m=None, scale_is_metric=True)
    heading = ",".join(f"{side}_{joint}_{axis}" for side in ("left", "right")
                       for joint in ("hip", "knee", "ankle") for axis in "xyz")  # fmt: skip
    (tmp_path / "w.csv").write_text(heading + "\n" + ",".join(["0.1"] * 18) + "\n")
    (tmp_path / "w.json").write_text('{"keypoints": [[[0.1, 0.2, 0.3]]]}')
    (tmp_path / "told.json").write_text('{"height_m": 1.7, "keypoints": [[[0.1, 0.2, 0.3]]]}')
    names = ("none.npz", "nan.npz", "true.npz", "w.csv", "w.json", "told.json", "a.npz")
    lines = [f"t{i},P{i},v,c,{name}" for i, name in enumerate(names)]
    said = sentences(read(HEADING, *lines))
    assert set(said) == {2, 3, 5, 6}
    assert said[2] == (
        "none.npz: neither the line nor the file says how tall the person is; give it in metres "
        "with the column height_m."
    )
    assert not sentences(read(f"{HEADING},height_m", *[f"{line},1.7" for line in lines]))


def test_one_line_of_a_visit_says_how_tall_the_person_is(
    read, tmp_path: Path, good_walk: Walk
) -> None:
    for name in "xy":
        good_walk.save(tmp_path / f"{name}.npz", height_m=None, subject_id=name)
    heading = f"{HEADING},camera_place,height_m"
    assert not sentences(read(heading, "t1,P1,v,c,x.npz,here,1.7", "t2,P1,v,c,y.npz,here,"))
    assert set(sentences(read(heading, "t1,P1,v,c,x.npz,here,1.7", "t2,P1,v,c,y.npz,,"))) == {3}
