"""What is said of work whose process died, or could not begin."""

from __future__ import annotations

from simgait.errors import InputError


class UnfitWorkerError(InputError):
    """A worker that can do nothing of what is asked: the study stops, nothing of it has failed."""


class WorkerLostError(Exception):
    """The process that did it is gone, and with it what it did."""


class GivenUpError(Exception):
    """Work on which processes died again and again.

    Args:
        count: of them.
    """

    def __init__(self, count: int) -> None:
        super().__init__(
            f"the process that worked on it died {count} times; there may be too little memory "
            "for it."
        )
