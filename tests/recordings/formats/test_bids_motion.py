"""BIDS-Motion: positions by the tables beside them; every lack is a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.bids_dataset import DESCRIPTION, Participant, participants_of
from simgait.recordings.read import read_recording
from tests.pendulum import pendulum_recording

NAME = "sub-01_ses-pre_task-walk_tracksys-omc"
HEADING = "name\tcomponent\ttype\ttracked_point\tunits\tstatus"


def write_dataset(
    top: Path,
    name: str = NAME,
    *,
    points_m: Mapping[str, np.ndarray] | None = None,
    unit: str = "m",
    facts: Mapping[str, Any] | None = None,
    more: Sequence[tuple[str, np.ndarray]] = (),
    bad: Sequence[str] = (),
) -> Path:
    """A data set with one recording of a person who walks; gives the recording's path.

    `more` are further columns: their line of the table of channels, and their numbers.
    """
    if points_m is None:
        walker = pendulum_recording()
        points_m = {
            name.lower().replace(" ", "_"): walker.keypoints_m[:, i]
            for i, name in enumerate(walker.keypoint_names)
        }
    named = dict(part.split("-") for part in name.split("_"))
    folders = [f"{key}-{named[key]}" for key in ("sub", "ses") if key in named]
    folder = top.joinpath(*folders, "motion")
    folder.mkdir(parents=True, exist_ok=True)
    (top / DESCRIPTION).write_text('{"Name": "walks", "BIDSVersion": "1.9.0"}')
    scale = {"m": 1.0, "mm": 1000.0}[unit]
    lines = [HEADING, *(line for line, _ in more)]
    columns = [values for _, values in more]
    for point, values in points_m.items():
        for i, axis in enumerate("xyz"):
            status = "bad" if point in bad else "good"
            lines.append(f"{point}_{axis}\t{axis}\tPOS\t{point}\t{unit}\t{status}")
            columns.append(scale * values[:, i])
    rows = np.stack(columns, axis=1)
    text = "\n".join("\t".join("n/a" if np.isnan(v) else f"{v:.6f}" for v in row) for row in rows)
    (folder / f"{name}_motion.tsv").write_text(text + "\n")
    (folder / f"{name}_channels.tsv").write_text("\n".join(lines) + "\n")
    facts = {"SamplingFrequency": 30.0} if facts is None else facts
    (folder / f"{name}_motion.json").write_text(json.dumps(dict(facts)))
    return folder / f"{name}_motion.tsv"


def test_positions_times_and_person_are_those_of_the_data_set(tmp_path: Path) -> None:
    true = pendulum_recording()
    path = write_dataset(tmp_path, unit="mm", more=[
        ("t1_acc\tx\tACCEL\tLeftFoot\tm/s^2\tgood", np.full(len(true.time_s), 9.81))
    ])  # fmt: skip
    (tmp_path / "participants.tsv").write_text(
        "participant_id\tage\theight\tweight\nsub-01\t44\t172\t70.5\n"
    )
    found = read_recording(path)
    assert found.source_format == "bids" and found.subject_id == "01"
    assert found.height_m == pytest.approx(1.72) and found.mass_kg == 70.5
    assert found.scale_is_metric and found.fps_hz == pytest.approx(30.0)
    for name in ("Left Hip", "Right Ankle"):
        own = found.keypoints_m[:, found.keypoint_names.index(name)]
        known = true.keypoints_m[:, true.keypoint_names.index(name)]
        assert np.abs(np.ptp(own, axis=0) - np.ptp(known, axis=0)).max() < 1e-3
    assert read_recording(path, height_m=1.6, fps_hz=60.0).fps_hz == pytest.approx(60.0)


def test_facts_are_inherited_and_the_nearer_ones_win(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, facts={})
    with pytest.raises(InputError, match="no file beside it says its SamplingFrequency"):
        read_recording(path)
    (tmp_path / "task-walk_motion.json").write_text('{"SamplingFrequency": 25}')
    (tmp_path / "task-run_motion.json").write_text('{"SamplingFrequency": 99}')
    assert read_recording(path).fps_hz == pytest.approx(25.0)
    (tmp_path / "sub-01/sub-01_task-walk_motion.json").write_text(
        '{"SamplingFrequency": 50, "SamplingFrequencyEffective": 49.5}'
    )
    assert read_recording(path).fps_hz == pytest.approx(49.5)


def test_latencies_say_when_samples_were(tmp_path: Path) -> None:
    count = len(pendulum_recording().time_s)
    line = "latency\tn/a\tLATENCY\tn/a\ts\tgood"
    path = write_dataset(tmp_path, more=[(line, np.arange(count) / 40.0)])
    assert read_recording(path).fps_hz == pytest.approx(40.0)


def test_what_the_data_set_calls_bad_and_what_is_not_there_is_missing(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, bad=("left_big_toe",))
    found = read_recording(path)
    assert (
        "Left Big Toe" not in found.keypoint_names
        or np.isnan(found.keypoints_m[:, found.keypoint_names.index("Left Big Toe")]).all()
    )
    assert any("calls bad were left out: left_big_toe" in note for note in found.notes)
    text = path.read_text().split("\n")
    text[3] = "\t".join("n/a" for _ in text[3].split("\t"))
    path.write_text("\n".join(text))
    assert np.isnan(read_recording(path).keypoints_m[3]).all()


@pytest.mark.parametrize(
    ("ending", "change", "sentence"),
    [
        ("channels", None, "there is no sub-01_.*_channels.tsv beside it"),
        ("channels", ("tracked_point", "point"), "nothing in a column tracked_point"),
        ("channels", ("\tPOS\t", "\tACCEL\t"), "none of its channels is of the type POS"),
        ("channels", ("left_hip_y\ty", "left_hip_y\tx"), "two channels are x of left_hip"),
        ("channels", ("left_hip\tm\t", "left_hip\tcm\t"), "its positions are in cm, m"),
        ("channels", ("\tm\t", "\tfurlong\t"), "furlong"),
        ("motion", ("\n", "\t1.0\n"), "line 1 has .* cells, but the table of channels names"),
    ],
)
def test_a_data_set_that_lacks_something_is_told_so(
    tmp_path: Path, ending: str, change: tuple[str, str] | None, sentence: str
) -> None:
    path = write_dataset(tmp_path)
    file = path.with_name(f"{NAME}_{ending}.tsv")
    if change is None:
        file.unlink()
    else:
        once = 1 if ending == "motion" else -1
        file.write_text(file.read_text().replace(*change, once))
    with pytest.raises(InputError, match=sentence):
        read_recording(path)


def test_a_word_among_the_numbers_is_told_with_its_line(tmp_path: Path) -> None:
    path = write_dataset(tmp_path)
    lines = path.read_text().split("\n")
    lines[2] = lines[2] + "x"
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match="line 3 holds .*x', which is no number"):
        read_recording(path)


def test_numbers_of_another_name_are_no_bids(tmp_path: Path) -> None:
    path = write_dataset(tmp_path).rename(tmp_path / "numbers.tsv")
    with pytest.raises(InputError, match="numbers without names of their columns"):
        read_recording(path)


def test_participants_in_any_unit_and_with_gaps(tmp_path: Path) -> None:
    (tmp_path / "participants.tsv").write_text(
        "participant_id\tage\tsex\theight_m\tmass_kg\n"
        "sub-a\t7.5\tF\t1.24\tn/a\nsub-b\tn/a\tn/a\t181\t80\nsub-c\told\tx\tn/a\tn/a\n"
    )
    assert participants_of(tmp_path) == {
        "a": Participant(1.24, None, 7.5, "female"),
        "b": Participant(1.81, 80.0),
        "c": Participant(),
    }
    assert participants_of(tmp_path / "none") == {}
