import numpy as np

from simgait.video.decode import frames, open_clip
from simgait.video.faces import GREY, HELD_S, cover, face_circle, faces_at
from simgait.video.landmarks import Region
from simgait.video.overlay import Stroke, draw, write_overlay
from tests.video.conftest import Painted, noise

RED = (250, 0, 0)


def line(time_s: float) -> list[Stroke]:
    return [Stroke(np.array([10.0, 48.0]), np.array([110.0, 48.0]), RED)]


def test_the_overlay_has_the_figure_the_times_and_no_face(write_clip, tmp_path):
    clip = write_clip("walk.mp4", noise(20), tags={"location": "+52.5+013.4/", "title": "Jane"})
    faces = np.array([[k / 30, 64.0, 20.0, 9.0] for k in range(20)])
    out = tmp_path / "overlay.webm"
    write_overlay(out, clip, faces, line)
    seen = list(frames(open_clip(out)))
    assert len(seen) == 20 and abs(seen[-1].time_s - 19 / 30) < 2e-3
    picture = seen[10].picture.astype(int)
    assert np.abs(picture[17:24, 61:68] - GREY).max() < 25
    assert picture[48, 60, 0] - picture[48, 60, 1] > 80
    assert abs(picture[80, 20].mean() - frames_mean(clip)) < 60
    data = out.read_bytes()
    assert b"Jane" not in data and b"+52.5" not in data


def frames_mean(path):
    return float(next(frames(open_clip(path))).picture.mean())


def test_a_face_that_is_lost_for_a_while_stays_covered():
    faces = np.array([[0.0, 50.0, 50.0, 10.0], [1.0, 90.0, 50.0, 10.0]])
    assert len(faces_at(faces, 0.5)) == 2
    assert np.allclose(faces_at(faces, 0.0), [[50.0, 50.0, 10.0]])
    assert len(faces_at(faces, 1.0 + HELD_S - 0.01)) == 1
    assert len(faces_at(faces, 2.0)) == 0
    # Somebody else's face elsewhere does not uncover it.
    other = np.vstack([faces, [0.5, 900.0, 50.0, 10.0]])
    assert len(faces_at(other, 0.5)) == 3


def test_a_disc_over_the_picture_s_edge_is_cut_there():
    picture = np.zeros((40, 60, 3), np.uint8)
    cover(picture, np.array([[0.0, 0.0, 10.0], [200.0, 200.0, 5.0]]))
    assert (picture[0, 0] == GREY).all() and picture[20, 20].max() == 0


def test_the_circle_covers_eyes_ears_and_mouth():
    marks = Painted(lambda k: [(64.0, 48.0, 30.0)]).landmarks(
        np.zeros((96, 128, 3), np.uint8), Region(64.0, 48.0, 66.0, 0.0)
    )
    x, y, radius = face_circle(marks)
    away = np.linalg.norm(marks.image_px[:11] - [x, y], axis=1)
    assert away.max() < radius


def test_lines_are_drawn_where_their_ends_are_known():
    picture = np.zeros((50, 50, 3), np.uint8)
    draw(picture, Stroke(np.array([np.nan, 0.0]), np.array([20.0, 20.0]), RED))
    draw(picture, Stroke(np.array([-90.0, -90.0]), np.array([-60.0, -60.0]), RED))
    assert picture.max() == 0
    draw(picture, Stroke(np.array([10.0, 25.0]), np.array([40.0, 25.0]), RED))
    assert (picture[25, 12:38, 0] > 200).all() and picture[35].max() == 0
