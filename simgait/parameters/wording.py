"""How numbers and counts become words in what a person reads."""

from __future__ import annotations

import math

MORE_DIGITS = 2
"""Beside a limit; a number that shows no difference with these is "just over" it. Chosen: a
hundredth of a millimetre or a degree is the most that anybody reads."""


def in_sentence(label: str) -> str:
    """A label as it stands within a sentence: its first letter small."""
    return label[:1].lower() + label[1:]


def counted(count: int, thing: str) -> str:
    """A count with its noun: "1 cycle", "2 cycles"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def were(count: int, thing: str) -> str:
    """A count with its noun and verb: "1 frame was", "2 frames were"."""
    return f"{counted(count, thing)} {'was' if count == 1 else 'were'}"


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


def beside_limit(value: float, limit: float, form: str = ".3g") -> tuple[str, str]:
    """A number and the limit that it passes, written so that it is seen to pass it.

    With up to two more digits, else in words: "just over 50".

    Args:
        value: the number.
        limit: which it passes.
        form: how both are written where that is enough: ".3g", ".0f", "+.1f".
    """
    start, digits, kind = form[:-2], int(form[-2]), form[-1]
    forms = [f"{start}{n}{kind}" for n in range(digits, digits + MORE_DIGITS + 1)]
    enough = next((one for one in forms if format(value, one) != format(limit, one)), "")
    if not enough:
        passed = format(limit, form)
        side = "" if value == limit else "just over " if value > limit else "just under "
        return f"{side}{passed}", passed
    # 2.42 beside 2.4, not beside 2.40
    short = float(format(limit, form)) == float(format(limit, enough))
    return format(value, enough), format(limit, form if short else enough)


def beside_range(value: float, ends: tuple[float, float], form: str) -> tuple[str, str, str]:
    """A number and the two ends of the range that it lies outside of, written as `beside_limit`."""
    near = min(ends, key=lambda end: abs(value - end))
    shown, passed = beside_limit(value, near, form)
    low, high = (passed if end == near else format(end, form) for end in ends)
    return shown, low, high


def at_least(seconds: float) -> str:
    """A time to reach or exceed, as people say it, rounded up: "1.4 s", "56 min"."""
    if seconds < 90.0:
        return f"{math.ceil(10.0 * seconds - 1e-6) / 10.0:g} s"
    return duration(60.0 * math.ceil(seconds / 60.0 - 1e-6))


def duration(seconds: float) -> str:
    """As people say it: "40 s", "3 min", "2 h 10 min"."""
    if seconds < 90.0:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
