"""Sound inputs made unsound, reproducibly: each mutation is a function of a generator and bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

Rng = np.random.Generator
Mutation = Callable[[Rng, bytes], bytes]

ODD_BYTES = (0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x0D, 0x1B, 0x22, 0x2C, 0x3B, 0x50, 0xFE)
ODD_WORDS = (
    "", "0", "-0", "-1", "1e999", "-1e308", "1e-320", "nan", "NaN", "inf", "-Infinity",
    "999999999999", "9" * 5000, "1,5", "1.2.3", "0x10", "1_000", "--5", "+", "-", ".", "#N/A",
    "-999", "null", "true", "[]", "{}", '"', "'", "\\", "\x00", "\x1b[31m", "\ufeff", "\u202e",
    "M\u00fcller", "=1+1", "../../x", "a" * 3000, "\t\t", " ", "%s%n", "\U0001f600", "\u0663",
)  # fmt: skip
_NUMBER = re.compile(rb"[-+]?[0-9][0-9.eE+-]*")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_ ]*")


def _odd(rng: Rng) -> bytes:
    word = ODD_WORDS[rng.integers(len(ODD_WORDS))]
    encoding = ("utf-8", "utf-8", "utf-8", "latin-1", "utf-16-le")[rng.integers(5)]
    return word.encode(encoding, "replace")


def _cut(rng: Rng, data: bytes) -> tuple[int, int]:
    """A stretch, short more often than long."""
    at = int(rng.integers(len(data) + 1))
    length = int(len(data) ** rng.random())
    return at, min(len(data), at + length)


def flip_bits(rng: Rng, data: bytes) -> bytes:
    out = bytearray(data)
    for at in rng.integers(len(out), size=1 + int(rng.integers(4))):
        out[at] ^= 1 << int(rng.integers(8))
    return bytes(out)


def odd_bytes(rng: Rng, data: bytes) -> bytes:
    out = bytearray(data)
    for at in rng.integers(len(out), size=1 + int(rng.integers(8))):
        out[at] = ODD_BYTES[rng.integers(len(ODD_BYTES))]
    return bytes(out)


def head_bytes(rng: Rng, data: bytes) -> bytes:
    """Where formats keep their counts and lengths."""
    out = bytearray(data)
    for at in rng.integers(min(len(out), 3000), size=1 + int(rng.integers(3))):
        out[at] = rng.integers(256)
    return bytes(out)


def numbers_in_bytes(rng: Rng, data: bytes) -> bytes:
    """Two or four bytes become the ends of what they can count."""
    at = int(rng.integers(min(len(data), 3000)))
    values = (b"\xff\xff", b"\x00\x00", b"\x00\x80", b"\xff\x7f", b"\x01\x00", b"\x00\x00\xc0\x7f",
              b"\x00\x00\x80\x7f", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80")  # fmt: skip
    value = values[rng.integers(len(values))]
    return data[:at] + value + data[at + len(value) :]


def truncate(rng: Rng, data: bytes) -> bytes:
    return data[: int(rng.integers(len(data) + 1))]


def delete(rng: Rng, data: bytes) -> bytes:
    start, end = _cut(rng, data)
    return data[:start] + data[end:]


def repeat(rng: Rng, data: bytes) -> bytes:
    start, end = _cut(rng, data)
    times = 2 ** int(rng.integers(1, 8))
    return (
        data[:end] + data[start:end] * min(times, 1 + 1_000_000 // max(1, end - start)) + data[end:]
    )


def move(rng: Rng, data: bytes) -> bytes:
    start, end = _cut(rng, data)
    rest = data[:start] + data[end:]
    at = int(rng.integers(len(rest) + 1))
    return rest[:at] + data[start:end] + rest[at:]


def insert(rng: Rng, data: bytes) -> bytes:
    at = int(rng.integers(len(data) + 1))
    return data[:at] + _odd(rng) + data[at:]


def noise(rng: Rng, data: bytes) -> bytes:
    start, end = _cut(rng, data)
    return data[:start] + rng.bytes(end - start) + data[end:]


def blank(rng: Rng, data: bytes) -> bytes:
    start, end = _cut(rng, data)
    return data[:start] + b"\x00" * (end - start) + data[end:]


def other_number(rng: Rng, data: bytes) -> bytes:
    return _replaced(rng, data, _NUMBER)


def other_word(rng: Rng, data: bytes) -> bytes:
    return _replaced(rng, data, _WORD)


def _replaced(rng: Rng, data: bytes, what: re.Pattern[bytes]) -> bytes:
    found = list(what.finditer(data[:20_000]))
    if not found:
        return insert(rng, data)
    match = found[rng.integers(len(found))]
    return data[: match.start()] + _odd(rng) + data[match.end() :]


def lines(rng: Rng, data: bytes) -> bytes:
    """A line goes, comes twice, or changes places."""
    parts = data.splitlines(keepends=True)
    i, j = rng.integers(len(parts), size=2) if parts else (0, 0)
    kind = int(rng.integers(3))
    if kind == 0:
        del parts[i : i + 1]
    elif kind == 1:
        parts[j:j] = parts[i : i + 1]
    elif parts:
        parts[i], parts[j] = parts[j], parts[i]
    return b"".join(parts)


def separators(rng: Rng, data: bytes) -> bytes:
    pairs = (
        (b"\t", b","), (b",", b";"), (b".", b","), (b"\n", b"\r\n"), (b"\n", b"\r"), (b"\t", b"  "),
        (b" ", b""), (b",", b"\t"), (b'"', b""), (b"\n", b""),
    )  # fmt: skip
    old, new = pairs[rng.integers(len(pairs))]
    return data.replace(old, new)


def encoding(rng: Rng, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    name = ("utf-16", "utf-8-sig", "utf-16-be", "utf-32", "cp037")[rng.integers(5)]
    return text.encode(name, "replace")


def nested(rng: Rng, data: bytes) -> bytes:
    """Deeper than any parser's stack."""
    depth = int(10 ** rng.uniform(1, 5.3))
    opening, closing = ((b"[", b"]"), (b'{"a":', b"}"), (b"[[", b"]]"), (b"(", b")"))[
        rng.integers(4)
    ]
    at = int(rng.integers(len(data) + 1))
    return data[:at] + opening * depth + closing * int(rng.integers(2)) * depth + data[at:]


