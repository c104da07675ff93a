"""Terms by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from simgait.errors import InputError


@runtime_checkable
class Named(Protocol):
    """A term: a function with a name."""

    @property
    def name(self) -> str:
        """As configs call it."""

    @property
    def function(self) -> Callable[..., Any]:
        """As it was registered."""


Term = TypeVar("Term", bound=Named)


class Registry(Generic[Term]):
    """Terms of one kind, in the order in which they were registered."""

    def __init__(self, kind: str) -> None:
        """`kind` is what messages call a term: "reward term", say."""
        self._kind = kind
        self._terms: dict[str, Term] = {}

    def add(self, term: Term) -> None:
        """Registers a term; the same function may come again (its module was loaded again).

        Raises:
            ValueError: another function has that name.
        """
        known = self._terms.get(term.name)
        if known is not None and _place(known.function) != _place(term.function):
            raise ValueError(
                f"There is a {self._kind} {term.name!r} already, {_place(known.function)}; "
                "name yours differently."
            )
        self._terms[term.name] = term

    def __getitem__(self, name: str) -> Term:
        """The term of that name.

        Raises:
            InputError: nobody registered one.
        """
        if name not in self._terms:
            raise InputError(
                f"There is no {self._kind} {name!r}; known are {', '.join(self._terms)}. A term of "
                "your own is registered when its module is imported: name the module in the "
                "recipe's [tracking] plugins."
            )
        return self._terms[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is a term of that name."""
        return name in self._terms

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(tuple(self._terms))


def _place(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
