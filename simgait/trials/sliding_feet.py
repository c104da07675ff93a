"""Measured feet that slide: whoever walks, the standing foot stays where it is.

Where positions are measured, the standing foot goes back under the pelvis as fast as the pelvis
goes ahead, and straight against it. If it does not, path or points are wrong, and a body that is
led along the one with the legs of the other walks as nobody did.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgait.findings import Code, Finding, Severity
from simgait.recordings.treadmill import stance_velocity_mps
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.heading import MIN_TRAVEL_M
from simgait.types import Trial

SLIDES_ASIDE_DEG = 15.0
"""Between the way of the pelvis and that of the standing feet under it: up to 3.2° in 63 marker
walks of training people, 3.3° in 40 exact walkers of all patterns; 3.6° in 28 walks of others."""


def sliding_findings(
    trial: Trial, travel_mps: float, stance_mps: float, severity: Severity | None
) -> Iterator[Finding]:
    """Feet that slide in speed or in direction, of measured positions over ground.

    Args:
        trial: a prepared walk whose path is measured.
        travel_mps: median speed of the pelvis along its path.
        stance_mps: of the standing foot under it.
        severity: of these two being apart; None where they are not.
    """
    speeds = {"travel_mps": travel_mps, "stance_mps": stance_mps}
    if severity is not None:
        yield Finding(Code.FEET_SLIDE, severity, speeds)
        return
    aside_deg = feet_aside_deg(trial)
    if aside_deg > SLIDES_ASIDE_DEG:
        yield Finding(
            Code.FEET_SLIDE, values={"aside_deg": aside_deg, "limit_deg": SLIDES_ASIDE_DEG}
        )


def feet_aside_deg(trial: Trial) -> float:
    """How far the standing feet move aside of the way of the pelvis; NaN where there is no way."""
    known_m = trial.pelvis_path_m[trial.pelvis_path_mask, 0]
    if len(known_m) < 2 or np.ptp(known_m) < MIN_TRAVEL_M:
        return float("nan")
    points = {name: trial.keypoints_m[:, k].astype(float) for name, k in KEYPOINT_INDEX.items()}
    ahead, left = stance_velocity_mps(points, trial.fps_hz)
    return float(np.degrees(abs(np.arctan2(left, -ahead))))
