from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.calibrate import CalibrationWalk, calibration_of, camera_of
from simgait.video.camera_file import KnownCamera
from simgait.video.decode import Clip
from simgait.video.filmed_walk import Asked, choose_known_lens, walk_of_points
from simgait.video.outside_points import SeenPerson
from tests.video.made_up import LENS, RATE_HZ, filmed_walker

CLIP = Clip(Path("come.mp4"), "come.mp4", LENS.width_px, LENS.height_px, 0, None)
ONE = CalibrationWalk("a.mp4", 65.0, 1.78, 1.2, 3.0)


def test_a_walk_of_known_speed_tells_lens_height_and_tilt():
    """The camera stands 1 m over the floor and is level."""
    walker = filmed_walker(0.0)
    track = walker.track
    pictures = [
        [SeenPerson(px, confidence)]
        for px, confidence in zip(track.image_px, track.confidence, strict=True)
    ]
    hips = walker.points[:, [23, 24]].mean(axis=1)
    time_s = np.arange(len(hips)) / RATE_HZ
    speed = float(np.linalg.norm(np.polyfit(time_s, hips, 1)[0]))
    asked = Asked(speed_mps=speed, height_m=walker.height_m)
    found = calibration_of(walk_of_points(CLIP, pictures, time_s, asked), walker.height_m)
    assert found.field_of_view_deg == pytest.approx(LENS.field_of_view_deg, abs=4.0)
    assert found.height_m == pytest.approx(1.0, abs=0.15) and abs(found.tilt_deg) < 3.0
    assert found.aspect == 1.0


def test_several_clips_tell_how_far_they_agree():
    camera = camera_of([ONE, replace(ONE, field_of_view_deg=67.0), replace(ONE, tilt_deg=5.0)])
    assert camera.field_of_view_deg == 65.0 and camera.tilt_deg == 3.0
    assert camera.doubt_deg == pytest.approx(np.std([65.0, 67.0, 65.0], ddof=1))
    assert camera.source == "3 walks of known length"
    assert camera_of([ONE]).doubt_deg is None


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(ONE, clip="b.mp4", aspect=1.33), "b.mp4 and a.mp4 differ in shape"),
        (replace(ONE, clip="b.mp4", field_of_view_deg=90.0), "a.mp4 65°, b.mp4 90°"),
    ],
)
def test_clips_of_two_cameras_are_refused(other, told):
    with pytest.raises(InputError, match=told):
        camera_of([ONE, other])


def test_a_camera_file_is_the_lens_and_nobody_states_another(tmp_path):
    path = tmp_path / "camera.json"
    path.write_text(KnownCamera(66.0, 1.0, "a walk of known length").text())
    lens = choose_known_lens(CLIP, Asked(camera=path))
    assert lens.source == "calibrated" and lens.field_of_view_deg == pytest.approx(66.0)
    with pytest.raises(InputError, match=r"both --fov .* and --camera say .* leave one out"):
        choose_known_lens(CLIP, Asked(camera=path, field_of_view_deg=50.0))
    path.write_text(KnownCamera(66.0, 1.78, "a walk of known length").text())
    with pytest.raises(InputError, match="1.78 times as long as wide, those of come.mp4 1.00"):
        choose_known_lens(CLIP, Asked(camera=path))
