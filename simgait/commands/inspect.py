"""`simgait inspect`: what is in a recording, which walks, how good; nothing is tracked."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.commands import options
from simgait.commands.progress import Progress, plain_line
from simgait.errors import InputError, StandingTrialError
from simgait.parameters.wording import counted
from simgait.telling import heard_by

if TYPE_CHECKING:
    from simgait.cohort.inputs import InputFile
    from simgait.trials.quality import Quality
    from simgait.types import Recording, Trial

LESS_THAN_A_CYCLE = "too short for a full gait cycle, only what single steps tell"
EPILOG = """\
examples:
  simgait inspect walk.npz --height 1.72
  simgait inspect session/ treadmill.c3d
      every recording in a folder, and one more, in short
"""


@dataclass(frozen=True)
class WalkView:
    """A straight walk that was found in a recording.

    Attributes:
        trial: as it would be tracked.
        quality: verdict on its keypoints.
        refusal: why it could not be tracked, empty where it could.
    """

    trial: Trial
    quality: Quality
    refusal: str


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "inspect",
        help="show what is in a recording, without tracking it",
        description="Show what simgait found in a recording, which straight walks it would track, "
        "and how good their keypoints are; of a folder or of several, every recording in short.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="a recording, or a folder of them; or several"
    )
    parser.add_argument(
        "--min-frames", type=int, metavar="N", help="shortest walk in frames of 1/30 s"
    )
    options.add_reader_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what is there. Returns 1 where something could not be tracked."""
    paths = [Path(given) for given in arguments.inputs]
    from simgait.recordings.detectors.frame_files import is_frame_folder

    if len(paths) == 1 and (not paths[0].is_dir() or is_frame_folder(paths[0])):
        return inspect_file(paths[0], arguments)
    return inspect_several(paths, arguments)


def inspect_file(path: Path, arguments: argparse.Namespace) -> int:
    """Everything about one recording.

    Raises:
        InputError: it cannot be read, or holds no walk.
    """
    print(f"reading {path.name} ...", flush=True)
    options.warn_of_names(arguments, [path.name])
    with heard_by(plain_line):
        recording = options.read_as_told(arguments, path, to_track=True)
    _show("recording", recording_facts(recording))
    for note in recording.notes:
        print(f"  note: {note}")
    try:
        views = walks_of(recording, arguments.min_frames)
    except StandingTrialError as standing:
        print(f"\n{standing}")
        return 0
    for view in views:
        print()
        _show(f"walk {view.trial.trial_id}", trial_facts(view.trial) | cycle_facts(view.quality))
        print(f"  keypoints: {level_text(view.quality)}")
        for line in listed(view):
            print(line)
        for note in view.trial.notes:
            if note not in recording.notes:
                print(f"  note: {note}")
    return int(all(view.refusal for view in views))


def inspect_several(paths: Sequence[Path], arguments: argparse.Namespace) -> int:
    """One line for each recording in files and folders, and for each walk; failures on stderr."""
    print(f"reading {', '.join(path.name or str(path) for path in paths[:3])} ...", flush=True)
    from simgait.cohort.inputs import failure_sentence, recordings_in, video_notes

    files = recordings_in(paths)
    options.warn_of_names(arguments, [file.label for file in files])
    for note in video_notes(paths, files):
        print(f"note: {note}", flush=True)
    failed = walks = standing = 0
    with Progress(len(files), "recording") as progress, heard_by(progress.tell):
        for file in files:
            progress.tell(f"reading {file.label}", quiet=True)
            try:
                recording = read_input(file, arguments)
                views = walks_of(recording, arguments.min_frames)
            except StandingTrialError:
                standing += 1
                progress.line(f"{file.label}: standing trial, nothing to track")
                views = None
            except Exception as error:  # noqa: BLE001 - one file must not take the others with it
                failed += 1
                sentence = failure_sentence(file.label, error)
                progress.line(f"simgait: {file.label}: {sentence}", error=True)
                views = None
            progress.finished(file.label)
            if views is None:
                continue
            for line in in_short(file.label, recording, views):
                progress.line(line)
            failed += all(view.refusal for view in views)
            walks += sum(not view.refusal for view in views)
    also = f", {counted(standing, 'standing trial')}" if standing else ""
    print(
        f"Walks to track: {walks}, in {len(files) - failed - standing} of "
        f"{counted(len(files), 'recording')}{also}; simgait inspect FILE tells more of one."
    )
    return 1 if failed else 0


def read_input(file: InputFile, arguments: argparse.Namespace) -> Recording:
    """Reads one of the recordings of a folder; raises InputError where it cannot be."""
    return options.read_as_told(arguments, file.readable(), to_track=True)


def in_short(label: str, recording: Recording, views: Sequence[WalkView]) -> Iterator[str]:
    """The lines on one recording and its walks."""
    yield f"{label}: {recording_facts(recording)['frames']}, {recording.source_format}"
    for view in views:
        facts = trial_facts(view.trial)
        speed = f", pelvis {facts['pelvis speed']}" if "pelvis speed" in facts else ""
        yield f"  walk {view.trial.trial_id}{speed}, keypoints {level_text(view.quality)}"
        yield from listed(view)


