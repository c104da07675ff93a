"""The joint angles over the gait cycle that reports draw, each said once."""

from __future__ import annotations

from dataclasses import dataclass

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
        rests_on: what must be right for it, as a parameter's.
        unit: that files store it in.
        clinical_change: small and substantial change to a clinician.
    """

    coordinate: str
    label: str
    up: str
    down: str
    span_deg: tuple[float, float]
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


CURVES: tuple[Curve, ...] = (
    Curve("pelvis_tilt", "Pelvic tilt", "anterior", "posterior", (-10.0, 30.0)),
    Curve("pelvis_obliquity", "Pelvic obliquity", "up", "down", (-15.0, 15.0)),
    Curve("pelvis_rotation", "Pelvic rotation", "internal", "external", (-20.0, 20.0)),
    Curve("hip_flexion", "Hip flexion", "flexion", "extension", (-20.0, 60.0)),
    Curve("hip_adduction", "Hip adduction", "adduction", "abduction", (-20.0, 20.0)),
    Curve("hip_rotation", "Hip rotation", "internal", "external", (-30.0, 30.0)),
    Curve("knee_flexion", "Knee flexion", "flexion", "extension", (-10.0, 80.0)),
    Curve(
        "ankle_dorsiflexion",
        "Ankle dorsiflexion",
        "dorsi",
        "plantar",
        (-30.0, 30.0),
        rests_on=frozenset((Basis.ANGLES, Basis.FEET)),
    ),
)
