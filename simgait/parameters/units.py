"""Units: how a column's name ends, and what a person reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit.

    Attributes:
        suffix: last part of the name of a column that is stored in it ("mps").
        symbol: for a person ("m/s").
        short: where the room is small; the symbol itself where empty.
    """

    suffix: str
    symbol: str
    short: str = ""

    @property
    def brief(self) -> str:
        """For a person, where the room is small."""
        return self.short or self.symbol


METRE = Unit("m", "m")
CENTIMETRE = Unit("cm", "cm")
SECOND = Unit("s", "s")
METRES_PER_SECOND = Unit("mps", "m/s")
CENTIMETRES_PER_SECOND = Unit("cmps", "cm/s")
STEPS_PER_MINUTE = Unit("spm", "steps/min")
DEGREE = Unit("deg", "°")
PERCENT = Unit("percent", "%")
PERCENT_OF_CYCLE = Unit("percent", "% of cycle", short="%")

# Every unit that a column's name may carry. No "min" and no "n": they mean minimum and number
# there. What a percentage is of, its name does not tell.
UNITS: dict[str, Unit] = {
    unit.suffix: unit
    for unit in (
        METRE, CENTIMETRE, Unit("mm", "mm"), SECOND, Unit("ms", "ms"), Unit("hz", "Hz"),
        METRES_PER_SECOND, CENTIMETRES_PER_SECOND, Unit("kmh", "km/h"), STEPS_PER_MINUTE,
        DEGREE, Unit("rad", "rad"), Unit("degps", "°/s"), PERCENT, Unit("kg", "kg"),
        Unit("nm", "Nm"),
    )
}  # fmt: skip
