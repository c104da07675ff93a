"""Text from outside, made safe to show: no control characters reach a terminal, a page or a file.

Names of files, labels and cells come from strangers. A raw escape character in one of them could
recolour or rewrite what a terminal shows, and a mark that turns the direction of writing could
make one name look like another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

SHOWN_INSTEAD = "\ufffd"
_LAYOUT = frozenset("\t\n\r")
# C0, DEL and C1 controls; marks that turn the direction of writing (Unicode TR 36, 3.1); halves of
# surrogate pairs, which stand for bytes of a file's name that are not UTF-8 and cannot be encoded.
_CONTROLS = (
    *range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F),
    *range(0x2066, 0x206A), *range(0xD800, 0xE000),
)  # fmt: skip
_TABLE = {code: SHOWN_INSTEAD for code in _CONTROLS if chr(code) not in _LAYOUT}


_LONG_WORD, _LONG_TEXT = 120, 900
"""Characters. Names of people's files stay below 100."""


def printable(text: str) -> str:
    """The same text; control characters except tab and line ends become "\ufffd"."""
    return text.translate(_TABLE)


def one_line(text: str) -> str:
    """`printable` text on one line: line ends and tabs become a blank."""
    return re.sub(r" *[\t\n\r]+ *", " ", printable(text))


def one_sentence(text: str) -> str:
    """`one_line` with what it quotes cut short; where it is long the middle goes."""
    words = (
        word if len(word) <= _LONG_WORD else f"{word[:40]}\u2026{word[-20:]}"
        for word in one_line(text).split(" ")
    )
    line = "".join(c if c.isprintable() else SHOWN_INSTEAD for c in " ".join(words))
    return line if len(line) <= _LONG_TEXT else f"{line[:600]} \u2026 {line[-200:]}"


FEW, SOME = 3, 8
"""How many things a sentence names before it counts the others: chosen so that the sentence still
reads; `SOME` are short ones, such as columns."""


def listed(names: Sequence[str], most: int = FEW, things: str = "") -> str:
    """The first names, and how many more `things` there are: "a, b, c and 4 more points"."""
    rest = len(names) - most
    more = f" and {rest} more{things and ' '}{things}" if rest > 0 else ""
    return ", ".join(names[:most]) + more


class PlainStream:
    """A text stream through which only printable text passes; else like the stream it wraps.

    Characters that the stream's encoding does not have become "?", so that printing never fails.
    The stream is whatever stands for one: a terminal's, a test's, a notebook's.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what is printable of a text; returns the length of the text."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self._stream.write(printable(text).encode(encoding, "replace").decode(encoding))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the stream's own."""
        return getattr(self._stream, name)
