"""Two tables, truth and estimate, matched by trial: the input of an agreement report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int

from simgait.agreement import match_ids
from simgait.compare.column_names import parse_column
from simgait.compare.column_units import check_columns
from simgait.compare.columns import ComparedColumn, common_columns
from simgait.compare.coverage import coverage_notes, ends_of_intervals
from simgait.compare.csv_tables import CsvTable, read_csv
from simgait.compare.evidence import Exclusion, MeasurePairs
from simgait.compare.people import People, join_people
from simgait.compare.repeats import repeat_warnings
from simgait.compare.usable import flagged, refuse_without_flags, unusable_numbers
from simgait.errors import InputError
from simgait.files import safe_id
from simgait.parameters.summary_table import BOOKKEEPING
from simgait.plain_text import SOME, listed

ID_COLUMNS = ("trial_id", "trial")
SUBJECT_COLUMNS = ("subject_id", "subject")


@dataclass(frozen=True)
class MatchedTables:
    """What two tables have in common.

    Attributes:
        n_offered: different trials in the two tables together.
        people_known: whether a table names the subjects.
        nameless: the walks of which neither does, where it does of others.
        not_compared: columns of both tables that were left out, each with its reason, and those
            that only one table has, table by table.
        folders: trial -> folder of its report, where the estimate is a table of `simgait track`.
        warnings: what makes the numbers doubtful; to be read before them.
        notes: further sentences for the report's reader.
        truth_name, estimate_name: what sentences call the two files.
        by_simgait: whether the estimate is a table of `simgait track`.
    """

    measures: tuple[MeasurePairs, ...]
    exclusions: tuple[Exclusion, ...]
    n_offered: int
    n_matched: int
    people_known: bool
    nameless: tuple[str, ...]
    not_compared: tuple[str, ...]
    folders: dict[str, str]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    truth_name: str
    estimate_name: str
    by_simgait: bool

    @property
    def people(self) -> frozenset[str]:
        """The subjects of the walks that are in both tables; empty where no table names them."""
        if not self.people_known:
            return frozenset()
        return frozenset(
            str(subject)
            for pairs in self.measures
            for trial, subject in zip(pairs.trial_ids, pairs.subject_ids, strict=True)
            if trial not in self.nameless
        )


def match_tables(
    truth_file: Path,
    estimate_file: Path,
    *,
    measures: Sequence[str] = (),
    id_column: str | None = None,
    subject_column: str | None = None,
    usable_only: bool = False,
) -> MatchedTables:
    """Read and match two CSV tables; columns may stand in any order.

    `summary.csv` of `simgait track` can be the estimate as it is: its `trial` and `subject` are
    found, rows of failed walks become exclusions, its verdicts become groups.

    Args:
        truth_file: CSV, one row per walk.
        estimate_file: CSV, one row per walk.
        measures: names of the columns to compare; empty for every column whose name carries a
            unit and that both tables have. Without side ("step_length_m") it means both sides.
        id_column: its name; by default trial_id, or trial.
        subject_column: its name; by default subject_id, or subject.
        usable_only: leave out what the estimate itself says is not to be used.

    Raises:
        InputError: a file or a cell cannot be read, both are one file, a column is missing, units
            differ, no column or no trial in common, a trial stands twice, or a trial has two
            subjects.
    """
    truth, estimate = _read_both(Path(truth_file), Path(estimate_file))
    if usable_only:
        refuse_without_flags(estimate)
    roles = _find_roles(truth, estimate, id_column, subject_column)
    columns, left_out = _columns(truth, estimate, roles, measures)
    cells = _read_cells(truth, estimate, columns)
    rows = _match_rows(truth, estimate, roles, cells.estimate)
    people = _people(truth, estimate, roles, rows)
    groups = _verdict_groups(estimate, rows.in_estimate)
    every = [_measure(name, cells, rows, people, groups) for name in columns]
    flags = {name: of_row[rows.in_estimate] for name, of_row in flagged(estimate, columns).items()}
    unusable = unusable_numbers(every, flags, left_out=usable_only)
    found = [_usable(pairs, flags.get(pairs.name)) if usable_only else pairs for pairs in every]
    covered = coverage_notes(found, estimate, columns, rows.in_estimate)
    told = (unusable.note, *covered, *truth.notes, *estimate.notes)
    odd = [s for pairs in found for s in check_columns(pairs.name, pairs.truth, pairs.estimate)]
    return MatchedTables(
        measures=tuple(found),
        exclusions=(*rows.exclusions, *_without_value(every), *unusable.exclusions),
        n_offered=rows.n_offered,
        n_matched=len(rows.ids),
        people_known=people.subjects is not None,
        nameless=people.nameless,
        not_compared=tuple(left_out),
        folders=_report_folders(estimate, rows),
        warnings=(*people.warnings, *odd, *repeat_warnings(every)),
        notes=(*people.notes, *filter(None, told), *cells.notes),
        truth_name=truth.file,
        estimate_name=estimate.file,
        by_simgait=_is_summary(estimate),
    )


@dataclass(frozen=True)
class _Cells:
    """Numbers of the common columns, the estimate's in the truth's units; and what is to be said.

    Attributes:
        truth, estimate: column -> (rows,) numbers of either table, all of its rows.
    """

    truth: dict[str, np.ndarray]
    estimate: dict[str, np.ndarray]
    notes: tuple[str, ...]


def _read_cells(truth: CsvTable, estimate: CsvTable, columns: dict[str, ComparedColumn]) -> _Cells:
    of_truth = {name: truth.numbers(pair.truth) for name, pair in columns.items()}
    of_estimate = {name: estimate.numbers(pair.estimate) for name, pair in columns.items()}
    return _Cells(
        {name: cells.values for name, cells in of_truth.items()},
        {name: cells.values * columns[name].factor for name, cells in of_estimate.items()},
        (
            *(pair.note for pair in columns.values() if pair.note),
            *(note for cells in of_truth.values() for note in cells.notes),
            *(note for cells in of_estimate.values() for note in cells.notes),
        ),
    )


@dataclass(frozen=True)
class _Roles:
    """Which columns name walks and people; None where a table does not say whose walk it is."""

    truth_id: str
    estimate_id: str
    truth_subject: str | None
    estimate_subject: str | None

    @property
    def used(self) -> set[str]:
        """Columns that are no measures."""
        subjects = (self.truth_subject, self.estimate_subject)
        return {self.truth_id, self.estimate_id, *(name for name in subjects if name)}


def _find_roles(
    truth: CsvTable, estimate: CsvTable, id_column: str | None, subject_column: str | None
) -> _Roles:
    return _Roles(
        _find(truth, id_column, ID_COLUMNS, "--id-column", estimate),
        _find(estimate, id_column, ID_COLUMNS, "--id-column", truth),
        _find_subject(truth, subject_column, (truth, estimate)),
        _find_subject(estimate, subject_column, (truth, estimate)),
    )


def _columns(
    truth: CsvTable, estimate: CsvTable, roles: _Roles, measures: Sequence[str]
) -> tuple[dict[str, ComparedColumn], list[str]]:
    """As `common_columns`; what names walks and people or ends an interval is no measure."""
    return common_columns(
        truth,
        estimate,
        roles.used | ends_of_intervals(truth) | ends_of_intervals(estimate),
        measures,
        BOOKKEEPING if _is_summary(estimate) else (),
    )


@dataclass(frozen=True)
class _MatchedRows:
    """Walks of both tables: names, rows in either, and those that are missing in one."""

    ids: tuple[str, ...]
    in_truth: Int[np.ndarray, " N"]
    in_estimate: Int[np.ndarray, " N"]
    exclusions: tuple[Exclusion, ...]
    n_offered: int


def _match_rows(
    truth: CsvTable, estimate: CsvTable, roles: _Roles, estimate_values: dict[str, np.ndarray]
) -> _MatchedRows:
    """Rows of the same walk; a row of the estimate without any value is a walk that failed."""
    truth_ids, estimate_ids = truth.text(roles.truth_id), estimate.text(roles.estimate_id)
    if _is_summary(estimate):
        # simgait writes ids that are safe as file names; the truth may have them as recorded.
        truth_ids = [safe_id(value) if value else value for value in truth_ids]
    # A row without any value is no measurement; two failed files may share one name.
    empty = _empty_rows(estimate, estimate_values)
    filled = [row for row in range(len(estimate.rows)) if row not in empty]
    failed = {estimate_ids[row]: reason for row, reason in empty.items()}
    filled_ids = [estimate_ids[row] for row in filled]
    if not filled:
        raise InputError(f"{estimate.file}: no row holds a value of {', '.join(estimate_values)}.")
    matched = match_ids(truth_ids, filled_ids, unmatched="list", tables=(truth.file, estimate.file))
    in_truth, named = set(truth_ids), [trial for trial in failed if trial]
    exclusions = [
        Exclusion(str(trial), failed.get(str(trial), f"not in {estimate.file}"))
        for trial in matched.only_truth
    ] + [
        Exclusion(str(trial), f"not in {truth.file}")
        for trial in dict.fromkeys((*matched.only_estimate, *named))
        if trial not in in_truth
    ]
    return _MatchedRows(
        tuple(truth_ids[row] for row in matched.truth_rows),
        matched.truth_rows,
        np.array(filled)[matched.estimate_rows],
        tuple(exclusions),
        len({*truth_ids, *filled_ids, *named}),
    )


def _measure(
    name: str,
    cells: _Cells,
    rows: _MatchedRows,
    people: People,
    groups: dict[str, tuple[str, ...]],
) -> MeasurePairs:
    """One column of both tables, walk by walk."""
    parsed = parse_column(name)
    x, y = cells.truth[name][rows.in_truth], cells.estimate[name][rows.in_estimate]
    whose = people.subjects or rows.ids
    return MeasurePairs(
        name, parsed.label, parsed.unit, rows.ids, whose, x, y, parsed.thresholds, groups
    )


def _usable(pairs: MeasurePairs, flag: Bool[np.ndarray, " N"] | None) -> MeasurePairs:
    """The pairs without the estimates that are not to be used."""
    if flag is None:
        return pairs
    return replace(pairs, estimate=np.where(flag, np.nan, pairs.estimate))


def _without_value(measures: Sequence[MeasurePairs]) -> list[Exclusion]:
    return [
        Exclusion(trial, f"no {side} value of {pairs.name}")
        for pairs in measures
        for trial, a, b in zip(pairs.trial_ids, pairs.truth, pairs.estimate, strict=True)
        for side, value in (("true", a), ("estimated", b))
        if np.isnan(value)
    ]


def _verdict_groups(estimate: CsvTable, rows: Int[np.ndarray, " N"]) -> dict[str, tuple[str, ...]]:
    """Simgait's verdicts as groups of walks; none where the estimate is somebody else's."""
    if not _is_summary(estimate):
        return {}
    verdicts = estimate.text("verdict")
    return {"verdict": tuple(verdicts[row].replace("_", " ") for row in rows)}


def _report_folders(estimate: CsvTable, rows: _MatchedRows) -> dict[str, str]:
    """Trial -> folder of its own report, where `simgait track` wrote one."""
    if not _is_summary(estimate) or "folder" not in estimate.columns:
        return {}
    cells = estimate.text("folder")
    return {trial: cells[row] for trial, row in zip(rows.ids, rows.in_estimate, strict=True)}


def _read_both(truth_file: Path, estimate_file: Path) -> tuple[CsvTable, CsvTable]:
    if truth_file.exists() and estimate_file.exists() and truth_file.samefile(estimate_file):
        raise InputError(
            f"{truth_file.name}: is both the truth and the estimate, which agree whatever is in "
            "it; name two tables."
        )
    # Two tables of one name are told apart by their roles: folders may be named after patients.
    names = [file.name for file in (truth_file, estimate_file)]
    if names[0] == names[1]:
        names = [f"{names[0]} (truth)", f"{names[1]} (estimate)"]
    return read_csv(truth_file, names[0]), read_csv(estimate_file, names[1])


def _find(
    table: CsvTable, given: str | None, known: Sequence[str], option: str, other: CsvTable
) -> str:
    if given is not None and given not in table.columns and given not in other.columns:
        raise InputError(f"{table.file}: has no column {given}; check {option}.")
    names = (*((given,) if given else ()), *known)
    found = table.named(names)
    if found is None:
        raise InputError(
            f"{table.file}: has no column {given or known[0]} that names the walks; name yours "
            f"with {option} (its columns: {listed(table.columns, SOME)})."
        )
    return found


def _find_subject(table: CsvTable, given: str | None, both: Sequence[CsvTable]) -> str | None:
    if given is not None and not any(given in each.columns for each in both):
        raise InputError(
            f"Neither {both[0].file} nor {both[1].file} has a column {given}; check "
            "--subject-column."
        )
    names = (*((given,) if given else ()), *SUBJECT_COLUMNS)
    return table.named(names)


def _is_summary(table: CsvTable) -> bool:
    return {"trial", "verdict", "failure"} <= set(table.columns)


def _empty_rows(table: CsvTable, values: dict[str, np.ndarray]) -> dict[int, str]:
    """Rows without any value of the compared columns, and the table's own reason if it has one."""
    nothing = np.all([np.isnan(column) for column in values.values()], axis=0)
    reasons = table.text("failure") if _is_summary(table) else [""] * len(table.rows)
    return {
        int(row): f"failed: {reasons[row]}" if reasons[row] else f"no value in {table.file}"
        for row in np.flatnonzero(nothing)
    }


def _people(truth: CsvTable, estimate: CsvTable, roles: _Roles, rows: _MatchedRows) -> People:
    return join_people(
        rows.ids,
        _subject_cells(truth, roles.truth_subject, rows.in_truth),
        _subject_cells(estimate, roles.estimate_subject, rows.in_estimate),
        (truth.file, estimate.file),
    )


def _subject_cells(table: CsvTable, column: str | None, rows: np.ndarray) -> list[str]:
    cells = table.text(column) if column else [""] * len(table.rows)
    return [cells[row] for row in rows]
