"""The demonstration: a synthetic patient whose true gait is known, tracked from noisy keypoints."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.body.fit import fit_references, measure_dimensions
from simgait.cohort.track_files import Prepared, trial_provenance
from simgait.cohort.truth import world_keypoints
from simgait.gait.analyse import analyse_markers, analyse_rollout
from simgait.learning.checkpoints import Policy
from simgait.learning.tracker import TrackedTrial, track_trials
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import Verdict, judge
from simgait.skeleton.kinematics import POSE_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import Pattern, WalkerSpec, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.quality import assess
from simgait.types import GaitResult, Trial

# A slow adult with a weak right leg, of the test split: no policy has seen this walker.
PATIENT = walker_seed("test", 9_000_002)
PATTERN: Pattern = "hemiparetic"
DURATION_S = 8.0


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


def run_demo(policy: Policy, policy_name: str, out: Path) -> Demo:
    """Makes the patient, tracks the keypoints a detector would give, and writes the report.

    Args:
        policy: from `learning.load_policy`.
        policy_name: for the provenance.
        out: folder of the results.

    Raises:
        InputError: `out` cannot be written to.
    """
    spec = draw_walker(PATIENT, PATTERN)
    truth = walk(spec, DURATION_S)
    recording = trial_from_walk(
        truth, monocular=True, view="ahead", distance="middle", missing=()
    ).recording
    config = PreparationConfig()
    trial = prepare(recording, config)[0]
    tracked = track_trials(policy, [trial])[0]
    result = analyse_rollout(tracked.rollout)
    true = analyse_markers(
        truth.time_s, exact_keypoints(truth.pose, spec.dimensions), truth.events, truth.pose[:, 3:]
    )
    quality = assess(trial)
    sha256 = hashlib.sha256(np.ascontiguousarray(recording.keypoints_m).tobytes()).hexdigest()
    prepared = Prepared(trial.trial_id, trial, tracked.dims, quality, config, sha256)
    paths = write_trial_report(
        out / trial.trial_id,
        trial=trial,
        rollout=tracked.rollout,
        result=result,
        quality=quality,
        provenance=trial_provenance(prepared, policy, policy_name, tracked),
        fit_error_m=tracked.refined.reference.fit_error_m,
        truth_result=true,
    )
    return Demo(
        description=describe(spec, trial),
        rows=compare(trial, tracked, result, true),
        verdict=judge(trial, tracked.rollout, result, quality),
        report=next(path for path in paths if path.name == "report.html"),
    )


def describe(spec: WalkerSpec, trial: Trial) -> str:
    """Who walks, in a sentence."""
    weak = "left" if spec.swing_knee_deg[0] < spec.swing_knee_deg[1] else "right"
    return (
        f"A synthetic person of {spec.height_m:.2f} m with a weak {weak} leg ({spec.pattern}) "
        f"walks for {trial.time_s[-1]:.1f} s; the keypoints have the errors of a video detector."
    )


def compare(
    trial: Trial, tracked: TrackedTrial, result: GaitResult, true: GaitResult
) -> tuple[DemoRow, ...]:
    """The table: truth, what the keypoints say without physics, what the simulated body says."""
    alone = analyse_markers(trial.time_s, world_keypoints(trial), None)
    fitted = fit_references([trial], [measure_dimensions(trial)])[0].pose

    def parameter(name: str, side: str, factor: float = 1.0) -> tuple[float, float, float]:
        sides = (r.parameters.get(name, {}).get(side) for r in (true, alone, result))
        first, second, third = (float("nan") if s is None else factor * s.mean for s in sides)
        return first, second, third

    rows = [
        DemoRow("Walking speed", "m/s", 2, *parameter("velocity_mps", "both")),
        DemoRow("Cadence", "steps/min", 0, *parameter("cadence_spm", "both")),
        *(
            DemoRow(f"Step length, {s}", "cm", 1, *parameter("step_length_m", s, 100.0))
            for s in SIDES
        ),
        DemoRow("Step width", "cm", 1, *parameter("step_width_m", "both", 100.0)),
        *(DemoRow(f"Stance, {s}", "% of cycle", 1, *parameter("stance_percent", s)) for s in SIDES),
    ]
    if trial.truth is None:
        return tuple(rows)
    exact, live = trial.truth.pose, tracked.rollout.alive
    for joint, angle in JOINTS.items():
        error: Callable[[Float[np.ndarray, "T 16"]], float] = _error_of(angle, exact, live)
        rows.append(
            DemoRow(
                f"{joint} angle error", "° RMS", 1, 0.0, error(fitted), error(tracked.rollout.pose)
            )
        )
    return tuple(rows)


JOINTS = {"Hip": "hip_flexion", "Knee": "knee_flexion", "Ankle": "ankle_dorsiflexion"}


def _error_of(
    angle: str, exact: Float[np.ndarray, "T 16"], live: Sequence[bool] | np.ndarray
) -> Callable[[Float[np.ndarray, "T 16"]], float]:
    columns = [POSE_INDEX[f"{side}_{angle}"] for side in SIDES]

    def rms_deg(pose: Float[np.ndarray, "T 16"]) -> float:
        error = (pose - exact)[np.asarray(live)][:, columns]
        return float(np.degrees(np.sqrt(np.nanmean(np.square(error)))))

    return rms_deg
