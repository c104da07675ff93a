"""What was found wrong, or worth knowing, on the way from a recording to its gait, as values.

A finding has no sentence: `report.words` says each code in words (from `recording_words`,
`walk_words` and `reference_words` beside it), and nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Severity = Literal["note", "caution", "stop"]
"""Takes no number away; takes away those that it touches (`TOUCHES`); takes away all."""

Value = float | int | str | tuple[float, ...] | tuple[int, ...] | tuple[str, ...]


class Code(StrEnum):
    """Everything that can be found; the comments name the values and who finds it."""

    # trials.quality, of the keypoints. value: a share of 1.
    POSITIONS_MISSING = "positions_missing"
    POSITIONS_FILLED = "positions_filled"
    FRAMES_FROZEN = "frames_frozen"
    WALK_FREEZES = "walk_freezes"  # start_s, frozen_s: of all such stretches
    # value: mm.
    KEYPOINTS_JITTER = "keypoints_jitter"
    PATH_JITTERS = "path_jitters"
    # value: percent.
    LEG_LENGTH_VARIES = "leg_length_varies"
    FRAMES_SKIPPED = "frames_skipped"  # percent
    RATE_LOW = "rate_low"  # hz, least_hz
    FOOT_UNSEEN = "foot_unseen"  # where: side; unseen_s, percent
    PERSON_UNSEEN = "person_unseen"  # start_s, unseen_s: of the longest stretch; percent: of all
    NO_FEET = "no_feet"
    FEET_INCOMPLETE = "feet_incomplete"  # points: names
    # trials.misplaced_points, of measured ones. part: "thigh", "shank" or "foot"; mm
    POINT_SLIPPED = "point_slipped"  # where: side
    ASIS_DIFFER = "asis_differ"  # mm
    SIDES_DIFFER = "sides_differ"
    HEIGHT_DENIED = "height_denied"  # legs_m, usual_m, height_m, limit_percent
    TRAVEL_UNKNOWN = "travel_unknown"
    BELT_SPEED_DENIED = "belt_speed_denied"  # belt_mps, stance_mps
    BELT_ESTIMATE_DENIED = "belt_estimate_denied"  # belt_mps, stance_mps
    BELT_ESTIMATED = "belt_estimated"  # belt_mps, spread_percent
    TRAVEL_DENIED = "travel_denied"  # of a detector's points: travel_mps, stance_mps
    # trials.sliding_feet, of measured ones: travel_mps, stance_mps; or aside_deg, limit_deg
    FEET_SLIDE = "feet_slide"
    TRAVEL_ASSUMED = "travel_assumed"  # spread_percent
    DISTANCE_DENIED = "distance_denied"  # percent: longer than by the points
    SIZE_ASSUMED = "size_assumed"  # spread_percent
    # trials.posture, of a detector's points but for a single leg's swing.
    KNEES_STAY_BENT = "knees_stay_bent"  # deg, limit_deg
    TRUNK_LEANS_BACK = "trunk_leans_back"  # deg, limit_deg
    # percent_of_leg, or of one leg (where: side) percent_of_other; where the pelvis travels:
    # way_is_known (1 or 0), and travel_to_stance where the legs swing less than that asks for
    SWING_UNSEEN = "swing_unseen"
    JOINTS_ELSEWHERE = "joints_elsewhere"  # thigh_to_shank, hips_to_leg
    # trials.walking; the verdict finds the last one of the body, too.
    RUNNING = "running"  # flight_share
    SLOW_RUN = "slow_run"  # low_m, give_deg
    FLOOR_NOT_LEVEL = "floor_not_level"  # rise_per_m, limit_per_m
    PATH_NOT_LEVEL = "path_not_level"  # pitch_deg, limit_deg
    PELVIS_BOUNCES = "pelvis_bounces"  # bounce_m, limit_m
    STEPPING_IN_PLACE = "stepping_in_place"  # stance_mps, limit_mps
    LONG_STEPS = "long_steps"  # step_length_m, cadence_spm, walk_ratio, limit
    WALK_SHORT = "walk_short"  # duration_s
    WALK_FEW_CYCLES = "walk_few_cycles"  # cycles

    # gait.cycles. where: side; start_s, end_s.
    CYCLE_DURATION = "cycle_duration"  # and duration_s, low_s, high_s
    CYCLE_HIDES_CONTACT = "cycle_hides_contact"
    STEP_HIDES_CONTACTS = "step_hides_contacts"

    # gait.analyse, and the verdict where it has limits of its own.
    FELL = "fell"  # time_s, duration_s
    FELL_AT_FIRST = "fell_at_first"  # attempt
    FEW_CYCLES = "few_cycles"  # least; sides, counts: of those with fewer
    HELPER_FORCES = "helper_forces"  # percent_bw, limit_percent_bw
    HELPER_MOMENT = "helper_moment"  # percent_bw_height, limit_percent_bw_height
    EVENTS_DISAGREE = "events_disagree"  # ms, limit_ms; where: what the events come from
    EVENTS_MISSING = "events_missing"  # lacking, cycles
    FLIGHT = "flight"  # airborne, cycles
    STEPS_DENIED = "steps_denied"  # steps_mps, pelvis_mps
    NO_TRAVEL = "no_travel"
    BACKWARDS = "backwards"
    TURNS = "turns"  # turn_deg
    NO_HEEL = "no_heel"  # instead: name of the point
    NO_TOE = "no_toe"
    EVENTS_NOT_GIVEN = "events_not_given"
    # baselines.raw_keypoints.
    NO_PATH = "no_path"

    # report.trial.levels.
    SINGLE_VALUES = "single_values"  # numbers: names, as summary.csv heads them
    # numbers: as there; half_widths: of each
    INTERVAL_WIDE = "interval_wide"
    INTERVAL_TOO_WIDE = "interval_too_wide"

    # numbers: scores, as there; angles: names of theirs that are not to be used, none of a
    # walk that one camera's detector saw
    SCORES_ROUGH = "scores_rough"

    # report.trial.verdict.
    NO_CYCLE = "no_cycle"
    STEPS_ONLY = "steps_only"  # steps
    HELPER_FORCES_UNKNOWN = "helper_forces_unknown"
    NO_LEG_POINTS = "no_leg_points"
    OFF_RECORDING = "off_recording"  # mm, limit_mm
    OFF_PATH = "off_path"  # mps, limit_mps
    OFF_RECORDED_PATH = "off_recorded_path"  # mps, limit_mps, path_mps, can_be_measured
    EVENTS_UNMATCHED = "events_unmatched"  # unmatched, events
    RHYTHM_DENIED = "rhythm_denied"  # percent, limit_percent
    CADENCE_DENIED = "cadence_denied"  # cadence_spm, strides_spm
    LANDING_MISSED = "landing_missed"  # where: side; duration_s, usual_s
    SIDE_RHYTHM_DENIED = "side_rhythm_denied"  # where: side; percent, limit_percent
    # where: side; event: kind; times_s; of, how many were compared; limit_ms
    CONTACTS_DOUBTFUL = "contacts_doubtful"
    IMPLAUSIBLE = "implausible"  # parameter: key; value; where: pool

    # report.trial.truth_check.
    TRUTH_SPEED = "truth_speed"  # error_mps, limit_mps
    TRUTH_ANGLE = "truth_angle"  # where: angle; rms_deg, spread_deg, limit_deg

    # report.trial.laboratory, of what a laboratory says; no part of a verdict.
    LABORATORY_EVENTS = "laboratory_events"  # ms, limit_ms
    LABORATORY_STANCE = "laboratory_stance"  # where: side; percent, markers_percent, limit_percent
    LABORATORY_IMPLAUSIBLE = "laboratory_implausible"  # parameter: key; value; where: pool
    LABORATORY_SHIFT = "laboratory_shift"  # where: angle; shift_ms, limit_ms


class Basis(StrEnum):
    """What a reported number can rest on; every parameter and every curve says on what it does."""

    CLOCK = "clock"  # the recording's seconds: a wrong frame rate moves it
    SCALE = "scale"  # its metres: a wrong size of the body moves it
    TRAVEL = "travel"  # how far pelvis or belt go in a time
    FOOTPRINTS = "footprints"  # where one foot stands against the other
    RHYTHM = "rhythm"  # one contact of a foot to its next
    LANDINGS = "landings"  # when a foot lands, against the other events of the cycle
    FOOT_OFFS = "foot_offs"  # when it leaves
    ANGLES = "angles"  # of the joints
    FEET = "feet"  # how the feet are turned
    FORCES = "forces"  # of the floor


EVERYTHING = frozenset(Basis)
PHASES = frozenset((Basis.LANDINGS, Basis.FOOT_OFFS))
NO_BASIS: frozenset[Basis] = frozenset()

TOUCHES: dict[Code, frozenset[Basis]] = {
    Code.POSITIONS_MISSING: PHASES | {Basis.ANGLES},
    Code.POSITIONS_FILLED: frozenset((Basis.ANGLES,)),
    Code.FRAMES_FROZEN: PHASES | {Basis.CLOCK, Basis.ANGLES},
    Code.WALK_FREEZES: PHASES | {Basis.CLOCK, Basis.ANGLES},
    Code.FRAMES_SKIPPED: PHASES | {Basis.CLOCK, Basis.ANGLES},
    Code.RATE_LOW: PHASES,
    Code.KEYPOINTS_JITTER: PHASES | {Basis.ANGLES},
    # The intervals know how much a path trembles (docs/history/other_detectors.md).
    Code.PATH_JITTERS: NO_BASIS,
    # Medians over the walk set the size, and the intervals know how much bones breathe.
    Code.LEG_LENGTH_VARIES: frozenset((Basis.ANGLES,)),
    # Its steps are those of the simulation, and the walk follows them.
    Code.FOOT_UNSEEN: EVERYTHING - {Basis.SCALE},
    Code.PERSON_UNSEEN: EVERYTHING - {Basis.SCALE},
    # Without feet stance was 4.3 % of the cycle too short (docs/trust.md).
    Code.NO_FEET: PHASES | {Basis.FEET},
    Code.FEET_INCOMPLETE: frozenset((Basis.FEET,)),
    Code.POINT_SLIPPED: PHASES | {Basis.FOOTPRINTS, Basis.ANGLES, Basis.FEET},
    # Hip centres are made of them, and knees follow hips.
    Code.ASIS_DIFFER: frozenset((Basis.ANGLES,)),
    Code.SIDES_DIFFER: PHASES | {Basis.FOOTPRINTS, Basis.ANGLES, Basis.FEET},
    Code.HEIGHT_DENIED: frozenset((Basis.SCALE,)),
    Code.TRAVEL_UNKNOWN: frozenset((Basis.TRAVEL,)),
    Code.BELT_SPEED_DENIED: frozenset((Basis.TRAVEL, Basis.CLOCK)),
    Code.BELT_ESTIMATE_DENIED: frozenset((Basis.TRAVEL, Basis.CLOCK)),
    Code.TRAVEL_DENIED: frozenset((Basis.TRAVEL,)),
    # Of a body that is led past its own feet knees were up to 12° off, GPS by 1.7°.
    Code.FEET_SLIDE: EVERYTHING - {Basis.CLOCK, Basis.SCALE, Basis.RHYTHM},
    Code.BELT_ESTIMATED: NO_BASIS,
    Code.TRAVEL_ASSUMED: NO_BASIS,
    Code.DISTANCE_DENIED: frozenset((Basis.TRAVEL, Basis.FOOTPRINTS)),
    Code.SIZE_ASSUMED: NO_BASIS,
    Code.KNEES_STAY_BENT: EVERYTHING,
    Code.TRUNK_LEANS_BACK: EVERYTHING,
    Code.SWING_UNSEEN: PHASES | {Basis.FOOTPRINTS, Basis.ANGLES, Basis.FEET, Basis.FORCES},
    Code.JOINTS_ELSEWHERE: frozenset((Basis.ANGLES,)),
    Code.RUNNING: EVERYTHING,
    Code.SLOW_RUN: EVERYTHING,
    Code.FLOOR_NOT_LEVEL: EVERYTHING,
    Code.PATH_NOT_LEVEL: EVERYTHING,
    Code.PELVIS_BOUNCES: EVERYTHING,
    Code.STEPPING_IN_PLACE: EVERYTHING,
    Code.WALK_SHORT: NO_BASIS,
    Code.WALK_FEW_CYCLES: NO_BASIS,
    Code.CYCLE_DURATION: NO_BASIS,
    Code.CYCLE_HIDES_CONTACT: NO_BASIS,
    Code.STEP_HIDES_CONTACTS: NO_BASIS,
    Code.FELL: EVERYTHING,
    Code.FELL_AT_FIRST: NO_BASIS,
    Code.FEW_CYCLES: NO_BASIS,
    Code.HELPER_FORCES: PHASES | {Basis.FORCES},
    Code.HELPER_MOMENT: PHASES | {Basis.FORCES},
    Code.EVENTS_DISAGREE: PHASES,
    Code.EVENTS_MISSING: NO_BASIS,
    Code.FLIGHT: PHASES,
    Code.STEPS_DENIED: EVERYTHING,
    # Heels of one instant give steps that are 2 to 9 % too short (docs/definitions.md).
    Code.NO_TRAVEL: frozenset((Basis.TRAVEL,)),
    Code.BACKWARDS: EVERYTHING - {Basis.CLOCK, Basis.RHYTHM},
    Code.TURNS: frozenset((Basis.TRAVEL, Basis.FOOTPRINTS)),
    Code.NO_HEEL: NO_BASIS,
    Code.NO_TOE: frozenset((Basis.FOOT_OFFS,)),
    Code.EVENTS_NOT_GIVEN: NO_BASIS,
    Code.NO_PATH: frozenset((Basis.TRAVEL,)),
    Code.SINGLE_VALUES: NO_BASIS,
    Code.INTERVAL_WIDE: NO_BASIS,
    # The numbers that it names.
    Code.INTERVAL_TOO_WIDE: NO_BASIS,
    Code.SCORES_ROUGH: NO_BASIS,
    Code.NO_CYCLE: EVERYTHING,
    Code.STEPS_ONLY: NO_BASIS,
    Code.HELPER_FORCES_UNKNOWN: PHASES | {Basis.FORCES},
    Code.NO_LEG_POINTS: EVERYTHING,
    Code.OFF_RECORDING: frozenset((Basis.ANGLES, Basis.FOOTPRINTS, Basis.FORCES)),
    Code.OFF_PATH: frozenset((Basis.TRAVEL,)),
    Code.OFF_RECORDED_PATH: frozenset((Basis.TRAVEL,)),
    Code.EVENTS_UNMATCHED: PHASES,
    # A false landing is a false footprint, too, and ends the time that a speed is taken over.
    Code.RHYTHM_DENIED: PHASES | {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS},
    # Forces, too, are drawn over cycles of these contacts.
    Code.CADENCE_DENIED: PHASES | {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS, Basis.FORCES},
    # The side's own; between more contacts of both sides it weighs half as much.
    Code.LANDING_MISSED: PHASES | {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS},
    Code.SIDE_RHYTHM_DENIED: PHASES | {Basis.RHYTHM, Basis.TRAVEL, Basis.FOOTPRINTS},
    Code.CONTACTS_DOUBTFUL: PHASES,
    # Those of them that its parameter rests on, and the parameter itself.
    Code.IMPLAUSIBLE: frozenset((Basis.CLOCK, Basis.SCALE, Basis.TRAVEL)),
    Code.LONG_STEPS: frozenset((Basis.CLOCK,)),
    Code.TRUTH_SPEED: frozenset((Basis.TRAVEL,)),
    Code.TRUTH_ANGLE: frozenset((Basis.ANGLES,)),
    Code.LABORATORY_EVENTS: NO_BASIS,
    Code.LABORATORY_STANCE: NO_BASIS,
    Code.LABORATORY_IMPLAUSIBLE: NO_BASIS,
    Code.LABORATORY_SHIFT: NO_BASIS,
}
"""Code -> what a finding of severity "caution" casts doubt on; numbers that rest on it are not to
be used. A new code needs an entry; one that takes no number away has none in it, and is a note."""

ROUGHENS: dict[Code, frozenset[Basis]] = {
    # The rhythm of what is left of a swing is right to 1 step/min (RMS), and it is little evidence;
    # how long a way is was measured of detectors that see legs swing. A known way is no such guess.
    Code.SWING_UNSEEN: frozenset((Basis.RHYTHM, Basis.TRAVEL)),
    # Of both sides: half of it is the side that is denied (`report.trial.levels`).
    Code.SIDE_RHYTHM_DENIED: frozenset((Basis.RHYTHM,)),
}
"""Code -> what a finding of severity "caution" leaves, but no better than rough."""


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

    @property
    def touches(self) -> frozenset[Basis]:
        """What it casts doubt on."""
        if self.severity == "note":
            return NO_BASIS
        return EVERYTHING if self.severity == "stop" else TOUCHES[self.code]

    @property
    def roughens(self) -> frozenset[Basis]:
        """What it leaves no better than rough."""
        return ROUGHENS.get(self.code, NO_BASIS) if self.severity == "caution" else NO_BASIS

    def is_about(self, other: Finding) -> bool:
        """Whether both say the same, however severely."""
        return (self.code, self.where, self.values) == (other.code, other.where, other.values)
