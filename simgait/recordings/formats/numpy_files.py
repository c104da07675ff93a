"""Arrays in .npy and .npz files from outside: those that are asked for, sizes checked before.

A header of a few bytes can claim an array of any size, and a small archive can unpack to one. So
headers are read first, what is not asked for is never unpacked, and nothing is unpickled.
"""

from __future__ import annotations

import io
import math
import sys
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from simgait.errors import InputError
from simgait.limits import MOST_ARRAY_BYTES, check_size

_NPY, _ZIP = b"\x93NUMPY", b"PK"
_DOUBLE = 8
"""Bytes; arrays become doubles."""
_KINDS = "biufcmMSU"
"""Kinds of arrays that hold one value in each place."""


@dataclass(frozen=True)
class NumpyFile:
    """The arrays asked for that a file holds, and the names of all that it holds."""

    arrays: dict[str, np.ndarray]
    names: tuple[str, ...]


def read_numpy_file(path: Path, keys: Collection[str], only: str) -> NumpyFile:
    """The arrays `keys` of an .npz; the array of an .npy as `only`.

    Raises:
        InputError: not such a file, damaged, too large, or Python objects.
    """
    where = path.name
    if path.stat().st_size == 0:
        raise InputError(f"{where}: the file is empty; export it again.")
    try:
        with path.open("rb") as file:
            start = file.read(len(_NPY))
            if start == _NPY:
                return NumpyFile({only: _array(file, path.stat().st_size, only, where)}, (only,))
            if not start.startswith(_ZIP):
                raise _damaged(where)
            with zipfile.ZipFile(file) as archive:
                return _members(archive, keys, where)
    except (InputError, OSError):
        raise
    except MemoryError:
        raise InputError(
            f"{where}: an array in it needs more memory than this machine has; cut the recording "
            "into shorter ones."
        ) from None
    except Exception as error:  # a damaged zip or header fails in zlib, ast, struct, ...
        raise _damaged(where) from error


def _damaged(where: str) -> InputError:
    return InputError(f"{where}: the file is truncated or no NumPy file; export it again.")


def _members(archive: zipfile.ZipFile, keys: Collection[str], where: str) -> NumpyFile:
    arrays = {}
    names = [info.filename.removesuffix(".npy") for info in archive.infolist()]
    for info in archive.infolist():
        key = info.filename.removesuffix(".npy")
        if key in keys and key not in arrays:
            with archive.open(info) as member:
                arrays[key] = _array(member, info.file_size, key, where)
    return NumpyFile(arrays, tuple(names))


def _array(file: io.BufferedIOBase | IO[bytes], size: int, name: str, where: str) -> np.ndarray:
    """One array of `size` bytes with its header.

    Raises:
        InputError: of no kind that is read, too large, or larger than what is there.
        ValueError: the header is damaged.
    """
    file.seek(0)
    version = np.lib.format.read_magic(file)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read_header is None:
        raise _damaged(where)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python's parser, about what is refused anyway
        shape, _, dtype = read_header(file)
    if dtype.hasobject:
        raise InputError(
            f"{where}: the file holds Python objects (pickle), which are never opened; "
            "store plain arrays of numbers and strings."
        )
    if dtype.kind not in _KINDS:
        raise InputError(
            f"{where}: the array {name!r} holds records ({dtype}); store plain arrays of numbers "
            "and strings."
        )
    count = math.prod(shape)
    if min(shape, default=0) < 0:
        raise _damaged(where)
    check_size(count, MOST_ARRAY_BYTES // _DOUBLE, f"values in {name!r}", where)
    check_size(count * dtype.itemsize, MOST_ARRAY_BYTES, f"bytes in {name!r}", where)
    if count * dtype.itemsize > size:
        raise _damaged(where)
    file.seek(0)
    array = np.lib.format.read_array(file, allow_pickle=False)
    codes = np.dtype("u4").newbyteorder(dtype.byteorder)
    if dtype.kind == "U" and np.frombuffer(array.tobytes(), codes).max(initial=0) > sys.maxunicode:
        raise _damaged(where)  # Python fails at such text in odd places
    return array
