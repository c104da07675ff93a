"""CSV of detectors in the layouts that people have, each with the same walk in it."""

import csv
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.read import is_readable, read_recording

FACTS: dict[str, Any] = {"unit": "m", "axes": "z-up"}


def table(path, heading, rows, delimiter=",", comma=False):
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(heading)
        for row in rows:
            writer.writerow([str(c).replace(".", ",") if comma else c for c in row])
    return path


def wide(recording, column, *, confidence=None, time=None):
    """Heading and rows of one row per frame."""
    names = recording.keypoint_names
    axes = ("x", "y", "z") if confidence is None else ("x", "y", "z", confidence)
    heading = [column(name, i, axis) for i, name in enumerate(names) for axis in axes]
    rows = []
    for t, frame in enumerate(recording.keypoints_m):
        values = [[*xyz, 0.5][: len(axes)] for xyz in frame.tolist()]
        rows.append([v for value in values for v in value])
        if time is not None:
            rows[-1] = [time(recording.time_s[t]), *rows[-1]]
    return heading, rows


def same_walk(back, recording):
    for name in recording.keypoint_names:
        np.testing.assert_allclose(
            back.keypoints_m[:, back.keypoint_names.index(name)],
            recording.keypoints_m[:, recording.keypoint_names.index(name)],
        )


def plain(name):
    return name.lower().replace(" ", "_")


@pytest.mark.parametrize(
    "column",
    [
        lambda name, i, axis: f"{plain(name)}_{axis}",
        lambda name, i, axis: f"body_{plain(name)}_{axis}",
        lambda name, i, axis: f"{axis}_{plain(name)}",
        lambda name, i, axis: f"{name} {axis.upper()}",
        lambda name, i, axis: f"{name.replace(' ', '')}{axis.upper()}",
        lambda name, i, axis: f"{name.upper()}.{axis}",
    ],
)
def test_one_row_per_frame_however_columns_are_named(tmp_path, walk, column):
    recording = walk()
    path = table(tmp_path / "w.csv", *wide(recording, column))
    assert is_readable(path)
    same_walk(read_recording(path, fps_hz=30.0, **FACTS), recording)


def test_a_coordinate_in_two_columns_is_named(tmp_path, walk):
    heading, rows = wide(walk(), lambda name, i, axis: f"{plain(name)}_{axis}")
    again = heading.index("left_knee_x")
    path = table(
        tmp_path / "w.csv", [*heading, heading[again]], [[*row, row[again]] for row in rows]
    )
    with pytest.raises(InputError, match="the column 'left_knee_x' occurs twice; rename or remove"):
        read_recording(path, fps_hz=30.0, **FACTS)


def test_a_table_wider_than_any_person_is_refused_before_it_is_read(tmp_path):
    heading = ",".join(f"p{i // 3}_{'xyz'[i % 3]}" for i in range(30_000))
    (tmp_path / "w.csv").write_text(f"{heading}\n1,2\n")
    with pytest.raises(InputError, match="30000 columns are more than one recording has"):
        read_recording(tmp_path / "w.csv", **FACTS)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("form", ["{axis}{i}", "landmark_{i}_{axis}", "{i}_{axis}"])
def test_points_that_have_numbers_only_are_named_by_who_reads(tmp_path, walk, form, first):
    recording = walk()
    path = table(
        tmp_path / "w.csv",
        *wide(recording, lambda name, i, axis: form.format(i=i + first, axis=axis)),
    )
    with pytest.raises(InputError, match="14 keypoints per frame do not say which"):
        read_recording(path, fps_hz=30.0, **FACTS)
    names = list(recording.keypoint_names)
    same_walk(read_recording(path, fps_hz=30.0, names=names, **FACTS), recording)


@pytest.mark.parametrize(
    ("delimiter", "comma"), [(",", False), (";", True), ("\t", False), (";", False)]
)
@pytest.mark.parametrize(
    ("name", "time", "note"),
    [
        ("time_s", lambda t: t, ""),
        ("timestamp", lambda t: t, ""),
        ("timestamp_ms", lambda t: 1e3 * t, ""),
        ("Time", lambda t: 1e3 * t, "the time stamps were read as milliseconds."),
        ("timestamp", lambda t: 1e9 * t, "the time stamps were read as nanoseconds."),
    ],
)
def test_times_and_delimiters(tmp_path, walk, delimiter, comma, name, time, note):
    recording = walk()
    heading, rows = wide(recording, lambda n, i, a: f"{plain(n)}_{a}", time=time)
    path = table(tmp_path / "w.csv", [name, *heading], rows, delimiter, comma)
    back = read_recording(path, **FACTS)
    same_walk(back, recording)
    np.testing.assert_allclose(back.time_s, recording.time_s)
    assert (note in back.notes) == bool(note)


