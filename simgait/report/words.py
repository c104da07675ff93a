"""Findings and verdicts in words: one table from code to sentence, for page, summary and shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from simgait.findings import Code, Finding
from simgait.parameters.catalogue import parameter, parameters
from simgait.parameters.wording import counted, number
from simgait.report.number_names import numbers_in_words

Level = Literal["use_all", "use_some", "use_none"]
"""Which of a walk's numbers may be used."""
TITLES: dict[Level, str] = {
    "use_all": "Use all numbers",
    "use_some": "Use only some numbers",
    "use_none": "Use no number",
}
FAILED, STANDING = "failed", "standing"
NOT_TRACKED = {FAILED: "Failed", STANDING: "Standing trial"}
"""What tables call a recording that has no report."""
CHECK_FRAME_RATE = "check the frame rate of the recording"
MOST_TIMES = 3
MOST_ANGLES = 3

Values = Mapping[str, Any]


def _few_cycles(finding: Finding) -> str:
    values: Values = finding.values
    few = [f"{side} {n:g}" for side, n in zip(values["sides"], values["counts"], strict=True)]
    return (
        f"Fewer than {values['least']:g} full gait cycles ({', '.join(few)}): "
        "means are uncertain and the spread is not to be trusted."
    )


def _fell_at_first(finding: Finding) -> str:
    values: Values = finding.values
    how = "with a little noise on its actions" if values["attempt"] == 2 else "with more help"
    return f"The simulated body fell at first; this is attempt {values['attempt']:g}, {how}."


def _events_missing(finding: Finding) -> str:
    values: Values = finding.values
    lack, whose = ("lacks", "its") if values["lacking"] == 1 else ("lack", "their")
    return (
        f"{values['lacking']:g} of {counted(values['cycles'], 'cycle')} {lack} an event; "
        f"{whose} phases are missing."
    )


def _flight(finding: Finding) -> str:
    values: Values = finding.values
    return (
        f"In {values['airborne']:g} of {counted(values['cycles'], 'cycle')} a foot left the floor "
        "before the other landed: no double support there."
    )


def _walk_few_cycles(finding: Finding) -> str:
    cycles = finding.values["cycles"]
    return f"Only {cycles:g} full gait cycle{'' if cycles == 1 else 's'}."


def _steps_only(finding: Finding) -> str:
    values: Values = finding.values
    whose = "that" if values["steps"] == 1 else "those"
    return (
        "Too short for a full gait cycle: walking speed, cadence and step length are "
        f"{whose} of {counted(values['steps'], 'step')}; angles are shown over time, and the "
        "phases of the cycle are not known."
    )


def _contacts_doubtful(finding: Finding) -> str:
    values: Values = finding.values
    times = values["times_s"]
    shown_s = ", ".join(f"{t:.1f}" for t in times[:MOST_TIMES])
    more = " ..." if times[MOST_TIMES:] else ""
    event = "contact" if values["event"] == "initial_contact" else "foot off"
    lies, it = ("lies", "it") if len(times) == 1 else ("lie", "them")
    return (
        f"{len(times)} of {counted(values['of'], f'{finding.where} {event}')} by force "
        f"(at {shown_s}{more} s) {lies} more "
        f"than {values['limit_ms']:.0f} ms from where the foot's movement puts {it}: do not trust "
        "the steps around it."
    )


def _single_values(finding: Finding) -> str:
    named = {
        one.summary_column(pool): (one.label, pool) for one in parameters() for pool in one.pools
    }
    values: Values = finding.values
    single = numbers_in_words(named[name] for name in values["numbers"])
    return f"Of one cycle or step only, which is no mean: {single}."


def _implausible(finding: Finding) -> str:
    values: Values = finding.values
    one = parameter(values["parameter"])
    plausible = one.plausible
    assert plausible is not None  # nothing is implausible without a range
    side = "" if finding.where == "both" else f" ({finding.where})"
    advice = f"; {CHECK_FRAME_RATE}" if plausible.timed else ""
    return (
        f"{one.label}{side} of {number(values['value'], 2)} lies outside what people walk with "
        f"({plausible.low:g} to {plausible.high:g}){advice}."
    )


def _long_steps(finding: Finding) -> str:
    values: Values = finding.values
    length = number(100.0 * values["step_length_m"], 0)
    return (
        f"Steps of {length} cm at {number(values['cadence_spm'], 0)} steps/min are very "
        f"long for their pace (walk ratio {values['walk_ratio']:.1f}, limit {values['limit']:g}, "
        f"most people about 1.4): {CHECK_FRAME_RATE}."
    )


