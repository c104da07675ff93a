"""A plugin of pytest: while tests run, each call in simgait is checked against its annotations.

jaxtyping binds the names of dimensions ("T", "K") over the arguments and the result of one call,
beartype looks at each value. An int may stand where a float is asked for, as PEP 484 says. Loaded
by name (`-p tests.shapes` in pyproject.toml), so that it comes before any module of simgait.
"""

from __future__ import annotations

from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))

install_import_hook("simgait", "tests.shapes.checked")
