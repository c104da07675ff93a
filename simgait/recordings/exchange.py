"""Labels that somebody says were exchanged, two by two, or all of left and right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from simgait.errors import InputError
from simgait.option_names import option

SIDES = "sides"
"""In place of labels: all of left and right."""
Value = TypeVar("Value")


def exchanged(
    points: Mapping[str, Value],
    said: Sequence[str] | None,
    where: str,
    *,
    sided: Callable[[str], str],
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The points with the labels exchanged that somebody names, and a note.

    Args:
        points: label -> its positions, or the column where they are.
        said: labels two by two, or "sides".
        where: the file's name, for the sentence.
        sided: a label with L or R in front where it has a side: "LKNE" of "KNE_L".

    Raises:
        InputError: an odd number of labels, one twice or that the file does not hold, or no sides.
    """
    swapped = dict(points)
    if not said:
        return swapped, ()
    labels = [label.strip() for label in said]
    if [label.lower() for label in labels] == [SIDES]:
        pairs = _sides(points, sided)
        if not pairs:
            raise InputError(f"{where}: no label has a side, so there are none to exchange.")
        note = f"left and right were exchanged in all {2 * len(pairs)} labels with a side, as said."
    else:
        pairs = _two_by_two(points, labels, where)
        named = ", ".join(f"{first} and {second}" for first, second in pairs)
        note = f"the labels {named} were exchanged, as was said."
    for first, second in pairs:
        swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped, (note,)


def _sides(points: Mapping[str, Value], sided: Callable[[str], str]) -> list[tuple[str, str]]:
    """Each label of the left side with that of the right."""
    by_name: dict[str, str] = {}
    for label in points:
        by_name.setdefault(sided(label), label)
    return [
        (label, by_name[f"R{name[1:]}"])
        for name, label in by_name.items()
        if name.startswith("L") and f"R{name[1:]}" in by_name
    ]


def _two_by_two(
    points: Mapping[str, Value], labels: Sequence[str], where: str
) -> list[tuple[str, str]]:
    absent = [label for label in labels if label not in points]
    twice = [label for label in labels if labels.count(label) > 1]
    if absent or twice or len(labels) % 2:
        what = f"{len(labels)} labels are given"
        if twice:
            what = f"{twice[0]!r} is named twice"
        if absent:
            what = f"the file has no {absent[0]!r}"
        raise InputError(
            f"{where}: labels are exchanged two by two, and {what}; give for example "
            f"{option('exchange')} RHEE,RTOE, or {SIDES} for all of left and right."
        )
    return list(zip(labels[::2], labels[1::2], strict=True))
