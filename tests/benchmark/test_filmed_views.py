from typing import Any, cast

import numpy as np
import pytest

from simgait.benchmark.filmed_views import knee_deg, score, score_views, speed_mps, steps
from simgait.errors import InputError
from tests.shapes import unchecked
from tests.video.made_up import filmed_walker


@pytest.fixture(scope="module")
def walker():
    return filmed_walker(90.0)


def test_the_truth_has_no_error_in_any_axes_and_scale(walker):
    turned = 1.3 * walker.points[..., [2, 0, 1]] + 2.0
    found = score("side", "itself", turned, walker.points, walker.height_m)
    leg_error = abs(found.speed_error_mps) / found.speed_mps
    assert leg_error < 0.06 and found.knee_r == pytest.approx(1.0)
    assert found.knee_rmse_deg == pytest.approx(0.0, abs=1e-3)


def test_steps_are_as_long_as_speed_and_rhythm_say(walker):
    at, lengths = steps(walker.points)
    step_s = float(np.mean(np.diff(at))) / 30
    assert len(lengths) >= 4
    assert lengths.mean() == pytest.approx(speed_mps(walker.points) * step_s, rel=0.05)


def test_a_right_angle_is_one():
    points = np.zeros((2, 33, 3))
    points[:, [25, 26]] = [0.0, 1.0, 0.0]
    points[:, [27, 28]] = [1.0, 1.0, 0.0]
    assert np.allclose(knee_deg(points), 90.0)


def test_without_the_data_the_sentence_says_so(tmp_path):
    with pytest.raises(InputError, match="has no video/rendered_capsule"), unchecked():
        next(score_views(tmp_path, cast(Any, None)))
