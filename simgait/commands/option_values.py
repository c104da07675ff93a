"""What options say, from text to value; what cannot be read is one sentence."""

from __future__ import annotations

import argparse


def number(text: str) -> float:
    """A decimal number; a comma is refused with a sentence rather than misread."""
    try:
        return float(text)
    except ValueError:
        advice = f"; write {text.replace(',', '.')}" if "," in text else ""
        raise argparse.ArgumentTypeError(f"'{text}' is not a number{advice}") from None


def positions(text: str) -> bool:
    """Whether positions are metric: "measured" by calibrated cameras, or "estimated" by one."""
    if text not in ("measured", "estimated"):
        raise argparse.ArgumentTypeError(f"'{text}' is neither measured nor estimated")
    return text == "measured"


def names(text: str) -> tuple[str, ...]:
    """Names that stand between commas."""
    return tuple(name.strip() for name in text.split(","))


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers that stand between commas; 2-4 is 2, 3 and 4."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        are_numbers = first.isdecimal() and (last.isdecimal() or not dash)
        if not are_numbers or int(last or first) < int(first):
            raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers; write 3,5 or 3-5")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def picture_size(text: str) -> tuple[int, int]:
    """Width and height in pixels, written 1920x1080."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 2 or not all(part.isdigit() and int(part) > 0 for part in parts):
        raise argparse.ArgumentTypeError(f"'{text}' is no size of a picture; write 1920x1080")
    return int(parts[0]), int(parts[1])
