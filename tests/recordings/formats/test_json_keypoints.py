"""JSON of detectors in the layouts that people have, each with the same walk in it."""

import json
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.read import is_readable, read_recording
from tests.recordings.formats.test_csv_keypoints import plain, same_walk

FACTS: dict[str, Any] = {"unit": "m", "axes": "z-up"}


def save(path, value):
    path.write_text(json.dumps(value))
    assert is_readable(path)
    return path


def landmarks(recording, t, named=True):
    return [
        dict(zip("xyz", xyz, strict=True), visibility=0.5)
        | ({"name": plain(name)} if named else {})
        for name, xyz in zip(
            recording.keypoint_names, recording.keypoints_m[t].tolist(), strict=True
        )
    ]


def flat(recording, t):
    return [v for xyz in recording.keypoints_m[t].tolist() for v in (*xyz, 0.5)]


LAYOUTS = {
    "tfjs": lambda r, t: {"keypoints": [{"x": 1, "y": 2}] * 14, "keypoints3D": landmarks(r, t)},
    "world": lambda r, t: {"timestamp": r.time_s[t], "pose_world_landmarks": landmarks(r, t)},
    "tasks": lambda r, t: {"frame": t, "pose_world_landmarks": [landmarks(r, t)]},
    "bare": lambda r, t: landmarks(r, t),
    "by name": lambda r, t: {"landmarks": {p["name"]: p for p in landmarks(r, t)}},
    "names as keys": lambda r, t: {
        p["name"]: [p["x"], p["y"], p["z"], 0.5] for p in landmarks(r, t)
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("wrapped", [None, "frames", "data"])
def test_landmarks_with_names(tmp_path, walk, layout, wrapped):
    recording = walk()
    frames = [LAYOUTS[layout](recording, t) for t in range(len(recording.time_s))]
    value = frames if wrapped is None else {"fps": 30.0, wrapped: frames}
    fps: dict[str, Any] = {} if wrapped or layout == "world" else {"fps_hz": 30.0}
    back = read_recording(save(tmp_path / "w.json", value), **fps, **FACTS)
    same_walk(back, recording)
    assert (back.confidence == 0.5).all()
    np.testing.assert_allclose(back.time_s, recording.time_s)


def test_openpose_style_flat_lists_of_several_people(tmp_path, walk):
    recording = walk()
    far = {"person_id": [-1], "pose_keypoints_3d": [9.0] * 56, "pose_keypoints_2d": []}
    frames = [
        {"version": 1.3, "people": [{"pose_keypoints_3d": flat(recording, t)}, far]}
        for t in range(len(recording.time_s))
    ]
    frames[4]["people"] = []
    names = list(recording.keypoint_names)
    path = save(tmp_path / "w.json", frames)
    back = read_recording(path, names=names, fps_hz=30.0, **FACTS)
    assert np.isnan(back.keypoints_m[4]).all()
    np.testing.assert_allclose(back.keypoints_m[5], recording.keypoints_m[5])
    assert "number 1 was read, the one moving most" in " ".join(back.notes)


def test_simgaits_own_keys(tmp_path, walk):
    recording = walk()
    value = {
        "keypoints": recording.keypoints_m.tolist(),
        "names": list(recording.keypoint_names),
        "fps_hz": 30, "unit": "m", "axes": "z-up", "height_m": 1.7, "subject_id": "S1",
    }  # fmt: skip
    value["keypoints"][3][2] = None
    back = read_recording(save(tmp_path / "w.json", value))
    assert (back.height_m, back.subject_id) == (1.7, "S1")
    assert np.isnan(back.keypoints_m[3]).any() and back.fps_hz == pytest.approx(30.0)
    (tmp_path / "n.json").write_text(json.dumps(value["keypoints"]))
    assert is_readable(tmp_path / "n.json")
    names = value["names"]
    read_recording(tmp_path / "n.json", fps_hz=30.0, names=names, unit="m", axes="z-up")


@pytest.mark.parametrize("odd", [True, "1.0", [1.0]])
def test_plain_lists_hold_numbers_only(tmp_path, walk, odd):
    points = walk().keypoints_m.tolist()
    facts = {"names": list(walk().keypoint_names), "fps_hz": 30.0, "unit": "m", "axes": "z-up"}
    whole = read_recording(save(tmp_path / "a.json", {"keypoints": points, **facts}))
    np.testing.assert_allclose(whole.keypoints_m, walk().keypoints_m)
    points[3][2][1] = odd
    with pytest.raises(InputError, match="no number|where a point should"):
        read_recording(save(tmp_path / "b.json", {"keypoints": points, **facts}))


def test_freemocap_by_frame(tmp_path, walk):
    recording = walk()
    frames = {
        str(t): {
            "timestamps": {"mean": recording.time_s[t], "by_camera": {}},
            "body": {
                "trajectories": {
                    p["name"]: {axis: 1e3 * p[axis] for axis in "xyz"}
                    for p in landmarks(recording, t)
                }
            },
            "face": None,
        }
        for t in range(len(recording.time_s))
    }
    path = save(tmp_path / "w.json", {"info": {}, "data_by_frame": frames})
    same_walk(read_recording(path, unit="mm", axes="z-up"), recording)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"people": [{"pose_keypoints_3d": [1.0] * 56}]}, "holds one frame"),
        ([{"keypoints": [{"x": 1, "y": 2, "z": "far"}] * 14}] * 3, "'far', which is no number"),
        ([{"keypoints": [{"x": 1, "y": 2}] * 14}] * 3, "hold no points|14 keypoints"),
        ([[[1, 2, 3]] * 14, [[1, 2, 3]] * 13], "different numbers of keypoints .13, 14."),
        ([[[1, 2, 3]] * 14, {"keypoints": "none"}], "'none' stands where points should"),
        ({"keypoints": [[[1, 2, 10**400]] * 14] * 3}, "which is no number"),
        ({"keypoints": [[[1, 2, True]] * 14] * 3}, "holds 'True', which is no number"),
        ({"keypoints": [[[1, 2, 3]] * 14] * 3, "fps": "fast"}, "fps_hz must be a number"),
        ({"keypoints": [[[1, 2, 3]] * 14] * 3, "unit": 1}, "unit must be text"),
        ({"keypoints": [[[1, 2, 3]] * 14] * 3, "names": {}}, "'names' must be a list"),
    ],
)
def test_what_is_no_track_is_refused(tmp_path, value, words):
    (tmp_path / "w.json").write_text(json.dumps(value))
    with pytest.raises(InputError, match=f"w.json: .*({words})"):
        read_recording(tmp_path / "w.json", axes="z-up")


