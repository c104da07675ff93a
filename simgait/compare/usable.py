"""Numbers that a table of `simgait track` says are not to be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from simgait.compare.column_names import parse_column
from simgait.compare.columns import ComparedColumn
from simgait.compare.csv_tables import CsvTable
from simgait.compare.evidence import Exclusion, MeasurePairs
from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.plain_text import SOME, listed

FLAGS = "do_not_use"
"""Column of summary.csv: names of the numbers that are not to be used, parted by blanks."""
NOT_USABLE = "is not to be used, says its own verdict"


def flagged(
    table: CsvTable, columns: Mapping[str, ComparedColumn]
) -> dict[str, Bool[np.ndarray, " N"]]:
    """Canonical name -> (N,) whether the table says of each row's number that it is not to be used.

    Empty where the table has no such column.
    """
    if FLAGS not in table.columns:
        return {}
    names = [{parse_column(word).canonical for word in cell.split()} for cell in table.text(FLAGS)]
    own = {name: parse_column(pair.estimate).canonical for name, pair in columns.items()}
    return {name: np.array([own[name] in row for row in names], dtype=bool) for name in columns}


@dataclass(frozen=True)
class Unusable:
    """What became of the numbers that are not to be used: a sentence, and those left out."""

    note: str = ""
    exclusions: tuple[Exclusion, ...] = ()


def refuse_without_flags(table: CsvTable) -> None:
    """Refuses to tell usable numbers where a table does not say which these are.

    Raises:
        InputError: it has no such column.
    """
    if FLAGS not in table.columns:
        raise InputError(
            f"{table.file}: has no column {FLAGS}, so that --usable-only means nothing; give "
            "summary.csv of simgait track as the estimate."
        )


def unusable_numbers(
    measures: Sequence[MeasurePairs],
    flags: Mapping[str, Bool[np.ndarray, " N"]],
    *,
    left_out: bool,
) -> Unusable:
    """What to say of the numbers that are not to be used.

    Args:
        measures: as measured, before any number was left out.
        flags: of each measure, walk by walk.
        left_out: whether they are left out.
    """
    which = [
        (pairs.name, trial)
        for pairs in measures
        for trial, flag, value in zip(
            pairs.trial_ids, flags.get(pairs.name, ()), pairs.estimate, strict=False
        )
        if flag and np.isfinite(value)
    ]
    if not which:
        return Unusable()
    n_all = sum(int(np.isfinite(pairs.estimate).sum()) for pairs in measures)
    counts = {name: sum(name == one for one, _ in which) for name, _ in which}
    per_measure = listed([f"{name}: {count}" for name, count in counts.items()], SOME)
    flagged_words = (
        f"{len(which)} of {counted(n_all, 'estimate')} are not to be used, as the estimate's own "
        f"verdicts say ({per_measure})"
    )
    if not left_out:
        return Unusable(f"{flagged_words}; they are compared all the same, --usable-only does not.")
    return Unusable(
        f"{flagged_words}; they were left out and are listed.",
        tuple(Exclusion(trial, f"{name} {NOT_USABLE}") for name, trial in which),
    )
