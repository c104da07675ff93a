"""One folder of results: a report per walk, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from simgait.cohort.inputs import InputFile
from simgait.cohort.summary import read_summary, write_summary
from simgait.cohort.track_files import Outcome, track_files
from simgait.files import check_output_folder
from simgait.pipeline import TrackOptions
from simgait.tracking.policies import Policy


def track_into(
    out: Path,
    policy: Policy,
    files: Iterable[InputFile],
    options: TrackOptions,
    *,
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Outcome]:
    """Tracks files into a folder; yields one outcome per trial or failed file.

    The table and its page are written at the end, and also when the caller stops halfway: what is
    done shall be found.

    Args:
        out: folder of the results.
        policy: that drives the body.
        files: from `cohort.inputs.find_inputs`.
        options: what is known about all of them.
        overwrite: replace the results of trials that have some.
        tell: gets a line now and then on what is going on.

    Raises:
        InputError: the folder cannot be written to, or holds another summary.csv.
    """
    check_output_folder(out)
    read_summary(out)  # now, rather than when the work is done
    outcomes: list[Outcome] = []
    try:
        for outcome in track_files(policy, files, options, out, overwrite=overwrite, tell=tell):
            outcomes.append(outcome)
            yield outcome
    finally:
        if outcomes:
            write_summary(out, outcomes)
