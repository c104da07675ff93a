"""Many recordings through the tracker: one function per step, and no failure stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from simgait.body.fit import FitConfig, measure_dimensions
from simgait.body.footing import FootingConfig
from simgait.cohort.inputs import InputFile, failure_sentence
from simgait.cohort.options import TrackOptions, preparation_for
from simgait.cohort.truth import analyse_truth
from simgait.errors import InputError
from simgait.gait.analyse import analyse_rollout
from simgait.learning.checkpoints import Policy
from simgait.learning.tracker import TrackedTrial, track_trials
from simgait.provenance import collect_provenance
from simgait.recordings.read import read_recording
from simgait.report.trial.measure import fit_error_median_mm
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import Verdict, judge
from simgait.skeleton.dimensions import Dimensions
from simgait.tracking.inference import InferenceConfig
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import Quality, assess
from simgait.types import GaitResult, Recording, Trial

BATCH = 64


@dataclass(frozen=True)
class Prepared:
    """A trial ready to be tracked, and where it comes from.

    Attributes:
        reader: the options that its file was read with, None where not given.
        belt_speed_mps: what the trial's path was made with on a treadmill, given or estimated.
    """

    label: str
    trial: Trial
    dims: Dimensions
    quality: Quality
    preparation: PreparationConfig
    input_sha256: str
    reader: Mapping[str, Any] = field(default_factory=dict)
    belt_speed_mps: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one trial (or of a file that gave none): results, or a sentence why not."""

    label: str
    trial_id: str
    failure: str = ""
    prepared: Prepared | None = None
    tracked: TrackedTrial | None = None
    result: GaitResult | None = None
    verdict: Verdict | None = None
    folder: str = ""


def prepare_file(file: InputFile, options: TrackOptions) -> list[Prepared]:
    """Reads and prepares one file.

    Returns:
        One entry per straight walking bout.

    Raises:
        InputError: nothing in the file can be tracked, and why.
    """
    if file.failure:
        raise InputError(file.failure)
    recording = read_recording(file.path, **options.reader)
    notes = _height_notes(recording, options.height_m)
    config = preparation_for(recording, options)
    trials = prepare(recording, config, height_m=options.height_m)
    sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
    return [
        Prepared(
            label=file.label,
            trial=replace(trial, notes=(*notes, *trial.notes)),
            dims=measure_dimensions(trial),
            quality=assess(trial, recording.belt_speed_mps),
            preparation=config,
            input_sha256=sha256,
            reader=options.reader,
            belt_speed_mps=recording.belt_speed_mps,
        )
        for trial in trials
    ]


def _height_notes(recording: Recording, height_m: float | None) -> tuple[str, ...]:
    own = recording.height_m
    if height_m is None or own is None or abs(own - height_m) < 0.03:
        return ()
    return (f"Height: the {height_m:.2f} m given were used, though the file says {own:.2f} m.",)


def track_batch(policy: Policy, batch: Sequence[Prepared]) -> list[Outcome]:
    """Tracks prepared trials together; where the batch fails, one by one, to find the culprit."""
    if not batch:
        return []
    try:
        tracked = track_trials(policy, [p.trial for p in batch], [p.dims for p in batch])
        return [_analysed(*pair) for pair in zip(batch, tracked, strict=True)]
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        if len(batch) == 1:
            return [_failed(batch[0], error)]
    return [outcome for one in batch for outcome in track_batch(policy, [one])]


def _analysed(prepared: Prepared, tracked: TrackedTrial) -> Outcome:
    result = analyse_rollout(tracked.rollout)
    verdict = judge(tracked.trial, tracked.rollout, result, prepared.quality)
    return Outcome(prepared.label, tracked.trial.trial_id, "", prepared, tracked, result, verdict)


def _failed(prepared: Prepared, error: Exception) -> Outcome:
    return Outcome(prepared.label, prepared.trial.trial_id, failure_sentence(prepared.label, error))


def write_outcome(
    out: Path, folder: str, outcome: Outcome, policy: Policy, policy_name: str
) -> Outcome:
    """Writes the report of a tracked trial into `out`/`folder`; says so where it cannot."""
    prepared, tracked, result = outcome.prepared, outcome.tracked, outcome.result
    if prepared is None or tracked is None or result is None:
        return outcome
    try:
        write_trial_report(
            out / folder,
            trial=tracked.trial,
            rollout=tracked.rollout,
            result=result,
            quality=prepared.quality,
            provenance=trial_provenance(prepared, policy, policy_name, tracked),
            truth_result=analyse_truth(tracked.trial, tracked.dims),
            fit_error_m=tracked.refined.reference.fit_error_m,
        )
    except Exception as error:  # noqa: BLE001 - one trial must not take the others with it
        return Outcome(outcome.label, outcome.trial_id, failure_sentence(outcome.label, error))
    return replace(outcome, folder=folder)


