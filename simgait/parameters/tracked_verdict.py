"""What a tracked walk's own report says of its numbers, as everybody reads it who comes later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.plain_text import SOME, listed
from simgait.text_files import read_facts

PROVENANCE = "provenance.json"
"""Of a tracked walk's folder; holds its verdict."""
ZERO, WITHOUT_ZERO = "zero_half_width", "level_without_zero"
"""Entries of a curve there that has an unknown zero."""
USE_NONE, DENIED = "use_none", "do_not_use"
"""How it calls a walk of which no number may be used, and a number that may not."""


@dataclass(frozen=True)
class TrackedVerdict:
    """Which of a walk's numbers may be used.

    Attributes:
        level: of the walk, "use_all", "use_some" or "use_none"; "" unknown.
        levels: name of a number, as summary.csv heads it -> "use", "rough", "single", "do_not_use".
        doubts: name -> codes of the findings that take it away.
        sentences: code of a finding -> what it says.
        zeros: name of a curve with an unknown zero -> half-width of that, level where it cancels.
    """

    level: str
    levels: Mapping[str, str]
    doubts: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, str]
    zeros: Mapping[str, tuple[float, str]] = field(default_factory=dict)

    def denied(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some numbers that may not be used; all of them where none of the walk's may."""
        if self.level == USE_NONE:
            return tuple(names)
        return tuple(name for name in names if self.levels.get(name) == DENIED)

    def reasons(self, codes: Iterable[str]) -> tuple[str, ...]:
        """What findings say, each once."""
        known = (self.sentences[code] for code in dict.fromkeys(codes) if code in self.sentences)
        return tuple(dict.fromkeys(known))

    @property
    def use_none(self) -> str:
        """Why no number of the walk may be used, in one sentence; "" where some may."""
        if self.level != USE_NONE:
            return ""
        everything = (code for codes in self.doubts.values() for code in codes)
        why = " ".join(self.reasons(everything)[:SOME])
        return f"The walk's report says to use no number. {why}".strip()


def verdict_of(facts: Mapping[str, Any], where: str) -> TrackedVerdict:
    """The verdict in a walk's provenance.

    Args:
        facts: the provenance.
        where: the walk's folder, for sentences.

    Raises:
        InputError: it has none, or one of another form.
    """
    try:
        verdict = facts["verdict"]
        numbers = {name: dict(one) for name, one in verdict["numbers"].items()}
        return TrackedVerdict(
            str(verdict.get("level", "")),
            {name: str(one["level"]) for name, one in numbers.items()},
            {name: tuple(map(str, one.get("doubts", ()))) for name, one in numbers.items()},
            {str(one["code"]): str(one["sentence"]) for one in facts.get("findings", ())},
            {
                name: (float(one[ZERO]), str(one[WITHOUT_ZERO]))
                for name, one in numbers.items()
                if ZERO in one
            },
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"{where}: its {PROVENANCE} has no verdict; track the walk again."
        ) from error


def verdict_beside(path: Path) -> TrackedVerdict | None:
    """The verdict of the tracked walk whose folder this is, or in whose folder this file lies.

    Returns:
        None where it is no tracked walk's.

    Raises:
        InputError: the folder's provenance is damaged.
    """
    folder = path if path.is_dir() else path.parent
    file = folder / PROVENANCE
    if not file.is_file():
        return None
    where = folder.resolve().name
    facts = read_facts(file, f"{where}/{PROVENANCE}")
    if not path.is_dir() and "verdict" not in facts:
        return None  # of something else that lies there
    return verdict_of(facts, where)


def denied_note(names: Iterable[str]) -> tuple[str, ...]:
    """A note on numbers that were left out as the walk's report says."""
    left_out = listed(list(names), 99)
    return (f"left out, as the walk's report says not to use them: {left_out}",) * bool(left_out)
