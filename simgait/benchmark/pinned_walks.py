"""Which walks a version of the benchmark is: numbers of each, kept beside the code and compared.

Floats differ in their last bits between machines, so a hash of the walks themselves would differ
too. What is kept are a few numbers of every synthetic walk; walks that have the same numbers within
a tolerance are the same walks, and the hash of the kept file names them.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.benchmark.bench_cases import (
    BENCH_VERSION,
    FIRST_WALKER,
    REAL_COLLECTIONS,
    WALKERS_APART,
)
from simgait.benchmark.cases import Case, files_of_test_subjects
from simgait.files import csv_text
from simgait.parameters.wording import counted
from simgait.provenance import bytes_sha256, file_sha256

PINS = Path(__file__).with_name(f"{BENCH_VERSION}.csv")
"""The numbers of this version's synthetic walks; `simgait benchmark pin` writes them."""
RELATIVE, ABSOLUTE = 1e-4, 1e-5
"""Tolerances of a number: far above rounding, far below what another walk would have."""
DIGITS = 9
"""More than the tolerance asks, fewer than make rounding visible."""
MOST_NAMED = 3
"""Chosen: a sentence still reads."""
KEY = ("walk", "condition", "walker")

PinKey = tuple[str, str, int]
"""Trial, condition, and the walker's number within the pattern (0, 1, ...)."""
Pins = dict[PinKey, dict[str, float]]


@dataclass(frozen=True)
class InputCheck:
    """Walks that were made beside those that the version names.

    Attributes:
        sha256: of the kept numbers.
        n_pinned: kept walks of the walkers asked for.
        n_same: of them, those that were made as they are kept.
        n_unpinned: walks that were made and are not kept.
        differences: what differs, one text for each walk.
    """

    sha256: str
    n_pinned: int
    n_same: int
    n_unpinned: int
    differences: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether exactly the kept walks were made."""
        return self.n_same == self.n_pinned and not self.n_unpinned

    @property
    def told(self) -> str:
        """One or two sentences for the report and the screen."""
        text = (
            f"{self.n_same} of {counted(self.n_pinned, 'synthetic walk')} are those of "
            f"{BENCH_VERSION} (SHA-256 of their kept numbers {self.sha256[:12]})."
        )
        if self.differences:
            text += (
                f" Figures cannot be compared with other results of {BENCH_VERSION}: "
                f"{'; '.join(self.differences[:MOST_NAMED])}."
            )
        if self.n_unpinned:
            text += f" {counted(self.n_unpinned, 'walk')} beyond them belong to no version."
        return text


def walk_numbers(case: Case) -> dict[str, float]:
    """What tells a walk of the benchmark from another: keypoints, path, true angles and events.

    A parameter of the truth follows from these by its definition, which may change (as that of
    walking speed did in 2026) while the walks stay the same; step length stands for them.

    A projection is the values' sum with the fixed weights cos(0), cos(1), ..., over the root of how
    many they are: it changes where two values trade places, and hardly with their last bits.
    """
    trial = case.trial
    seen = np.isfinite(trial.keypoints_m)
    return {
        "frames": float(trial.n_frames),
        "points_seen": float(seen.all(axis=-1).sum()),
        "height_m": trial.height_m,
        "keypoints_rms_m": float(np.sqrt(np.mean(trial.keypoints_m[seen] ** 2))),
        "keypoints_projection_m": projection(trial.keypoints_m),
        "confidence_projection": projection(trial.confidence),
        "path_projection_m": projection(trial.pelvis_path_m),
        "angles_projection_rad": projection(case.angles_rad),
        "events": float(len(case.events)),
        "event_time_projection_s": projection(np.array([e.time_s for e in case.events])),
        "step_length_m": case.gait.parameters["step_length_m"]["both"].mean,
    }


def projection(values: np.ndarray) -> float:
    """Sum of values x cos(place) over the root of their number; unknown ones count as 0."""
    flat = np.nan_to_num(np.asarray(values, dtype=np.float64).ravel())
    return float(flat @ np.cos(np.arange(flat.size)) / np.sqrt(max(flat.size, 1)))


def pins_of(cases: Sequence[Case]) -> Pins:
    """The numbers of the synthetic walks among `cases`."""
    pins: Pins = {}
    for case in cases:
        if case.walker is not None:
            walker = (case.walker - FIRST_WALKER) % WALKERS_APART
            pins[case.trial.trial_id, case.labels["condition"], walker] = walk_numbers(case)
    return pins


def pins_text(pins: Pins) -> str:
    """The file that keeps them."""
    rows = (
        (*key, *(f"{value:.{DIGITS}g}" for value in numbers.values()))
        for key, numbers in pins.items()
    )
    return csv_text((*KEY, *next(iter(pins.values()), {})), rows)


def read_pins(path: Path = PINS) -> Pins:
    """The kept numbers."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row["walk"], row["condition"], int(row["walker"])): {
                name: float(value) for name, value in row.items() if name not in KEY
            }
            for row in csv.DictReader(file)
        }


def check_inputs(cases: Sequence[Case], walkers: int, path: Path = PINS) -> InputCheck:
    """Compares the synthetic walks among `cases` with the kept ones.

    Args:
        cases: of any source.
        walkers: of each pattern that were asked for; kept walks of further ones are not expected.
        path: of the kept numbers.
    """
    kept = {key: numbers for key, numbers in read_pins(path).items() if key[2] < walkers}
    made = pins_of(cases)
    found = {key: _difference(key, numbers, made.get(key)) for key, numbers in kept.items()}
    differences = tuple(text for text in found.values() if text)
    # Line ends are git's to choose.
    content = path.read_text(encoding="utf-8").encode("utf-8")
    return InputCheck(
        sha256=bytes_sha256(content),
        n_pinned=len(kept),
        n_same=len(kept) - len(differences),
        n_unpinned=len(made.keys() - kept.keys()),
        differences=differences,
    )


def _difference(key: PinKey, kept: Mapping[str, float], made: Mapping[str, float] | None) -> str:
    """What differs in a walk; empty for nothing."""
    name = f"{key[0]}, {key[1]}"
    if made is None:
        return f"{name} was not made"
    other = [
        f"{number} {made.get(number, float('nan')):.6g} instead of {value:.6g}"
        for number, value in kept.items()
        if not np.isclose(made.get(number, np.nan), value, rtol=RELATIVE, atol=ABSOLUTE)
    ]
    return f"{name} has {', '.join(other)}" if other else ""


def recordings_sha256(data_dir: Path, collections: Sequence[str] = REAL_COLLECTIONS) -> str:
    """SHA-256 over names and contents of the real test subjects' recordings.

    Raises:
        InputError: a folder of the shared data is absent.
    """
    digest = hashlib.sha256()
    for path, collection, subject in files_of_test_subjects(data_dir, collections):
        content = file_sha256(path)
        digest.update(f"{collection}/{subject}/{path.name} {content}\n".encode())
    return digest.hexdigest()
