"""Text from outside: bytes of files, whatever their age, to characters that may be printed."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")


def decoded(raw: bytes) -> str:
    """UTF-8 where it is that, else Windows-1252, else Latin-1, which every byte fits.

    Laboratory software of before 2010 writes the code page of the machine that it runs on; in
    Western Europe and America that is Windows-1252, of which Latin-1 is nearly a part.
    """
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def label(raw: bytes) -> str:
    """A name in a fixed field of a file: decoded, padding and control characters taken out."""
    return _CONTROLS.sub(" ", decoded(raw)).strip()
