"""Dataclasses of arrays that JAX looks into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import jax


def register_parts(kind: type) -> None:
    """Makes a frozen dataclass a pytree of its fields.

    Unlike `jax.tree_util.register_dataclass` it is put together again without its constructor: JAX
    also puts shapes and flags where the arrays belong, which no annotation allows.
    """
    names = tuple(part.name for part in fields(kind))

    def with_names(value: Any) -> tuple[list[tuple[Any, Any]], None]:
        return [(jax.tree_util.GetAttrKey(name), getattr(value, name)) for name in names], None

    def put_together(_: None, parts: Iterable[Any]) -> Any:
        value: Any = object.__new__(kind)
        for name, part in zip(names, parts, strict=True):
            object.__setattr__(value, name, part)
        return value

    jax.tree_util.register_pytree_with_keys(kind, with_names, put_together)
