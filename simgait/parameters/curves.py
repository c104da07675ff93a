"""The joint angles over the gait cycle that reports draw, each said once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.findings import Basis
from simgait.parameters.column import ANGLE_CHANGE_DEG, ClinicalChange
from simgait.parameters.units import DEGREE, Unit
from simgait.skeleton.sides import Side


@dataclass(frozen=True)
class Curve:
    """One joint angle over the gait cycle, in clinical signs.

    Attributes:
        coordinate: name without side and unit ("knee_flexion").
        label: what a person reads.
        up, down: what higher and lower values mean.
        span_deg: lowest and highest value that its panel shows in any case.
        walk_sds_deg: SD between mean curves of walks of one person on one day, at 0, 10 .. 100 % of
            the cycle, the largest within 5 % (`parameter.WALK_SDS_FROM`).
        rests_on: what must be right for it, as a parameter's.
        unit: that files store it in.
        clinical_change: small and substantial change to a clinician.
    """

    coordinate: str
    label: str
    up: str
    down: str
    span_deg: tuple[float, float]
    walk_sds_deg: tuple[float, ...]
    rests_on: frozenset[Basis] = frozenset((Basis.ANGLES,))
    unit: Unit = DEGREE
    clinical_change: ClinicalChange = ANGLE_CHANGE_DEG

    @property
    def key(self) -> str:
        """Name with its unit: "knee_flexion_deg"."""
        return f"{self.coordinate}_{self.unit.suffix}"

    def of_side(self, side: Side) -> str:
        """Name of one leg's curve in a result: "left_knee_flexion_deg"."""
        return f"{side}_{self.key}"

    def walk_sd_deg(self, percent: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
        """`walk_sds_deg` at these percents of the cycle."""
        return np.interp(
            percent, np.linspace(0.0, 100.0, len(self.walk_sds_deg)), self.walk_sds_deg
        )


CURVES: tuple[Curve, ...] = (
    Curve(
        "pelvis_tilt",
        "Pelvic tilt",
        "anterior",
        "posterior",
        (-10.0, 30.0),
        (0.7, 0.8, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, 0.6, 0.6),
    ),
    Curve(
        "pelvis_obliquity",
        "Pelvic obliquity",
        "up",
        "down",
        (-15.0, 15.0),
        (0.6, 0.7, 0.7, 0.5, 0.6, 0.6, 0.6, 0.5, 0.4, 0.5, 0.6),
    ),
    Curve(
        "pelvis_rotation",
        "Pelvic rotation",
        "internal",
        "external",
        (-20.0, 20.0),
        (1.3, 1.2, 1.1, 1.0, 1.3, 1.4, 1.4, 1.3, 1.1, 1.1, 1.2),
    ),
    Curve(
        "hip_flexion",
        "Hip flexion",
        "flexion",
        "extension",
        (-20.0, 60.0),
        (1.6, 1.9, 1.9, 1.3, 1.6, 1.8, 2.2, 2.0, 1.6, 1.7, 1.7),
    ),
    Curve(
        "hip_adduction",
        "Hip adduction",
        "adduction",
        "abduction",
        (-20.0, 20.0),
        (0.8, 1.0, 1.0, 0.8, 0.7, 0.9, 1.0, 0.9, 0.9, 0.7, 0.8),
    ),
    Curve(
        "hip_rotation",
        "Hip rotation",
        "internal",
        "external",
        (-30.0, 30.0),
        (1.9, 1.4, 1.5, 1.4, 1.3, 1.2, 1.3, 1.8, 1.7, 2.0, 1.9),
    ),
    Curve(
        "knee_flexion",
        "Knee flexion",
        "flexion",
        "extension",
        (-10.0, 80.0),
        (2.4, 2.7, 2.6, 2.0, 2.4, 2.9, 3.1, 2.6, 4.6, 5.1, 3.5),
    ),
    Curve(
        "ankle_dorsiflexion",
        "Ankle dorsiflexion",
        "dorsi",
        "plantar",
        (-30.0, 30.0),
        (2.1, 1.9, 1.3, 1.3, 1.2, 3.7, 4.8, 5.3, 2.9, 2.0, 2.0),
        rests_on=frozenset((Basis.ANGLES, Basis.FEET)),
    ),
)
