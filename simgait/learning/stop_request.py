"""Whether somebody asked a training to stop: it then ends after what it is doing, not within."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class StopRequest:
    """Says to a training's loop that it shall end, and to who heard the wish whether it waits.

    Attributes:
        asked: somebody wants the training to end.
        waited_for: the loop looks at `asked` before long, and keeps what it has first.
    """

    asked: bool = False
    waited_for: bool = False

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """A loop that asks `now` after each of its turns."""
        self.waited_for = True
        try:
            yield
        finally:
            self.waited_for = False
