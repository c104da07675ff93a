"""`simgait convert` and `simgait inspect`: what is in a recording, and simgait's format of it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from simgait.commands import options
from simgait.recording.types import InputError, Recording, Trial


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare both commands."""
    convert = commands.add_parser(
        "convert",
        help="write a recording in simgait's own format",
        description="Read a recording and write it as simgait's own .npz: joint centres and "
        "keypoints in metres with names, times and events (docs/recording-format.md).",
        epilog="example:\n  simgait convert walk.c3d -o walk.npz",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument("input", metavar="INPUT")
    convert.add_argument("-o", "--out", required=True, metavar="FILE.npz")
    convert.add_argument("--overwrite", action="store_true", help="replace FILE.npz if it exists")
    options.add_reader_options(convert)
    convert.set_defaults(run=run_convert)

    inspect = commands.add_parser(
        "inspect",
        help="show what is in a recording, without tracking it",
        description="Show what simgait found in a recording, which straight walks it would track, "
        "and how good their keypoints are.",
        epilog="example:\n  simgait inspect walk.npz --height 1.72",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    inspect.add_argument("input", metavar="INPUT")
    inspect.add_argument(
        "--min-frames", type=int, metavar="N", help="shortest walk in frames of 1/30 s"
    )
    options.add_reader_options(inspect)
    inspect.set_defaults(run=run_inspect)


def _read(arguments: argparse.Namespace) -> Recording:
    from simgait.recording.read import read_recording

    height_m = options.checked_height(arguments.height)
    recording = read_recording(arguments.input, **options.reader_options(arguments))
    return recording if height_m is None else replace(recording, height_m=height_m)


def run_convert(arguments: argparse.Namespace) -> int:
    """Read and write."""
    from simgait.recording.npz_format import write_npz

    out = Path(arguments.out)
    if out.suffix.lower() != ".npz":
        raise InputError(f"{out.name}: simgait's own format ends in .npz; name the file so.")
    if out.exists() and not arguments.overwrite:
        raise InputError(f"{out.name}: exists already; give --overwrite to replace it.")
    recording = _read(arguments)
    write_npz(out, recording)
    print(f"{out}: {len(recording.time_s)} frames, {len(recording.keypoint_names)} keypoints")
    return 0


def run_inspect(arguments: argparse.Namespace) -> int:
    """Print what is there. Returns 1 where nothing could be tracked."""
    recording = _read(arguments)
    _show("recording", recording_facts(recording))
    for note in recording.notes:
        print(f"  note: {note}")

    from simgait.cohort.options import TrackOptions, preparation_for
    from simgait.recording.prepare import prepare
    from simgait.recording.quality import assess

    config = preparation_for(recording, TrackOptions(min_frames=arguments.min_frames))
    for trial in prepare(recording, config):
        print()
        _show(f"walk {trial.trial_id}", trial_facts(trial))
        quality = assess(trial, recording.belt_speed_mps)
        print(f"  keypoints: {quality.level}")
        for reason in quality.reasons:
            print(f"    - {reason}")
        for note in trial.notes:
            if note not in recording.notes:
                print(f"  note: {note}")
    return 0


def recording_facts(recording: Recording) -> dict[str, Any]:
    """What a person wants to know of a recording before tracking it."""
    import numpy as np

    seen = np.isfinite(recording.keypoints_m).all(axis=-1).mean(axis=0)
    height = recording.height_m
    mass = recording.mass_kg
    return {
        "id": recording.recording_id,
        "subject": recording.subject_id or "not said",
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
    }


def trial_facts(trial: Trial) -> dict[str, Any]:
    """What a person wants to know of a walk before tracking it."""
    import numpy as np

    facts: dict[str, Any] = {
        "from": f"{trial.start_s:.2f} s, {trial.n_frames} frames at 30 Hz",
        "height": f"{trial.height_m:.2f} m",
        "scale applied": f"{trial.keypoint_scale:.3f}",
    }
    known = np.flatnonzero(trial.pelvis_path_mask)
    if len(known) > 1:
        way = trial.pelvis_path_m[known[-1], 0] - trial.pelvis_path_m[known[0], 0]
        seconds = trial.time_s[known[-1]] - trial.time_s[known[0]]
        facts["pelvis speed"] = f"{way / seconds:.2f} m/s"
    return facts


def _show(title: str, facts: dict[str, Any]) -> None:
    print(title)
    for name, value in facts.items():
        if value is not None:
            print(f"  {name:<17}{value}")
