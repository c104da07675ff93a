"""Each person left out once: what networks say that learned from all the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from simgait.companions.angle_refiner.config import OptimiserConfig
from simgait.companions.angle_refiner.curves import CurvePairs
from simgait.companions.angle_refiner.refiner import ESTIMATORS, fit_refiner
from simgait.estimators.people import (
    Owned,
    mark,
    marks,
    refuse_shared_frames,
    refuse_shared_people,
)

SYNTHETIC = "synthetic-"
"""Begins the names of walkers that were made up (`synthetic.recording.subject_of`)."""
Said = Float[np.ndarray, "5 N 51 8"]


@dataclass(frozen=True)
class LeftOutState:
    """How far it is: one entry for each system.

    Attributes:
        said: angles (deg) of each of `ESTIMATORS` for the system's pairs; NaN of people who were
            not left out (yet).
        done: people that were left out, all systems counted.
    """

    said: dict[str, Said]
    done: Int[np.ndarray, ""]

    def tree(self) -> dict[str, object]:
        """As it is kept."""
        return {"said": self.said, "done": self.done}


def nobody_yet(systems: Mapping[str, CurvePairs]) -> LeftOutState:
    """The state to begin with."""
    said = {
        name: np.full((len(ESTIMATORS), *pairs.true.shape), np.nan, np.float32)
        for name, pairs in systems.items()
    }
    return LeftOutState(said, np.zeros((), np.int32))


def chosen_people(pairs: CurvePairs, most: int) -> list[str]:
    """Who is left out, those with markers first; always the same."""
    every = sorted(set(pairs.people), key=lambda who: (who.startswith(SYNTHETIC), mark(who)))
    return every[:most]


def leave_out(
    systems: Mapping[str, CurvePairs],
    people: Mapping[str, Sequence[str]],
    choice: OptimiserConfig,
    state: LeftOutState,
    turn: Callable[[LeftOutState, int], bool] = lambda state, of: True,
) -> LeftOutState:
    """Leaves out person by person, and asks who learned from the others about them.

    Args:
        systems: all pairs of each.
        people: of each system, who is left out.
        choice: of the optimiser.
        state: to go on from.
        turn: called after each person with how many there are in all; False ends it there.

    Raises:
        SplitError: a curve stands under two people.
        InputError: too few people.
    """
    folds = [(name, who) for name in systems for who in people[name]]
    for number in range(int(state.done), len(folds)):
        name, who = folds[number]
        pairs = systems[name]
        own, others = pairs.of([who]), pairs.of([who], others=True)
        learned, judged = pairs.rows(others), pairs.rows(own)
        check_apart(learned, judged)
        told = fit_refiner(learned, choice).said(judged.estimated)
        said = state.said[name].copy()
        said[:, own] = np.stack([told[one] for one in ESTIMATORS])
        state = LeftOutState({**state.said, name: said}, np.asarray(number + 1, np.int32))
        if not turn(state, len(folds)):
            break
    return state


def check_apart(learned: CurvePairs, judged: CurvePairs) -> None:
    """Nobody, and no curve, may be learned from and judged by.

    Raises:
        SplitError: somebody is, or one walk stands under two names.
    """
    refuse_shared_people(marks(learned.people), judged.people)
    refuse_shared_frames(_flat(learned), _flat(judged))


def _flat(pairs: CurvePairs) -> list[Owned]:
    """Each side's curves, as one frame."""
    count = len(pairs.estimated)
    return list(zip(pairs.people, pairs.estimated.reshape(count, 1, -1), strict=True))
