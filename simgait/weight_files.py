"""Trees of arrays as safetensors files: named, with a checksum, checked on reading, no pickle."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

from simgait.errors import InputError
from simgait.files import whole_file

CHECKSUM = "sha256"
"""In a file's metadata: of names, types, shapes and values. Released weights have their card's."""
KINDS = {"f": "decimal numbers", "i": "whole numbers", "u": "unsigned whole numbers", "b": "flags"}


def _names(tree: Any) -> list[str]:
    paths = jax.tree_util.tree_flatten_with_path(tree)[0]
    return [jax.tree_util.keystr(path) for path, _ in paths]


def checksum(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 of named arrays: their names, types, shapes and values, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {arrays[name].shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def save_tree(path: Path, tree: Any, *, with_checksum: bool = True) -> None:
    """Writes a pytree's leaves by name; the file appears whole or not at all.

    Args:
        path: of the file.
        tree: of arrays.
        with_checksum: False for weights whose hash stands in a card beside them.

    Raises:
        InputError: it cannot be written; an earlier file of that name is still there then.
    """
    leaves = [
        np.asarray(jax.random.key_data(leaf) if _is_key(leaf) else leaf)
        for leaf in jax.tree.leaves(tree)
    ]
    arrays = {
        name: np.array(leaf, order="C") for name, leaf in zip(_names(tree), leaves, strict=True)
    }
    content = save(arrays, {CHECKSUM: checksum(arrays)} if with_checksum else None)
    with whole_file(path) as part, part.open("wb") as file:
        file.write(content)
        file.flush()
        # Or a loss of power could leave the name and not the content.
        os.fsync(file.fileno())


def load_tree(path: Path, like: Any, *, finite: bool = False) -> Any:
    """Reads a pytree of the structure of `like`; leaves get the types of its leaves.

    Args:
        path: of the file.
        like: a tree of that structure; shapes and types (`jax.ShapeDtypeStruct`) suffice.
        finite: refuse infinite values and those that are not numbers, as weights must.

    Raises:
        InputError: the file is missing, damaged, of another structure or kind of numbers.
    """
    arrays = load_arrays(path)
    leaves, structure = jax.tree.flatten(like)
    restored = []
    for name, leaf in zip(_names(like), leaves, strict=True):
        plain = _plain(leaf)
        value = arrays.get(name)
        if value is None or value.shape != plain.shape:
            raise InputError(
                f"{path.name}: {name} is missing or has another shape; the file belongs to "
                "another configuration."
            )
        if value.dtype.kind != plain.dtype.kind:
            is_, should = (KINDS.get(x.dtype.kind, str(x.dtype)) for x in (value, plain))
            raise InputError(
                f"{path.name}: {name} holds {is_}, where {should} belong; the file was not made "
                "by simgait, or was converted on its way."
            )
        if finite and not np.isfinite(value).all():
            raise InputError(
                f"{path.name}: {name} holds values that are not finite; such weights cannot be "
                "used, train or fetch them again."
            )
        array = jnp.asarray(value, plain.dtype)
        restored.append(jax.random.wrap_key_data(array) if _is_key(leaf) else array)
    return jax.tree.unflatten(structure, restored)


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of a file by its name.

    Raises:
        InputError: the file is missing or damaged.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such file of weights; check the path.")
    try:
        with safe_open(path, "numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            said = (file.metadata() or {}).get(CHECKSUM)
    except Exception as error:
        raise InputError(f"{path.name}: not a readable weights file; fetch it again.") from error
    if said is not None and said != checksum(arrays):
        raise InputError(
            f"{path.name}: damaged, its content does not match its checksum; fetch it again."
        )
    return arrays


def load_named(path: Path) -> dict[str, np.ndarray]:
    """Every array of a file that holds one mapping of them, by its key.

    Raises:
        InputError: the file is missing or damaged.
    """
    return {name.strip("[']"): array for name, array in load_arrays(path).items()}


def _plain(leaf: Any) -> jax.ShapeDtypeStruct:
    """Shape and type that a leaf has in a file."""
    if _is_key(leaf):
        data: jax.ShapeDtypeStruct = jax.eval_shape(jax.random.key_data, leaf)
        return data
    return jax.ShapeDtypeStruct(np.shape(leaf), jnp.result_type(leaf))


def _is_key(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
