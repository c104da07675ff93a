"""Names in the fixed fields of binary files, whatever their age."""

from __future__ import annotations

import re

from simgait.text_files import western

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def label(raw: bytes) -> str:
    """UTF-8 where it is that, else Windows-1252; padding and control characters are taken out."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = western(raw)
    return _CONTROLS.sub(" ", text).strip()
