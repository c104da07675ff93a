"""Arrays of keypoints from a detector, with what is known about them, to a checked `Recording`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.limits import (
    check_distance,
    check_fps,
    check_height,
    check_mass,
    check_times,
    check_travel_factor,
    check_walking_speed,
)
from simgait.option_names import option
from simgait.recordings import wild_samples
from simgait.recordings.axes import axes_matrix, metres_per_unit
from simgait.recordings.checks import check_detected, is_a_person, leg_length, unusual_legs
from simgait.recordings.detectors.field_of_view import through_lens
from simgait.recordings.detectors.keypoint_set_file import choose_keypoint_set, refuse_path
from simgait.recordings.detectors.keypoint_sets import KeypointSet, keypoint_sets
from simgait.recordings.detectors.layout import axes_hint, points_of_person
from simgait.recordings.detectors.point_names import columns_by_name, sided
from simgait.recordings.exchange import exchanged
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.subject_codes import name_notes, subject_of
from simgait.recordings.treadmill import (
    HIPS_FIXED,
    Travel,
    check_belt_speed,
    hips_are_fixed,
    ignored_belt_note,
    pelvis_travels,
    treadmill,
)
from simgait.recordings.wrong_names import check_names
from simgait.types import Recording

CENTRED_WITHIN_M = 0.15
"""BlazePose's world landmarks have the middle of the hips within 2 cm of their origin; in image
coordinates it lies about half an image away."""


def recording_from_array(
    keypoints: np.ndarray,
    said: ReadOptions,
    of_file: ReadOptions = NOTHING_SAID,
    *,
    recording_id: str,
    source_format: str,
    where: str,
    notes: Sequence[str] = (),
    confidence_is_named: bool = False,
) -> Recording:
    """A `Recording` from T×K×3 numbers; zeros and NaN are missing points.

    Args:
        keypoints: (T, K, 3) on the detector's axes, in its unit; or as `points_of_person` says.
        said: unit, axes and times are needed, unless the keypoint set or `of_file` has them.
        of_file: what the file says; what is said wins, and a note says where both differ.
        recording_id: of the recording.
        source_format: of the file.
        where: the file's name, for errors.
        notes: sentences that go before those on the array.
        confidence_is_named: whether the file says that a fourth value is a confidence.

    Raises:
        InputError: shape, unit, axes, sides, times or names are wrong or not given.
    """
    refuse_path(of_file.keypoint_set, where)
    one = points_of_person(keypoints, said.over(of_file).person, where, confidence_is_named)
    facts = said.over(of_file).over(ReadOptions(confidence=one.confidence))
    shape = len(one.points), one.points.shape[1]
    facts, columns, chosen, notes_of_set = _columns(facts, shape[1], np.shape(keypoints), where)
    unit_and_axes = _unit_and_axes(facts, where)
    time_s = _times(facts, shape[0], where)
    confidence = _confidence(facts, shape, where)
    array, missing, measured_notes = _measured(one.points, confidence, columns)
    array, facts, lens_notes = _in_space(array, facts, columns, chosen, *unit_and_axes, where)
    points = {name: array[:, i] for name, i in columns.items()}
    point_notes = (*measured_notes, *lens_notes, *_leave_out_mid_hip(points))
    kept = [columns[name] for name in points]
    travel = _travel(points, time_s, facts, where)
    return Recording(
        recording_id=recording_id, source_format=source_format,
        time_s=time_s,
        keypoint_names=tuple(points),
        keypoints_m=array[:, kept],
        confidence=np.where(missing, 0.0, confidence)[:, kept],
        scale_is_metric=bool(facts.scale_is_metric),
        pelvis_travels=travel.travels,
        subject_id=subject_of(said.subject_id, of_file.subject_id),
        height_m=check_height(facts.height_m, where), mass_kg=check_mass(facts.mass_kg, where),
        belt_speed_mps=travel.belt_speed_mps, belt_is_estimated=travel.belt_is_estimated,
        distance_m=_walked_m(facts, time_s, where),
        travel_factor=check_travel_factor(facts.travel_factor, where),
        detector_facts=None if chosen is None else chosen.facts,
        drawn_by="" if chosen is None else chosen.name,
        notes=(
            *notes, *one.notes, *notes_of_set, *point_notes, *said.notes_over(of_file),
            *travel.notes, *name_notes(said.subject_id, of_file.subject_id),
        ),
    )  # fmt: skip


def _in_space(
    array: Float[np.ndarray, "T W 3"],
    facts: ReadOptions,
    columns: Mapping[str, int],
    chosen: KeypointSet | None,
    unit: str,
    axes: str,
    where: str,
) -> tuple[Float[np.ndarray, "T W 3"], ReadOptions, tuple[str, ...]]:
    """Positions in metres, z up, where the lens has them; whether they are centred, and notes."""
    array = array @ axes_matrix(axes, where).T * metres_per_unit(unit, where)
    points = _checked_points(array, columns, chosen, unit, where)
    facts = _with_centre(facts, _is_centred(points, chosen, axes, where))
    array, notes = through_lens(array, columns, facts, chosen, axes, where)
    return array, facts, notes


def _walked_m(facts: ReadOptions, time_s: Float[np.ndarray, " T"], where: str) -> float | None:
    """How far the person walks from the first frame to the last, as said, or by the speed said."""
    if facts.speed_mps is None:
        return check_distance(facts.distance_m, where)
    if facts.distance_m is not None:
        raise InputError(f"{where}: a distance and a speed are given; leave one out.")
    speed_mps = check_walking_speed(facts.speed_mps, where)
    assert speed_mps is not None
    return speed_mps * float(time_s[-1] - time_s[0])


def _transposed(
    error: InputError, shape: tuple[int, ...], facts: ReadOptions, where: str
) -> InputError:
    """What is wrong with an array of another width; that its axes are, where that would fit."""
    sets = [s for s in keypoint_sets() if facts.keypoint_set in (None, s.name, *s.aliases)]
    widths = {s.width for s in sets} if facts.names is None else {len(facts.names)}
    hint = axes_hint(shape, widths)
    if not hint:
        return error
    given = " × ".join(map(str, shape))
    return InputError(f"{where}: the array is {given}, where {hint}.")


def _columns(
    facts: ReadOptions, width: int, shape: tuple[int, ...], where: str
) -> tuple[ReadOptions, dict[str, int], KeypointSet | None, tuple[str, ...]]:
    """Our name of a point -> its column, the set that says so, and the facts that come with it.

    `width` is the number of points in each frame, `shape` the array's as it was given.
    """
    try:
        if facts.names is not None:
            columns, notes = columns_by_name(facts.names, width, where)
            columns, swap_notes = exchanged(columns, facts.exchange, where, sided=sided)
            return facts, columns, None, (*notes, *swap_notes)
        chosen = choose_keypoint_set(width, facts.keypoint_set, where)
    except InputError as error:
        raise _transposed(error, shape, facts, where) from None
    of_set = ReadOptions(unit=chosen.unit, axes=chosen.axes, fps_hz=chosen.fps_hz)
    columns, swap_notes = exchanged(chosen.columns, facts.exchange, where, sided=sided)
    return facts.over(of_set), columns, chosen, swap_notes


def _measured(
    points: Float[np.ndarray, "T W 3"],
    confidence: Float[np.ndarray, "T W"],
    columns: Mapping[str, int],
) -> tuple[Float[np.ndarray, "T W 3"], Bool[np.ndarray, "T W"], tuple[str, ...]]:
    """Points with NaN where they are missing, unsure or wild, where that is, and notes on it."""
    points, unsure_notes = _without_unsure(points, confidence)
    missing = (points == 0).all(-1) | np.isnan(points).any(-1)
    array = np.where(missing[..., None], np.nan, points)
    known = list(columns.values())
    wild = wild_samples.wild_samples(array[:, known])
    missing[:, known] |= wild
    array = np.where(missing[..., None], np.nan, array)
    wild_notes = wild_samples.wild_notes(wild, list(columns))
    return array, missing, (*unsure_notes, *wild_notes)


def _without_unsure(
    points: Float[np.ndarray, "T W 3"], confidence: Float[np.ndarray, "T W"]
) -> tuple[Float[np.ndarray, "T W 3"], tuple[str, ...]]:
    """Points with NaN where the detector is not sure at all: a place that it did not see.

    Where it says so of every point it has no confidence to give, and they stay, with a note.
    """
    seen = ~((points == 0).all(-1) | np.isnan(points).any(-1))
    unsure = seen & (confidence == 0.0)
    if not unsure.any():
        return points, ()
    if unsure.sum() == seen.sum():
        return points, ("the confidence of every point is 0: it was not used.",)
    taken = f"{int(unsure.sum())} positions of confidence 0 were taken as missing."
    return np.where(unsure[..., None], np.nan, points), (taken,)


def _checked_points(
    array: Float[np.ndarray, "T W 3"],
    columns: Mapping[str, int],
    chosen: KeypointSet | None,
    unit: str,
    where: str,
) -> dict[str, Float[np.ndarray, "T 3"]]:
    """The points that are known, by name, if they are a person's.

    Raises:
        InputError: the first check that fails; where another keypoint set of this width would pass
            them all, that the set does not fit.
    """
    points = {name: array[:, i] for name, i in columns.items()}
    check_names(points, where)
    try:
        check_detected(points, unit, where)
    except InputError as error:
        # What the set is was said; where its points are a person that lies, the axes are wrong.
        fitting = [] if chosen is None else _sets_that_fit(array, chosen)
        if fitting and _fits_turned(points):
            other = {name: array[:, i] for name, i in fitting[0].columns.items()}
            fitting = fitting if unusual_legs(other) < unusual_legs(points) else []
        if chosen is None or not fitting:
            raise
        names = [other.name for other in fitting]
        which = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        raise InputError(
            f"{where}: the points do not fit the keypoint set {chosen.name} but fit {which}; "
            f"check which it is (--keypoint-set {names[0]})."
        ) from error
    return points


def _fits_turned(points: dict[str, Float[np.ndarray, "T 3"]]) -> bool:
    """Whether the points are a person's on other axes."""
    turns = [axes_matrix(axes, "") for axes in ("x-up", "x-down", "y-up", "y-down", "z-down")]
    return any(is_a_person({name: at @ turn.T for name, at in points.items()}) for turn in turns)


