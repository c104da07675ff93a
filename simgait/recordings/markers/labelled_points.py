"""Labelled points of a marker file (C3D, TRC): markers or joint centres, to keypoints."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import Limits
from simgait.option_names import option
from simgait.parameters.wording import counted
from simgait.recordings.axes import METRES_PER_UNIT, axes_matrix, known_unit, vertical_axis
from simgait.recordings.checks import (
    LEG_CHAINS,
    LEG_RANGE_M,
    check_one_unit,
    check_points,
    leg_length,
    leg_segments,
    look_swapped,
    unit_advice,
)
from simgait.recordings.detectors.point_names import canonical_name
from simgait.recordings.markers.asis import asis_apart_m
from simgait.recordings.markers.body_measures import (
    USUAL_REACH_PER_LEG,
    StatedMeasures,
    check_measures,
    reaches_m,
)
from simgait.recordings.markers.copied_labels import check_copies
from simgait.recordings.markers.exchanged_labels import check_labels
from simgait.recordings.markers.joint_centres import (
    check_markers,
    keypoints_from_markers,
)
from simgait.recordings.markers.names import find_markers, strip_prefix, without_suffix
from simgait.recordings.point_exchanges import MARKERS, exchange_notes, exchanged_back
from simgait.recordings.wild_samples import wild_notes, wild_samples
from simgait.skeleton.keypoints import KEYPOINT_NAMES, REQUIRED_KEYPOINTS

Points = dict[str, Float[np.ndarray, "T 3"]]
_LEG_M = Limits(LEG_RANGE_M[0], 1.15 * LEG_RANGE_M[1])
"""From the ASIS, which lies higher than the hip joint."""
HIPS_OVER_ANKLES = (("Left Hip", "Right Hip"), ("Left Ankle", "Right Ankle"))
PELVIS_OVER_ANKLES = (("LASI", "RASI"), ("LANK", "RANK"))
"""Joints, and markers, that tell which way is up."""


@dataclass(frozen=True)
class LabelledKeypoints:
    """Keypoints by canonical name on z-up axes, how the axes were turned, notes, stated height."""

    points: Points
    matrix: Float[np.ndarray, "3 3"]
    notes: tuple[str, ...]
    height_m: float | None = None
    asis_apart_m: float = 0.0


def keypoints_from_labels(
    labelled: Points,
    measures: StatedMeasures,
    *,
    time_s: Float[np.ndarray, " T"],
    fps_hz: float,
    axes: str | None,
    unit: str,
    where: str,
    repeated: Collection[str] = (),
) -> LabelledKeypoints:
    """Keypoints in metres from labelled points in `unit` on the file's own axes.

    Where the pelvis carries skin markers (ASIS), joint centres are derived from the markers, those
    that changed places for a while exchanged back; else points named as joints (hips, knees,
    ankles) are taken as joint centres. `repeated` are labels that the file holds more than once.

    Raises:
        InputError: neither fits; what is missing or never seen is named.
    """
    seen = {label: points for label, points in labelled.items() if np.isfinite(points).any()}
    blank = [label for label in labelled if label not in seen]
    labelled, found, joints = seen, find_markers(seen), _find_joints(seen)
    are_joints = not {"LASI", "RASI"} <= set(found) and set(REQUIRED_KEYPOINTS) <= set(joints)
    if not are_joints:
        unseen_markers, unseen_joints = find_markers(blank), _find_joints(blank)
        if _are_meant_as_joints({*found, *unseen_markers}, {*joints, *unseen_joints}):
            _refuse_joints(joints, unseen_joints, repeated, where)
        markers = {name: labelled[label] for name, label in found.items()}
        check_markers(markers, where, unseen_markers)
    named = joints if are_joints else found
    check_one_unit(_segments(labelled, named), where)
    labelled, wild = _without_wild_samples(labelled, {*found.values(), *joints.values()})
    scale, unit_notes = _metres(labelled, named, unit, where)
    labelled = {label: points * scale for label, points in labelled.items()}
    points = {name: labelled[label] for name, label in named.items()}
    apart_m = asis_apart_m(points)  # of joints none
    check_copies(points, named, where)
    said, pairs = axes, HIPS_OVER_ANKLES if are_joints else PELVIS_OVER_ANKLES
    axes = said or _vertical_of(points, pairs, where)
    matrix = axes_matrix(axes, where)
    notes = [*wild, *unit_notes, *([] if axes == "z-up" else [f"the file's axes are {axes}."])]
    if are_joints:
        points = {name: points[name] @ matrix.T for name in KEYPOINT_NAMES if name in points}
        notes.append("the file's points are joint centres by their names and were used as such.")
        reach_m = USUAL_REACH_PER_LEG * leg_length(points)
        checked = check_measures(StatedMeasures(height=measures.height), (reach_m, reach_m), None)
    else:
        turned = {name: marker @ matrix.T for name, marker in points.items()}
        turned = _exchanged_back(turned, time_s, found, notes)
        check_labels(turned, found, where)
        front_m = np.linalg.norm(turned["LASI"] - turned["RASI"], axis=-1)
        checked = check_measures(measures, reaches_m(turned), float(np.nanmedian(front_m)))
        derived, more = keypoints_from_markers(turned, checked.anthropometry, where, fps_hz)
        points = {name: derived[name] for name in KEYPOINT_NAMES if name in derived}
        notes += more
    if said is None:
        _refuse_upside_down(points, axes, where)
    check_points(points, unit.strip().lower(), where)
    return LabelledKeypoints(points, matrix, (*notes, *checked.notes), checked.height_m, apart_m)


def _exchanged_back(
    turned: Points, time_s: Float[np.ndarray, " T"], labels: dict[str, str], notes: list[str]
) -> Points:
    """The markers with those exchanged back that changed places for a while; adds notes on it."""
    mended, swapped = exchanged_back(turned, time_s, MARKERS)
    notes += exchange_notes(swapped, time_s, labels)
    return mended


_MIRRORED = {
    "x-down": "x-down y-forward z-left",
    "y-down": "x-forward y-down z-right",
    "z-down": "x-forward y-left z-down",
}
"""Vertical that points down -> the axes of a right-handed file whose vertical alone was turned."""


def _refuse_upside_down(points: Points, axes: str, where: str) -> None:
    """A file whose vertical alone was turned round is a mirror image of the person.

    Raises:
        InputError: the axis that was found points down, and left and right are mirrored with it.
    """
    if axes in _MIRRORED and set(REQUIRED_KEYPOINTS) <= set(points) and look_swapped(points):
        raise InputError(
            f"{where}: the hips lie below the ankles along {axes[0]}, and the person is mirrored: "
            f"{axes[0]} seems to have the wrong sign; export the file again, or name all three "
            f"axes as they are, for example '{_MIRRORED[axes]}' ({option('axes')})."
        )


def _vertical_of(points: Points, pairs: tuple[tuple[str, str], tuple[str, str]], where: str) -> str:
    """The axis along which the first pair of points stands above the second."""
    upper, lower = (np.stack([points[name] for name in pair], axis=1) for pair in pairs)
    return vertical_axis(upper, lower, where)


def _without_wild_samples(
    labelled: Points, used: Collection[str]
) -> tuple[Points, tuple[str, ...]]:
    """The points of these labels with wild samples as NaN, all others as they are; and a note."""
    names = [label for label in labelled if label in used]
    stacked = np.stack([labelled[label] for label in names], axis=1)
    wild = wild_samples(stacked)
    stacked = np.where(wild[..., None], np.nan, stacked)
    return labelled | dict(zip(names, np.moveaxis(stacked, 1, 0), strict=True)), wild_notes(
        wild, [strip_prefix(label) for label in names]
    )


def _segments(labelled: Points, names: dict[str, str]) -> Float[np.ndarray, "T 4"]:
    """Thighs and shanks, from the hips or, of markers, from the ASIS, in the file's unit."""
    marked = [(f"{s}ASI", f"{s}KNE", f"{s}ANK") for s in "LR"]
    chains = LEG_CHAINS if "Left Hip" in names else marked
    ends = {name: labelled[names[name]] for chain in chains for name in chain}
    return leg_segments(ends, chains)


