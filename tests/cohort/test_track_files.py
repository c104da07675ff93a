"""Many recordings: batches, names of folders, and failures that stay alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from simgait import pipeline
from simgait.cohort.folder_names import FolderNames
from simgait.cohort.inputs import failure_sentence, find_inputs
from simgait.cohort.track_files import Outcome, Waiting, prepared_walks, track_batch
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.pipeline import AnalysedWalk, TrackOptions
from tests import stand_ins
from tests.cli.conftest import Walk


def test_one_trial_that_breaks_the_batch_does_not_take_the_others(
    monkeypatch: pytest.MonkeyPatch, good_walk: Walk, tmp_path: Path
) -> None:
    files = [good_walk.save(tmp_path / f"{name}.npz") for name in "abc"]
    batch = [
        Waiting(file.label, file.path.stem, prepared_walks(file, TrackOptions())[0])
        for file in find_inputs(files)
    ]

    def track(policy: object, walks: list[Any]) -> list[Any]:
        if any(walk.trial.trial_id == "b" for walk in walks):
            raise FloatingPointError("not finite")
        return [Mock(AnalysedWalk, trial=walk.trial) for walk in walks]

    monkeypatch.setattr(pipeline, "track_and_analyse", track)
    unused = stand_ins.policy(TrainingConfig(), {})
    outcomes: list[Outcome] = track_batch(unused, batch)
    assert [(o.trial_id, o.failure != "") for o in outcomes] == [
        ("a", False), ("b", True), ("c", False),
    ]  # fmt: skip
    assert "not finite" in outcomes[1].failure


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
