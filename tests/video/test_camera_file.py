import json

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.camera_file import KnownCamera, read_camera

OPENCV = """%YAML:1.0
---
image_width: 1920
image_height: 1080
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 1500., 0., 960., 0.,
       1500., 540., 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   data: [ 0., 0., 0., 0., 0. ]
"""
OPENCV_XML = """<?xml version="1.0"?>
<opencv_storage>
<image_width>1920</image_width>
<image_height>1080</image_height>
<camera_matrix type_id="opencv-matrix">
  <rows>3</rows><cols>3</cols><dt>d</dt>
  <data>
    1500. 0. 960. 0. 1500. 540. 0. 0. 1.</data></camera_matrix>
</opencv_storage>
"""
POSE2SIM = """[cam_01]
name = "cam_01"
size = [ 1920.0, 1080.0]
matrix = [ [ 1500.0, 0.0, 960.0], [ 0.0, 1500.0, 540.0], [ 0.0, 0.0, 1.0]]

[metadata]
adjusted = false
"""
MATRIX = [[1500.0, 0, 960], [0, 1500, 540], [0, 0, 1]]
DEGREES = float(np.degrees(2 * np.arctan(960 / 1500)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("calibration.yml", OPENCV),
        ("calibration.xml", OPENCV_XML),
        ("Calib.toml", POSE2SIM),
        ("c.json", json.dumps({"K": MATRIX, "width": 1920, "height": 1080})),
        ("c.json", json.dumps({"cam": {"intrinsicMat": MATRIX, "imageSize": [1080, 1920]}})),
    ],
)
def test_what_others_write_is_read(name, text, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    camera = read_camera(path, (640, 360))
    assert camera.field_of_view_deg == pytest.approx(DEGREES)
    # In smaller pictures of the same camera.
    assert camera.lens(960, 540).focal_px == pytest.approx(750.0)
    assert camera.lens(960, 540).source == "calibrated"


def test_numpy_s_archive_needs_the_size_of_the_pictures(tmp_path):
    path = tmp_path / "c.npz"
    np.savez(path, mtx=np.array(MATRIX))
    with pytest.raises(InputError, match="c.npz: does not say how large its pictures are"):
        read_camera(path)
    assert read_camera(path, (1920, 1080)).field_of_view_deg == pytest.approx(DEGREES)


def test_what_is_kept_is_read_again(tmp_path):
    camera = KnownCamera(65.5, 1.78, "2 walks of known length", 0.6, 1.18, 4.0)
    path = tmp_path / "camera.json"
    path.write_text(camera.text())
    assert read_camera(path) == camera


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("c.pickle", "x", "a pickle may run foreign code"),
        ("c.yml", "nothing: 1", "holds no camera matrix"),
        ("c.json", "[1]", "cannot be read as a camera file"),
        ("c.json", "{", "cannot be read as a camera file"),
        ("c.toml", POSE2SIM.split("[meta")[0] + POSE2SIM.replace("[cam_01]", "[cam_02]"),
         "holds 2 camera matrices"),
        ("c.toml", POSE2SIM.replace("0.0, 1500.0", "0.0, 1200.0"), "not those of square pixels"),
        ("c.toml", POSE2SIM.replace("1500.0", "90000.0"), "is no camera's"),
        ("c.json", KnownCamera(65.0, 1.7, "x").text().replace("65.0", '"65"'), "is damaged"),
        ("c.json", KnownCamera(65.0, 1.7, "x").text().replace("65.0", "500.0"), "is no camera's"),
        ("c.json", KnownCamera(65.0, 1.7, "x").text().replace("null", "NaN"), "a number that is"),
    ],
)  # fmt: skip
def test_what_is_no_camera_is_said(name, text, told, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=f"^{name}: .*{told}"):
        read_camera(path, (1920, 1080))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="there is no such camera file"):
        read_camera(tmp_path / "c.json")
