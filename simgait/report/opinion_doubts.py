"""What the recording takes away from a companion's opinion, in words."""

from __future__ import annotations

from simgait.errors import InputError
from simgait.estimators.companion import Opinion
from simgait.plain_text import SOME, listed
from simgait.report.words import sentences


def opinion_doubts(opinion: Opinion, where: str) -> tuple[str, ...]:
    """Sentences on numbers that are left out, and why; none where none is.

    Raises:
        InputError: none is left.
    """
    if not opinion.lost:
        return ()
    said = sentences(opinion.findings)
    if not opinion.numbers:
        raise InputError(f"{where}: {' '.join(said)} Nothing that is said of it may be used.")
    return (*said, f"Left out for that: {listed(opinion.lost, SOME)}.")
