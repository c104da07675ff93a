"""Sentences that the pages of compared visits share."""

from __future__ import annotations

from collections.abc import Iterable

from simgait.parameters.wording import in_sentence

PEAKS_METHOD = (
    "Joint peaks and ranges are read from each gait cycle; that of a walk is the mean of its "
    "cycles. A peak may be used where the walk's curve may, and is as far off as the band about "
    "it; a range has an interval of its own, as what every value of the curve is off by alike does "
    "not matter to it."
)


def named(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels with their sides: "walking speed, stance (left, right)".

    Args:
        pairs: a label and "left", "right" or "both", of each.
    """
    pools_of: dict[str, list[str]] = {}
    for label, pool in pairs:
        pools_of.setdefault(label, []).append(pool)
    words = []
    for label, pools in pools_of.items():
        side = f" ({', '.join(pools)})" if "both" not in pools else ""
        words.append(f"{in_sentence(label)}{side}")
    return ", ".join(words)


def reasons_of(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Why something cannot be compared: a sentence for each reason, with what it is true of.

    Args:
        rows: why ("" where it can be), label and side of each.
    """
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for why, label, side in rows:
        if why:
            by_reason.setdefault(why, []).append((label, side))
    return [f"Not comparable, as {why}: {named(own)}." for why, own in by_reason.items()]


def changed_sentence(
    what: str, changed: str, count: int, judged: str, called: str = "changed"
) -> str:
    """Which of what was judged changed, and how many would do so by chance.

    Args:
        what: "Changed".
        changed: what did, by name.
        count: how many of them.
        judged: of how many, in words.
        called: what each of them is.
    """
    return (
        f"{what}: {changed} ({count} of {judged}; by chance alone, 1 in 20 would be called "
        f"{called})."
    )


def relevance(large: str) -> str:
    """Which changes matter to a clinician, by name; `large` is empty where none does."""
    if not large:
        return "No difference is large enough to be clinically relevant."
    return f"Clinically relevant: {large}."
