"""Kinds of quantity, how much each may move, how they are told by name; two studies compared.

Tolerances: tests/golden/README.md has the measurements behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

TABLES = ("trials", "cycles", "curves", "persons")


@dataclass(frozen=True)
class Kind:
    """A kind of quantity: its unit, the decimals it is pinned with, and how far it may move."""

    unit: str
    decimals: int
    tolerance: float


LENGTH = Kind("m", 5, 0.0002)
SPEED = Kind("m/s", 5, 0.0002)
TIME = Kind("s", 5, 0.0003)
CADENCE = Kind("steps/min", 3, 0.02)
SHARE = Kind("% of cycle", 3, 0.02)
ANGLE = Kind("deg", 3, 0.02)
RESIDUAL = Kind("% of body weight", 4, 0.005)
SCORE = Kind("points", 2, 0.1)
FORCE = Kind("% of body weight", 2, 0.3)

# Ends of names, the longer ones first. A name's last part that has one of them decides.
ENDINGS = {
    "value_percent_bw": FORCE,
    "_percent_bw": RESIDUAL,
    "_percent": SHARE,
    "_mps": SPEED,
    "_spm": CADENCE,
    "_deg": ANGLE,
    "_points": SCORE,
    "_m": LENGTH,
    "_s": TIME,
}
EXACT = ("n", "unit")  # columns of parameters.csv that do not have the parameter's kind


def kind_of(quantity: str) -> Kind | None:
    """The kind of a quantity by its name; None: a count or a text, which may not change at all."""
    parts = quantity.split("/")
    if parts[-1] in EXACT:
        return None
    for part in reversed(parts):
        # The ends of an interval are of the kind of what lies between them.
        part = part.removesuffix("_lo").removesuffix("_hi")
        for ending, kind in ENDINGS.items():
            if part.endswith(ending):
                return kind
    return None


def study_rows(out: Path, table: str) -> list[dict[str, Any]]:
    """Rows of a table of a study that `simgait cohort run` wrote, in one order."""
    from pyarrow import parquet

    found: list[dict[str, Any]] = parquet.read_table(out / f"{table}.parquet").to_pylist()
    order = ("trial", "person", "walk", "side", "cycle", "curve")
    return sorted(found, key=lambda row: [str(row.get(name)) for name in order])


@dataclass(frozen=True)
class Differences:
    """What is not the same in two studies.

    Attributes:
        largest: unit -> largest difference of two numbers that both have.
        beyond: numbers that differ by more than their kind may, curves one by one.
        numbers: that were compared.
        other: sentences on rows, texts and counts that are not the same.
    """

    largest: dict[str, float]
    beyond: int
    numbers: int
    other: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether nothing differs beyond what numbers may."""
        return not self.beyond and not self.other


def study_differences(one: Path, other: Path) -> Differences:
    """Compares all tables of two studies of the same recordings."""
    largest: dict[str, float] = {}
    beyond = numbers = 0
    sentences: list[str] = []
    for table in TABLES:
        first, second = study_rows(one, table), study_rows(other, table)
        if len(first) != len(second):
            sentences.append(f"{table}: {len(first)} rows and {len(second)}")
            continue
        for before, after in zip(first, second, strict=True):
            for name in before:
                kind, a, b = _kind(name), before[name], after[name]
                if kind is None or a is None or b is None:
                    if a != b:
                        sentences.append(f"{table}: {name}: {a} and {b}")
                    continue
                apart = float(np.max(np.abs(np.subtract(a, b))))
                numbers += 1
                beyond += apart > kind.tolerance
                largest[kind.unit] = max(largest.get(kind.unit, 0.0), apart)
    return Differences(largest, beyond, numbers, tuple(sentences))


def _kind(column: str) -> Kind | None:
    return None if column.endswith("_n") else kind_of(column.removesuffix("_sd"))
