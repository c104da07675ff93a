"""A walk's folder of results with the record by which simgait knows it again."""

from __future__ import annotations

from pathlib import Path

from simgait import pipeline
from simgait.cohort.inputs import RESULT_MARK
from simgait.cohort.outcome import Outcome
from simgait.cohort.walk_record import RECORD, Facts, WalkRecord, record_text
from simgait.files import write_text
from simgait.pipeline import AnalysedWalk
from simgait.report.trial.body_in_picture import OVERLAY
from simgait.report.trial.opinions import OPINIONS
from simgait.report.twin import TWIN_FIGURES
from simgait.tracking.policies import Policy

OF_ANOTHER_PAGE = (
    RECORD, RESULT_MARK, "report.pdf", "report.docx", OPINIONS, TWIN_FIGURES, OVERLAY,
)  # fmt: skip
"""A folder whose files are replaced is not finished; the others are of another page, and written
again only where that is asked for."""


def finished_record(
    outcome: Outcome, sha256: str, place: tuple[int, int], request: Facts
) -> WalkRecord:
    """What a folder says of the walk whose results it holds.

    Args:
        outcome: of the walk, from `outcome.done`.
        sha256: of its file.
        place: number of the walk in its file, from 1, and how many the file has.
        request: how it was tracked (`cohort.request`).
    """
    assert outcome.row is not None  # what is done has one
    return WalkRecord(outcome.trial_id, outcome.label, sha256, *place, request, outcome.row)


def write_finished(
    folder: Path, walk: AnalysedWalk, policy: Policy, record: WalkRecord
) -> list[Path]:
    """Writes the results of a walk and its record, all or none of them; see `write_report`."""
    for mark in OF_ANOTHER_PAGE:
        (folder / mark).unlink(missing_ok=True)
    text = record_text(record)
    more = {RECORD: lambda path: write_text(path, text)}
    return pipeline.write_report(folder, walk, policy, more=more)
