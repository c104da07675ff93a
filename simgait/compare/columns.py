"""Which columns of two tables are compared: the same quantity, side and unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from simgait.compare.column_names import ColumnName, parse_column
from simgait.compare.csv_tables import CsvTable
from simgait.errors import InputError


def listed(names: Sequence[str], shown: int = 8) -> str:
    """The first names, and how many more there are."""
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")


def common_columns(
    truth: CsvTable,
    estimate: CsvTable,
    used: set[str],
    measures: Sequence[str],
    bookkeeping: Collection[str] = (),
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Canonical name -> the column in each table; and what was left out, with reasons.

    Args:
        truth: the reference.
        estimate: what is under test.
        used: columns that are ids.
        measures: names asked for; empty for every column with a unit in its name.
        bookkeeping: columns of the estimate that nobody expects to be compared; not named.

    Raises:
        InputError: no column in common, one asked for is missing, units differ, or two columns of
            one table mean the same.
    """
    in_truth, in_estimate = (_parsed(table, used) for table in (truth, estimate))
    _refuse_other_units(truth, estimate, in_truth, in_estimate)
    both = [name for name in in_truth if name in in_estimate]
    if measures:
        chosen = [name for asked in measures for name in _asked(asked, both, truth, estimate)]
        return {n: (in_truth[n][1], in_estimate[n][1]) for n in dict.fromkeys(chosen)}, []
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
            f"({listed(truth.columns)} against {listed(estimate.columns)}); name them alike and "
            "with the unit at the end, for example velocity_mps, or ask for them with --measures."
        )
    # A column that is called otherwise in the other table must not vanish unseen.
    measured = {n: entry for n, entry in in_estimate.items() if entry[1] not in bookkeeping}
    only = (
        (_only(in_truth, in_estimate), "truth", truth),
        (_only(measured, in_truth), "estimate", estimate),
    )
    left_out += [
        f"{', '.join(columns)} (only in the {role}, {table.file})"
        for columns, role, table in only
        if columns
    ]
    return {name: (in_truth[name][1], in_estimate[name][1]) for name in chosen}, left_out


def _only(
    mine: Mapping[str, tuple[ColumnName, str]], other: Mapping[str, tuple[ColumnName, str]]
) -> list[str]:
    return [column for name, (_, column) in mine.items() if name not in other]


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


def _refuse_other_units(
    truth: CsvTable,
    estimate: CsvTable,
    in_truth: dict[str, tuple[ColumnName, str]],
    in_estimate: dict[str, tuple[ColumnName, str]],
) -> None:
    units = {n.without_unit: column for n, column in in_estimate.values() if n.suffix}
    for name, column in in_truth.values():
        other = units.get(name.without_unit)
        if name.suffix and other is not None and name.canonical not in in_estimate:
            raise InputError(
                f"{truth.file} has {column} and {estimate.file} has {other}: the units differ; "
                "convert one of them and name it so."
            )


def _asked(asked: str, both: Sequence[str], truth: CsvTable, estimate: CsvTable) -> list[str]:
    wanted = parse_column(asked)
    exact = [name for name in both if name == wanted.canonical]
    sides = [
        name for name in both
        if not wanted.side and parse_column(name).quantity == wanted.quantity
        and parse_column(name).suffix == wanted.suffix
    ]  # fmt: skip
    if not exact and not sides:
        raise InputError(
            f"{truth.file} and {estimate.file} do not both have {asked}; in common they have "
            f"{listed(both) or 'no column'}."
        )
    return exact or sides
