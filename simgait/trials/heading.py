"""The heading frame of a walking bout, the direction of walking, and the scale of the keypoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option
from simgait.parameters.wording import beside_limit
from simgait.recordings.checks import BENT_KNEE
from simgait.series.angles import unit
from simgait.series.trend import straight_rate
from simgait.skeleton.dimensions import LEG_PER_HEIGHT

# A path shorter than this says too little about the direction of walking.
MIN_TRAVEL_M = 0.5
MIN_TRAVEL_DETECTOR_M = 0.8
# Chosen: who walks that far off where the hips face walks sideways; beyond 120°, backwards.
MAX_TRAVEL_FROM_FACING_DEG = 45.0
BACKWARDS_DEG = 120.0
# Cameras look down and trunks lean, but beyond this the path itself must be wrong in depth.
MAX_PITCH_BY_TRAVEL_DEG = 30.0
# Chosen: nobody walks with a trunk that lies rather than stands.
MAX_TRUNK_LEAN_DEG = 45.0
# Fore and aft, over the width of the hips: knees that are this near lie side by side.
PASSING_KNEES = 0.5
# Share of the frames asked in which knees and ankles may lie the wrong way round. Measured knees
# never did (42 real walks: .23 of the hips' width apart or more). A detector's from the side did in
# up to .54 (320 walks through five detectors).
CROSSED_LEGS_MEASURED = 0.2
CROSSED_LEGS_DETECTED = 0.9

Locate = Callable[[str], Float[np.ndarray, "T 3"]]
"""Name of a keypoint -> its positions (T, 3), NaN where missing."""


@dataclass(frozen=True)
class HeadingFrame:
    """Axes of the heading frame and what they rest on.

    Attributes:
        axes: (3, 3) rows are forward, left, up in the recording's axes: heading = axes @ recording.
        yaw_rad: direction of forward about the recording's vertical.
        travel_believed: the pelvis's path agrees with where the pelvis faces.
        pitch_rad: how much the path rises against the trunk; NaN where the vertical is known, or
            nothing travels.
        notes: one sentence each.
    """

    axes: Float[np.ndarray, "3 3"]
    yaw_rad: float
    travel_believed: bool
    pitch_rad: float
    notes: tuple[str, ...] = ()


def _mean_known(values: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, " 3"]:
    return np.asarray(values[np.isfinite(values).all(axis=-1)].mean(axis=0))


def _median_known(values: Float[np.ndarray, "T 3"]) -> Float[np.ndarray, " 3"]:
    known = values[np.isfinite(values).all(axis=-1)]
    return np.asarray(np.median(known, axis=0) if len(known) else np.full(3, np.nan))


def travel_vector(
    mid_hip_m: Float[np.ndarray, "T 3"], time_s: Float[np.ndarray, " T"]
) -> Float[np.ndarray, " 3"]:
    """Straight-line travel (m) over the bout: slope of the regression on time, times duration."""
    return straight_rate(mid_hip_m, time_s - time_s[0]) * (time_s[-1] - time_s[0])


def trunk_direction(locate: Locate) -> Float[np.ndarray, " 3"] | None:
    """Trial-mean direction from mid-hip to the thorax (Sternum, else mid-shoulder), or None.

    The Pelvis keypoint is not used: it lies 2 cm behind and 8 cm above mid-hip, so that the line
    through both leans back by 19°.
    """
    mid_hip = 0.5 * (locate("Left Hip") + locate("Right Hip"))
    for top in (locate("Sternum"), 0.5 * (locate("Left Shoulder") + locate("Right Shoulder"))):
        trunk = top - mid_hip
        if np.isfinite(trunk).all(axis=-1).mean() >= 0.5:
            return unit(_mean_known(trunk))
    return None


def check_upright(locate: Locate, where: str) -> None:
    """Raise InputError where the ankles are not below the hips: the axes are wrong."""
    # Nothing is cleaned yet: one frame far off would turn a mean round.
    legs = [_median_known(locate(f"{side} Hip") - locate(f"{side} Ankle")) for side in _SIDES]
    up = unit(legs[0] + legs[1])
    if up[2] < np.cos(np.radians(MAX_TRUNK_LEAN_DEG)):
        axis = "xyz"[int(np.argmax(np.abs(up)))]
        sign = "+" if up["xyz".index(axis)] > 0 else "-"
        raise InputError(
            f"{where}: the ankles are not below the hips (the legs point up along {sign}{axis}, "
            "not +z); name the axes of the file, for example y down for camera coordinates."
        )


_SIDES = ("Left", "Right")


def check_sides(locate: Locate, facing: Float[np.ndarray, " 3"], where: str) -> None:
    """Raise InputError where both knees bend backwards: left and right are exchanged.

    By 25° or more, as far as a knee bends in swing: knees that go past straight in stance, of legs
    that hardly bend in swing, say nothing of sides.
    """
    offsets = []
    for side in _SIDES:
        hip, knee, ankle = (locate(f"{side} {joint}") for joint in ("Hip", "Knee", "Ankle"))
        offset = (knee - 0.5 * (hip + ankle)) @ facing / np.linalg.norm(hip - ankle, axis=-1)
        offset = offset[np.isfinite(offset)]
        if len(offset):
            # Swing flexion is the largest bend there is, whichever way it points.
            low, high = np.percentile(offset, [5.0, 95.0])
            offsets.append(low if -low > high else high)
    if offsets and max(offsets) < -BENT_KNEE:
        raise InputError(
            f"{where}: left and right seem exchanged (both knees bend backwards as the hips "
            f"face); have them read the other way round ({option('exchange')} sides)."
        )


def check_legs(locate: Locate, left: Float[np.ndarray, " 3"], *, metric: bool, where: str) -> None:
    """Raise InputError where the legs hang on the wrong hips: knees and ankles changed places.

    Feet may cross, and knees where one leg is ahead; but as they pass each other knees lie side by
    side. So measured ones are asked there; a detector's, which may be wrong in depth for half of a
    walk, over the whole of it.
    """
    hips, knees, ankles = (
        locate(f"Left {joint}") - locate(f"Right {joint}") for joint in ("Hip", "Knee", "Ankle")
    )
    ahead = np.cross(left, _VERTICAL)
    passing = np.abs(knees @ ahead) < PASSING_KNEES * float(np.nanmedian(hips @ left))
    asked = np.isfinite(knees @ left) & np.isfinite(ankles @ left)
    asked &= passing if metric else True
    if not asked.any():
        return
    share = float(np.mean((knees @ left < 0.0)[asked] & (ankles @ left < 0.0)[asked]))
    if share > (CROSSED_LEGS_MEASURED if metric else CROSSED_LEGS_DETECTED):
        raise InputError(
            f"{where}: the left and right leg look exchanged below the hips for "
            f"{100 * share:.0f} % of the walk (knees and ankles lie on the other side of each "
            "other than the hips do); swap the sides in the names of knees, ankles and feet, or "
            "cut the recording where they change places."
        )


def _walks_backwards_in_place(
    locate: Locate, facing: Float[np.ndarray, " 3"], time_s: Float[np.ndarray, " T"]
) -> bool:
    """Without travel: the foot that moves forward against the pelvis is the one that is up."""
    scores = []
    for side in _SIDES:
        ankle = locate(f"{side} Ankle") - 0.5 * (locate("Left Hip") + locate("Right Hip"))
        speed = np.gradient(ankle @ facing, time_s)
        known = np.isfinite(speed) & np.isfinite(ankle[:, 2])
        # A foot that never leaves its place tells nothing.
        if known.sum() > 10 and min(np.ptp(speed[known]), np.ptp(ankle[known, 2])) > 1e-9:
            scores.append(np.corrcoef(speed[known], ankle[known, 2])[0, 1])
    return bool(scores) and bool(max(scores) < -0.3)


def heading_frame(
    locate: Locate,
    time_s: Float[np.ndarray, " T"],
    *,
    metric: bool,
    travels: bool,
    where: str,
) -> HeadingFrame:
    """Forward, left and up of one bout.

    Metric recordings (markers) have a true vertical: it stays, and the frame is only turned about
    it until the pelvis's path runs along +x (the hip axis decides where there is no path). So a
    leaning trunk or a pelvis that is turned or dropped on average stays visible.

    A detector's vertical is the camera's, so up is the trial-mean direction mid-hip -> thorax
    (design.md). Where the pelvis travels 0.8 m or more, its path gives forward, both in yaw
    (a pelvis may be turned on average) and in pitch (a trunk may lean, a floor is level), unless
    the two disagree by more than 30° in pitch. Without travel, left is the trial-mean hip axis.
    On 28 marker walks, roll from the trunk was off the true vertical by 0.9° RMS (from the hip
    axis: 1.6°), and pitch from the trunk, as without travel, by 2.5° (up to 7°); with travel by
    0.4° on the 8 walks tried. A detector's own error comes on top.

    Raises:
        InputError: walking backwards or sideways, left and right exchanged, a lying trunk.
    """
    left = unit(_mean_known(locate("Left Hip") - locate("Right Hip")))
    up, notes = (_VERTICAL, ()) if metric else _trunk_up(locate, where)
    facing = unit(np.cross(left, up))
    check_sides(locate, facing, where)
    check_legs(locate, left, metric=metric, where=where)
    mid_hip = 0.5 * (locate("Left Hip") + locate("Right Hip"))
    travel = travel_vector(mid_hip, time_s) if travels else np.zeros(3)
    level = travel - (travel @ _VERTICAL) * _VERTICAL if metric else travel
    believed, pitch = travels, float("nan")
    forward = unit(facing - (facing @ up) * up)
    if np.linalg.norm(level) >= (MIN_TRAVEL_M if metric else MIN_TRAVEL_DETECTOR_M):
        angle_deg = _angle_from_facing_deg(level, facing, metric=metric, where=where)
        if angle_deg <= MAX_TRAVEL_FROM_FACING_DEG:
            pitch = float("nan") if metric else _pitch_rad(level, up)
            forward, up = _along_travel(level, up)
        else:
            believed = False
            away = f"The pelvis travels {angle_deg:.0f}° away from where it faces"
            notes = (*notes, f"{away}: its path is not used.")
    elif _walks_backwards_in_place(locate, facing, time_s):
        raise _backwards(where)
    axes = np.stack([forward, np.cross(up, forward), up])
    yaw = float(np.arctan2(forward[1], forward[0]))
    return HeadingFrame(axes, yaw, believed, pitch, notes)


_VERTICAL = np.array([0.0, 0.0, 1.0])


def _backwards(where: str) -> InputError:
    return InputError(
        f"{where}: the person walks backwards; record forward walking, or check the axes."
    )


def _trunk_up(locate: Locate, where: str) -> tuple[Float[np.ndarray, " 3"], tuple[str, ...]]:
    """Up along the trunk, or the file's vertical where no trunk was found, with a note."""
    trunk = trunk_direction(locate)
    if trunk is None:
        return _VERTICAL, ("No thorax or shoulders were found: the file's vertical is believed.",)
    if trunk[2] < np.cos(np.radians(MAX_TRUNK_LEAN_DEG)):
        lean = np.degrees(np.arccos(np.clip(trunk[2], -1.0, 1.0)))
        raise InputError(
            f"{where}: the trunk leans {lean:.0f}° from the file's vertical; "
            "name the axes of the file or level the camera's coordinates."
        )
    return trunk, ()


