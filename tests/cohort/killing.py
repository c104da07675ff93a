"""`simgait track` on eight files, stopped at random moments, and given again.

    python -m tests.cohort.killing --kills 20          kill -9
    python -m tests.cohort.killing --kills 5 --term    SIGTERM

Prints a table; the exit code is 1 if anything finished was lost or anything differs from the run
that was never stopped.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk

FILES = 8
DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+:0-9]*")
"""The time of a run stands in its provenance, and differs."""


@dataclass(frozen=True)
class Stop:
    """One run that was stopped, or that ended before it could be.

    Attributes:
        at_s: when it was stopped, after its start.
        before: walks that were finished when it started.
        finished: that are finished now.
        listed: of them in summary.csv.
        halves: folders that lack a file.
        lost: walks that were finished before and are gone or written again.
        identical: of a run that ended: whether its results are those of the undisturbed run.
        said: last line of the run.
    """

    at_s: float
    before: int
    finished: int
    listed: int
    halves: int
    lost: int
    identical: bool | None
    said: str

    @property
    def is_right(self) -> bool:
        """Nothing lost, nothing half, nothing different; at most one row waits for the next."""
        late = self.finished - self.listed
        return not self.halves and not self.lost and self.identical is not False and late <= 1


def make_walks(folder: Path, n_files: int = FILES) -> None:
    """Synthetic adults, three seconds each."""
    folder.mkdir(parents=True)
    for number in range(n_files):
        spec = draw_walker(100 + number, "normal")
        np.savez(
            folder / f"walk{number}.npz",
            keypoints=exact_keypoints(walk(spec, 3.0).pose, spec.dimensions),
            names=np.array(KEYPOINT_NAMES), fps_hz=30.0, unit="m", axes="z-up",
            height_m=spec.height_m,
        )  # fmt: skip


def start(inputs: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """`simgait track` in a process of its own."""
    command = [sys.executable, "-m", "simgait", "track", str(inputs), "-o", str(out), *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    )


def contents(out: Path) -> dict[str, bytes]:
    """Every file, dates taken out."""
    files = (path for path in out.rglob("*") if path.is_file())
    return {
        path.relative_to(out).as_posix(): DATE.sub(b"DATE", path.read_bytes())
        for path in sorted(files)
    }


def finished_ns(out: Path, names: set[str]) -> tuple[dict[str, int], int]:
    """Finished walks, with the time at which each was written; how many folders are not whole."""
    found = sorted(out.iterdir()) if out.exists() else []
    folders = [path for path in found if path.is_dir() and not path.name.startswith(".")]
    whole = [path for path in folders if {file.name for file in path.iterdir()} == names]
    written = {path.name: (path / "report.html").stat().st_mtime_ns for path in whole}
    return written, len(folders) - len(whole)


def stop_once(
    inputs: Path,
    out: Path,
    at_s: float | None,
    number: signal.Signals,
    undisturbed: dict[str, bytes],
    *options: str,
) -> Stop:
    """Starts or goes on, stops after `at_s` (None: waits for the end), looks."""
    names = {name.split("/")[1] for name in undisturbed if "/" in name}
    before, _ = finished_ns(out, names)
    process = start(inputs, out, *options)
    try:
        told = process.communicate(timeout=at_s)[0]
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        told = process.communicate()[0]
    after, halves = finished_ns(out, names)
    lost = sum(after.get(name) != written for name, written in before.items())
    ended = process.returncode == 0
    return Stop(
        at_s=at_s or 0.0,
        before=len(before),
        finished=len(after),
        listed=len(rows(out) & after.keys()),
        halves=halves,
        lost=lost,
        identical=contents(out) == undisturbed if ended else None,
        said=(told.strip().splitlines() or [""])[-1],
    )


def rows(out: Path) -> set[str]:
    """Folders that the table lists."""
    try:
        with (out / "summary.csv").open(newline="", encoding="utf-8") as file:
            return {row["folder"] for row in csv.DictReader(file)}
    except FileNotFoundError:
        return set()


def stops(
    kills: int, number: signal.Signals, seed: int, *options: str, n_files: int = FILES
) -> list[Stop]:
    """Runs into one folder, each stopped at a moment drawn from the time of an undisturbed one.

    Whenever one ends by itself its results are compared, and the folder is begun anew; so is the
    last, after as many kills.
    """
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="simgait-killing-") as folder:
        inputs, out = Path(folder) / "in", Path(folder) / "out"
        make_walks(inputs, n_files)
        started_s = time.monotonic()
        process = start(inputs, out, *options)
        told = process.communicate()[0]
        takes_s = time.monotonic() - started_s
        assert process.returncode == 0, told
        undisturbed = contents(out)
        shutil.rmtree(out)
        print(f"undisturbed: {takes_s:.1f} s, {n_files} walks", file=sys.stderr, flush=True)
        found: list[Stop] = []
        while True:
            done = sum(one.identical is None for one in found)
            at_s = float(random.uniform(0.0, takes_s)) if done < kills else None
            found.append(stop_once(inputs, out, at_s, number, undisturbed, *options))
            print(found[-1], file=sys.stderr, flush=True)
            if found[-1].identical is not None:
                shutil.rmtree(out)
                if done >= kills:
                    return found


def table(found: Sequence[Stop]) -> str:
    """In Markdown."""
    lines = [
        "| stopped after | finished at its start | finished then | of them listed | half | lost | "
        "results as undisturbed |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        at = f"{one.at_s:.1f} s" if one.identical is None else "not: it ended"
        same = {None: "", True: "yes", False: "NO"}[one.identical]
        lines.append(
            f"| {at} | {one.before} | {one.finished} | {one.listed} | {one.halves} | {one.lost} | "
            f"{same} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--term", action="store_true", help="SIGTERM instead of kill -9")
    arguments = parser.parse_args()
    number = signal.SIGTERM if arguments.term else signal.SIGKILL
    found = stops(arguments.kills, number, arguments.seed)
    print(table(found))
    if arguments.term:
        print("\n".join(sorted({one.said for one in found})))
    return 0 if all(one.is_right for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