def _no_heel(finding: Finding) -> str:
    values: Values = finding.values
    return f"No heel keypoints: the {values['instead'].lower()} stands for the heel."


def _belt_speed_denied(finding: Finding) -> str:
    values: Values = finding.values
    belt_mps, stance_mps = values["belt_mps"], values["stance_mps"]
    said = (
        f"The belt is said to run at {belt_mps:.2f} m/s, but the stance feet move at "
        f"{stance_mps:.2f} m/s: "
    )
    for unit, per_mps, (low, high) in BELT_UNITS:
        if low <= belt_mps / stance_mps <= high:
            return said + (
                f"the belt speed looks like {unit}; in metres per second it would be "
                f"{belt_mps / per_mps:.2f}."
            )
    return said + (
        "check the belt speed (in metres per second); where it is right, the frame rate is wrong."
    )


def _feet_incomplete(finding: Finding) -> str:
    values: Values = finding.values
    return f"Foot keypoints are absent: {', '.join(values['points'])}."


def _floor_not_level(finding: Finding) -> str:
    values: Values = finding.values
    rise = values["rise_per_m"]
    return (
        f"The pelvis {'rises' if rise > 0 else 'sinks'} by {abs(100 * rise):.0f} cm on each metre "
        f"(limit {100 * values['limit_per_m']:.0f} cm): stairs or a slope, or the file's "
        "vertical is tilted; only level walks are read."
    )


def _off_path(finding: Finding) -> str:
    values: Values = finding.values
    return (
        f"The simulated body leaves the path it was to follow by {100 * values['mps']:.0f} cm "
        f"every second (limit {100 * values['limit_mps']:.0f} cm): its speed or direction is off."
    )


def _off_recorded_path(finding: Finding) -> str:
    values: Values = finding.values
    return (
        f"The recorded path of the pelvis, at {values['path_mps']:.2f} m/s, and the simulated "
        f"body part by {100 * values['mps']:.0f} cm every second (limit "
        f"{100 * values['limit_mps']:.0f} cm): one of the two is off. If the positions are "
        "measured by several cameras, say so (--positions measured)."
    )


def _truth_speed(finding: Finding) -> str:
    values: Values = finding.values
    too = "high" if values["error_mps"] > 0 else "low"
    return (
        f"The walking speed is {number(abs(values['error_mps']), 2)} m/s too {too} "
        f"(limit {values['limit_mps']:.2f} m/s)."
    )


def _truth_angle(finding: Finding) -> str:
    text = f"{_angle(finding)} off on average (limit {finding.values['limit_deg']:g}°)."
    return text[0].upper() + text[1:]


def _laboratory_shift(finding: Finding) -> str:
    values: Values = finding.values
    when = "late" if values["shift_ms"] > 0 else "early"
    return (
        f"Its curve of {finding.where.replace('_', ' ')} is {abs(values['shift_ms']):.0f} ms "
        f"{when} against its own markers (limit {values['limit_ms']:.0f} ms)."
    )


def _angle(finding: Finding) -> str:
    # A constant part may be no error but another definition of the angle's zero.
    values: Values = finding.values
    spread = f"{number(values['spread_deg'], 0)}° without a constant offset"
    return f"{finding.where.replace('_', ' ')} {number(values['rms_deg'], 0)}° ({spread})"


# Factor of a unit, and where the ratio of belt and stance feet says it: a true speed gives 1.0 to
# 1.2 with measured points and up to 1.7 with a detector's (`trials.quality`).
BELT_UNITS = (("km/h", 3.6, (3.2, 6.0)), ("miles per hour", 2.237, (2.0, 2.7)))

