"""Every code has a sentence, and a sentence says the values."""

from __future__ import annotations

import re

import numpy as np
import pytest

from simgait.findings import Code, Finding, Value
from simgait.report.recording_words import RECORDING_SENTENCES
from simgait.report.reference_words import REFERENCE_SENTENCES
from simgait.report.walk_words import WALK_SENTENCES
from simgait.report.words import SENTENCES, sentence, sentences

# Values for every code, with what its sentence must say of them.
SAID: dict[Code, tuple[dict[str, Value], str, str]] = {
    Code.POSITIONS_MISSING: ({"value": 0.123}, "", "12 % of hip, knee and ankle"),
    Code.POSITIONS_FILLED: ({"value": 0.1}, "", "10 % of hip, knee and ankle"),
    Code.FRAMES_FROZEN: ({"value": 0.5}, "", "50 % of frames"),
    Code.FOOT_UNSEEN: (
        {"unseen_s": 1.9, "percent": 49.0},
        "left",
        "The left foot (ankle, heel and toe) is not seen for 1.9 s on end, 49 % of the walk",
    ),
    Code.PERSON_UNSEEN: (
        {"unseen_s": 0.33, "start_s": 0.4, "percent": 20.0},
        "",
        "Nobody is seen for 0.33 s on end, from 0.40 s on (20 % of the walk are such gaps)",
    ),
    Code.WALK_FREEZES: (
        {"start_s": 2.1, "frozen_s": 0.5},
        "",
        "All points stand exactly still for 0.50 s, from 2.10 s on",
    ),
    Code.KEYPOINTS_JITTER: ({"value": 12.4}, "", "by 12 mm"),
    Code.PATH_JITTERS: ({"value": 50.0}, "", "by 50 mm"),
    Code.LEG_LENGTH_VARIES: ({"value": 6.0}, "", "by 6 %"),
    Code.NO_FEET: ({}, "", "No foot keypoints"),
    Code.FEET_INCOMPLETE: (
        {"points": ("Left Heel", "Right Heel")}, "",
        "Left Heel, Right Heel are not among the points, without which nobody sees how a foot is "
        "turned: the ankle's angle, GDI and GPS are lost.",
    ),
    Code.HEIGHT_DENIED: (
        {"legs_m": 0.65, "usual_m": 0.84, "height_m": 1.72, "limit_percent": 15.0}, "",
        "The legs measure 0.65 m as recorded, where a height of 1.72 m has 0.84 m (more than 15 % "
        "apart): the height is another person's, or the positions' scale is wrong.",
    ),
    Code.TRAVEL_UNKNOWN: ({}, "", "travel is unknown"),
    Code.BELT_SPEED_DENIED: ({"belt_mps": 1.6, "stance_mps": 1.1}, "", "at 1.60 m/s, but"),
    Code.TRAVEL_DENIED: ({"travel_mps": 2.0, "stance_mps": 1.1}, "", "at 2.00 m/s, but"),
    Code.BELT_ESTIMATED: ({"belt_mps": 1.1, "spread_percent": 2.0}, "", "1.10 m/s is an estimate"),
    Code.FRAMES_SKIPPED: ({"percent": 15.0}, "", "in 15 % of the frames the whole body moves"),
    Code.SIZE_ASSUMED: ({"spread_percent": 5.0}, "", "may be off by 5 % (SD)"),
    Code.SCORES_ROUGH: (
        {"numbers": ("gdi_points",), "angles": ("left_hip_rotation_deg", "right_hip_rotation_deg")},
        "",
        "Rough: the scores, as not all of their angles may be used (hip rotation).",
    ),
    Code.RATE_LOW: ({"hz": 12.5, "least_hz": 19.5}, "", "12.5 frames per second (fewer than 19.5)"),
    Code.POINT_SLIPPED: ({"part": "foot", "mm": 60.6}, "left", "The left foot changes by 61 mm"),
    Code.ASIS_DIFFER: ({"mm": 41.0}, "", "ASIS differ by 41 mm in how far they lie from the knee"),
    Code.SIDES_DIFFER: ({"part": "thigh", "mm": 84.0}, "", "left and the right thigh differ by 84"),
    Code.TRAVEL_ASSUMED: ({"spread_percent": 7.0}, "", "may be off by 7 % (SD)"),
    Code.DISTANCE_DENIED: ({"percent": -27.0}, "", "is 27 % shorter than the points have it"),
    Code.KNEES_STAY_BENT: ({"deg": 46.0, "limit_deg": 40.0}, "", "than 46° (limit 40°)"),
    Code.TRUNK_LEANS_BACK: ({"deg": 27.0, "limit_deg": 17.0}, "", "back by 27° against"),
    Code.FEET_SLIDE: (
        {"aside_deg": 29.7, "limit_deg": 15.0}, "",
        "The standing feet slide 30° aside of the way that the pelvis travels (limit 15°): check",
    ),
    Code.SWING_UNSEEN: (
        {"percent_of_leg": 12.0, "way_is_known": 0, "travel_to_stance": 3.14}, "",
        "by 12 % of the leg, the pelvis travels 3.1 times as fast as the standing feet let it): "
        "steps and angles are the simulation's; speed, cadence and strides are rough at best.",
    ),
    Code.JOINTS_ELSEWHERE: (
        {"thigh_to_shank": 1.3, "hips_to_leg": 0.3}, "", "1.30 times as long as the shank",
    ),
    Code.WALK_SHORT: ({"duration_s": 1.84}, "", "only 1.8 s"),
    Code.WALK_FEW_CYCLES: ({"cycles": 1.5}, "", "only about 1.5 strides, by how"),
    Code.CYCLE_DURATION: (
        {"start_s": 1.0, "end_s": 1.3, "duration_s": 0.3, "low_s": 0.4, "high_s": 4.0}, "left",
        "The left cycle from 1.00 s to 1.30 s was left out: it lasts 0.30 s, outside 0.40 to 4.00 "
        "s.",
    ),
    Code.CYCLE_HIDES_CONTACT: (
        {"start_s": 1.0, "end_s": 3.0}, "right", "a contact of the right foot was missed",
    ),
    Code.STEP_HIDES_CONTACTS: (
        {"start_s": 1.0, "end_s": 2.7}, "left", "left step from 1.00 s to 2.70 s was left out",
    ),
    Code.FELL: ({"time_s": 6.0, "duration_s": 8.0}, "", "at 6.0 s of 8.0 s"),
    Code.FELL_AT_FIRST: ({"attempt": 2}, "", "this is attempt 2"),
    Code.FEW_CYCLES: (
        {"least": 3, "sides": ("left", "right"), "counts": (0.0, 1.0)}, "",
        "Fewer than 3 full gait cycles (left 0, right 1)",
    ),
    Code.HELPER_FORCES: (
        {"percent_bw": 12.0, "limit_percent_bw": 10.0}, "", "12 % of body weight (limit 10 %)",
    ),
    Code.HELPER_MOMENT: (
        {"percent_bw_height": 9.0, "limit_percent_bw_height": 7.0}, "",
        "turns the pelvis with 9 % of body weight × height (limit 7 %)",
    ),
    Code.EVENTS_DISAGREE: (
        {"ms": 90.0, "limit_ms": 60.0}, "force", "by force and by foot movement differ by 90 ms",
    ),
    Code.EVENTS_MISSING: ({"lacking": 1, "cycles": 9}, "", "1 of 9 cycles lacks an event; its"),
    Code.FLIGHT: ({"airborne": 1, "cycles": 1}, "", "In 1 of 1 cycle a foot"),
    Code.STEPS_DENIED: (
        {"steps_mps": 1.99, "pelvis_mps": 1.11}, "",
        "steps go at 1.99 m/s where the pelvis goes at 1.11 m/s",
    ),
    Code.NO_TRAVEL: ({}, "", "treadmill"),
    Code.BACKWARDS: ({}, "", "backwards"),
    Code.TURNS: ({"turn_deg": 33.3}, "", "by 33 degrees"),
    Code.NO_HEEL: ({"instead": "Ankle"}, "", "the ankle stands for the heel"),
    Code.NO_TOE: ({}, "", "No toe keypoints"),
    Code.EVENTS_NOT_GIVEN: ({}, "", "stand in"),
    Code.NO_PATH: ({}, "", "no pelvis path"),
    Code.INTERVAL_WIDE: (
        {"numbers": ("velocity_mps", "left_velocity_mps"), "half_widths": (0.13, 0.15)},
        "",
        "a clinician: walking speed ±0.15 m/s (left).",
    ),
    Code.INTERVAL_TOO_WIDE: (
        {
            "numbers": ("left_step_length_m", "right_knee_flexion_deg"),
            "half_widths": (0.112, 12.2),
        },
        "",
        "to a clinician: step length ±11.2 cm (left), knee flexion ±12° (right).",
    ),
    Code.SINGLE_VALUES: (
        {"numbers": ("left_step_width_m", "right_step_width_m", "right_stance_percent")}, "",
        "Of one cycle or step only, which is no mean: step width (left and right); stance (right).",
    ),
    Code.NO_CYCLE: ({}, "", "No full gait cycle"),
    Code.STEPS_ONLY: ({"steps": 2}, "", "are those of 2 steps; angles are shown over time"),
    Code.HELPER_FORCES_UNKNOWN: ({}, "", "unknown"),
    Code.NO_LEG_POINTS: ({}, "", "could be compared"),
    Code.OFF_RECORDING: ({"mm": 81.0, "limit_mm": 50.0}, "", "are 81 mm from"),
    Code.LABORATORY_EVENTS: ({"ms": 90.0, "limit_ms": 60.0}, "", "differ by 90 ms on average"),
    Code.LABORATORY_STANCE: (
        {"percent": 52.0, "markers_percent": 59.1, "limit_percent": 6.0}, "right",
        "Its right stance of 52 % of the cycle is 59 % by",
    ),
    Code.LABORATORY_IMPLAUSIBLE: (
        {"parameter": "step_width_m", "value": 0.6}, "both",
        "Its step width of 60.0 cm lies outside what people walk with (\u221215.0 to 45.0 cm).",
    ),
    Code.LABORATORY_SHIFT: (
        {"shift_ms": -133.0, "limit_ms": 50.0}, "left_knee_flexion",
        "curve of left knee flexion is 133 ms early against its own markers",
    ),
    Code.RUNNING: ({"flight_share": 0.97}, "", "97 % of the steps one foot"),
    Code.SLOW_RUN: (
        {"low_m": 0.0312, "give_deg": 27.0}, "",
        "the pelvis is 0.031 m lower and the knee bent by 27° more",
    ),
    Code.FLOOR_NOT_LEVEL: (
        {"rise_per_m": -0.36, "limit_per_m": 0.05}, "", "sinks by 36 cm on each metre (limit 5 cm)"
    ),
    Code.PATH_NOT_LEVEL: (
        {"pitch_deg": -24.0, "limit_deg": -13.0}, "",
        "The path leads -24° up against the trunk (limit -13°): stairs, a slope, a trunk that",
    ),
    Code.PELVIS_BOUNCES: ({"bounce_m": 0.31, "limit_m": 0.17}, "", "by 0.31 m (limit 0.17 m)"),
    Code.STEPPING_IN_PLACE: ({"stance_mps": 0.01, "limit_mps": 0.12}, "", "stepping in place"),
    Code.BELT_ESTIMATE_DENIED: (
        {"belt_mps": 1.4, "stance_mps": 1.0}, "", "was estimated as 1.40 m/s"
    ),
    Code.OFF_RECORDED_PATH: (
        {"mps": 0.3, "limit_mps": 0.26, "path_mps": 1.2, "can_be_measured": 1}, "",
        "at 1.20 m/s, and the simulated body",
    ),
    Code.OFF_PATH: ({"mps": 0.15, "limit_mps": 0.1}, "", "15 cm every second (limit 10 cm)"),
    Code.EVENTS_UNMATCHED: ({"unmatched": 9, "events": 48}, "", "9 of 48 foot events"),
    Code.RHYTHM_DENIED: (
        {"percent": 11.0, "limit_percent": 5.0}, "", "differs by 11 % between contacts by force"
    ),
    Code.CADENCE_DENIED: (
        {"cadence_spm": 165.7, "strides_spm": 145.3}, "",
        "Steps follow each other at 166 and strides at 145 steps/min, further",
    ),
    Code.LANDING_MISSED: (
        {"duration_s": 1.851, "usual_s": 0.9}, "left", "A left stride lasts 1.85 s, the others 0.90"
    ),
    Code.SIDE_RHYTHM_DENIED: (
        {"percent": 3.2, "limit_percent": 2.0}, "right", "time of the right strides differs by 3 %"
    ),
    Code.CONTACTS_DOUBTFUL: (
        {"event": "initial_contact", "times_s": (1.0, 2.0, 3.0, 4.0), "of": 9, "limit_ms": 100.0},
        "left",
        "4 of 9 left contacts by force (at 1.0, 2.0, 3.0 ... s) lie more than 100 ms",
    ),
    Code.IMPLAUSIBLE: (
        {"parameter": "cadence_spm", "value": 210.0}, "left",
        "Cadence (left) of 210 steps/min lies outside what people walk with (40 to 173 steps/min)",
    ),
    Code.LONG_STEPS: (
        {"step_length_m": 0.66, "cadence_spm": 55.0, "walk_ratio": 2.9, "limit": 2.4}, "",
        "Steps of 66 cm at 55 steps/min",
    ),
    Code.TRUTH_SPEED: ({"error_mps": -0.3, "limit_mps": 0.1}, "", "0.30 m/s too low"),
    Code.TRUTH_ANGLE: (
        {"spread_deg": 8.0, "rms_deg": 14.0, "limit_deg": 5.0}, "right_knee_flexion",
        "Right knee flexion 14° (8° without a constant offset) off on average (limit 5°).",
    ),
}  # fmt: skip


