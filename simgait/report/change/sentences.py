"""Sentences that the pages of compared visits share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from simgait.agreement.change import Change, Shown
from simgait.parameters.column import Display
from simgait.parameters.wording import counted, in_sentence

PEAKS_METHOD = (
    "Joint peaks and ranges are read from each gait cycle; that of a walk is the mean of its "
    "cycles. A peak may be used where the walk's curve may, and is as far off as the band about "
    "it; a range has an interval of its own, as what every value of the curve is off by alike does "
    "not matter to it."
)


@dataclass(frozen=True)
class Headlines:
    """How a page says what differs: that nothing can be judged, that nothing does, what does."""

    incomparable: str
    none_shown: str
    some: str
    called: str = "changed"


@runtime_checkable
class _Compared(Protocol):
    @property
    def matters(self) -> bool: ...


Row = TypeVar("Row", bound=_Compared)


def headline_of(
    rows: Sequence[Row],
    says: Headlines,
    shown_of: Callable[[Row], Shown],
    named_as: Callable[[Sequence[Row]], str],
    thing: str = "number",
    of_what: str = "",
) -> str:
    """Which of compared numbers or curves changed, and whether it matters, in one line.

    Args:
        rows: all that is compared.
        says: in which words.
        shown_of: what the walks show of a row.
        named_as: rows in words.
        thing: what one of them is.
        of_what: what they are of, where none changed (" of joint angles").
    """
    judged = [row for row in rows if shown_of(row) is not Shown.NOT_COMPARABLE]
    changed = [row for row in judged if shown_of(row) is Shown.CHANGED]
    if not judged:
        return says.incomparable
    of = counted(len(judged), thing)
    if not changed:
        return f"{says.none_shown} {of}{of_what}."
    return (
        f"{says.some}: {named_as(changed)} ({len(changed)} of {of}; by chance alone, 1 in 20 would "
        f"be called {says.called}). {relevance(named_as([row for row in changed if row.matters]))}"
    )


def interval_text(change: Change, display: Display) -> str:
    """The difference's 95 % interval as a person reads it; a dash where it is not known."""
    low, high = (display.text(end) for end in change.interval)
    return f"{low} to {high}" if math.isfinite(change.detectable) else "–"


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


def relevance(large: str) -> str:
    """Which changes matter to a clinician, by name; `large` is empty where none does."""
    if not large:
        return "No difference is large enough to be clinically relevant."
    return f"Clinically relevant: {large}."
