"""Copies of C3D files without what could tell who walked.

Nothing is erased from a copy: a file of zeros of the same length is filled with what is on the list
of `c3d_kept`, so that what nobody thought of is not in it. Points and analog samples are the same
bytes in the same place.
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simgait.errors import InputError
from simgait.recordings.formats.c3d import C3dFile, open_c3d
from simgait.recordings.formats.c3d_header import BLOCK
from simgait.recordings.formats.c3d_kept import (
    LISTS,
    NUMBERS,
    VOCABULARY,
    LabelRule,
    kept_event,
    text_rule,
)
from simgait.recordings.formats.c3d_parameters import (
    PREAMBLE_BYTES,
    VALUE_BYTES,
    Record,
    read_records,
    section_bytes,
    split_texts,
    texts,
    value_shape,
)
from simgait.recordings.text import label

_HEADER_BYTES = 24
"""Bytes of the header before its reserved words: pointers, counts, scale, rate."""
_EVENTS_KEY, _EVENTS_AT = 0x3039, 298
"""Word 150 says that events with labels of four characters follow (c3d.org, header section)."""
_EVENT_TIMES, _EVENT_FLAGS, _EVENT_LABELS, _MOST_EVENTS = 304, 376, 396, 18
_TELLING = re.compile(r"([^\W\d_].*){3}|(\d.*){4}")
"""Three letters or four digits; what has fewer stands in any file by chance."""
_LONG = 5
"""Letters of a text that is looked for inside of words too; "Han" stands in LHand."""
_OF_LABELS = {
    *(("POINT", name) for name in ("DESCRIPTIONS", *LISTS)), ("ANALOG", "DESCRIPTIONS"),
    *(("MANUFACTURER", name) for name in ("COMPANY", "SOFTWARE", "VERSION", "VERSION_LABEL")),
}  # fmt: skip
"""Texts of which parts stand in labels rightly: "Vicon Threshold" is an analog channel's."""
DESCRIPTIONS = "the descriptions of groups and parameters"
"""What the descriptions of groups and parameters are counted as."""


def base_name(name: str) -> str:
    """A parameter's name without the number of its continuation: LABELS2 is one of LABELS."""
    return name.rstrip("0123456789")


@dataclass
class _Removed:
    """What was taken out: how much of each parameter, and the texts, to look for them again."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: set[str] = field(default_factory=set)
    described: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def add(self, group: str, name: str, texts: Iterable[str]) -> None:
        """Texts of a parameter; those that may name people are also looked for word by word."""
        found = [text for text in texts if text]
        self.counts[group, name] += len(found)
        if (group, base_name(name)) in _OF_LABELS:
            self.described |= set(found)
        else:
            self.texts |= set(found)
        if "SUBJECT" in name or (group, name) == ("SUBJECTS", "NAMES"):
            self.people |= set(found)

    def add_prefix(self, group: str, name: str, prefix: str) -> None:
        """What stood before a label; it may name a person."""
        self.counts[group, name] += 1
        self.texts.add(prefix)
        self.people.add(prefix)


@dataclass(frozen=True)
class Scrubbed:
    """A copy, not written yet.

    Attributes:
        content: of the file.
        frames: first byte of points and analog samples in it, and first byte behind them.
        removed: group and parameter -> how many texts or numbers were taken out.
        prefixes: how many different names stood before labels of points.
    """

    content: bytes
    frames: tuple[int, int]
    removed: Mapping[tuple[str, str], int]
    prefixes: int


def scrubbed(path: Path) -> Scrubbed:
    """The copy of a file, in which none of the texts that were taken out stands any more.

    Raises:
        InputError: no C3D file, broken, or a text that was taken out stands in a label that is
            kept.
    """
    file, where = open_c3d(path), path.name
    raw = path.read_bytes()
    start = file.header.parameter_start
    section_end = start + section_bytes(file.header, len(raw))
    frames = (file.layout.start, file.layout.end)
    if frames[0] < section_end and start < frames[1]:
        raise InputError(
            f"{where}: parameters and points lie over each other in the C3D file; it is damaged: "
            "export it again."
        )
    rule = LabelRule(_labels(file, "POINT"), where)
    removed = _Removed()
    removed.people |= set(rule.prefixes)
    removed.texts |= set(rule.prefixes)
    content = bytearray(len(raw))
    content[:BLOCK] = _header(raw[:BLOCK], removed)
    section = _section(raw[start:section_end], file, rule, removed, where)
    content[start : start + len(section)] = section
    content[slice(*frames)] = raw[slice(*frames)]
    kept_labels = {*map(rule, _labels(file, "POINT")), *_labels(file, "ANALOG")}
    _refuse_left(bytes(content[: frames[0]] + content[frames[1] :]), removed, kept_labels, where)
    return Scrubbed(bytes(content), frames, dict(+removed.counts), len(rule.prefixes))


def _labels(file: C3dFile, group: str) -> list[str]:
    return [
        text
        for name in file.parameters.get(group, {})
        if base_name(name) == "LABELS"
        for text in texts(file.parameters, group, name)
    ]


def _header(block: bytes, removed: _Removed) -> bytes:
    """The first block with its counts, rates and events, and nothing else."""
    kept = bytearray(BLOCK)
    kept[:_HEADER_BYTES] = block[:_HEADER_BYTES]
    key, count = struct.unpack_from("<2H", block, _EVENTS_AT)
    if key != _EVENTS_KEY:
        return bytes(kept)
    count = min(count, _MOST_EVENTS)
    struct.pack_into("<2H", kept, _EVENTS_AT, key, count)
    for at, size in ((_EVENT_TIMES, 4), (_EVENT_FLAGS, 1)):
        kept[at : at + size * count] = block[at : at + size * count]
    for i in range(count):
        at = _EVENT_LABELS + 4 * i
        text = label(block[at : at + 4])
        kept[at : at + 4] = kept_event(text).encode("ascii").ljust(4)
        if not kept_event(text):
            removed.add("header", "event labels", [text])
    return bytes(kept)


def _section(
    section: bytes, file: C3dFile, rule: LabelRule, removed: _Removed, where: str
) -> bytes:
    """The parameter section with the records that are kept, without any description."""
    records = read_records(section, where)
    groups = {record.group: record.name for record in records if record.is_group}
    labels = frozenset(map(rule, _labels(file, "POINT")))
    kept: list[tuple[Record, bytes]] = []
    for record in records:
        group = groups[record.group]
        if record.is_group:
            _describe(record.body, removed)
            if group in NUMBERS:
                kept.append((record, _no_description(record.body)))
            continue
        body = _parameter(record, group, rule, labels, removed, where)
        if body is not None:
            kept.append((record, body))
    out = bytearray(section[:PREAMBLE_BYTES])
    # The first two bytes are reserved; the third counts blocks, the fourth names the processor.
    out[:2] = b"\x01\x50"
    for i, (record, body) in enumerate(kept):
        name = record.name.encode("ascii")
        step = 0 if i == len(kept) - 1 else 2 + len(body)
        group_id = -record.group if record.is_group else record.group
        out += struct.pack("2b", len(name), group_id) + name + struct.pack("<H", step) + body
    return bytes(out)


def _describe(raw: bytes, removed: _Removed) -> None:
    """Notes a description, the length of which stands before it."""
    text = label(raw[1 : 1 + raw[0]]) if raw else ""
    removed.add(DESCRIPTIONS, "", [text])


def _no_description(described: bytes) -> bytes:
    """A description's length of 0; nothing where there was none, so that no record grows."""
    return b"\0" if described else b""


