"""Events, force plates, model angles and anthropometry from a parsed C3D file."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.limits import HEIGHT_M, MASS_KG
from simgait.recordings.axes import METRES_PER_UNIT
from simgait.recordings.markers.joint_centres import DEFAULT_MARKER_DIAMETER_M, Anthropometry
from simgait.recordings.markers.names import strip_prefix
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.sides import SIDES, Side
from simgait.types import EventKind, ForcePlate, GaitEvent

_KINDS: dict[str, EventKind] = {
    "foot strike": "initial_contact", "footstrike": "initial_contact",
    "heel strike": "initial_contact", "heelstrike": "initial_contact",
    "initial contact": "initial_contact", "hs": "initial_contact", "ic": "initial_contact",
    "fs": "initial_contact",
    "foot off": "foot_off", "footoff": "foot_off", "toe off": "foot_off", "toeoff": "foot_off",
    "to": "foot_off", "fo": "foot_off",
}  # fmt: skip
_MODEL_ANGLES = {
    "Hip": ("hip_flexion", "hip_adduction", "hip_rotation"),
    "Knee": ("knee_flexion",),
    "Ankle": ("ankle_dorsiflexion",),
}
"""Joint -> what the components of its Plug-in Gait angle are, as far as the body has them."""
_SIDE_LETTERS: dict[str, Side] = {"l": "left", "r": "right"}


def parameter(parameters: Any, group: str, name: str) -> Any:
    """A parameter's value, or None where the file has none or it is empty."""
    if group not in parameters or name not in parameters[group]:
        return None
    value = parameters[group][name]["value"]
    return None if value is None or np.size(value) == 0 else value


def number(parameters: Any, group: str, *names: str) -> float | None:
    """The first of `names` that holds a positive number."""
    for name in names:
        value = parameter(parameters, group, name)
        try:
            found = float(np.ravel(value)[0]) if value is not None else 0.0
        except (TypeError, ValueError):
            continue
        if np.isfinite(found) and found > 0:
            return found
    return None


def _event_of(context: str, label: str) -> tuple[Side, EventKind] | None:
    context, label = context.strip().lower(), label.strip().lower()
    for text in (label, context):
        if text[:1] in _SIDE_LETTERS and text[1:] in ("hs", "to", "ic", "fo", "fs"):
            return _SIDE_LETTERS[text[0]], _KINDS[text[1:]]
    for side in ("left", "right"):
        if label.startswith(side):
            context, label = side, label[len(side) :].strip()
    if context in ("left", "right", "l", "r") and label in _KINDS:
        return _SIDE_LETTERS[context[0]], _KINDS[label]
    return None


def read_events(
    parameters: Any, first_frame: int, n_frames: int, fps_hz: float
) -> tuple[tuple[GaitEvent, ...], tuple[str, ...]]:
    """Foot events with times from the file's first frame, and notes.

    C3D event times count from frame 1 of the capture, the stored frames from `first_frame`
    (0-based); a file whose times only fit when read from its own first frame is taken that way.
    """
    times = parameter(parameters, "EVENT", "TIMES")
    if times is None:
        return (), ()
    table = np.atleast_2d(np.asarray(times, dtype=float))
    seconds = table[0] * 60.0 + table[1] if table.shape[0] == 2 else np.ravel(table)
    contexts = parameter(parameters, "EVENT", "CONTEXTS") or [""] * len(seconds)
    labels = parameter(parameters, "EVENT", "LABELS") or [""] * len(seconds)
    notes: list[str] = []
    start_s, length_s = first_frame / fps_hz, (n_frames - 1) / fps_hz
    margin = 1.5 / fps_hz

    def inside(values: Float[np.ndarray, " N"]) -> float:
        return float(np.mean((values >= -margin) & (values <= length_s + margin)))

    relative = seconds - start_s
    if first_frame > 0 and inside(relative) < 0.5 and inside(seconds) == 1.0:
        relative = seconds
        notes.append("event times count from the file's first frame.")
    events, unknown, outside = [], 0, 0
    for context, label, time in zip(contexts, labels, relative, strict=False):
        event = _event_of(context, label)
        if event is None:
            unknown += 1
        elif not -margin <= time <= length_s + margin:
            outside += 1
        else:
            events.append(GaitEvent(float(np.clip(time, 0.0, length_s)), event[0], event[1]))
    if unknown:
        notes.append(f"{unknown} events that are no foot strike or foot off were left out.")
    if outside:
        notes.append(f"{outside} events outside the stored frames were left out.")
    return tuple(sorted(events, key=lambda event: event.time_s)), tuple(notes)


