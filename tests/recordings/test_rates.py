"""A frame rate that overrules a file's own clock is used, and a note says both."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from simgait.recordings.formats.trc import write_trc
from simgait.recordings.rates import rate_notes, two_rates_notes
from simgait.recordings.read import read_recording

EVEN_S = np.arange(90) / 30.0
SAID = "Frame rate: the 50 Hz given were used, though the file"


@pytest.mark.parametrize(
    ("said_hz", "time_s", "note"),
    [
        (50.0, EVEN_S, "though the file's time stamps run at 30 Hz."),
        (30.0, EVEN_S + 7.0, None),
        (30.0, np.round(EVEN_S, 2), None),
        (29.97, EVEN_S, None),  # 3 ms in 3 s
        (29.97, np.arange(1800) / 30.0, "lie up to 0.06 s from even ones at that rate."),
        (30.0, np.where(EVEN_S > 1.5, EVEN_S + 0.4, EVEN_S), "lie up to 0.4 s from even ones"),
        (30.0, EVEN_S[::-1], "some of which are missing or do not rise."),
        (30.0, np.where(EVEN_S == 1.0, np.nan, EVEN_S), "some of which are missing"),
        (30.0, 1000.0 * EVEN_S, "33.3333 apart, are others, which cannot be seconds."),
        (30.0, np.array(["a", "b"]), None),
        (30.0, np.zeros(1), None),
    ],
)
def test_what_is_said_of_a_rate_that_overrules(said_hz, time_s, note):
    notes = rate_notes(said_hz, time_s)
    assert len(notes) == (note is not None)
    assert not notes or (note in notes[0] and f"the {said_hz:g} Hz given were used" in notes[0])


def test_a_file_that_states_two_rates_is_told_so():
    (note,) = two_rates_notes(60.0, "the file's frame rate", EVEN_S)
    assert note.startswith("the file's frame rate is 60 Hz, but the times run at 30 Hz; the times")
    for stated_hz in (30.0, 29.97, float("nan"), -5.0):
        assert two_rates_notes(stated_hz, "x", EVEN_S) == ()
    assert two_rates_notes(60.0, "x", np.zeros(0)) == ()


def npz(path, recording):
    np.savez(
        path.with_suffix(".npz"), keypoints=recording.keypoints_m, unit="m", axes="z-up",
        names=np.array(recording.keypoint_names), time_s=recording.time_s,
    )  # fmt: skip
    return path.with_suffix(".npz")


def trc(path, recording):
    names = recording.keypoint_names
    write_trc(path.with_suffix(".trc"), recording.time_s, names, recording.keypoints_m)
    return path.with_suffix(".trc")


def as_json(path, recording):
    facts = {
        "names": recording.keypoint_names, "unit": "m", "axes": "z-up", "fps_hz": 25,
        "frames": [
            {"time_ms": 1000.0 * time_s, "keypoints": points.tolist()}
            for time_s, points in zip(recording.time_s, recording.keypoints_m, strict=True)
        ],
    }  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(facts))
    return path.with_suffix(".json")


def as_csv(path, recording):
    heading = [f"{n}_{a}".replace(" ", "_") for n in recording.keypoint_names for a in "xyz"]
    rows = np.column_stack([recording.time_s, recording.keypoints_m.reshape(len(EVEN_S), -1)])
    lines = [",".join(["timestamp", *heading]), *(",".join(map(str, row)) for row in rows.tolist())]
    path.with_suffix(".csv").write_text("\n".join(lines))
    return path.with_suffix(".csv")


@pytest.mark.parametrize("written", [npz, trc, as_json, as_csv])
def test_every_reader_of_time_stamps_says_both(tmp_path, walk, written):
    recording = walk(seconds=3.0)
    path = written(tmp_path / "w", recording)
    facts: dict[str, Any] = {"unit": "m", "axes": "z-up"} if written is as_csv else {}
    back = read_recording(path, fps_hz=50.0, **facts)
    assert np.diff(back.time_s) == pytest.approx(0.02)
    (note,) = [n for n in back.notes if "stamps" in n]
    assert note == f"{SAID}'s time stamps run at 30 Hz."
    again = read_recording(path, fps_hz=30.0, **facts)
    assert not [n for n in again.notes if "stamps" in n]


def test_a_json_whose_rate_denies_its_times_is_read_by_these(tmp_path, walk):
    back = read_recording(as_json(tmp_path / "w", walk(seconds=3.0)))
    assert np.diff(back.time_s) == pytest.approx(1 / 30)
    assert [n for n in back.notes if n.startswith("the file's frame rate is 25 Hz, but the times")]


def test_a_rate_that_overrules_a_header_without_times_is_told(tmp_path, walk):
    path = trc(tmp_path / "w", walk(seconds=3.0))
    lines = path.read_text().splitlines()
    rows = ["\t".join([r.split("\t")[0], "0", *r.split("\t")[2:]]) for r in lines[6:]]
    path.write_text("\n".join([*lines[:6], *rows]))
    notes = read_recording(path, fps_hz=50.0).notes
    assert f"{SAID} says 30 Hz." in notes
