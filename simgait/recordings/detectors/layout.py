"""Arrays as detectors lay them out: several people, a confidence as the fourth value."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import MOST_POSITION
from simgait.recordings.detectors.people import choose_person_shown


@dataclass(frozen=True)
class PersonPoints:
    """The points of one person.

    Attributes:
        points: on the detector's axes, in its unit, as given: zeros and NaN are still there.
        confidence: that stood beside the positions; None where none did.
        notes: one sentence each, on whose points these are and what was taken for a confidence.
    """

    points: Float[np.ndarray, "T K 3"]
    confidence: Float[np.ndarray, "T K"] | None
    notes: tuple[str, ...]


def points_of_person(
    keypoints: np.ndarray, person: int | None, where: str, confidence_is_named: bool = False
) -> PersonPoints:
    """One person's points of an array as a detector gives it.

    Args:
        keypoints: frames x keypoints x 3, or frames x people x keypoints x 3 (or people x frames,
            where there are more frames than people); 4 in place of 3 has a confidence last.
        person: who is asked for, from 1; None takes the likeliest (`people.choose_person_shown`).
        where: the file's name, for the sentence.
        confidence_is_named: whether the file says that a fourth value is one; else a note does.

    Raises:
        InputError: another shape, no numbers, infinite ones, or there is no such person.
    """
    array = _numbers(keypoints, where)
    array, notes = _chosen(array, person, where)
    if array.shape[-1] == 3:
        return PersonPoints(array, None, notes)
    confidence = array[..., 3]
    known = confidence[np.isfinite(confidence)]
    if known.size and (known.min() < 0 or known.max() > 1):
        between = f"between {known.min():.3g} and {known.max():.3g}"
        raise InputError(
            f"{where}: the confidences lie {between}, not from 0 to 1; mend them, or take them out."
            if confidence_is_named
            else f"{where}: the fourth value of each keypoint lies {between}, so it is no "
            "confidence from 0 to 1; store frames × keypoints × 3."
        )
    points = np.where(np.isfinite(confidence)[..., None], array[..., :3], np.nan)
    if not confidence_is_named:
        notes += ("the fourth value of each keypoint was taken for its confidence.",)
    return PersonPoints(points, np.nan_to_num(confidence), notes)


def _numbers(keypoints: np.ndarray, where: str) -> np.ndarray:
    """Finite or NaN floats with 3 or 4 values for each keypoint of each frame (and person)."""
    array = np.asarray(keypoints)
    if array.dtype.kind not in "fiu":
        raise InputError(f"{where}: the keypoints are no numbers ({array.dtype}); store floats.")
    if array.ndim in (3, 4) and array.shape[-1] == 2:
        raise InputError(
            f"{where}: the keypoints have two values each, so they are 2D; simgait needs 3D "
            "positions, so run a 3D detector, or lift them first."
        )
    if array.ndim not in (3, 4) or array.shape[-1] not in (3, 4) or 0 in array.shape:
        flat = ""
        threes = [axis for axis in range(array.ndim - 1) if array.shape[axis] == 3]
        if array.ndim == 2 and array.shape[1] % 3 == 0:
            flat = f" (reshape to {array.shape[0]} × {array.shape[1] // 3} × 3, if that is it)"
        elif array.ndim in (3, 4) and threes:
            flat = f" last (numpy.moveaxis(keypoints, {threes[0]}, -1), if the 3 are x, y, z)"
        raise InputError(
            f"{where}: the keypoints have shape {array.shape}, not frames × keypoints × 3; "
            f"store 3D positions{flat}."
        )
    with np.errstate(invalid="ignore"):  # NaN of a kind that a cast complains of
        array = array.astype(float)
    beyond = np.abs(array) > MOST_POSITION
    if beyond.any():
        place = tuple(np.argwhere(beyond)[0])
        value = array[place]
        what = "an infinite number" if np.isinf(value) else f"{value:.3g}, which is no position"
        raise InputError(
            f"{where}: the keypoints hold {what} (frame {place[0]}, keypoint {place[-2]}); "
            "mend the source, with NaN for missing points."
        )
    return array


def _chosen(
    array: np.ndarray, person: int | None, where: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The array of one person, and a note where there are several."""
    people = array if array.ndim == 4 else array[:, None]
    if people.shape[0] < people.shape[1]:
        people = people.swapaxes(0, 1)
    n_people = people.shape[1]
    if person is not None and not 1 <= person <= n_people:
        raise InputError(
            f"{where}: there is no person {person} in the array, which has {n_people}."
        )
    if n_people == 1:
        return people[:, 0], ()
    choice = choose_person_shown(people)
    number = choice.number if person is None else person
    if len(choice.seen) == 1 and number in choice.seen:
        return people[:, number - 1], ()
    why = f", {choice.why}" if person is None else ""
    return people[:, number - 1], (
        f"the array holds several people ({choice.listed}); number {number} was read{why}; "
        "--person chooses another.",
    )


def axes_hint(shape: tuple[int, ...], widths: Container[int]) -> str:
    """How to transpose an array whose keypoints do not stand where they should; "" for no idea.

    Args:
        shape: as the array was given.
        widths: how many keypoints there can be.
    """
    if len(shape) < 3 or shape[-2] in widths:
        return ""
    if len(shape) == 3 and shape[-1] in (3, 4) and shape[0] in widths:
        return "its first axis looks like the keypoints: give keypoints.swapaxes(0, 1)"
    if len(shape) == 4 and shape[-1] in (3, 4):
        axis = next((axis for axis in (0, 1) if shape[axis] in widths), None)
        if axis is not None:
            name = ("first", "second")[axis]
            return f"its {name} axis looks like the keypoints: give keypoints.swapaxes({axis}, 2)"
    return ""
