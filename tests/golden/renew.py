"""`make golden-renew`: track the golden walks, print what moved, pin what was found."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.golden.compare import compare
from tests.golden.tables import Quantities, read_pinned, read_results, write_pinned
from tests.golden.walks import REAL, SYNTHETIC, golden_files, real_data, track


def tracked(data: Path | None, out: Path) -> dict[str, Quantities]:
    """Trial -> what was found, of all golden walks at hand, tracked in one call into `out`."""
    files = golden_files(data)
    track(list(files.values()), out)
    return {name: read_results(out, name, whole_curves=name in SYNTHETIC) for name in files}


def main() -> int:
    """Renew; walks whose recordings are not at hand keep what is pinned."""
    data = real_data()
    with tempfile.TemporaryDirectory() as folder:
        found = tracked(data, Path(folder) / "out")
    for walk, quantities in found.items():
        pinned = read_pinned(walk)
        differences = compare(walk, pinned, quantities)
        moved = sum(pinned.get(name) != cells for name, cells in quantities.items())
        print(
            f"{walk}: {len(quantities)} quantities, {moved} not digit for digit as pinned, ", end=""
        )
        print(f"{len(differences)} cells beyond tolerance")
        for difference in differences if pinned else ():
            print(f"  {difference}")
        write_pinned(walk, quantities)
    if data is None:
        print(f"{', '.join(REAL)}: kept; the real recordings are not at hand, set SIMGAIT_DATA")
    return 0


if __name__ == "__main__":
    sys.exit(main())
