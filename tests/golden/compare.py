"""Pinned beside found: what moved beyond its tolerance, what is gone, what is new."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgait.benchmark.same_numbers import Kind, kind_of
from tests.golden.tables import Quantities

RENEW = "make golden-renew"
SHOWN = 40


@dataclass(frozen=True)
class Difference:
    """One cell that is not as pinned; `excess` is its distance in tolerances, inf for no number."""

    walk: str
    quantity: str
    pinned: str
    found: str
    excess: float
    why: str

    def __str__(self) -> str:
        return (
            f"{self.walk}: {self.quantity}: pinned {self.pinned}, found {self.found} ({self.why})"
        )


def compare(walk: str, pinned: Quantities, found: Quantities) -> list[Difference]:
    """All differences of one walk that are not allowed, worst first."""
    differences = []
    for quantity in pinned.keys() | found.keys():
        if quantity not in found:
            row = Difference(
                walk, quantity, "".join(pinned[quantity][:1]), "-", math.inf, "missing"
            )
            differences.append(row)
        elif quantity not in pinned:
            row = Difference(walk, quantity, "-", "".join(found[quantity][:1]), math.inf,
                             "new, not pinned")  # fmt: skip
            differences.append(row)
        else:
            differences += _cells(walk, quantity, pinned[quantity], found[quantity])
    return worst_first(differences)


def worst_first(differences: list[Difference]) -> list[Difference]:
    """Sorted by excess, then by name."""
    return sorted(differences, key=lambda d: (-d.excess, d.walk, d.quantity))


def _cells(
    walk: str, quantity: str, pinned: tuple[str, ...], found: tuple[str, ...]
) -> list[Difference]:
    if len(pinned) != len(found):
        numbers = (f"{len(pinned)} points", f"{len(found)} points")
        return [Difference(walk, quantity, *numbers, math.inf, "another length")]
    kind = kind_of(quantity)
    several = len(pinned) > 1
    return [
        Difference(walk, f"{quantity}[{index}]" if several else quantity, was, is_, *judged)
        for index, (was, is_) in enumerate(zip(pinned, found, strict=True))
        if (judged := _judge(kind, was, is_)) is not None
    ]


def _judge(kind: Kind | None, was: str, is_: str) -> tuple[float, str] | None:
    if was == is_:
        return None
    if kind is None:
        return math.inf, "must be equal"
    try:
        moved = abs(float(is_) - float(was))
    except ValueError:
        return math.inf, "one of them is no number"
    if moved <= kind.tolerance:
        return None
    excess = math.inf if math.isnan(moved) else moved / kind.tolerance
    return excess, f"moved {moved:.4g} {kind.unit}, allowed {kind.tolerance:g}"


def message(differences: list[Difference]) -> str:
    """What a person reads when the net has caught something."""
    worst = worst_first(differences)
    head = (
        f"The golden walks are not as pinned: {len(worst)} cells, in "
        f"{len({d.walk for d in worst})} walks. Worst first:"
    )
    lines = [head, *(f"  {d}" for d in worst[:SHOWN])]
    if len(worst) > SHOWN:
        lines.append(f"  ... and {len(worst) - SHOWN} more")
    lines.append(
        f"If they were meant to move (or were added), renew with `{RENEW}` and say in the commit "
        "why; tests/golden/README.md says when one may."
    )
    return "\n".join(lines)
