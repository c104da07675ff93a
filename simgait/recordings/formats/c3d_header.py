"""Checks on a C3D file's bytes before a C++ library parses it (c3d.org, the C3D file format guide).

ezc3d trusts the counts that a file states; a damaged one can make it allocate or read without end.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from simgait.errors import InputError

_BLOCK = 512
_PROCESSORS = {84: "Intel", 85: "DEC", 86: "MIPS (SGI)"}


def check_c3d_header(path: Path) -> None:
    """Refuse what is no readable C3D file.

    Raises:
        InputError: not C3D, a byte order that cannot be read, a damaged parameter section, or
            fewer bytes than the stated points and frames need.
    """
    try:
        size = path.stat().st_size
        with open(path, "rb") as file:
            header = file.read(_BLOCK)
            if len(header) < _BLOCK or header[1] != 0x50 or header[0] == 0:
                raise InputError(
                    f"{path.name}: this is not a C3D file (its first bytes do not say so) or it is "
                    "truncated; export it again."
                )
            start = (header[0] - 1) * _BLOCK
            file.seek(start)
            head = file.read(4)
            if len(head) < 4 or head[3] not in _PROCESSORS:
                raise InputError(
                    f"{path.name}: the C3D parameter section is missing or broken; export the "
                    "file again."
                )
            if head[3] == 86:
                raise InputError(
                    f"{path.name}: the C3D file has MIPS (SGI) byte order, which is not read; "
                    "convert it to Intel byte order, for example with Mokka, and try again."
                )
            file.seek(start)
            section = file.read(max(1, head[2]) * _BLOCK)
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({os.strerror(error.errno or 0)}); check its "
            "permissions."
        ) from error
    order = "<"
    n_points, n_analog = struct.unpack_from(order + "HH", header, 2)
    data_block = struct.unpack_from(order + "H", header, 16)[0]
    if n_points == 0:
        raise InputError(f"{path.name}: the C3D file holds no markers; export them too.")
    first, last = struct.unpack_from(order + "HH", header, 6)
    scale = struct.unpack_from("<f", header, 12)[0]
    # A DEC float has its sign in the highest bit of the first word, as byte 1 of 4.
    is_float = bool(header[13] & 0x80) if head[3] == 85 else scale < 0
    bytes_each = 4 if is_float else 2
    frames = last - first + 1
    need = (data_block - 1) * _BLOCK + frames * bytes_each * (4 * n_points + n_analog)
    # The header's frame numbers end at 65535; longer files say so in TRIAL instead.
    if last < 65535 and (frames < 1 or data_block < 2 or need > size):
        raise InputError(
            f"{path.name}: the C3D file is truncated or damaged ({n_points} markers in {frames} "
            f"frames need {need} bytes, the file has {size}); export it again."
        )
    _walk_parameters(path, section)


def _walk_parameters(path: Path, section: bytes) -> None:
    """Follow the chain of groups and parameters; each must lie inside the section."""
    broken = InputError(
        f"{path.name}: the C3D parameter section is damaged; export the file again."
    )
    at, groups = 4, 0
    while at + 2 <= len(section):
        length = struct.unpack_from("b", section, at)[0]
        group = struct.unpack_from("b", section, at + 1)[0]
        if length == 0 or group == 0:
            break
        name_end = at + 2 + abs(length)
        if name_end + 2 > len(section):
            raise broken
        name = section[at + 2 : name_end]
        if not all(32 <= byte < 127 for byte in name):
            raise broken
        groups += group < 0
        offset = struct.unpack_from("<H", section, name_end)[0]
        if offset == 0:
            break
        if group > 0 and not _fits(section, name_end + 2, name_end + offset):
            raise broken
        at = name_end + offset
        if at > len(section):
            raise broken
    if groups == 0:
        raise broken


def _fits(section: bytes, at: int, end: int) -> bool:
    """Whether the parameter's stated dimensions fit between its start and the next record."""
    if at + 2 > len(section):
        return False
    bytes_each = abs(struct.unpack_from("b", section, at)[0])
    n_dimensions = section[at + 1]
    if bytes_each not in (1, 2, 4) or n_dimensions > 7 or at + 2 + n_dimensions > len(section):
        return False
    count = bytes_each
    for size in section[at + 2 : at + 2 + n_dimensions]:
        count *= size
    return bool(at + 2 + n_dimensions + count <= min(end + 1, len(section)))
