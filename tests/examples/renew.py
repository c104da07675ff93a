"""`make golden-renew`: run the examples, print what moved, pin what they print."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from tests.examples.run import SCRIPTS, pinned_at, printed_by


def main() -> int:
    """Renew all."""
    for name in SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            found = printed_by(name, Path(folder))
        pinned = pinned_at(name).read_text(encoding="utf-8")
        moved = list(difflib.unified_diff(pinned.splitlines(), found.splitlines(), n=0))[2:]
        print(f"example {name}: {'what it prints has moved' if moved else 'prints what it did'}")
        for line in moved:
            if not line.startswith("@@"):
                print(f"  {line}")
        pinned_at(name).write_text(found, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
