"""The demonstration: a synthetic person whose gait is known, from a film or from keypoints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait import pipeline
from simgait.body.fit import fit_references, measure_dimensions
from simgait.gait.analyse import analyse_markers
from simgait.gait.recorded import world_keypoints
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameters
from simgait.parameters.parameter import Parameter, Pool
from simgait.pipeline import AnalysedWalk, PreparedWalk, TrackOptions
from simgait.recordings.read import read_recording
from simgait.report.trial.verdict import Verdict
from simgait.resources import resource_dir
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import Pattern, WalkerSpec, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.tracking.policies import Policy
from simgait.types import GaitEvent, Trial

# A slow adult with a weak right leg, of the test split: no policy has seen this walker.
PATIENT = walker_seed("test", 9_000_002)
PATTERN: Pattern = "hemiparetic"
DURATION_S = 8.0
FILM = "walk.mp4"
"""In the folder `demo`."""
DETECTOR = "blazepose on a rendered person"


@dataclass(frozen=True)
class DemoRow:
    """One line of the table; NaN where a column has no value."""

    name: str
    unit: str
    decimals: int
    true: float
    keypoints: float
    simulated: float


@dataclass(frozen=True)
class Demo:
    """What the demonstration found, and where its report lies."""

    description: str
    rows: tuple[DemoRow, ...]
    verdict: Verdict
    report: Path


@dataclass(frozen=True)
class FilmTruth:
    """What is true of the film that ships with simgait, see `scripts/make_demo_clip.py`."""

    height_m: float
    field_of_view_deg: float
    gait: GaitResult


def run_film_demo(
    policy: Policy, out: Path, tell: Callable[[str], None] = lambda text: None
) -> Demo:
    """Watches the film of a rendered person, tracks the walk, and writes the report.

    Args:
        policy: that drives the body.
        out: folder of the results.
        tell: gets a line before each stage.

    Raises:
        InputError: PyAV is not installed, or `out` cannot be written to.
    """
    tell("watching the film of a rendered person")
    truth = film_truth()
    recording = read_recording(
        resource_dir("demo") / FILM, height_m=truth.height_m, fov_deg=truth.field_of_view_deg
    )
    seen = pipeline.walks_in_memory(recording, TrackOptions(keep_video=True))[0]
    # What is known beside it is the truth, and no laboratory's word.
    prepared = replace(seen, trial=replace(seen.trial, error_model=DETECTOR))
    description = (
        f"A rendered woman of {truth.height_m:.2f} m walks past a camera for "
        f"{recording.time_s[-1]:.1f} s; BlazePose finds her in the pictures."
    )
    return _finished(policy, out, tell, prepared, truth.gait, description)


def film_truth() -> FilmTruth:
    """The truth beside the film, analysed by the same definitions."""
    with np.load(resource_dir("demo") / "truth.npz", allow_pickle=False) as file:
        data = {name: file[name] for name in file.files}
    events = [
        GaitEvent(float(time_s), str(side), str(kind))  # type: ignore[arg-type]
        for time_s, side, kind in zip(
            data["event_time_s"], data["event_side"], data["event_kind"], strict=True
        )
    ]
    gait = analyse_markers(
        data["time_s"],
        data["keypoints_m"].astype(float),
        events,
        data["angles_rad"].astype(float),
    )
    return FilmTruth(float(data["height_m"]), float(data["field_of_view_deg"]), gait)


def run_keypoints_demo(
    policy: Policy, out: Path, tell: Callable[[str], None] = lambda text: None
) -> Demo:
    """Makes the patient, tracks the keypoints a detector would give, and writes the report.

    Args:
        policy: that drives the body.
        out: folder of the results.
        tell: gets a line before each stage.

    Raises:
        InputError: `out` cannot be written to.
    """
    tell("a synthetic patient walks")
    spec = draw_walker(PATIENT, PATTERN)
    truth = walk(spec, DURATION_S)
    recording = trial_from_walk(
        truth, monocular=True, view="ahead", distance="middle", missing=()
    ).recording
    prepared = pipeline.walks_in_memory(recording, TrackOptions())[0]
    true = analyse_markers(
        truth.time_s,
        exact_keypoints(truth.pose, spec.dimensions),
        truth.events,
        truth.pose[:, ANGLES],
    )
    return _finished(policy, out, tell, prepared, true, describe(spec, prepared.trial))


def _finished(
    policy: Policy,
    out: Path,
    tell: Callable[[str], None],
    prepared: PreparedWalk,
    true: GaitResult,
    description: str,
) -> Demo:
    """Tracks the walk, writes the report, and compares."""
    tell("tracking the walk: compiles for a minute or two the first time on a machine")
    (tracked,) = pipeline.track_and_analyse(policy, [prepared])
    analysed = replace(tracked, truth=true)
    tell("writing the report, comparing with the truth")
    paths = pipeline.write_report(out / prepared.trial.trial_id, analysed, policy)
    return Demo(
        description=description,
        rows=compare(analysed, true),
        verdict=analysed.verdict,
        report=next(path for path in paths if path.name == "report.html"),
    )


def describe(spec: WalkerSpec, trial: Trial) -> str:
    """Who walks, in a sentence."""
    weak = "left" if spec.swing_knee_deg[0] < spec.swing_knee_deg[1] else "right"
    return (
        f"A synthetic person of {spec.height_m:.2f} m with a weak {weak} leg ({spec.pattern}) "
        f"walks for {trial.time_s[-1]:.1f} s; the keypoints have the errors of a video detector."
    )


def compare(walk: AnalysedWalk, true: GaitResult) -> tuple[DemoRow, ...]:
    """The table: truth, what the keypoints say without physics, what the simulated body says."""
    trial, rollout = walk.tracked.trial, walk.tracked.rollout
    alone = analyse_markers(trial.time_s, world_keypoints(trial), None)
    fitted = fit_references([trial], [measure_dimensions(trial)])[0].pose

    def row(one: Parameter, pool: Pool) -> DemoRow:
        found = (r.parameters.get(one.key, {}).get(pool) for r in (true, alone, walk.gait))
        first, second, third = (
            float("nan") if s is None else one.display.factor * s.mean for s in found
        )
        label = one.label if pool == "both" else f"{one.label}, {pool}"
        unit, decimals = one.display.unit.symbol, one.display.decimals
        return DemoRow(label, unit, decimals, first, second, third)

    rows = [row(one, pool) for one in parameters() if one.benchmarked for pool in one.summary]
    if trial.truth is None:
        return tuple(rows)
    exact, live = trial.truth.pose, rollout.alive
    for joint, angle in JOINTS.items():
        error: Callable[[Float[np.ndarray, "T D"]], float] = _error_of(angle, exact, live)
        rows.append(
            DemoRow(f"{joint} angle error", "° RMS", 1, 0.0, error(fitted), error(rollout.pose))
        )
    return tuple(rows)


JOINTS = {"Hip": "hip_flexion", "Knee": "knee_flexion", "Ankle": "ankle_dorsiflexion"}


def _error_of(
    angle: str, exact: Float[np.ndarray, "T D"], live: Sequence[bool] | np.ndarray
) -> Callable[[Float[np.ndarray, "T D"]], float]:
    columns = [POSE_INDEX[f"{side}_{angle}"] for side in SIDES]

    def rms_deg(pose: Float[np.ndarray, "T D"]) -> float:
        error = (pose - exact)[np.asarray(live)][:, columns]
        return float(np.degrees(np.sqrt(np.nanmean(np.square(error)))))

    return rms_deg
