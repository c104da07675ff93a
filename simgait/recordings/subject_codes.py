"""Codes that stand for people whose names are in a file: they are the same for one name."""

from __future__ import annotations

import hashlib
import re

_DIGEST_ROUNDS = 100_000
"""Takes 0.04 s."""
_CODE = re.compile("subject-[0-9a-f]{8}")


def code_of_name(name: str) -> str:
    """A code for a name that must not be written, "" for none.

    The same for all trials of a person, and slow to compute, so that lists of names are slow to
    try. It is a pseudonym all the same: who knows the name can compute it.
    """
    if not name:
        return ""
    digest = hashlib.pbkdf2_hmac("sha256", name.encode(), b"simgait subject", _DIGEST_ROUNDS)
    return f"subject-{digest.hex()[:8]}"


def is_code_of_name(subject: str) -> bool:
    """Whether a subject is such a code, which nobody chose."""
    return _CODE.fullmatch(subject) is not None
