"""`python -m simgait`: the command line, wherever the `simgait` script is not on the path."""

from __future__ import annotations

import sys

from simgait.cli import main

if __name__ == "__main__":
    sys.exit(main())