@pytest.mark.parametrize("word", ["visibility", "v", "confidence", "score"])
def test_a_confidence_beside_the_positions(tmp_path, walk, word):
    for column in (lambda n, i, a: f"{plain(n)}_{a}", lambda n, i, a: f"{a}{i}"):
        path = table(tmp_path / "w.csv", *wide(walk(), column, confidence=word))
        facts: dict[str, Any] = {"fps_hz": 30.0, "names": list(walk().keypoint_names)} | FACTS
        assert (read_recording(path, **facts).confidence == 0.5).all()


@pytest.mark.parametrize("numbers", [False, True])
def test_one_row_per_point_and_frame(tmp_path, walk, numbers):
    recording = walk()
    names = recording.keypoint_names
    rows = [
        [t, recording.time_s[t], i if numbers else plain(names[i]), *xyz, 0.9]
        for t, frame in enumerate(recording.keypoints_m.tolist())
        for i, xyz in enumerate(frame)
        if (t, i) != (7, 3)
    ]
    heading = ["frame", "timestamp", "landmark_id" if numbers else "landmark", *"xyz", "visibility"]
    path = table(tmp_path / "w.csv", heading, rows)
    assert is_readable(path)
    back = read_recording(path, **FACTS, names=list(names) if numbers else None)
    place = back.keypoint_names.index(names[3])
    assert np.isnan(back.keypoints_m[7, place]).all() and back.confidence[7, place] == 0
    seen = np.isfinite(back.keypoints_m).all(-1)
    assert (back.confidence[seen] == 0.9).all() and (~seen).sum() == 1


def test_several_people_in_a_long_table(tmp_path, walk):
    recording = walk()
    rows = [
        [t, person, plain(recording.keypoint_names[i]), xyz[0], xyz[1] + person, xyz[2]]
        for t, frame in enumerate(recording.keypoints_m.tolist())
        for person in (0, 1)
        for i, xyz in enumerate(frame)
    ]
    path = table(tmp_path / "w.csv", ["frame", "person_id", "joint", *"xyz"], rows)
    back = read_recording(path, fps_hz=30.0, person=1, **FACTS)
    same_walk(back, recording)
    assert "--person chooses another" in " ".join(back.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trial_id,velocity_mps\na,1.2\n", "holds nothing that a reader of .csv files knows"),
        ("left_hip_x,left_hip_y\n1,2\n", "holds nothing that a reader of .csv files knows"),
    ],
)
def test_other_tables_are_no_recordings(tmp_path, text, words):
    (tmp_path / "w.csv").write_text(text)
    assert not is_readable(tmp_path / "w.csv")
    with pytest.raises(InputError, match=words):
        read_recording(tmp_path / "w.csv")


def test_broken_cells_and_no_frames_are_refused(tmp_path, walk):
    heading, rows = wide(walk(), lambda n, i, a: f"{plain(n)}_{a}")
    broken = [["far", *rows[0][1:]], *rows[1:]]
    path = table(tmp_path / "w.csv", heading, broken)
    with pytest.raises(InputError, match="row . of column left_.* holds 'far', which is no number"):
        read_recording(path, fps_hz=30.0, **FACTS)
    with pytest.raises(InputError, match="has a heading but no frames"):
        read_recording(table(tmp_path / "w.csv", heading, []), fps_hz=30.0, **FACTS)


def test_a_last_row_that_is_cut_off_is_left_out(tmp_path, walk):
    recording = walk()
    rows = [
        [t, plain(recording.keypoint_names[i]), *xyz]
        for t, frame in enumerate(recording.keypoints_m.tolist())
        for i, xyz in enumerate(frame)
    ]
    path = table(tmp_path / "w.csv", ["frame", "joint", *"xyz"], [*rows, [150]])
    back = read_recording(path, fps_hz=30.0, **FACTS)
    same_walk(back, recording)
    assert any("the last one, is cut off and was left out" in note for note in back.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row: [*row[:5], *row[6:]], "line 52 has 39 cells, but the heading .line 1. has 40"),
        (lambda row: [*row[:5], "12,5", *row[6:]], "has 41 cells.*write decimals with a point"),
        (lambda row: [*row, "1"], "line 52 has 41 cells"),
    ],
)
def test_a_row_with_a_cell_too_many_or_missing_is_named(tmp_path, walk, change, words):
    heading, rows = wide(walk(), lambda n, i, a: f"{plain(n)}_{a}", time=str)
    rows, heading = [row[:40] for row in rows], ["time_s", *heading][:40]
    rows[50] = change(rows[50])
    path = tmp_path / "w.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in [heading, *rows]) + "\n")
    with pytest.raises(InputError, match=words):
        read_recording(path, **FACTS)


