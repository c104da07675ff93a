import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.axes import (
    axes_matrix,
    metres_per_unit,
    vertical_axis,
)


@pytest.mark.parametrize(
    "axes",
    ["z-up", "y-up", "x-up", "z-down", "y-down", "x-down", "y-down z-forward",
     "x-forward y-left z-up", "x-right y-forward z-up", "z-up x-forward"],
)  # fmt: skip
def test_every_convention_is_a_rotation(axes):
    matrix = axes_matrix(axes, "f")
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


def test_vertical_becomes_z():
    for axes, up in (  # fmt: skip
        ("z-up", [0, 0, 1]),
        ("y-up", [0, 1, 0]),
        ("y-down", [0, -1, 0]),
        ("x-up", [1, 0, 0]),
        ("x-down", [-1, 0, 0]),
        ("z-down", [0, 0, -1]),
    ):
        np.testing.assert_allclose(axes_matrix(axes, "f") @ np.array(up), [0, 0, 1], atol=1e-12)


def test_three_axes_that_are_left_handed_are_a_reflection():
    matrix = axes_matrix("x-forward y-right z-up", "f")
    np.testing.assert_allclose(matrix @ [1, 2, 3], [1, -2, 3])
    assert np.linalg.det(matrix) == pytest.approx(-1.0)


def test_camera_axes():
    # x to the right in the image, y down, z away from the camera.
    matrix = axes_matrix("y-down z-forward", "f")
    np.testing.assert_allclose(matrix @ [0, 0, 1], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(matrix @ [1, 0, 0], [0, -1, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("axes", "words"),
    [("x-forward y-left", "vertical"),
     ("z-up y-up", "direction twice; name each once, for example"), ("upwards", "cannot be read")],
)  # fmt: skip
def test_bad_axes(axes, words):
    with pytest.raises(InputError, match=words):
        axes_matrix(axes, "f")


def test_units():
    assert metres_per_unit("mm", "f") == 0.001
    assert metres_per_unit(" CM ", "f") == 0.01
    with pytest.raises(InputError, match="furlong"):
        metres_per_unit("furlong", "f")


@pytest.mark.parametrize(("axis", "sign"), [(0, 1), (1, 1), (1, -1), (2, 1), (2, -1)])
def test_vertical_axis_from_hips_above_ankles(axis, sign):
    upper, lower = np.zeros((5, 2, 3)), np.zeros((5, 2, 3))
    upper[..., axis] = sign * 0.9
    lower[..., (axis + 1) % 3] = 0.1
    upper[0] = np.nan
    assert vertical_axis(upper, lower, "f") == f"{'xyz'[axis]}-{'up' if sign > 0 else 'down'}"


def test_no_vertical_axis():
    upper, lower = np.full((5, 2, 3), 0.5), np.zeros((5, 2, 3))
    with pytest.raises(InputError, match="no axis of the file is vertical"):
        vertical_axis(upper, lower, "f")
