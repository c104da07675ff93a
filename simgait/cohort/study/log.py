"""What a study did, line by line with its time, for whoever keeps the machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from simgait.files import without_folders
from simgait.plain_text import one_line

LOG = "study.log"


class Log:
    """The log of a study's folder; every call goes on with it."""

    def __init__(self, out: Path) -> None:
        self._path = out / LOG

    def write(self, text: str) -> None:
        """One line. A disk that takes none stops nothing: the tables say the same."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{at} {one_line(str(without_folders(text)))}\n")
        except OSError:
            pass
