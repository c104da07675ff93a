"""A program that prints as a browser is asked to: the PDF holds the page's name and no more."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BROWSER = """import sys
(to,) = [word.partition("=")[2] for word in sys.argv if word.startswith("--print-to-pdf=")]
open(to, "wb").write(b"%PDF of " + sys.argv[-1].rpartition("/")[2].encode())
"""


def stand_in_browser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this is the browser that is found."""
    program = folder / "browser"
    program.write_text(f"#!{sys.executable}\n{BROWSER}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("SIMGAIT_BROWSER", str(program))
