import numpy as np
import pytest

from simgait.video.equations import Equations
from simgait.video.leg_prior import HIPS
from simgait.video.way import as_far_as, speed_along, ways_of

RATE_HZ = 30.0


def walked(speed_mps, *, way=(0.6, 0.0, 0.8), n=60):
    """Twelve points in n pictures, hips .1 m to each side of the middle."""
    points = np.zeros((n, 12, 3))
    points += np.arange(n)[:, None, None] / RATE_HZ * speed_mps * np.array(way)
    points[:, HIPS[0]] += [0.08, 0.0, -0.06]
    points[:, HIPS[1]] -= [0.08, 0.0, -0.06]
    return points + [0.0, 0.0, 5.0]


def test_way_and_speed_are_those_of_the_hips():
    points = walked(1.3)
    ways = ways_of(points, RATE_HZ)
    assert np.allclose(ways, [0.6, 0.0, 0.8], atol=1e-6)
    assert np.allclose(speed_along(points, ways, RATE_HZ)[10:-10], 1.3, atol=0.01)


def test_hips_that_are_held_back_go_as_far_as_they_are_told():
    points = walked(1.0)
    ways = ways_of(points, RATE_HZ)
    equations = Equations(points.size // 3)
    as_far_as(equations, points, ways, np.full(len(points), 1.2), RATE_HZ)
    moved = points + equations.step().reshape(points.shape)
    middle = moved[:, HIPS].mean(axis=1)
    gone = float((middle[-1] - middle[0]) @ ways[0]) * RATE_HZ / (len(points) - 1)
    assert gone == pytest.approx(1.2, abs=0.01)
