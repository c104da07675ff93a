from __future__ import annotations

from simgait.report.trial import bars
from simgait.report.trial.measure import KeypointError


def test_tracking_errors_name_mean_and_percentile() -> None:
    names = [f"{side} {joint}" for side in ("Left", "Right") for joint in
             ("Hip", "Knee", "Ankle", "Heel", "Foot", "Big Toe")]  # fmt: skip
    errors = [KeypointError(name, 80.2, 169.6, 1.0) for name in (*names, "Pelvis", "Sternum")]
    assert bars.keypoint_error_bars(errors).count(">80 (95 %: 170)<") == len(errors)
