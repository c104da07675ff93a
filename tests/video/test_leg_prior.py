from dataclasses import replace

import numpy as np
import pytest

from simgait.video.batch_fit import FITTED
from simgait.video.leg_prior import (
    OTHER_SIDE,
    Legs,
    columns,
    columns_without_feet,
    expected_legs,
    pictured,
)
from simgait.video.standing import standing
from tests.video.made_up import RATE_HZ, filmed_walker


def shown(view_deg):
    """Rays to a walker's points, the way, the truth (left, right: knee, ankle), and leg length."""
    points = filmed_walker(view_deg).points[:, list(FITTED)]
    way = np.polyfit(np.arange(len(points)), points[:, 2:4].mean(axis=1), 1)[0] * [1.0, 0.0, 1.0]
    way /= np.linalg.norm(way)
    leg_m = sum(
        np.linalg.norm(points[:, a] - points[:, b], axis=-1).mean() for a, b in ((2, 4), (4, 6))
    )
    ahead = (points[:, 4:8] - points[:, 2:4].mean(axis=1, keepdims=True)) @ way / leg_m
    ways = np.tile(way, (len(points), 1))
    return points[..., :2] / points[..., 2:], ways, ahead.reshape(-1, 2, 2)


@pytest.mark.parametrize("view_deg", [0.0, 60.0, 90.0, 180.0])
@pytest.mark.parametrize("with_feet", [True, False])
def test_legs_are_expected_where_they_are(view_deg, with_feet):
    rays, ways, true = shown(view_deg)
    legs = expected_legs(rays, ways, RATE_HZ, with_feet)
    assert legs.ahead.shape == (len(rays), 4 if with_feet else 2, 2)
    apart = true[:, 1, 0] - true[:, 1, 1]
    assert np.corrcoef(legs.apart, apart)[0, 1] > 0.9
    assert 0.8 < legs.reach.mean() < 1.02


def test_in_a_mirror_left_is_right():
    rays, ways, _ = shown(60.0)
    legs = expected_legs(rays, ways, RATE_HZ)
    other = expected_legs(rays[:, OTHER_SIDE] * [-1.0, 1.0], ways * [-1.0, 1.0, 1.0], RATE_HZ)
    assert np.allclose(legs.ahead, other.ahead[..., ::-1], atol=1e-6)


def test_without_feet_is_a_part_of_all_columns():
    rays, ways, _ = shown(60.0)
    seen = pictured(rays, ways, RATE_HZ)
    part = columns(seen, RATE_HZ)[:, columns_without_feet()]
    assert np.array_equal(part, columns(seen, RATE_HZ, with_feet=False))
    far = pictured(rays * 0.5, ways, RATE_HZ)
    assert np.median(far.size / seen.size) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("shrunk", [0.6, 1.0])
def test_standing_ankles_go_back_as_fast_as_the_hips_go_ahead(shrunk):
    _, _, true = shown(90.0)
    ahead = np.concatenate([true, true], axis=1)
    legs = Legs(shrunk * ahead, np.ones((len(true), 2)))
    stands = standing(legs.apart, RATE_HZ).ankle
    speed = np.full(len(true), 1.4)
    swung = legs.as_fast_as(speed, stands, RATE_HZ)
    back = -np.gradient(swung.ahead[:, 1], axis=0) * RATE_HZ
    assert (stands * back).sum() / stands.sum() == pytest.approx(1.4, rel=0.02)
    still = replace(legs, ahead=np.zeros_like(ahead))
    assert np.array_equal(still.as_fast_as(speed, stands, RATE_HZ).ahead, still.ahead)
