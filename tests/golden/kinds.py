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


LENGTH = Kind("m", 5, 0.001)
SPEED = Kind("m/s", 4, 0.002)
TIME = Kind("s", 4, 0.003)
CADENCE = Kind("steps/min", 2, 0.3)
SHARE = Kind("% of cycle", 2, 0.3)
ANGLE = Kind("deg", 2, 0.2)
RESIDUAL = Kind("% of body weight", 3, 0.05)
FORCE = Kind("% of body weight", 1, 2.0)

# Ends of names, the longer ones first. A name's last part that has one of them decides.
ENDINGS = {
    "value_percent_bw": FORCE,
    "_percent_bw": RESIDUAL,
    "_percent": SHARE,
    "_mps": SPEED,
    "_spm": CADENCE,
    "_deg": ANGLE,
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
        for ending, kind in ENDINGS.items():
            if part.endswith(ending):
                return kind
    return None
