"""What may go wrong: errors whose message is a sentence for the person who called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

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


class PathNotAsSaidError(InputError):
    """What was said of the person's way (a distance, a factor) cannot be, of any walk in it."""


class UnknownHeightError(InputError):
    """A recording that does not say how tall the person is, whom nobody said it of either."""


def first_problem(error: ValidationError) -> str:
    """The first thing that a settings model found wrong, as "place.in.it: what"."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


_WHOLE, _NUMBER = "it must be a whole number", "it must be a number"
_LIMITS = {
    "greater_than": "it must be above {gt}", "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be below {lt}", "less_than_equal": "it must be {le} or less",
    "int_parsing": _WHOLE, "int_type": _WHOLE, "int_from_float": _WHOLE,
    "float_parsing": _NUMBER, "float_type": _NUMBER, "finite_number": "it must be finite",
    "bool_parsing": "it must be true or false", "bool_type": "it must be true or false",
    "string_type": "it must be text, in quotes", "literal_error": "it must be {expected}",
    "tuple_type": "it must be a list, written [1, 2]", "dict_type": "it must be a table",
    "model_type": "it must be a table of settings", "model_attributes_type": "it must be a table",
    "too_short": "it must have {min_length} or more",
    "too_long": "it may have {max_length} at most",
}  # fmt: skip
"""Pydantic's kind of error -> what a setting must be, with what pydantic knows of the limit."""


def setting_problem(error: ValidationError, settings: type[object]) -> str:
    """The first thing that is wrong in a recipe: which setting, its value, what it must be.

    Args:
        error: of checking the recipe.
        settings: the model that it was checked by, which knows what settings there are.
    """
    # An unknown name first: what is missing may be what it was meant for.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(_fields_at(settings, first["loc"][:-1]))
        return f"there is no setting {where}; known there: {known}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "value_error":
        why = first["ctx"]["error"]
        # Of one setting, with a sentence of its own; or of a table that contradicts itself.
        own, told = isinstance(why, InputError), str(why).rstrip(".")
        said = f"{where}: {told}" if own else f"in [{where}] {told}" if where else told
    elif first["type"] == "missing":
        said = f"{where} is missing; give it"
    else:
        said = f"{where} cannot be {first['input']!r}: {_limit(first)}"
    return f"{said}{more}"


def _limit(error: Mapping[str, Any]) -> str:
    said = _LIMITS.get(error["type"])
    return str(error["msg"]) if said is None else said.format(**error.get("ctx", {}))


def _fields_at(settings: object, place: tuple[int | str, ...]) -> list[str]:
    model = settings
    for part in place:
        fields = getattr(model, "model_fields", {})
        kind = fields[part].annotation if part in fields else None
        # A table that may be left out is of one of two kinds: the table's, or none.
        model = next((one for one in (kind, *get_args(kind)) if hasattr(one, "model_fields")), None)
    fields = getattr(model, "model_fields", {})
    return [one.alias or name for name, one in fields.items()]
