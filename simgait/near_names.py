"""Which known name somebody probably meant who wrote another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

ALIKE = 0.6
"""Of two names' letters in common (difflib's own default), from which on one may be meant by the
other: `age_from` and `age_from_years` have 0.73, `trails` and `trials` 0.83."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


def nearest_name(
    name: str, known: Sequence[str], meant: Mapping[str, str] = _NOTHING, alike: float = ALIKE
) -> str:
    """The known name that is meant, capitals or not; "" where none is near.

    Args:
        name: as somebody wrote it.
        known: names that mean something, in small letters.
        meant: what people write, in small letters -> what it is called here, where spelling does
            not tell.
        alike: share of letters in common that two names need.
    """
    lower = name.strip().lower()
    if lower in known:
        return lower
    if lower in meant:
        return meant[lower]
    return next(iter(get_close_matches(lower, known, 1, alike)), "")
