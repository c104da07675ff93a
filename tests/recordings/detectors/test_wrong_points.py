"""Points that are not what they are called: another set, 2D, image coordinates."""

import itertools
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set, keypoint_sets
from simgait.recordings.options import ReadOptions

FACTS: dict[str, Any] = {"unit": "m", "axes": "z-up", "fps_hz": 30.0}


def full(walk, name):
    """The walker's points in the order of a set, arms and head added, on z-up axes."""
    recording = walk()
    chosen = find_keypoint_set(name, "f")
    points = dict(
        zip(recording.keypoint_names, recording.keypoints_m.transpose(1, 0, 2), strict=True)
    )
    middle = 0.5 * (points["Left Hip"] + points["Right Hip"])
    for side, y in (("Left", 0.18), ("Right", -0.18)):
        for joint, z in (("Shoulder", 0.5), ("Elbow", 0.25), ("Wrist", 0.0), ("Hand", -0.1)):
            points[f"{side} {joint}"] = middle + [0.05, y, z]
    points["Head"] = middle + [0.0, 0.0, 0.7]
    # Whatever a set holds beside is some other place of the trunk and the face.
    other = middle[:, None] + np.random.default_rng(3).normal(0, 0.06, (chosen.width, 3))
    other[..., 2] += 0.4
    for point, i in chosen.index.items():
        other[:, i] = points.get(point, other[:, i])
    return other


def read(array, **facts):
    return recording_from_array(
        array, ReadOptions(**FACTS | facts), recording_id="w", source_format="npy", where="w.npy"
    )


@pytest.mark.parametrize("facts", [{"keypoint_set": "coco-25"}, {"keypoint_set": None}])
def test_keypoints_that_come_first_are_said(walk, facts):
    points = full(walk, "coco-25")
    sentence = r"w.npy: the array is 25 × \d+ × 3, where its first axis looks like the keypoints"
    with pytest.raises(InputError, match=sentence):
        read(points.swapaxes(0, 1), **facts)


@pytest.mark.parametrize("name", [known.name for known in keypoint_sets()])
def test_each_set_is_read_in_its_own_order(walk, name):
    recording = read(full(walk, name), keypoint_set=name)
    truth = walk()
    for joint in ("Left Knee", "Right Ankle"):
        np.testing.assert_allclose(
            recording.keypoints_m[:, recording.keypoint_names.index(joint)],
            truth.keypoints_m[:, truth.keypoint_names.index(joint)],
        )


@pytest.mark.parametrize(
    ("true", "called"), list(itertools.permutations(["h36m-17", "coco-17", "mpi-inf-3dhp-17"], 2))
)
def test_another_set_of_the_same_width_is_named(walk, true, called):
    words = f"do not fit the keypoint set {called} but fit {true}; .*--keypoint-set {true}"
    with pytest.raises(InputError, match=words):
        read(full(walk, true), keypoint_set=called)


def test_flat_points_are_called_2d(walk):
    array = full(walk, "coco-17")
    for flat in (array * [1, 0, 1], array * [0, 1, 1] + [3.0, 0, 0]):
        with pytest.raises(InputError, match="all points lie in one plane, so they are 2D"):
            read(flat, keypoint_set="coco-17")


def test_the_world_landmarks_of_blazepose_need_no_facts_and_image_coordinates_are_refused(walk):
    array = full(walk, "blazepose-33")
    hips = array[:, [23, 24]].mean(axis=1, keepdims=True)
    camera = np.stack([-array[..., 1], -array[..., 2], array[..., 0]], axis=-1)
    centre = np.stack([-hips[..., 1], -hips[..., 2], hips[..., 0]], axis=-1)
    world = recording_from_array(
        camera - centre, ReadOptions(fps_hz=30.0), recording_id="w", source_format="npy", where="w"
    )
    assert not world.pelvis_travels and {"Left Heel", "Right Big Toe"} <= set(world.keypoint_names)
    image = 0.5 + 0.4 * (camera - centre)
    with pytest.raises(InputError, match="as image coordinates do; give the world landmarks"):
        recording_from_array(
            image, ReadOptions(fps_hz=30.0), recording_id="w", source_format="npy", where="w"
        )


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (lambda t: 1e3 * t, "33.3333 apart, so they look like milliseconds"),
        (lambda t: 1e6 * t, "look like microseconds"),
        (lambda t: 1e9 * t, "look like nanoseconds"),
        (lambda t: np.round(30 * t), "look like numbers of frames"),
        (lambda t: 20 * t, "1.5 frames per second cannot be right"),
        (lambda t: t.astype(str), "time stamps are no numbers"),
    ],
)
def test_time_stamps_that_are_no_seconds_are_named(walk, times, words):
    array = full(walk, "coco-17")
    with pytest.raises(InputError, match=words):
        read(array, keypoint_set="coco-17", fps_hz=None, time_s=times(walk().time_s))


def test_confidences_that_are_no_numbers_are_refused(walk):
    array = full(walk, "coco-17")
    records = np.zeros(array.shape[:2], dtype=[("a", float)])
    for confidence in (records, np.full(array.shape[:2], "high")):
        with pytest.raises(InputError, match="the confidences are no numbers"):
            read(array, keypoint_set="coco-17", confidence=confidence)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("gone", ["ankles, then hips", "one hip, then the other", "half of all"])
def test_points_that_are_never_seen_together_print_no_warnings(walk, gone):
    array = full(walk, "coco-17")
    index = find_keypoint_set("coco-17", "f").index
    half = len(array) // 2
    if gone == "half of all":
        array[:half] = np.nan
    else:
        pairs = {"ankles, then hips": ("Left Ankle", "Left Hip")}
        first, second = pairs.get(gone, ("Left Hip", "Right Hip"))
        array[:half, index[first]] = np.nan
        array[half:, index[second]] = np.nan
    try:
        recording = read(array, keypoint_set="coco-17")
        assert np.isnan(recording.keypoints_m).any()
    except InputError as error:
        assert "w.npy: " in str(error)


def test_a_point_of_no_confidence_is_missing_and_said(walk):
    points = full(walk, "coco-25")
    chosen = find_keypoint_set("coco-25", "f")
    ankle = chosen.index["Left Ankle"]
    confidence = np.ones(points.shape[:2])
    confidence[20:30, ankle] = 0.0
    recording = read(points, keypoint_set="coco-25", confidence=confidence)
    column = recording.keypoint_names.index("Left Ankle")
    missing = np.isnan(recording.keypoints_m[:, column]).all(axis=-1)
    assert np.flatnonzero(missing).tolist() == list(range(20, 30))
    assert "10 positions of confidence 0 were taken as missing." in recording.notes
    none = read(points, keypoint_set="coco-25", confidence=np.zeros(points.shape[:2]))
    assert np.isfinite(none.keypoints_m[:, column]).all()
    assert "the confidence of every point is 0: it was not used." in none.notes


@pytest.mark.parametrize("name", ["h36m-17", "coco-17", "mpi-inf-3dhp-17"])
def test_wrong_axes_are_named_before_another_set(walk, name):
    array = full(walk, name)
    camera = np.stack([-array[..., 1], -array[..., 2], array[..., 0]], axis=-1)
    read(camera, keypoint_set=name, axes="y-down z-forward")
    for axes in ("z-up", "y-up", "x-up"):
        with pytest.raises(InputError, match="the hips .*; state the axes"):
            read(camera, keypoint_set=name, axes=axes)
