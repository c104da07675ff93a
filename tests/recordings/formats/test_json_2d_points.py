"""A made-up walker as OpenPose, MMPose, AlphaPose and easy_ViTPose write him."""

import json
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.detectors.point_names import canonical_name
from simgait.recordings.read import read_recording
from tests.video.made_up import LENS, filmed_walker

SAID: dict[str, Any] = {
    "fps_hz": 30.0, "picture_px": (LENS.width_px, LENS.height_px),
    "fov_deg": LENS.field_of_view_deg,
}  # fmt: skip


@pytest.fixture(scope="module")
def walker():
    return filmed_walker(90.0)


def points_of(walker, keypoint_set):
    """(T, K, 3) x, y, score; zeros where the walker has no such point."""
    known = find_keypoint_set(keypoint_set, "test")
    landmarks = find_keypoint_set("blazepose-33", "test").columns
    out = np.zeros((len(walker.track.frames), known.width, 3))
    for name, column in known.columns.items():
        if name in landmarks:
            out[:, column, :2] = walker.track.image_px[:, landmarks[name]]
            out[:, column, 2] = 0.9
    return out


def openpose(points):
    return [{"people": [{"pose_keypoints_2d": one.ravel().tolist()}]} for one in points]


def mmpose(points):
    return {
        "meta_info": {"dataset_name": "coco"},
        "instance_info": [
            {
                "frame_id": i + 1,
                "instances": [
                    {"keypoints": one[:, :2].tolist(), "keypoint_scores": one[:, 2].tolist()}
                ],
            }
            for i, one in enumerate(points)
        ],
    }


def mmpose_predictions(points):
    """What MMPose's inferencer returns: a list of the people of each picture."""
    return [frame["instances"] for frame in mmpose(points)["instance_info"]]


def mmpose_inferencer(points):
    """A video's file of `pred_out_dir`: frames are numbered from 0; here nobody is in the first."""
    frames = [
        {"frame_id": i, "instances": one["instances"]}
        for i, one in enumerate(mmpose(points)["instance_info"])
    ]
    return [
        {"frame_id": 0, "instances": []},
        *(one | {"frame_id": one["frame_id"] + 1} for one in frames),
    ]


def mmpose_demo(points):
    """What its demos save: a long description of the data set comes first."""
    names = COCO_NAMES[: points.shape[1]]
    array = {"__ndarray__": [[51, 153, 255]] * 400, "dtype": "uint8", "shape": [400, 3]}
    meta = {
        "dataset_name": "coco", "num_keypoints": len(names),
        "keypoint_id2name": {str(i): name for i, name in enumerate(names)},
        "keypoint_name2id": {name: i for i, name in enumerate(names)}, "keypoint_colors": array,
    }  # fmt: skip
    return {"meta_info": meta, "instance_info": mmpose(points)["instance_info"]}


def alphapose(points):
    return [
        {
            "image_id": f"{i}.jpg", "category_id": 1, "keypoints": one.ravel().tolist(),
            "score": 2.9, "box": [1.0, 2.0, 3.0, 4.0], "idx": [1.0],
        }
        for i, one in enumerate(points)
    ]  # fmt: skip


def alphapose_open(points):
    """Of `--format open`: an object of frames by the pictures' names."""
    return {
        f"{i}.jpg": {
            "version": "AlphaPose v0.3", "people": [{"pose_keypoints_2d": one.ravel().tolist()}],
        }
        for i, one in enumerate(points)
    }  # fmt: skip


def easy_vitpose(points):
    """`points` in the order of `VITPOSE_NAMES`; nobody is in the first two pictures."""
    turned = points[..., [1, 0, 2]]
    return {
        "keypoints": [{}, {}, *({"3": one.tolist()} for one in turned)],
        "skeleton": {str(i): name for i, name in enumerate(VITPOSE_NAMES)},
    }


_FACE = ["nose", *(f"{side}_{part}" for part in ("eye", "ear") for side in ("left", "right"))]


def _both(*parts):
    return [f"{side}_{part}" for part in parts for side in ("left", "right")]