def _parameter(
    record: Record,
    group: str,
    rule: LabelRule,
    labels: frozenset[str],
    removed: _Removed,
    where: str,
) -> bytes | None:
    """What is kept of a parameter's body, None where the parameter is taken out."""
    kind, dimensions, at = value_shape(record, where)
    count = math.prod(dimensions)
    end = at + count * VALUE_BYTES[kind]
    _describe(record.body[end:], removed)
    base = base_name(record.name)
    raw = record.body[at:end]
    if kind != -1:
        if base in NUMBERS.get(group, ()):
            return record.body[:end] + _no_description(record.body[end:])
        removed.counts[group, record.name] += count
        return None
    found = split_texts(raw, dimensions[0])
    keep = text_rule(group, base, rule, labels) if group in NUMBERS else None
    if keep is None:
        removed.add(group, record.name, found)
        return None
    out, width = bytearray(record.body[:at]), dimensions[0]
    for i, text in enumerate(found):
        kept = keep(text)
        was = raw[i * width : (i + 1) * width]
        if kept != text:
            if kept:
                removed.add_prefix(group, record.name, text.rpartition(":")[0].strip())
            else:
                removed.add(group, record.name, [text])
            was = kept.encode("utf-8").ljust(width)
            if len(was) > width:
                raise InputError(f"{where}: a label of {record.name} cannot be kept in its field.")
        out += was
    return bytes(out) + _no_description(record.body[end:])


def _refuse_left(content: bytes, removed: _Removed, labels: set[str], where: str) -> None:
    """Looks for every text that was taken out in all of the copy but its frames of numbers.

    Descriptions of points and channels, and makers, stand in labels, which are kept, and are passed
    over where they do.

    Raises:
        InputError: one is still there; it is not shown.
    """
    wanted = set(removed.texts)
    for text in removed.people:
        wanted |= set(re.findall(r"[^\W_]{3,}", text))
    wanted |= {
        text for text in removed.described
        if not any(text.lower() in one.lower() for one in labels)
    }  # fmt: skip
    for text in wanted:
        if not _TELLING.search(text) or text.upper() in VOCABULARY:
            continue
        if any(_stands_in(spelled, content) for spelled in _spellings(text)):
            raise InputError(
                f"{where}: a text that was taken out, for it could tell who walked, also stands in "
                "a label of a point or an analog channel, which is kept; rename that label in "
                "the program that wrote the file, and export it again."
            )


def _spellings(text: str) -> set[bytes]:
    return {text.encode("utf-8"), text.encode("cp1252", "replace")}


def _stands_in(text: bytes, content: bytes) -> bool:
    """Whether a text stands there: a long one anywhere, a short one as a word."""
    escaped = re.escape(text)
    if len(text) >= _LONG:
        return re.search(escaped, content, re.IGNORECASE) is not None
    alone = rb"(?<![A-Za-z])" + escaped + rb"(?![A-Za-z])"
    return (
        re.search(alone, content, re.IGNORECASE) is not None
        or re.search(escaped + rb"(?![a-z])", content) is not None
    )
