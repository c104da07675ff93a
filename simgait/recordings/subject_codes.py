"""Codes that stand for people: made of names, which they are the same for, and chosen ones."""

from __future__ import annotations

import hashlib
import re

from simgait.option_names import option

_DIGEST_ROUNDS = 100_000
"""Takes 0.04 s."""
_CODE = re.compile("subject-[0-9a-f]{8}")
_NAME = re.compile(r"[^\W\d_]{2,}\.?[\s,]+[^\W\d_]{2,}")
"""Two words of letters, as people are called and codes are not."""


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


def name_notes(subject_id: str | None) -> tuple[str, ...]:
    """A sentence on a subject that looks like a person's name; none on a code."""
    if subject_id is None or not _NAME.search(subject_id):
        return ()
    return (
        "the subject looks like a person's name, and every output would hold it; give a code with "
        f"{option('subject_id')}.",
    )
