"""Joint centres and keypoints from skin markers, by published regressions.

Hip: Harrington et al. 2007 (J Biomech 40:595-602), the single-predictor equations on pelvis width
and depth: skin markers overstate the depth, on which the multiple regression's lateral position
leans. Pelvis width is the one measured with a caliper where the file has it. Knee and ankle:
midpoint of the lateral and medial markers where both exist, else the lateral marker moved inwards
by half the joint's width (Davis et al. 1991, Hum Mov Sci 10:575-587), the knee's along the
pelvis's mediolateral axis, the ankle's along the knee's. The file's own model outputs (LHJC,
LFEP, ...) are not used, so that each lab's recording is treated in the same documented way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.recordings.markers.foot_points import foot_keypoints
from simgait.recordings.markers.segment_angles import frame_from_left, unit
from simgait.recordings.markers.trunk import sternum_from_markers
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height

Points = dict[str, Float[np.ndarray, "T 3"]]

# Median joint width / leg length of the McGill sample's eight training subjects (SD 0.013, 0.006).
KNEE_WIDTH_PER_LEG = 0.129
ANKLE_WIDTH_PER_LEG = 0.081
DEFAULT_MARKER_DIAMETER_M = 0.014
_READABLE = {"ASI": "the ASIS", "KNE": "the lateral knee", "ANK": "the lateral ankle"}


@dataclass(frozen=True)
class Anthropometry:
    """Measured lengths in metres, None where the file has none; left, right."""

    pelvis_width_m: float | None = None
    leg_m: tuple[float | None, float | None] = (None, None)
    knee_width_m: tuple[float | None, float | None] = (None, None)
    ankle_width_m: tuple[float | None, float | None] = (None, None)
    marker_diameter_m: float = DEFAULT_MARKER_DIAMETER_M


def check_markers(markers: Points, where: str, never_seen: Collection[str] = ()) -> None:
    """Refuse a marker set from which hips, knees and ankles cannot be derived.

    Args:
        markers: by canonical name, those with positions.
        where: the file's name, for the sentence.
        never_seen: canonical names of markers that the file lists without any position.

    Raises:
        InputError: names the landmarks that are missing or never seen.
    """
    needed = {text: tuple(side + name for side in "LR") for name, text in _READABLE.items()}
    if "SACR" not in markers:
        needed["the sacrum or the back of the pelvis"] = ("LPSI", "RPSI")
    empty = [n for names in needed.values() for n in names if n in set(never_seen) - set(markers)]
    absent = {
        text: [name for name in names if name not in markers and name not in empty]
        for text, names in needed.items()
    }
    problems = []
    if any(absent.values()):
        listed = ", ".join(f"{text} ({' and '.join(n)})" for text, n in absent.items() if n)
        problems.append(f"the file has no marker of {listed}")
    if empty:
        verb = "is" if len(empty) == 1 else "are"
        problems.append(f"{', '.join(empty)} {verb} never seen (all zeros or missing)")
    if problems:
        advice = "rename the markers, or" if any(absent.values()) else "export them again, or"
        raise InputError(
            f"{where}: {'; '.join(problems)}; {advice} name joint centres (LeftHip, LeftKnee, ...)."
        )


def pelvis_frame(
    markers: Points,
) -> tuple[Float[np.ndarray, "T 3"], Float[np.ndarray, "T 3"], Float[np.ndarray, "T 3 3"]]:
    """ASIS midpoint, PSIS midpoint (or sacrum marker), and x forward, y left, z up columns."""
    front = 0.5 * (markers["LASI"] + markers["RASI"])
    if {"LPSI", "RPSI"} <= set(markers):
        back = 0.5 * (markers["LPSI"] + markers["RPSI"])
    else:
        back = markers["SACR"]
    return front, back, frame_from_left(markers["LASI"] - markers["RASI"], front - back)


def harrington_hip(width_m: float, depth_m: float) -> tuple[float, float, float]:
    """Hip joint centre from the ASIS midpoint in metres: forward, outward, up (Harrington 2007)."""
    return -0.24 * depth_m - 0.0099, 0.33 * width_m + 0.0073, -0.30 * width_m - 0.0109


def _inwards(
    lateral: Float[np.ndarray, "T 3"],
    proximal: Float[np.ndarray, "T 3"],
    medial_direction: Float[np.ndarray, "T 3"],
    distance_m: float,
) -> Float[np.ndarray, "T 3"]:
    """Centre at `distance_m` from `lateral`, square to the line to `proximal` (chord function).

    The centre lies in the plane of `medial_direction`, so that lateral marker, centre and proximal
    joint make a right angle at the centre.
    """
    to_proximal = proximal - lateral
    length = np.linalg.norm(to_proximal, axis=-1, keepdims=True)
    along = to_proximal / length
    across = unit(
        medial_direction - np.sum(medial_direction * along, axis=-1, keepdims=True) * along
    )
    with np.errstate(invalid="ignore"):
        sine = np.clip(distance_m / length, 0.0, 1.0)
    return lateral + distance_m * (sine * along + np.sqrt(1.0 - sine**2) * across)


def keypoints_from_markers(
    markers: Points, anthropometry: Anthropometry, where: str, fps_hz: float
) -> tuple[Points, tuple[str, ...]]:
    """Keypoints by name, each (T, 3) in metres, and notes, from canonical markers on z-up axes.

    Pelvis lies where the skeleton's pelvis has it when its axes are those of the clinical frame
    (ASIS and PSIS, or sacrum marker); the feet are as `foot_points` says and miss what their
    markers miss.

    Raises:
        InputError: a landmark that hips, knees or ankles need is missing.
    """
    check_markers(markers, where)
    front, back, pelvis = pelvis_frame(markers)
    width = float(np.nanmedian(np.linalg.norm(markers["LASI"] - markers["RASI"], axis=-1)))
    measured_width = anthropometry.pelvis_width_m
    if measured_width is not None and 0.6 * width < measured_width <= 1.1 * width:
        width = measured_width
    depth = float(np.nanmedian(np.linalg.norm(front - back, axis=-1)))
    notes = [
        "hip centres by the regression of Harrington et al. 2007"
        + ("." if {"LPSI", "RPSI"} <= set(markers) else ", sacrum marker in place of the PSIS."),
    ]
    forward, outward, up = harrington_hip(width, depth)
    hips = {
        letter: front + pelvis @ np.array([forward, sign * outward, up])
        for _, letter, sign in _LEGS
    }
    points: Points = {"Pelvis": _pelvis_point(0.5 * (front + back), hips, pelvis)}
    for i, (side, letter, sign) in enumerate(_LEGS):
        inward = -sign * pelvis[:, :, 1]
        leg, leg_notes = _leg(markers, anthropometry, i, hips[letter], inward, fps_hz)
        points |= {f"{side} {name}": point for name, point in leg.items()}
        notes += leg_notes
        _add_arm(points, markers, side, letter)
    notes += _width_notes(markers, anthropometry)
    head = [m for name, m in markers.items() if name[1:] in ("FHD", "BHD")]
    if len(head) == 4:
        points["Head"] = np.mean(head, axis=0)
    elif {"FHEA", "RHEA"} <= set(markers):
        points["Head"] = 0.5 * (markers["FHEA"] + markers["RHEA"])
    sternum = sternum_from_markers(markers, 0.5 * (hips["L"] + hips["R"]))
    if sternum is not None:
        points["Sternum"] = sternum[0]
        notes.append(sternum[1])
    return points, tuple(notes)


def _pelvis_point(
    middle: Float[np.ndarray, "T 3"],
    hips: Points,
    pelvis: Float[np.ndarray, "T 3 3"],
) -> Float[np.ndarray, "T 3"]:
    """The Pelvis keypoint, as far from mid-hip as the middle of ASIS and PSIS is.

    In whose direction, seen from mid-hip, differs between people by 10° and more (a pelvis is deep
    or shallow). A body fitted to the middle itself takes that for pelvic tilt: in the eight McGill
    training subjects, whose Plug-in Gait tilt is 3 to 21°, it read 2 to 12°.
    """
    mid_hip = 0.5 * (hips["L"] + hips["R"])
    distance_m = float(np.nanmedian(np.linalg.norm(middle - mid_hip, axis=-1)))
    site = np.array(TRIMMED_HUMANOID.site("Pelvis").at.of(dimensions_from_height(1.0)))
    return mid_hip + pelvis @ (distance_m * site / np.linalg.norm(site))


_LEGS = (("Left", "L", 1.0), ("Right", "R", -1.0))
"""Side, letter before its markers, and the sign of outward along the pelvis's left."""


