"""Sentences of what `trials` finds in a recording's points and in the walk that they show."""

from __future__ import annotations

from simgait.findings import Code, Finding
from simgait.parameters.wording import beside_limit
from simgait.report.sentence_table import Sentences, Values, in_percent, passing

# Factor of a unit, and where the ratio of belt and stance feet says it: a true speed gives 1.0 to
# 1.2 with measured points and up to 1.7 with a detector's (`trials.quality`).
BELT_UNITS = (("km/h", 3.6, (3.2, 6.0)), ("miles per hour", 2.237, (2.0, 2.7)))


def _feet_incomplete(finding: Finding) -> str:
    values: Values = finding.values
    points = values["points"]
    are = "is" if len(points) == 1 else "are"
    return (
        f"{', '.join(points)} {are} not among the points, without which nobody sees how a foot is "
        "turned: the ankle's angle, GDI and GPS are lost."
    )


def _distance_denied(finding: Finding) -> str:
    values: Values = finding.values
    percent = values["percent"]
    return (
        f"The way as stated is {abs(percent):.0f} % {'longer' if percent > 0 else 'shorter'} than "
        "the points have it, more than such points are ever off: check the distance (or speed), "
        "its unit, and that it is of the first to the last picture in which the person walks."
    )


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


PAST_ITS_FEET = (
    "The pelvis travels at {travel_mps:.2f} m/s, but the stance feet move at {stance_mps:.2f} m/s "
    "under it"
)
CHECK_MARKERS_AND_BELT = (
    "check the hip and ankle markers, and whether this is a treadmill (give its belt speed)"
)


def _feet_slide(finding: Finding) -> str:
    values: Values = finding.values
    if "aside_deg" in values:
        shown, allowed = beside_limit(values["aside_deg"], values["limit_deg"], ".0f")
        said = (
            f"The standing feet slide {shown}° aside of the way that the pelvis travels (limit "
            f"{allowed}°)"
        )
    else:
        said = PAST_ITS_FEET.format(**values)
    return f"{said}: {CHECK_MARKERS_AND_BELT}."


def _swing_unseen(finding: Finding) -> str:
    values: Values = finding.values
    swing = "hardly any swing of the legs"
    if finding.where:
        swing = f"hardly any swing of the {finding.where} leg"
        shown = f"{values['percent_of_other']:.0f} % of the other's"
    else:
        shown = f"the feet part by {values['percent_of_leg']:.0f} % of the leg"
    if "travel_to_stance" in values:
        shown += (
            f", the pelvis travels {values['travel_to_stance']:.1f} times as fast as the standing "
            "feet let it"
        )
    left = ""
    if "way_is_known" in values:
        speed = "" if values["way_is_known"] else "speed, "
        left = f"; {speed}cadence and strides are rough at best"
    return f"The points show {swing} ({shown}): steps and angles are the simulation's{left}."


def _floor_not_level(finding: Finding) -> str:
    values: Values = finding.values
    rise = values["rise_per_m"]
    shown, limit = beside_limit(abs(100.0 * rise), 100.0 * values["limit_per_m"], ".0f")
    return (
        f"The pelvis {'rises' if rise > 0 else 'sinks'} by {shown} cm on each metre (limit {limit} "
        "cm): stairs or a slope, or the file's vertical is tilted; only level walks are read."
    )


def _pelvis_bounces(finding: Finding) -> str:
    values: Values = finding.values
    shown, limit = beside_limit(values["bounce_m"], values["limit_m"], ".2f")
    unless = ", or the points do not say where the floor is" if values.get("detected") else ""
    return (
        f"The pelvis goes up and down by {shown} m (limit {limit} m): a jump, a squat or a chair, "
        f"no level walk{unless}."
    )


def _walk_few_cycles(finding: Finding) -> str:
    strides = finding.values["cycles"]
    return (
        f"The recording holds only about {strides:g} stride{'' if strides == 1 else 's'}, by how "
        "often the feet pass each other."
    )


