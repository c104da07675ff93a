"""A parser that says what is wrong as the rest of simgait does: one sentence, and what is meant.

Exit codes: 1 for a value that cannot be right, whoever finds out (argparse by itself ends with 2
for those that are no number, and leaves the others to the command); 2 for a command that is none.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn

from simgait.errors import InputError
from simgait.near_names import nearest_name

_OF_AN_OPTION = re.compile(r"argument (?:-\w/)?(?P<flag>--?[\w-]+): (?P<why>.*)", re.DOTALL)
_NO_VALUE = "expected"
"""How argparse begins where an option's value is not there."""


class Parser(argparse.ArgumentParser):
    """See the module; what it makes parsers of actions with is itself.

    Args:
        needless: option that other commands have -> why this one needs none.
    """

    def __init__(
        self, *args: Any, needless: Mapping[str, str] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._needless = needless

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse's; options that nobody has are refused with the nearest that there is."""
        found, unknown = super().parse_known_args(args, namespace)
        flags = [one.split("=", 1)[0] for one in unknown if one.startswith("-")]
        if flags:
            self.error(" ".join(self._unknown(flag) for flag in flags))
        return found, unknown

    def _unknown(self, flag: str) -> str:
        if flag in self._needless:
            return f"there is no option {flag} here: {self._needless[flag]}; leave it out."
        near = nearest_name(flag, list(self._flags()))
        meant = f"the nearest is {near}" if near else f"{self.prog} --help lists those that it has"
        return f"there is no option {flag}; {meant}."

    def _flags(self) -> Iterator[str]:
        for action in self._actions:
            yield from (flag for flag in action.option_strings if flag.startswith("--"))

    def error(self, message: str) -> NoReturn:
        """Ends with 2 and the usage; a wrong value is refused as any other (`InputError`)."""
        found = _OF_AN_OPTION.fullmatch(message)
        if found is not None and not found["why"].startswith(_NO_VALUE):
            raise InputError(f"{found['flag']}: {_sentence(found['why'])}")
        super().error(message)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
