"""What is wrong with a search space, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from simgait.near_names import nearest_name

_NO_WHOLE = "is no whole number; write one, without quotes"
_NO_NUMBER = "is no number; write one, without quotes"
_NEITHER = "is neither true nor false"
_NO_LIST = "is no list; write it as [1, 2]"
_SAID = {
    "int_parsing": _NO_WHOLE, "int_type": _NO_WHOLE, "int_from_float": _NO_WHOLE,
    "int_parsing_size": _NO_WHOLE, "finite_number": _NO_WHOLE,
    "bool_parsing": _NEITHER, "bool_type": _NEITHER,
    "string_type": "is no text; write it in quotes",
    "tuple_type": _NO_LIST, "dict_type": "is no table; begin it with [space.ppo]",
}  # fmt: skip
"""Pydantic's kind of error -> what the value is, or what to write."""
_ENDS = ("low", "high")
"""Fields that take whole numbers and others, so that an error of them names the first kind only."""


def problem(error: ValidationError, known: Sequence[str]) -> str:
    """The first thing that is wrong with a table of a space's file, as the end of a sentence.

    Args:
        error: of the table's model.
        known: what the table may say.
    """
    first = error.errors(include_url=False)[0]
    kind = first["type"]
    if kind == "value_error":  # of the whole table: what it says does not go together
        return f"{first['ctx']['error']}."
    name, given = str(first["loc"][0]), first["input"]
    if kind == "extra_forbidden":
        near = nearest_name(name, known)
        advice = f"did you mean {near}?" if near else f"known there: {', '.join(known)}."
        return f"there is no {name}; {advice}"
    if kind == "missing":
        return f"{name} is missing; give it."
    if kind == "greater_than_equal":
        return f"{name} = {given!r} is below {first['ctx']['ge']}; give a greater one."
    said = _NO_NUMBER if name in _ENDS else _SAID.get(kind, f"cannot be used: {first['msg']}")
    return f"{name} = {given!r} {said}."
