"""Sentences of what `gait` and the verdict find in a walk, and in the body that follows it."""

from __future__ import annotations

from simgait.findings import Code, Finding
from simgait.parameters.catalogue import parameter
from simgait.parameters.wording import beside_limit, beside_range, counted, number, with_minus
from simgait.report import number_words
from simgait.report.sentence_table import Sentences, Values, passing

CHECK_FRAME_RATE = "check the frame rate of the recording"
MOST_TIMES = 3
"""Chosen: a sentence still reads."""


def _fell_at_first(finding: Finding) -> str:
    values: Values = finding.values
    return (
        f"The simulated body fell at first; this is attempt {values['attempt']:g}: each later one "
        "has more help: a larger residual moment, and in the last ones a larger force, too."
    )


def _off_recorded_path(finding: Finding) -> str:
    values: Values = finding.values
    shown, allowed = beside_limit(100.0 * values["mps"], 100.0 * values["limit_mps"], ".0f")
    text = (
        f"The recorded path of the pelvis, at {values['path_mps']:.2f} m/s, and the simulated body "
        f"part by {shown} cm every second (limit {allowed} cm): one of the two is off."
    )
    if not values["can_be_measured"]:
        return text
    say_so = "If the positions are measured by several cameras, say so (--positions measured)."
    return f"{text} {say_so}"


def _few_cycles(finding: Finding) -> str:
    values: Values = finding.values
    few = [f"{side} {n:g}" for side, n in zip(values["sides"], values["counts"], strict=True)]
    return (
        f"Fewer than {values['least']:g} full gait cycles ({', '.join(few)}): "
        "SDs over so few say little; each number's interval tells how far it may be off."
    )


def _cycle_duration(finding: Finding) -> str:
    values: Values = finding.values
    lasts, low, high = beside_range(
        values["duration_s"], (values["low_s"], values["high_s"]), ".2f"
    )
    return (
        f"The {finding.where} cycle from {values['start_s']:.2f} s to {values['end_s']:.2f} s was "
        f"left out: it lasts {lasts} s, outside {low} to {high} s."
    )


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


def _no_heel(finding: Finding) -> str:
    values: Values = finding.values
    return f"No heel keypoints: the {values['instead'].lower()} stands for the heel."


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


def out_of_range(finding: Finding) -> str:
    """The number, and the range that it lies outside of."""
    values: Values = finding.values
    one = parameter(values["parameter"])
    plausible, display = one.plausible, one.display
    assert plausible is not None  # nothing is implausible without a range
    side = "" if finding.where == "both" else f" ({finding.where})"
    value, *ends = (display.factor * x for x in (values["value"], plausible.low, plausible.high))
    shown, low, high = beside_range(value, (ends[0], ends[1]), f".{display.decimals}f")
    unit = display.unit.symbol if display.unit.symbol == "°" else f" {display.unit.symbol}"
    return with_minus(
        f"{one.label}{side} of {shown}{unit} lies outside what people walk with "
        f"({low} to {high}{unit})"
    )


def _implausible(finding: Finding) -> str:
    values: Values = finding.values
    one = parameter(values["parameter"])
    if one.plausible is None or not one.plausible.timed:
        return f"{out_of_range(finding)}."
    is_fast = one.key == "velocity_mps" and values["value"] > one.plausible.high
    run = "if the person does not run, " if is_fast else ""
    return f"{out_of_range(finding)}; {run}{CHECK_FRAME_RATE}."


def _long_steps(finding: Finding) -> str:
    values: Values = finding.values
    length = number(100.0 * values["step_length_m"], 0)
    ratio, limit = beside_limit(values["walk_ratio"], values["limit"], ".1f")
    return (
        f"Steps of {length} cm at {number(values['cadence_spm'], 0)} steps/min are very "
        f"long for their pace (walk ratio {ratio}, limit {limit}, "
        f"most people about 1.4): {CHECK_FRAME_RATE}."
    )


