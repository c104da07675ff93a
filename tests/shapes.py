"""While tests run, calls in simgait are checked against their annotations.

jaxtyping binds the names of dimensions ("T", "K") over the arguments and the result of one call,
beartype looks at each value. An int may stand where a float is asked for, as PEP 484 says.
`tests/conftest.py` imports this before any module of simgait.

jaxtyping's import hook finds the calls; the decorator that it puts on them is replaced by one that
looks at each value once, where its own makes two functions more of each and looks twice: that was
a third of what the tests of whole walks took.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import jaxtyping
from beartype import BeartypeConf, beartype

_SCOPE = jaxtyping.jaxtyped("context")
"""Within it, names of dimensions are bound anew."""

ALL_OF_THE_FIRST, THEN_EVERY = 10, 50
"""Calls of a function within one test that are looked at. Small ones are called by the thousand in
loops, always alike: looking at them all was a third of what tests of many walks took, and at the
first fifty still a tenth."""
_test = 0


def next_test() -> None:
    """From here on the first calls of every function are looked at again."""
    global _test
    _test += 1


_VALUES = beartype(conf=BeartypeConf(is_pep484_tower=True, violation_type=jaxtyping.TypeCheckError))


def _checking(*, typechecker: object) -> Callable[[Any], Any]:
    """Takes the place of `jaxtyping.jaxtyped`, with which the hook decorates."""
    return _checked


def _checked(wanted: Any) -> Any:
    if not inspect.isclass(wanted):
        return _checked_function(wanted)
    if dataclasses.is_dataclass(wanted) and "__init__" in vars(wanted):
        wanted.__init__ = _checked_function(wanted.__init__)  # type: ignore[method-assign]
    return wanted


def _checked_function(function: Callable[..., Any]) -> Callable[..., Any]:
    calls, test = 0, 0

    @functools.cache
    def checking() -> Callable[..., Any]:
        hints = {
            name: _resolved(hint, function.__globals__)
            for name, hint in function.__annotations__.items()
        }
        function.__annotations__ = hints
        return _VALUES(function)

    # The check is made at the first call: many a function is called in no test of a process.
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        nonlocal calls, test
        calls = calls + 1 if test == _test else 1
        test = _test
        passed_over = calls > ALL_OF_THE_FIRST and calls % THEN_EVERY
        if passed_over or jaxtyping.config.jaxtyping_disable:
            return function(*args, **kwargs)
        with _SCOPE:
            return checking()(*args, **kwargs)

    return call


def _resolved(hint: Any, names: dict[str, Any]) -> Any:
    """The annotation as an object; Any where only a type checker understands it."""
    holder = type("Holder", (), {"__annotations__": {"hint": hint}})
    try:
        return get_type_hints(holder, names, include_extras=True)["hint"]
    except (NameError, TypeError):  # imported for it alone, or of a class that is generic to it
        return Any


jaxtyping.jaxtyped = _checking  # type: ignore[assignment]
jaxtyping.install_import_hook("simgait", None)


@contextmanager
def unchecked() -> Iterator[None]:
    """Within it, no call is checked: for what a caller reads whom no checker stopped."""
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)
