"""One recording from file to report, one call for each stage.

    recording, source = read(path, options)               recordings
    walks = prepare_walks(recording, source, options)     trials
    tracked = track_walks(policy, walks)                  body, tracking
    analysed = analyse_walk(walk, tracked, policy)        gait, intervals, verdict
    write_report(folder, analysed, policy)                report

`walks_of_file`, `walks_in_memory` are the first two, `track_and_analyse` the next; `cohort`: many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simgait.body.fit import measure_dimensions
from simgait.certainty.intervals import holding_the_belts_speed, with_known_intervals
from simgait.errors import InputError
from simgait.estimators.companion import TrackedWalk
from simgait.gait.analyse import analyse_rollout
from simgait.gait.known_scores import with_known_scores
from simgait.gait.recorded import analyse_truth
from simgait.gait.scores import ScoreReference
from simgait.gait_result import GaitResult
from simgait.provenance import bytes_sha256, readable_sha256
from simgait.recordings.person_facts import person_facts
from simgait.recordings.read import read_recording, reader_for
from simgait.report.trial.body_in_picture import OVERLAY, overlay_writer
from simgait.report.trial.opinions import ask_companions
from simgait.report.trial.plates import plates_seen
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import Verdict, judge
from simgait.track_options import TrackOptions, check_min_frames
from simgait.tracking.policies import Policy, find_policy, policy_name
from simgait.tracking.track import track_trials
from simgait.trials.joint_definitions import KnownAs, known_by
from simgait.trials.person_size import height_notes
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import Quality, assess
from simgait.twin_walks import walk_twin
from simgait.types import Recording, TrackedTrial
from simgait.walk_provenance import walk_provenance
from simgait.walk_stages import AnalysedWalk, PreparedWalk, Source

__all__ = [
    "AnalysedWalk",
    "PreparedWalk",
    "Source",
    "TrackOptions",
    "analyse_walk",
    "check_min_frames",
    "find_policy",
    "judged_gait",
    "policy_name",
    "preparation_for",
    "prepare_walks",
    "read",
    "source_in_memory",
    "track_and_analyse",
    "track_walks",
    "walk_provenance",
    "walks_in_memory",
    "walks_of_file",
    "write_report",
]

# Markers are exact: a walk of a few steps says something; a detector's noise takes the paper's 75.
MIN_FRAMES_MARKERS = 30
# Where no straight walk of a detector's is that long, 1.2 s are taken: a step says something too.
MIN_FRAMES_ALONE = 36


def walks_of_file(path: Path, options: TrackOptions) -> list[PreparedWalk]:
    """Reads a file and prepares its straight walks, in order of time; never empty.

    Raises:
        InputError: nothing in the file can be tracked, and why.
    """
    recording, source = read(path, options)
    return prepare_walks(recording, source, options)


def walks_in_memory(recording: Recording, options: TrackOptions) -> list[PreparedWalk]:
    """Prepares the straight walks of a recording that is read already, or that no file holds.

    Raises:
        InputError: nothing in the recording can be tracked, and why.
    """
    return prepare_walks(recording, source_in_memory(recording), options)


def source_in_memory(recording: Recording) -> Source:
    """Of a recording that no file holds."""
    return Source(recording.recording_id, bytes_sha256(recording.keypoints_m.tobytes()))


def track_and_analyse(policy: Policy, walks: Sequence[PreparedWalk]) -> list[AnalysedWalk]:
    """Tracks walks together, reads their gait and judges it; one entry per walk.

    Raises:
        InputError: a person's measured legs are outside what people have.
    """
    tracked = track_walks(policy, walks)
    return [analyse_walk(walk, one, policy) for walk, one in zip(walks, tracked, strict=True)]


def read(path: Path, options: TrackOptions) -> tuple[Recording, Source]:
    """Reads one file; raises InputError where it cannot be."""
    reader_for(path, options.said, to_track=True)
    before = readable_sha256(path)
    recording = read_recording(path, options.said)
    if readable_sha256(path) != before:
        raise InputError(f"{path.name}: the file changed while it was read; track it again.")
    return recording, Source(path.name, before, options.reader)


def prepare_walks(
    recording: Recording, source: Source, options: TrackOptions, known_as: KnownAs = known_by
) -> list[PreparedWalk]:
    """Cuts a recording into straight walks in order of time, and measures body and quality of each.

    `known_as` tells where a detector's points have the joints; else the recording itself does.

    Raises:
        InputError: nothing in the recording can be tracked, and why.
    """
    config = preparation_for(recording, options.min_frames)
    notes = height_notes(recording, options.height_m)
    needed = options.keep_video or options.asks_companions
    return [
        PreparedWalk(
            trial=replace(trial, notes=(*notes, *trial.notes)),
            dims=measure_dimensions(trial),
            quality=assess(trial, recording.belt_speed_mps),
            preparation=config,
            source=source,
            belt_speed_mps=recording.belt_speed_mps,
            recording=recording if needed or recording.force_plates else None,
            options=options,
        )
        for trial in prepare(recording, config, height_m=options.height_m, known_as=known_as)
    ]


def preparation_for(recording: Recording, min_frames: int | None = None) -> PreparationConfig:
    """The limits of preparation for this kind of recording.

    Raises:
        InputError: fewer frames are asked for than can make a walk.
    """
    check_min_frames(min_frames, recording.recording_id)
    if min_frames is not None:
        return PreparationConfig(min_frames=min_frames)
    if recording.scale_is_metric:
        return PreparationConfig(min_frames=MIN_FRAMES_MARKERS)
    return PreparationConfig(min_frames_alone=MIN_FRAMES_ALONE)


def track_walks(
    policy: Policy,
    walks: Sequence[PreparedWalk],
    done: Callable[[int, float], None] = lambda walks, share: None,
    *,
    alike: bool = False,
) -> list[TrackedTrial]:
    """Fits the body to the walks and lets the policy drive it through them, all together.

    `done` is told now and then how many are tracked, and what share of the work is behind; `alike`
    is that of `tracking.track.track_trials`.

    Raises:
        InputError: a person's measured legs are outside what people have.
    """
    trials, people = [walk.trial for walk in walks], [walk.dims for walk in walks]
    return track_trials(policy, trials, people, done=done, alike=alike)


def analyse_walk(
    walk: PreparedWalk, tracked: TrackedTrial, policy: Policy, *, with_truth: bool = True
) -> AnalysedWalk:
    """Reads gait from the simulated body, scores it, says how far off it may be, and judges it.

    Without `with_truth` what the recording knows of the walk is not read: reports alone show it.

    Raises:
        InputError: the installation's file of intervals or of healthy people is absent or damaged.
    """
    gait, verdict = judged_gait(
        analyse_rollout(tracked.rollout), tracked, walk.quality, policy.sha256,
        own=walk.options.reference, belt_speed_mps=walk.belt_speed_mps,
    )  # fmt: skip
    truth = analyse_truth(tracked.trial, tracked.dims) if with_truth else None
    opinions = None
    if walk.options.asks_companions and walk.recording is not None:
        trial = replace(walk.trial, truth=None)
        asked = TrackedWalk(walk.recording, trial, gait, policy.sha256)
        opinions = ask_companions(asked)
    twin = walk_twin(opinions or (), policy) if walk.options.twin else None
    return AnalysedWalk(walk, tracked, gait, verdict, truth, opinions, twin)


def judged_gait(
    gait: GaitResult,
    tracked: TrackedTrial,
    quality: Quality,
    policy_sha256: str,
    *,
    own: ScoreReference | None = None,
    belt_speed_mps: float | None = None,
) -> tuple[GaitResult, Verdict]:
    """Scores a tracked walk's gait, says how far off it may be, and judges it.

    Args:
        gait: of the simulated body.
        tracked: the walk that it was read from.
        quality: of its keypoints.
        policy_sha256: of the policy that drove the body.
        own: the user's healthy people; None = those that belong to the policy.
        belt_speed_mps: as it was stated; None: there is no belt, or nobody said.

    Raises:
        InputError: the installation's file of intervals or of healthy people is absent or damaged.
    """
    gait = with_known_scores(gait, policy_sha256, own)
    gait = with_known_intervals(gait, tracked, quality.metrics, policy_sha256)
    if tracked.trial.path_basis == "belt_said":
        gait = holding_the_belts_speed(gait, belt_speed_mps)
    return gait, judge(tracked.trial, tracked.rollout, gait, quality)


def write_report(
    folder: Path,
    walk: AnalysedWalk,
    policy: Policy,
    extra: Mapping[str, Any] | None = None,
    more: Mapping[str, Callable[[Path], None]] | None = None,
) -> list[Path]:
    """Writes page, tables, motion files and provenance of a walk, all or none of them.

    Args:
        folder: made if it does not exist; files of the same names are replaced.
        walk: from `analyse_walk`.
        policy: that drove the body.
        extra: further entries for the provenance.
        more: further files that appear together with these: name -> what writes it.

    Raises:
        InputError: the folder cannot be written to.
    """
    prepared, rollout = walk.prepared, walk.tracked.rollout
    filmed = prepared.recording if prepared.options.keep_video else None
    overlay = filmed and overlay_writer(filmed, prepared.trial, rollout)
    return write_trial_report(
        folder, trial=walk.tracked.trial, rollout=rollout, result=walk.gait,
        provenance=walk_provenance(walk, policy) | dict(extra or {}),
        quality=prepared.quality, truth_result=walk.truth, opinions=walk.opinions,
        fit_error_m=walk.tracked.fitted.fit_error_m, has_film=bool(overlay),
        person=person_facts(prepared.source.reader),
        own_norms=prepared.options.norms,
        plates=plates_seen(prepared.recording, walk.tracked, walk.gait),
        twin=walk.twin,
        more={**(more or {}), **({OVERLAY: overlay} if overlay else {})},
    )  # fmt: skip
