import numpy as np

from simgait.video.decode import frames, open_clip
from simgait.video.faces import GREY
from simgait.video.overlay import Stroke, draw, write_overlay
from tests.video.conftest import noise

RED = (250, 0, 0)


def line(time_s: float) -> list[Stroke]:
    return [Stroke(np.array([10.0, 48.0]), np.array([110.0, 48.0]), RED)]


def test_the_overlay_has_the_figure_the_times_and_no_face(write_clip, tmp_path):
    clip = write_clip("walk.mp4", noise(20), tags={"location": "+52.5+013.4/", "title": "Jane"})
    faces = np.array([[k / 30, 64.0, 20.0, 9.0] for k in range(20)])
    out = tmp_path / "overlay.webm"
    write_overlay(out, clip, faces, line, begin_s=0.0, end_s=1.0)
    seen = list(frames(open_clip(out)))
    assert len(seen) == 20 and abs(seen[-1].time_s - 19 / 30) < 2e-3
    picture = seen[10].picture.astype(int)
    assert np.abs(picture[17:24, 61:68] - GREY).max() < 25
    assert picture[48, 60, 0] - picture[48, 60, 1] > 80
    assert abs(picture[80, 20].mean() - frames_mean(clip)) < 60
    data = out.read_bytes()
    assert b"Jane" not in data and b"+52.5" not in data


def test_the_overlay_begins_and_ends_with_its_part(write_clip, tmp_path):
    out = tmp_path / "overlay.webm"
    slow = write_clip("walk.mp4", noise(30), tags={"com.android.capture.fps": "60"})
    write_overlay(out, slow, np.zeros((0, 4)), line, begin_s=0.25, end_s=0.4)
    seen = list(frames(open_clip(out)))
    assert seen[0].time_s == 0.0 and len(seen) == 10
    assert abs(seen[-1].time_s - 0.15) < 2e-3


def frames_mean(path):
    return float(next(frames(open_clip(path))).picture.mean())


def test_lines_are_drawn_where_their_ends_are_known():
    picture = np.zeros((50, 50, 3), np.uint8)
    draw(picture, Stroke(np.array([np.nan, 0.0]), np.array([20.0, 20.0]), RED))
    draw(picture, Stroke(np.array([-90.0, -90.0]), np.array([-60.0, -60.0]), RED))
    assert picture.max() == 0
    draw(picture, Stroke(np.array([10.0, 25.0]), np.array([40.0, 25.0]), RED))
    assert (picture[25, 12:38, 0] > 200).all() and picture[35].max() == 0
