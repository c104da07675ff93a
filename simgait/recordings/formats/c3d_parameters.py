"""The parameter section of a C3D file: a chain of groups and parameters, checked as it is read.

Everything is read from bytes that are there, by this file's own arithmetic: a damaged length can
name bytes that are not there, which is said, and can make nothing run on or grow.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

import numpy as np

from simgait.errors import InputError
from simgait.recordings.formats.c3d_header import BLOCK, C3dHeader, floats
from simgait.recordings.text import label

Value = np.ndarray | list[str]
"""Numbers, or texts. Numbers keep the parameter's dimensions, the first of which runs fastest."""
Parameters = dict[str, dict[str, Value]]
"""Group -> name -> value, in capitals as the format has them."""
PREAMBLE_BYTES = 4
"""Bytes before the first group, as the format has them."""
VALUE_BYTES = {-1: 1, 1: 1, 2: 2, 4: 4}
"""Type of a parameter's values -> bytes of each."""


@dataclass(frozen=True)
class Record:
    """One group or parameter: its name, the number of its group, and what follows its head."""

    name: str
    group: int
    is_group: bool
    body: bytes


def section_bytes(header: C3dHeader, size: int) -> int:
    """How long the parameter section may be.

    Its own count of blocks is one byte: it wraps in long sections, and some programs write 1. So
    the section may go on until the points begin, or where these lie before it, as its count says.
    """
    if header.data_start > header.parameter_start:
        end = header.data_start
    else:
        end = header.parameter_start + max(1, header.parameter_blocks) * BLOCK
    return min(end, size) - header.parameter_start


def parse_parameters(section: bytes, is_dec: bool, where: str) -> Parameters:
    """Every parameter by group and name; groups that are only numbered are left out.

    Raises:
        InputError: a record does not fit, or belongs to a group that is not there.
    """
    records = read_records(section, where)
    names = {r.group: r.name for r in records if r.is_group}
    if not names:
        raise _damaged(where, "it names no group")
    parameters: Parameters = {name: {} for name in names.values()}
    for record in records:
        if not record.is_group:
            if record.group not in names:
                raise _damaged(where, f"{record.name} belongs to no group")
            parameters[names[record.group]][record.name] = _value(record, is_dec, where)
    return parameters


def _damaged(where: str, what: str) -> InputError:
    return InputError(
        f"{where}: the C3D parameter section is damaged ({what}); export the file again."
    )


def read_records(section: bytes, where: str) -> list[Record]:
    """The chain in the file's order.

    Raises:
        InputError: a record does not fit.
    """
    records: list[Record] = []
    at = PREAMBLE_BYTES
    while at + 2 <= len(section):
        length, group = struct.unpack_from("2b", section, at)
        if length == 0 or group == 0:
            break
        name_end = at + 2 + abs(length)
        raw = section[at + 2 : name_end]
        if name_end + 2 > len(section) or not all(32 <= byte < 127 for byte in raw):
            raise _damaged(where, f"at byte {at} of it there is no name")
        name = raw.decode("ascii").strip().upper()
        (step,) = struct.unpack_from("<H", section, name_end)
        end = name_end + step if step else len(section)
        if (step and step < 2) or end > len(section):
            raise _damaged(where, f"what follows {name} lies outside of it")
        body = section[name_end + 2 : end]
        if group < 0 and body and 1 + body[0] > len(body):
            raise _damaged(where, f"the size of {name} does not fit")
        records.append(Record(name, abs(group), group < 0, body))
        if step == 0:
            break
        at = end
    return records


def _value(record: Record, is_dec: bool, where: str) -> Value:
    """A parameter's value; its description behind it is not needed."""
    kind, dimensions, at = value_shape(record, where)
    count = math.prod(dimensions)
    raw = record.body[at : at + count * VALUE_BYTES[kind]]
    if kind == -1:
        return split_texts(raw, dimensions[0])
    if kind == 4:
        return floats(raw, is_dec).reshape(dimensions, order="F")
    numbers = np.frombuffer(raw, "<i2" if kind == 2 else "u1").astype(int)
    return numbers.reshape(dimensions, order="F")


def value_shape(record: Record, where: str) -> tuple[int, tuple[int, ...], int]:
    """Type, dimensions, and where in its body the values of a parameter begin.

    Raises:
        InputError: values or description do not fit the body.
    """
    body = record.body
    unfit = _damaged(where, f"the size of {record.name} does not fit")
    if len(body) < 2:
        raise unfit
    kind, n_dimensions = struct.unpack_from("b", body)[0], body[1]
    at = 2 + n_dimensions
    # The format allows seven dimensions.
    if kind not in VALUE_BYTES or n_dimensions > 7 or at > len(body):
        raise unfit
    dimensions = tuple(body[2:at]) or (1,)
    end = at + math.prod(dimensions) * VALUE_BYTES[kind]
    # A description's length and its characters follow; some programs leave both out.
    if end > len(body) or (end < len(body) and end + 1 + body[end] > len(body)):
        raise unfit
    return kind, dimensions, at


def split_texts(raw: bytes, width: int) -> list[str]:
    """Texts of `width` bytes each."""
    if width == 0:
        return []
    return [label(raw[i : i + width]) for i in range(0, len(raw), width)]


def values(parameters: Parameters, group: str, name: str) -> Value | None:
    """A parameter's value, or None where the file has none or it is empty."""
    value = parameters.get(group, {}).get(name)
    return None if value is None or len(np.ravel(np.asarray(value))) == 0 else value


def texts(parameters: Parameters, group: str, name: str) -> list[str]:
    """A parameter's texts, none where it holds numbers or is not there."""
    value = values(parameters, group, name)
    return value if isinstance(value, list) else []


def number(parameters: Parameters, group: str, *names: str) -> float | None:
    """The first of `names` that holds a positive number, in text or not."""
    for name in names:
        value = values(parameters, group, name.upper())
        try:
            found = float(np.ravel(np.asarray(value))[0]) if value is not None else 0.0
        except ValueError:
            continue
        if np.isfinite(found) and found > 0:
            return found
    return None
