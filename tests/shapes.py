"""While tests run, each call in simgait is checked against its annotations.

jaxtyping binds the names of dimensions ("T", "K") over the arguments and the result of one call,
beartype looks at each value. An int may stand where a float is asked for, as PEP 484 says.
`tests/conftest.py` imports this before any module of simgait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import jaxtyping
from beartype import BeartypeConf, beartype

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))

jaxtyping.install_import_hook("simgait", "tests.shapes.checked")


@contextmanager
def unchecked() -> Iterator[None]:
    """Within it, no call is checked: for what a caller reads whom no checker stopped."""
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)
