from __future__ import annotations

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.gait.spatiotemporal import PARAMETER_NAMES
from simgait.parameters.norms import normal_mean_sd, normal_range


@pytest.mark.parametrize("height_m", [0.9, 1.3, 1.7, 2.0])
def test_means_fit_each_other_at_every_height(height_m: float) -> None:
    mean = {name: normal_mean_sd(name, height_m)[0] for name in PARAMETER_NAMES}
    assert mean["step_length_m"] * mean["cadence_spm"] / 60 == pytest.approx(
        mean["velocity_mps"], rel=0.01
    )
    assert mean["cadence_spm"] * mean["stride_time_s"] == pytest.approx(120.0, rel=0.01)
    assert mean["stride_length_m"] == pytest.approx(2 * mean["step_length_m"])
    assert mean["stance_percent"] + mean["swing_percent"] == pytest.approx(100.0)
    assert mean["single_support_percent"] + mean["double_support_percent"] == pytest.approx(
        mean["stance_percent"]
    )


def test_dimensionless_speed_is_kept() -> None:
    child, adult = (normal_mean_sd("velocity_mps", h)[0] for h in (1.1, 1.7))
    assert child / np.sqrt(1.1) == pytest.approx(adult / np.sqrt(1.7))


def test_range_is_two_sd_around_the_mean() -> None:
    mean, sd = normal_mean_sd("cadence_spm", 1.7)
    assert normal_range("cadence_spm", 1.7) == pytest.approx((mean - 2 * sd, mean + 2 * sd))


def test_bad_requests_are_refused() -> None:
    with pytest.raises(InputError, match="metres"):
        normal_range("velocity_mps", 170.0)
    with pytest.raises(InputError, match="no normal range"):
        normal_range("gait_beauty", 1.7)
