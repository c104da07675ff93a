"""Stand-ins for other detectors: programs that write what such detectors write."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.outside_detectors import in_columns
from simgait.recordings.read import read_recording
from tests.recordings.formats.test_json_2d_points import alphapose, openpose, points_of
from tests.video.conftest import av as av_fixture
from tests.video.conftest import noise, write_clip
from tests.video.made_up import LENS, filmed_walker

av, write_clip = av_fixture, write_clip

COPY = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"
"""A detector that knows its answer: copies a file to where its output belongs."""


@pytest.fixture(scope="module")
def walker():
    return filmed_walker(90.0)


@pytest.fixture
def clip(write_clip, walker):
    """A video of as many pictures as the walker has, in the shape of his pictures."""
    n = len(walker.track.frames)
    return write_clip("walk.mp4", noise(n, height=LENS.height_px // 8, width=LENS.width_px // 8))


def command(answer: Path, ending: str) -> str:
    return f"{sys.executable} -c '{COPY}' {answer} {{out}}{ending} {{video}}"


def in_the_clip(points):
    """Pixels of the walker's pictures in those of the clip."""
    return points / [8.0, 8.0, 1.0]


@pytest.mark.parametrize("layout", [openpose, pytest.param(alphapose, marks=pytest.mark.slow)])
def test_2d_points_of_any_command_are_lifted(layout, walker, clip, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(layout(in_the_clip(points_of(walker, "halpe-26")))))
    recording = read_recording(
        clip, detector_command=command(answer, ".json"), fov_deg=LENS.field_of_view_deg,
        height_m=1.7,
    )  # fmt: skip
    assert recording.recording_id == "walk" and recording.source_format == "video"
    assert len(recording.time_s) == len(walker.track.frames)
    assert recording.camera is not None and recording.footage is None
    assert any("as stated" in note for note in recording.notes)
    part = read_recording(clip, detector_command=command(answer, ".json"), from_s=0.5, height_m=1.7)
    assert part.time_s[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.slow
def test_an_array_of_any_command_is_read_with_the_video_s_times(clip, walker, tmp_path):
    known = find_keypoint_set("coco-17", "test")
    n = len(walker.track.frames)
    points = np.zeros((n, known.width, 3))
    landmarks = find_keypoint_set("blazepose-33", "test").columns
    for name, column in known.columns.items():
        points[:, column] = walker.points[:, landmarks[name]]
    answer = tmp_path / "answer.npy"
    np.save(answer, points)
    said: dict[str, Any] = {"unit": "m", "axes": "y-down z-forward", "height_m": 1.7}
    said["keypoint_set"] = "coco-17"
    recording = read_recording(clip, detector_command=command(answer, ".npy"), **said)
    assert len(recording.time_s) == n and recording.time_s[30] == pytest.approx(1.0, abs=0.01)
    np.save(answer, points[:-7])
    with pytest.raises(InputError, match=rf"^walk.mp4: the detector's output holds {n - 7} pic"):
        read_recording(clip, detector_command=command(answer, ".npy"), **said)


def test_a_wrong_number_of_pictures_and_no_output_are_said(walker, clip, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(openpose(in_the_clip(points_of(walker, "halpe-26")))[:-5]))
    with pytest.raises(InputError, match="walk.mp4: the detector's output holds"):
        read_recording(clip, detector_command=command(answer, ".json"))
    with pytest.raises(InputError, match="walk.mp4: the detector ended well but wrote no output"):
        read_recording(clip, detector_command=f"{sys.executable} -c pass")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"detector": "alphapose"}, "--detector alphapose: is none that simgait can start"),
        ({"detector": "metrabs"}, "needs --model"),
        ({"detector": "metrabs", "detector_command": "x"}, "not both"),
        ({"detector": "metrabs", "model": Path("nowhere")}, "--model nowhere: there is no"),
        ({"python": Path("python")}, "--python goes with --detector metrabs"),
        ({"unit": "mm"}, "unit of a video is what --detector-command writes"),
    ],
)
def test_what_is_said_of_a_detector_must_fit_together(said, told, clip):
    with pytest.raises(InputError, match=told):
        read_recording(clip, **said)


TENSORFLOW = '''
"""A stand-in for TensorFlow whose SavedModel sees two people, the nearer one first."""
import numpy as np

def convert_to_tensor(picture):
    assert picture.dtype == np.uint8 and picture.ndim == 3
    return picture

class saved_model:
    @staticmethod
    def load(folder):
        walk = np.load(folder + "/walk.npy")
        class Model:
            n = 0
            def detect_poses(self, picture, *, intrinsic_matrix, skeleton):
                assert skeleton == "bml_movi_87"
                assert np.allclose(intrinsic_matrix[:2, 2] * 2, picture.shape[1::-1])
                assert abs(intrinsic_matrix[0, 0] - FOCAL) < 0.1
                walker = walk[self.n]
                still = walk[0] + [3000.0, 0.0, 0.0]
                both = [walker, still] if self.n % 2 else [still, walker]
                self.n += 1
                return {"poses3d": np.array(both[:1] if self.n == 5 else both)}
        return Model()
'''


@pytest.fixture
def metrabs(clip, walker, tmp_path, monkeypatch):
    """A folder with a model, a TensorFlow on the way, and the answer in mm."""
    known = find_keypoint_set("movi-87", "test")
    landmarks = find_keypoint_set("blazepose-33", "test").columns
    n = len(walker.track.frames)
    points = np.zeros((n, known.width, 3))
    for name, column in known.columns.items():
        if name in landmarks:
            points[:, column] = 1000 * walker.points[:, landmarks[name]]
    (tmp_path / "model").mkdir()
    np.save(tmp_path / "model" / "walk.npy", points)
    focal = LENS.focal_px / 8
    (tmp_path / "tensorflow.py").write_text(TENSORFLOW.replace("FOCAL", f"{focal}"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "model"


def test_metrabs_runs_in_a_python_of_its_own(clip, metrabs, walker):
    recording = read_recording(
        clip, detector="metrabs", model=metrabs, python=Path(sys.executable),
        fov_deg=LENS.field_of_view_deg, height_m=1.7,
    )  # fmt: skip
    assert "tensorflow" not in sys.modules
    assert len(recording.time_s) == len(walker.track.frames)
    hips = recording.keypoints_m[:, [recording.keypoint_names.index("Left Hip")]]
    way = np.linalg.norm(hips[-1, 0, :2] - hips[0, 0, :2])
    true = np.linalg.norm(walker.points[-1, 23] - walker.points[0, 23])
    assert way == pytest.approx(true, rel=0.02), "the walker, not the one who stands"
    assert any("Seen by MeTRAbs" in note for note in recording.notes)
    assert recording.camera is not None and recording.camera.source == "stated"


def test_a_model_that_fails_says_why(clip, tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    (tmp_path / "tensorflow.py").write_text("raise ImportError('no libcudart')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(InputError, match=r"exit code 1 \(ImportError: no libcudart\)"):
        read_recording(clip, detector="metrabs", model=tmp_path / "model")


def test_people_in_any_order_get_columns_of_their_own():
    one, two = np.zeros((4, 3)), np.full((4, 3), 2000.0)
    nobody = np.zeros((0, 4, 3))
    found = in_columns(
        [np.stack([one, two]), np.stack([two + 90, one + 90]), nobody, np.stack([two + 150])]
    )
    assert found.shape == (4, 2, 4, 3)
    assert (found[1, 0] == 90).all() and (found[3, 1] == 2150).all()
    assert np.isnan(found[2]).all() and np.isnan(found[3, 0]).all()
