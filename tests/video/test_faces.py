import numpy as np
import pytest

from simgait.video.faces import (
    FOUND_WITHIN_S,
    GREY,
    HELD_S,
    Head,
    cover,
    covers,
    faces_at,
    head_behind,
    head_circle,
)
from simgait.video.landmarks import Region
from tests.video.conftest import Painted

TIME_S = np.arange(150) / 30
PICTURE = (400, 300)
SIZE = 80.0


def head(first, n, x, speed=0.0, *, stays=True):
    """A head of radius 10 at height 100 that starts at `x` and moves by `speed` a picture."""
    circles = np.column_stack([x + speed * np.arange(n), np.full(n, 100.0), np.full(n, 10.0)])
    return Head(first, circles, SIZE, stays)


def is_covered(rows, k, x, y=100.0):
    circles = faces_at(rows, TIME_S[k])
    return bool((np.hypot(circles[:, 0] - x, circles[:, 1] - y) <= circles[:, 2]).any())


def test_a_head_that_is_lost_and_found_is_covered_all_along():
    rows = covers([head(0, 60, 50.0, 2.0), head(75, 75, 200.0, 2.0)], TIME_S, PICTURE)
    assert all(is_covered(rows, k, 50.0 + 2.0 * k) for k in range(150))
    # Also off the straight way, and no longer where it was lost.
    assert is_covered(rows, 67, 184.0, 125.0) and not is_covered(rows, 140, 168.0)


def test_a_head_that_is_never_found_again_stays_covered_to_the_end():
    rows = covers([head(0, 60, 200.0)], TIME_S, PICTURE)
    assert all(is_covered(rows, k, 200.0) for k in range(150))
    assert is_covered(rows, 149, 240.0), "it has grown"


def test_a_head_is_covered_before_it_is_first_seen():
    rows = covers([head(90, 60, 200.0, -1.0)], TIME_S, PICTURE)
    assert all(is_covered(rows, k, 200.0) for k in range(90))


def test_who_walks_out_is_covered_for_a_while_longer():
    out = covers([head(0, 60, 40.0, 6.0)], TIME_S, PICTURE)
    assert is_covered(out, 65, 399.0)
    assert len(faces_at(out, TIME_S[60] + HELD_S + 0.1)) == 0


def test_a_glimpse_is_covered_for_a_while_before_and_after():
    rows = covers([head(60, 3, 200.0, stays=False)], TIME_S, PICTURE)
    held = round(HELD_S * 30)
    assert is_covered(rows, 60 - held + 1, 200.0) and is_covered(rows, 62 + held - 1, 200.0)
    assert not is_covered(rows, 60 - held - 3, 200.0) and not is_covered(rows, 149, 200.0)


def test_somebody_else_far_away_uncovers_nobody():
    rows = covers([head(0, 60, 50.0), head(70, 80, 380.0)], TIME_S, PICTURE)
    assert is_covered(rows, 149, 50.0) and is_covered(rows, 0, 380.0)
    late = round((FOUND_WITHIN_S + 0.5) * 30)
    rows = covers([head(0, 40, 50.0), head(40 + late, 150 - 40 - late, 140.0)], TIME_S, PICTURE)
    assert is_covered(rows, 149, 50.0)


def test_nobody_needs_no_cover():
    assert covers([], TIME_S, PICTURE).shape == (0, 4)


def test_a_disc_over_the_picture_s_edge_is_cut_there():
    picture = np.zeros((40, 60, 3), np.uint8)
    cover(picture, np.array([[0.0, 0.0, 10.0], [200.0, 200.0, 5.0]]))
    assert (picture[0, 0] == GREY).all() and picture[20, 20].max() == 0


def test_the_circle_covers_eyes_ears_and_mouth():
    marks = Painted(lambda k: [(64.0, 48.0, 30.0)]).landmarks(
        np.zeros((96, 128, 3), np.uint8), Region(64.0, 48.0, 66.0, 0.0)
    )
    x, y, radius = head_circle(marks)
    away = np.linalg.norm(marks.image_px[:11] - [x, y], axis=1)
    assert away.max() < radius


@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_a_head_of_which_only_the_region_is_known_lies_above_the_hips(turn):
    x, y, radius = head_behind(Region(200.0, 150.0, 110.0, turn))
    # .62 m over the hips of a person of 50 px a metre, turned with the region.
    head_px = np.array([200.0 + 31.0 * np.sin(turn), 150.0 - 31.0 * np.cos(turn)])
    assert np.linalg.norm(head_px - [x, y]) + 6.0 <= radius
