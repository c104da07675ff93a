"""Pairs of markers whose labels look exchanged, seen from the pelvis that faces forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

Points = dict[str, Float[np.ndarray, "T 3"]]

_PELVIS = ("ASI", "PSI")
_ACROSS = (*_PELVIS, "KNE", "ANK", "HEE", "TOE")
"""Of each the left one lies left of the right one."""
_ALONG = (("LTOE", "LHEE"), ("RTOE", "RHEE"))
"""Of each the first lies in front of the second."""
_ABOVE = (("LKNE", "LANK"), ("RKNE", "RANK"), ("LASI", "LKNE"), ("RASI", "RKNE"))
"""Of each the first lies above the second."""
CLEARLY_M = 0.03
"""Feet may cross by some centimetres in the median; markers of knees and toes are farther apart."""


def exchanged_pairs(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> list[tuple[str, str]]:
    """Pairs that lie the wrong way round by 3 cm and more in the median; z is up.

    Forward is from the back of the pelvis to the ASIS, whichever is called left. Where more than
    half of left and right are wrong, the pelvis's too, it is not the pairs: sides or axes are,
    which `checks` says.
    """
    back = [markers[name] for name in ("LPSI", "RPSI", "SACR") if name in markers]
    forward = 0.5 * (markers["LASI"] + markers["RASI"]) - np.mean(back, axis=0)
    forward = np.stack([forward[:, 0], forward[:, 1]], axis=-1)
    left = np.stack([-forward[:, 1], forward[:, 0]], axis=-1)
    across = [(f"L{n}", f"R{n}") for n in _ACROSS if f"L{n}" in markers and f"R{n}" in markers]
    along = [pair for pair in _ALONG if set(pair) <= set(markers)]
    wrong = [p for p in across if _lead_m(markers[p[0]] - markers[p[1]], left) < -CLEARLY_M]
    pelvis_wrong = any(first[1:] in _PELVIS for first, _ in wrong)
    if pelvis_wrong and 2 * len(wrong) > len(across):
        return []
    wrong += [p for p in along if _lead_m(markers[p[0]] - markers[p[1]], forward) < -CLEARLY_M]
    above = [pair for pair in _ABOVE if set(pair) <= set(markers)]
    return wrong + [p for p in above if _height_m(markers[p[0]] - markers[p[1]]) < -CLEARLY_M]


def _lead_m(apart: Float[np.ndarray, "T 3"], direction: Float[np.ndarray, "T 2"]) -> float:
    """How far apart in a direction, in the median (m); 0 where it is never seen."""
    along = np.sum(apart[:, :2] * direction, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        lead = along / np.linalg.norm(direction, axis=-1)
    known = lead[np.isfinite(lead)]
    return float(np.median(known)) if len(known) else 0.0


def _height_m(apart: Float[np.ndarray, "T 3"]) -> float:
    """How far apart in height, in the median (m); 0 where it is never seen."""
    known = apart[np.isfinite(apart[:, 2]), 2]
    return float(np.median(known)) if len(known) else 0.0


def check_labels(markers: Points, labels: Mapping[str, str], where: str) -> None:
    """No two markers may lie as if their labels were exchanged; `labels` are the file's.

    Raises:
        InputError: names the pairs, and how to have them read the other way round.
    """
    pairs = exchanged_pairs(markers)
    if not pairs:
        return
    named = [(labels[first], labels[second]) for first, second in pairs]
    which = "; ".join(f"{first} and {second}" for first, second in named)
    said = ",".join(label for pair in named for label in pair)
    raise InputError(
        f"{where}: the labels {which} look exchanged (the one lies where the other should); "
        f"correct them, or have them read the other way round (--exchange {said})."
    )


def exchanged(
    points: Points, said: Sequence[str] | None, where: str
) -> tuple[Points, tuple[str, ...]]:
    """The points with the labels exchanged two by two that somebody names, and a note.

    Raises:
        InputError: an odd number of labels, or one that the file does not hold.
    """
    if not said:
        return points, ()
    labels = [label.strip() for label in said]
    absent = [label for label in labels if label not in points]
    if absent or len(labels) % 2:
        what = f"the file has no {absent[0]!r}" if absent else f"{len(labels)} labels are given"
        raise InputError(
            f"{where}: labels are exchanged two by two, and {what}; give for example "
            "--exchange RHEE,RTOE."
        )
    swapped = dict(points)
    for first, second in zip(labels[::2], labels[1::2], strict=True):
        swapped[first], swapped[second] = swapped[second], swapped[first]
    pairs = ", ".join(f"{a} and {b}" for a, b in zip(labels[::2], labels[1::2], strict=True))
    return swapped, (f"the labels {pairs} were exchanged, as was said.",)
