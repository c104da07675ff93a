"""Two tables of the same walks: matched, and made into the evidence of an agreement report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simgait.compare.analysis import worst_trials
from simgait.compare.evidence import AgreementReport
from simgait.compare.tables import MatchedTables, match_tables
from simgait.compare.training_subjects import refuse_training_subjects, training_subjects
from simgait.provenance import collect_provenance, file_sha256


@dataclass(frozen=True)
class TableFile:
    """One of the two tables: its name without folder, the folder, and the hash of what it holds."""

    name: str
    folder: Path
    sha256: str

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return Path(self.name).stem


@dataclass(frozen=True)
class ComparedTables:
    """Two tables that were matched.

    Attributes:
        tracker: what to call the method; None for a name of simgait's choice.
        training: whom the method was trained on (none of them is in `matched`), None not said.
    """

    matched: MatchedTables
    truth: TableFile
    estimate: TableFile
    tracker: str | None = None
    training: frozenset[str] | None = None

    @property
    def table_folders(self) -> tuple[Path, Path]:
        """Where the two tables lie."""
        return self.truth.folder, self.estimate.folder


def compare_tables(
    truth: Path,
    estimate: Path,
    *,
    measures: Sequence[str] = (),
    id_column: str | None = None,
    subject_column: str | None = None,
    usable_only: bool = False,
    trained_on: Path | None = None,
    tracker: str | None = None,
) -> ComparedTables:
    """Reads and matches two tables, and refuses walks of people whom the method was trained on.

    Args:
        truth: CSV, one row per walk.
        estimate: CSV, one row per walk.
        measures: columns to compare; empty for all with a unit in their name that both have.
        id_column: that names the walk; by default trial_id, or trial.
        subject_column: that says whose walk it is; by default subject_id, or subject.
        usable_only: leave out what the estimate itself says is not to be used.
        trained_on: list of the people whom the method was trained on.
        tracker: what to call the method.

    Raises:
        InputError: a table cannot be read, the two do not go together, or somebody was trained on.
    """
    matched = match_tables(
        truth,
        estimate,
        measures=measures,
        id_column=id_column,
        subject_column=subject_column,
        usable_only=usable_only,
    )
    training = None if trained_on is None else training_subjects(trained_on, subject_column)
    if training is not None:
        refuse_training_subjects(matched, training)
    return ComparedTables(matched, _file(truth), _file(estimate), tracker, training)


def _file(path: Path) -> TableFile:
    sha256 = file_sha256(path)
    return TableFile(path.name, path.resolve().parent, sha256)


def agreement_of_tables(compared: ComparedTables, out: Path | None = None) -> AgreementReport:
    """The evidence of two tables.

    Args:
        compared: from `compare_tables`.
        out: folder that the report will be written into, for its links; None without links.
    """
    matched, training = compared.matched, compared.training
    name, reference = _method_names(compared)
    methods = [
        f"Truth: {matched.truth_name}. Estimates: {matched.estimate_name}. Rows were matched by "
        f"the name of the walk; {matched.n_matched} are in both. Walks and values that are missing "
        "on one side are left out and listed."
    ]
    if training is not None:
        methods.append(
            f"The method was trained on {len(training)} people, as stated; none of the "
            f"{len(matched.people)} people here is among them."
        )
    if matched.not_compared:
        methods.append(f"Not compared: {'; '.join(matched.not_compared)}.")
    return AgreementReport(
        title=f"{name} against {reference}",
        tracker=name,
        measures=matched.measures,
        worst=worst_trials(matched.measures, _page_links(compared, out)),
        methods=tuple(methods),
        notes=(*matched.warnings, *matched.notes),
        exclusions=matched.exclusions,
        n_offered=matched.n_offered,
        provenance=collect_provenance(
            {
                "truth": compared.truth.name,
                "estimate": compared.estimate.name,
                "measures": [measure.name for measure in matched.measures],
                "people_known": matched.people_known,
                "n_trained_on": None if training is None else len(training),
            },
            input_sha256={
                "truth": compared.truth.sha256,
                "estimate": compared.estimate.sha256,
            },
        ),
    )


def _method_names(compared: ComparedTables) -> tuple[str, str]:
    """What the report calls the method and its reference.

    `summary` says nothing of who tracked, so a table of `simgait track` is simgait's.
    """
    own = "simgait" if compared.matched.by_simgait else compared.estimate.stem
    name, reference = compared.tracker or own, compared.truth.stem
    if name == reference:
        return f"{name} (estimate)", f"{reference} (truth)"
    return name, reference


def _page_links(compared: ComparedTables, out: Path | None) -> dict[str, str]:
    """Trial -> its report of `simgait track`, where that lies beside the table and below OUT."""
    if out is None:
        return {}
    below = out.resolve()
    links = {}
    for trial, folder in compared.matched.folders.items():
        page = compared.estimate.folder / folder / "report.html"
        if page.is_file() and page.resolve().is_relative_to(below):
            links[trial] = page.resolve().relative_to(below).as_posix()
    return links