def walks_of(recording: Recording, min_frames: int | None = None) -> list[WalkView]:
    """The straight walks of a recording and what can be said of them before tracking.

    Raises:
        InputError: there is none, and why.
    """
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.pipeline import preparation_for
    from simgait.trials.preparation import prepare
    from simgait.trials.quality import assess

    config = preparation_for(recording, min_frames)
    views = []
    for trial in prepare(recording, config):
        quality = assess(trial, recording.belt_speed_mps)
        views.append(WalkView(trial, quality, _refusal(trial)))
    return views


def _refusal(trial: Trial) -> str:
    """Why no body fits these legs; empty where one does."""
    from simgait.body.fit import measure_dimensions

    try:
        measure_dimensions(trial)
    except InputError as error:
        return str(error)
    return ""


def listed(view: WalkView) -> Iterator[str]:
    """The lines on what is doubtful about a walk."""
    from simgait.report.words import sentences

    for reason in sentences(view.quality.findings):
        yield f"    - {reason}"
    if view.refusal:
        yield f"    - Cannot be tracked: {view.refusal}"


def level_text(quality: Quality) -> str:
    """How good the keypoints are, and whether there are enough of them for a gait cycle."""
    too_short = quality.metrics["cycles"] < 1.0
    return quality.level + (f"; {LESS_THAN_A_CYCLE}" if too_short else "")


def cycle_facts(quality: Quality) -> dict[str, Any]:
    """How many strides there are, by the feet passing each other.

    Gait cycles are another count: of one foot, from contact to contact, known after tracking.
    """
    strides = quality.metrics["cycles"]
    return {"strides": f"about {strides:g}, by how often the feet pass each other"}


def recording_facts(recording: Recording) -> dict[str, Any]:
    """What a person wants to know of a recording before tracking it."""
    import numpy as np

    seen = np.isfinite(recording.keypoints_m).all(axis=-1).mean(axis=0)
    height = recording.height_m
    mass = recording.mass_kg
    return {
        "id": recording.recording_id,
        "subject": recording.subject_id or "not said",
        "people": ", ".join(f"{i}: {name}" for i, name in enumerate(recording.people, 1)) or None,
        "format": recording.source_format,
        "frames": f"{len(recording.time_s)} at {recording.fps_hz:.5g} Hz, "
        f"{recording.time_s[-1] - recording.time_s[0]:.2f} s",
        "height": "not said" if height is None else f"{height:.2f} m",
        "mass": "not said" if mass is None else f"{mass:.1f} kg",
        "positions": "measured (markers)" if recording.scale_is_metric else "a detector's",
        "pelvis travels": "yes" if recording.pelvis_travels else "no",
        "belt speed": None
        if recording.belt_speed_mps is None
        else f"{recording.belt_speed_mps:.2f} m/s",
        "foot events": len(recording.events),
        "force plates": len(recording.force_plates),
        "lab's own angles": "yes" if recording.reference_angles_rad is not None else "no",
        "keypoints": ", ".join(
            name if share > 0.995 else f"{name} ({100 * share:.0f} %)"
            for name, share in zip(recording.keypoint_names, seen, strict=True)
        ),
        "in the pictures": image_sd_text(recording),
    }


def image_sd_text(recording: Recording) -> str | None:
    """How far off the keypoints' places in the pictures are; None where nobody knows."""
    import numpy as np

    sd_px = recording.image_sd_px
    if sd_px is None or not np.isfinite(sd_px).any():
        return None
    known = np.isfinite(sd_px).any(axis=0)
    names = np.array(recording.keypoint_names)[known]
    typical = np.nanmedian(sd_px[:, known], axis=0)
    best, worst = int(np.argmin(typical)), int(np.argmax(typical))
    return (
        f"± {np.nanmedian(sd_px):.1f} px (SD, median; from {names[best]} {typical[best]:.1f} to "
        f"{names[worst]} {typical[worst]:.1f})"
    )


def trial_facts(trial: Trial) -> dict[str, Any]:
    """What a person wants to know of a walk before tracking it."""
    import numpy as np

    from simgait.parameters.catalogue import parameter
    from simgait.trials.walking import points_cadence_spm

    facts: dict[str, Any] = {
        "from": f"{trial.start_s:.2f} s, {trial.n_frames} frames at 30 Hz",
        "height": f"{trial.height_m:.2f} m",
        "scale applied": f"{trial.keypoint_scale:.3f}",
    }
    known = np.flatnonzero(trial.pelvis_path_mask)
    if len(known) > 1:
        way = trial.believed_path_m[known[-1], 0] - trial.believed_path_m[known[0], 0]
        seconds = trial.time_s[known[-1]] - trial.time_s[known[0]]
        facts["pelvis speed"] = f"{way / seconds:.2f} m/s"
    cadence = parameter("cadence_spm")
    cadence_spm = points_cadence_spm(trial)
    if np.isfinite(cadence_spm):
        # Defined as everywhere, 120 over the stride time; track reads it from the simulated body.
        shown = f"{cadence.display.text(cadence_spm)} {cadence.display.unit.symbol}"
        facts[cadence.label.lower()] = f"{shown}, by the keypoints alone"
    return facts


def _show(title: str, facts: dict[str, Any]) -> None:
    print(title)
    for name, value in facts.items():
        if value is not None:
            print(f"  {name:<17}{value}")
