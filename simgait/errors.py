"""What may go wrong: errors whose message is a sentence for the person who called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simgait.plain_text import one_sentence

if TYPE_CHECKING:
    from pydantic import ValidationError


class InputError(ValueError):
    """A user's input cannot be used. The message is one sentence: what, where, what to do.

    What it quotes from outside (names, cells) is made printable, on one line.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(one_sentence(message))


def unexpected(error: Exception) -> str:
    """What nobody foresaw, on one line: "this should not happen (ValueError: ...)"."""
    text = " ".join(str(error).split())
    return f"this should not happen ({type(error).__name__}: {text[:200]})"


class StandingTrialError(InputError):
    """A recording in which the person stands, so that there is no walk: no failure of anybody's.

    Attributes:
        duration_s: how long it is.
    """

    def __init__(self, where: str, duration_s: float) -> None:
        super().__init__(
            f"{where}: a standing trial: in its {duration_s:.1f} s nobody takes a step, so that "
            "there is no walk to track."
        )
        self.duration_s = duration_s


class UnknownHeightError(InputError):
    """A recording that does not say how tall the person is, whom nobody said it of either."""


def first_problem(error: ValidationError) -> str:
    """The first thing that a settings model found wrong, as "place.in.it: what"."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]
