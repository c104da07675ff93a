import numpy as np
import pytest

from simgait.video.view import View, view_note, view_of


def hips_along(start, end, n=60):
    points = np.zeros((n, 33, 3))
    points[:, :, :2] = np.linspace(start, end, n)[:, None]
    return points


@pytest.mark.parametrize(
    ("start", "end", "angle_deg", "seen_from"),
    [
        ((8.0, 0.0), (3.0, 0.0), 0.0, "the front"),
        ((3.0, 0.0), (8.0, 0.0), 180.0, "behind"),
        ((5.0, 2.0), (5.0, -2.0), 90.0, "the side"),
        ((7.0, 2.0), (4.0, -1.0), 45.0, "the front, obliquely,"),
        ((4.0, -1.0), (7.0, 2.0), 135.0, "behind, obliquely,"),
    ],
)
def test_the_view_is_the_angle_between_way_and_camera(start, end, angle_deg, seen_from):
    view = view_of(hips_along(start, end))
    assert view is not None
    assert view.angle_deg == pytest.approx(angle_deg, abs=7.0) and view.seen_from == seen_from
    distances = [np.hypot(*start), np.hypot(*end)]
    assert view.farthest_m == pytest.approx(max(distances))
    assert "cadence" in view_note(view) and f"from {seen_from}" in view_note(view)


def test_a_standstill_has_none():
    assert view_of(hips_along((5.0, 0.0), (5.05, 0.0))) is None


def test_from_the_front_speed_rests_on_the_lens():
    assert "field of view" in view_note(View(5.0, 2.0, 8.0))
    assert "field of view" not in view_note(View(90.0, 4.0, 5.0))
