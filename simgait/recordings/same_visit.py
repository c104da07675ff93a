"""Recordings of which somebody says that they are of one person before one camera."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simgait.errors import InputError
from simgait.types import Recording

SAME_HEIGHT_M = 0.03
"""Heights nearer to each other are one height, measured twice."""
SAME_MASS_KG = 5.0
"""As heights: with and without shoes and clothes, in the morning and at night."""
SAME_LENS = 0.02
"""Share by which two focal lengths of one lens differ, as tags round them."""


def as_one_visit(
    recordings: Sequence[Recording], *, height_is_given: bool = False
) -> list[Recording]:
    """The recordings, each with what only some of them say of the person.

    Of a height or mass that several say nearly alike, the median holds for all.

    Args:
        recordings: of one person before one camera that did not move.
        height_is_given: by somebody, so that it does not matter what they say.

    Raises:
        InputError: two of them say what cannot be true of one person, day or camera.
    """
    if len(recordings) < 2:
        return list(recordings)
    _refuse_two(recordings, "subject", lambda one: one.subject_id)
    _refuse_two(recordings, "day", lambda one: one.recorded_on)
    _refuse_two(recordings, "kind of positions", _positions)
    _refuse_two(recordings, "kind of source", _source)
    _refuse_two(recordings, "synthetic detector", lambda one: one.error_model)
    _refuse_two(recordings, "set of keypoints", _points)
    apart_m = math.inf if height_is_given else SAME_HEIGHT_M
    height_m = _one_of(recordings, "height", ("m", 2), apart_m, lambda one: one.height_m)
    mass_kg = _one_of(recordings, "mass", ("kg", 0), SAME_MASS_KG, lambda one: one.mass_kg)
    _refuse_two_lenses(recordings)
    subject = next((one.subject_id for one in recordings if one.subject_id), "")
    guessed = any(one.height_is_estimated for one in recordings)
    return [
        replace(
            one, subject_id=subject, height_m=height_m, height_is_estimated=guessed,
            mass_kg=mass_kg,
        )
        for one in recordings
    ]  # fmt: skip


def _positions(recording: Recording) -> str:
    return "measured" if recording.scale_is_metric else "estimated"


def _source(recording: Recording) -> str:
    return "film" if recording.is_lifted else "points"


def _points(recording: Recording) -> str:
    """Of a detector; markers may be lacking in one of several trials."""
    return "" if recording.scale_is_metric else ", ".join(sorted(recording.keypoint_names))


def _contradiction(one: Recording, other: Recording, what: str) -> InputError:
    return InputError(
        f"{one.recording_id} and {other.recording_id} are no walks of one visit: {what}; track "
        "them apart, or correct what is wrong."
    )


def _refuse_two(
    recordings: Sequence[Recording], what: str, said: Callable[[Recording], str]
) -> None:
    """Raises InputError where two recordings say something, and not the same.

    What they say is not quoted: a subject may be a name.
    """
    saying = [one for one in recordings if said(one)]
    for other in saying[1:]:
        if said(other) != said(saying[0]):
            raise _contradiction(saying[0], other, f"each has another {what}")


def _one_of(
    recordings: Sequence[Recording],
    what: str,
    shown: tuple[str, int],
    same: float,
    said: Callable[[Recording], float | None],
) -> float | None:
    """Median of what the recordings say; None where none says anything.

    Args:
        recordings: of one person.
        what: they say of the person.
        shown: unit and decimals, with which numbers that differ are seen to.
        same: numbers nearer to each other are one.
        said: what one of them says, in the unit.

    Raises:
        InputError: two say what one person has not.
    """
    known = sorted(
        ((value, one) for one in recordings if (value := said(one)) is not None),
        key=lambda pair: pair[0],
    )
    if not known:
        return None
    (low, one), (high, other) = known[0], known[-1]
    if high - low >= same:
        unit, decimals = shown
        numbers = " and ".join(f"{value:.{decimals}f} {unit}" for value in (low, high))
        raise _contradiction(one, other, f"the {what} is {numbers}")
    return float(np.median([value for value, _ in known]))


def _refuse_two_lenses(recordings: Sequence[Recording]) -> None:
    """Raises InputError where two cameras are known not to be one.

    A lens that was assumed, or found by a distance, says nothing against a tag.
    """
    known = [
        (one.camera.focal_px / max(one.camera.width_px, one.camera.height_px), one)
        for one in recordings
        if one.camera is not None and one.camera.source not in ("assumed", "distance")
    ]
    for focal, other in known[1:]:
        if abs(focal / known[0][0] - 1.0) > SAME_LENS:
            raise _contradiction(known[0][1], other, "their cameras have other fields of view")
