"""The turns of a training that may be stopped: how far it is, what is kept of it, when it ends."""

from __future__ import annotations

import math
import time
from typing import Any, TypeVar

from simgait.estimators.companion import Kept, Order

State = TypeVar("State")


class Turns:
    """The clock of a training, which goes on where a stop left it, and its checkpoints."""

    def __init__(self, order: Order, kept: Kept) -> None:
        """Begins, or goes on.

        Args:
            order: what the training is asked for: for how long at the most, and whom to tell.
            kept: its folder.
        """
        before_s = 0.0 if kept.facts is None else float(kept.facts["seconds"])
        self._order, self._kept = order, kept
        self._begun = time.monotonic() - before_s
        minutes = order.max_minutes
        self.longest_s = math.inf if minutes is None else 60.0 * minutes

    @property
    def took_s(self) -> float:
        """Seconds of training, those before a stop included."""
        return time.monotonic() - self._begun

    def resumed(self, fresh: State, things: str) -> State:
        """The state of the newest checkpoint, and says so; the fresh one where there is none.

        Args:
            fresh: to begin with, of the same structure.
            things: what its turns are counted in ("epochs").
        """
        if self._kept.facts is None:
            return fresh
        self._order.say(f"going on after {self._kept.facts['steps']} {things}")
        state: State = self._kept.load(fresh)
        return state

    def made(self, state: Any, done: int, of: int, said: str, more: str = "") -> bool:
        """Tells how far it is, and keeps the state.

        Args:
            state: after the turn.
            done: steps that are done.
            of: all that there are.
            said: the same in words; the minutes that are left follow.
            more: what follows these.

        Returns:
            whether there is time for another turn.

        Raises:
            KeyboardInterrupt: somebody asked to stop; the state is kept.
        """
        took_s = self.took_s
        left = (of - done) * took_s / done / 60.0
        self._order.say(f"{said}, about {left:.0f} minutes left{more}")
        self._kept.save(state, {"steps": done, "seconds": took_s})
        return took_s < self.longest_s