def _metres(
    labelled: Points, names: dict[str, str], unit: str, where: str
) -> tuple[float, list[str]]:
    """Metres in one of the file's unit, and a note where it is not plainly written.

    Judged by a leg as the file has it, before anything in metres is added to it.

    Raises:
        InputError: the unit is not known, or makes no person's leg; which would is said.
    """
    segments = _segments(labelled, names)
    legs = np.concatenate([segments[:, :2].sum(axis=1), segments[:, 2:].sum(axis=1)])
    leg = float(np.nanmedian(legs)) if np.isfinite(legs).any() else float("nan")
    known = known_unit(unit)
    if known is None:
        raise InputError(
            f"{where}: the length unit {unit!r} is not known; by the length of a leg, "
            f"{unit_advice(leg)}."
        )
    scale = METRES_PER_UNIT[known]
    # Hip joint and ASIS lie so close that a leg from either tells units apart.
    if np.isfinite(leg) and leg * scale not in _LEG_M:
        raise InputError(
            f"{where}: read in {known}, a leg is {leg * scale:.3g} m long, which no person's is; "
            f"{unit_advice(leg)}."
        )
    is_cut = known != unit.strip().lower()
    return scale, [f"the file's length unit {unit!r} was read as {known}."] if is_cut else []


def _find_joints(labels: Iterable[str]) -> dict[str, str]:
    """Keypoint name -> the first label that names it."""
    joints: dict[str, str] = {}
    for label in labels:
        name = canonical_name(without_suffix(strip_prefix(label)))
        if name is not None:
            joints.setdefault(name, label)
    return joints


def _are_meant_as_joints(markers: set[str], joints: set[str]) -> bool:
    """Knees and ankles are names of markers too, so that the pelvis decides."""
    if {"LASI", "RASI"} & markers:
        return False
    if {"Left Hip", "Right Hip"} & joints:
        return True
    return not {"LPSI", "RPSI", "SACR"} & markers and bool(set(REQUIRED_KEYPOINTS) & joints)


def _refuse_joints(
    joints: dict[str, str], unseen: dict[str, str], repeated: Collection[str], where: str
) -> NoReturn:
    """Raises InputError: which joints are absent, never seen, or named twice."""
    empty = [name for name in REQUIRED_KEYPOINTS if name in unseen and name not in joints]
    absent = [name for name in REQUIRED_KEYPOINTS if name not in joints and name not in empty]
    twice = [label for label in sorted(set(repeated)) if canonical_name(label) is not None]
    problems = [
        f"{', '.join(names[:6])} {'is' if len(names) == 1 else 'are'} {what}"
        for names, what in (
            (absent, "not among the file's points"),
            (empty, "never seen (all zeros or missing)"),
            (twice, "there twice"),
        )
        if names
    ]
    raise InputError(
        f"{where}: {'; '.join(problems)}; give hips, knees and ankles of both sides once each, or "
        "skin markers with the pelvis (LASI, RASI)."
    )


def require_frames(n_frames: int, where: str) -> None:
    """At least two frames.

    Raises:
        InputError: fewer.
    """
    if n_frames < 2:
        raise InputError(f"{where}: the file holds {counted(n_frames, 'frame')}; record a walk.")
