"""Is what a laboratory says plausible? Its numbers; its events and angles against its markers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from simgait.baselines.raw_keypoints import sagittal_angles
from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_markers
from simgait.gait.recorded import reference_of, world_keypoints
from simgait.gait_result import GaitResult
from simgait.report.trial.plausibility import implausible
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.sides import SIDES
from simgait.types import Trial

EVENTS_LIMIT_MS = 60.0
"""Between a laboratory's events and those by movement; 5 to 22 ms in 18 walks of 5 laboratories."""
STANCE_LIMIT_PERCENT = 6.0
"""Of the cycle, between stance by its events and by movement; up to 5.1 in 33 of 34 legs of them,
6.6 in one, whose stance of 52 % no healthy adult walks with."""
SHIFT_LIMIT_MS = 50.0
"""Of a knee's or hip's curve against the lines between its markers; 0 in all 68 curves of 17
walks, which correlated by .98 or more."""
LONGEST_SHIFT_S = 0.4
"""Less than half a stride: beyond, a curve of one leg fits the other's."""
SHIFTED_ANGLES = tuple(f"{side}_{joint}_flexion" for joint in ("knee", "hip") for side in SIDES)
LEAST_FRAMES = 15
"""Half a second at 30 Hz: on fewer any two pieces of curve correlate."""


def laboratory_findings(laboratory: GaitResult | None, trial: Trial) -> tuple[Finding, ...]:
    """What nobody walks with, or its own markers contradict; empty for a walk that was made up.

    Args:
        laboratory: gait by its events and angles (`gait.recorded.analyse_truth`).
        trial: with its markers.
    """
    if laboratory is None or reference_of(trial) != "laboratory" or not trial.scale_is_metric:
        return ()
    odd = implausible(laboratory, Code.LABORATORY_IMPLAUSIBLE, "note")
    return (*odd, *_events(laboratory, trial), *_shifts(trial))


def _events(laboratory: GaitResult, trial: Trial) -> Iterator[Finding]:
    if laboratory.event_disagreement_ms > EVENTS_LIMIT_MS:
        values = {"ms": laboratory.event_disagreement_ms, "limit_ms": EVENTS_LIMIT_MS}
        yield Finding(Code.LABORATORY_EVENTS, "note", values)
    by_markers = analyse_markers(trial.time_s, world_keypoints(trial), None)
    for side in SIDES:
        stated, moved = (
            result.parameters["stance_percent"][side].mean for result in (laboratory, by_markers)
        )
        if abs(stated - moved) > STANCE_LIMIT_PERCENT:
            values = {
                "percent": stated,
                "markers_percent": moved,
                "limit_percent": STANCE_LIMIT_PERCENT,
            }
            yield Finding(Code.LABORATORY_STANCE, "note", values, where=side)


def _shifts(trial: Trial) -> Iterator[Finding]:
    angles = None if trial.truth is None else trial.truth.reference_angles_rad
    if angles is None:
        return
    by_markers = sagittal_angles(trial.keypoints_m.astype(float))
    for name in SHIFTED_ANGLES:
        column = ANGLE_NAMES.index(name)
        shift_ms = 1000.0 * shift_s(angles[:, column], by_markers[:, column], trial.fps_hz)
        if abs(shift_ms) > SHIFT_LIMIT_MS:
            values = {"shift_ms": shift_ms, "limit_ms": SHIFT_LIMIT_MS}
            yield Finding(Code.LABORATORY_SHIFT, "note", values, where=name)


def shift_s(stated: Float[np.ndarray, " T"], seen: Float[np.ndarray, " T"], fps_hz: float) -> float:
    """By how much (s) a stated curve is late against the one that is seen; any unit.

    The lag of the highest correlation; NaN where too little of both is known.
    """
    most = int(LONGEST_SHIFT_S * fps_hz)
    found: dict[int, float] = {}
    for lag in range(-most, most + 1):
        late = stated[max(0, lag) : len(stated) + min(0, lag)]
        early = seen[max(0, -lag) : len(seen) + min(0, -lag)]
        known = np.isfinite(late) & np.isfinite(early)
        if known.sum() >= LEAST_FRAMES and min(np.ptp(late[known]), np.ptp(early[known])) > 0.0:
            found[lag] = float(np.corrcoef(late[known], early[known])[0, 1])
    return max(found, key=lambda lag: found[lag]) / fps_hz if found else float("nan")
