"""Where a result differs from the truth that came with its trial by what matters to a clinician."""

from __future__ import annotations

import numpy as np

from simgait.gait.recorded import true_angles_rad
from simgait.parameters.column import ANGLE_CHANGE_DEG, SPEED_CHANGE_MPS
from simgait.parameters.wording import number
from simgait.report.trial.verdict import Level
from simgait.skeleton.default import ANGLE_NAMES
from simgait.types import GaitResult, Rollout, Trial

MOST_NAMED = 3


def truth_disagreement(
    result: GaitResult, truth: GaitResult | None, trial: Trial, rollout: Rollout, level: Level
) -> str:
    """One sentence on walking speed and joint angles that are off by a substantial amount.

    Limits: a change of 0.10 m/s in speed is substantial (Perera et al. 2006), an angle that is more
    than 5 degrees off may mislead (McGinley et al. 2009). Angles are compared frame by frame, so
    that foot events which differ do not move one curve against the other.

    Args:
        result: gait of the simulated body.
        truth: gait by what is known of the walk; None where nothing is.
        trial: with the true angles, where known.
        rollout: the simulated body through that trial.
        level: the verdict, which does not look at the truth.

    Returns:
        Empty where all is within the limits, or where nothing can be compared.
    """
    speed = "" if truth is None else _speed(result, truth)
    found = [text for text in (speed, _angles(trial, rollout)) if text]
    if not found:
        return ""
    start = "Nothing seen in the walk itself told it, but the" if level == "good" else "The"
    return f"{start} truth that came with this trial differs: {'; '.join(found)}."


def _speed(result: GaitResult, truth: GaitResult) -> str:
    means = [r.parameters.get("velocity_mps", {}).get("both") for r in (result, truth)]
    if means[0] is None or means[1] is None:
        return ""
    own, true, limit = means[0].mean, means[1].mean, SPEED_CHANGE_MPS.substantial
    # NaN compares as within.
    if not abs(own - true) > limit:
        return ""
    return (
        f"the walking speed is {number(abs(own - true), 2)} m/s too "
        f"{'high' if own > true else 'low'} (limit {limit:.2f} m/s)"
    )


def _angles(trial: Trial, rollout: Rollout) -> str:
    true_rad = None if trial.truth is None else true_angles_rad(trial.truth)
    if true_rad is None:
        return ""
    limit = ANGLE_CHANGE_DEG.substantial
    off = []
    error_deg = np.degrees((rollout.pose[:, 3:] - true_rad)[rollout.alive])
    for name, column in zip(ANGLE_NAMES, error_deg.T, strict=True):
        known = column[np.isfinite(column)]
        if known.size and (rms_deg := float(np.sqrt(np.mean(known**2)))) > limit:
            off.append((rms_deg, name.replace("_", " "), float(known.std())))
    if not off:
        return ""
    worst = sorted(off, reverse=True)
    # A constant part may be no error but another definition of the angle's zero.
    named = [
        f"{name} {number(rms_deg, 0)}° ({number(spread_deg, 0)}° without a constant offset)"
        for rms_deg, name, spread_deg in worst[:MOST_NAMED]
    ]
    more = len(worst) - len(named)
    return (
        f"{', '.join(named)}{f' and {more} more' if more else ''} off on average (limit {limit:g}°)"
    )