SENTENCES: dict[Code, str | Callable[[Finding], str]] = {
    Code.POSITIONS_MISSING: "{value:.0%} of hip, knee and ankle positions are missing.",
    Code.POSITIONS_FILLED: (
        "{value:.0%} of hip, knee and ankle positions were filled in over short gaps."
    ),
    Code.KEYPOINTS_JITTER: "Keypoints jitter by {value:.0f} mm (above 6 Hz).",
    Code.PATH_JITTERS: "The pelvis's path jitters by {value:.0f} mm (above 6 Hz).",
    Code.LEG_LENGTH_VARIES: "The length of a leg segment varies by {value:.0f} %.",
    Code.FRAMES_FROZEN: (
        "{value:.0%} of frames repeat the one before (a video of a lower frame rate?)."
    ),
    Code.NO_FEET: "No foot keypoints: ankle angles rest on the simulation alone.",
    Code.FEET_INCOMPLETE: _feet_incomplete,
    Code.TRAVEL_UNKNOWN: (
        "The pelvis's travel is unknown: velocity and step length rest on the legs' swing."
    ),
    Code.HEIGHT_DENIED: (
        "The legs measure {legs_m:.2f} m as recorded, where a height of {height_m:.2f} m has "
        "{usual_m:.2f} m (more than {limit_percent:.0f} % apart): the height is another person's, "
        "or the positions' scale is wrong."
    ),
    Code.BELT_SPEED_DENIED: _belt_speed_denied,
    Code.BELT_ESTIMATE_DENIED: (
        "The belt's speed was estimated as {belt_mps:.2f} m/s, but in this walk the stance feet "
        "move at {stance_mps:.2f} m/s: give the belt speed (in m/s), and check the frame rate."
    ),
    Code.TRAVEL_DENIED: (
        "The pelvis travels at {travel_mps:.2f} m/s, but the stance feet move at "
        "{stance_mps:.2f} m/s under it: check the hip and ankle markers, and whether this is "
        "a treadmill (give its belt speed)."
    ),
    Code.TRAVEL_ASSUMED: (
        "A single camera tells distances only roughly: all speeds and step lengths seen by it may "
        "be off by {spread_percent:.0f} % (SD), all in the same direction. A known distance sets "
        "this right (--distance)."
    ),
    Code.KNEES_STAY_BENT: (
        "No knee gets straighter than {deg:.0f}° (limit {limit_deg:.0f}°): nobody walks so, the "
        "detector bends them."
    ),
    Code.TRUNK_LEANS_BACK: (
        "The trunk leans back by {deg:.0f}° against the legs (limit {limit_deg:.0f}°): nobody "
        "walks so, the detector leans it."
    ),
    Code.SWING_UNSEEN: (
        "The points show hardly any swing of the legs (the feet part by {percent_of_leg:.0f} % of "
        "the leg): steps and angles are the simulation's."
    ),
    Code.JOINTS_ELSEWHERE: (
        "The thigh is {thigh_to_shank:.2f} times as long as the shank and the hips "
        "{hips_to_leg:.2f} of the leg apart, as in no person: hips and knees of this keypoint set "
        "lie elsewhere, and angles have an offset that is not known."
    ),
    Code.RUNNING: (
        "This is running, not walking: in {flight_share:.0%} of the steps one foot leaves the "
        "floor before the other lands."
    ),
    Code.FLOOR_NOT_LEVEL: _floor_not_level,
    Code.PATH_NOT_LEVEL: (
        "The path leads {pitch_deg:+.0f}° up against the trunk (limit {limit_deg:+.0f}°): stairs, "
        "a slope, a trunk that leans, or a path wrong in depth; only level walks are read."
    ),
    Code.PELVIS_BOUNCES: (
        "The pelvis goes up and down by {bounce_m:.2f} m (limit {limit_m:.2f} m): a jump, a squat "
        "or a chair, no level walk."
    ),
    Code.STEPPING_IN_PLACE: (
        "The legs move, but the standing foot stays under the pelvis ({stance_mps:.2f} m/s, limit "
        "{limit_mps:.2f} m/s): stepping in place or exercises of the legs, no walk."
    ),
    Code.WALK_SHORT: "The walk lasts only {duration_s:.1f} s.",
    Code.WALK_FEW_CYCLES: _walk_few_cycles,
    Code.CYCLE_DURATION: (
        "The {where} cycle from {start_s:.2f} s to {end_s:.2f} s was left out: it lasts "
        "{duration_s:.2f} s, outside {low_s:g}-{high_s:g} s."
    ),
    Code.CYCLE_HIDES_CONTACT: (
        "The {where} cycle from {start_s:.2f} s to {end_s:.2f} s was left out: a contact of the "
        "{where} foot was missed inside it."
    ),
    Code.FELL: (
        "The simulated body fell at {time_s:.1f} s of {duration_s:.1f} s; nothing after that was "
        "measured."
    ),
    Code.FELL_AT_FIRST: _fell_at_first,
    Code.FEW_CYCLES: _few_cycles,
    Code.HELPER_FORCES: (
        "Helper forces on the pelvis are {percent_bw:.0f} % of body weight (limit "
        "{limit_percent_bw:.0f} %): the walk is not carried by the feet alone."
    ),
    Code.EVENTS_DISAGREE: (
        "Foot contact by {where} and by foot movement differ by {ms:.0f} ms on average "
        "(limit {limit_ms:.0f} ms)."
    ),
    Code.EVENTS_MISSING: _events_missing,
    Code.FLIGHT: _flight,
    Code.NO_TRAVEL: (
        "The pelvis does not travel though the feet walk (treadmill?): velocity and stride "
        "length are missing; give the belt speed."
    ),
    Code.BACKWARDS: "The person walks backwards, or left and right are swapped.",
    Code.TURNS: (
        "The direction of walking changes by {turn_deg:.0f} degrees: not a straight walk."
    ),
    Code.NO_HEEL: _no_heel,
    Code.NO_TOE: "No toe keypoints: kinematic foot offs use the ankle and come early.",
    Code.EVENTS_NOT_GIVEN: "No foot events were given: kinematic events (Zeni) stand in for them.",
    Code.NO_PATH: (
        "The recording shows no pelvis path: velocity and stride length are missing, and distances "
        "are those between points of the same frame."
    ),
    Code.SINGLE_VALUES: _single_values,
    Code.NO_CYCLE: "No full gait cycle was found on either side, and no step.",
    Code.STEPS_ONLY: _steps_only,
    Code.HELPER_FORCES_UNKNOWN: "The use of helper forces is unknown.",
    Code.NO_LEG_POINTS: (
        "No hip, knee or ankle keypoint could be compared with the simulated body."
    ),
    Code.OFF_RECORDING: (
        "Hips, knees and ankles of the simulated body are {mm:.0f} mm from the recorded ones on "
        "average (limit {limit_mm:.0f} mm)."
    ),
    Code.OFF_PATH: _off_path,
    Code.OFF_RECORDED_PATH: _off_recorded_path,
    Code.EVENTS_UNMATCHED: (
        "{unmatched:g} of {events:g} foot events have no counterpart in the cross-check by foot "
        "movement."
    ),
    Code.RHYTHM_DENIED: (
        "The time of the steps differs by {percent:.0f} % between contacts by force and foot "
        "movement (limit {limit_percent:g} %): some contact is false."
    ),
    Code.CONTACTS_DOUBTFUL: _contacts_doubtful,
    Code.IMPLAUSIBLE: _implausible,
    Code.LONG_STEPS: _long_steps,
    Code.LABORATORY_EVENTS: (
        "Its foot events differ by {ms:.0f} ms on average from the movement of its own markers "
        "(limit {limit_ms:.0f} ms)."
    ),
    Code.LABORATORY_STANCE: (
        "Its {where} stance of {percent:.0f} % of the cycle is {markers_percent:.0f} % by the "
        "movement of its own markers (limit {limit_percent:.0f} apart)."
    ),
    Code.LABORATORY_SHIFT: _laboratory_shift,
    Code.TRUTH_SPEED: _truth_speed,
    Code.TRUTH_ANGLE: _truth_angle,
}
"""Code -> its sentence: a template for its values and `where`, or a function of the finding."""


