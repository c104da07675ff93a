"""A call that was stopped, and what the next one makes of it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from typing import Any

import pytest

from simgait import pipeline
from simgait.cohort import track_files
from simgait.cohort.inputs import recordings_in
from simgait.cohort.results_folder import track_into
from simgait.errors import InputError
from simgait.files import csv_text
from simgait.folder_lock import locked
from simgait.parameters.norm_rows import NormRow, NormSource, NormTable
from simgait.parameters.summary_table import summary_columns
from simgait.pipeline import TrackOptions
from tests.cohort.conftest import Killed, Laboratory, another
from tests.gait.conftest import made_up_strides


def rows(lab: Laboratory) -> list[dict[str, str]]:
    with (lab.out / "summary.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def listed(lab: Laboratory) -> list[tuple[str, str]]:
    return [(row["trial"], row["verdict"]) for row in rows(lab)]


def test_every_walk_is_listed_as_soon_as_it_is_done(laboratory, monkeypatch) -> None:
    lab = laboratory("a", "b", "c")
    lab.kill_after = 2
    with pytest.raises(Killed):
        lab.track()
    assert listed(lab) == [("a", "use_all"), ("b", "use_all")]
    page = (lab.out / "index.html").read_text(encoding="utf-8")
    assert "2 walks: all numbers usable in 2" in page


@pytest.mark.parametrize(
    ("before", "batch"),
    [
        pytest.param(0, 64, marks=pytest.mark.slow),
        pytest.param(3, 64, marks=pytest.mark.slow),
        (1, 2),
    ],
)
def test_the_same_call_goes_on_and_ends_as_if_never_stopped(
    laboratory, monkeypatch, before: int, batch: int
) -> None:
    monkeypatch.setattr(track_files, "BATCH", batch)
    lab = laboratory("a", "b", "c", "d")
    (lab.inputs / "broken.npz").write_bytes(b"")
    lab.track()
    whole = lab.contents()
    shutil.rmtree(lab.out)

    lab.kill_after = before
    with pytest.raises(Killed):
        lab.track()
    assert (lab.out / ".simgait-part-half").exists()
    lab.kill_after = None
    outcomes = lab.track()
    assert lab.contents() == whole
    assert sum(one.kept for one in outcomes) == before and len(outcomes) == 5
    assert not any(one.failure for one in outcomes if one.label != "broken.npz")
    # What is done is tracked again only beside others that are not, for the sake of equal numbers.
    lab.tracked.clear()
    lab.track()
    assert lab.tracked == [] and lab.contents() == whole


def test_other_healthy_people_are_other_numbers(laboratory) -> None:
    lab = laboratory("a")
    lab.track()
    own = made_up_strides().reference(name="our ten")
    with pytest.raises(InputError, match=r"--reference \(changed\)"):
        lab.track(reference=own)
    (outcome,) = lab.track(reference=own, overwrite=True)
    assert not outcome.kept and lab.track(reference=own)[0].kept


def test_other_norms_are_another_report(laboratory) -> None:
    lab = laboratory("a")
    lab.track()
    row = NormRow("cadence_spm", 20.0, 40.0, 110.0, 8.0, 30, "lab")
    own = NormTable((row,), {"lab": NormSource("lab", "lab")}, sha256="ab" * 32)
    with pytest.raises(InputError, match=r"--norms \(changed"):
        lab.track(norms=own)
    (outcome,) = lab.track(norms=own, overwrite=True)
    assert not outcome.kept and lab.track(norms=own)[0].kept


def test_a_table_that_died_with_the_process_is_made_again(laboratory) -> None:
    lab = laboratory("a", "b")
    lab.track()
    whole = lab.contents()
    (lab.out / "summary.csv").unlink()
    (lab.out / "index.html").write_text("half")
    lab.track()
    assert lab.contents() == whole


def test_a_number_that_was_typed_over_is_the_measured_one_again(laboratory) -> None:
    lab = laboratory("a", "b")
    lab.track()
    table = (lab.out / "summary.csv").read_text(encoding="utf-8")
    edited = table.replace(",1.002,", ",1.234,", 1)
    assert edited != table
    (lab.out / "summary.csv").write_text(edited, encoding="utf-8")
    lab.said.clear()
    lab.track()
    assert (lab.out / "summary.csv").read_text(encoding="utf-8") == table
    assert any("velocity_mps" in one for one in lab.said), lab.said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace(",1.002,", ",fast,", 1), "line 2: velocity_mps is 'fast'"),
        (lambda text: text.replace("velocity_mps,", "", 1), "lacks the column velocity_mps"),
        (lambda text: text.replace(",use_all,", ",splendid,", 1), "line 2: verdict is 'splendid'"),
        (lambda text: text + "a,b\n", "line 4: it has not as many cells"),
        (
            lambda text: text.replace("\n", ",x\n").replace(",x", ",trial", 1),
            "has two columns trial",
        ),
        (lambda text: text.replace("\n", ",x\n").replace(",x", ",", 1), "a column without a name"),
        (lambda text: text.replace(",1.002,", ',"1,002",', 1), "'1,002', which is no number"),
        (lambda text: text.replace("in,,a,", "in,,../a,", 1), "line 2: folder is '../a'"),
    ],
)
def test_a_table_that_cannot_be_merged_is_refused_before_work_starts(
    laboratory, change, words: str
) -> None:
    lab = laboratory("a", "b")
    lab.track()
    (lab.inputs / "c.npz").write_bytes((lab.inputs / "a.npz").read_bytes())
    edited = change((lab.out / "summary.csv").read_text(encoding="utf-8"))
    (lab.out / "summary.csv").write_text(edited, encoding="utf-8")
    lab.tracked.clear()
    before = lab.contents()
    with pytest.raises(InputError) as caught:
        lab.track()
    assert words in str(caught.value) and "move it away" in str(caught.value)
    assert lab.tracked == [] and lab.contents() == before
    (lab.out / "summary.csv").rename(lab.out.parent / "edited.csv")
    lab.track()
    assert listed(lab) == [("a", "use_all"), ("b", "use_all"), ("c", "use_all")]


def with_column(text: str) -> str:
    """A column of remarks, put before all others."""
    heading, *rows = text.splitlines()
    return "\n".join([f"remark,{heading}", *(f"looked at {i},{r}" for i, r in enumerate(rows))])


def reordered(text: str) -> str:
    rows = [row[::-1] for row in csv.reader(io.StringIO(text))]
    return csv_text(rows[0], rows[1:])


def spreadsheet(text: str) -> str:
    """As a spreadsheet saves it where decimals have commas: semicolons, and an empty column."""
    rows = list(csv.reader(io.StringIO(text)))
    cells = [[re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]
    return "\r\n".join(";".join([*row, ""]) for row in cells)


@pytest.mark.parametrize(
    ("change", "encoding", "said"),
    [
        (with_column, "utf-8", "columns of your own (remark), which stay"),
        (reordered, "utf-8", "its columns in another order"),
        (spreadsheet, "utf-8", "semicolons between its cells; decimal commas"),
        pytest.param(spreadsheet, "utf-16", "UTF-16", marks=pytest.mark.slow),
    ],
)
def test_a_table_that_was_edited_is_read_and_what_was_added_stays(
    laboratory, change, encoding: str, said: str
) -> None:
    lab = laboratory("a", "b")
    lab.track()
    table = lab.out / "summary.csv"
    before = rows(lab)
    table.write_bytes(change(table.read_text(encoding="utf-8")).encode(encoding))
    (lab.inputs / "c.npz").write_bytes((lab.inputs / "a.npz").read_bytes())
    lab.track()
    after = rows(lab)
    assert [{name: row[name] for name in summary_columns()} for row in after[:2]] == before
    assert after[2]["trial"] == "c" and any(said in line for line in lab.said)
    if change is with_column:
        assert [row["remark"] for row in after] == ["looked at 0", "looked at 1", ""]
        another(lab, "other")
        lab.said.clear()
        lab.track(overwrite=True)
        remarks = {row["trial"]: row["remark"] for row in rows(lab)}
        assert remarks == {"a": "looked at 0", "b": "looked at 1", "c": ""}


def test_a_table_that_somebody_saves_meanwhile_is_put_aside(laboratory) -> None:
    lab = laboratory("a", "b")
    call = track_into(
        lab.out, lab.policy, recordings_in([lab.inputs]), TrackOptions(), tell=lab.said.append
    )
    next(call)
    (lab.out / "summary.csv").write_text("mine now", encoding="utf-8")
    list(call)
    assert (lab.out / "summary-changed-1.csv").read_text(encoding="utf-8") == "mine now"
    assert listed(lab) == [("a", "use_all"), ("b", "use_all")]
    assert any("summary.csv was changed while" in text for text in lab.said)


def test_what_differs_is_said_and_nothing_is_tracked(laboratory) -> None:
    lab = laboratory("a", "b")
    lab.track(height_m=1.7)
    before = lab.contents()
    lab.tracked.clear()
    with pytest.raises(InputError, match=r"a.npz, b.npz: .* --height \(1.7, now 1.8; in"):
        lab.track(height_m=1.8)
    another(lab, "other")
    with pytest.raises(InputError, match=r"policy \(mine, now other\); give --overwrite"):
        lab.track(height_m=1.7)
    assert lab.tracked == [] and lab.contents() == before

    lab.track(height_m=1.8, overwrite=True)
    assert lab.tracked == [["a", "b"]]
    assert {row["height_m"] for row in rows(lab)} == {"1.8"}
    record = json.loads((lab.out / "a" / "walk.json").read_text())
    assert record["request"]["policy"] == "other"


def test_a_file_that_has_changed_is_told_from_one_that_has_not(laboratory, good_walk) -> None:
    lab = laboratory("a", "b")
    lab.track()
    good_walk.save(lab.inputs / "b.npz", subject_id="somebody")
    with pytest.raises(InputError, match=r"^b.npz: .*the recording itself \(changed\)"):
        lab.track()
    outcomes = lab.track(overwrite=True)
    assert [one.trial_id for one in outcomes if one.kept] == ["a"]
    assert [row["subject"] for row in rows(lab)] == ["in", "somebody"]


def test_a_walk_of_nobody_has_no_subject(laboratory, good_walk) -> None:
    lab = laboratory("a", "b")
    good_walk.save(lab.inputs / "b.npz", subject_id="")
    lab.track()
    assert [row["subject"] for row in rows(lab)] == ["in", ""]


def test_an_overwriting_call_that_was_stopped_goes_on_as_well(laboratory) -> None:
    lab = laboratory("a", "b", "c")
    lab.track()
    another(lab, "other")
    lab.kill_after = 1
    with pytest.raises(Killed):
        lab.track(overwrite=True)
    # The one that was being replaced is no result of either.
    assert not {"walk.json", "provenance.json"} & {p.name for p in (lab.out / "b").iterdir()}
    lab.kill_after = None
    outcomes = lab.track(overwrite=True)
    assert [one.trial_id for one in outcomes if one.kept] == ["a"]
    assert [one.trial_id for one in outcomes if not one.kept] == ["b", "c"]
    assert {row["velocity_mps"] for row in rows(lab)} == {"1.003"}


def test_one_table_holds_one_policy(laboratory) -> None:
    lab = laboratory("a")
    lab.track()
    (lab.inputs / "a.npz").rename(lab.inputs / "b.npz")
    (lab.inputs / "b.npz").write_bytes(b"x" + (lab.inputs / "b.npz").read_bytes())
    another(lab, "other")
    with pytest.raises(InputError, match=r"other recordings \(a\).*policy \(mine, now other\)"):
        lab.track()


def test_people_of_other_heights_share_a_table(laboratory) -> None:
    lab = laboratory("a")
    lab.track(height_m=1.7)
    (lab.inputs / "a.npz").rename(lab.inputs / "b.npz")
    lab.track(height_m=1.8)
    assert [(row["trial"], row["height_m"]) for row in rows(lab)] == [("a", "1.7"), ("b", "1.8")]


def test_a_folder_given_by_another_way_is_known_again(laboratory) -> None:
    lab = laboratory("p1/walk", "p2/walk")
    lab.track()
    assert [row["folder"] for row in rows(lab)] == ["walk", "p2-walk"]
    lab.inputs = lab.inputs / "p2"
    (outcome,) = lab.track()
    assert outcome.kept and outcome.folder == "p2-walk"
    assert [row["source"] for row in rows(lab)] == ["p1/walk.npz", "p2/walk.npz"]


def test_results_that_say_nothing_of_themselves_are_not_replaced_unasked(laboratory) -> None:
    lab = laboratory("a", "b")
    (lab.out / "a").mkdir(parents=True)
    (lab.out / "a" / "notes.txt").write_text("mine")
    outcomes = lab.track()
    assert [(one.trial_id, bool(one.failure)) for one in outcomes] == [("a", True), ("b", False)]
    assert "--overwrite" in outcomes[0].failure
    lab.track(overwrite=True)
    assert listed(lab) == [("a", "use_all"), ("b", "use_all")]
    assert (lab.out / "a" / "notes.txt").read_text() == "mine"


def test_two_calls_at_once_do_not_meet_in_one_folder(laboratory) -> None:
    lab = laboratory("a")
    lab.out.mkdir()
    with locked(lab.out, lab.said.append), pytest.raises(InputError, match="another process"):
        lab.track()
    lab.track()
    assert listed(lab) == [("a", "use_all")]


def test_nothing_is_left_where_nothing_was_done(laboratory, monkeypatch) -> None:
    lab = laboratory("a")

    def die(*_: object, **__: object) -> list[Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "track_walks", die)
    with pytest.raises(KeyboardInterrupt):
        lab.track()
    assert not lab.out.exists()


def test_records_and_tables_hold_no_folders_of_the_machine(laboratory) -> None:
    lab = laboratory("p1/walk")
    lab.track(height_m=1.7)
    (lab.out / "summary.csv").unlink()
    lab.track(height_m=1.7)
    for name, content in lab.contents().items():
        assert str(lab.inputs.parent).encode() not in content, name


def test_a_comparison_in_the_folder_is_replaced_only_where_that_was_asked_for(laboratory) -> None:
    lab = laboratory("a")
    lab.out.mkdir()
    ours, own = ("change.html", "change.csv", "change_curves.csv"), ("trend.html", "notes.txt")
    for name in ours:
        (lab.out / name).write_text("Made with simgait", "utf-8")
    for name in own:
        (lab.out / name).write_text("mine", "utf-8")
    before = lab.contents()
    with pytest.raises(InputError, match="holds a comparison of two visits; give --overwrite"):
        lab.track()
    assert lab.contents() == before and lab.tracked == []
    lab.track(overwrite=True)
    assert not [name for name in ours if (lab.out / name).exists()]
    assert all((lab.out / name).read_text("utf-8") == "mine" for name in own)
    assert "removed from out, of an earlier call: change.html, change.csv" in " ".join(lab.said)
    assert lab.track()[0].kept