def test_every_code_has_one_sentence() -> None:
    assert set(SENTENCES) == set(Code) == set(SAID)
    assert len(RECORDING_SENTENCES) + len(WALK_SENTENCES) + len(REFERENCE_SENTENCES) == len(Code)


@pytest.mark.parametrize("code", Code)
def test_a_sentence_says_the_values(code: Code) -> None:
    values, where, words = SAID[code]
    text = sentence(Finding(code, values=values, where=where))
    assert words in text
    assert text.endswith(".") and not text.endswith("..") and text[0] == text[0].upper()


OF_ITS_OWN = (Code.HEIGHT_DENIED, Code.CONTACTS_DOUBTFUL, Code.LABORATORY_STANCE)
"""Their limit is of a number that they do not say."""


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        (code, limit)
        for code, (values, _, _) in SAID.items()
        for limit in values
        if limit.startswith(("limit", "least_hz")) and code not in OF_ITS_OWN
    ],
)
def test_a_number_just_beyond_its_limit_is_not_written_as_the_limit(code: Code, limit: str) -> None:
    """A walk ratio of "2.4, limit 2.4" says nothing."""
    values, where, _ = SAID[code]
    passing = list(values)[list(values).index(limit) - 1]
    far, at = values[passing], values[limit]
    assert isinstance(far, float) and isinstance(at, float)
    just = np.copysign(abs(at) * (1.001 if abs(far) > abs(at) else 0.999), far)
    text = sentence(Finding(code, values={**values, passing: float(just)}, where=where))
    allowed = re.findall(r"(?:limit|fewer than) ([+-]?[\d.]*\d)", text)
    assert len(allowed) == 1
    said = re.sub(rf"just (over|under) {re.escape(allowed[0])}", "", text)
    assert re.findall(r"[+-]?[\d.]*\d", said).count(allowed[0]) == 1


