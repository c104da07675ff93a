"""Other people's methods beside ours: prepared trials in, walks out, without physics.

Every module (or package) of this folder is one companion. It is called like its module, with `-`
for `_`, and has one function `companion()` that makes its tracker; nothing else names it. See
docs/contributing/companion.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker


def companion_names() -> tuple[str, ...]:
    """Names of all companions, sorted; none of their modules is imported for it."""
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def load_companion(name: str) -> Tracker:
    """A companion's tracker.

    Raises:
        InputError: there is none of that name, its module makes no tracker of that name, or its
            weights are missing.
    """
    if name not in companion_names():
        raise InputError(
            f"{name}: there is no such companion; there are {', '.join(companion_names())}."
        )
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    make = getattr(module, "companion", None)
    if make is None:
        raise InputError(
            f"{name}: its module has no function companion() that makes the tracker; see "
            "docs/contributing/companion.md."
        )
    tracker: Tracker = make()
    if tracker.name != name:
        raise InputError(
            f"{name}: its tracker is named {tracker.name}; name module and tracker alike."
        )
    return tracker
