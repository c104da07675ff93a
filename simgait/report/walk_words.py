"""Sentences of what `gait` and the verdict find in a walk, and in the body that follows it."""

from __future__ import annotations

from simgait.findings import Code, Finding
from simgait.parameters.catalogue import parameter
from simgait.parameters.wording import counted, number
from simgait.report import number_words
from simgait.report.sentence_table import Sentences, Values

CHECK_FRAME_RATE = "check the frame rate of the recording"
MOST_TIMES = 3
"""Chosen: a sentence still reads."""


def _fell_at_first(finding: Finding) -> str:
    values: Values = finding.values
    how = "with a little noise on its actions" if values["attempt"] == 2 else "with more help"
    return f"The simulated body fell at first; this is attempt {values['attempt']:g}, {how}."


def _few_cycles(finding: Finding) -> str:
    values: Values = finding.values
    few = [f"{side} {n:g}" for side, n in zip(values["sides"], values["counts"], strict=True)]
    return (
        f"Fewer than {values['least']:g} full gait cycles ({', '.join(few)}): "
        "SDs over so few say little; each number's interval tells how far it may be off."
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
    plausible, unit = one.plausible, one.unit.symbol
    assert plausible is not None  # nothing is implausible without a range
    side = "" if finding.where == "both" else f" ({finding.where})"
    return (
        f"{one.label}{side} of {number(values['value'], 2)} {unit} lies outside what people walk "
        f"with ({number(plausible.low, 2)} to {number(plausible.high, 2)} {unit})"
    )


def _implausible(finding: Finding) -> str:
    plausible = parameter(str(finding.values["parameter"])).plausible
    advice = f"; {CHECK_FRAME_RATE}" if plausible is not None and plausible.timed else ""
    return f"{out_of_range(finding)}{advice}."


def _long_steps(finding: Finding) -> str:
    values: Values = finding.values
    length = number(100.0 * values["step_length_m"], 0)
    return (
        f"Steps of {length} cm at {number(values['cadence_spm'], 0)} steps/min are very "
        f"long for their pace (walk ratio {values['walk_ratio']:.1f}, limit {values['limit']:g}, "
        f"most people about 1.4): {CHECK_FRAME_RATE}."
    )


WALK_SENTENCES: Sentences = {
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
}
