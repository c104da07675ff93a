"""Walks seen through another lens than their detector believes in."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.read import read_recording
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.trials.preparation import prepare
from tests.let_walk import let_walk

CAMERA = np.array([-3.0, 0.4, 1.2])
HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
KNOWN: dict[str, Any] = {
    "axes": "y-down z-forward",
    "unit": "m",
    "names": KEYPOINT_NAMES,
    "fps_hz": 30.0,
}


def ratio(assumed_deg: float, true_deg: float) -> float:
    return math.tan(math.radians(assumed_deg / 2)) / math.tan(math.radians(true_deg / 2))


def walked(seed: int, turned_rad: float = 0.0):
    """Exact points (T, 23, 3) from a camera, forward, left and up; speed, and height."""
    truth = let_walk(seed, "normal", 5.0)
    points = exact_keypoints(truth.pose, truth.spec.dimensions)
    c, s = math.cos(turned_rad), math.sin(turned_rad)
    points = points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    way = np.polyfit(truth.time_s, truth.pose[:, 0], 1)[0]
    return points - CAMERA, float(way), truth.spec.height_m


def as_detected(points, assumed_deg: float, true_deg: float):
    """The same as a detector gives them that believes in another lens, y down, z ahead."""
    depth = points[:, HIPS].mean(axis=1)[:, 0]
    moved = np.array(points)
    moved[..., 0] += ((1.0 / ratio(assumed_deg, true_deg) - 1.0) * depth)[:, None]
    return np.stack([-moved[..., 1], -moved[..., 2], moved[..., 0]], axis=-1)


def read(path, points, **said):
    np.save(path, points)
    return read_recording(path, **(KNOWN | said))


@pytest.mark.parametrize("turned_rad", [pytest.param(0.0, marks=pytest.mark.slow), 0.5])
def test_a_walk_seen_by_a_wider_lens_comes_back_as_fast_as_it_is(tmp_path, turned_rad):
    true, found, uncorrected = [], [], []
    for seed in (5, 11, 3, 8):
        points, speed_mps, height_m = walked(seed, turned_rad)
        seen = as_detected(points, 55.0, 70.0)
        recording = read(tmp_path / "w.npy", seen, fov_deg=70.0, assumed_fov_deg=55.0)
        # Every point is back where it was, so that the body has its shape as well.
        np.testing.assert_allclose(recording.all_keypoints_m, points, atol=1e-9)
        (trial,) = prepare(recording, height_m=height_m)
        true.append(speed_mps * trial.keypoint_scale)
        found.append(np.polyfit(trial.time_s, trial.believed_path_m[:, 0], 1)[0])
        raw = read(tmp_path / "w.npy", seen)
        (trial,) = prepare(raw, height_m=height_m)
        uncorrected.append(np.polyfit(trial.time_s, trial.believed_path_m[:, 0], 1)[0])
    assert np.ptp(true) > 0.3
    assert found == pytest.approx(true, rel=0.01)
    assert np.polyfit(true, found, 1)[0] == pytest.approx(1.0, abs=0.02)
    assert np.mean(np.divide(uncorrected, true)) > 1.2


def test_a_way_across_and_the_bodys_shape_do_not_hang_on_the_lens(tmp_path):
    points, _, _ = walked(5)
    seen = np.stack([-points[..., 1], -points[..., 2], points[..., 0]], axis=-1)
    moved = read(tmp_path / "w.npy", seen, fov_deg=90.0, assumed_fov_deg=55.0).all_keypoints_m
    hips, before = moved[:, HIPS].mean(axis=1), points[:, HIPS].mean(axis=1)
    np.testing.assert_allclose(moved - hips[:, None], points - before[:, None], atol=1e-9)
    np.testing.assert_allclose(hips[:, 1:], before[:, 1:], atol=1e-9)
    np.testing.assert_allclose(hips[:, 0], ratio(55.0, 90.0) * before[:, 0], atol=1e-9)


def test_frames_without_hips_go_with_those_beside(tmp_path):
    points, _, _ = walked(5)
    seen = as_detected(points, 55.0, 70.0)
    seen[40:43, HIPS] = np.nan
    knee = KEYPOINT_INDEX["Left Knee"]
    recording = read(tmp_path / "w.npy", seen, fov_deg=70.0, assumed_fov_deg=55.0)
    np.testing.assert_allclose(recording.all_keypoints_m[:, knee], points[:, knee], atol=0.01)
    assert np.isnan(recording.all_keypoints_m[40:43, HIPS]).all()


def test_files_hold_both_angles_and_what_is_said_wins(tmp_path):
    points, _, _ = walked(5)
    seen = as_detected(points, 55.0, 70.0)
    facts = KNOWN | {"names": list(KEYPOINT_NAMES), "fov_deg": 70.0, "assumed_fov_deg": 55.0}
    np.savez(tmp_path / "w.npz", keypoints=seen, **facts)
    (tmp_path / "w.json").write_text(json.dumps({"keypoints": seen.tolist()} | facts))
    for name in ("w.npz", "w.json"):
        recording = read_recording(tmp_path / name)
        np.testing.assert_allclose(recording.all_keypoints_m, points, atol=1e-9)
    other = read_recording(tmp_path / "w.npz", assumed_fov_deg=70.0)
    assert any("assumed 70°" in note for note in other.notes)
    np.testing.assert_allclose(other.all_keypoints_m[..., 0], seen[..., 2], atol=1e-9)


def test_what_a_known_detector_assumes_is_taken_and_said(tmp_path):
    points, _, _ = walked(5)
    columns = find_keypoint_set("movi-87", "").columns
    seen = np.full((len(points), 87, 3), np.nan)
    detected = as_detected(points, 55.0, 70.0)
    for name, column in columns.items():
        seen[:, column] = detected[:, KEYPOINT_INDEX[name]]
    np.save(tmp_path / "m.npy", seen)
    known: dict[str, Any] = {"axes": "y-down z-forward", "unit": "m", "fps_hz": 30.0}
    recording = read_recording(tmp_path / "m.npy", fov_deg=70.0, **known)
    np.testing.assert_allclose(recording.all_keypoints_m, points, atol=1e-9)
    (note,) = [note for note in recording.notes if "field of view" in note]
    assert "assumed 55° (what the detector of movi-87 takes" in note
    assert f"{ratio(55.0, 70.0):.3f} times as far" in note


BOTH = {"fov_deg": 70.0, "assumed_fov_deg": 55.0}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"fov_deg": 70.0}, "says nothing without the one that the detector assumed"),
        ({"assumed_fov_deg": 55.0}, "says nothing without the lens's own"),
        (BOTH | {"assumed_fov_deg": 5.0}, "5° is no camera's"),
        (BOTH | {"axes": "y-down"}, "do not say which one leads away from the camera"),
        (BOTH | {"root_relative": True}, "centred on the body"),
        (BOTH | {"scale_is_metric": True}, "the positions are measured"),
        (BOTH | {"axes": "y-down z-backward"}, "sees the hips in 0 % of the frames"),
        (BOTH | {"assumed_fov_deg": 15.0}, "sees the hips in"),
    ],
)
def test_what_cannot_be_put_right_is_refused(tmp_path, said, sentence):
    points, _, _ = walked(5, turned_rad=0.5)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "w.npy", as_detected(points, 55.0, 70.0), **said)