WALK_SENTENCES: Sentences = {
    Code.CYCLE_DURATION: _cycle_duration,
    Code.CYCLE_HIDES_CONTACT: (
        "The {where} cycle from {start_s:.2f} s to {end_s:.2f} s was left out: a contact of the "
        "{where} foot was missed inside it."
    ),
    Code.STEP_HIDES_CONTACTS: (
        "The {where} step from {start_s:.2f} s to {end_s:.2f} s was left out: the other foot did "
        "not stand all the while, so that landings were missed inside it."
    ),
    Code.FELL: (
        "The simulated body fell at {time_s:.1f} s of {duration_s:.1f} s; nothing after that was "
        "measured."
    ),
    Code.FELL_AT_FIRST: _fell_at_first,
    Code.FEW_CYCLES: _few_cycles,
    Code.HELPER_FORCES: passing(
        "Helper forces on the pelvis are {shown} % of body weight (limit {allowed} %): the walk is "
        "not carried by the feet alone.",
        "percent_bw", "limit_percent_bw",
    ),
    Code.HELPER_MOMENT: passing(
        "The helper turns the pelvis with {shown} % of body weight × height (limit {allowed} %): "
        "the trunk is not held by the legs alone.",
        "percent_bw_height", "limit_percent_bw_height",
    ),
    Code.EVENTS_DISAGREE: passing(
        "Foot contact by {where} and by foot movement differ by {shown} ms on average "
        "(limit {allowed} ms).",
        "ms", "limit_ms",
    ),
    Code.EVENTS_MISSING: _events_missing,
    Code.FLIGHT: _flight,
    Code.STEPS_DENIED: (
        "The steps go at {steps_mps:.2f} m/s where the pelvis goes at {pelvis_mps:.2f} m/s: a "
        "landing is missing or false, or a foot slid, and no step, stride or speed is told."
    ),
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
    Code.SINGLE_VALUES: number_words.single_values,
    Code.INTERVAL_WIDE: number_words.interval_wide,
    Code.SCORES_ROUGH: number_words.scores_rough,
    Code.INTERVAL_TOO_WIDE: number_words.interval_too_wide,
    Code.NO_CYCLE: "No full gait cycle was found on either side, and no step.",
    Code.STEPS_ONLY: _steps_only,
    Code.HELPER_FORCES_UNKNOWN: "The use of helper forces is unknown.",
    Code.NO_LEG_POINTS: (
        "No hip, knee or ankle keypoint could be compared with the simulated body."
    ),
    Code.OFF_RECORDING: passing(
        "Hips, knees and ankles of the simulated body are {shown} mm from the recorded ones on "
        "average (limit {allowed} mm).",
        "mm", "limit_mm",
    ),
    Code.OFF_PATH: passing(
        "The simulated body leaves the path it was to follow by {shown} cm every second (limit "
        "{allowed} cm): its speed or direction is off.",
        "mps", "limit_mps", factor=100.0,
    ),
    Code.OFF_RECORDED_PATH: _off_recorded_path,
    Code.EVENTS_UNMATCHED: (
        "{unmatched:g} of {events:g} foot events have no counterpart in the cross-check by foot "
        "movement."
    ),
    Code.RHYTHM_DENIED: passing(
        "The time of the steps differs by {shown} % between contacts by force and foot movement "
        "(limit {allowed} %): some contact is false.",
        "percent", "limit_percent",
    ),
    Code.CADENCE_DENIED: (
        "Steps follow each other at {cadence_spm:.0f} and strides at {strides_spm:.0f} steps/min, "
        "further apart than either may be off: some contact is false or was missed."
    ),
    Code.LANDING_MISSED: (
        "A {where} stride lasts {duration_s:.2f} s, the others {usual_s:.2f} s: the detector "
        "exchanged the legs there and a landing was missed, unless the person paused."
    ),
    Code.SIDE_RHYTHM_DENIED: passing(
        "The time of the {where} strides differs by {shown} % between contacts by force and foot "
        "movement (limit {allowed} %), as their first or last contact is doubtful; cadence and "
        "strides of both sides are rough at best.",
        "percent", "limit_percent",
    ),
    Code.CONTACTS_DOUBTFUL: _contacts_doubtful,
    Code.IMPLAUSIBLE: _implausible,
    Code.LONG_STEPS: _long_steps,
}  # fmt: skip
