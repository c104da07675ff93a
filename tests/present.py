"""For values that may be absent, where a test knows that they are not."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """The value; a test fails where there is none."""
    assert value is not None
    return value