COCO_NAMES = [*_FACE, *_both("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]
VITPOSE_NAMES = [
    *_FACE, "neck", *_both("shoulder", "elbow", "wrist", "hip"), "hip", *_both("knee", "ankle"),
    *(f"{side}_{part}" for side in ("left", "right") for part in ("big_toe", "small_toe", "heel")),
]  # fmt: skip
"""Of easy_ViTPose's model `coco_25`."""


def points_by_names(walker, names):
    """(T, K, 3) as `points_of`, in the order of the names."""
    known, points = find_keypoint_set("coco-25", "test").columns, points_of(walker, "coco-25")
    out = np.zeros((len(points), len(names), 3))
    for column, name in enumerate(names):
        ours = canonical_name(name)
        if ours in known:
            out[:, column] = points[:, known[ours]]
    return out


@pytest.mark.parametrize(
    ("keypoint_set", "write", "feet"),
    [
        ("coco-25", openpose, True), ("coco-17", mmpose, False), ("halpe-26", alphapose, True),
        ("coco-133", mmpose_predictions, True), ("coco-17", mmpose_inferencer, False),
        ("coco-17", mmpose_demo, False), ("halpe-136", alphapose, True),
        ("coco-18", alphapose_open, False),
    ],
)  # fmt: skip
def test_a_walk_is_lifted_from_2d_points(tmp_path, walker, keypoint_set, write, feet):
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(write(points_of(walker, keypoint_set))))
    recording = read_recording(path, height_m=walker.height_m, **SAID)
    assert recording.source_format == "2d json"
    assert ("Left Heel" in recording.keypoint_names) == feet
    assert recording.camera is not None and recording.camera.source == "stated"
    names = list(recording.keypoint_names)
    hips = recording.keypoints_m[:, [names.index(f"{s} Hip") for s in ("Left", "Right")]].mean(1)
    speed = np.linalg.norm(np.polyfit(recording.time_s, hips, 1)[0])
    true = walker.points[:, [23, 24]].mean(axis=1)
    assert speed == pytest.approx(
        np.linalg.norm(true[-1] - true[0]) / walker.track.time_s[-1], rel=0.12
    )
    ankles = [recording.keypoints_m[:, names.index(f"{s} Ankle")] for s in ("Left", "Right")]
    assert np.nanmax(np.linalg.norm(ankles[0] - ankles[1], axis=-1)) > 0.4


def test_easy_vitpose_is_read_by_the_names_of_its_points(tmp_path, walker):
    path = tmp_path / "walk_result.json"
    path.write_text(json.dumps(easy_vitpose(points_by_names(walker, VITPOSE_NAMES))))
    found = read_recording(path, height_m=walker.height_m, **SAID)
    joined = tmp_path / "joined.json"
    joined.write_text(json.dumps([*[{"people": []}] * 2, *openpose(points_of(walker, "coco-25"))]))
    same = read_recording(joined, height_m=walker.height_m, **SAID)
    assert found.keypoint_names == same.keypoint_names
    np.testing.assert_array_equal(found.keypoints_m, same.keypoints_m)
    assert found.time_s[0] == pytest.approx(2 / 30)


def test_a_detector_of_animals_is_told_what_is_lacking(tmp_path, walker):
    content = easy_vitpose(points_by_names(walker, VITPOSE_NAMES))
    content["skeleton"] = {str(i): f"L_Paw{i}" for i in range(25)}
    path = tmp_path / "cat.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match="cat.json: none .* named Left Hip, .* for people"):
        read_recording(path, height_m=1.7, **SAID)


def test_positions_in_space_are_no_points_in_the_picture(tmp_path, walker):
    content = mmpose_demo(points_of(walker, "coco-17"))
    for frame in content["instance_info"]:
        for one in frame["instances"]:
            one["keypoints"] = [[x, y, 1.0] for x, y in one["keypoints"]]
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match="walk.json: its points have x, y and z"):
        read_recording(path, height_m=1.7, **SAID)


def test_of_two_people_the_walker_is_followed_though_their_order_changes(tmp_path, walker):
    points = points_of(walker, "coco-17")
    still = np.tile(points[:1], (len(points), 1, 1)) + [0.0, 0.0, 0.0]
    still[..., 0] += 300.0 * (still[..., 2] > 0)
    frames = []
    for i in range(len(points)):
        people = [{"pose_keypoints_2d": one[i].ravel().tolist()} for one in (points, still)]
        frames.append({"people": people[::-1] if i % 3 else people})
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(frames))
    recording = read_recording(path, height_m=walker.height_m, **SAID)
    assert recording.image_px is not None and recording.drawn_by == "coco-17"
    hip = list(recording.keypoint_names).index("Left Hip")
    assert abs(recording.image_px[-1, hip, 0] - walker.track.image_px[-1, 23, 0]) < 1.0


def test_points_of_a_picture_upside_down_are_named(tmp_path, walker):
    points = points_of(walker, "coco-17")
    points[..., 1] = SAID["picture_px"][1] - points[..., 1]
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(openpose(points)))
    with pytest.raises(InputError, match="upside down in the picture; .* count y from the top"):
        read_recording(path, height_m=walker.height_m, **SAID)


def of_each(numbers):
    return [{"people": [{"pose_keypoints_2d": numbers}]}] * 9


@pytest.mark.parametrize(
    ("change", "said", "words"),
    [
        (lambda f: f, {"fps_hz": None}, "no frame rate"),
        (lambda f: f, {"picture_px": None}, "the size of the pictures is not said"),
        (lambda f: f[:1], {}, "holds one frame"),
        (lambda f: f, {"keypoint_set": "halpe-26"}, "has 17 points .* halpe-26 has 26"),
        (lambda f: [{"people": []} for _ in f], {}, "there is nobody"),
        (
            lambda f: [{"people": [{"pose_keypoints_2d": [1.0] * 50}]}] * 9,
            {},
            "neither x, y, score",
        ),
        (
            lambda f: [{"people": [{"pose_keypoints_2d": [1.0] * 57}]}] * 9,
            {},
            "19 points do not say",
        ),
        (lambda f: [{"people": "pose_keypoints_2d"}] * 9, {}, "people are no list"),
    ],
)
def test_what_cannot_be_lifted_gets_one_sentence(tmp_path, walker, change, said, words):
    path = tmp_path / "walk.json"
    whole = {"frames": change(openpose(points_of(walker, "coco-17"))), "instance_info": None}
    path.write_text(json.dumps(whole | {"pose_keypoints_2d": None}, sort_keys=False))
    with pytest.raises(InputError, match=f"walk.json: .*{words}"):
        read_recording(path, **(SAID | said))


def test_normalised_coordinates_are_named(tmp_path, walker):
    points = points_of(walker, "coco-25")
    points[..., :2] /= SAID["picture_px"]
    path = tmp_path / "w.json"
    path.write_text(json.dumps(openpose(points)))
    with pytest.raises(InputError, match="normalised coordinates.*or export pixels"):
        read_recording(path, height_m=1.7, **SAID)
