"""How long `import simgait` and `simgait --help` take, and which modules take most of it.

    .venv/bin/python scripts/import_times.py

The bar is 0.5 s each on an idle machine. Not a test: a busy machine takes longer for no fault of
ours, so the processor's time is told as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

REPEATS = 7
SLOWEST = 8
CALLS = {
    "import simgait": "import simgait",
    "simgait --help": "from simgait.commands.command_line import build_parser\n"
    "build_parser().format_help()",
}


def best_s(code: str) -> tuple[float, float]:
    """Wall and processor time, the best of some runs in fresh interpreters."""
    runs = []
    for _ in range(REPEATS):
        before, start = os.times(), time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        after, wall_s = os.times(), time.perf_counter() - start
        user_s = after.children_user - before.children_user
        runs.append((wall_s, user_s + after.children_system - before.children_system))
    return min(wall for wall, _ in runs), min(processor for _, processor in runs)


def slowest_modules(code: str) -> list[str]:
    """Lines of `python -X importtime` with the largest own times (µs)."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], check=True, capture_output=True, text=True
    )
    rows = [line.removeprefix("import time:").split("|") for line in ran.stderr.splitlines()[1:]]
    rows = [row for row in rows if len(row) == 3 and row[0].strip().isdigit()]
    rows.sort(key=lambda row: -int(row[0]))
    return [f"{int(own) / 1000:8.1f} ms  {name.strip()}" for own, _, name in rows[:SLOWEST]]


if __name__ == "__main__":
    for title, code in CALLS.items():
        wall_s, processor_s = best_s(code)
        print(f"{title}: {wall_s:.2f} s, {processor_s:.2f} s of processor, best of {REPEATS}")
        print("\n".join(slowest_modules(code)))
