from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from simgait.report import svg
from simgait.report.trial import cycle_curves


def test_means_hold_the_cycles_that_are_not_drawn(five_minutes: tuple[Any, ...]) -> None:
    _, result, _ = five_minutes
    knee = np.full_like(result.curves_deg["left_knee_flexion_deg"], 40.0)
    knee[svg.evenly(len(knee), cycle_curves.MAX_CYCLES_DRAWN)] = 0.0
    result = dataclasses.replace(result, curves_deg={"left_knee_flexion_deg": knee})
    panel = cycle_curves.joint_curves(result, None, lambda _: None)[6]
    (mean_y,) = {float(y) for y in re.findall(
        r"[ML][\d.]+ ([\d.]+)", re.findall(r'd="([^"]+)"[^>]*stroke-width="2.2"', panel)[0]
    )}  # fmt: skip
    zero_y = float(re.findall(r'y="([\d.]+)"[^>]*>0<', panel)[0]) - 3.5
    forty_y = float(re.findall(r'y="([\d.]+)"[^>]*>40<', panel)[0]) - 3.5
    assert (mean_y - zero_y) / (forty_y - zero_y) == pytest.approx(1 - 20 / len(knee), abs=0.01)


def test_evenly_keeps_first_and_last() -> None:
    assert svg.evenly(7, 20) == [0, 1, 2, 3, 4, 5, 6]
    chosen = svg.evenly(272, 20)
    assert (len(chosen), chosen[0], chosen[-1]) == (20, 0, 271)
    assert set(np.diff(chosen)) <= {14, 15}
