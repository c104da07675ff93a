"""Labels under which a file holds the same points: one of them is a copy of the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS

SAME_M = 0.001
"""Two markers cannot lie nearer: the smallest in use are 3 mm across."""
SHARE = 0.5
"""Of the frames in which both are seen; labels mixed up for a moment are another fault."""
_MAY_MEET = set(KEYPOINT_NAMES) - set(REQUIRED_KEYPOINTS)
"""Joints of which a program may have one only, as of toes and middle of the foot."""


def copied_labels(markers: Mapping[str, Float[np.ndarray, "T 3"]]) -> list[list[str]]:
    """Groups of names whose points are the same in most frames.

    Args:
        markers: name -> positions in metres, NaN where missing.
    """
    names = list(markers)
    groups: list[list[str]] = []
    for name in names:
        group = next((one for one in groups if _are_same(markers[one[0]], markers[name])), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return [group for group in groups if len(group) > 1]


def check_copies(
    markers: Mapping[str, Float[np.ndarray, "T 3"]], labels: Mapping[str, str], where: str
) -> None:
    """Every label must have points of its own; `labels` are the file's.

    Raises:
        InputError: names those that have the same.
    """
    groups = copied_labels({name: at for name, at in markers.items() if name not in _MAY_MEET})
    if groups:
        first = [labels[name] for name in groups[0]]
        more = "".join(f"; so are {_listed([labels[n] for n in one])}" for one in groups[1:])
        raise InputError(
            f"{where}: {_listed(first)} are the same points throughout{more}: one label was given "
            "another marker's points; label them anew, or export the file without the wrong one."
        )


def _listed(labels: list[str]) -> str:
    return f"{', '.join(labels[:-1])} and {labels[-1]}"


def _are_same(first: Float[np.ndarray, "T 3"], second: Float[np.ndarray, "T 3"]) -> bool:
    apart_m = np.abs(first - second).max(axis=-1)
    apart_m = apart_m[np.isfinite(apart_m)]
    return len(apart_m) > 0 and float(np.mean(apart_m < SAME_M)) > SHARE
