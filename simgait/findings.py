"""What was found wrong, or worth knowing, on the way from a recording to its gait, as values.

A finding has no sentence: `report.words` says each code in words, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Severity = Literal["caution", "stop"]
"""Read the numbers with care; do not use them."""

Value = float | int | str | tuple[float, ...] | tuple[int, ...] | tuple[str, ...]


class Code(StrEnum):
    """Everything that can be found; the comments name the values and who finds it."""

    # trials.quality, of the keypoints. value: a share of 1.
    POSITIONS_MISSING = "positions_missing"
    POSITIONS_FILLED = "positions_filled"
    FRAMES_FROZEN = "frames_frozen"
    # value: mm.
    KEYPOINTS_JITTER = "keypoints_jitter"
    PATH_JITTERS = "path_jitters"
    # value: percent.
    LEG_LENGTH_VARIES = "leg_length_varies"
    NO_FEET = "no_feet"
    FEET_INCOMPLETE = "feet_incomplete"  # points: names
    TRAVEL_UNKNOWN = "travel_unknown"
    BELT_SPEED_DENIED = "belt_speed_denied"  # belt_mps, stance_mps
    BELT_ESTIMATE_DENIED = "belt_estimate_denied"  # belt_mps, stance_mps
    TRAVEL_DENIED = "travel_denied"  # travel_mps, stance_mps
    WALK_SHORT = "walk_short"  # duration_s
    WALK_FEW_CYCLES = "walk_few_cycles"  # cycles

    # gait.cycles. where: side; start_s, end_s.
    CYCLE_DURATION = "cycle_duration"  # and duration_s, low_s, high_s
    CYCLE_HIDES_CONTACT = "cycle_hides_contact"

    # gait.analyse, and the verdict where it has limits of its own.
    FELL = "fell"  # time_s, duration_s
    FELL_AT_FIRST = "fell_at_first"  # attempt
    FEW_CYCLES = "few_cycles"  # least; sides, counts: of those with fewer
    HELPER_FORCES = "helper_forces"  # percent_bw, limit_percent_bw
    EVENTS_DISAGREE = "events_disagree"  # ms, limit_ms; where: what the events come from
    EVENTS_MISSING = "events_missing"  # lacking, cycles
    FLIGHT = "flight"  # airborne, cycles
    NO_TRAVEL = "no_travel"
    BACKWARDS = "backwards"
    TURNS = "turns"  # turn_deg
    NO_HEEL = "no_heel"  # instead: name of the point
    NO_TOE = "no_toe"
    EVENTS_NOT_GIVEN = "events_not_given"
    # baselines.raw_keypoints.
    NO_PATH = "no_path"

    # report.trial.verdict.
    NO_CYCLE = "no_cycle"
    STEPS_ONLY = "steps_only"  # steps
    HELPER_FORCES_UNKNOWN = "helper_forces_unknown"
    NO_LEG_POINTS = "no_leg_points"
    OFF_RECORDING = "off_recording"  # mm, limit_mm
    OFF_PATH = "off_path"  # mps, limit_mps
    OFF_RECORDED_PATH = "off_recorded_path"  # mps, limit_mps, path_mps
    EVENTS_UNMATCHED = "events_unmatched"  # unmatched, events
    CONTACTS_DOUBTFUL = "contacts_doubtful"  # where: side; event: kind; times_s, limit_ms
    IMPLAUSIBLE = "implausible"  # parameter: key; value; where: pool
    LONG_STEPS = "long_steps"  # step_length_m, cadence_spm, walk_ratio, limit

    # report.trial.truth_check.
    TRUTH_SPEED = "truth_speed"  # error_mps, limit_mps
    TRUTH_ANGLE = "truth_angle"  # where: angle; rms_deg, spread_deg, limit_deg


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        code: what it is.
        severity: what it means for the numbers.
        values: what was measured, with units in the names; see `Code`.
        where: the part that it concerns, a side or an angle; empty for the walk.
    """

    code: Code
    severity: Severity = "caution"
    values: Mapping[str, Value] = field(default_factory=dict)
    where: str = ""

    def is_about(self, other: Finding) -> bool:
        """Whether both say the same, however severely."""
        return (self.code, self.where, self.values) == (other.code, other.where, other.values)
