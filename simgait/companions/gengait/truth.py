"""Which joints of a synthetic walker are wrong: those that depart from their own normal walk.

The own normal walk is the same walker's without what the pattern does (`draw_own_normal`): same
body, speed and traits. So what is slow alone is not wrong, and what a pattern does elsewhere than
where it is named for counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.curves import departure_deg, mean_curves_deg
from simgait.companions.gengait.cycles import NormalisedWalk, normalised
from simgait.companions.gengait.data import exact_trial
from simgait.errors import InputError
from simgait.synthetic.walkers.specification import (
    PATTERNS,
    Pattern,
    draw_own_normal,
    draw_walker,
    walker_seed,
)

WRONG_DEG, RIGHT_DEG = 3.0, 2.0
"""RMS over the cycle of an angle: from 3° on a joint is wrong, up to 2° it is right, between
nothing is judged. Errors of gait analysis up to 2° are called acceptable (McGinley et al. 2009,
Gait & Posture 29:360-369); a wide base moves the thighs by 1.6° to 4.6°."""
IMPAIRED: tuple[Pattern, ...] = tuple(one for one in PATTERNS if one != "normal")
WALK_S = 5.0
"""Chosen: four or more cycles of a slow walker."""


@dataclass(frozen=True)
class JudgedPair:
    """A walker with a pattern, and the same walker's own normal walk.

    Attributes:
        departure_deg: (7,) how far each of `joints.JOINTS` departs from the own normal walk.
    """

    person: str
    pattern: Pattern
    shown: NormalisedWalk
    normal: NormalisedWalk
    departure_deg: Float[np.ndarray, " 7"]


def judged_pairs(
    split: Literal["train", "validation", "test"],
    first: int,
    count: int,
    report: Callable[[int], None] = lambda done: None,
    *,
    monocular: bool = False,
) -> list[JudgedPair]:
    """Walkers `first` .. of a split, each with one of the seven patterns in turn.

    Args:
        split: of the walkers' seeds.
        first: index of the first.
        count: of walkers.
        report: called with the number of walkers done, every tenth.
        monocular: walks as a detector sees them; the truth is always of exact ones.
    """
    pairs = []
    for number in range(count):
        seed, pattern = walker_seed(split, first + number), IMPAIRED[number % len(IMPAIRED)]
        if number % 10 == 9:
            report(number + 1)
        specs = (draw_walker(seed, pattern), draw_own_normal(seed, pattern))
        try:
            trials = [exact_trial(spec, WALK_S) for spec in specs]
            exact = [normalised(trial) for trial in trials]
            curves = [mean_curves_deg(one) for one in exact]
            if monocular:
                exact = [normalised(exact_trial(one, WALK_S, monocular=True)) for one in specs]
        except InputError:
            continue
        pairs.append(
            JudgedPair(trials[0].subject_id, pattern, exact[0], exact[1], departure_deg(*curves))
        )
    return pairs
