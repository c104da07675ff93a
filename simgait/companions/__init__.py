"""Other people's methods beside ours, without physics.

Every module (or package) of this folder is one companion. It is called like its module, with `-`
for `_`, and has one function `companion()` that gives its value (`estimators.companion.Companion`);
nothing else names it. See docs/contributing/companion.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.estimators.companion import Companion


def companion_names() -> tuple[str, ...]:
    """Names of all companions, sorted; none of their modules is imported for it."""
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def load_companion(name: str) -> Companion:
    """A companion's value; its weights are read when they are needed.

    Raises:
        InputError: there is none of that name, or its module gives no value of that name.
    """
    if name not in companion_names():
        raise InputError(
            f"{name}: there is no such companion; there are {', '.join(companion_names())}."
        )
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    make = getattr(module, "companion", None)
    if make is None:
        raise InputError(
            f"{name}: its module has no function companion() that gives its value; see "
            "docs/contributing/companion.md."
        )
    found: Companion = make()
    if found.name != name:
        raise InputError(f"{name}: its value is named {found.name}; name module and value alike.")
    return found


def tracking_companions() -> tuple[str, ...]:
    """Names of the companions that give a whole walk, as trackers do."""
    return tuple(n for n in companion_names() if load_companion(n).tracker is not None)
