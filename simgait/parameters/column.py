"""A number with a name: what every table says of it, whoever measured it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simgait.parameters.units import (
    CENTIMETRES_PER_SECOND,
    DEGREE,
    METRES_PER_SECOND,
    Unit,
)
from simgait.parameters.wording import number


class ClinicalChange(NamedTuple):
    """A change that is small, and one that is substantial, to a clinician; in a column's unit."""

    small: float
    substantial: float


# Perera et al. 2006, J Am Geriatr Soc 54:743.
SPEED_CHANGE_MPS = ClinicalChange(0.05, 0.10)
# McGinley et al. 2009, Gait Posture 29:360: errors up to 2 degrees are acceptable, 2 to 5
# reasonable, more may mislead.
ANGLE_CHANGE_DEG = ClinicalChange(2.0, 5.0)
# What holds for a column of a table that nobody described.
CHANGE_OF_UNIT: dict[Unit, ClinicalChange] = {
    METRES_PER_SECOND: SPEED_CHANGE_MPS,
    CENTIMETRES_PER_SECOND: ClinicalChange(*(100 * mps for mps in SPEED_CHANGE_MPS)),
    DEGREE: ANGLE_CHANGE_DEG,
}


@dataclass(frozen=True)
class Display:
    """How a person reads a stored number: unit, factor from the stored unit, decimals."""

    unit: Unit
    decimals: int
    factor: float = 1.0

    def text(self, stored: float) -> str:
        """A stored value in the shown unit, without the unit; a dash for NaN."""
        return number(stored * self.factor, self.decimals)

    def width(self, stored: float) -> str:
        """A spread, or half of an interval, likewise; "<1" where it would round to none."""
        least = 10.0**-self.decimals
        return self.text(stored) if not abs(stored * self.factor) < 0.5 * least else f"<{least:g}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One reported number.

    Attributes:
        quantity: name without side and unit ("step_length").
        unit: that it is stored in.
        label: what a person reads ("Step length").
        definition: how it is measured, one or two sentences.
        display: how a person reads its values.
        clinical_change: small and substantial change in the stored unit; None where none is known.
    """

    quantity: str
    unit: Unit
    label: str
    definition: str
    display: Display
    clinical_change: ClinicalChange | None = None

    @property
    def key(self) -> str:
        """Name with its unit, as in files: "step_length_m"."""
        return f"{self.quantity}_{self.unit.suffix}"
