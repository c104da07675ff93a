"""The one clock: trials are prepared at the rate at which bodies are controlled."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

CONTROL_RATE_HZ = 30.0
"""Frames of a trial, and control steps of a policy, per second (the paper's control rate)."""


def frame_rate_hz(time_s: Float[np.ndarray, " T"]) -> float:
    """Median frame rate of two or more time stamps."""
    return float(1.0 / np.median(np.diff(time_s)))
