"""Tables of a user's own norms, written for tests."""

from __future__ import annotations

from pathlib import Path


def norm_table(tmp_path: Path, head: str, *rows: str) -> Path:
    """A file of these lines."""
    path = tmp_path / "mine.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path
