"""What is written as BIDS-Motion is read back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.bids_dataset import is_dataset, participants_of, read_tsv
from simgait.recordings.formats.bids_export import write_bids_motion
from simgait.recordings.read import read_recording
from simgait.types import Recording
from tests.pendulum import pendulum_recording


def measured() -> Recording:
    made = pendulum_recording()
    points = made.keypoints_m.copy()
    points[7:9, made.keypoint_names.index("Left Ankle")] = np.nan
    return replace(
        made, keypoints_m=points, scale_is_metric=True, subject_id="P07", height_m=1.71,
        mass_kg=66.5, belt_speed_mps=None, pelvis_travels=True,
    )  # fmt: skip


def test_positions_times_and_person_come_back(tmp_path: Path) -> None:
    recording = measured()
    path = write_bids_motion(tmp_path / "set", recording, "walk")
    assert is_dataset(tmp_path / "set")
    found = read_recording(path)
    assert found.subject_id == "P07" and found.mass_kg == 66.5
    assert found.height_m == pytest.approx(1.71) and found.scale_is_metric
    assert np.allclose(found.time_s, recording.time_s - recording.time_s[0], atol=1e-6)
    for name in recording.keypoint_names:
        own = found.keypoints_m[:, found.keypoint_names.index(name)]
        known = recording.keypoints_m[:, recording.keypoint_names.index(name)]
        assert np.allclose(own, known, atol=1e-6, equal_nan=True), name


def test_tables_say_what_the_specification_asks_for(tmp_path: Path) -> None:
    path = write_bids_motion(tmp_path, measured(), "walk")
    assert path.name == "sub-P07_task-walk_tracksys-simgait_motion.tsv"
    facts = json.loads(path.with_name(path.name.replace(".tsv", ".json")).read_text())
    assert facts["TaskName"] == "walk" and facts["SamplingFrequency"] == pytest.approx(30.0)
    channels = read_tsv(path.with_name(path.name.replace("_motion", "_channels")))
    assert len(channels) == facts["MotionChannelCount"]
    assert {row["type"] for row in channels} == {"POS", "LATENCY"}
    n_columns = {len(line.split("\t")) for line in path.read_text().splitlines()}
    assert n_columns == {len(channels)}


def test_a_data_set_grows_and_who_is_in_it_stays(tmp_path: Path) -> None:
    (tmp_path / "participants.tsv").write_text("participant_id\tage\tsex\nsub-01\t44\tF\n")
    one = measured()
    write_bids_motion(tmp_path, one, "walk")
    write_bids_motion(tmp_path, replace(one, height_m=1.9), "fast walk")
    people = participants_of(tmp_path)
    assert people["01"].age_years == 44.0 and people["01"].sex == "female"
    assert people["P07"].height_m == pytest.approx(1.71) and set(people) == {"01", "P07"}
    with pytest.raises(InputError, match="task-fastwalk_.*is there already"):
        write_bids_motion(tmp_path, one, "fast-walk")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"scale_is_metric": False}, "positions are a detector's"),
        ({"belt_speed_mps": 1.1}, "no place for the belt's speed"),
        ({"subject_id": ""}, "the person's code"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        write_bids_motion(tmp_path / "set", replace(measured(), **change), "walk")
    assert not (tmp_path / "set").exists()