def test_one_and_several_are_told_apart() -> None:
    several = Finding(Code.EVENTS_MISSING, values={"lacking": 2, "cycles": 9})
    off = Finding(
        Code.CONTACTS_DOUBTFUL, where="right",
        values={"event": "foot_off", "times_s": (1.0,), "of": 6, "limit_ms": 100.0},
    )  # fmt: skip
    plural, single = sentences([several, off])
    assert plural == "2 of 9 cycles lack an event; their phases are missing."
    assert single.startswith("1 of 6 right foot offs by force (at 1.0 s) lies more than")


def test_what_time_does_not_move_needs_no_frame_rate() -> None:
    long = Finding(
        Code.IMPLAUSIBLE, values={"parameter": "stride_length_m", "value": 2.5}, where="both"
    )
    assert sentence(long) == (
        "Stride length of 250.0 cm lies outside what people walk with (15.0 to 219.0 cm)."
    )


@pytest.mark.parametrize(
    ("key", "value", "runs"),
    [("velocity_mps", 2.5, True), ("velocity_mps", 0.05, False), ("cadence_spm", 210.0, False)],
)
def test_who_is_too_fast_for_a_walk_may_run(key: str, value: float, runs: bool) -> None:
    said = sentence(Finding(Code.IMPLAUSIBLE, values={"parameter": key, "value": value}))
    assert "check the frame rate" in said and ("if the person does not run" in said) is runs


def test_a_detectors_points_may_be_what_bobs() -> None:
    values: dict[str, Value] = {"bounce_m": 0.28, "limit_m": 0.26}
    measured = Finding(Code.PELVIS_BOUNCES, "stop", values | {"detected": False})
    assert sentence(measured).endswith("a jump, a squat or a chair, no level walk.")
    detected = Finding(Code.PELVIS_BOUNCES, "stop", values | {"detected": True})
    assert sentence(detected).endswith("or the points do not say where the floor is.")
