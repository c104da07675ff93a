"""Kinds of quantity, how much each may move, and how they are told by name.

Tolerances: README.md has the measurements behind them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of quantity: its unit, the decimals it is pinned with, and how far it may move."""

    unit: str
    decimals: int
    tolerance: float


LENGTH = Kind("m", 5, 0.0002)
SPEED = Kind("m/s", 5, 0.0002)
TIME = Kind("s", 5, 0.0003)
CADENCE = Kind("steps/min", 3, 0.02)
SHARE = Kind("% of cycle", 3, 0.02)
ANGLE = Kind("deg", 3, 0.02)
RESIDUAL = Kind("% of body weight", 4, 0.005)
SCORE = Kind("points", 2, 0.1)
FORCE = Kind("% of body weight", 2, 0.3)

# Ends of names, the longer ones first. A name's last part that has one of them decides.
ENDINGS = {
    "value_percent_bw": FORCE,
    "_percent_bw": RESIDUAL,
    "_percent": SHARE,
    "_mps": SPEED,
    "_spm": CADENCE,
    "_deg": ANGLE,
    "_points": SCORE,
    "_m": LENGTH,
    "_s": TIME,
}
EXACT = ("n", "unit")  # columns of parameters.csv that do not have the parameter's kind


def kind_of(quantity: str) -> Kind | None:
    """The kind of a quantity by its name; None: a count or a text, which may not change at all."""
    parts = quantity.split("/")
    if parts[-1] in EXACT:
        return None
    for part in reversed(parts):
        # The ends of an interval are of the kind of what lies between them.
        part = part.removesuffix("_lo").removesuffix("_hi")
        for ending, kind in ENDINGS.items():
            if part.endswith(ending):
                return kind
    return None
