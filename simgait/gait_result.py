"""Gait of one walk as frozen dataclasses: cycles, parameters, curves, and what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.findings import Finding
from simgait.skeleton.sides import Side
from simgait.types import GaitEvent


@dataclass(frozen=True)
class Cycle:
    """One gait cycle: ipsilateral initial contact to the next. Times on the trial's clock."""

    side: Side
    start_s: float
    end_s: float
    foot_off_s: float
    opposite_foot_off_s: float
    opposite_contact_s: float


@dataclass(frozen=True)
class Statistic:
    """Mean, SD (ddof 1, NaN below two values), count and the single values.

    The mean is that of the values, but for some parameters of both sides (`catalogue.BOTH_SIDES`).
    """

    mean: float
    sd: float
    n: int
    values: tuple[float, ...] = ()

    @property
    def low(self) -> float:
        """The least of the values; NaN of none."""
        return min(self.values, default=float("nan"))

    @property
    def high(self) -> float:
        """The greatest of the values; NaN of none."""
        return max(self.values, default=float("nan"))


@dataclass(frozen=True)
class GaitResult:
    """Gait of one walk.

    Attributes:
        parameters: key of the catalogue ("step_length_m") -> "left", "right", "both" -> Statistic.
        curves_deg: coordinate name as in `skeleton.default.ANGLE_NAMES` with `_deg` appended
            ("left_knee_flexion_deg", "pelvis_tilt_deg", pelvis per side as
            "left_pelvis_obliquity_deg"...) -> (n_cycles, 101) one row per cycle of that side.
        events: contact events (the result), kinematic_events the cross-check.
        event_disagreement_ms: mean absolute difference between the two where they match, or NaN.
        unmatched_events: of either without a counterpart, but for the first and last of a side.
        residual_force_percent_bw: RMS over frames of the norm of the residual force.
        residual_moment_percent_bw_height: same for the moment, % of body weight x height.
        vertical_force_percent_bw: side -> (n_cycles, 101).
        definitions: parameter name -> one sentence.
        findings: what is doubtful about them.
        pelvis_lead_percent: how much faster the pelvis travels than the footprints say.
    """

    events: tuple[GaitEvent, ...]
    kinematic_events: tuple[GaitEvent, ...]
    event_disagreement_ms: float
    unmatched_events: int
    cycles: tuple[Cycle, ...]
    parameters: dict[str, dict[str, Statistic]]
    curves_deg: dict[str, Float[np.ndarray, "_ 101"]]
    vertical_force_percent_bw: dict[str, Float[np.ndarray, "_ 101"]]
    residual_force_percent_bw: float
    residual_moment_percent_bw_height: float
    definitions: dict[str, str]
    findings: tuple[Finding, ...] = ()
    pelvis_lead_percent: float = float("nan")