def _leg(
    markers: Points,
    anthropometry: Anthropometry,
    index: int,
    hip: Float[np.ndarray, "T 3"],
    inward: Float[np.ndarray, "T 3"],
    fps_hz: float,
) -> tuple[Points, list[str]]:
    """Keypoints of one leg from the hip down, without their side, and notes; `index` 0 is left."""
    side, letter, _ = _LEGS[index]
    leg_m = anthropometry.leg_m[index]
    if leg_m is None:
        reach = np.linalg.norm(markers[letter + "ASI"] - markers[letter + "ANK"], axis=-1)
        leg_m = float(np.nanpercentile(reach, 95))
    knee = _joint(
        markers, letter, "KNE", "KNM", hip, inward, leg_m * KNEE_WIDTH_PER_LEG,
        anthropometry.knee_width_m[index], anthropometry.marker_diameter_m,
    )  # fmt: skip
    knee_axis = unit(knee - markers[letter + "KNE"])
    ankle = _joint(
        markers, letter, "ANK", "ANM", knee, knee_axis, leg_m * ANKLE_WIDTH_PER_LEG,
        anthropometry.ankle_width_m[index], anthropometry.marker_diameter_m,
    )  # fmt: skip
    feet, tilt = foot_keypoints(
        markers.get(letter + "HEE"), _ball(markers, letter), knee - ankle, fps_hz
    )
    return {"Hip": hip, "Knee": knee, "Ankle": ankle, **feet}, _foot_notes(side, feet, tilt)


