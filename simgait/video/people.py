"""Several people in a video: which tracks are one person's, and which person is the walker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option
from simgait.plain_text import SOME, listed
from simgait.series.trend import straight_rate
from simgait.video.landmarks import LandmarkTrack, joined

LEAST_TRACK_S = 0.5
"""A person who is seen for less is nobody."""
MOST_GAP_S = 1.0
"""Somebody who is lost and found within this time, where he should be by then, is the same."""
MOST_LOST_S = 5.0
"""The same where nobody else was seen meanwhile: somewhere on the way that he would have gone."""
STAYS_WITHIN = 0.5
"""Of his size: where he should be."""
TRAVELS = 0.5
"""Body sizes (shoulders to ankles) that somebody must get on to have walked: half a step."""
PASS_S = 3.0
"""Who walks to and fro has got on within it most of the time; who sways or dances has not."""


def linked(tracks: Sequence[LandmarkTrack]) -> list[LandmarkTrack]:
    """Tracks with those joined that one person left: lost, and found again where he should be."""
    left = sorted(tracks, key=lambda track: track.time_s[0])
    out: list[LandmarkTrack] = []

    def after(person: LandmarkTrack) -> LandmarkTrack | None:
        others = [*out, *left]
        return next(
            (one for one in left if _goes_on(person, one, _are_alone(person, one, others))), None
        )

    while left:
        person = left.pop(0)
        while (following := after(person)) is not None:
            left = [one for one in left if one is not following]
            person = joined([person, following])
        out.append(person)
    return out


def _are_alone(
    one: LandmarkTrack, other: LandmarkTrack, everybody: Sequence[LandmarkTrack]
) -> bool:
    """Whether nobody else is seen from the end of the first to the begin of the second."""
    lost_s, found_s = one.time_s[-1], other.time_s[0]
    return not any(
        ((who.time_s >= lost_s) & (who.time_s <= found_s)).any()
        for who in everybody
        if who is not other
    )


def _goes_on(one: LandmarkTrack, other: LandmarkTrack, alone: bool) -> bool:
    gap_s = other.time_s[0] - one.time_s[-1]
    if not 0.0 < gap_s <= (MOST_LOST_S if alone else MOST_GAP_S):
        return False
    last = one.time_s >= one.time_s[-1] - MOST_GAP_S / 2
    speed = np.zeros(2)
    if last.sum() > 2:
        speed = straight_rate(one.mid_hip_px[last], one.time_s[last])
    way = speed * gap_s
    gone = other.mid_hip_px[0] - one.mid_hip_px[-1]
    share = 1.0
    if gap_s > MOST_GAP_S:  # people stop
        share = float(np.clip(gone @ way / max(float(way @ way), 1e-9), 0.0, 1.0))
    size = float(np.median(one.size_px))
    same_size = 0.6 < float(np.median(other.size_px[:5])) / one.size_px[-5:].mean() < 1.6
    away = float(np.linalg.norm(gone - share * way))
    return bool(same_size and away < STAYS_WITHIN * size)


def lost_notes(track: LandmarkTrack) -> tuple[str, ...]:
    """Where the person was lost for so long that it might be somebody else afterwards."""
    return tuple(
        f"The person is lost from {lost_s:.1f} to {found_s:.1f} s and was taken for the same "
        "afterwards: as tall, where he must be, and nobody else was seen."
        for lost_s, found_s in zip(track.time_s[:-1], track.time_s[1:], strict=True)
        if found_s - lost_s > MOST_GAP_S
    )


def travel(track: LandmarkTrack, focal_px: float, middle_px: Float[np.ndarray, " 2"]) -> float:
    """How far somebody gets on, in body sizes: along the picture, and away by how he shrinks.

    From the begin to the end; of who comes back, as far as he usually gets within `PASS_S`.
    """
    size = np.maximum(track.size_px, 1.0)
    place = np.column_stack([(track.mid_hip_px - middle_px)[:, 0] / size, focal_px / size])
    starts = np.arange(track.time_s[0], track.time_s[-1] - PASS_S, PASS_S / 2)
    within = [(track.time_s >= start) & (track.time_s <= start + PASS_S) for start in starts]
    passes = [_gone(place[one]) for one in within if one.sum() > 1]
    return max(_gone(place), float(np.median(passes)) if passes else 0.0)


def _gone(place: Float[np.ndarray, "F 2"]) -> float:
    """From the middle of the first tenth to that of the last."""
    n = max(len(place) // 10, 1)
    return float(np.linalg.norm(np.median(place[-n:], axis=0) - np.median(place[:n], axis=0)))


@dataclass(frozen=True)
class Choice:
    """The walker, who else was there, and a sentence where somebody chose for the user."""

    track: LandmarkTrack
    number: int
    notes: tuple[str, ...] = ()


def choose_walker(
    tracks: Sequence[LandmarkTrack], travels: Sequence[float], person: int | None, where: str
) -> Choice:
    """The person asked for, else the one who gets on farthest.

    Args:
        tracks: of everybody, as `Follower.tracks` orders them.
        travels: how far each gets on, in body sizes.
        person: number from 1, or None.
        where: name of the video.

    Raises:
        InputError: nobody is there, or not that many, or nobody walks.
    """
    if not tracks:
        raise InputError(
            f"{where}: no person was found in the video; film the whole body from 2 to 10 m, in "
            "good light."
        )
    if person is not None:
        if not 1 <= person <= len(tracks):
            number = "1 person was" if len(tracks) == 1 else f"{len(tracks)} people were"
            raise InputError(
                f"{where}: there is no person {person}, {number} followed; choose from "
                f"{told(tracks, travels)}."
            )
        return Choice(tracks[person - 1], person)
    chosen = int(np.argmax(travels))
    if travels[chosen] < TRAVELS:
        raise InputError(
            f"{where}: nobody in the video walks anywhere ({told(tracks, travels)}); film somebody "
            "who crosses the picture, comes or goes."
        )
    notes: tuple[str, ...] = ()
    if len(tracks) > 1:
        notes = (
            f"{len(tracks)} people were followed; person {chosen + 1} was taken, who walks "
            f"farthest. The people: {told(tracks, travels)}. Another is taken with "
            "--person; who left the picture and came back has several numbers: see --came-back.",
        )
    return Choice(tracks[chosen], chosen + 1, notes)


def come_back(
    choice: Choice, tracks: Sequence[LandmarkTrack], numbers: Sequence[int], where: str
) -> Choice:
    """The walker with the tracks in which he is seen again, as the user says.

    Args:
        choice: the walker.
        tracks: of everybody.
        numbers: of the same person, from 1.
        where: name of the video.

    Raises:
        InputError: there is no such number, or two are seen at the same time.
    """
    wrong = [number for number in numbers if not 1 <= number <= len(tracks)]
    if wrong:
        raise InputError(
            f"{where}: there is no person {wrong[0]} to be the same as person {choice.number}; "
            f"{len(tracks)} were followed."
        )
    if not set(numbers) - {choice.number}:
        raise InputError(
            f"{where}: person {choice.number} is the one who was taken, and no other number of his "
            f"is given; say whom you mean with {option('person')}, and under which other numbers "
            f"he came back with {option('came_back')}."
        )
    same = sorted({choice.number, *numbers}, key=lambda number: tracks[number - 1].time_s[0])
    for one, other in pairwise(same):
        if tracks[other - 1].time_s[0] <= tracks[one - 1].time_s[-1]:
            raise InputError(
                f"{where}: person {one} and person {other} are not the same, for at "
                f"{tracks[other - 1].time_s[0]:.1f} s both are seen."
            )
    names = " and ".join([", ".join(map(str, same[:-1])), str(same[-1])])
    note = f"Persons {names} were said to be one, who left the picture and came back."
    track = joined([tracks[number - 1] for number in same])
    return Choice(track, choice.number, (*choice.notes, note))


def told(tracks: Sequence[LandmarkTrack], travels: Sequence[float]) -> str:
    """Who walks farthest, in a few words each: "person 1 (0.0 to 7.6 s, walks), ..."."""
    farthest = sorted(range(len(tracks)), key=lambda i: -travels[i])
    named = sorted(farthest[:SOME]) + farthest[SOME:]
    people = [
        f"person {i + 1} ({tracks[i].time_s[0]:.1f} to {tracks[i].time_s[-1]:.1f} s, "
        f"{'walks' if travels[i] >= TRAVELS else 'stays'})"
        for i in named
    ]
    return listed(people, SOME, "who get less far")
