"""Frames that a file leaves out: told by the numbers of those that it has, whatever the format."""

import json
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.frame_numbers import frame_places, number_in
from simgait.recordings.detectors.points_2d import people_of_pictures
from simgait.recordings.read import read_recording

FACTS: dict[str, Any] = {"unit": "m", "axes": "z-up", "fps_hz": 30.0}
LOST = (3, 10, 11, 12)


def test_places_follow_the_numbers_and_what_is_lacking_is_said() -> None:
    seen = frame_places([k for k in range(1, 41) if k not in LOST], "w")
    assert (seen.count, seen.every, len(seen.places)) == (40, 1, 36)
    assert seen.places[:3] == (0, 1, 3)
    assert seen.notes[0].startswith("4 of 40 frames are lacking (numbers 10 to 12, most on end)")
    seen = frame_places([6, 0, 2, 8], "w")
    assert seen.places == (3, 0, 1, 4) and (seen.count, seen.every) == (5, 2)
    assert "numbered in steps of 2" in seen.notes[0] and "(numbers 4)" in seen.notes[1]
    with pytest.raises(InputError, match="w: 3 frames are numbered from 0 to 1001; number them"):
        frame_places([0, 1, 1001], "w")
    with pytest.raises(InputError, match="w: holds one frame"):
        frame_places([7], "w")


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), (7.0, 7), ("7", 7), ("7.0", 7), ("clip2_0012.jpg", 12), ("", None), ("a", None),
     (7.5, None), (True, None), (None, None), ([7], None)],
)  # fmt: skip
def test_numbers_of_frames_as_files_write_them(value, number) -> None:
    assert number_in(value) == number


def points(walk):
    recording = walk()
    return recording, recording.keypoints_m


def as_json_frames(path, names, keypoints, numbers):
    text = [
        {"frame_id": k, "keypoints": [
            {"name": name, **dict(zip("xyz", xyz, strict=True))}
            for name, xyz in zip(names, at, strict=True)
        ]}
        for k, at in zip(numbers, keypoints.tolist(), strict=True)
    ]  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(text))
    return path.with_suffix(".json")


def as_freemocap(path, names, keypoints, numbers):
    frames = {
        str(k): {"body": {name: dict(zip("xyz", xyz, strict=True))
                          for name, xyz in zip(names, at, strict=True)}}
        for k, at in zip(numbers, keypoints.tolist(), strict=True)
    }  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps({"data_by_frame": frames}))
    return path.with_suffix(".json")


def as_wide(path, names, keypoints, numbers):
    plain = [name.lower().replace(" ", "_") for name in names]
    lines = [",".join(["frame", *(f"{name}_{axis}" for name in plain for axis in "xyz")])]
    for k, at in zip(numbers, keypoints, strict=True):
        lines.append(",".join([f"img_{k:04d}", *map(str, at.ravel().tolist())]))
    path.with_suffix(".csv").write_text("\n".join(lines))
    return path.with_suffix(".csv")


def as_long(path, names, keypoints, numbers):
    lines = ["frame_number,landmark,x,y,z"]
    for k, at in zip(numbers, keypoints.tolist(), strict=True):
        lines += [f"{k},{name},{x},{y},{z}" for name, (x, y, z) in zip(names, at, strict=True)]
    path.with_suffix(".csv").write_text("\n".join(lines))
    return path.with_suffix(".csv")


WRITERS = [as_json_frames, as_freemocap, as_wide, as_long]


@pytest.mark.parametrize("write", WRITERS)
def test_frames_that_a_files_numbers_leave_out_are_lost_ones(tmp_path, walk, write) -> None:
    recording, keypoints = points(walk)
    kept = [k for k in range(len(keypoints)) if k not in LOST]
    numbers = [k + 5 for k in kept]
    path = write(tmp_path / "w", recording.keypoint_names, keypoints[kept], numbers)
    back = read_recording(path, **FACTS)
    assert len(back.time_s) == len(keypoints)
    np.testing.assert_allclose(back.time_s, np.arange(len(keypoints)) / 30.0)
    assert np.isnan(back.keypoints_m[list(LOST)]).all()
    column = back.keypoint_names.index("Left Knee")
    np.testing.assert_allclose(
        back.keypoints_m[kept, column],
        keypoints[kept, recording.keypoint_names.index("Left Knee")],
    )
    assert any("4 of " in note and "frames are lacking" in note for note in back.notes)
    assert not any("confidence" in note for note in back.notes)


