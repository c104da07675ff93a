"""Trees of arrays as safetensors files: named, checked on reading, no pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file

from simgait.errors import InputError
from simgait.files import whole_file


def _names(tree: Any) -> list[str]:
    paths = jax.tree_util.tree_flatten_with_path(tree)[0]
    return [jax.tree_util.keystr(path) for path, _ in paths]


def save_tree(path: Path, tree: Any) -> None:
    """Writes a pytree's leaves by name; the file appears whole or not at all."""
    leaves = [
        np.asarray(jax.random.key_data(leaf) if _is_key(leaf) else leaf)
        for leaf in jax.tree.leaves(tree)
    ]
    arrays = {
        name: np.array(leaf, order="C") for name, leaf in zip(_names(tree), leaves, strict=True)
    }
    with whole_file(path) as part:
        save_file(arrays, part)


def load_tree(path: Path, like: Any) -> Any:
    """Reads a pytree of the structure of `like`.

    Raises:
        InputError: the file is missing, damaged, or of another structure.
    """
    try:
        arrays = load_file(path)
    except Exception as error:
        raise InputError(f"{path.name}: not a readable weights file; fetch it again.") from error
    leaves, structure = jax.tree.flatten(like)
    restored = []
    for name, leaf in zip(_names(like), leaves, strict=True):
        value = arrays.get(name)
        shape = jax.random.key_data(leaf).shape if _is_key(leaf) else jnp.shape(leaf)
        if value is None or value.shape != shape:
            raise InputError(
                f"{path.name}: {name} is missing or has another shape; the file belongs to "
                "another configuration."
            )
        array = jnp.asarray(value)
        restored.append(jax.random.wrap_key_data(array) if _is_key(leaf) else array)
    return jax.tree.unflatten(structure, restored)


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
