"""Where a result differs from the truth that came with its trial by what matters to a clinician."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgait.findings import Code, Finding
from simgait.gait.recorded import true_angles_rad
from simgait.gait_result import GaitResult
from simgait.parameters.column import ANGLE_CHANGE_DEG, SPEED_CHANGE_MPS
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import ANGLE_NAMES, TRIMMED_HUMANOID
from simgait.types import Rollout, Trial


def truth_findings(
    result: GaitResult, truth: GaitResult | None, trial: Trial, rollout: Rollout
) -> tuple[Finding, ...]:
    """Walking speed and joint angles that are off by a substantial amount, angles worst first.

    Limits: a change of 0.10 m/s in speed is substantial (Perera et al. 2006), an angle that is more
    than 5 degrees off may mislead (McGinley et al. 2009). Angles are compared frame by frame, so
    that foot events which differ do not move one curve against the other.

    Args:
        result: gait of the simulated body.
        truth: gait by what is known of the walk; None where nothing is.
        trial: with the true angles, where known.
        rollout: the simulated body through that trial.

    Returns:
        Empty where all is within the limits, or where nothing can be compared.
    """
    speed = () if truth is None else _speed(result, truth)
    return (*speed, *_angles(trial, rollout))


def _speed(result: GaitResult, truth: GaitResult) -> Iterator[Finding]:
    means = [r.parameters.get("velocity_mps", {}).get("both") for r in (result, truth)]
    if means[0] is None or means[1] is None:
        return
    error_mps, limit_mps = means[0].mean - means[1].mean, SPEED_CHANGE_MPS.substantial
    # NaN compares as within.
    if abs(error_mps) > limit_mps:
        yield Finding(Code.TRUTH_SPEED, values={"error_mps": error_mps, "limit_mps": limit_mps})


def _angles(trial: Trial, rollout: Rollout) -> list[Finding]:
    true_rad = None if trial.truth is None else true_angles_rad(trial.truth)
    if true_rad is None:
        return []
    limit_deg = ANGLE_CHANGE_DEG.substantial
    off: list[tuple[float, str, float]] = []
    pose = TRIMMED_HUMANOID.told(rollout.pose, rollout.skeleton)
    error_deg = np.degrees((pose[:, ANGLES] - true_rad)[rollout.alive])
    for name, column in zip(ANGLE_NAMES, error_deg.T, strict=True):
        known = column[np.isfinite(column)]
        if known.size and (rms_deg := float(np.sqrt(np.mean(known**2)))) > limit_deg:
            off.append((rms_deg, name, float(known.std())))
    return [
        Finding(
            Code.TRUTH_ANGLE,
            values={"rms_deg": rms_deg, "spread_deg": spread_deg, "limit_deg": limit_deg},
            where=name,
        )
        for rms_deg, name, spread_deg in sorted(off, reverse=True)
    ]