def _sets_that_fit(array: Float[np.ndarray, "T W 3"], chosen: KeypointSet) -> list[KeypointSet]:
    """Other sets of this width by which the points are a person's, the most usual one first."""
    fitting = [
        other
        for other in keypoint_sets()
        if other.width == chosen.width and other.index != chosen.index
        if is_a_person({name: array[:, i] for name, i in other.columns.items()})
    ]
    return sorted(
        fitting,
        key=lambda other: unusual_legs({name: array[:, i] for name, i in other.columns.items()}),
    )


def _is_centred(
    points: dict[str, Float[np.ndarray, "T 3"]],
    chosen: KeypointSet | None,
    axes: str,
    where: str,
) -> bool:
    """Whether the set says that the hips lie at the origin, on its own axes.

    Raises:
        InputError: it says so and they do not, as in image coordinates.
    """
    if chosen is None or not chosen.centred or axes != chosen.axes:
        return False
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    away = float(np.nanmedian(np.linalg.norm(mid_hip, axis=-1)))
    if away > CENTRED_WITHIN_M:
        raise InputError(
            f"{where}: {chosen.name} has its origin in the middle of the hips, but here they lie "
            f"{away:.2f} m away, as image coordinates do; give the world landmarks, or state the "
            "axes if they are in another frame."
        )
    return True