def _width_notes(markers: Points, anthropometry: Anthropometry) -> list[str]:
    notes = []
    for joint, lateral, medial, widths in (
        ("knee", "KNE", "KNM", anthropometry.knee_width_m),
        ("ankle", "ANK", "ANM", anthropometry.ankle_width_m),
    ):
        if {f"L{medial}", f"R{medial}"} <= set(markers):
            notes.append(f"{joint} centres midway between lateral and medial markers.")
        else:
            source = "estimated from leg length" if None in widths else "from the file"
            notes.append(
                f"{joint} centres half a joint width ({source}) inside the {lateral} marker."
            )
    return notes


def _joint(
    markers: Points,
    letter: str,
    lateral: str,
    medial: str,
    proximal: Float[np.ndarray, "T 3"],
    medial_direction: Float[np.ndarray, "T 3"],
    estimated_width_m: float,
    width_m: float | None,
    marker_diameter_m: float,
) -> Float[np.ndarray, "T 3"]:
    if f"L{medial}" in markers and f"R{medial}" in markers:
        return 0.5 * (markers[letter + lateral] + markers[letter + medial])
    half = 0.5 * ((estimated_width_m if width_m is None else width_m) + marker_diameter_m)
    return _inwards(markers[letter + lateral], proximal, medial_direction, half)


def _ball(markers: Points, letter: str) -> Float[np.ndarray, "T 3"] | None:
    toe = markers.get(letter + "TOE")
    if toe is None and {letter + "MT1", letter + "MT5"} <= set(markers):
        return 0.5 * (markers[letter + "MT1"] + markers[letter + "MT5"])
    return toe


def _foot_notes(side: str, feet: Points, tilt: float | None) -> list[str]:
    if tilt is not None:
        return [
            f"{side.lower()} foot: the heel-toe marker line, tilted "
            f"{round(np.degrees(tilt)):d} degrees with the foot flat, was levelled."
        ]
    if "Big Toe" in feet:
        return [f"{side.lower()} foot is never plainly flat; its marker line was left as it is."]
    return []


def _add_arm(points: Points, markers: Points, side: str, letter: str) -> None:
    for name, marker in (("Shoulder", "SHO"), ("Elbow", "ELB"), ("Wrist", "WRI"), ("Hand", "FIN")):
        if letter + marker in markers:
            points[f"{side} {name}"] = markers[letter + marker]
    if {letter + "WRA", letter + "WRB"} <= set(markers):
        points[f"{side} Wrist"] = 0.5 * (markers[letter + "WRA"] + markers[letter + "WRB"])
