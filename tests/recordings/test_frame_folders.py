"""A folder of one JSON for each frame is one recording, wherever recordings are named."""

import json

import numpy as np
import pytest

from simgait.cli import main
from simgait.cohort.inputs import find_inputs
from simgait.errors import InputError
from simgait.provenance import file_sha256
from simgait.recordings.detectors.frame_files import is_frame_folder
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.read import read_recording
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk

BODY_25 = find_keypoint_set("body-25", "test").columns


def write_frames(folder, key, columns, step=1):
    """OpenPose's folder of a synthetic walk, in metres, or in pixels from the side."""
    truth = walk(draw_walker(3), 4.0, 30.0)
    points = exact_keypoints(truth.pose, truth.dimensions)
    folder.mkdir(parents=True)
    for frame in range(0, len(points), step):
        flat = np.zeros((25, columns + 1))
        for name, column in BODY_25.items():
            place = points[frame, KEYPOINT_INDEX[name]]
            pixels = (300 + 200 * place[0], 500 - 200 * place[2])
            flat[column] = [*(place if columns == 3 else pixels), 0.9]
        people = [{key: flat.ravel().tolist()}]
        path = folder / f"walk_{frame:012d}_keypoints.json"
        path.write_text(json.dumps({"version": 1.3, "people": people}), encoding="utf-8")
    return folder


def test_a_folder_of_frames_in_3d_is_read_as_one_recording(tmp_path):
    folder = write_frames(tmp_path / "walk", "pose_keypoints_3d", 3)
    recording = read_recording(
        folder, fps_hz=30.0, height_m=1.7, unit="m", axes="z-up", keypoint_set="coco-25"
    )
    assert recording.recording_id == "walk" and len(recording.time_s) == 121
    half = write_frames(tmp_path / "half", "pose_keypoints_3d", 3, step=2)
    sparse = read_recording(
        half, fps_hz=30.0, height_m=1.7, unit="m", axes="z-up", keypoint_set="coco-25"
    )
    assert len(sparse.time_s) == 61 and sparse.fps_hz == pytest.approx(15.0)
    assert "numbered in steps of 2" in sparse.notes[0]


def test_commands_take_it_as_one(tmp_path, capsys):
    folder = write_frames(tmp_path / "session" / "walk", "pose_keypoints_2d", 2)
    (tmp_path / "session" / "notes.txt").write_text("x", encoding="utf-8")
    assert main(["inspect", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("simgait: walk: no frame rate is given")
    assert said.err.count("\n") == 1
    (found,) = find_inputs([tmp_path / "session"])
    assert found.path == folder and found.label == "walk" and not found.failure
    assert [one.path for one in find_inputs([folder])] == [folder]


def test_its_hash_is_of_all_its_frames(tmp_path):
    folder = write_frames(tmp_path / "walk", "pose_keypoints_2d", 2)
    before = file_sha256(folder)
    assert file_sha256(folder) == before
    next(iter(sorted(folder.iterdir()))).unlink()
    assert file_sha256(folder) != before


def test_numbered_recordings_are_no_frames(tmp_path):
    for k in range(3):
        text = '[{"people": []}, {"people": []}]'
        (tmp_path / f"walk_{k}.json").write_text(text, encoding="utf-8")
    assert not is_frame_folder(tmp_path)
    assert not is_frame_folder(tmp_path / "walk_0.json")
    (tmp_path / "none").mkdir()
    assert not is_frame_folder(tmp_path / "none")
    with pytest.raises(InputError, match="this is a folder"):
        read_recording(tmp_path)


def write_pictures(folder, empty=()):
    """MMPose's predictions of single pictures: a list of people in each file."""
    folder.mkdir(parents=True)
    for k in range(60):
        points = [[100.0 + 3 * k + j, 50.0 * j] for j in range(17)]
        person = {"keypoints": points, "keypoint_scores": [0.9] * 17, "bbox": [[0, 0, 9, 9]]}
        people = [] if k in empty else [person]
        (folder / f"{k:06d}.json").write_text(json.dumps(people), encoding="utf-8")
    return folder


def test_pictures_of_mmpose_are_the_frames_of_one_recording(tmp_path, capsys):
    folder = write_pictures(tmp_path / "session" / "walk", empty=(0, 1, 30))
    assert is_frame_folder(folder)
    (found,) = find_inputs([tmp_path / "session"])
    assert found.path == folder and not found.failure
    assert main(["inspect", str(folder)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("simgait: walk: no frame rate is given") and said.count("\n") == 1
    (tmp_path / "one").mkdir()
    for k in range(3):  # recordings of single people, each of many frames
        text = json.dumps([{"keypoints": [[1.0, 2.0]] * 17, "keypoint_scores": [0.9] * 17}] * 40)
        (tmp_path / "one" / f"walk_{k}.json").write_text(text, encoding="utf-8")
    assert not is_frame_folder(tmp_path / "one")