def _angle_from_facing_deg(
    travel: Float[np.ndarray, " 3"], facing: Float[np.ndarray, " 3"], *, metric: bool, where: str
) -> float:
    """Angle between the pelvis's travel and where it faces; of markers a small one.

    Raises:
        InputError: the person walks backwards, or markers say that they walk sideways.
    """
    angle = float(np.degrees(np.arccos(np.clip(unit(travel) @ facing, -1.0, 1.0))))
    if angle > BACKWARDS_DEG:
        raise _backwards(where)
    if metric and angle > MAX_TRAVEL_FROM_FACING_DEG:
        raise InputError(
            f"{where}: the person walks {angle:.0f}° away from where the pelvis faces "
            "(sideways, or a hip marker is misplaced); record forward walking or mend it."
        )
    return angle


def _pitch_rad(travel: Float[np.ndarray, " 3"], up: Float[np.ndarray, " 3"]) -> float:
    return float(np.arcsin(np.clip(unit(travel) @ up, -1.0, 1.0)))


def _along_travel(
    travel: Float[np.ndarray, " 3"], up: Float[np.ndarray, " 3"]
) -> tuple[Float[np.ndarray, " 3"], Float[np.ndarray, " 3"]]:
    """Forward along the travel, up made square to it (or forward to up, where they disagree)."""
    forward = unit(travel)
    if abs(np.degrees(_pitch_rad(travel, up))) > MAX_PITCH_BY_TRAVEL_DEG:
        return unit(forward - (forward @ up) * up), up
    return forward, unit(up - (up @ forward) * forward)


