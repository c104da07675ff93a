"""Whether a walk in a picture has a pace that people walk at, or another frame rate than was said.

A wrong rate makes networks say a plausible walk of another person. The legs of the picture tell it
by themselves: how often they swing, and, seen from the side, how long a step is in legs.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.columns import FPS_HZ, LEG_POINTS
from simgait.parameters.catalogue import parameter
from simgait.series.gaps import bridge
from simgait.skeleton.dimensions import GRAVITY_MPS2, LEG_PER_HEIGHT
from simgait.trials.walking import WALK_RATIO_LIMIT

_HIPS, _KNEES, _ANKLES = (
    [LEG_POINTS.index(f"{side} {joint}") for side in ("Left", "Right")]
    for joint in ("Hip", "Knee", "Ankle")
)
STRIDES_S = (0.2, 8.0)
"""A quarter of the quick stride of people, eight times a usual one: a wrong rate makes them so."""
CLEAR = 0.3
"""Of an autocorrelation's peak: less is no rhythm."""
WIDE = 95.0
"""Percentile of how far the ankles are apart: where a step is widest, less the detector's leaps."""
USUAL_LEG_M = 1.7 * LEG_PER_HEIGHT
RATES = (0.125, 0.25, 0.5, 2.0, 4.0, 8.0)
"""Times the rate that is said: of slow motion, and of frames left out."""


def rate_doubts(points_px: Float[np.ndarray, "T 8 2"], fps_hz: float) -> tuple[str, ...]:
    """A sentence where the legs' pace denies the frame rate.

    Args:
        points_px: `columns.LEG_POINTS`, at `columns.FPS_HZ` by the rate that was said.
        fps_hz: that rate.
    """
    cadence_spm, step_per_leg = leg_pace(points_px)
    if not np.isfinite(cadence_spm) or _is_walking(cadence_spm, step_per_leg):
        return ()
    norm = parameter("cadence_spm").norm
    assert norm is not None  # of cadence
    fits = [one for one in RATES if _is_usual(cadence_spm * one, step_per_leg)]
    said = (
        f"At the {fps_hz:g} Hz given the legs make {cadence_spm:.0f} steps/min"
        + (f", each {step_per_leg:.1f} legs long" if _is_walking(cadence_spm, 0.0) else "")
        + ", as nobody walks: the frame rate looks wrong"
    )
    if fits:
        best = min(fits, key=lambda one: abs(np.log(one * cadence_spm / norm.mean)))
        said += f" ({best * fps_hz:g} Hz would make {best * cadence_spm:.0f})"
    return (f"{said}; every number rests on it.",)


def leg_pace(points_px: Float[np.ndarray, "T 8 2"]) -> tuple[float, float]:
    """Cadence (steps/min), and how far the ankles get apart across the picture, in legs; or NaN.

    Seen from ahead or behind a step looks shorter than it is, never longer.
    """
    whole = bridge(points_px)
    if not np.isfinite(whole).all():
        return float("nan"), float("nan")
    leg_px = sum(
        np.median(np.linalg.norm(whole[:, a] - whole[:, b], axis=-1))
        for a, b in ((_HIPS, _KNEES), (_KNEES, _ANKLES))
    )
    apart = (whole[:, _ANKLES[0]] - whole[:, _ANKLES[1]]) / max(float(leg_px), 1e-9)
    swing = apart - apart.mean(axis=0)
    n = len(swing)
    alike = sum(np.correlate(swing[:, k], swing[:, k], "full")[n - 1 :] for k in range(2))
    alike = np.asarray(alike) / np.maximum(n - np.arange(n), 1)
    alike = alike / max(float(alike[0]), 1e-12)
    first, last = (int(s * FPS_HZ) for s in STRIDES_S)
    peaks = [
        k
        for k in range(max(first, 1), min(last, n // 2))
        if alike[k] >= max(alike[k - 1], alike[k + 1], CLEAR)
    ]
    step = float(np.percentile(np.abs(apart[:, 0]), WIDE))
    if not peaks:
        return float("nan"), step
    # The first that is nearly as high as the highest: two strides are as alike as one.
    highest = max(alike[k] for k in peaks)
    stride = next(k for k in peaks if alike[k] >= 0.85 * highest)
    return 120.0 * FPS_HZ / stride, step


def _is_walking(cadence_spm: float, step_per_leg: float) -> bool:
    plausible = parameter("cadence_spm").plausible
    assert plausible is not None  # of cadence
    frequency = cadence_spm / 60.0 * float(np.sqrt(USUAL_LEG_M / GRAVITY_MPS2))
    return plausible.holds(cadence_spm) and step_per_leg / frequency <= WALK_RATIO_LIMIT


def _is_usual(cadence_spm: float, step_per_leg: float) -> bool:
    norm = parameter("cadence_spm").norm
    assert norm is not None  # of cadence
    return abs(cadence_spm - norm.mean) <= 4.0 * norm.sd and _is_walking(cadence_spm, step_per_leg)
