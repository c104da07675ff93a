"""The scale of travel that is told of a detector is the one by which its walks are too long."""

import numpy as np
import pytest

from simgait.synthetic.detectors.incomplete_points import through_monocular_v1
from simgait.synthetic.detectors.named import FAMILIES, seen_through
from simgait.synthetic.detectors.travel import travel_scale
from tests.synthetic.detectors.measured import FPS_HZ, adults, mid_hip


def way_m(points_m: np.ndarray) -> float:
    """Of the middle of the hips over the floor, the ends smoothed."""
    path = mid_hip(points_m)
    path = path[np.isfinite(path).all(axis=1), :2]
    return float(np.linalg.norm(path[-15:].mean(axis=0) - path[:15].mean(axis=0)))


@pytest.mark.parametrize("family", FAMILIES)
def test_between_two_cameras_the_way_changes_by_the_scale(family: str) -> None:
    for seed, walk in enumerate(adults(3)):
        one = (family, walk.points_m, walk.height_m, FPS_HZ, seed)
        short, long = (
            (way_m(seen_through(*one, travel_share=share).keypoints_m),
             travel_scale(*one, travel_share=share))
            for share in (0.1, 0.9)
        )  # fmt: skip
        assert long[0] / short[0] == pytest.approx(long[1] / short[1], abs=0.01)


def test_of_monocular_v1_the_body_comes_on_top() -> None:
    for seed, walk in enumerate(adults(3)):
        seen, _ = through_monocular_v1(walk.points_m, seed, FPS_HZ)
        scale = travel_scale("monocular-v1", walk.points_m, walk.height_m, FPS_HZ, seed)
        told = way_m(seen.keypoints_m) / way_m(walk.points_m) / seen.errors.scale
        assert told == pytest.approx(scale, abs=0.02)


def test_whoever_walks_across_is_told_at_his_own_speed() -> None:
    walk = adults(1)[0]
    scales = [
        travel_scale("metrabs-17-v1", walk.points_m, walk.height_m, FPS_HZ, seed, travel_share=0.5)
        for seed in range(20)
    ]
    assert min(scales) > 0.98 and max(scales) == pytest.approx(1.07, abs=0.06)
