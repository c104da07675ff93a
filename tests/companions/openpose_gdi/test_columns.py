"""The published preparation, and what it refuses."""

import numpy as np
import pytest

from simgait.companions.openpose_gdi.columns import (
    COLUMNS,
    LEG_POINTS,
    PUBLISHED,
    WINDOW,
    on_clock,
    side_columns,
    window_starts,
    windows_of,
)
from simgait.errors import InputError
from tests.companions.openpose_gdi.made_up import legs


def column(name):
    return COLUMNS.index(name)


def mirrored(points):
    """The same walk in a mirror: left and right exchanged, and the picture's too."""
    turned = points * [-1.0, 1.0] + [1920.0, 0.0]
    return np.concatenate([turned[:, 4:], turned[:, :4]], axis=1)


def test_a_side_is_the_other_side_in_the_mirror():
    points = legs()
    np.testing.assert_allclose(
        side_columns(points, "right"), side_columns(mirrored(points), "left"), atol=1e-9
    )


def test_each_side_has_its_own_angles():
    """The demonstration program of the paper gives the right side the left one's."""
    points = legs()
    points[:, 6] = points[:, 5] + [0.0, 95.0]  # the right shank hangs
    left, right = (side_columns(points, side) for side in ("left", "right"))
    knee, other = column("knee_angle"), column("other_knee_angle")
    assert np.ptp(left[:, knee]) > 0.1
    np.testing.assert_allclose(np.abs(right[:, other]), np.abs(left[:, knee]), atol=1e-9)
    assert np.corrcoef(right[:, knee], right[:, other])[0, 1] < 0.9


def test_place_and_size_in_the_picture_have_no_part_in_it():
    points = legs()
    np.testing.assert_allclose(
        side_columns(points, "left"), side_columns(0.5 * points + [300.0, 40.0], "left"), atol=1e-9
    )
    assert len(COLUMNS) == 2 * len(PUBLISHED) == 24


def test_a_straight_leg_has_no_knee_angle_and_a_foot_a_quarter_turn():
    points = legs(bend=0.0)
    columns = side_columns(points, "left")
    assert np.abs(columns[:, column("knee_angle")]).max() < 0.01
    assert np.abs(columns[:, column("ankle_angle")]).mean() == pytest.approx(0.44, abs=0.03)


def test_gaps_are_bridged_and_too_many_leave_no_window():
    points = legs(8.0)
    whole = windows_of(points, "left")
    assert whole.shape == (3, WINDOW, 24) and whole.dtype == np.float32
    gappy = points.copy()
    gappy[20:24, 2] = np.nan
    assert np.abs(windows_of(gappy, "left")[0] - whole[0]).max() < 0.5
    gappy[:60, 2] = np.nan  # of the first window more than a quarter
    assert window_starts(gappy) == [31, 62]
    gappy[::2, 6] = np.nan
    with pytest.raises(InputError, match="more than a quarter .* right ankle.*film the legs"):
        windows_of(gappy, "left")


def test_what_cannot_be_read_is_a_sentence():
    with pytest.raises(InputError, match=r"lasts 4.0 s and the companion reads 5.0 s at a time"):
        windows_of(legs(4.0), "left")
    with pytest.raises(InputError, match="ankles are above the hips"):
        windows_of(legs() * [1.0, -1.0], "left")
    lacking = legs()
    lacking[:, LEG_POINTS.index("Left Big Toe")] = np.nan
    with pytest.raises(InputError, match="^left big toe: never seen"):
        windows_of(lacking, "right")
    with pytest.raises(InputError, match="thighs are 3 px long; the person is too small"):
        windows_of(0.03 * legs(), "left")


def test_another_frame_rate_gives_the_same_columns():
    slow, fast = side_columns(legs(), "left"), on_clock(legs(fps_hz=100.0), 100.0)
    both = side_columns(fast, "left")
    n = min(len(slow), len(both)) - 3
    np.testing.assert_allclose(slow[3:n], both[3:n], atol=1e-6)
    gappy = legs(fps_hz=50.0)
    gappy[100:120, 3] = np.nan
    kept = on_clock(gappy, 50.0)
    assert np.isnan(kept[50:60, 3]).all() and np.isfinite(kept[61:, 3]).all()
