"""Runs an example as a reader would, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCRIPTS = sorted(path.stem for path in EXAMPLES.glob("[0-9]_*.py"))


def pinned_at(name: str) -> Path:
    """The file that holds what an example printed."""
    return EXAMPLES / f"{name}.txt"


def printed_by(name: str, folder: Path) -> str:
    """What an example prints, run within `folder`; without the blanks at the end of a line."""
    ran = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py")],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"the example {name} failed: {ran.stderr[-2000:]}")
    return "".join(f"{line.rstrip()}\n" for line in ran.stdout.splitlines())
