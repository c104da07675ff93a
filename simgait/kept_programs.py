"""Traced programs are kept between runs, beside the compiled ones.

JAX keeps what it compiled, but every process traces a program anew to learn which it is: of the
25 s of `simgait track` on one walk, 9 s are the tracing of one step of physics
(docs/history/benchmark.md). A kept program is read instead. Its name is a hash of all that it
depends on: simgait's own code, the libraries, what it was traced for and on.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import jax
import numpy as np
from jaxtyping import Array

from simgait.errors import InputError
from simgait.files import whole_file
from simgait.jax_setup import cache_dir
from simgait.provenance import package_versions
from simgait.resources import resource_dir

Result = TypeVar("Result")

FOLDER = "traced"
SUFFIX = ".jaxprogram"
UNUSED_DAYS = 30
"""Chosen: older versions of simgait leave programs behind, 0.3 MB each."""
COMPILED = "jax_compilation_cache_dir"
"""JAX's setting: where compiled programs are kept, if they are."""
_SETTINGS = ("jax_enable_x64", "jax_default_matmul_precision")
"""Of JAX, which the same code is traced into another program by."""
_SECONDS_OF_A_DAY = 86_400.0
_HASH_BYTES = hashlib.sha256().digest_size
_MAKING = Lock()
_ready: dict[str, Callable[..., Sequence[Array]]] = {}


def kept_program(
    function: Callable[..., Result], told_by: str, arguments: Sequence[Any], like: Any
) -> Callable[..., Result]:
    """A function of arrays as a program that is traced once for all processes.

    Where the folder of compiled programs is not in use (`jax_setup.configure_jax`), it is traced
    once for this process. To name the program takes some milliseconds: ask once, call it often.

    Args:
        function: pure, of arrays; what it reads besides is in simgait's code or in `told_by`.
        told_by: the function's name and settings, which no other function of simgait has.
        arguments: pytrees of arrays as it will be called with, no typed keys among them.
        like: a pytree of the result's structure.
    """
    leaves, form = jax.tree.flatten(tuple(arguments))
    name = _name(told_by, leaves)
    if name not in _ready:
        with _MAKING:
            if name not in _ready:
                _ready[name] = _program(name, function, form, leaves)
    ready, result_form = _ready[name], jax.tree.structure(like)

    def program(*arguments: Any) -> Result:
        result: Result = jax.tree.unflatten(result_form, ready(*jax.tree.leaves(arguments)))
        return result

    return program


def _program(
    name: str, function: Callable[..., Any], form: Any, leaves: Sequence[Any]
) -> Callable[..., Sequence[Array]]:
    from jax import export

    def flat(*leaves: Array) -> list[Array]:
        return jax.tree.leaves(function(*jax.tree.unflatten(form, leaves)))

    traced = jax.jit(flat)
    if not getattr(jax.config, COMPILED):
        return traced
    path = cache_dir() / FOLDER / f"{name}{SUFFIX}"
    kept = _read(path)
    if kept is None:
        kept = bytes(export.export(traced)(*leaves).serialize())
        _write(path, kept)
    program: Callable[..., Sequence[Array]] = jax.jit(export.deserialize(bytearray(kept)).call)
    return program


def _name(told_by: str, leaves: Sequence[Any]) -> str:
    what = [
        told_by,
        _code(),
        [str(getattr(jax.config, name)) for name in _SETTINGS],
        [jax.default_backend(), jax.local_device_count()],
        [(np.shape(one), str(one.dtype), _spread_over(one)) for one in leaves],
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _spread_over(array: Any) -> str:
    """How an array lies on several devices; nothing of one that lies on one, or on none yet."""
    sharding = getattr(array, "sharding", None)
    return "" if sharding is None or len(sharding.device_set) == 1 else str(sharding)


@cache
def _code() -> str:
    """Hash of simgait's own code and bodies, and of the versions of what it is built on."""
    told = hashlib.sha256(json.dumps(package_versions()).encode())
    for folder, pattern in ((Path(__file__).resolve().parent, "*.py"), (resource_dir("envs"), "*")):
        for path in sorted(one for one in folder.rglob(pattern) if one.is_file()):
            told.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return told.hexdigest()


def _read(path: Path) -> bytes | None:
    """A program as it was written; None where there is none, or it is damaged."""
    try:
        kept = path.read_bytes()
        path.touch()
    except OSError:
        return None
    told, program = kept[:_HASH_BYTES], kept[_HASH_BYTES:]
    return program if hashlib.sha256(program).digest() == told else None


def _write(path: Path, program: bytes) -> None:
    """Keeps a program, and leaves out those that nobody used for long."""
    with suppress(OSError, InputError):  # a full disk: it is traced again next time
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_bytes(hashlib.sha256(program).digest() + program)
        for one in path.parent.glob(f"*{SUFFIX}"):
            if time.time() - one.stat().st_mtime > UNUSED_DAYS * _SECONDS_OF_A_DAY:
                one.unlink(missing_ok=True)
