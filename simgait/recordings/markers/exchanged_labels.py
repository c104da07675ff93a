"""Markers whose labels look exchanged: no person's lie so, seen from the pelvis facing forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

Points = dict[str, Float[np.ndarray, "T 3"]]
Swap = tuple[tuple[str, str], ...]
"""Pairs of markers that change their labels, two by two."""
Direction = Literal["left of", "in front of", "above", "above and in front of"]
ACROSS: Direction = "left of"


class Relation(NamedTuple):
    """The first of two markers lies on this side of the second."""

    first: str
    second: str
    direction: Direction


_LEG = ("KNE", "ANK", "HEE", "TOE")
_ACROSS = ("ASI", "PSI", *_LEG)
# Least in the median of 35 real recordings (66 to 70 legs, from children's on): toe 11.7 and ankle
# 2.4 cm in front of the heel, ankle 2.1 cm above it, toe 9 cm in front of the ankle, ASIS 17 in
# front of the PSIS; downwards ASIS, thigh, knee, shank and ankle 5 to 32 cm apart.
_ON_EACH_SIDE: tuple[Relation, ...] = (
    Relation("TOE", "HEE", "in front of"),
    Relation("TOE", "ANK", "in front of"),
    # Either alone is small; together they hold of a foot that points down, up or outward.
    Relation("ANK", "HEE", "above and in front of"),
    Relation("ASI", "PSI", "in front of"),
    Relation("KNE", "ANK", "above"),
    Relation("ASI", "KNE", "above"),
    Relation("THI", "KNE", "above"),
    Relation("KNE", "TIB", "above"),
    Relation("TIB", "ANK", "above"),
    Relation("PSI", "KNE", "above"),
    Relation("ANK", "TOE", "above"),
)
RELATIONS = (
    *(Relation(f"L{name}", f"R{name}", ACROSS) for name in _ACROSS),
    *(
        Relation(s + one.first, s + one.second, one.direction)
        for one in _ON_EACH_SIDE
        for s in "LR"
    ),
)
CLEARLY_M = 0.03
"""Feet may cross by some centimetres in the median; markers of knees and toes are farther apart."""
MOST_FRAMES = 100
"""Chosen: evenly spread; a label that is wrong is so in all of them."""
MOST_PAIRS = 2 * len(_ACROSS)


@dataclass(frozen=True)
class _Labelled:
    """Markers under labels that may be wrong: where each is found, and what is asked of them."""

    points: Float[np.ndarray, "M F 3"]
    rows: Mapping[str, int]
    relations: tuple[Relation, ...]

    def exchanged(self, swap: Swap) -> _Labelled:
        """The same markers with pairs of labels exchanged."""
        rows = dict(self.rows)
        for first, second in swap:
            rows[first], rows[second] = rows[second], rows[first]
        return replace(self, rows=rows)

    def denied(self) -> list[Relation]:
        """Relations that do not hold; forward is from the back of the pelvis to its front."""
        points, rows = self.points, self.rows
        back = [points[rows[name]] for name in ("LPSI", "RPSI", "SACR") if name in rows]
        ahead = 0.5 * (points[rows["LASI"]] + points[rows["RASI"]]) - np.mean(back, axis=0)
        level = np.stack([ahead[:, 0], ahead[:, 1], np.zeros(len(ahead))], axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            forward = level / np.linalg.norm(level, axis=-1, keepdims=True)
        along = {
            "in front of": forward,
            "left of": np.cross(_UP, forward),
            "above": np.broadcast_to(_UP, forward.shape),
            "above and in front of": forward + _UP,
        }
        first = points[[rows[one.first] for one in self.relations]]
        second = points[[rows[one.second] for one in self.relations]]
        direction = np.stack([along[one.direction] for one in self.relations])
        apart = np.sum((first - second) * direction, axis=-1)
        return [
            relation
            for relation, lead in zip(self.relations, apart, strict=True)
            if np.isfinite(lead).any() and np.nanmedian(lead) < -CLEARLY_M
        ]

    def better(self) -> list[Swap]:
        """What mends some relations and spoils fewer, the best first."""
        now = len(self.denied())
        left = {swap: len(self.exchanged(swap).denied()) for swap in _swaps(self.relations)}
        return sorted((swap for swap in left if left[swap] < now), key=left.__getitem__)

    def mended(self, first: Swap) -> list[tuple[str, str]]:
        """Pairs to exchange, these first and then what mends most, until all holds; or none."""
        chosen, now = list(first), self.exchanged(first)
        while now.denied():
            better = now.better()
            if not better or len(chosen) >= MOST_PAIRS:
                return []
            chosen += better[0]
            now = now.exchanged(better[0])
        return chosen


_UP = np.array([0.0, 0.0, 1.0])
_NAMES = {"SACR"} | {name for one in RELATIONS for name in (one.first, one.second)}
_PAIRS = [(one.first, one.second) for one in RELATIONS]


def _swaps(relations: Sequence[Relation]) -> Iterator[Swap]:
    """What one mistake exchanges: a pair, the same pair on both sides, legs from a joint down."""
    pairs = [(one.first, one.second) for one in relations]
    yield from ((pair,) for pair in pairs)
    for first, second in pairs:
        mirror = (f"R{first[1:]}", f"R{second[1:]}")
        if second.startswith("L") and mirror in pairs:
            yield ((first, second), mirror)
    legs = [pair for pair in pairs if pair[1] == f"R{pair[0][1:]}" and pair[0][1:] in _LEG]
    yield from (tuple(legs[start:]) for start in range(len(legs) - 1))


def _labelled(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> _Labelled:
    names = [name for name in markers if name in _NAMES]
    step = max(1, len(markers["LASI"]) // MOST_FRAMES)
    return _Labelled(
        points=np.stack([markers[name][::step] for name in names]),
        rows={name: row for row, name in enumerate(names)},
        relations=tuple(one for one in RELATIONS if {one.first, one.second} <= set(names)),
    )


def denied_relations(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> list[Relation]:
    """Where markers lie as no person's do, by 3 cm and more in the median.

    Args:
        markers: canonical name -> positions in metres, z up.

    Returns:
        None, too, where only left and right are exchanged, the pelvis's with the legs': sides or
        axes are wrong then, no single label, which `checks` says.
    """
    labelled = _labelled(markers)
    denied = labelled.denied()
    across = tuple((one.first, one.second) for one in labelled.relations if one.direction == ACROSS)
    return denied if labelled.exchanged(across).denied() else []


def exchanged_pairs(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> list[tuple[str, str]]:
    """The fewest pairs whose exchange puts every marker where a person has it; or none.

    Args:
        markers: canonical name -> positions in metres, z up.
    """
    if not denied_relations(markers):
        return []
    labelled = _labelled(markers)
    ways = [way for first in labelled.better() if (way := labelled.mended(first))]
    fewest = min(ways, key=len, default=[])
    return sorted(fewest, key=_PAIRS.index)


def check_labels(markers: Points, labels: Mapping[str, str], where: str) -> None:
    """Markers must lie as a person's do; `labels` are the file's.

    Raises:
        InputError: names the pairs that look exchanged and how to have them read the other way
            round, or what lies where no person has it.
    """
    denied = denied_relations(markers)
    if not denied:
        return
    pairs = exchanged_pairs(markers)
    if not pairs:
        first, second, direction = denied[0]
        raise InputError(
            f"{where}: {labels[first]} does not lie {direction} {labels[second]}, as on a person; "
            "a marker is elsewhere or labels are mixed up, so check these two and their neighbours."
        )
    named = [(labels[first], labels[second]) for first, second in pairs]
    which = "; ".join(f"{first} and {second}" for first, second in named)
    said = ",".join(label for pair in named for label in pair)
    raise InputError(
        f"{where}: the labels {which} look exchanged (the one lies where the other should); "
        f"correct them, or have them read the other way round (--exchange {said})."
    )
