"""Peaks and ranges of hip, knee and ankle that clinicians read from a walk's mean curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.curves import CURVE_POINTS
from simgait.skeleton.sides import Side

NAN = float("nan")
CYCLE_PERCENT = np.linspace(0.0, 100.0, CURVE_POINTS)

Curve = Float[np.ndarray, " 101"]
Reading = Callable[[Curve, float], float]


@dataclass(frozen=True)
class JointMeasure:
    """One number of a mean curve.

    Attributes:
        label: what a person reads.
        curve: the angle, without its side ("knee_flexion_deg").
        reading: (angle over the cycle, foot off in % of the cycle) -> degrees, NaN undefined.
    """

    label: str
    curve: str
    reading: Reading


def highest(angle_deg: Curve, foot_off_percent: float) -> float:
    """Maximum over the whole cycle."""
    return float(angle_deg.max())


def lowest(angle_deg: Curve, foot_off_percent: float) -> float:
    """Minimum over the whole cycle."""
    return float(angle_deg.min())


def span(angle_deg: Curve, foot_off_percent: float) -> float:
    """Maximum minus minimum over the whole cycle."""
    return float(np.ptp(angle_deg))


def at_contact(angle_deg: Curve, foot_off_percent: float) -> float:
    """Value at initial contact."""
    return float(angle_deg[0])


def highest_in_stance(angle_deg: Curve, foot_off_percent: float) -> float:
    """Maximum from initial contact to foot off; NaN where foot off is not known."""
    return _highest_of(angle_deg[foot_off_percent >= CYCLE_PERCENT])


def highest_in_swing(angle_deg: Curve, foot_off_percent: float) -> float:
    """Maximum from foot off to the next contact; NaN where foot off is not known."""
    return _highest_of(angle_deg[foot_off_percent <= CYCLE_PERCENT])


def _highest_of(angle_deg: Float[np.ndarray, " P"]) -> float:
    return float(angle_deg.max()) if len(angle_deg) else NAN


HIP, KNEE, ANKLE = "hip_flexion_deg", "knee_flexion_deg", "ankle_dorsiflexion_deg"
JOINT_MEASURES = {
    "hip_flexion_peak_deg": JointMeasure("Hip, peak flexion", HIP, highest),
    "hip_extension_peak_deg": JointMeasure("Hip, minimum (peak extension)", HIP, lowest),
    "hip_range_deg": JointMeasure("Hip, range", HIP, span),
    "knee_flexion_swing_peak_deg": JointMeasure(
        "Knee, peak flexion in swing", KNEE, highest_in_swing
    ),
    "knee_range_deg": JointMeasure("Knee, range", KNEE, span),
    "knee_flexion_contact_deg": JointMeasure("Knee, flexion at initial contact", KNEE, at_contact),
    "ankle_dorsiflexion_stance_peak_deg": JointMeasure(
        "Ankle, peak dorsiflexion in stance", ANKLE, highest_in_stance
    ),
    "ankle_plantarflexion_peak_deg": JointMeasure(
        "Ankle, minimum (peak plantarflexion)", ANKLE, lowest
    ),
    "ankle_range_deg": JointMeasure("Ankle, range", ANKLE, span),
}
"""Name -> measure, all in degrees with clinical signs; definitions in docs/definitions.md."""


def joint_measure(record: WalkRecord, measure: JointMeasure, side: Side) -> tuple[float, float]:
    """One measure of one leg of a walk, (true, estimated), deg; NaN where either has no curve.

    Each is read from its own mean curve, with its own foot off.
    """
    curves = record.curves_deg.get(f"{side}_{measure.curve}")
    if curves is None:
        return NAN, NAN
    true, found = (
        measure.reading(curve, foot_off)
        for curve, foot_off in zip(curves, record.means("stance_percent", side), strict=True)
    )
    return true, found
