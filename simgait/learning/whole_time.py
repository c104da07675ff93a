"""How long a whole recipe still takes, from its first second: all stages, not the one at work.

Before anything was measured a stage takes as long as its units took where they were measured
(`Stage.unit_s`). What has been done since tells this machine's pace, with which all stages to come
are multiplied; a stage that is well begun goes by its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simgait.parameters.wording import duration

LEAST_PACE = 0.25
"""Chosen: what looks faster was read from the run's folder, and says nothing of what is to come."""
OWN_PACE = 0.02
"""Share of a stage after which it goes by its own pace; chosen: the first units are slower."""


@dataclass(frozen=True)
class Stage:
    """One stage of a recipe.

    Attributes:
        label: of its bar.
        units: walks, gradient steps or iterations in it.
        unit_s: seconds for each, as measured elsewhere.
        tells_pace: whether what it takes says how long others will take.
    """

    label: str
    units: int
    unit_s: float
    tells_pace: bool = True

    @property
    def usual_s(self) -> float:
        """Seconds that it takes at that rate."""
        return self.units * self.unit_s


class WholeTime:
    """Follows a recipe through its stages.

    When one begins, those before it are over, whether or not they had anything to do.
    """

    def __init__(
        self, stages: Sequence[Stage], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`stages` in the order in which they come; `clock` gives seconds."""
        self._stages, self._clock = tuple(stages), clock
        self._now, self._left, self._done = -1, 0, 0
        self._began_s = 0.0
        self._measured_s = self._usual_s = 0.0

    def begin(self, label: str, units: int = 1, done: int = 0) -> None:
        """A stage begins with so many units, of which some were done before.

        One that is not planned changes nothing.
        """
        for place, stage in enumerate(self._stages):
            if stage.label == label and place > self._now:
                self._now, self._left, self._done = place, units - done, 0
                self._began_s = self._clock()

    def advance(self, label: str, n: int = 1) -> None:
        """So many more units of the stage at work are done."""
        if self._works_on(label):
            self._done += n

    def end(self, label: str) -> None:
        """The stage at work is over; what it took tells the pace of those to come."""
        if self._works_on(label):
            self._measured_s, self._usual_s = self._so_far()
            self._left = self._done = 0

    def _works_on(self, label: str) -> bool:
        return self._now >= 0 and self._stages[self._now].label == label

    def _so_far(self) -> tuple[float, float]:
        """Seconds that all that was done has taken, and that it usually takes."""
        if not self._done or not self._stages[self._now].tells_pace:
            return self._measured_s, self._usual_s
        took_s = self._clock() - self._began_s
        usual_s = self._done * self._stages[self._now].unit_s
        return self._measured_s + took_s, self._usual_s + usual_s

    @property
    def pace(self) -> float:
        """Seconds here for a second where rates were measured; 1 before anything was done."""
        took_s, usual_s = self._so_far()
        return max(took_s / usual_s, LEAST_PACE) if usual_s > 0.0 else 1.0

    @property
    def left_s(self) -> float:
        """Seconds to the end of the recipe."""
        to_come = sum(stage.usual_s for stage in self._stages[self._now + 1 :]) * self.pace
        if self._now < 0 or not self._left:
            return to_come
        passed_s = self._clock() - self._began_s
        if self._done >= max(OWN_PACE * self._left, 1.0):
            return to_come + passed_s / self._done * (self._left - self._done)
        here_s = self._left * self._stages[self._now].unit_s * self.pace
        return to_come + max(here_s - passed_s, 0.0)

    @property
    def told(self) -> str:
        """The plan in a sentence, before it begins."""
        parts = "; ".join(f"{one.label} {duration(one.usual_s)}" for one in self._stages)
        return (
            f"the whole recipe: about {duration(self.left_s)} at the rates of two idle cores "
            f"({parts}); each bar says what is left of all of it, at the pace measured here"
        )
