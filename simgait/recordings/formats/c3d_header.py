"""The first block of a C3D file, checked (c3d.org, "The C3D File Format", header section)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

BLOCK = 512
"""Bytes; places in a C3D file are counted in blocks."""
_INTEL, _DEC, _MIPS = 84, 85, 86
_MAGIC = 0x50
"""As the format has them (www.c3d.org, user guide: header and parameter section)."""


@dataclass(frozen=True)
class C3dHeader:
    """What the first block says, and where it says that the rest lies.

    Attributes:
        parameter_start, data_start: in bytes from the file's start.
        parameter_blocks: of the parameter section, modulo 256: a hint.
        is_dec: floats are those of a VAX or PDP-11.
        n_points, n_analog_words: in each frame.
        first_frame, last_frame: from 1, modulo 65536.
        samples_per_frame: analog samples of one channel in each frame.
        scale: file's unit per count where points are integers.
        is_float: points and analog words are floats of 4 bytes, else integers of 2.
        fps_hz: of the points.
    """

    parameter_start: int
    parameter_blocks: int
    data_start: int
    is_dec: bool
    n_points: int
    n_analog_words: int
    first_frame: int
    last_frame: int
    samples_per_frame: int
    scale: float
    is_float: bool
    fps_hz: float


def floats(raw: bytes, is_dec: bool) -> Float[np.ndarray, " N"]:
    """Floats of 4 bytes; a DEC machine's have their words exchanged and an exponent 2 higher."""
    if not is_dec:
        return np.frombuffer(raw, "<f4").astype(float)
    words = np.frombuffer(raw, "<u2").reshape(-1, 2)
    exchanged = np.ascontiguousarray(words[:, ::-1]).view("<f4")[:, 0].astype(float)
    # An exponent of 0 is the number 0 there.
    return np.where((words[:, 0] & 0x7F80) == 0, 0.0, exchanged / 4.0)


def read_header(file: BinaryIO, where: str) -> C3dHeader:
    """The header of an open C3D file.

    Raises:
        InputError: no C3D file, no markers, or a byte order that is not read.
    """
    block = file.read(BLOCK)
    if len(block) < BLOCK or block[1] != _MAGIC or block[0] == 0:
        raise InputError(
            f"{where}: this is not a C3D file (its first bytes do not say so) or it is "
            "truncated; export it again."
        )
    parameter_start = (block[0] - 1) * BLOCK
    file.seek(parameter_start)
    head = file.read(4)
    if len(head) < 4 or head[3] not in (_INTEL, _DEC, _MIPS):
        raise InputError(
            f"{where}: the C3D parameter section is missing or broken; export the file again."
        )
    if head[3] == _MIPS:
        raise InputError(
            f"{where}: the C3D file has MIPS (SGI) byte order, which is not read; "
            "convert it to Intel byte order, for example with Mokka, and try again."
        )
    n_points, n_analog, first, last = struct.unpack_from("<4H", block, 2)
    data_block, samples = struct.unpack_from("<2H", block, 16)
    is_dec = head[3] == _DEC
    with np.errstate(all="ignore"):
        scale, fps_hz = floats(block[12:16] + block[20:24], is_dec)
    return C3dHeader(
        parameter_start=parameter_start,
        parameter_blocks=head[2],
        data_start=(data_block - 1) * BLOCK,
        is_dec=is_dec,
        n_points=n_points,
        n_analog_words=n_analog,
        first_frame=first,
        last_frame=last,
        samples_per_frame=samples,
        scale=float(scale),
        is_float=bool(scale < 0),
        fps_hz=float(fps_hz),
    )