def read_force_plates(platforms: Any, analog_fps_hz: float) -> tuple[ForcePlate, ...]:
    """Force plates as ezc3d computed them (types 1-4), in metres and newtons on the file's axes."""
    plates = []
    for platform in platforms:
        length = METRES_PER_UNIT.get(str(platform["unit_position"]).lower(), 0.001)
        force = np.asarray(platform["force"]).T
        with np.errstate(invalid="ignore"):
            centre = np.asarray(platform["center_of_pressure"]).T * length
        corners = np.asarray(platform["corners"]).T * length
        plates.append(ForcePlate(np.arange(len(force)) / analog_fps_hz, force, centre, corners))
    return tuple(plates)


def read_model_angles(
    points: dict[str, Float[np.ndarray, "T 3"]], in_degrees: bool
) -> Float[np.ndarray, "T A"] | None:
    """Plug-in Gait angles as `skeleton.default.ANGLE_NAMES`, or None where the file has none.

    Signs: Plug-in Gait obliquity of the left pelvis is + left side up, as ours; its rotation is
    + internal for each side, so the right pelvis's is + turned to the left, as ours. Pelvic
    rotation is relative to the direction of progression.

    Args:
        points: label -> what the file holds of it, angles among them.
        in_degrees: the unit of angles; else radians.
    """
    known = {label: values for label, values in points.items() if np.isfinite(values).any()}
    found: dict[str, Float[np.ndarray, " T"]] = {}
    # The left pelvis's angles count, but for the rotation, which the right one's sign is ours of.
    if "RPelvisAngles" in known:
        tilt, obliquity, rotation = known["RPelvisAngles"].T
        found |= {"pelvis_tilt": tilt, "pelvis_obliquity": -obliquity, "pelvis_rotation": rotation}
    if "LPelvisAngles" in known:
        tilt, obliquity, rotation = known["LPelvisAngles"].T
        found |= {"pelvis_tilt": tilt, "pelvis_obliquity": obliquity}
        found.setdefault("pelvis_rotation", -rotation)
    for side in SIDES:
        for label, names in _MODEL_ANGLES.items():
            values = known.get(f"{side[0].upper()}{label}Angles")
            if values is not None:
                found |= {f"{side}_{name}": values[:, i] for i, name in enumerate(names)}
    if not found:
        return None
    angles = np.full((len(next(iter(found.values()))), len(ANGLE_NAMES)), np.nan)
    for name, values in found.items():
        angles[:, ANGLE_NAMES.index(name)] = np.radians(values) if in_degrees else values
    return None if np.isnan(angles).all() else angles


def read_anthropometry(
    parameters: Any,
) -> tuple[Anthropometry, float | None, float | None]:
    """Leg lengths and joint widths, height (m) and mass (kg), from PROCESSING or SUBJECTS."""
    groups = [group for group in parameters if group in ("PROCESSING", "SUBJECTS", "SUBJECT")]

    def length(*names: str) -> float | None:
        for group in groups:
            value = number(parameters, group, *names)
            # PROCESSING holds millimetres, whatever POINT:UNITS says; 3 m is no body length in
            # millimetres and 3 mm none in metres, so the unit is plain from the size.
            if value is not None:
                return value * 0.001 if value > 3.0 else value
        return None

    def pair(name: str) -> tuple[float | None, float | None]:
        return length(f"L{name}"), length(f"R{name}")

    height = length("Height", "HEIGHT")
    mass = next(
        (m for group in groups if (m := number(parameters, group, "Bodymass", "BodyMass", "MASS",
                                               "Mass", "WEIGHT", "Weight")) is not None),
        None,
    )  # fmt: skip
    measured = Anthropometry(
        pelvis_width_m=length("InterAsisDistance", "InterASISDistance"),
        leg_m=pair("LegLength"),
        knee_width_m=pair("KneeWidth"),
        ankle_width_m=pair("AnkleWidth"),
        marker_diameter_m=length("MarkerDiameter") or DEFAULT_MARKER_DIAMETER_M,
    )
    # Labs leave zeros and guesses in these fields: what cannot be is as good as not said.
    return measured, height if height in HEIGHT_M else None, mass if mass in MASS_KG else None


def subject_code(parameters: Any) -> str:
    """The lab's subject code, "" where there is none.

    Labs also write people's names there. What does not look like a code (a word with a digit in
    it) becomes a digest: the same person keeps the same id, and the name stays in the file.
    """
    names = parameter(parameters, "SUBJECTS", "NAMES")
    name = strip_prefix(str(names[0])) if names else ""
    if not name or re.fullmatch(r"[A-Za-z_-]{0,6}\d[A-Za-z0-9_-]{0,11}", name):
        return name
    return f"subject-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
