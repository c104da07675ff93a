"""Column names that carry their unit: quantity, side and unit of `step_length_left_m`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simgait.parameters.catalogue import parameters
from simgait.parameters.column import CHANGE_OF_UNIT, ClinicalChange, Column
from simgait.parameters.curves import CURVES, Curve
from simgait.parameters.units import UNITS, conversion
from simgait.skeleton.sides import SIDES

# Numbers that describe a walk or a person; both tables may hold them, but nobody measured gait.
DESCRIPTORS = frozenset(
    ("duration", "height", "mass", "weight", "age", "leg_length", "start", "end", "fps",
     "residual_force")
)  # fmt: skip

# How tables of laboratories and spreadsheets write what simgait calls otherwise.
ALSO_CALLED = {"speed": "velocity", "gait_speed": "velocity"}
SIDE_LETTERS = {side[0]: side for side in SIDES}
UNIT_IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]$")


@dataclass(frozen=True)
class ColumnName:
    """A column's name taken apart.

    Attributes:
        quantity: "step_length"; side: "left", "right" or ""; suffix: "m", "" where none is known.
    """

    quantity: str
    side: str
    suffix: str

    @property
    def canonical(self) -> str:
        """The name in simgait's order: quantity, side, unit."""
        return "_".join(part for part in (self.quantity, self.side, self.suffix) if part)

    @property
    def without_unit(self) -> str:
        """Quantity and side: what two tables may hold in different units."""
        return "_".join(part for part in (self.quantity, self.side) if part)

    @property
    def known(self) -> Column | Curve | None:
        """What the catalogue says of this quantity, in whatever unit; None where it has none."""
        own = (p for p in parameters() if p.quantity == self.quantity)
        curves = (c for c in CURVES if c.coordinate == self.quantity)
        return next(own, None) or next(curves, None)

    @property
    def unit(self) -> str:
        """Unit for a person."""
        known = self.known
        if known is not None and known.unit.suffix == self.suffix:
            return known.unit.symbol
        return UNITS[self.suffix].symbol if self.suffix else ""

    @property
    def label(self) -> str:
        """Words for a person: "Step length, left"."""
        known = self.known
        words = self.quantity.replace("_", " ")
        # A known quantity keeps its name in another unit: step_length_cm is a step length.
        label = words[:1].upper() + words[1:] if known is None else known.label
        return f"{label}, {self.side}" if self.side else label

    @property
    def thresholds(self) -> ClinicalChange | None:
        """(small, substantial) change in this unit, where one is known."""
        known = self.known
        if known is not None and known.clinical_change and self.suffix in UNITS:
            factor = conversion(known.unit, UNITS[self.suffix])
            if factor is not None:
                return ClinicalChange(*(factor * change for change in known.clinical_change))
        return CHANGE_OF_UNIT.get(UNITS[self.suffix]) if self.suffix else None

    @property
    def is_descriptor(self) -> bool:
        """Whether it describes the person or the recording."""
        return self.quantity in DESCRIPTORS


def parse_column(column: str) -> ColumnName:
    """Take a column's name apart; the side may come first (`left_step_length_m`) or last.

    Spreadsheets' ways are understood where they leave no doubt: a known unit in brackets ("Step
    length left [cm]"), a quantity by its label ("Walking speed (m/s)"), and L or R for the side of
    a quantity that the catalogue knows.
    """
    name, suffix = _without_brackets(column.strip().lower())
    parts = [part for part in name.replace(" ", "_").split("_") if part]
    if parts[-2:] == ["percent", "bw"]:
        parts = [*parts[:-2], "percent"]
    if not suffix and len(parts) > 1 and parts[-1] in UNITS:
        suffix = parts.pop()
    side = ""
    for place in (0, -1):
        if len(parts) > 1 and parts[place] in SIDES:
            side = parts.pop(place)
            break
    if not side:
        parts, side = _without_letter(parts)
    quantity = "_".join(parts)
    return ColumnName(_quantities().get(quantity, quantity), side, suffix)


def _without_brackets(name: str) -> tuple[str, str]:
    """Name and suffix of the unit that stands in brackets; the name as it is where none does."""
    match = UNIT_IN_BRACKETS.match(name)
    if match is None:
        return name, ""
    said = match["unit"].strip()
    known = (unit.suffix for unit in UNITS.values() if said in (unit.suffix, unit.symbol.lower()))
    suffix = next(known, "")
    return (match["name"], suffix) if suffix else (name, "")


def _without_letter(parts: list[str]) -> tuple[list[str], str]:
    for place in (0, -1):
        side = SIDE_LETTERS.get(parts[place]) if len(parts) > 1 else None
        rest = parts[1:] if place == 0 else parts[:-1]
        if side and "_".join(rest) in _quantities():
            return rest, side
    return parts, ""


def _quantities() -> dict[str, str]:
    """Every name of a known quantity -> the catalogue's own."""
    own = {p.quantity: p.quantity for p in parameters()}
    labels = {p.label.lower().replace(" ", "_"): p.quantity for p in parameters()}
    curves = {curve.coordinate: curve.coordinate for curve in CURVES}
    return {**ALSO_CALLED, **labels, **curves, **own}
