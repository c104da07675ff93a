"""One page of each kind that simgait writes, made by the commands that a user calls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.errors import InputError
from simgait.files import csv_text, write_text
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.recording import of_unknown_detector, trial_from_walk
from simgait.synthetic.walkers.specification import WalkerSpec, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk

WALKER = walker_seed("test", 9_100_000)
VISITS = {"before": 0.8, "after": 1.0, "later": 1.05}
"""Of one person: how long steps are, / those of the person as drawn."""
WALKS = 2
"""Of a visit."""
DURATION_S = 6.0
PEOPLE = 8
"""Of the study, each with one walk; the agreement's intervals need several."""
SEED = 73_000
PERSON = "P01"


def make_pages(folder: Path, tell: Callable[[str], None] = lambda _: None) -> dict[str, Path]:
    """Makes recordings of made-up walkers, tracks them, and writes the pages.

    Args:
        folder: for recordings and results; pages that are there stay.
        tell: gets a line on what is made.

    Returns:
        what the page is called -> the page.

    Raises:
        InputError: a command fails.
    """
    before, after, *_ = VISITS
    pages = {
        "walk": Path("demo", "walk", "report.html"),
        "index": Path(before, "index.html"),
        "visit": Path(before, "visit.html"),
        "change": Path("change", "change.html"),
        "trend": Path("trend", "trend.html"),
        "sides": Path("sides", "sides.html"),
        "cohort": Path("study", "cohort.html"),
        "agreement": Path("study", "agreement", "agreement.html"),
    }
    _write_visits(folder)
    _write_study(folder)
    for makes, words in (
        (pages["walk"], ("demo", "-o", "demo")),
        *((Path(one, "index.html"), ("track", f"recordings/{one}", "-o", one)) for one in VISITS),
        (pages["visit"], ("visit", before)),
        (pages["change"], ("compare", before, after, "-o", "change")),
        (pages["trend"], ("compare", *VISITS, "-o", "trend")),
        (pages["sides"], ("compare", before, "--sides", "-o", "sides")),
        (Path("study", "study.json"), ("cohort", "run", "recordings/study.csv", "-o", "study")),
        (pages["cohort"], ("cohort", "report", "study")),
    ):
        if not (folder / makes).exists():
            tell(f"{makes.as_posix()} ...")
            _simgait(folder, *words)
    return {name: folder / page for name, page in pages.items()}


def _simgait(folder: Path, *words: str) -> None:
    """A command as a user calls it, in a process of its own.

    Raises:
        InputError: it fails.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "simgait", *words], cwd=folder, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if ran.returncode != 0:
        last = (ran.stdout.strip().splitlines() or ["it said nothing"])[-1]
        raise InputError(f"simgait {' '.join(words[:2])} failed: {last}")


def _write_visits(folder: Path) -> None:
    spec = draw_walker(WALKER, "hemiparetic")
    for day, (visit, share) in enumerate(VISITS.items()):
        (folder / "recordings" / visit).mkdir(parents=True, exist_ok=True)
        for number in range(WALKS):
            lengths = spec.step_length_m
            own = replace(
                spec,
                step_length_m=(share * lengths[0], share * lengths[1]),
                start_phase=float(np.random.default_rng([SEED, day, number]).random()),
            )
            _write(folder / "recordings" / visit / f"walk{number + 1}.npz", own, PERSON)


def _write_study(folder: Path) -> None:
    lines: list[Sequence[object]] = []
    for number in range(PEOPLE):
        spec, name = draw_walker(walker_seed("test", 9_100_001 + number)), f"t{number + 1}"
        _write(folder / "recordings" / f"{name}.npz", spec, f"S{number + 1}")
        lines.append((name, f"S{number + 1}", f"{name}.npz", f"{spec.speed_mps:.4f}"))
    text = csv_text(("trial", "person", "path", "truth_velocity_mps"), lines)
    write_text(folder / "recordings" / "study.csv", text)


def _write(path: Path, spec: WalkerSpec, person: str) -> None:
    if path.exists():
        return
    seen = trial_from_walk(walk(spec, DURATION_S), view="ahead", distance="middle", missing=())
    told = replace(
        of_unknown_detector(seen.recording),
        subject_id=person,
        recording_id=path.stem,
        height_m=spec.height_m,
    )
    write_npz(path, told)