def leg_length_m(locate: Locate) -> float:
    """Median thigh plus median shank length (m), mean of the sides where both are seen, or NaN."""
    lengths = []
    for side in _SIDES:
        hip, knee, ankle = (locate(f"{side} {joint}") for joint in ("Hip", "Knee", "Ankle"))
        thigh = np.linalg.norm(knee - hip, axis=-1)
        shank = np.linalg.norm(ankle - knee, axis=-1)
        if np.isfinite(thigh).any() and np.isfinite(shank).any():
            lengths.append(np.nanmedian(thigh) + np.nanmedian(shank))
    return float(np.mean(lengths)) if lengths else float("nan")


def scale_from_height(
    leg_m: float, height_m: float, *, limits: tuple[float, float], where: str
) -> float:
    """Factor that gives the keypoints the legs of a person of this height.

    Raises InputError where the two disagree so much that a unit or the height must be wrong.
    """
    factor = LEG_PER_HEIGHT * height_m / leg_m
    if not limits[0] <= factor <= limits[1]:
        hint = "check the unit of the keypoints and the height"
        for unit, per_metre in (("millimetres", 1000.0), ("centimetres", 100.0)):
            if limits[0] <= factor * per_metre <= limits[1]:
                hint = f"the keypoints seem to be in {unit}, not metres"
        passed = limits[0] if factor < limits[0] else limits[1]
        shown, limit = beside_limit(factor, passed)
        allowed = f"at least {limit}" if passed == limits[0] else f"at most {limit}"
        raise InputError(
            f"{where}: the legs measure {leg_m:.4g} m but a height of {height_m:.2f} m implies "
            f"{LEG_PER_HEIGHT * height_m:.2f} m ({shown} times as long, {allowed} is believed); "
            f"{hint}."
        )
    return factor