def test_empty_cells_behind_a_row_shift_nothing(tmp_path, walk):
    recording = walk()
    heading, rows = wide(recording, lambda n, i, a: f"{plain(n)}_{a}")
    path = table(tmp_path / "w.csv", heading, [[*row, "", ""] for row in rows])
    same_walk(read_recording(path, fps_hz=30.0, **FACTS), recording)


def long_rows(recording, **cells):
    """Rows of a long table with further cells behind."""
    return [
        [t, plain(name), *xyz, *cells.values()]
        for t, frame in enumerate(recording.keypoints_m.tolist())
        for name, xyz in zip(recording.keypoint_names, frame, strict=True)
    ]


def test_the_long_table_of_freemocap_holds_hands_and_several_trajectories(tmp_path, walk):
    """As its exporter lays it out: frame, keypoint, x, y, z, model, trajectory."""
    recording = walk()
    moved = walk(speed_mps=0.7)
    rows = long_rows(recording, model="mediapipe.body", trajectory="3d_xyz")
    rows += long_rows(moved, model="mediapipe.body", trajectory="rigid_3d_xyz")
    for hand in ("left", "right"):
        rows += [[t, "wrist", 1.0, 2.0, 3.0, f"mediapipe.{hand}_hand", "3d_xyz"] for t in range(9)]
    heading = ["frame", "keypoint", "x", "y", "z", "model", "trajectory"]
    back = read_recording(table(tmp_path / "w.csv", heading, rows), fps_hz=30.0, **FACTS)
    same_walk(back, recording)
    for kind in ("model; 'mediapipe.body'", "trajectory; '3d_xyz'"):
        assert f"the file has several kinds of {kind} was read." in back.notes


def test_a_point_with_two_rows_in_a_frame_is_refused(tmp_path, walk):
    rows = long_rows(walk())
    rows.insert(40, rows[3])
    heading = ["frame", "landmark", "x", "y", "z"]
    with pytest.raises(InputError, match="the point of row 4 has another row in the same frame"):
        read_recording(table(tmp_path / "w.csv", heading, rows), fps_hz=30.0, **FACTS)


@pytest.mark.parametrize(
    ("line", "delimiter"), [("sep=;", ";"), ('"sep=,"', ","), ("sep=\t", "\t")]
)
def test_what_excel_puts_before_a_table_is_read_and_said(line, delimiter, tmp_path, walk) -> None:
    recording = walk()
    heading, rows = wide(recording, lambda name, i, axis: f"{plain(name)}_{axis}", time=float)
    path = table(tmp_path / "w.csv", ["time_s", *heading], rows, delimiter, comma=delimiter == ";")
    path.write_text(f"{line}\r\n{path.read_text()}")
    assert is_readable(path)
    back = read_recording(path, **FACTS)
    same_walk(back, recording)
    assert any("parts the cells (sep=)" in note for note in back.notes)


def test_a_unit_in_brackets_behind_the_names_is_that_of_the_positions(tmp_path, walk) -> None:
    recording = walk()
    heading, rows = wide(recording, lambda n, i, a: f"{n.replace(' ', '')}.{a.upper()} [mm]",
                         time=lambda t: 1e3 * t)  # fmt: skip
    rows = [[row[0], *(1e3 * v for v in row[1:])] for row in rows]
    path = table(tmp_path / "w.csv", ["Time (ms)", *heading], rows)
    assert is_readable(path)
    back = read_recording(path, axes="z-up")
    same_walk(back, recording)
    np.testing.assert_allclose(back.time_s, recording.time_s)
    stated = read_recording(path, axes="z-up", unit="mm")
    same_walk(stated, recording)


def test_frames_of_a_long_table_may_be_named_as_pictures(tmp_path, walk) -> None:
    recording = walk()
    lines = ["image_id,joint,x,y,z"]
    for t, frame in enumerate(recording.keypoints_m.tolist()):
        for name, xyz in zip(recording.keypoint_names, frame, strict=True):
            lines.append(f"view2/img_{t:05d}.jpg,{name},{xyz[0]},{xyz[1]},{xyz[2]}")
    (tmp_path / "w.csv").write_text("\n".join(lines))
    back = read_recording(tmp_path / "w.csv", fps_hz=30.0, **FACTS)
    same_walk(back, recording)
