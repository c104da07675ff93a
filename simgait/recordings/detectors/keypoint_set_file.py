"""A detector's keypoint set as a file of its user: points, joints, travel (TOML or JSON).

docs/how-to/detectors.md has an example and what each entry means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path, PurePath
from typing import Any

from simgait.detector_facts import DetectorFacts, JointShifts, KnownTravel
from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import TRAVEL_FACTOR, Limits, check_fps
from simgait.near_names import nearest_name
from simgait.option_names import option
from simgait.plain_text import printable
from simgait.recordings.axes import axes_matrix, metres_per_unit
from simgait.recordings.detectors.keypoint_sets import KeypointSet, find_keypoint_set, keypoint_sets
from simgait.recordings.detectors.point_names import columns_by_name
from simgait.skeleton.keypoints import REQUIRED_KEYPOINTS
from simgait.text_files import read_facts, read_toml
from simgait.video.camera import check_field_of_view

ENDINGS = (".toml", ".json")
JOINT_SHIFT = Limits(-0.2, 0.2)
"""Lengths of the leg: MeTRAbs's are up to 0.044, and 0.2 is where another joint's flesh begins."""
TRAVEL_SD = Limits(0.001, 0.5)
"""Of a factor; whoever knows it without any says it as `travel_factor` of each recording."""
LONGEST_SOURCE = 300
"""Characters: it stands in a note of the report."""
SHIFTS = tuple(one.name for one in fields(JointShifts) if one.name not in ("name", "says"))
_TOP = ("points", "name", "unit", "axes", "fps_hz", "assumed_fov_deg", "source", "joints", "travel")
_TRAVEL = ("factor", "sd")


def is_set_file(said: str) -> bool:
    """Whether what is said of a keypoint set is a file rather than a set's name."""
    return PurePath(said).suffix.lower() in ENDINGS


def keypoint_set_said(said: str, where: str) -> KeypointSet:
    """The set of this name, or in this file.

    Raises:
        InputError: there is none, or what the file says is none.
    """
    return read_keypoint_set(Path(said)) if is_set_file(said) else find_keypoint_set(said, where)


def refuse_path(held: str | None, where: str) -> None:
    """Raises InputError where a recording itself names a file: a stranger's opens none here."""
    if held is not None and is_set_file(held):
        raise InputError(
            f"{where}: names a file as its keypoint set; give that with {option('keypoint_set')}, "
            "and take it out."
        )


def choose_keypoint_set(width: int, said: str | None, where: str) -> KeypointSet:
    """The set of an array `width` points wide: that which is said, else by a width that tells.

    Raises:
        InputError: unknown set, or a width that does not fit or tells nothing.
    """
    if said is None:
        for known in keypoint_sets():
            if known.known_by_width and known.width == width:
                return known
        names = ", ".join(known.name for known in keypoint_sets())
        raise InputError(
            f"{where}: {width} keypoints per frame do not say which keypoint set this is; name "
            f"it with {option('keypoint_set')} (one of {names}), or give a list of "
            f"{width} names with {option('names')}."
        )
    chosen = keypoint_set_said(said, where)
    if chosen.width != width:
        raise InputError(
            f"{where}: the array has {width} keypoints per frame but {chosen.name} has "
            f"{chosen.width}; name the right set with {option('keypoint_set')}, or give a list of "
            f"{width} names with {option('names')}."
        )
    return chosen


def read_keypoint_set(path: Path) -> KeypointSet:
    """The set that a file states.

    Raises:
        InputError: it cannot be read, or an entry is unknown, lacking, or cannot be right.
    """
    where = path.name
    if not path.is_file():
        raise InputError(
            f"{where}: there is no such file of a keypoint set; check the path that "
            f"{option('keypoint_set')} says."
        )
    stated = read_toml(path) if path.suffix.lower() == ".toml" else read_facts(path)
    _check_keys(stated, _TOP, where)
    facts = detector_facts_of({"name": path.stem} | stated, where)
    chosen = replace(_points(stated, facts.name, where), facts=facts)
    unit, axes = _text(stated, "unit", where), _text(stated, "axes", where)
    fps_hz, fov = (_number(stated, key, where) for key in ("fps_hz", "assumed_fov_deg"))
    if unit is not None:
        metres_per_unit(unit, f"{where}, unit")
    if axes is not None:
        axes_matrix(axes, f"{where}, axes")
    if fps_hz is not None:
        check_fps(fps_hz, f"{where}, fps_hz")
    if fov is not None:
        check_field_of_view(fov, f"{where}, assumed_fov_deg")
    said: dict[str, Any] = {"unit": unit, "axes": axes, "fps_hz": fps_hz, "assumed_fov_deg": fov}
    return replace(chosen, **{key: value for key, value in said.items() if value is not None})


