"""Dataclasses of arrays that JAX looks into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import jax


def register_parts(kind: type, fixed: Iterable[str] = ()) -> None:
    """Makes a frozen dataclass a pytree of its fields.

    Unlike `jax.tree_util.register_dataclass` it is put together again without its constructor: JAX
    also puts shapes and flags where the arrays belong, which no annotation allows.

    Args:
        kind: the dataclass.
        fixed: fields that JAX does not look into; a program is compiled for their values.
    """
    constant = tuple(fixed)
    names = tuple(part.name for part in fields(kind) if part.name not in constant)

    def parts_of(value: Any) -> tuple[list[Any], tuple[Any, ...]]:
        constants = tuple(getattr(value, name) for name in constant)
        return [getattr(value, name) for name in names], constants

    def with_names(value: Any) -> tuple[list[tuple[Any, Any]], tuple[Any, ...]]:
        parts, constants = parts_of(value)
        keys = map(jax.tree_util.GetAttrKey, names)
        return list(zip(keys, parts, strict=True)), constants

    def put_together(constants: tuple[Any, ...], parts: Iterable[Any]) -> Any:
        value: Any = object.__new__(kind)
        for name, part in zip((*names, *constant), (*parts, *constants), strict=True):
            object.__setattr__(value, name, part)
        return value

    jax.tree_util.register_pytree_with_keys(kind, with_names, put_together, parts_of)