BINARY: tuple[Mutation, ...] = (
    flip_bits, odd_bytes, head_bytes, head_bytes, numbers_in_bytes, numbers_in_bytes, truncate,
    delete, repeat, move, insert, noise, blank,
)  # fmt: skip
TEXT: tuple[Mutation, ...] = (
    flip_bits, odd_bytes, truncate, delete, repeat, move, insert, noise, blank,
    *(other_number, other_word, lines) * 3, separators, encoding, nested,
)  # fmt: skip


def _other_kind(rng: Rng, array: np.ndarray) -> np.ndarray:
    kinds = ("f4", "i2", "U5", "S3", "?", "c16", "M8[s]", "u1", "f2", [("a", "f8")])
    return array.astype(kinds[rng.integers(len(kinds))], casting="unsafe")


def _other_shape(rng: Rng, array: np.ndarray) -> np.ndarray:
    shapes: tuple[Callable[[], np.ndarray], ...] = (
        lambda: array[..., : int(rng.integers(array.shape[-1] + 1))],
        lambda: array[: int(rng.integers(len(array) + 1))],
        lambda: np.swapaxes(array, 0, -1),
        lambda: np.stack([array] * int(rng.integers(1, 4)), axis=int(rng.integers(array.ndim + 1))),
        lambda: np.zeros((0,) * int(rng.integers(5))),
        lambda: np.repeat(array, 2, axis=0),
        lambda: np.asfortranarray(array),
    )
    return shapes[rng.integers(len(shapes))]() if array.ndim else array.reshape(1, 1)


def _other_values(rng: Rng, array: np.ndarray) -> np.ndarray:
    values = (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e308, 1e-320, 9999.0, -999.0)
    if array.dtype.kind in "US":
        out = array.astype("U40")
        new: Any = ODD_WORDS[rng.integers(len(ODD_WORDS))][:40]
    else:
        out, new = array.astype(float), values[rng.integers(len(values))]
    if out.size:
        # A copy is contiguous, so that this is a view.
        flat = out.reshape(-1)
        flat[rng.integers(out.size, size=1 + int(out.size * rng.random() ** 4))] = new
    return out


def _other_scale(rng: Rng, array: np.ndarray) -> np.ndarray:
    return array * 10.0 ** rng.integers(-5, 6) if array.dtype.kind == "f" else array[..., None]


def odd_array(rng: Rng, array: np.ndarray) -> np.ndarray:
    """The same array of another kind, shape or scale, or with other values in it."""
    changes = (_other_kind, _other_shape, _other_values, _other_scale)
    with np.errstate(all="ignore"):
        try:
            return changes[rng.integers(len(changes))](rng, array)
        except (TypeError, ValueError):  # text that is no number
            return np.zeros(3)


def archive(rng: Rng, data: bytes) -> bytes:
    """An .npz whose members are sound for themselves and wrong together."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for _ in range(1 + int(rng.integers(3))):
        name = list(arrays)[rng.integers(len(arrays))]
        if rng.random() < 0.2:
            del arrays[name]
            arrays = arrays or {"nothing": np.zeros(0)}
        elif rng.random() < 0.1:
            arrays[ODD_WORDS[rng.integers(len(ODD_WORDS))][:30].replace("\x00", "0") or "x"] = (
                arrays[name]
            )
        else:
            arrays[name] = odd_array(rng, arrays[name])
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def member(rng: Rng, data: bytes) -> bytes:
    """An .npz with damage inside of a member, which the archive's own checksum does not see."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = names[rng.integers(len(names))]
        for name in names:
            content = old.read(name)
            new.writestr(name, head_bytes(rng, content) if name == chosen else content)
    return out.getvalue()


def single(rng: Rng, data: bytes) -> bytes:
    """An .npy of another kind, shape or with other values."""
    out = io.BytesIO()
    np.save(out, odd_array(rng, np.load(io.BytesIO(data), allow_pickle=False)))
    return out.getvalue()


def mutated(rng: Rng, data: bytes, mutations: tuple[Mutation, ...]) -> bytes:
    """The input after one mutation, more often than after several."""
    out = mutations[rng.integers(len(mutations))](rng, data)
    while out and rng.random() < 0.3:
        change = mutations[rng.integers(len(mutations))]
        if change not in (archive, member, single):
            out = change(rng, out)
    return out[:4_000_000]
