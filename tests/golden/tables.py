"""What `simgait track` wrote, as named quantities; and the pinned files that hold them.

A quantity is named by table, row and column ("parameters/velocity_mps/both/mean") and is a tuple of
cells: one, or one per point of a curve. Cells are text; numbers are rounded by their kind.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from simgait.benchmark.same_numbers import kind_of

PINNED = Path(__file__).resolve().parent / "pinned"
Quantities = dict[str, tuple[str, ...]]

THIN = 5  # of the 101 points of a curve, every fifth is pinned
ROWS = {
    "parameters": ("parameter", "side"),
    "cycles": ("side", "cycle"),
    "events": ("source", "side", "event"),
}
CURVES = {"curves": ("curve", "cycle"), "vertical_force": ("side", "cycle")}
PROSE = ("definition",)  # wording is not what is pinned here


def read_results(out: Path, trial: str, *, whole_curves: bool) -> Quantities:
    """Every number of one trial's tables, and its row of summary.csv.

    Args:
        out: folder that `simgait track` wrote.
        trial: the trial's id.
        whole_curves: every fifth point of each curve; else minimum, maximum, mean and first point
            (what is measured on a real recording may be published, the recording may not).
    """
    rows = [row for row in _read(out / "summary.csv") if row["trial"] == trial]
    found: Quantities = {"summary/rows": (str(len(rows)),)}
    for row in rows:
        found |= {f"summary/{column}": (_cell(column, text),) for column, text in row.items()}
    for table, keys in ROWS.items():
        found |= _rows(table, keys, out / trial / f"{table}.csv")
    for table, keys in CURVES.items():
        found |= _curves(table, keys, out / trial / f"{table}.csv", whole_curves)
    return found


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _rows(table: str, keys: tuple[str, ...], path: Path) -> Quantities:
    """One quantity per cell; rows of the same key are numbered."""
    found: Quantities = {}
    rows = _read(path)
    names = ["/".join([table, *(row[key] for key in keys)]) for row in rows]
    often, seen = Counter(names), Counter[str]()
    for name, row in zip(names, rows, strict=True):
        seen[name] += 1
        number = f"/{seen[name]}" if often[name] > 1 else ""
        for column in row.keys() - {*keys, *PROSE}:
            quantity = f"{name}{number}/{column}"
            found[quantity] = (_cell(quantity, row[column]),)
    return found


def _curves(table: str, keys: tuple[str, ...], path: Path, whole: bool) -> Quantities:
    points: dict[str, list[float]] = {}
    for row in _read(path):
        for column in row.keys() - {*keys, "percent"}:
            name = "/".join([table, *(row[key] for key in keys), column])
            points.setdefault(name, []).append(float(row[column] or "nan"))
    found: Quantities = {"/".join([table, "curves"]): (str(len(points)),)}
    for name, values in points.items():
        kept = values[::THIN]
        if not whole:
            kept = [min(values), max(values), sum(values) / len(values), values[0]]
        found[name] = tuple(_cell(name, repr(value)) for value in kept)
    return found


def _cell(quantity: str, text: str) -> str:
    kind = kind_of(quantity)
    try:
        return text if kind is None else f"{float(text):.{kind.decimals}f}"
    except ValueError:
        return text


def read_pinned(trial: str, folder: Path = PINNED) -> Quantities:
    """The pinned quantities of a trial; none where it has no file."""
    rows = _read(folder / f"{trial}.csv")
    return {row["quantity"]: tuple(row["value"].split(" | ")) for row in rows}


def write_pinned(trial: str, found: Quantities, folder: Path = PINNED) -> None:
    """Write the file of a trial: one line per quantity, sorted, so that git shows what moved."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{trial}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("quantity", "value"))
        writer.writerows((name, " | ".join(cells)) for name, cells in sorted(found.items()))
