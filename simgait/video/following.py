"""Everybody followed through a video, one picture after the other, and their heads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import UInt8

from simgait.video.decode import Frame
from simgait.video.faces import Head, head_behind, head_circle
from simgait.video.landmarks import Landmarks, LandmarkTrack, Region
from simgait.video.people import LEAST_TRACK_S, linked

SEARCH_EVERY = 10
"""Pictures between two searches for people who are not followed yet: a third of a second. Who is
found is then followed backwards, too, through the pictures since the last search."""
SEARCH_LOST_EVERY, LOST_FOR_S = 3, 1.0
"""The same while somebody was lost not long ago, who may be seen again at any moment."""
LEAST_PRESENCE = 0.5
"""MediaPipe's own default for this network."""
MOST_PEOPLE = 6
"""Followed at a time; each costs 22 ms a picture. Of more only the heads are covered."""
FOLLOWED_WITHIN, DOUBLE_WITHIN = 0.25, 0.1
"""Share of a region's side within which a person found is one that is followed already, and two
that are followed are one."""


@runtime_checkable
class Detector(Protocol):
    """What finds people in a picture and their landmarks."""

    def people(self, picture: UInt8[np.ndarray, "H W 3"]) -> list[Region]:
        """Where people are, the surest first."""
        ...

    def landmarks(self, picture: UInt8[np.ndarray, "H W 3"], region: Region) -> Landmarks:
        """Of the person in a region."""
        ...


@dataclass(eq=False)
class _Followed:
    """A person while he is followed, in pictures without a gap."""

    frames: list[int] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    seen: list[Landmarks] = field(default_factory=list)
    is_double: bool = False

    def add(self, frame: Frame, marks: Landmarks, *, before: bool = False) -> None:
        """One more picture, behind the last or before the first."""
        at = 0 if before else len(self.frames)
        self.frames.insert(at, frame.index)
        self.times_s.insert(at, frame.time_s)
        self.seen.insert(at, marks)

    def region_in(self, index: int) -> Region | None:
        """Where he was in a picture; None where he was not seen."""
        k = index - self.frames[0]
        return self.seen[k].region if 0 <= k < len(self.seen) else None

    def track(self) -> LandmarkTrack:
        """What was seen of him."""
        return LandmarkTrack(
            np.array(self.frames, int),
            np.array(self.times_s, float),
            np.stack([one.image_px for one in self.seen]),
            np.stack([one.world_m for one in self.seen]),
            np.stack([one.confidence for one in self.seen]),
        )

    def head(self) -> Head:
        """The head in all pictures; one that was seen for long goes on being somewhere."""
        stays = self.times_s[-1] - self.times_s[0] >= LEAST_TRACK_S and not self.is_double
        circles = np.array([head_circle(one) for one in self.seen])
        return Head(self.frames[0], circles, float(np.median(self.track().size_px)), stays)


class Follower:
    """Follows everybody through a video, one picture after the other."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._live: list[_Followed] = []
        self._ended: list[_Followed] = []
        self._unsearched: list[Frame] = []
        self._n_seen = 0
        self._lost_s = -np.inf
        self._glimpses: list[Head] = []

    def see(self, frame: Frame) -> list[Landmarks]:
        """Look at the next picture; the people in it."""
        for one in list(self._live):
            marks = self._detector.landmarks(frame.picture, one.seen[-1].region)
            if marks.presence >= LEAST_PRESENCE:
                one.add(frame, marks)
            else:
                self._end(one, frame)
        lost = frame.time_s - self._lost_s < LOST_FOR_S
        self._unsearched.append(frame)
        if len(self._unsearched) >= (SEARCH_LOST_EVERY if lost else SEARCH_EVERY) or (
            self._n_seen == 0 or self._lost_s == frame.time_s
        ):
            self._search()
        self._n_seen += 1
        self._part_doubles(frame)
        return [one.seen[-1] for one in self._live]

    def heads(self) -> list[Head]:
        """Of everybody, however short he was seen."""
        return [one.head() for one in (*self._ended, *self._live)] + self._glimpses

    def tracks(self) -> list[LandmarkTrack]:
        """Everybody who was seen for long enough, in order of appearance, then left to right."""
        everybody = [one.track() for one in (*self._ended, *self._live)]
        whole = [
            track
            for track in linked(everybody)
            if track.time_s[-1] - track.time_s[0] >= LEAST_TRACK_S
        ]
        return sorted(whole, key=lambda track: (track.time_s[0], track.mid_hip_px[0, 0]))

    def _search(self) -> None:
        """Look for people in the last picture, and where they were since the last search."""
        *earlier, frame = self._unsearched
        self._unsearched = []
        for region in self._detector.people(frame.picture):
            if self._is_followed(region, frame.index, FOLLOWED_WITHIN):
                continue
            if len(self._live) >= MOST_PEOPLE:
                x, y, radius = head_behind(region)
                circle = np.array([[x, y, radius]])
                self._glimpses.append(Head(frame.index, circle, region.side_px / 2, stays=False))
                continue
            marks = self._detector.landmarks(frame.picture, region)
            if marks.presence < LEAST_PRESENCE:
                continue
            one = _Followed()
            one.add(frame, marks)
            for before in reversed(earlier):
                marks = self._detector.landmarks(before.picture, one.seen[0].region)
                if marks.presence < LEAST_PRESENCE or self._is_followed(
                    marks.region, before.index, FOLLOWED_WITHIN
                ):
                    break
                one.add(before, marks, before=True)
            self._live.append(one)

    def _is_followed(self, region: Region, index: int, within: float) -> bool:
        """Whether somebody who is followed was there in a picture."""
        known = (one.region_in(index) for one in (*self._live, *self._ended))
        return any(one is not None and _near(one, region, within) for one in known)

    def _part_doubles(self, frame: Frame) -> None:
        """Of two that follow one person the later one ends."""
        for i, one in enumerate(list(self._live)):
            region = one.seen[-1].region
            if any(_near(other.seen[-1].region, region, DOUBLE_WITHIN) for other in self._live[:i]):
                one.is_double = True
                self._end(one, frame)

    def _end(self, one: _Followed, frame: Frame) -> None:
        if one in self._live:
            self._live.remove(one)
            self._ended.append(one)
            self._lost_s = frame.time_s


def _near(one: Region, other: Region, share: float) -> bool:
    distance = np.hypot(one.x_px - other.x_px, one.y_px - other.y_px)
    return bool(distance < share * max(one.side_px, other.side_px))
