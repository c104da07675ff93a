"""Events, model angles and anthropometry from the parameters of a C3D file."""

from __future__ import annotations

import re

import numpy as np
from jaxtyping import Float

from simgait.limits import MASS_KG
from simgait.parameters.wording import counted
from simgait.recordings.formats.c3d_parameters import Parameters, number, texts, values
from simgait.recordings.markers.body_measures import StatedMeasures
from simgait.recordings.markers.names import strip_prefix
from simgait.recordings.markers.people import OnePerson
from simgait.recordings.subject_codes import code_of_name
from simgait.skeleton.default import ANGLE_NAMES
from simgait.skeleton.sides import SIDES, Side
from simgait.types import EventKind, GaitEvent

_WORDS: dict[EventKind, str] = {
    "initial_contact": "footstrike heelstrike initialcontact footcontact footon strike hs ic fs on",
    "foot_off": "footoff toeoff off to fo",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
"""What labels say, in lower case and letters only."""
_TWICE_S = 0.1
"""Two strikes of one foot lie 0.4 s apart at least; hands and plates marking one of them, less."""
_MODEL_ANGLES = {
    "Hip": ("hip_flexion", "hip_adduction", "hip_rotation"),
    "Knee": ("knee_flexion",),
    "Ankle": ("ankle_dorsiflexion",),
}
"""Joint -> what the components of its Plug-in Gait angle are, as far as the body has them."""
_SIDE_LETTERS: dict[str, Side] = {"l": "left", "r": "right"}


def foot_event(context: str, label: str) -> tuple[Side, EventKind] | None:
    """The foot and what it did: "Left" and "Foot Strike", "LHS", "L_HS", "LON", "Right Toe Off"."""
    sides = ("left", "right", "l", "r")
    context, label = (re.sub("[^a-z]", "", text.lower()) for text in (context, label))
    candidates = [(context, label)]
    candidates += [
        (side, text[len(side) :]) for text in (label, context) for side in sides
        if text.startswith(side)
    ]  # fmt: skip
    for side, word in candidates:
        if side in sides and word in _KINDS:
            return _SIDE_LETTERS[side[0]], _KINDS[word]
    return None


def read_events(
    parameters: Parameters, first_frame: int, n_frames: int, fps_hz: float
) -> tuple[tuple[GaitEvent, ...], tuple[str, ...]]:
    """Foot events with times from the file's first frame, and notes.

    C3D event times count from frame 1 of the capture, the stored frames from `first_frame`
    (0-based); a file whose times only fit when read from its own first frame is taken that way.
    """
    times = values(parameters, "EVENT", "TIMES")
    if not isinstance(times, np.ndarray):
        return (), ()
    table = np.atleast_2d(times.astype(float))
    seconds = table[0] * 60.0 + table[1] if table.shape[0] == 2 else np.ravel(table)
    contexts = texts(parameters, "EVENT", "CONTEXTS") or [""] * len(seconds)
    labels = texts(parameters, "EVENT", "LABELS") or [""] * len(seconds)
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
        event = foot_event(context, label)
        if event is None:
            unknown += 1
        elif not -margin <= time <= length_s + margin:
            outside += 1
        else:
            events.append(GaitEvent(float(np.clip(time, 0.0, length_s)), event[0], event[1]))
    if unknown:
        notes.append(f"{counted(unknown, 'event')} left out: no foot strike or foot off.")
    if outside:
        notes.append(f"{counted(outside, 'event')} left out: outside the stored frames.")
    once = _once(sorted(events, key=lambda event: event.time_s))
    if len(once) < len(events):
        twice = len(events) - len(once)
        notes.append(
            f"{counted(twice, 'event')} left out: same foot and kind within 0.1 s of another."
        )
    return once, tuple(notes)


def _once(events: list[GaitEvent]) -> tuple[GaitEvent, ...]:
    """Of events of one foot and kind within 0.1 s the first."""
    kept: list[GaitEvent] = []
    for event in events:
        same = (e for e in reversed(kept) if (e.side, e.kind) == (event.side, event.kind))
        last = next(same, None)
        if last is None or event.time_s - last.time_s > _TWICE_S:
            kept.append(event)
    return tuple(kept)


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


def read_measures(
    parameters: Parameters,
) -> tuple[StatedMeasures, float | None, tuple[str, ...]]:
    """Height, leg lengths and joint widths as they stand there, mass (kg), and a note on it.

    From PROCESSING or SUBJECTS. Their unit is not stated, nor whether they are this person's.
    """
    groups = [group for group in parameters if group in ("PROCESSING", "SUBJECTS", "SUBJECT")]

    def first(*names: str) -> float | None:
        found = (number(parameters, group, *names) for group in groups)
        return next((value for value in found if value is not None), None)

    def pair(name: str) -> tuple[float | None, float | None]:
        return first(f"L{name}"), first(f"R{name}")

    stated = StatedMeasures(
        height=first("HEIGHT"),
        pelvis_width=first("InterAsisDistance"),
        leg=pair("LegLength"),
        knee_width=pair("KneeWidth"),
        ankle_width=pair("AnkleWidth"),
        marker_diameter=first("MarkerDiameter"),
    )
    mass = first("BODYMASS", "MASS", "WEIGHT")
    if not mass or mass in MASS_KG:
        return stated, mass or None, ()
    # Labs leave zeros and guesses in these fields: what cannot be is as good as not said.
    denied = f"the file's mass of {mass:g} is no person's in kilograms ({MASS_KG}): it is not used."
    return stated, None, (denied,)


def subject_code(parameters: Parameters, person: OnePerson) -> str:
    """A code for whom the file names as its subject, "" where it names nobody.

    Labs write people's names there, so that what is written leaves the reader only as a code. Of
    several people in a file each is called as the prefix of their points is.
    """
    names = texts(parameters, "SUBJECTS", "NAMES")
    if person.people:
        return code_of_name(strip_prefix(person.prefix))
    return code_of_name(strip_prefix(names[0])) if names else ""
