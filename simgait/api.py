"""What `import simgait` offers: read, track, evaluate. Heavy packages load when first needed.

Units are in the names: metres, seconds, degrees (`_deg`), percent of the gait cycle (`_percent`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from simgait.errors import InputError
from simgait.read_keywords import ReadKeywords, check_keywords

if TYPE_CHECKING:
    import pandas as pd

    from simgait.agreement_result import AgreementResult
    from simgait.pipeline import PreparedWalk, TrackOptions
    from simgait.tracking.policies import Policy
    from simgait.types import Recording
    from simgait.walk_result import VisitResult, WalkResult

    PathLike = str | os.PathLike[str]


def read(
    path: PathLike, *, height_m: float | None = None, **options: Unpack[ReadKeywords]
) -> Recording:
    """Reads a recording: .npz, .npy, .json, .csv, .c3d, .trc, .amc, or a video.

    Args:
        path: of the file.
        height_m: the person's height; wins over the file's own.
        options: facts that the file does not hold, see `ReadKeywords`.

    Returns:
        Keypoints (frames x keypoints x 3) in metres, z up, NaN where missing, with times, names,
        confidence, foot events and force plates as far as the file has them.

    Raises:
        InputError: the file cannot be read, or a fact is missing or does not apply to its format.
    """
    from simgait.limits import check_height
    from simgait.recordings.read import read_recording

    height_m = check_height(height_m, "height_m")
    return read_recording(Path(path), height_m=height_m, **options)


def load_policy(path: PathLike | None = None) -> Policy:
    """Loads a trained policy; keep it when you track many recordings one by one.

    Args:
        path: folder of a policy; None = the folder in $SIMGAIT_POLICY, else the released one.

    Raises:
        InputError: there is none, or its files are damaged.
    """
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.pipeline import find_policy

    return find_policy(path)


def track(
    recording: PathLike | Recording,
    *,
    height_m: float | None = None,
    policy: Policy | PathLike | None = None,
    min_frames: int | None = None,
    opinions: bool = False,
    twin: bool = False,
    reference: PathLike | None = None,
    norms: PathLike | None = None,
    **options: Unpack[ReadKeywords],
) -> WalkResult:
    """Lets the simulated body walk a recorded walk, and reads gait from it.

    For a recording of one straight walk. One that holds several is refused with their times;
    `track_all` takes them all. The first call on a machine compiles for a minute or two.

    Args:
        recording: a file, or what `read` returned.
        height_m: the person's height; None = what the recording says. Markers can do without.
        policy: from `load_policy`, or its folder; None = the released one.
        min_frames: shortest walk at 30 Hz; None = 75 frames, 30 for markers, and 36 where no
            straight walk of a detector's recording has 75.
        opinions: ask every companion about the walk; then in `.opinions` and in the report.
        twin: that, and let the physics walk the normative twin; then in `.twin` and the report.
        reference: file of healthy people for GDI and GPS, tracked by the same policy.
        norms: table of your own normal ranges (CSV), which come before simgait's.
        options: facts that the file does not hold, see `ReadKeywords`.

    Raises:
        InputError: it cannot be read or tracked, and why; or it holds several walks.
    """
    asked, chosen = _asked(height_m, min_frames, options, opinions, twin, policy, reference, norms)
    walks = _prepared(recording, asked)
    if len(walks) > 1:
        spans = ", ".join(
            f"{one.start_s:.1f} to {one.start_s + one.time_s[-1]:.1f} s"
            for one in (walk.trial for walk in walks)
        )
        raise InputError(
            f"{walks[0].source.file}: holds {len(walks)} straight walks ({spans}); use "
            "simgait.track_all, which returns a list of them."
        )
    return _tracked(walks, chosen)[0]


def track_all(
    recording: PathLike | Recording,
    *,
    height_m: float | None = None,
    policy: Policy | PathLike | None = None,
    min_frames: int | None = None,
    opinions: bool = False,
    twin: bool = False,
    reference: PathLike | None = None,
    norms: PathLike | None = None,
    **options: Unpack[ReadKeywords],
) -> list[WalkResult]:
    """Tracks every straight walk of a recording; arguments as for `track`.

    Returns:
        One result per walk, in order of time; never empty.

    Raises:
        InputError: it cannot be read, or nothing in it can be tracked, and why.
    """
    asked, chosen = _asked(height_m, min_frames, options, opinions, twin, policy, reference, norms)
    return _tracked(_prepared(recording, asked), chosen)


def track_visit(
    recordings: Sequence[PathLike | Recording],
    *,
    distances_m: Mapping[str, float] | None = None,
    height_m: float | None = None,
    policy: Policy | PathLike | None = None,
    min_frames: int | None = None,
    opinions: bool = False,
    twin: bool = False,
    reference: PathLike | None = None,
    norms: PathLike | None = None,
    **options: Unpack[ReadKeywords],
) -> VisitResult:
    """Tracks walks of one person before one camera that did not move, each in the light of all.

    They share the body's lengths, the scale of the camera's distances, where its detector has the
    joints, and how it errs between left and right. A recording that cannot be used does not stop
    the others. The order does not matter, and a walk alone is tracked as by `track`.

    Args:
        recordings: files, or what `read` returned.
        distances_m: file name, or id of a recording -> metres that the person walks in it,
            straight, from the first frame to the last; tells the camera's scale for all.
        height_m: the person's height; None = what the recordings say.
        policy: from `load_policy`, or its folder; None = the released one.
        min_frames: shortest walk at 30 Hz, as for `track`.
        opinions: ask every companion about each walk, as for `track`.
        twin: let the physics walk its normative twin, as for `track`.
        reference: file of healthy people for GDI and GPS, as for `track`.
        norms: table of your own normal ranges, as for `track`.
        options: facts that the files do not hold, see `ReadKeywords`; of all of them.

    Raises:
        InputError: the recordings cannot be of one person and camera, or none can be tracked.
    """
    from simgait.cohort.one_visit import OneVisit

    visit = OneVisit(dict(distances_m or {}))
    asked, chosen = _asked(height_m, min_frames, options, opinions, twin, policy, reference, norms)
    from simgait.cohort.inputs import failure_sentence
    from simgait.cohort.visit import walks_of_recordings
    from simgait.recordings.said import refuse_read_already
    from simgait.types import Recording
    from simgait.walk_result import VisitResult

    given = [one if isinstance(one, Recording) else Path(one) for one in recordings]
    refuse_read_already(given, asked.reader)
    found = walks_of_recordings(given, asked, visit)
    failures = tuple(
        f"{name}: {failure_sentence(name, one)}"
        for name, one in found
        if isinstance(one, Exception)
    )
    walks = [walk for _, own in found if not isinstance(own, Exception) for walk in own]
    if not walks:
        raise InputError(failures[0] if failures else "no recordings of a visit are given.")
    return VisitResult(tuple(_tracked(walks, chosen)), failures)


def track_files(
    inputs: PathLike | Sequence[PathLike],
    out: PathLike,
    *,
    height_m: float | None = None,
    policy: Policy | PathLike | None = None,
    min_frames: int | None = None,
    opinions: bool = False,
    twin: bool = False,
    reference: PathLike | None = None,
    norms: PathLike | None = None,
    one_visit: bool = False,
    distances_m: Mapping[str, float] | None = None,
    overwrite: bool = False,
    **options: Unpack[ReadKeywords],
) -> pd.DataFrame:
    """Tracks files and folders of recordings as `simgait track` does, and writes their reports.

    A recording that cannot be used stops no other. Walks that `out` holds, tracked in the same way
    from the same file, are kept: a call that was stopped goes on when it is made again.

    Args:
        inputs: files, or folders of them.
        out: folder for the results: one per walk, index.html, summary.csv, of a visit visit.html.
        height_m: the person's height; None = what each recording says.
        policy: from `load_policy`, or its folder; None = the released one.
        min_frames: shortest walk at 30 Hz, as for `track`.
        opinions: ask every companion about each walk, for its report.
        twin: let the physics walk its normative twin, as for `track`.
        reference: file of healthy people for GDI and GPS, tracked by the same policy.
        norms: table of your own normal ranges, as for `track`.
        one_visit: all are walks of one person before one camera that did not move.
        distances_m: of a visit, by the files' names, as for `track_visit`.
        overwrite: track again, and replace, what `out` holds from other settings.
        options: facts that the files do not hold, see `ReadKeywords`; of all of them.

    Returns:
        summary.csv: a row per walk of all calls into `out`, and per failed recording its "failure".

    Raises:
        InputError: an input does not exist, none is a recording, `out` cannot be written or holds
            walks of other settings, there is no such policy, or the inputs are of no one visit.
    """
    import pandas as pd

    from simgait.cohort.one_visit import visit_of

    visit = visit_of(one_visit, distances_m)
    asked, chosen = _asked(height_m, min_frames, options, opinions, twin, policy, reference, norms)
    from simgait.cohort.inputs import recordings_in
    from simgait.cohort.results_folder import track_into
    from simgait.files import check_output_folder

    files = recordings_in(_paths(inputs), exclude=(folder := Path(out)))
    check_output_folder(folder)
    for _ in track_into(folder, chosen, files, asked, visit=visit, overwrite=overwrite):
        pass
    return pd.read_csv(folder / "summary.csv", dtype={"trial": str, "subject": str})


def evaluate(
    truth: PathLike | pd.DataFrame,
    estimate: PathLike | pd.DataFrame,
    *,
    measures: Sequence[str] = (),
    id_column: str | None = None,
    subject_column: str | None = None,
    usable_only: bool = False,
    trained_on: PathLike | None = None,
    tracker: str | None = None,
) -> AgreementResult:
    """Compares estimates with a truth, walk by walk: bias, limits of agreement, slope, reliability.

    Args:
        truth: CSV file or table with one row per walk: trial_id (or trial), subject_id (or
            subject) where people walked several times, and columns with their unit in the name
            (velocity_mps, step_length_left_m).
        estimate: the same for what is under test; summary.csv of `simgait track` as it is.
        measures: columns to compare; empty = all with a unit in their name that both have.
        id_column: that names the walk, if called otherwise.
        subject_column: that says whose walk it is, if called otherwise.
        usable_only: leave out the numbers that simgait's own table says are not to be used.
        trained_on: file with the people whom the method was trained on; walks of them are refused.
        tracker: what to call the method.

    Raises:
        InputError: a table cannot be read, or the two do not go together.
    """
    from simgait.agreement_result import AgreementResult
    from simgait.compare.two_tables import compare_tables

    with tempfile.TemporaryDirectory(prefix="simgait-tables-") as folder:
        compared = compare_tables(
            _table_file(truth, Path(folder) / "truth"),
            _table_file(estimate, Path(folder) / "estimate"),
            measures=measures,
            id_column=id_column,
            subject_column=subject_column,
            usable_only=usable_only,
            trained_on=None if trained_on is None else Path(trained_on),
            tracker=tracker,
        )
    return AgreementResult(compared)


def _asked(
    height_m: float | None,
    min_frames: int | None,
    options: ReadKeywords,
    opinions: bool,
    twin: bool,
    policy: Policy | PathLike | None,
    reference: PathLike | None,
    norms: PathLike | None,
) -> tuple[TrackOptions, Policy]:
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.compare.norm_file import chosen_norms
    from simgait.gait.known_scores import own_reference
    from simgait.limits import check_height
    from simgait.pipeline import TrackOptions, check_min_frames
    from simgait.recordings.options import ReadOptions
    from simgait.recordings.said import check_said
    from simgait.tracking.policies import Policy

    check_keywords(options, [field.name for field in fields(ReadOptions)])
    said = ReadOptions(**options)
    check_said(said)
    check_min_frames(min_frames, "min_frames")
    height_m = check_height(height_m, "height_m")
    chosen = policy if isinstance(policy, Policy) else load_policy(policy)
    own = own_reference(reference, chosen.sha256)
    settings = TrackOptions(
        height_m, said, min_frames, opinions=opinions, twin=twin, reference=own,
        norms=chosen_norms(norms, own),
    )  # fmt: skip
    return settings, chosen


def _paths(inputs: PathLike | Sequence[PathLike]) -> list[Path]:
    given = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    if not given:
        raise InputError("no inputs are given; name recordings, or folders of them.")
    return [Path(path) for path in given]


def _prepared(recording: PathLike | Recording, options: TrackOptions) -> list[PreparedWalk]:
    from simgait import pipeline
    from simgait.recordings.said import refuse_read_already
    from simgait.types import Recording

    if not isinstance(recording, Recording):
        if Path(recording).is_dir():
            raise InputError(
                f"{Path(recording).name}: this is a folder; simgait.track_files tracks every "
                "recording in one."
            )
        return pipeline.walks_of_file(Path(recording), options)
    refuse_read_already([recording], options.reader)
    return pipeline.walks_in_memory(recording, options)


def _tracked(walks: list[PreparedWalk], policy: Policy) -> list[WalkResult]:
    from simgait.pipeline import track_and_analyse
    from simgait.walk_result import results_of

    return results_of(track_and_analyse(policy, walks), policy)


def _table_file(table: PathLike | pd.DataFrame, path: Path) -> Path:
    """The file of a table; one in memory is written to `path` first, in full precision."""
    if isinstance(table, (str, os.PathLike)):
        return Path(table)
    (table if table.index.name is None else table.reset_index()).to_csv(path, index=False)
    return path
