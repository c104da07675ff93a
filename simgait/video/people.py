"""Several people followed through a video, and which of them is the walker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, UInt8

from simgait.errors import InputError
from simgait.video.decode import Frame
from simgait.video.faces import face_circle
from simgait.video.landmarks import Landmarks, LandmarkTrack, Region, joined

SEARCH_EVERY = 10
"""Pictures between two searches for people who are not followed yet: a third of a second."""
SEARCH_LOST_EVERY, LOST_FOR_S = 3, 2.0
"""The same while somebody was lost not long ago, who may be seen again at any moment."""
LEAST_PRESENCE = 0.5
"""MediaPipe's own default for this network."""
MOST_PEOPLE = 6
"""Followed at a time; each costs 25 ms a picture."""
FOLLOWED_WITHIN, DOUBLE_WITHIN = 0.25, 0.1
"""Share of a region's side within which a person found is one that is followed already, and two
that are followed are one."""
LEAST_TRACK_S = 0.5
"""A person who is seen for less is nobody."""
MOST_GAP_S = 1.0
"""Somebody who is lost and found within this time, where he should be by then, is the same."""
STAYS_WITHIN = 0.5
"""Of his size: where he should be."""
TRAVELS = 0.5
"""Body sizes (shoulders to ankles) that somebody must get on to have walked: half a step."""


@runtime_checkable
class Detector(Protocol):
    """What finds people in a picture and their landmarks."""

    def people(self, picture: UInt8[np.ndarray, "H W 3"]) -> list[Region]:
        """Where people are."""
        ...

    def landmarks(self, picture: UInt8[np.ndarray, "H W 3"], region: Region) -> Landmarks:
        """Of the person in a region."""
        ...


@dataclass
class _Followed:
    """A person while he is followed."""

    region: Region
    frames: list[int] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    seen: list[Landmarks] = field(default_factory=list)

    def track(self) -> LandmarkTrack:
        """What was seen of him."""
        return LandmarkTrack(
            np.array(self.frames, int),
            np.array(self.times_s, float),
            np.stack([one.image_px for one in self.seen]),
            np.stack([one.world_m for one in self.seen]),
            np.stack([one.confidence for one in self.seen]),
        )


class Follower:
    """Follows everybody through a video, one picture after the other."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._live: list[_Followed] = []
        self._ended: list[_Followed] = []
        self._n_seen = 0
        self._lost_s = -LOST_FOR_S
        self._faces: list[tuple[float, float, float, float]] = []

    def see(self, frame: Frame) -> list[Landmarks]:
        """Look at the next picture; the people in it."""
        lost = frame.time_s - self._lost_s < LOST_FOR_S
        if self._n_seen % (SEARCH_LOST_EVERY if lost else SEARCH_EVERY) == 0 or not self._live:
            self._search(frame.picture)
        self._n_seen += 1
        for one in list(self._live):
            marks = self._detector.landmarks(frame.picture, one.region)
            if marks.presence < LEAST_PRESENCE:
                self._end(one)
                self._lost_s = frame.time_s
                continue
            one.frames.append(frame.index)
            one.times_s.append(frame.time_s)
            one.seen.append(marks)
            one.region = marks.region
        self._faces += [(frame.time_s, *face_circle(one.seen[-1])) for one in self._live]
        self._part_doubles()
        return [one.seen[-1] for one in self._live]

    def faces(self) -> Float[np.ndarray, "M 4"]:
        """Time (s), x, y and radius (px) of every face of everybody, however short he was seen."""
        return np.array(self._faces).reshape(-1, 4)

    def tracks(self) -> list[LandmarkTrack]:
        """Everybody who was seen for long enough, in order of appearance, then left to right."""
        everybody = [one.track() for one in (*self._ended, *self._live) if one.seen]
        whole = [
            track
            for track in linked(everybody)
            if track.time_s[-1] - track.time_s[0] >= LEAST_TRACK_S
        ]
        return sorted(whole, key=lambda track: (track.time_s[0], track.mid_hip_px[0, 0]))

    def _search(self, picture: UInt8[np.ndarray, "H W 3"]) -> None:
        for region in self._detector.people(picture):
            known = any(_near(one.region, region, FOLLOWED_WITHIN) for one in self._live)
            if not known and len(self._live) < MOST_PEOPLE:
                self._live.append(_Followed(region))

    def _part_doubles(self) -> None:
        """Of two that follow one person the later one ends."""
        for i, one in enumerate(list(self._live)):
            if any(_near(other.region, one.region, DOUBLE_WITHIN) for other in self._live[:i]):
                self._end(one)

    def _end(self, one: _Followed) -> None:
        if one in self._live:
            self._live.remove(one)
            self._ended.append(one)


def _near(one: Region, other: Region, share: float) -> bool:
    distance = np.hypot(one.x_px - other.x_px, one.y_px - other.y_px)
    return bool(distance < share * max(one.side_px, other.side_px))


def linked(tracks: Sequence[LandmarkTrack]) -> list[LandmarkTrack]:
    """Tracks with those joined that one person left: lost, and found again where he should be."""
    left = sorted(tracks, key=lambda track: track.time_s[0])
    out: list[LandmarkTrack] = []
    while left:
        person = left.pop(0)
        while (following := next((one for one in left if _goes_on(person, one)), None)) is not None:
            left = [one for one in left if one is not following]
            person = joined([person, following])
        out.append(person)
    return out


def _goes_on(one: LandmarkTrack, other: LandmarkTrack) -> bool:
    gap_s = other.time_s[0] - one.time_s[-1]
    if not 0.0 < gap_s <= MOST_GAP_S:
        return False
    last = one.time_s >= one.time_s[-1] - MOST_GAP_S / 2
    speed = np.zeros(2)
    if last.sum() > 2:
        speed = np.polyfit(one.time_s[last], one.mid_hip_px[last], 1)[0]
    expected = one.mid_hip_px[-1] + speed * gap_s
    size = float(np.median(one.size_px))
    same_size = 0.6 < float(np.median(other.size_px[:5])) / one.size_px[-5:].mean() < 1.6
    away = float(np.linalg.norm(other.mid_hip_px[0] - expected))
    return same_size and away < STAYS_WITHIN * size


def travel(track: LandmarkTrack, focal_px: float, middle_px: Float[np.ndarray, " 2"]) -> float:
    """How far somebody gets on, in body sizes: along the picture, and away by how he shrinks."""
    size = np.maximum(track.size_px, 1.0)
    place = np.column_stack([(track.mid_hip_px - middle_px) / size[:, None], focal_px / size])
    n = max(len(place) // 10, 1)
    begin, end = np.median(place[:n], axis=0), np.median(place[-n:], axis=0)
    return float(np.linalg.norm((end - begin)[[0, 2]]))


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
            raise InputError(
                f"{where}: there is no person {person}, {len(tracks)} were followed; choose from "
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
            f"farthest. All of them: {told(tracks, travels)}. Another is taken with --person.",
        )
    return Choice(tracks[chosen], chosen + 1, notes)


def told(tracks: Sequence[LandmarkTrack], travels: Sequence[float]) -> str:
    """Everybody in a few words each: "person 1 (0.0 to 7.6 s, walks), ..."."""
    return ", ".join(
        f"person {i} ({track.time_s[0]:.1f} to {track.time_s[-1]:.1f} s, "
        f"{'walks' if far >= TRAVELS else 'stays'})"
        for i, (track, far) in enumerate(zip(tracks, travels, strict=True), 1)
    )
