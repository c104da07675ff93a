"""Arrays as detectors lay them out: several people, a confidence as the fourth value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.limits import MOST_POSITION

SEEN_OFTEN = 0.5
"""Whoever is seen in half as many frames as the one seen most may be the one who is meant."""
SHOWN_PEOPLE = 10


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


def points_of_person(keypoints: np.ndarray, person: int | None, where: str) -> PersonPoints:
    """One person's points of an array as a detector gives it.

    Args:
        keypoints: frames x keypoints x 3, or frames x people x keypoints x 3 (or people x frames,
            where there are more frames than people); 4 in place of 3 has a confidence last.
        person: who is asked for, from 1; None takes the first of those who are seen often.
        where: the file's name, for the sentence.

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
        raise InputError(
            f"{where}: the fourth value of each keypoint lies between {known.min():.3g} and "
            f"{known.max():.3g}, so it is no confidence from 0 to 1; store frames × keypoints × 3."
        )
    points = np.where(np.isfinite(confidence)[..., None], array[..., :3], np.nan)
    note = "the fourth value of each keypoint was taken for its confidence."
    return PersonPoints(points, np.nan_to_num(confidence), (*notes, note))


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
        if array.ndim == 2 and array.shape[1] % 3 == 0:
            flat = f" (reshape to {array.shape[0]} × {array.shape[1] // 3} × 3, if that is it)"
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
    frames = _frames_seen(people)
    # Of people who are seen about equally often the first is taken.
    number = int(np.argmax(frames >= SEEN_OFTEN * frames.max())) + 1 if person is None else person
    chosen = people[:, number - 1]
    if (frames > 0).sum() == 1 and frames[number - 1] > 0:
        return chosen, ()
    often = (frames >= SEEN_OFTEN * frames.max()).sum()
    why = "" if person is not None else " (the one seen most)" if often == 1 else " (the first)"
    seen = ", ".join(f"{i + 1} in {n}" for i, n in enumerate(frames[:SHOWN_PEOPLE]) if n)
    return chosen, (
        f"the array holds several people (frames seen: {seen}); number {number}{why} was read, "
        "--person chooses another.",
    )


def _frames_seen(people: np.ndarray) -> np.ndarray:
    """In how many frames each person has a point that is not missing; (P,)."""
    positions = people[..., :3]
    missing = (positions == 0).all(-1) | np.isnan(positions).any(-1)
    return np.asarray((~missing).any(axis=2).sum(axis=0))
