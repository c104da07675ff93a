"""Studies: every line ends once, goes on after any stop, is the same however it was packed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait import pipeline
from simgait.cohort.study.columns import study_columns
from simgait.cohort.study.parts import Parts, own_folder
from simgait.cohort.study.rows import Result
from simgait.cohort.study.run import study_outcomes
from simgait.cohort.study.share import Share, share_of_text
from simgait.cohort.study.speed import Speed
from simgait.errors import InputError
from simgait.folder_lock import locked
from simgait.recordings.person_facts import PersonFacts, person_facts
from tests.cohort.conftest import Killed, policy_called
from tests.cohort.study.conftest import Hospital


def outcomes(hospital: Hospital) -> dict[str, str]:
    return {row["trial"]: row["outcome"] for row in hospital.table("trials")}


def test_every_line_of_the_manifest_has_its_row_with_its_own_numbers(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.heading += ",truth_velocity_mps,arm"
    ward.lines = [f"{line},1.2,x" for line in ward.lines]
    ended = ward.run()
    assert {name: one.outcome for name, one in ended.items()} == dict.fromkeys(ended, "done")
    rows = ward.table("trials")
    # The stand-in writes how many frames a walk has.
    assert [row["residual_force_percent_bw"] for row in rows] == [91.0, 90.0, 89.0, 88.0]
    assert [row["person"] for row in rows] == ["P0", "P0", "P1", "P1"]
    assert rows[0]["truth_velocity_mps"] == 1.2 and rows[0]["arm"] == "x"
    assert rows[0]["velocity_mps"] == pytest.approx(1.2, abs=0.3)
    assert study_outcomes(ward.out) == {"done": 4, "not usable": 0, "failed": 0}
    assert ward.batches == [["t0", "t1", "t2", "t3"]]


def test_cycles_and_curves_belong_to_their_walk(hospital) -> None:
    ward: Hospital = hospital(2)
    ward.run()
    trial = ward.table("trials")[0]
    cycles = [row for row in ward.table("cycles") if row["trial"] == "t0"]
    for side in ("left", "right"):
        own = [row for row in cycles if row["side"] == side]
        assert len(own) == trial[f"{side}_cycles"] > 1
        assert [row["cycle"] for row in own] == list(range(1, len(own) + 1))
        known = [row["stride_length_m"] for row in own if row["stride_length_m"] is not None]
        assert np.mean(known) == pytest.approx(trial[f"{side}_stride_length_m"])
        assert np.mean([row["stance_percent"] for row in own]) == pytest.approx(
            trial[f"{side}_stance_percent"]
        )
    curves = [row for row in ward.table("curves") if row["trial"] == "t0"]
    assert {len(row["value_deg"]) for row in curves} == {101}
    assert len(curves) == 8 * len(cycles)


def test_the_same_command_again_does_nothing_twice(hospital) -> None:
    ward: Hospital = hospital(3)
    ward.run()
    before = ward.tables()
    assert ward.run() == {} and ward.batches == []
    assert ward.tables() == before
    assert any("3 recordings done before" in text for text in ward.said)


@pytest.mark.parametrize("batches", [pytest.param(0, marks=pytest.mark.slow), 2])
def test_killed_anywhere_it_goes_on_and_ends_the_same(hospital, batches: int) -> None:
    ward: Hospital = hospital(5)
    (ward.folder / "broken.npz").write_bytes(b"nothing")
    ward.lines.append("broken,P9,v1,a,broken.npz")
    ward.run()
    whole = ward.tables()
    shutil.rmtree(ward.out)
    ward.kill_after = batches
    with pytest.raises(Killed):
        ward.run(together=2)
    half = ward.out / "parts" / ".simgait-part-half"
    half.mkdir(parents=True)
    ward.kill_after = None
    ward.run(together=2)
    assert sum(map(len, ward.batches)) == 5 - 2 * batches
    assert ward.tables() == whole and not half.exists()


@pytest.mark.parametrize(
    "together",
    [pytest.param(1, marks=pytest.mark.slow), 2, pytest.param(64, marks=pytest.mark.slow)],
)
def test_packing_changes_no_number(hospital, together: int) -> None:
    ward: Hospital = hospital(5)
    ward.run(together=together)
    assert max(map(len, ward.batches)) <= together
    rows = ward.table("trials")
    assert [row["residual_force_percent_bw"] for row in rows] == [91.0, 90.0, 89.0, 88.0, 87.0]


def test_what_was_tracked_otherwise_is_tracked_again_and_only_that(hospital, good_walk) -> None:
    ward: Hospital = hospital(3)
    ward.run()
    good_walk.save(ward.folder / "w1.npz", height_m=1.5)
    assert set(ward.run()) == {"t1"}
    ward.lines[2] = ward.lines[2].replace("v1,a", "v2,b")  # no number rests on these
    assert ward.run() == {} and ward.table("trials")[2]["visit"] == "v2"
    ward.policy = policy_called("another")
    assert set(ward.run()) == {"t0", "t1", "t2"}
    assert set(ward.run(min_frames=40)) == {"t0", "t1", "t2"}
    del ward.lines[0]
    ward.run(min_frames=40)
    assert {row["trial"] for row in ward.table("trials")} == {"t1", "t2"}
    assert {row["trial"] for row in ward.table("cycles")} == {"t1", "t2"}


def test_no_line_stops_another_and_each_says_how_it_ended(hospital, good_walk) -> None:
    ward: Hospital = hospital(3)
    (ward.folder / "broken.npz").write_bytes(b"PK\x03\x04")
    still = np.repeat(good_walk.points_m[:1], 91, axis=0)
    np.savez(
        ward.folder / "still.npz", keypoints=still, names=good_walk_names(), fps_hz=30.0, unit="m",
        axes="z-up", height_m=1.7,
    )  # fmt: skip
    ward.lines += [
        "gone,P8,v1,a,gone.npz", "broken,P8,v1,a,broken.npz", "still,P9,v1,a,still.npz",
        "empty,,v1,a,w0.npz",
    ]  # fmt: skip
    ward.breaks = frozenset({"t1"})
    ended = ward.run()
    assert outcomes(ward) == {
        "t0": "done", "t1": "failed", "t2": "done", "gone": "failed", "broken": "failed",
        "still": "not usable", "empty": "failed",
    }  # fmt: skip
    assert "not finite" in ended["t1"].reason and "no such file" in ended["gone"].reason
    assert "person is empty" in ended["empty"].reason
    assert study_outcomes(ward.out) == {"done": 2, "not usable": 1, "failed": 4}
    log = (ward.out / "study.log").read_text(encoding="utf-8")
    assert "broken: failed: " in log and "still: not usable: " in log
    assert str(ward.folder) not in log
    # What lay in the physics is tried again, what lies in the recording is not.
    ward.breaks = frozenset()
    assert set(ward.run()) == {"t1", "gone", "empty"} and outcomes(ward)["t1"] == "done"


def test_a_height_that_nobody_says_is_a_failure_of_the_line(hospital, good_walk) -> None:
    ward: Hospital = hospital(1)
    good_walk.save(ward.folder / "w0.npz", height_m=None)
    ended = ward.run()
    assert outcomes(ward) == {"t0": "failed"}
    assert "t0: neither the line nor the file says how tall" in ended["t0"].reason


def good_walk_names() -> Any:
    from simgait.skeleton.keypoints import KEYPOINT_NAMES

    return np.array(KEYPOINT_NAMES)


def test_a_table_that_is_wrong_as_a_whole_is_refused(hospital) -> None:
    ward: Hospital = hospital(1)
    ward.heading = ward.heading.replace("condition", "hieght_m")
    with pytest.raises(InputError, match="nearest is height_m"):
        ward.run()
    assert not ward.out.exists()


def test_a_full_disk_loses_nothing_that_was_tracked(
    hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward: Hospital = hospital(4)
    works, full = Parts.add, [True]

    def add(self: Parts, results: Any) -> None:
        if full.pop() if full else False:
            raise InputError("no room")
        works(self, results)

    monkeypatch.setattr(Parts, "add", add)
    ward.run(together=2)
    assert any("no room" in text for text in ward.said)
    assert outcomes(ward) == dict.fromkeys(("t0", "t1", "t2", "t3"), "done")
    assert ward.run() == {}


def test_walks_of_a_visit_are_tracked_in_the_light_of_each_other(
    hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward: Hospital = hospital(3)
    ward.heading += ",camera_place,height_m"
    ward.lines = [
        "t0,P0,v1,a,w0.npz,here,1.72", "t1,P0,v1,a,w1.npz,here,1.72", "t2,P0,v1,a,w2.npz,,1.72"
    ]  # fmt: skip
    seen: dict[str, Any] = {}
    original: Any = pipeline.analyse_walk

    def analyse(walk: Any, *rest: Any, **said: bool) -> Any:
        seen[walk.trial.trial_id] = walk.visit
        return original(walk, *rest, **said)

    monkeypatch.setattr(pipeline, "analyse_walk", analyse)
    ward.run()
    assert seen["t2"] is None and seen["t0"]["walks"] == seen["t1"]["walks"] == 2
    # One more walk of the visit is new to all of them.
    ward.lines[2] = ward.lines[2].replace("w2.npz,,", "w2.npz,here,")
    assert set(ward.run()) == {"t0", "t1", "t2"}


def test_reports_are_written_where_they_are_asked_for(hospital) -> None:
    ward: Hospital = hospital(2)
    ward.run()
    assert not (ward.out / "reports").exists()
    assert ward.table("trials")[0]["report"] is None
    assert set(ward.run(reports=True)) == {"t0", "t1"}
    assert ward.table("trials")[0]["report"] == "reports/t0/report.html"
    assert ward.run(reports=True) == {}


@pytest.mark.slow
def test_reports_know_age_and_sex_and_are_written_again_when_these_change(
    hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward: Hospital = hospital(3)
    ward.heading += ",camera_place,height_m,age_years,sex"
    ward.lines = [
        "t0,P0,v1,a,w0.npz,here,1.3,9,female", "t1,P0,v1,a,w1.npz,here,1.3,9,female",
        "t2,P1,v1,a,w2.npz,,1.7,44,male",
    ]  # fmt: skip
    seen: dict[str, PersonFacts] = {}
    original = pipeline.write_report

    def write_report(folder: Path, walk: Any, *rest: Any) -> Any:
        seen[folder.name] = person_facts(walk.prepared.source.reader)
        return original(folder, walk, *rest)

    monkeypatch.setattr(pipeline, "write_report", write_report)
    ward.run(reports=True)
    child = PersonFacts(9.0, "female")
    assert seen == {"t0": child, "t1": child, "t2": PersonFacts(44.0, "male")}
    assert [(row["age_years"], row["sex"]) for row in ward.table("trials")] == [
        (9.0, "female"), (9.0, "female"), (44.0, "male")
    ]  # fmt: skip
    ward.lines[2] = ward.lines[2].replace("44", "45")
    assert set(ward.run(reports=True)) == {"t2"} and seen["t2"].age_years == 45.0


def test_persons_are_means_over_walks_and_every_column_is_defined(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.lines = [line.replace(",b,", ",a,") for line in ward.lines]
    ward.lines.append("gone,P1,v1,a,gone.npz")
    ward.run()
    one, two = ward.table("persons")
    assert (one["recordings"], one["done"], one["walks"]) == (2, 2, 2)
    assert (two["recordings"], two["done"]) == (3, 2)
    trial = next(row for row in ward.table("trials") if row["trial"] == "t0")
    assert one["velocity_mps"] == pytest.approx(trial["velocity_mps"])
    assert one["velocity_mps_n"] == 2 and one["velocity_mps_sd"] == pytest.approx(0.0)
    with (ward.out / "dictionary.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    defined = {(row["table"], row["column"]) for row in rows}
    for name, table in ward.tables().items():
        assert {(name, column) for column in table[0]} == {
            (table_name, column) for table_name, column in defined if table_name == name
        }
    assert all(row["definition"] for row in rows)
    assert len(defined) == len(rows) == sum(map(len, study_columns().values()))


def test_outputs_hold_no_path_and_no_host(hospital, tmp_path: Path) -> None:
    import socket

    ward: Hospital = hospital(2)
    ward.lines.append("gone,P9,v1,a,/home/somebody/gone.npz")
    ward.run()
    for path in ward.out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"/home" not in content and str(tmp_path).encode() not in content, path.name
            assert socket.gethostname().encode() not in content, path.name


def test_sentences_name_the_trial_and_not_its_file(hospital) -> None:
    ward: Hospital = hospital(1)
    (ward.folder / "anna7.npz").write_bytes(b"PK\x03\x04")
    ward.lines += ["t7,P7,v1,a,anna7.npz", "t8,P8,v1,a,anna8.npz"]
    ward.run()
    reasons = {row["trial"]: row["reason"] for row in ward.table("trials")}
    assert reasons["t8"].startswith("t8: there is no such file") and reasons["t7"]
    for path in ward.out.rglob("*"):
        assert "anna" not in path.name and (path.is_dir() or b"anna" not in path.read_bytes())


def test_speed_says_how_long_the_rest_may_take() -> None:
    now = [0.0]
    speed = Speed(lambda: now[0])
    speed.begin(100)

    def batch(count: int, seconds: float) -> str:
        for _ in range(count):
            speed.ended(Result("k", "done", walked_s=10.0))
        now[0] += seconds
        return speed.after_batch()

    assert batch(20, 60.0) == "20 of 100 recordings, 60 s so far"  # compiles
    assert batch(20, 4.0) == "40 of 100 recordings, 64 s so far, 50 x real time, about 12 s left"
    assert batch(60, 12.0) == "100 of 100 recordings, 76 s so far, 50 x real time"


@pytest.mark.slow
def test_parts_tracked_apart_are_joined_to_the_tables_of_the_whole(hospital) -> None:
    ward: Hospital = hospital(5)
    ward.lines.append("gone,P9,v1,a,gone.npz")
    ward.run()
    whole = ward.tables()
    shutil.rmtree(ward.out)
    shares = [Share(number, 3) for number in (1, 2, 3)]
    ended = [ward.run(share=share) for share in (shares[2], shares[0])]
    assert [set(one) for one in ended] == [{"t2"}, {"t0", "t3"}]
    assert not (ward.out / "trials.parquet").exists()
    assert ward.run(share=shares[0]) == {}
    # What nobody has tracked is tracked by whoever joins, and wrong lines are told there.
    assert set(ward.run()) == {"t1", "t4", "gone"}
    assert ward.tables() == whole and ward.run(share=shares[1]) == {}


def test_walks_of_a_visit_are_in_one_part(hospital) -> None:
    ward: Hospital = hospital(4)
    ward.heading += ",camera_place,height_m"
    ward.lines = [
        f"t{i},P0,v1,a,w{i}.npz,{place},1.72" for i, place in enumerate(("", "here", "", "here"))
    ]
    parts = [set(ward.run(share=Share(number, 2))) for number in (1, 2)]
    assert parts == [{"t0", "t2"}, {"t1", "t3"}]


def test_parts_are_not_joined_while_one_is_being_tracked(hospital) -> None:
    ward: Hospital = hospital(2)
    folder = own_folder(ward.out, Share(2, 2))
    folder.mkdir(parents=True)
    with locked(folder, ward.said.append):
        with pytest.raises(InputError, match="part 2/2 is still being tracked"):
            ward.run()
        with pytest.raises(InputError, match="another process"):
            ward.run(share=Share(2, 2))
        assert set(ward.run(share=Share(1, 2))) == {"t0"}
    assert set(ward.run()) == {"t1"}


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/2"])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="the second of eight is 2/8"):
        share_of_text(text)