def sentence(finding: Finding) -> str:
    """One finding in words."""
    template = SENTENCES[finding.code]
    if isinstance(template, str):
        return template.format(**finding.values, where=finding.where)
    return template(finding)


def sentences(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Findings in words, in their order."""
    return tuple(sentence(finding) for finding in findings)


def truth_sentence(findings: Sequence[Finding], level: Level, reference: str = "truth") -> str:
    """What differs from what is known of a trial, in one sentence; empty for nothing.

    Args:
        findings: from `truth_check.truth_findings`.
        level: of the verdict, which does not look at what is known.
        reference: "truth" or "laboratory" (`gait.recorded.Reference`).
    """
    if not findings:
        return ""
    said = [sentence(f).rstrip(".") for f in findings if f.code is Code.TRUTH_SPEED]
    parts = [text[0].lower() + text[1:] for text in said]
    angles = [f for f in findings if f.code is Code.TRUTH_ANGLE]
    if angles:
        named = ", ".join(_angle(f) for f in angles[:MOST_ANGLES])
        more = len(angles) - MOST_ANGLES
        and_more = f" and {more} more" if more > 0 else ""
        limit_deg = angles[0].values["limit_deg"]
        parts.append(f"{named}{and_more} off on average (limit {limit_deg:g}°)")
    start = "Nothing seen in the walk itself told it, but the" if level == "use_all" else "The"
    known = "truth" if reference == "truth" else "laboratory's measurement"
    return f"{start} {known} that came with this trial differs: {'; '.join(parts)}."
