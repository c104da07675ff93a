"""A share of a study, tracked by a process of its own that need not know of the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from simgait.errors import InputError

Item = TypeVar("Item")
FOLDERS = "share-*-of-*"
"""Of shares, in the folder of parts."""
_TEXT = re.compile(r"(\d+)/(\d+)")
_FOLDER = re.compile(r"share-(\d+)-of-(\d+)")


@dataclass(frozen=True)
class Share:
    """The `number`-th of `of` shares, from 1."""

    number: int
    of: int

    @property
    def folder(self) -> str:
        """Of its parts: nobody else writes there."""
        return f"share-{self.number}-of-{self.of}"

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"{self.number}/{self.of}"

    def taken(self, items: Sequence[Item]) -> Sequence[Item]:
        """Every `of`-th: a study's long recordings seldom lie evenly in its table."""
        return items[self.number - 1 :: self.of]


def share_of_text(text: str) -> Share:
    """A share as it is typed.

    Raises:
        InputError: it is none.
    """
    found = _TEXT.fullmatch(text.strip())
    share = Share(int(found[1]), int(found[2])) if found else Share(0, 0)
    if not 1 <= share.number <= share.of:
        raise InputError(
            f"--part: '{text[:40]}' is no part; the second of eight is 2/8, and the last is 8/8."
        )
    return share


def share_of_folder(name: str) -> Share:
    """The share that a folder holds the parts of."""
    found = _FOLDER.fullmatch(name)
    assert found is not None, name
    return Share(int(found[1]), int(found[2]))
