"""One folder of results: a report per walk, and the table of all of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path

from simgait.cohort.inputs import InputFile, refuse_if_none_can_be_read
from simgait.cohort.one_visit import OneVisit
from simgait.cohort.outcome import Outcome
from simgait.cohort.plan import plan
from simgait.cohort.request import request_facts
from simgait.cohort.summary import SummaryTable
from simgait.cohort.track_files import Tracking, WalksOf, prepared_walks, track_files
from simgait.cohort.visit import visit_facts, walks_of_files
from simgait.cohort.visit_page import remove_visit_page, write_visit_page_if_one
from simgait.cohort.walk_record import finished_walks
from simgait.files import PART, cannot_be_written, check_output_folder
from simgait.folder_lock import locked
from simgait.pipeline import TrackOptions
from simgait.report.folder_kinds import refuse_ours, remove_earlier
from simgait.tracking.policies import Policy


def track_into(
    out: Path,
    policy: Policy,
    files: Sequence[InputFile],
    options: TrackOptions,
    *,
    visit: OneVisit | None = None,
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Generator[Outcome, None, None]:
    """Tracks files into a folder; yields one outcome per trial or failed file.

    Each walk's folder appears as a whole, and table and page grow with it: however the call is
    stopped, what was done is there. The same call again goes on, or refuses what changed.

    Args:
        out: folder of the results.
        policy: that drives the body.
        files: from `cohort.inputs.recordings_in`.
        options: what is known about all of them.
        visit: they are walks of one person before one camera; None = nothing is known of that.
        overwrite: track again, and replace, what `out` holds of other settings and kinds.
        tell: gets a line now and then.

    Raises:
        InputError: no file can be read so, or they are of no one visit; the folder is in use,
            cannot be written to, holds another table, walks tracked with other settings, or (no
            `overwrite`) a comparison or a twin.
    """
    _check(out, files, options, overwrite)
    existed = out.exists()
    _make(out)
    try:
        with locked(out, tell):
            remove_leftovers(out)
            request = {**request_facts(policy, options), **visit_facts(files, visit)}
            records = finished_walks(out)
            jobs = plan(files, records, request, overwrite=overwrite, tell=tell)
            redone = [folder for job in jobs for folder in job.redone]
            table = SummaryTable(out, records, redone, tell)
            if records:
                table.write(tell)
            walks_of: WalksOf = partial(prepared_walks, options=options)
            if visit is not None and not all(job.is_done for job in jobs):
                walks_of = _walks_of_visit(out, files, options, visit, tell)
            call = Tracking(policy, request, out, walks_of, table.earlier_row, tell)
            taken = [record.folder for record in records if record.folder not in redone]
            try:
                for place, outcome in track_files(call, jobs, overwrite=overwrite, taken=taken):
                    table.add(place, outcome)
                    if outcome.row is not None and not outcome.kept:
                        table.write_soon(tell)
                    yield outcome
            finally:
                if table.rows():
                    table.write(tell)
            _end(out, table, visit, tell)
    finally:
        if not existed and not any(out.iterdir()):
            out.rmdir()


def _walks_of_visit(
    out: Path,
    files: Sequence[InputFile],
    options: TrackOptions,
    visit: OneVisit,
    tell: Callable[[str], None],
) -> WalksOf:
    """Reads all recordings of a visit; its page goes, as its walks are about to change."""
    tell("reading all recordings of the visit ...")
    walks_of = walks_of_files(files, options, visit)
    remove_visit_page(out)
    return walks_of


def _check(out: Path, files: Sequence[InputFile], options: TrackOptions, overwrite: bool) -> None:
    """What is refused before a folder is made; InputError as `track_into`."""
    check_output_folder(out)
    if not overwrite:
        refuse_ours(out)
    refuse_if_none_can_be_read(files, options.said)


def _end(
    out: Path, table: SummaryTable, visit: OneVisit | None, tell: Callable[[str], None]
) -> None:
    """The page of a visit; what simgait wrote there of another kind goes, now that walks are."""
    if visit is not None and finished_walks(out):
        write_visit_page_if_one(out, tell)
        table.write(tell)  # whose page now links to it
    if table.rows() and (removed := remove_earlier(out, ())):
        tell(f"removed from {out.name}, of an earlier call: {', '.join(removed)}")


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written(out, error) from error


def remove_leftovers(out: Path) -> None:
    """Takes away what a call that was killed had not finished. The folder must be locked."""
    for part in (*out.glob(f"{PART}*"), *out.glob(f"*/{PART}*")):
        shutil.rmtree(part, ignore_errors=True)
