"""The two sides of a body, in the order of every array that has one column per side."""

from __future__ import annotations

from typing import Literal

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


def opposite(side: Side) -> Side:
    """The other side."""
    return "right" if side == "left" else "left"
