"""`simgait cohort run` killed with kill -9 at random moments, and given again until it ends.

    python -m tests.cohort.study.killing --kills 10 --recordings 8

Prints a line per run; the exit code is 1 if a recording was lost, stands there twice, or has other
numbers than in the run that was never killed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.cohort.killing import make_walks
from tests.golden.kinds import kind_of

BROKEN = b"PK\x03\x04 no archive"


def make_study(folder: Path, recordings: int) -> Path:
    """A manifest of synthetic adults, of a file that is broken, and of one that is not there."""
    make_walks(folder, recordings)
    (folder / "broken.npz").write_bytes(BROKEN)
    names = [*(f"walk{number}" for number in range(recordings)), "broken", "gone"]
    lines = [f"{name},P{place // 2},{name}.npz" for place, name in enumerate(names)]
    manifest = folder / "study.csv"
    manifest.write_text("\n".join(["trial,person,path", *lines]) + "\n", encoding="utf-8")
    return manifest


def start(manifest: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "simgait", "cohort", "run", str(manifest), "-o", str(out)]
    return subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """Of a finished study, in one order."""
    from pyarrow import parquet

    found: list[dict[str, Any]] = parquet.read_table(out / f"{table}.parquet").to_pylist()
    order = ("trial", "person", "walk", "side", "cycle", "curve")
    return sorted(found, key=lambda row: [str(row.get(name)) for name in order])


def differences(one: Path, other: Path) -> list[str]:
    """What is not the same in two studies, beyond what batches move (`tests.golden`)."""
    found = []
    for table in ("trials", "cycles", "curves", "persons"):
        first, second = rows(one, table), rows(other, table)
        if len(first) != len(second):
            found.append(f"{table}: {len(first)} rows and {len(second)}")
            continue
        for before, after in zip(first, second, strict=True):
            names = [name for name in before if not _same(name, before[name], after[name])]
            found += [f"{table}: {name}: {before[name]} and {after[name]}" for name in names]
    return found


def _same(name: str, one: Any, other: Any) -> bool:
    kind = kind_of(name.removesuffix("_sd"))
    if kind is None or one is None or other is None or name.endswith("_n"):
        return bool(one == other)
    return bool(np.allclose(one, other, rtol=0.0, atol=kind.tolerance))


def kill_and_go_on(
    kills: int, seed: int, recordings: int, options: Sequence[str] = ()
) -> tuple[list[str], list[int]]:
    """What differs in the end; and the exit codes of all runs, the undisturbed one's first."""
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="simgait-study-") as folder:
        manifest = make_study(Path(folder) / "in", recordings)
        whole, out = Path(folder) / "whole", Path(folder) / "out"
        # Compiled before it is timed.
        start(manifest, whole, *options).communicate()
        shutil.rmtree(whole)
        began_s = time.monotonic()
        process = start(manifest, whole, *options)
        told = process.communicate()[0]
        takes_s, codes = time.monotonic() - began_s, [process.returncode]
        print(f"undisturbed: {takes_s:.1f} s: {told.splitlines()[-1]}", flush=True)
        for number in range(kills + 1):
            process = start(manifest, out, *options)
            at_s = float(random.uniform(0.0, takes_s)) if number < kills else None
            try:
                told = process.communicate(timeout=at_s)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                told = process.communicate()[0]
            codes.append(process.returncode)
            last = (told.strip().splitlines() or [""])[-1]
            print(f"run {number}: {process.returncode}: {last}", flush=True)
        return differences(whole, out), codes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--recordings", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    found, codes = kill_and_go_on(arguments.kills, arguments.seed, arguments.recordings)
    print("\n".join(found) or "the same as undisturbed, nothing lost, nothing twice")
    return 1 if found or codes[-1] != 1 else 0  # one file is broken, one is not there


if __name__ == "__main__":
    sys.exit(main())
