"""Peaks and ranges of hip, knee and ankle that clinicians read from a curve over the gait cycle.

The catalogue: reports read them from each cycle, the benchmark from a walk's mean curve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.gait.curves import CURVE_POINTS
from simgait.gait.spatiotemporal import statistic
from simgait.gait_result import GaitResult, Statistic
from simgait.skeleton.sides import SIDES, Side

NAN = float("nan")
CYCLE_PERCENT = np.linspace(0.0, 100.0, CURVE_POINTS)

Curve = Float[np.ndarray, " 101"]
Reading = Callable[[Curve, float], float]


@dataclass(frozen=True)
class JointMeasure:
    """One number of a curve over the gait cycle.

    Attributes:
        label: what a person reads.
        curve: the angle, without its side ("knee_flexion_deg").
        reading: (angle over the cycle, foot off in % of the cycle) -> degrees, NaN undefined.
        walk_sd_deg: SD between walks of one person on one day, means over their cycles
            (`parameters.parameter.WALK_SDS_FROM`).
    """

    label: str
    curve: str
    reading: Reading
    walk_sd_deg: float

    @property
    def definition(self) -> str:
        """One sentence: what is read, of which angle."""
        angle = self.curve.removesuffix("_deg").replace("_", " ")
        return f"{(self.reading.__doc__ or '').split(';')[0].rstrip('.')}, of {angle}."

    @property
    def is_range(self) -> bool:
        """Whether a constant that is added to the whole curve leaves it as it is."""
        return self.reading is span


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
    "hip_flexion_peak_deg": JointMeasure("Hip, peak flexion", HIP, highest, 1.3),
    "hip_extension_peak_deg": JointMeasure("Hip, minimum (peak extension)", HIP, lowest, 2.3),
    "hip_range_deg": JointMeasure("Hip, range", HIP, span, 2.3),
    "knee_flexion_swing_peak_deg": JointMeasure(
        "Knee, peak flexion in swing", KNEE, highest_in_swing, 2.2
    ),
    "knee_range_deg": JointMeasure("Knee, range", KNEE, span, 3.6),
    "knee_flexion_contact_deg": JointMeasure(
        "Knee, flexion at initial contact", KNEE, at_contact, 2.6
    ),
    "ankle_dorsiflexion_stance_peak_deg": JointMeasure(
        "Ankle, peak dorsiflexion in stance", ANKLE, highest_in_stance, 1.2
    ),
    "ankle_plantarflexion_peak_deg": JointMeasure(
        "Ankle, minimum (peak plantarflexion)", ANKLE, lowest, 4.8
    ),
    "ankle_range_deg": JointMeasure("Ankle, range", ANKLE, span, 5.1),
}
"""Name -> measure, all in degrees with clinical signs; definitions in docs/definitions.md."""
RANGED_CURVES = tuple(one.curve for one in JOINT_MEASURES.values() if one.is_range)
"""Angles whose range of motion is told."""


def joint_statistics(result: GaitResult) -> dict[str, dict[Side, Statistic]]:
    """Every joint measure of a walk, read from each cycle with its own foot off.

    Returns:
        name -> side -> mean, SD and count over the cycles (deg), n = 0 where there is none.
    """
    return {
        name: {side: statistic(of_each_cycle(result, one, side)) for side in SIDES}
        for name, one in JOINT_MEASURES.items()
    }


def of_each_cycle(result: GaitResult, one: JointMeasure, side: Side) -> list[float]:
    """A joint measure of each cycle of a side, in their order (deg); none without curves."""
    curves = result.curves_deg.get(f"{side}_{one.curve}", ())
    foot_offs = [
        100.0 * (cycle.foot_off_s - cycle.start_s) / (cycle.end_s - cycle.start_s)
        for cycle in result.cycles
        if cycle.side == side
    ]
    if len(curves) != len(foot_offs):  # they are of the side's cycles, in their order
        return []
    return [one.reading(c, off) for c, off in zip(curves, foot_offs, strict=True)]