@pytest.mark.parametrize("write", WRITERS)
def test_every_second_frame_is_half_the_rate_that_is_given(tmp_path, walk, write) -> None:
    recording, keypoints = points(walk)
    even = list(range(0, len(keypoints), 2))
    path = write(tmp_path / "w", recording.keypoint_names, keypoints[even], even)
    back = read_recording(path, **FACTS)
    assert len(back.time_s) == len(even) and back.fps_hz == pytest.approx(15.0)
    assert any("numbered in steps of 2" in note for note in back.notes)
    with pytest.raises(InputError, match="frames are numbered in steps of 2; give the frame rate"):
        read_recording(path, unit="m", axes="z-up")


def test_an_entry_for_each_person_and_frame_is_one_frame(tmp_path, walk) -> None:
    recording, keypoints = points(walk)
    file = as_json_frames(
        tmp_path / "w", recording.keypoint_names, keypoints, range(len(keypoints))
    )
    one = json.loads(file.read_text())
    other = [{**frame, "keypoints": [{**p, "x": p["x"] + 3.0} for p in frame["keypoints"]]}
             for frame in one]  # fmt: skip
    file.write_text(json.dumps([f for pair in zip(one, other, strict=True) for f in pair]))
    back = read_recording(file, person=2, **FACTS)
    assert len(back.time_s) == len(keypoints)
    column = back.keypoint_names.index("Left Knee")
    shift = back.keypoints_m[0, column] - keypoints[0, recording.keypoint_names.index("Left Knee")]
    np.testing.assert_allclose(shift, [3.0, 0.0, 0.0], atol=1e-9)
    file.write_text(json.dumps([{**frame, "frame_id": 0} for frame in one]))
    with pytest.raises(InputError, match=r"all of its \d+ frames have the number 0"):
        read_recording(file, **FACTS)


def test_rows_whose_numbers_do_not_go_on_are_named(tmp_path, walk) -> None:
    recording, keypoints = points(walk)
    numbers = [0, 1, 2, 2, *range(4, len(keypoints))]
    path = as_wide(tmp_path / "w", recording.keypoint_names, keypoints, numbers)
    with pytest.raises(InputError, match="row 4 of column frame holds 'img_0002', where a number"):
        read_recording(path, **FACTS)


def mmpose(numbers):
    person = {"keypoints": [[1.0, 2.0]] * 17, "keypoint_scores": [0.5] * 17}
    return {"instance_info": [{"frame_id": k, "instances": [person]} for k in numbers]}


def test_pictures_go_where_their_numbers_say() -> None:
    """MMPose writes no entry, or one without people, where it sees nobody."""
    seen = people_of_pictures(mmpose([1, 2, 5, 6]), "w.json")
    assert [len(people) for people in seen.people] == [1, 1, 0, 0, 1, 1]
    assert "2 of 6 frames are lacking (numbers 3 to 4)" in seen.notes[0]
    seen = people_of_pictures(mmpose([0, 3, 6]), "w.json")
    assert (len(seen.people), seen.every) == (3, 3)
    of_video = people_of_pictures(mmpose([2, 4]), "w.json", 5)
    assert [len(people) for people in of_video.people] == [0, 0, 1, 0, 1]
    from_one = people_of_pictures(mmpose([2, 5]), "w.json", 5)
    assert [len(people) for people in from_one.people] == [0, 1, 0, 0, 1]
    with pytest.raises(InputError, match="an entry's frame_id has no number"):
        people_of_pictures(mmpose([1, None]), "w.json")
    with pytest.raises(InputError, match="its frame_ids are no numbers of frames"):
        people_of_pictures(mmpose([1, 10**6]), "w.json", 5)
