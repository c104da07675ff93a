"""One recording from file to report, one call for each stage.

    recording, source = read(path, options)               recordings
    walks = prepare_walks(recording, source, options)     trials
    tracked = track_walks(policy, walks)                  body, tracking
    analysed = analyse_walk(walk, tracked, policy)        gait, intervals, verdict
    write_report(folder, analysed, policy)                report

`walks_of_file`, `walks_in_memory` are the first two, `track_and_analyse` the next; `cohort`: many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from simgait.body.fit import FitConfig, measure_dimensions
from simgait.body.footing import FootingConfig
from simgait.certainty.intervals import holding_the_belts_speed, with_known_intervals
from simgait.certainty.widths import released_widths
from simgait.errors import InputError
from simgait.estimators.companion import TrackedWalk
from simgait.gait.analyse import analyse_rollout
from simgait.gait.known_scores import reference_record, with_known_scores
from simgait.gait.recorded import analyse_truth
from simgait.gait.scores import ScoreReference
from simgait.gait_result import GaitResult
from simgait.parameters.norm_rows import NormTable
from simgait.provenance import bytes_sha256, collect_provenance, readable_sha256
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.person_facts import person_facts
from simgait.recordings.read import read_recording, reader_for
from simgait.report.trial.body_in_picture import OVERLAY, overlay_writer
from simgait.report.trial.measure import fit_error_median_mm
from simgait.report.trial.opinions import CompanionSays, ask_companions
from simgait.report.trial.plates import plates_seen
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.twin_walk import TwinWalk, twin_record
from simgait.report.trial.verdict import Verdict, findings_record, judge, verdict_record
from simgait.resources import resource_dir
from simgait.skeleton.dimensions import Dimensions
from simgait.tracking.inference import InferenceConfig
from simgait.tracking.policies import Policy, load_policy
from simgait.tracking.track import track_trials
from simgait.trials.joint_definitions import KnownAs, known_by
from simgait.trials.person_size import height_notes
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import Quality, assess
from simgait.twin_walks import walk_twin
from simgait.types import Recording, TrackedTrial, Trial

DEFAULT_POLICY = "default"
# Markers are exact: a walk of a few steps says something; a detector's noise takes the paper's 75.
MIN_FRAMES_MARKERS = 30
# Where no straight walk of a detector's is that long, 1.2 s are taken: a step says something too.
MIN_FRAMES_ALONE = 36
LEAST_FRAMES = 10  # as `PreparationConfig.min_frames` allows


@dataclass(frozen=True)
class TrackOptions:
    """What a person says about a recording.

    Attributes:
        height_m: of the person; None = what the file says.
        reader: what else is said about the file; its height stays unsaid.
        min_frames: shortest walk (1/30 s); None = what `preparation_for` says.
        keep_video: write a video with the simulated body on it, where a video was read.
        opinions: ask every companion about the walk.
        twin: of these opinions, let the physics walk the normative twin that one of them makes.
        reference: the user's healthy people for its scores (`gait.known_scores.own_reference`).
        norms: the user's normal ranges (`compare.norm_file.own_norms`).
    """

    height_m: float | None = None
    reader: ReadOptions = NOTHING_SAID
    min_frames: int | None = None
    keep_video: bool = False
    opinions: bool = False
    twin: bool = False
    reference: ScoreReference | None = None
    norms: NormTable | None = None

    @property
    def said(self) -> ReadOptions:
        """All that is said, the height with it."""
        return replace(self.reader, height_m=self.height_m)


@dataclass(frozen=True)
class Source:
    """Name of a recording's file, its hash, and the options it was read with, for the provenance.

    Of one in memory: its id, and the hash of its keypoints.
    """

    file: str
    sha256: str
    reader: ReadOptions = NOTHING_SAID


@dataclass(frozen=True)
class PreparedWalk:
    """A straight walk ready to be tracked.

    Attributes:
        belt_speed_mps: what the walk's path was made with on a treadmill, given or estimated.
        visit: what it shares with which other walks, for the provenance; None for a walk alone.
        recording: that it is of, where its video is to be written, companions are asked, or force
            plates saw it.
        options: what was said of it.
    """

    trial: Trial
    dims: Dimensions
    quality: Quality
    preparation: PreparationConfig
    source: Source
    belt_speed_mps: float | None = None
    visit: Mapping[str, Any] | None = None
    recording: Recording | None = None
    options: TrackOptions = TrackOptions()


@dataclass(frozen=True)
class AnalysedWalk:
    """A walk that went through all stages.

    Attributes:
        tracked: the trial, the fitted body, the simulated body's walk.
        gait: of the simulated body.
        verdict: whether it may be used.
        truth: gait by what the recording itself knows of the walk, None where it knows nothing.
        opinions: what companions say of it, None where they were not asked.
        twin: what became of its normative twin in the physics, None where nobody asked.
    """

    prepared: PreparedWalk
    tracked: TrackedTrial
    gait: GaitResult
    verdict: Verdict
    truth: GaitResult | None = None
    opinions: tuple[CompanionSays, ...] | None = None
    twin: TwinWalk | None = None


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
    needed = options.keep_video or options.opinions
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


def check_min_frames(min_frames: int | None, where: str) -> None:
    """A shortest walk in frames that can be one, or None.

    Raises:
        InputError: fewer than can make a walk.
    """
    if min_frames is not None and min_frames < LEAST_FRAMES:
        raise InputError(
            f"{where}: {min_frames} frames are too few for a walk; "
            f"give --min-frames {LEAST_FRAMES} or more."
        )


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
    own = walk.options.reference
    gait = with_known_scores(analyse_rollout(tracked.rollout), policy.sha256, own)
    gait = with_known_intervals(gait, tracked, walk.quality.metrics, policy.sha256)
    if tracked.trial.path_basis == "belt_said":
        gait = holding_the_belts_speed(gait, walk.belt_speed_mps)
    verdict = judge(tracked.trial, tracked.rollout, gait, walk.quality)
    truth = analyse_truth(tracked.trial, tracked.dims) if with_truth else None
    opinions = None
    if walk.options.opinions and walk.recording is not None:
        trial = replace(walk.trial, truth=None)
        asked = TrackedWalk(walk.recording, trial, gait, policy.sha256)
        opinions = ask_companions(asked)
    twin = walk_twin(opinions or (), policy) if walk.options.twin else None
    return AnalysedWalk(walk, tracked, gait, verdict, truth, opinions, twin)


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


def walk_provenance(walk: AnalysedWalk, policy: Policy) -> dict[str, Any]:
    """Everything needed to make this walk's numbers again, and what became of it."""
    prepared, tracked, own_norms = walk.prepared, walk.tracked, walk.prepared.options.norms
    return collect_provenance(
        {
            "reader": prepared.source.reader.record(),
            "belt_speed_mps": prepared.belt_speed_mps,
            "preparation": prepared.preparation.model_dump(),
            "fit": FitConfig().model_dump(),
            "footing": FootingConfig().model_dump(),
            "inference": InferenceConfig().model_dump(),
            "tracking": policy.config.tracking.model_dump(),
            "height_m": prepared.trial.height_m,
            "mass_kg": float(prepared.dims.mass_kg),
            "body": {name: float(value) for name, value in asdict(tracked.dims).items()},
        },
        policy={
            "name": policy_name(policy),
            "sha256": policy.sha256,
            "steps": policy.card.get("steps"),
        },
        input={
            "file": prepared.source.file,
            "sha256": prepared.source.sha256,
            "format": prepared.trial.source_format,
            "height_estimated": prepared.trial.height_is_estimated,
            "measured": prepared.trial.scale_is_metric,
        },
        intervals_sha256=None if walk.gait.certainty is None else released_widths().sha256,
        score_reference=reference_record(walk.gait),
        quality={
            **prepared.quality.metrics,
            "fit_error_median_mm": fit_error_median_mm(tracked.fitted.fit_error_m),
        },
        notes=list(prepared.trial.notes),
        verdict=verdict_record(walk.verdict),
        findings=findings_record(walk.verdict),
        rollout={"attempts": tracked.rollout.attempts, "fell": tracked.rollout.fell},
        **({} if walk.twin is None else {"twin": twin_record(walk.twin)}),
        **({} if own_norms is None else {"norms_sha256": own_norms.sha256}),
        **({} if prepared.visit is None else {"visit": dict(prepared.visit)}),
    )


def find_policy(
    folder: str | os.PathLike[str] | None = None, *, trust_plugins: bool = False
) -> Policy:
    """Loads a policy: of the folder given, else of the one in $SIMGAIT_POLICY, else the released.

    Raises:
        InputError: there is none, it is damaged, or it needs modules that are not trusted.
    """
    chosen = folder or os.environ.get("SIMGAIT_POLICY")
    if not chosen:
        released = resource_dir("policies") / DEFAULT_POLICY
        if not released.is_dir():
            raise InputError(
                "This installation has no released policy; install simgait again, or name the "
                "folder of a trained one with --policy."
            )
        return load_policy(released)
    if not Path(chosen).is_dir():
        raise InputError(
            f"{Path(chosen).name}: there is no such policy folder; check --policy, or "
            "$SIMGAIT_POLICY."
        )
    return load_policy(Path(chosen), trust_plugins=trust_plugins)


def policy_name(policy: Policy) -> str:
    """What its card calls a policy, else its recipe."""
    return str(policy.card.get("name") or policy.config.name)
