"""`make fuzz`: damaged, odd and hostile inputs for every reader; a table of what came of them."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.run import SOUND, Tally, fuzz, keep
from tests.fuzz.targets import Target, targets
from tests.fuzz.worker import case_bytes


def main() -> int:
    """Returns 1 where a reader crashed, hung, or raised anything but an InputError."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10.0, help="no case begins after these")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), metavar="FOLDER")
    parser.add_argument("--reader", help="only those whose name begins so")
    parser.add_argument("--show", type=int, metavar="N", help="write the input of one case, stop")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        known = targets(Path(made))
    if said.reader:
        known = tuple(t for t in known if t.name.startswith(said.reader))
    if said.show is not None:
        sys.stdout.buffer.write(case_bytes(known[0], said.seed, said.show))
        return 0
    begun = time.monotonic()
    tally = fuzz(known, said.cases, said.seed, said.workers, 60.0 * said.minutes, said.reader or "")
    print(table(known, tally, said.seed, time.monotonic() - begun))
    keep(said.keep, known, said.seed, tally)
    for (name, outcome, place), found in sorted(tally.failures.items()):
        numbers = ", ".join(str(number) for number, _ in found[:5])
        print(f"{name}: {outcome} at {place}, {len(found)} cases ({numbers})")
        print("    " + (found[0][1].strip().rpartition("\n")[2] or "no story")[:200])
    if tally.failures:
        print(f"Inputs that failed are in {said.keep.name}/.")
    return int(bool(tally.failures))


def table(known: tuple[Target, ...], tally: Tally, seed: int, seconds: float) -> str:
    """Cases, read, refused, failures and seconds of each reader."""
    lines = [
        "| reader | cases | read | refused | failures | seconds |",
        "|---|---|---|---|---|---|",
    ]
    total = [0, 0, 0, 0]
    for target in known:
        found = tally.outcomes.get(target.name, Counter())
        n, read, refused = sum(found.values()), found.get(SOUND[0], 0), found.get(SOUND[1], 0)
        row = [n, read, refused, n - read - refused]
        total = [a + b for a, b in zip(total, row, strict=True)]
        cells = " | ".join(map(str, row))
        lines.append(f"| {target.name} | {cells} | {tally.seconds.get(target.name, 0.0):.0f} |")
    cells = " | ".join(map(str, total))
    lines.append(f"| all (seed {seed}) | {cells} | {seconds:.0f} by the clock |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
