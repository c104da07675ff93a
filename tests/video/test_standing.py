import numpy as np
import pytest

from simgait.video.equations import Equations
from simgait.video.floor import Floor, floor_under
from simgait.video.standing import standing
from tests.video.made_up import RATE_HZ, filmed_walker

PLANE = Floor(0.03, -0.1, 1.2)


def test_points_under_the_floor_are_so_far_below_it():
    x, z = np.array([0.5, -1.0]), np.array([3.0, 8.0])
    points = np.column_stack([x, PLANE.roll * x + PLANE.tilt * z + PLANE.drop, z])
    assert np.allclose(PLANE.below(points), 0.0)
    assert PLANE.below(points + PLANE.up) == pytest.approx(-1.0, abs=0.02)


def test_the_floor_is_found_under_feet_that_stand():
    rng = np.random.default_rng(3)
    x, z = rng.uniform(-2, 2, 200), rng.uniform(3, 9, 200)
    points = np.column_stack([x, PLANE.roll * x + PLANE.tilt * z + PLANE.drop, z])
    points[:60, 1] -= rng.uniform(0.02, 0.3, 60)  # swinging feet, above
    found = floor_under(points, np.ones(200))
    assert np.allclose(PLANE.below(points[60:]) - found.below(points[60:]), 0.0, atol=0.03)


def test_feet_that_are_said_to_stand_do():
    """Their true speed is small against a swinging foot's, whatever the unit of the signal."""
    points = filmed_walker(90.0).points
    # Ahead is to the picture's right.
    stands = standing(1000.0 * (points[:, 27, 0] - points[:, 28, 0]), RATE_HZ)
    for surely, columns in ((stands.heel, [29, 30]), (stands.toe, [31, 32])):
        speed = np.linalg.norm(np.gradient(points[:, columns], axis=0) * RATE_HZ, axis=-1)
        inner = slice(15, -15)
        still = surely[inner] > 0.9
        assert 0.15 < still.mean() < 0.6
        assert np.median(speed[inner][still]) < 0.15 < np.median(speed[inner][surely[inner] < 0.1])


def test_the_heel_stands_from_the_contact_on():
    """The left foot is foremost .04 of a cycle after its contact."""
    phase = 0.9 * np.arange(300) / RATE_HZ
    stands = standing(np.cos(2 * np.pi * phase), RATE_HZ)
    since = (phase + 0.04) % 1.0
    for column, part in ((stands.heel, (0.0, 0.31)), (stands.toe, (0.08, 0.60))):
        inside = (since > part[0] + 0.03) & (since < part[1] - 0.03)
        outside = (since > part[1] + 0.03) & (since < 0.97 + part[0])
        assert column[inside, 0].min() > 0.9
        assert column[outside, 0].max() < 0.1


def test_equations_give_the_least_squares_step():
    """Two points: the first is pulled to (1, 2, 3), both are to be alike."""
    equations = Equations(2)
    one = np.eye(3)[None]
    equations.add(np.array([[-1.0, -2.0, -3.0]]), [(np.array([0]), one)])
    equations.add(np.zeros((1, 3)), [(np.array([0]), one), (np.array([1]), -one)])
    assert np.allclose(equations.step(), [[1, 2, 3], [1, 2, 3]], atol=0.02)
