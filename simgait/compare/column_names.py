"""Column names that carry their unit: quantity, side and unit of `step_length_left_m`."""

from __future__ import annotations

from dataclasses import dataclass

from simgait.parameters.wording import CURVES, PARAMETERS
from simgait.skeleton.sides import SIDES

# Last part of a column's name -> unit. No "min" and no "n": they mean minimum and number there.
UNIT_SUFFIXES = {
    "mps": "m/s", "cmps": "cm/s", "kmh": "km/h", "spm": "steps/min", "hz": "Hz",
    "m": "m", "cm": "cm", "mm": "mm", "s": "s", "ms": "ms",
    "deg": "°", "rad": "rad", "degps": "°/s", "percent": "%", "kg": "kg", "nm": "Nm",
}  # fmt: skip

# Change that is small and that is substantial to a clinician.
# Speed: Perera et al. 2006, J Am Geriatr Soc 54:743. Angles: McGinley et al. 2009, Gait Posture
# 29:360 (up to 2 degrees acceptable, 2 to 5 reasonable, more may mislead).
SPEED_THRESHOLDS_MPS = (0.05, 0.10)
ANGLE_THRESHOLDS_DEG = (2.0, 5.0)
THRESHOLDS: dict[str, tuple[float, float]] = {
    "m/s": SPEED_THRESHOLDS_MPS,
    "cm/s": (100 * SPEED_THRESHOLDS_MPS[0], 100 * SPEED_THRESHOLDS_MPS[1]),
    "°": ANGLE_THRESHOLDS_DEG,
}
# Numbers that describe a walk or a person; both tables may hold them, but nobody measured gait.
DESCRIPTORS = frozenset(
    ("duration", "height", "mass", "weight", "age", "leg_length", "start", "end", "fps",
     "residual_force")
)  # fmt: skip


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
    def unit(self) -> str:
        """Unit for a person."""
        known = PARAMETERS.get(f"{self.quantity}_{self.suffix}")
        if known is not None and self.suffix == "percent":
            return known.unit
        return UNIT_SUFFIXES.get(self.suffix, "")

    @property
    def label(self) -> str:
        """Words for a person: "Step length, left"."""
        # A known quantity keeps its name in another unit: step_length_cm is a step length.
        names = {key.rsplit("_", 1)[0]: style.label for key, style in PARAMETERS.items()}
        names |= {panel.coordinate: panel.title for panel in CURVES}
        words = self.quantity.replace("_", " ")
        label = names.get(self.quantity, words[:1].upper() + words[1:])
        return f"{label}, {self.side}" if self.side else label

    @property
    def thresholds(self) -> tuple[float, float] | None:
        """(small, substantial) change in this unit, where one is known."""
        return THRESHOLDS.get(self.unit)

    @property
    def is_descriptor(self) -> bool:
        """Whether it describes the person or the recording."""
        return self.quantity in DESCRIPTORS


def parse_column(column: str) -> ColumnName:
    """Take a column's name apart; the side may come first (`left_step_length_m`) or last."""
    parts = [part for part in column.strip().lower().replace(" ", "_").split("_") if part]
    suffix = ""
    if parts[-2:] == ["percent", "bw"]:
        parts = [*parts[:-2], "percent"]
    if len(parts) > 1 and parts[-1] in UNIT_SUFFIXES:
        suffix = parts.pop()
    side = ""
    for place in (0, -1):
        if len(parts) > 1 and parts[place] in SIDES:
            side = parts.pop(place)
            break
    return ColumnName("_".join(parts), side, suffix)
