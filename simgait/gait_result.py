"""Gait of one walk as frozen dataclasses: cycles, parameters, curves, and what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from simgait.findings import Finding
from simgait.skeleton.sides import Side
from simgait.types import EventKind, GaitEvent


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
class WalkStep:
    """One step: from the other foot's initial contact to this foot's. NaN where not known.

    Attributes:
        side: of the foot that lands.
        previous_s, contact_s: initial contacts of the other foot and of this, on the trial's clock.
        length_m, width_m: between the two footprints, along and across progression.
    """

    side: Side
    previous_s: float
    contact_s: float
    length_m: float
    width_m: float

    @property
    def time_s(self) -> float:
        """How long it lasts."""
        return self.contact_s - self.previous_s


@dataclass(frozen=True)
class MassExcursion:
    """By how much the whole body's centre of mass moves in one gait cycle, in m; NaN if not known.

    Attributes:
        side: whose cycle it is.
        vertical_m: highest minus lowest.
        sideways_m: furthest left minus furthest right, across the direction of progression.
    """

    side: Side
    vertical_m: float
    sideways_m: float


@dataclass(frozen=True)
class JointKinetics:
    """One joint over the gait cycles of its own side, internal, extension or plantarflexion +.

    Attributes:
        moment_nm_per_kg: net moment by side, a row for each cycle.
        power_w_per_kg: that moment times the joint's angular velocity; what the joint gives is +.
    """

    moment_nm_per_kg: Mapping[Side, Float[np.ndarray, "_ 101"]]
    power_w_per_kg: Mapping[Side, Float[np.ndarray, "_ 101"]]


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
class Certainty:
    """Half-widths of 90 % intervals: in nine of ten walks the truth is no further off than that.

    The intervals lie evenly about the numbers. NaN where nobody measured how far off a number is.

    Attributes:
        parameters: key of the catalogue -> "left", "right", "both" -> half-width, in its unit.
        curves_deg: curve as in `GaitResult.curves_deg` -> half-width of the band about its mean.
        events_s: kind of event -> half-width of the time of each.
        zeros_deg: curve -> the part of its half-width that is a zero of this person which nobody
            knows (`certainty.pelvic_zero`), of curves that have one. It is the same all over the
            cycle and in every walk seen so; ranges and differences do not have it.
        ranges_deg: curve -> half-width of its range of motion, of curves whose range is told.
    """

    parameters: Mapping[str, Mapping[str, float]]
    curves_deg: Mapping[str, float]
    events_s: Mapping[EventKind, float]
    zeros_deg: Mapping[str, float] = field(default_factory=dict)
    ranges_deg: Mapping[str, float] = field(default_factory=dict)

    def half_width(self, key: str, pool: str) -> float:
        """Of a parameter or a leg's curve ("knee_flexion_deg", "left"); NaN where not known."""
        if key in self.parameters:
            return self.parameters[key].get(pool, float("nan"))
        return self.curves_deg.get(f"{pool}_{key}", float("nan"))


@dataclass(frozen=True)
class SideScores:
    """How the strides of one side score against healthy people (`gait.scores`).

    Attributes:
        gdi_points: Gait Deviation Index; NaN where only the sagittal angles are known.
        gps_deg: Gait Profile Score, of the sagittal angles where only these are known.
        variable_scores_deg: Gait Variable Scores, a column for each angle.
        gdi_per_deg, gps_per_deg: how much the side's mean score changes where all its curves of an
            angle move by one degree.
    """

    gdi_points: Float[np.ndarray, " N"]
    gps_deg: Float[np.ndarray, " N"]
    variable_scores_deg: Float[np.ndarray, "N A"]
    gdi_per_deg: Float[np.ndarray, " A"]
    gps_per_deg: Float[np.ndarray, " A"]


@dataclass(frozen=True)
class WalkScores:
    """Scores of a walk, and of the healthy people that it was compared with.

    Attributes:
        reference: name of these people's reference; reference_sha256: of all that it holds.
        is_own: they are the user's, against whom nobody measured the errors of scores.
        ages_years: of these people, from the first on and below the second; None: not stated.
        angles: that were scored: nine, or the sagittal four.
        sides: of the sides that have strides.
        healthy_variable_scores_deg, healthy_gps_deg: medians of healthy people's own.
        overall_gps_deg: root mean square of 15 variable scores, 9 of the left and 6 of the right
            side, each the mean over the side's strides; NaN but of nine angles of both sides.
    """

    reference: str
    angles: tuple[str, ...]
    sides: Mapping[Side, SideScores]
    overall_gps_deg: float
    healthy_variable_scores_deg: Float[np.ndarray, " A"]
    healthy_gps_deg: float
    reference_sha256: str = ""
    is_own: bool = False
    ages_years: tuple[float, float] | None = None


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
        certainty: how far off its numbers may be; None where nobody asked (`certainty`).
        scored_curves_deg: side -> (n_cycles, 9, 51), the angles that are scored (`gait.scores`).
        scores: against healthy people; None where there is no reference.
        steps: all, in order of time.
        joint_kinetics: joint ("ankle") -> moment and power, of the joints that may be shown.
        mass_excursions: of the centre of mass, as `cycles`; none where it is not known.
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
    certainty: Certainty | None = None
    scored_curves_deg: Mapping[Side, Float[np.ndarray, "_ 9 51"]] = field(default_factory=dict)
    scores: WalkScores | None = None
    steps: tuple[WalkStep, ...] = ()
    joint_kinetics: Mapping[str, JointKinetics] = field(default_factory=dict)
    mass_excursions: tuple[MassExcursion, ...] = ()

    def interval(self, key: str, pool: str) -> tuple[float, float]:
        """Ends of the 90 % interval of a parameter's mean, in its unit; NaN where not known."""
        found = self.parameters.get(key, {}).get(pool)
        if found is None or self.certainty is None:
            return float("nan"), float("nan")
        half = self.certainty.half_width(key, pool)
        return found.mean - half, found.mean + half

    def event_interval(self, event: GaitEvent) -> tuple[float, float]:
        """Ends of the 90 % interval of an event's time, s; NaN where not known."""
        half = float("nan")
        if self.certainty is not None:
            half = self.certainty.events_s.get(event.kind, half)
        return event.time_s - half, event.time_s + half

    def mean_curves(
        self, side: Side, keys: Sequence[str]
    ) -> dict[str, tuple[Float[np.ndarray, " 101"], float]]:
        """Means of a leg's angles over its cycles, and the half-width of the band about each.

        Args:
            side: of the leg.
            keys: of the curves, "knee_flexion_deg".

        Returns:
            key -> mean at each percent of the cycle, half-width (deg; NaN where not known); without
            the curves that no cycle shows.
        """
        found = {}
        for key in keys:
            cycles = self.curves_deg.get(f"{side}_{key}", np.empty((0, 101)))
            if len(cycles):
                known = self.certainty
                half = float("nan") if known is None else known.half_width(key, side)
                found[key] = (np.mean(cycles, axis=0), half)
        return found