def _points(stated: Mapping[str, Any], name: str, where: str) -> KeypointSet:
    """Which points there are: those of a known set, or a list of names."""
    points = stated.get("points")
    if isinstance(points, str):
        known = find_keypoint_set(points, f"{where}, points")
        return replace(known, name=name, aliases=(), known_by_width=False)
    if not isinstance(points, list) or not all(isinstance(one, str) for one in points):
        raise InputError(
            f'{where}: points must say which points there are, by a known set ("h36m-17") or by a '
            "list of names in the order of the columns."
        )
    columns, _ = columns_by_name(points, len(points), where)
    lacking = [one for one in REQUIRED_KEYPOINTS if one not in columns]
    if lacking:
        raise InputError(f"{where}: points lack {lacking[0]}; name both hips, knees and ankles.")
    return KeypointSet(name, len(points), columns, "a file of its user")


def detector_facts_of(stated: Mapping[str, Any], where: str) -> DetectorFacts:
    """What such a file, or a recording that was made with it, states of joints and travel.

    Raises:
        InputError: an entry is unknown, lacking, or cannot be right.
    """
    name = safe_id(_text(stated, "name", where) or "")
    says = printable(_text(stated, "source", where) or "")
    joints, travel = (_table(stated, key, where) for key in ("joints", "travel"))
    if (joints or travel) and not says:
        raise InputError(
            f"{where}: source is lacking; say in one sentence who measured joints or travel, and "
            'on whom (source = "12 healthy adults, own camera, May 2026").'
        )
    if len(says) > LONGEST_SOURCE:
        raise InputError(f"{where}: source has more than {LONGEST_SOURCE} characters; shorten it.")
    shifts = None if joints is None else JointShifts(name=name, says=says, **_shifts(joints, where))
    return DetectorFacts(
        name, says, shifts, None if travel is None else _known_travel(travel, where)
    )


def stated_by(facts: DetectorFacts) -> dict[str, Any]:
    """The entries that `detector_facts_of` makes these facts of."""
    stated: dict[str, Any] = {"name": facts.name, "source": facts.says}
    if facts.joints is not None:
        stated["joints"] = {name: getattr(facts.joints, name) for name in SHIFTS}
    if facts.travel is not None:
        factor, spread = facts.travel.factor, facts.travel.spread
        stated["travel"] = {"factor": factor, "sd": spread * factor}
    return stated


def _shifts(joints: Mapping[str, Any], where: str) -> dict[str, float]:
    """Joint shifts, in lengths of the leg."""
    _check_keys(joints, SHIFTS, f"{where}, joints")
    found: dict[str, float] = {}
    for key in joints:
        value = _number(joints, key, f"{where}, joints")
        if value not in JOINT_SHIFT:
            raise InputError(
                f"{where}: joints, {key} is {value:g}; give it as a share of the leg's length "
                f"(thigh and shank), {JOINT_SHIFT}, not in millimetres or percent."
            )
        found[key] = float(value)  # type: ignore[arg-type]
    return found


def _known_travel(travel: Mapping[str, Any], where: str) -> KnownTravel:
    """Factor of the path and its doubt."""
    _check_keys(travel, _TRAVEL, f"{where}, travel")
    factor, sd = (_number(travel, key, f"{where}, travel") for key in _TRAVEL)
    if factor is None or sd is None:
        raise InputError(
            f"{where}: travel needs both factor and sd, as simgait travel-factor prints them."
        )
    if factor not in TRAVEL_FACTOR:
        raise InputError(
            f"{where}: travel, factor: a path is multiplied by {TRAVEL_FACTOR}, not by {factor:g}."
        )
    if sd not in TRAVEL_SD:
        raise InputError(
            f"{where}: travel, sd is {sd:g}; give the SD of the factor between recordings, "
            f"{TRAVEL_SD}."
        )
    return KnownTravel(factor, sd / factor)


def _check_keys(stated: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in stated:
        if key not in known:
            near = nearest_name(str(key), known)
            meant = f"; {near} is meant" if near else ""
            raise InputError(
                f"{where}: there is no entry {printable(str(key))[:40]!r}{meant} (known are "
                f"{', '.join(known)})."
            )


def _table(stated: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any] | None:
    value = stated.get(key)
    if value is not None and not isinstance(value, Mapping):
        raise InputError(f"{where}: {key} must be a table of names with numbers ([{key}]).")
    return value


def _text(stated: Mapping[str, Any], key: str, where: str) -> str | None:
    value = stated.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise InputError(f'{where}: {key} must be text ({key} = "...").')
    return None if value is None else value.strip()


def _number(stated: Mapping[str, Any], key: str, where: str) -> float | None:
    value = stated.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{where}: {key} must be a number.")
    return float(value)
