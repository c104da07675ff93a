"""Many recordings: batches, names of folders, and failures that stay alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simgait import pipeline
from simgait.cohort import results_folder
from simgait.cohort.folder_names import FolderNames
from simgait.cohort.inputs import failure_sentence, find_inputs, recordings_in
from simgait.cohort.summary_file import read_summary
from simgait.cohort.track_files import HowFar, prepared_walks
from simgait.errors import InputError
from simgait.pipeline import TrackOptions
from simgait.recordings.subject_codes import NAME_IN_FILE
from tests.cli.conftest import Walk


def test_one_trial_that_breaks_the_batch_does_not_take_the_others(
    laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory("a", "b", "c")
    works = pipeline.track_walks

    def track(policy: Any, walks: list[Any], done: Any, **_: Any) -> list[Any]:
        if any(walk.trial.trial_id == "b" for walk in walks):
            raise FloatingPointError("not finite")
        return works(policy, walks, done)

    monkeypatch.setattr(pipeline, "track_walks", track)
    outcomes = lab.track()
    assert [(o.trial_id, o.failure != "") for o in outcomes] == [
        ("a", False), ("b", True), ("c", False),
    ]  # fmt: skip
    assert "not finite" in outcomes[1].failure


def test_what_cannot_be_judged_or_written_does_not_take_the_others(
    laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory("a", "b", "c")
    judges, writes = pipeline.analyse_walk, pipeline.write_report

    def analyse(walk: object, tracked: object, policy: object) -> object:
        if tracked.trial.trial_id == "a":  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return judges(walk, tracked, policy)  # type: ignore[arg-type]

    def write(folder: Path, *rest: object, **more: object) -> list[Path]:
        if folder.name == "b":
            raise InputError("no room")
        return writes(folder, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "analyse_walk", analyse)
    monkeypatch.setattr(pipeline, "write_report", write)
    failures = [(one.trial_id, one.failure) for one in lab.track() if one.failure]
    assert [name for name, _ in failures] == ["a", "b"]
    assert "ZeroDivisionError" in failures[0][1] and failures[1][1] == "no room"


def test_names_of_folders(tmp_path: Path, good_walk: Walk) -> None:
    file = find_inputs([good_walk.save(tmp_path / "Walk.npz", subject_id="P1")])[0]
    trial = prepared_walks(file, TrackOptions())[0].trial
    names = FolderNames(tmp_path / "out", overwrite=False)
    assert [names.take(trial) for _ in range(4)] == [
        "Walk",
        *[f"P1-Walk{n}" for n in ("", "-2", "-3")],
    ]
    (tmp_path / "out" / "walk").mkdir(parents=True)
    (tmp_path / "out" / "Walk").mkdir(exist_ok=True)
    names = FolderNames(tmp_path / "out", overwrite=False)
    assert names.take(trial) == "Walk"
    (tmp_path / "out" / "Walk" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="--overwrite"):
        FolderNames(tmp_path / "out", overwrite=False).take(trial)
    assert FolderNames(tmp_path / "out", overwrite=True).take(trial) == "Walk"


def test_folders_stand_for_their_recordings(tmp_path: Path) -> None:
    for name in ("b.npz", "a.c3d", "notes.txt", ".hidden.npz", "sub/c.trc", "sub/x.asf",
                 "done/report.html", "done/provenance.json", "done/keypoints.trc",
                 "results/d.npz"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    found = find_inputs([tmp_path, tmp_path / "b.npz"], exclude=tmp_path / "results")
    assert [f.label for f in found] == ["a.c3d", "b.npz", "sub/c.trc"]


def test_sentences_name_the_input_once() -> None:
    assert failure_sentence("in/w.npz", InputError("w.npz: it is\nempty.")) == "it is empty."
    assert failure_sentence("w.npz", InputError("w: no walk.")) == "no walk."
    assert "ValueError" in failure_sentence("w.npz", ValueError("odd"))


def test_inputs_that_lead_nowhere_are_refused_before_anything_is_made(
    laboratory, tmp_path: Path
) -> None:
    lab = laboratory("a")
    with pytest.raises(InputError, match="typo: there is no such file"):
        recordings_in([lab.inputs, tmp_path / "typo"])
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match="nothing: there is no recording in this folder"):
        recordings_in([tmp_path / "nothing"])
    # Beside recordings an empty folder is told, and is nobody's row.
    lab.inputs.rename(tmp_path / "nothing" / "in")
    (tmp_path / "empty").mkdir()
    files = recordings_in([tmp_path / "empty", tmp_path / "nothing"])
    assert [bool(file.failure) for file in files] == [True, False]


def test_an_empty_folder_is_told_and_has_no_row(laboratory, tmp_path: Path, monkeypatch) -> None:
    lab = laboratory("a")
    (tmp_path / "empty").mkdir()
    files = recordings_in([tmp_path / "empty", lab.inputs])
    outcomes = list(results_folder.track_into(lab.out, lab.policy, files, TrackOptions()))
    assert [bool(one.failure) for one in outcomes] == [True, False]
    assert [row["trial"] for row in read_summary(lab.out).rows] == ["a"]


def test_the_same_recording_twice_is_named(laboratory) -> None:
    lab = laboratory("a", "b", "c")
    (lab.inputs / "d.npz").write_bytes((lab.inputs / "a.npz").read_bytes())
    lab.track()
    twins = [text for text in lab.said if "is the same recording as" in text]
    named = {text.removeprefix("note: ").split(";")[0] for text in twins}
    # All of them hold the same walk; each is held against the first.
    assert named == {f"{x}.npz is the same recording as a.npz" for x in "bcd"}
    lab.said.clear()
    lab.track()
    assert len([text for text in lab.said if "is the same recording as" in text]) == 3


def test_a_file_that_names_a_person_is_warned_of(laboratory, good_walk) -> None:
    lab = laboratory("a", "b")
    good_walk.save(lab.inputs / "b.npz", subject_id="Maria Müller")
    lab.track()
    warnings = [text for text in lab.said if text.startswith("warning: ")]
    assert warnings == [f"warning: b.npz: {NAME_IN_FILE}"]


def test_recordings_that_differ_are_no_twins(laboratory, good_walk) -> None:
    lab = laboratory("a", "b")
    good_walk.save(lab.inputs / "b.npz", subject_id="P2")
    lab.track()
    assert not any("same recording" in text for text in lab.said)


def test_within_a_batch_it_says_how_long_the_rest_may_take() -> None:
    said: list[str] = []
    clock = iter([60.0, 150.0])
    far = HowFar(9, said.append, lambda: next(clock))
    far(3, 0.25)
    far(8, 0.75)
    far(9, 1.0)
    assert said == [
        "simulated 3 of 9 walks, 25 % of the work done, compiling included ...",
        "simulated 8 of 9 walks, about 45 s left in this batch ...",
        "writing what came out of 9 trials ...",
    ]


def test_within_walks_of_one_length_it_says_so_every_few_seconds() -> None:
    said: list[str] = []
    clock = iter([20.0, 25.0, 31.0, 33.0])
    far = HowFar(9, said.append, lambda: next(clock))
    for tracked, share in ((0, 0.1), (0, 0.2), (0, 0.4), (8, 0.5)):
        far(tracked, share)
    assert said == [
        "simulating 9 walks, 10 % of the work done, compiling included ...",
        "simulating 9 walks, about 22 s left in this batch ...",
        "simulated 8 of 9 walks, about 16 s left in this batch ...",
    ]


def test_a_minute_of_compiling_makes_no_hour_of_what_is_left() -> None:
    said: list[str] = []
    clock = iter([60.0, 70.0])
    far = HowFar(4, said.append, lambda: next(clock))
    far(0, 1 / 61)
    far(1, 16 / 61)
    assert not any("min left" in text for text in said)
    assert said[-1] == "simulated 1 of 4 walks, about 30 s left in this batch ..."


def test_the_batch_says_so_on_its_way(laboratory) -> None:
    lab = laboratory("a", "b")
    lab.track()
    assert "writing what came out of 2 trials ..." in lab.said
