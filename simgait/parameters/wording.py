"""How numbers and counts become words in what a person reads."""

from __future__ import annotations

import math


def counted(count: int, thing: str) -> str:
    """A count with its noun: "1 cycle", "2 cycles"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def number(value: float, decimals: int) -> str:
    """A number for a person: real minus sign, an en dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "\u2212")