@pytest.mark.parametrize("text", ['{"keypoints": ' + "[" * 990, '{"keypoints": ' + "[" * 99_999])
def test_deep_and_broken_json_is_one_sentence(tmp_path, text):
    for tail in ("", "]" * text.count("[") + "}"):
        (tmp_path / "w.json").write_text(text + tail)
        with pytest.raises(InputError, match="w.json: "):
            read_recording(tmp_path / "w.json")


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2]", '"keypoints"', "", '{"versions": {}}'])
def test_other_json_is_no_recording(tmp_path, text):
    (tmp_path / "w.json").write_text(text)
    assert not is_readable(tmp_path / "w.json")
    with pytest.raises(InputError, match="w.json: (holds nothing that|the file is empty)"):
        read_recording(tmp_path / "w.json")


def test_what_is_said_wins_over_facts_that_cannot_be_read(tmp_path, walk):
    recording = walk()
    value = {
        "keypoints": recording.keypoints_m.tolist(), "names": list(recording.keypoint_names),
        "fps_hz": "fast", "unit": 1, "axes": "z-up", "height_m": 172,
    }  # fmt: skip
    path = save(tmp_path / "w.json", value)
    sentence = r"fps_hz must be a number; what --fps \(in Python fps_hz\) says wins over the file"
    with pytest.raises(InputError, match=sentence):
        read_recording(path)
    with pytest.raises(InputError, match=r"give 1.72 with --height \(in Python height_m\)"):
        read_recording(path, fps_hz=30.0, unit="m")
    back = read_recording(path, fps_hz=30.0, unit="m", height_m=1.72)
    assert back.height_m == 1.72 and back.fps_hz == pytest.approx(30.0)
    assert "Height: the 1.72 m given were used, though the file says 172 m." in back.notes


@pytest.mark.parametrize(("kind", "noted"), [("three", False), ("four", True), ("named", False)])
def test_a_confidence_is_said_to_be_taken_only_where_one_is(tmp_path, walk, kind, noted):
    """The fourth of four numbers may be anything; what has a name, or is not there, may not."""
    recording = walk()
    frames: list[Any] = recording.keypoints_m.tolist()
    if kind == "four":
        frames = [[[*xyz, 0.5] for xyz in frame] for frame in frames]
    if kind == "named":
        frames = [[dict(zip("xyz", xyz, strict=True), visibility=0.5) for xyz in frame]
                  for frame in frames]  # fmt: skip
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"keypoints": frames, "names": list(recording.keypoint_names)}))
    back = read_recording(path, unit="m", axes="z-up", fps_hz=100.0)
    assert any("fourth value" in note for note in back.notes) == noted
    assert np.nanmedian(back.confidence) == (1.0 if kind == "three" else 0.5)