def trial_provenance(
    prepared: Prepared, policy: Policy, policy_name: str, tracked: TrackedTrial
) -> dict[str, Any]:
    """Everything needed to make this trial's numbers again, and what became of it."""
    fit_error_m = tracked.refined.reference.fit_error_m
    return collect_provenance(
        {
            "reader": _reader_record(prepared.reader),
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
            "name": policy_name,
            "sha256": policy.sha256,
            "steps": policy.card.get("steps"),
        },
        input={
            "file": Path(prepared.label).name,
            "sha256": prepared.input_sha256,
            "format": prepared.trial.source_format,
        },
        quality={
            **prepared.quality.metrics,
            "fit_error_median_mm": fit_error_median_mm(fit_error_m),
        },
        notes=list(prepared.trial.notes),
        rollout={"attempts": tracked.rollout.attempts, "fell": tracked.rollout.fell},
    )


def _reader_record(reader: Mapping[str, Any]) -> dict[str, Any]:
    """The options given, files by their name alone; the person's code changes no number."""
    return {
        name: value.name if isinstance(value, PurePath) else value
        for name, value in reader.items()
        if value is not None and name != "subject_id"
    }


def track_files(
    policy: Policy,
    policy_name: str,
    files: Iterable[InputFile],
    options: TrackOptions,
    out: Path,
    *,
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Outcome]:
    """Tracks every file and writes its reports; yields one outcome per trial or failed file.

    Args:
        policy: from `learning.load_policy`.
        policy_name: for the provenance.
        files: from `cohort.inputs.find_inputs`.
        options: what is known about all of them.
        out: folder of the results, one folder per trial in it.
        overwrite: replace the results of trials that have some.
        tell: gets a line now and then on what is going on.
    """
    names = FolderNames(out, overwrite)
    waiting: list[tuple[str, Prepared]] = []

    def flush() -> Iterator[Outcome]:
        if waiting:
            tell(f"tracking {len(waiting)} trial{'' if len(waiting) == 1 else 's'} ...")
        outcomes = track_batch(policy, [p for _, p in waiting])
        folders = [folder for folder, _ in waiting]
        waiting.clear()
        for folder, outcome in zip(folders, outcomes, strict=True):
            yield write_outcome(out, folder, outcome, policy, policy_name)

    for file in files:
        try:
            ready = prepare_file(file, options)
        except Exception as error:  # noqa: BLE001 - one file must not take the others with it
            yield Outcome(file.label, Path(file.label).stem, failure_sentence(file.label, error))
            continue
        for prepared in ready:
            try:
                trial_id = names.take(prepared.trial)
            except InputError as error:
                sentence = failure_sentence(file.label, error)
                yield Outcome(file.label, prepared.trial.trial_id, sentence)
                continue
            trial = replace(prepared.trial, trial_id=trial_id)
            waiting.append((trial_id, replace(prepared, trial=trial)))
        if len(waiting) >= BATCH:
            yield from flush()
    yield from flush()


class FolderNames:
    """Hands out one folder name per trial, never the same twice, never one that holds results."""

    def __init__(self, out: Path, overwrite: bool) -> None:
        self._out, self._overwrite = out, overwrite
        self._taken: set[str] = set()

    def take(self, trial: Trial) -> str:
        """The trial's id; with its subject's before it, or a number behind it, if that is taken.

        Raises:
            InputError: the folder holds something already.
        """
        from simgait.files import safe_id

        own = safe_id(trial.trial_id)
        subject = safe_id(f"{trial.subject_id}-{trial.trial_id}") if trial.subject_id else own
        numbered = (f"{subject}-{n}" for n in range(2, 1_000_000))
        # Case aside, so that two trials do not share a folder on Windows and macOS.
        name = next(
            n for n in (own, subject, *_some(numbered, len(self._taken) + 1))
            if n.lower() not in self._taken
        )  # fmt: skip
        self._taken.add(name.lower())
        folder = self._out / name
        if not self._overwrite and folder.exists() and any(folder.iterdir()):
            raise InputError(
                f"the output folder {name} holds results already; give --overwrite to replace "
                "them, or another folder with -o."
            )
        return name


def _some(names: Iterator[str], count: int) -> Iterator[str]:
    return (next(names) for _ in range(count))
