from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from simgait.errors import InputError
from simgait.gait.angle_errors import angle_errors, series_error
from simgait.skeleton.default import POSE_INDEX

PHASE = np.linspace(0.0, 4 * np.pi, 200, endpoint=False)


def poses() -> tuple[np.ndarray, np.ndarray]:
    true = np.zeros((200, 16))
    true[:, POSE_INDEX["left_knee_flexion"]] = np.radians(30 * np.sin(PHASE))
    estimate = true.copy()
    estimate[:, POSE_INDEX["left_knee_flexion"]] += np.radians(
        4.0 + 3.0 * np.sqrt(2) * np.cos(PHASE)
    )
    return true, estimate


def test_offset_and_shape_error_are_told_apart() -> None:
    error = angle_errors(*poses())["left_knee_flexion"]
    assert error.bias_deg == pytest.approx(4.0)
    assert error.debiased_rmse_deg == pytest.approx(3.0)
    assert error.rmse_deg == pytest.approx(5.0)
    assert error.n == 200


def test_masked_and_missing_frames_do_not_count() -> None:
    true, estimate = poses()
    column = POSE_INDEX["left_knee_flexion"]
    estimate[:50, column] = 9.0
    true[50:60, column] = np.nan
    mask = np.arange(200) >= 50
    assert angle_errors(true, estimate, mask)["left_knee_flexion"].n == 140
    nothing = angle_errors(true, estimate, np.zeros(200, dtype=bool))
    assert np.isnan(nothing["left_knee_flexion"].rmse_deg)


def test_different_lengths_are_refused() -> None:
    # Where shapes are checked at run time, the annotations refuse first.
    with pytest.raises((InputError, TypeCheckError)):
        angle_errors(np.zeros((5, 16)), np.zeros((6, 16)))
    with pytest.raises((InputError, TypeCheckError)):
        series_error(np.zeros(5), np.zeros(6))
