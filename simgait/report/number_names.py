"""Names of numbers in one line of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import POOLS, Pool
from simgait.parameters.wording import in_sentence


def numbers_in_words(numbers: Iterable[tuple[str, Pool]]) -> str:
    """Labels and sides of numbers in one line: "walking speed, cadence; stance, swing (left)".

    A parameter whose left, right and both are meant stands without a side.
    """
    pools_of: dict[str, list[Pool]] = {}
    for label, pool in numbers:
        pools_of.setdefault(label, []).append(pool)
    groups: dict[tuple[Pool, ...], list[str]] = {}
    for label, pools in pools_of.items():
        groups.setdefault(tuple(pools), []).append(label)
    return "; ".join(
        ", ".join(_short(labels))
        + ("" if set(pools) == set(POOLS) else f" ({sides_in_words(pools)})")
        for pools, labels in groups.items()
    )


def sides_in_words(pools: Sequence[Pool]) -> str:
    """Which sides are meant: of "both" the number is that of the two sides together."""
    return " and ".join("both sides together" if pool == "both" else pool for pool in pools)


def _short(labels: Sequence[str]) -> list[str]:
    """Labels within a sentence; the joint angles as one where all are there."""
    angles = [curve.label for curve in CURVES]
    all_angles = set(angles) <= set(labels)
    rest = [label for label in labels if not (all_angles and label in angles)]
    return [in_sentence(label) for label in (*rest, *["Joint angles"] * all_angles)]
