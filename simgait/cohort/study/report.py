"""The page of a study that was tracked, and its agreement with the truth of its manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simgait.cohort.study.columns import OUTCOMES
from simgait.cohort.study.manifest_cells import parquet
from simgait.cohort.study.parts import PARTS
from simgait.cohort.study.rows import TableRow
from simgait.cohort.study.run import RECORD
from simgait.cohort.study.tables import usable
from simgait.compare.study_groups import check_divided_by, check_values, label_of
from simgait.compare.study_numbers import StudyWalk
from simgait.compare.two_tables import agreement_of_tables, compare_tables
from simgait.errors import InputError
from simgait.files import csv_text, whole_file, write_text
from simgait.parameters.catalogue import parameters
from simgait.report.agreement.files import PAGE as AGREEMENT_PAGE
from simgait.report.agreement.files import write_agreement_report
from simgait.report.study.page import StudyPage, study_page
from simgait.text_files import read_facts

PAGE = "cohort.html"
TRUTH_TABLE, ESTIMATES = "truth.csv", "estimates.csv"
"""What the agreement is made of, as `simgait evaluate` reads it."""
AGREEMENT = "agreement"
TRUTH = "truth_"
MAKES_IT = "simgait cohort run MANIFEST -o FOLDER"


def write_study_report(out: Path, by: Sequence[str] = ()) -> tuple[Path, str]:
    """Writes cohort.html, and the agreement with the manifest's truth where it has one.

    Args:
        out: folder of a study that `run_study` has finished.
        by: columns of the manifest that its numbers are divided by, beside visit and condition.

    Returns:
        the page; why there is no agreement although there is a truth, "" else.

    Raises:
        InputError: the folder holds no finished study, or cannot be written to; nobody can be
            divided so.
    """
    facts = _record(out)
    check_divided_by(by, facts.get("config", {}).get("own_columns", []))
    path = out / "trials.parquet"
    if not path.is_file():
        raise InputError(f"{out.name}: holds no {path.name}; run the study first.")
    rows = parquet().read_table(path).to_pylist()
    walks = [_walk(row, by) for row in rows]
    check_values({column: [walk.labels[column] for walk in walks] for column in by})
    problem = ""
    has_truth = any(name.startswith(TRUTH) for name in (rows[0] if rows else ()))
    if has_truth:
        try:
            write_agreement(out, rows)
        except InputError as error:
            problem = str(error)
    html = study_page(
        StudyPage(
            name=str(facts.get("config", {}).get("manifest", "")),
            facts=_facts_line(facts),
            walks=walks,
            outcomes=OUTCOMES,
            agreement=f"{AGREEMENT}/{AGREEMENT_PAGE}" if has_truth and not problem else "",
            by=by,
        )
    )
    with whole_file(out / PAGE) as part:
        write_text(part, html)
    return out / PAGE, problem


def _record(out: Path) -> dict[str, Any]:
    """What the study's record says.

    Raises:
        InputError: there is none, as nothing or not all was tracked, or it cannot be read.
    """
    name = out.resolve().name
    if not out.is_dir():
        raise InputError(f"{name}: there is no such folder; give the one that {MAKES_IT} wrote.")
    if (out / RECORD).is_file():
        return read_facts(out / RECORD, f"{name}/{RECORD}")
    if (out / PARTS).is_dir():
        raise InputError(
            f"{name}: holds a study that is not finished; the command that began it, given again "
            "(without --part), goes on and writes its tables."
        )
    raise InputError(f"{name}: holds no study; {MAKES_IT} makes one.")


def _facts_line(facts: Mapping[str, Any]) -> str:
    """Policy, whom walks are compared with where the user named it, version and date."""
    config = facts.get("config", {})
    reference, norms = config.get("reference"), config.get("norms")
    parts = [
        f"policy {facts.get('policy', {}).get('name', '')}",
        *([f"scores against {reference['name']}"] if reference else []),
        *([norms["name"]] if norms else []),
        f"simgait {facts.get('versions', {}).get('simgait', '')}",
        facts.get("date_utc", "")[:10],
    ]
    return " · ".join(parts)


def _walk(row: TableRow, by: Sequence[str]) -> StudyWalk:
    codes = {name: row[name] or "" for name in ("person", "visit", "condition", "reason", "report")}
    values = {one.key: usable(row, one.key) for one in parameters() if "both" in one.pools}
    return StudyWalk(
        trial=row["trial"],
        number=row["walk"] or 0,
        outcome=row["outcome"],
        values={name: value for name, value in values.items() if np.isfinite(value)},
        labels={column: label_of(column, row[column]) for column in by},
        **codes,
    )


def write_agreement(out: Path, rows: Sequence[TableRow]) -> None:
    """Writes truth and estimates, a row for each recording, and how they agree.

    A recording's estimate is the mean over its walks that show the number.

    Raises:
        InputError: the two have nothing in common, or too little to be analysed.
    """
    truths = [name for name in rows[0] if name.startswith(TRUTH)]
    of_trial: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        of_trial[row["trial"]].append(row)
    measured = [one.summary_column(pool) for one in parameters() for pool in one.pools]
    truth = [
        (name, own[0]["person"], *(own[0][t] for t in truths)) for name, own in of_trial.items()
    ]
    estimates = [
        (name, own[0]["person"], *(_mean(own, column) for column in measured))
        for name, own in of_trial.items()
    ]
    ids = ("trial_id", "subject_id")
    for name, heading, table in (
        (TRUTH_TABLE, [one.removeprefix(TRUTH) for one in truths], truth),
        (ESTIMATES, measured, estimates),
    ):
        text = csv_text((*ids, *heading), ([_cell(v) for v in row] for row in table))
        with whole_file(out / name) as part:
            write_text(part, text)
    compared = compare_tables(out / TRUTH_TABLE, out / ESTIMATES, tracker="simgait")
    write_agreement_report(out / AGREEMENT, agreement_of_tables(compared, out / AGREEMENT))


def _cell(value: object) -> object:
    return "" if value is None else value


def _mean(rows: Sequence[TableRow], column: str) -> float:
    values = [value for row in rows if np.isfinite(value := usable(row, column))]
    return float(np.mean(values)) if values else float("nan")
