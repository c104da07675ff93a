"""Units: how a column's name ends, and what a person reads."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit.

    Attributes:
        suffix: last part of the name of a column that is stored in it ("mps").
        symbol: for a person ("m/s").
        short: where the room is small; the symbol itself where empty.
        dimension: what it measures, "" where it cannot be converted into another unit.
        size: how many of the dimension's SI unit it is.
    """

    suffix: str
    symbol: str
    short: str = ""
    dimension: str = ""
    size: float = 1.0

    @property
    def brief(self) -> str:
        """For a person, where the room is small."""
        return self.short or self.symbol


METRE = Unit("m", "m", dimension="length")
CENTIMETRE = Unit("cm", "cm", dimension="length", size=0.01)
SECOND = Unit("s", "s", dimension="time")
METRES_PER_SECOND = Unit("mps", "m/s", dimension="speed")
CENTIMETRES_PER_SECOND = Unit("cmps", "cm/s", dimension="speed", size=0.01)
STEPS_PER_MINUTE = Unit("spm", "steps/min", dimension="frequency", size=1.0 / 60.0)
DEGREE = Unit("deg", "°", dimension="angle", size=math.pi / 180.0)
PERCENT = Unit("percent", "%")
POINTS = Unit("points", "points", short="pts")
PERCENT_OF_CYCLE = Unit("percent", "% of cycle", short="%")

# Every unit that a column's name may carry. No "min" and no "n": they mean minimum and number
# there. What a percentage is of, its name does not tell.
UNITS: dict[str, Unit] = {
    unit.suffix: unit
    for unit in (
        METRE, CENTIMETRE, Unit("mm", "mm", dimension="length", size=0.001),
        Unit("ft", "ft", dimension="length", size=0.3048),
        Unit("inch", "in", dimension="length", size=0.0254),
        SECOND, Unit("ms", "ms", dimension="time", size=0.001),
        Unit("hz", "Hz", dimension="frequency"),
        METRES_PER_SECOND, CENTIMETRES_PER_SECOND,
        Unit("kmh", "km/h", dimension="speed", size=1.0 / 3.6),
        Unit("mph", "mph", dimension="speed", size=0.44704),
        Unit("ftps", "ft/s", dimension="speed", size=0.3048), STEPS_PER_MINUTE,
        DEGREE, Unit("rad", "rad", dimension="angle"), Unit("degps", "°/s"), PERCENT,
        Unit("kg", "kg"), Unit("nm", "Nm"), POINTS,
    )
}  # fmt: skip


def conversion(given: Unit, wanted: Unit) -> float | None:
    """What a number in one unit is multiplied by to be in another; None where nothing does."""
    if given.suffix == wanted.suffix:
        return 1.0
    if not given.dimension or given.dimension != wanted.dimension:
        return None
    return given.size / wanted.size
