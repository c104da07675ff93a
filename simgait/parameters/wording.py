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
    return with_minus(text)


def with_minus(text: str) -> str:
    """A number's text with a real minus sign, for people."""
    return text.replace("-", "\u2212")


def beside_limit(value: float, limit: float) -> tuple[str, str]:
    """A number and the limit that it passes, with as many digits as show that it does."""
    digits = next((n for n in range(3, 12) if f"{value:.{n}g}" != f"{limit:.{n}g}"), 3)
    return f"{value:.{digits}g}", f"{limit:.{digits}g}"


def duration(seconds: float) -> str:
    """As people say it: "40 s", "3 min", "2 h 10 min"."""
    if seconds < 90.0:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