def _with_centre(facts: ReadOptions, is_centred: bool) -> ReadOptions:
    """The facts, with points counted from the hips where they are."""
    return replace(facts, root_relative=True) if is_centred else facts


def _unit_and_axes(facts: ReadOptions, where: str) -> tuple[str, str]:
    if facts.unit is None:
        raise InputError(
            f"{where}: no length unit is given; state it, m, cm or mm, with {option('unit')}."
        )
    if facts.axes is None:
        raise InputError(
            f"{where}: no axes are given; state them with {option('axes')}, for example 'z-up', "
            "'y-up', or 'y-down z-forward' for a camera."
        )
    return facts.unit, facts.axes


def _times(facts: ReadOptions, n_frames: int, where: str) -> Float[np.ndarray, " T"]:
    if facts.time_s is None:
        time_s = np.arange(n_frames) / check_fps(facts.fps_hz, where)
    else:
        time_s = _numbers(facts.time_s, "time stamps", where).ravel()
        if len(time_s) != n_frames:
            raise InputError(
                f"{where}: {len(time_s)} time stamps are given for {n_frames} frames; give one "
                "for each."
            )
    check_times(time_s, where)
    return time_s


def _numbers(values: object, name: str, where: str) -> np.ndarray:
    """Floats; raises InputError for text, records and whatever else is none."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{where}: the {name} are no numbers ({array.dtype}); store floats.")
    return array.astype(float)


def _confidence(facts: ReadOptions, shape: tuple[int, int], where: str) -> Float[np.ndarray, "T K"]:
    if facts.confidence is None:
        return np.ones(shape)
    given = _numbers(facts.confidence, "confidences", where)
    if given.shape != shape or not ((given >= 0) & (given <= 1)).all():
        raise InputError(
            f"{where}: the confidence must be {shape[0]} × {shape[1]} numbers from 0 to 1."
        )
    return given


def _travel(
    points: dict[str, Float[np.ndarray, "T 3"]],
    time_s: Float[np.ndarray, " T"],
    facts: ReadOptions,
    where: str,
) -> Travel:
    """Whether the pelvis travels, the belt's speed where it does not, and notes."""
    notes: list[str] = []
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    fixed = hips_are_fixed(mid_hip)
    root_relative = facts.root_relative or fixed
    if facts.scale_is_metric and not facts.root_relative:
        return treadmill(points, frame_rate_hz(time_s), facts.belt_speed_mps, where)
    if fixed and not facts.root_relative:
        notes.append(HIPS_FIXED)
    moves = not fixed and pelvis_travels(points, frame_rate_hz(time_s))
    travels = moves and not root_relative
    belt_speed_mps = check_belt_speed(facts.belt_speed_mps, where)
    if moves:  # said to be no path: still none that a belt's could be added to
        notes += ignored_belt_note(belt_speed_mps)
    elif not root_relative:
        notes.append(
            "the pelvis does not travel while the feet move: a treadmill; "
            + ("the belt speed is as given." if belt_speed_mps else "give the belt speed.")
        )
    return Travel(travels, None if moves else belt_speed_mps, notes=tuple(notes))


def _leave_out_mid_hip(points: dict[str, Float[np.ndarray, "T 3"]]) -> tuple[str, ...]:
    """Takes "Pelvis" out of the points where it is the hips' middle; a note then."""
    if not _pelvis_is_mid_hip(points):
        return ()
    del points["Pelvis"]
    return ("the point named Pelvis is the middle of the hips and was left out.",)


def _pelvis_is_mid_hip(points: dict[str, Float[np.ndarray, "T 3"]]) -> bool:
    """Whether "Pelvis" is the hips' middle under another name, as in many sets."""
    if "Pelvis" not in points:
        return False
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    distance = np.linalg.norm(points["Pelvis"] - mid_hip, axis=-1)
    if not np.isfinite(distance).any():
        return True
    return float(np.nanmedian(distance)) < 0.03 * leg_length(points)
