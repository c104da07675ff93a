"""Walks that stand in a table twice, and a table that is the other's copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from simgait.compare.evidence import MeasurePairs
from simgait.parameters.wording import counted
from simgait.plain_text import listed

LEAST_NUMBERS = 4
"""Numbers of two walks that must all be the same: rounded ones agree by chance."""


def repeat_warnings(measures: Sequence[MeasurePairs]) -> tuple[str, ...]:
    """A sentence on walks with the numbers of another one, and one on estimates that are the truth.

    The same recordings given twice make limits of agreement and intervals too narrow.

    Args:
        measures: of the same walks, walk by walk.
    """
    if not measures:
        return ()
    numbers = np.stack([side for pairs in measures for side in (pairs.truth, pairs.estimate)], 1)
    alike: dict[bytes, list[str]] = defaultdict(list)
    for trial, row in zip(measures[0].trial_ids, numbers, strict=True):
        if np.isfinite(row).sum() >= LEAST_NUMBERS:
            alike[np.nan_to_num(row, nan=np.inf).tobytes()].append(trial)
    twice = [trials for trials in alike.values() if len(trials) > 1]
    return (*_said_of(twice), *_said_of_copies(measures))


def _said_of(twice: Sequence[Sequence[str]]) -> tuple[str, ...]:
    if not twice:
        return ()
    named = listed([" and ".join(trials) for trials in twice])
    extra = sum(len(trials) - 1 for trials in twice)
    return (
        f"{counted(extra, 'walk')} {'has' if extra == 1 else 'have'} all the numbers of another "
        f"one ({named}): the same recording given "
        "twice makes every interval too narrow, so keep one of each.",
    )


def _said_of_copies(measures: Sequence[MeasurePairs]) -> tuple[str, ...]:
    """Measures of enough walks whose estimates are the truth to all digits in every walk."""
    sizes = [(one, np.isfinite(one.truth) & np.isfinite(one.estimate)) for one in measures]
    compared = [(one, known) for one, known in sizes if known.any()]
    same = [one for one, known in compared if (one.truth == one.estimate)[known].all()]
    count = sum(int(known.sum()) for _, known in compared)
    if len(same) == len(compared) and count >= LEAST_NUMBERS:
        return ("Every estimate is exactly the truth: one table looks like a copy of the other.",)
    # One value in all walks, as of a belt's speed, is known to both and copied from neither.
    named = [one.name for one in same if len(np.unique(one.truth[np.isfinite(one.truth)])) > 3]
    return tuple(
        f"Every estimate of {name} is exactly the truth, to all digits: one column looks like a "
        "copy of the other."
        for name in named
    )
