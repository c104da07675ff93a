"""Which columns of two tables are compared: the same quantity, side and unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from simgait.compare.column_names import ColumnName, parse_column
from simgait.compare.csv_tables import CsvTable
from simgait.errors import InputError
from simgait.parameters.units import UNITS, conversion
from simgait.plain_text import SOME, listed


@dataclass(frozen=True)
class ComparedColumn:
    """A column of the truth and what is held against it.

    Attributes:
        truth, estimate: names of the columns in their tables.
        factor: what the estimate is multiplied by to be in the truth's unit.
        note: says that it is, "" where the units are one.
    """

    truth: str
    estimate: str
    factor: float = 1.0
    note: str = ""


def common_columns(
    truth: CsvTable,
    estimate: CsvTable,
    used: set[str],
    measures: Sequence[str],
    bookkeeping: Collection[str] = (),
) -> tuple[dict[str, ComparedColumn], list[str]]:
    """Canonical name -> the column in each table; and what was left out, with reasons.

    A quantity that the two have in different units of one dimension (cm and m) is compared in the
    truth's.

    Args:
        truth: the reference.
        estimate: what is under test.
        used: columns that are ids.
        measures: names asked for; empty for every column with a unit in its name.
        bookkeeping: columns of the estimate that nobody expects to be compared; not named.

    Raises:
        InputError: no column in common, one asked for is missing, units cannot be converted, or two
            columns of one table mean the same.
    """
    in_truth, in_estimate = (_parsed(table, used) for table in (truth, estimate))
    both = _in_both(truth, estimate, in_truth, in_estimate)
    if measures:
        chosen = [name for asked in measures for name in _asked(asked, both, truth, estimate)]
        return {name: both[name] for name in dict.fromkeys(chosen)}, []
    left_out = []
    for name in both:
        parsed = in_truth[name][0]
        if not parsed.suffix:
            left_out.append(f"{name} (its name carries no unit; ask for it with --measures)")
        elif parsed.is_descriptor:
            left_out.append(f"{name} (describes the person or the recording)")
    left = {text.split(" ", 1)[0] for text in left_out}
    chosen = [name for name in both if name not in left]
    if not chosen:
        raise InputError(
            f"{truth.file} and {estimate.file} have no column with a unit in its name in common "
            f"({listed(truth.columns, SOME)} against {listed(estimate.columns, SOME)}); name them "
            "alike and with the unit at the end, for example velocity_mps, or ask for them with "
            "--measures."
        )
    # A column that is called otherwise in the other table must not vanish unseen.
    compared = {column for pair in both.values() for column in (pair.truth, pair.estimate)}
    for mine, role, table, known, others, other in (
        (in_truth, "truth", truth, (), in_estimate, estimate),
        (in_estimate, "estimate", estimate, bookkeeping, in_truth, truth),
    ):
        alone = [pair for pair in mine.values() if pair[1] not in {*compared, *known}]
        by_side = {name.quantity for name, _ in others.values() if name.side}
        halved = [c for name, c in alone if not name.side and name.quantity in by_side]
        columns = [column for _, column in alone if column not in halved]
        if halved:
            sides = f"in {table.file} of both sides together, in {other.file} of each side"
            left_out.append(f"{', '.join(halved)} ({sides})")
        if columns:
            left_out.append(f"{', '.join(columns)} (only in the {role}, {table.file})")
    return {name: both[name] for name in chosen}, left_out


def _parsed(table: CsvTable, used: set[str]) -> dict[str, tuple[ColumnName, str]]:
    found: dict[str, tuple[ColumnName, str]] = {}
    for column in table.columns:
        if not column or column in used:
            continue
        name = parse_column(column)
        if name.canonical in found:
            raise InputError(
                f"{table.file}: columns {found[name.canonical][1]} and {column} mean the same; "
                "drop one."
            )
        found[name.canonical] = (name, column)
    return found


def _in_both(
    truth: CsvTable,
    estimate: CsvTable,
    in_truth: Mapping[str, tuple[ColumnName, str]],
    in_estimate: Mapping[str, tuple[ColumnName, str]],
) -> dict[str, ComparedColumn]:
    """Canonical name in the truth -> both columns, of one name or of one quantity in two units.

    Raises:
        InputError: units that cannot be converted, or the truth has one quantity in two units.
    """
    both = {
        name: ComparedColumn(column, in_estimate[name][1])
        for name, (_, column) in in_truth.items()
        if name in in_estimate
    }
    free = {
        name.without_unit: (name, column)
        for canonical, (name, column) in reversed(list(in_estimate.items()))
        if name.suffix and canonical not in both
    }
    met = {in_truth[name][0].without_unit for name in both}
    for canonical, (name, column) in in_truth.items():
        if canonical in both or not name.suffix or name.without_unit in met:
            continue
        if name.without_unit not in free:
            continue
        other, other_column = free[name.without_unit]
        factor = conversion(UNITS[other.suffix], UNITS[name.suffix])
        if factor is None:
            raise InputError(
                f"{truth.file} has {column} and {estimate.file} has {other_column}: the units "
                "differ and cannot be converted; name both with the unit that they are in."
            )
        note = f"{other_column} of {estimate.file} was converted to {UNITS[name.suffix].symbol}."
        both[canonical] = ComparedColumn(column, other_column, factor, note)
        met.add(name.without_unit)
    return {name: both[name] for name in in_truth if name in both}


def _asked(
    asked: str, both: Mapping[str, ComparedColumn], truth: CsvTable, estimate: CsvTable
) -> list[str]:
    """The compared columns that a name asks for, in the unit of either table."""
    wanted = parse_column(asked)
    names = {
        name: {parse_column(column) for column in (name, pair.truth, pair.estimate)}
        for name, pair in both.items()
    }
    exact = [name for name, known in names.items() if wanted in known]
    sides = [
        name for name, known in names.items()
        if not wanted.side
        and any((k.quantity, k.suffix) == (wanted.quantity, wanted.suffix) for k in known)
    ]  # fmt: skip
    if not exact and not sides:
        raise InputError(
            f"{truth.file} and {estimate.file} do not both have {asked}; in common they have "
            f"{listed(list(both), SOME) or 'no column'}."
        )
    return exact or sides
