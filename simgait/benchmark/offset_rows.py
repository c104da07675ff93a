"""By how much pelvic tilt and hip flexion of real people are off on the mean, person by person.

An offset that a person's walks share shifts their curves against a band of healthy people, however
well the shape follows. Frames are no people: each person counts as much as the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simgait.agreement.errors import root_mean_square
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.walk_record import WalkRecord
from simgait.skeleton.sides import SIDES

OFFSETS = {
    "pelvic tilt": ("pelvis_tilt",),
    "hip flexion": tuple(f"{side}_hip_flexion" for side in SIDES),
}
"""Label -> its angles."""
LARGEST_OFFSET_DEG = 3.0


def person_offsets_deg(walks: Sequence[WalkRecord], angles: Sequence[str]) -> list[float]:
    """Mean error of each person: over the frames of a walk, then over walks (and sides).

    Who has no truth of these angles is left out.
    """
    people: dict[str, list[float]] = {}
    for walk in walks:
        known = [walk.angles[a].bias_deg for a in angles if a in walk.angles and walk.angles[a].n]
        if known:
            people.setdefault(walk.case.trial.subject_id, []).append(float(np.mean(known)))
    return [float(np.mean(own)) for own in people.values()]


def offset_rows(sets: Sequence[ScoredSet]) -> list[Row]:
    """The bars, of the people of all sets together; and each set's, for information.

    The value is the root of the mean over people of their squared offset.
    """
    everybody = [walk for one in sets for walk in one.walks]
    rows = []
    for label, angles in OFFSETS.items():
        rows.append(_row(f"{label}, mean offset of a person, real markers", everybody, angles,
                         LARGEST_OFFSET_DEG))  # fmt: skip
        rows += [
            _row(f"{label}, mean offset of a person, {one.name}", one.walks, angles, None)
            for one in sets
        ]
    return rows


def _row(name: str, walks: Sequence[WalkRecord], angles: Sequence[str], bar: float | None) -> Row:
    offsets = person_offsets_deg(walks, angles)
    return Row(name, root_mean_square(np.array(offsets)), "°", len(offsets), bar)
