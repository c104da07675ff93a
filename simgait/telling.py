"""Who hears how far something long has got, without every function on the way passing it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LISTENER: ContextVar[Callable[[str], None]] = ContextVar("listener", default=lambda text: None)


def tell(text: str) -> None:
    """A line on what is going on, to whoever listens; to nobody unless somebody does."""
    _LISTENER.get()(text)


@contextmanager
def heard_by(listener: Callable[[str], None]) -> Iterator[None]:
    """Within this, `tell` goes to a listener."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)
