"""How fast a study goes."""

from __future__ import annotations

import time
from collections.abc import Callable

from simgait.cohort.study.rows import Result
from simgait.parameters.wording import counted, duration


class Speed:
    """How fast a study goes, and how long the rest may take.

    Args:
        now_s: a clock.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._todo, self._done, self._walked_s = 0, 0, 0.0
        self._first: tuple[int, float, float] | None = None
        self._began_s = now_s()

    def begin(self, todo: int) -> None:
        """So many recordings are to be done from now on."""
        self._todo, self._done, self._walked_s, self._began_s = todo, 0, 0.0, self._now_s()

    def ended(self, result: Result) -> None:
        """One recording ended."""
        self._done += 1
        self._walked_s += result.walked_s

    def after_batch(self) -> str:
        """A line on how far it is. The first batch holds the compilation, and tells nothing."""
        now_s = self._now_s()
        far = f"{self._done} of {counted(self._todo, 'recording')}"
        far += f", {duration(now_s - self._began_s)} so far"
        if self._first is None:
            self._first = self._done, self._walked_s, now_s
            return far
        done, walked_s, first_s = self._first
        passed_s = max(now_s - first_s, 1e-9)
        far += f", {(self._walked_s - walked_s) / passed_s:.0f} x real time"
        if done < self._done < self._todo:
            left_s = passed_s / (self._done - done) * (self._todo - self._done)
            far += f", about {duration(left_s)} left"
        return far