RECORDING_SENTENCES: Sentences = {
    Code.POSITIONS_MISSING: in_percent(
        "{percent:.0f} % of hip, knee and ankle positions are missing."
    ),
    Code.POSITIONS_FILLED: in_percent(
        "{percent:.0f} % of hip, knee and ankle positions were filled in over short gaps."
    ),
    Code.KEYPOINTS_JITTER: "Keypoints jitter by {value:.0f} mm (above 6 Hz).",
    Code.PATH_JITTERS: "The pelvis's path jitters by {value:.0f} mm (above 6 Hz).",
    Code.LEG_LENGTH_VARIES: "The length of a leg segment varies by {value:.0f} %.",
    Code.FRAMES_FROZEN: in_percent(
        "{percent:.0f} % of frames repeat the one before (a video of a lower frame rate?)."
    ),
    Code.WALK_FREEZES: (
        "All points stand exactly still for {frozen_s:.2f} s, from {start_s:.2f} s on, though the "
        "person walks: frames were repeated or inserted there, so that no time holds; cut the "
        "recording there, or export it again."
    ),
    Code.FRAMES_SKIPPED: (
        "Frames seem to be missing, and the times do not show it: in {percent:.0f} % of the frames "
        "the whole body moves two or three times as far as just before and after; export the "
        "recording with all its frames, or with their true times."
    ),
    Code.RATE_LOW: passing(
        "The recording has {shown} frames per second (fewer than {allowed}): feet land and leave "
        "between them, which shortens stance and double support; record faster for these.",
        "hz", "least_hz", ".3g",
    ),
    Code.FOOT_UNSEEN: (
        "The {where} foot (ankle, heel and toe) is not seen for {unseen_s:.1f} s on end, "
        "{percent:.0f} % of the walk: its steps there are made up; cut the recording to where "
        "both feet are seen."
    ),
    Code.PERSON_UNSEEN: (
        "Nobody is seen for {unseen_s:.2f} s on end, from {start_s:.2f} s on ({percent:.0f} % of "
        "the walk are such gaps): its steps there are made up; cut the recording there."
    ),
    Code.NO_FEET: "No foot keypoints: ankle angles rest on the simulation alone.",
    Code.FEET_INCOMPLETE: _feet_incomplete,
    Code.POINT_SLIPPED: (
        "The {where} {part} changes by {mm:.0f} mm within the walk, as where a marker slips or is "
        "labelled anew: cut the recording there, or look at the markers of that part."
    ),
    Code.ASIS_DIFFER: (
        "Left and right ASIS differ by {mm:.0f} mm in how far they lie from the knee or from the "
        "back of the pelvis, as where one of the markers sits elsewhere: angles of pelvis and hips "
        "and of what hangs on them are not to be used. Look at both, unless the person is so built."
    ),
    Code.SIDES_DIFFER: (
        "The left and the right {part} differ by {mm:.0f} mm, as where a marker sits elsewhere on "
        "one side: look at the markers of that part, unless the person's legs differ so."
    ),
    Code.TRAVEL_UNKNOWN: (
        "The pelvis's travel is unknown: velocity and step length rest on the legs' swing."
    ),
    Code.DISTANCE_DENIED: _distance_denied,
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
    Code.BELT_ESTIMATED: (
        "Nobody gave the belt's speed: {belt_mps:.2f} m/s is an estimate from the feet while they "
        "stand flat (SD {spread_percent:.0f} %), and speed and step lengths rest on it; give the "
        "true one (--belt-speed)."
    ),
    Code.TRAVEL_DENIED: f"{PAST_ITS_FEET}: {CHECK_MARKERS_AND_BELT}.",
    Code.FEET_SLIDE: _feet_slide,
    Code.TRAVEL_ASSUMED: (
        "A single camera tells distances only roughly: all speeds and step lengths seen by it may "
        "be off by {spread_percent:.0f} % (SD), all in the same direction. A known distance "
        "(--distance) or, of a film, a calibrated camera (simgait calibrate) sets this right."
    ),
    Code.SIZE_ASSUMED: (
        "The person's height sets the size of all positions: all speeds and step lengths may be "
        "off by {spread_percent:.0f} % (SD), all in the same direction. A known distance sets this "
        "right (--distance); if several cameras measured them, say so (--positions measured)."
    ),
    Code.KNEES_STAY_BENT: passing(
        "No knee gets straighter than {shown}° (limit {allowed}°): nobody walks so, the detector "
        "bends them.",
        "deg", "limit_deg",
    ),
    Code.TRUNK_LEANS_BACK: passing(
        "The trunk leans back by {shown}° against the legs (limit {allowed}°): nobody walks so, "
        "the detector leans it.",
        "deg", "limit_deg",
    ),
    Code.SWING_UNSEEN: _swing_unseen,
    Code.JOINTS_ELSEWHERE: (
        "The thigh is {thigh_to_shank:.2f} times as long as the shank and the hips "
        "{hips_to_leg:.2f} of the leg apart, as in no person: hips and knees of this keypoint set "
        "lie elsewhere, and angles have an offset that is not known."
    ),
    Code.RUNNING: in_percent(
        "This is running, not walking: in {percent:.0f} % of the steps one foot leaves the "
        "floor before the other lands.",
        "flight_share",
    ),
    Code.SLOW_RUN: (
        "This is a slow run, not walking: over the leg that carries the pelvis is {low_m:.3f} m "
        "lower and the knee bent by {give_deg:.0f}° more than where the feet are apart."
    ),
    Code.FLOOR_NOT_LEVEL: _floor_not_level,
    Code.PATH_NOT_LEVEL: passing(
        "The path leads {shown}° up against the trunk (limit {allowed}°): stairs, a slope, a trunk "
        "that leans, or a path wrong in depth; only level walks are read.",
        "pitch_deg", "limit_deg", "+.0f",
    ),
    Code.PELVIS_BOUNCES: _pelvis_bounces,
    Code.STEPPING_IN_PLACE: passing(
        "The legs move, but the standing foot stays under the pelvis ({shown} m/s, limit {allowed} "
        "m/s): stepping in place or exercises of the legs, no walk.",
        "stance_mps", "limit_mps", ".2f",
    ),
    Code.WALK_SHORT: "The walk lasts only {duration_s:.1f} s.",
    Code.WALK_FEW_CYCLES: _walk_few_cycles,
}  # fmt: skip
