from __future__ import annotations

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.parameters.catalogue import SPATIOTEMPORAL, parameter
from simgait.parameters.norms import Norm


def norm(key: str) -> Norm:
    found = parameter(key).norm
    assert found is not None
    return found


@pytest.mark.parametrize("height_m", [0.9, 1.3, 1.7, 2.0])
def test_means_fit_each_other_at_every_height(height_m: float) -> None:
    mean = {one.key: norm(one.key).mean_sd(height_m)[0] for one in SPATIOTEMPORAL}
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
    child, adult = (norm("velocity_mps").mean_sd(h)[0] for h in (1.1, 1.7))
    assert child / np.sqrt(1.1) == pytest.approx(adult / np.sqrt(1.7))


def test_range_is_two_sd_around_the_mean() -> None:
    mean, sd = norm("cadence_spm").mean_sd(1.7)
    assert norm("cadence_spm").normal_range(1.7) == pytest.approx((mean - 2 * sd, mean + 2 * sd))


def test_a_height_in_centimetres_is_refused() -> None:
    with pytest.raises(InputError, match="metres"):
        norm("velocity_mps").normal_range(170.0)
