"""Everybody followed through a video, one picture after the other, and their heads.

Somebody far away is followed long before he can be found: the network that finds people needs them
a seventh of the picture tall, the one that marks them 45 pixels. So whom the search finds is
followed backwards, too, once the video has been seen to its end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
PATIENCE_S = 0.3
"""Of rendered people far away presence falls to 0 in single pictures: who is there again within
this time was there in between."""
ON_THE_WAY_WITHIN = 0.1
"""Share of a region's side within which a picture in between shows somebody where he must be."""
BACK_AT_ONCE = 32
"""Pictures in memory on the way back; 200 MB of 1080p."""
MOST_PEOPLE = 6
"""Followed at a time; each costs 22 ms a picture. Of more only the heads are covered."""
FOLLOWED_WITHIN, DOUBLE_WITHIN = 0.25, 0.1
"""Share of a region's side within which a person found is one that is followed already, and two
that are followed are one."""
_NO_PICTURE = np.zeros((0, 0, 3), np.uint8)


@runtime_checkable
class Detector(Protocol):
    """What finds people in a picture and their landmarks."""

    def people(self, picture: UInt8[np.ndarray, "H W 3"], *, closely: bool = False) -> list[Region]:
        """Where people are, the surest first; closely: smaller ones, too."""
        ...

    def landmarks(self, picture: UInt8[np.ndarray, "H W 3"], region: Region) -> Landmarks:
        """Of the person in a region."""
        ...


@dataclass(eq=False)
class _Followed:
    """A person while he is followed; `seen` in pictures `frames`, `sure` of those not doubted."""

    frames: list[int]
    times_s: list[float]
    seen: list[Landmarks]
    sure: list[bool]
    is_double: bool = False
    begins: bool = False
    doubted: list[tuple[Frame, Landmarks]] = field(default_factory=list)
    doubted_before: list[tuple[Frame, Landmarks]] = field(default_factory=list)

    def region(self, *, before: bool = False) -> Region:
        """Where to look for him next: where he surely was."""
        return self.seen[0 if before else -1].region

    def take(self, frame: Frame, marks: Landmarks, *, before: bool = False) -> bool:
        """One more picture, behind the last or before the first; whether he still is followed.

        One in which he is hardly there counts once he is there again, if it shows him on the way.
        """
        end = 0 if before else -1
        doubted = self.doubted_before if before else self.doubted
        known, known_s = self.frames[end], self.times_s[end]
        if marks.presence < LEAST_PRESENCE:
            # The picture itself, which may be large, is not kept.
            doubted.append((replace(frame, picture=_NO_PICTURE), marks))
            return abs(frame.time_s - known_s) <= PATIENCE_S
        begin = self.region(before=before)
        for one, hardly in doubted:
            share = (one.index - known) / (frame.index - known)
            if _near(hardly.region, _between(begin, marks.region, share), ON_THE_WAY_WITHIN):
                self._add(one, hardly, before, sure=False)
        doubted.clear()
        self._add(frame, marks, before, sure=True)
        return True

    def is_doubted_at(self, region: Region) -> bool:
        """Whether a person found there may be he."""
        return bool(self.doubted) and _near(self.region(), region, FOLLOWED_WITHIN)

    def found_again(self, frame: Frame, marks: Landmarks) -> None:
        """He was looked for in a picture in which he was doubted, and found."""
        self.doubted.pop()
        self.take(frame, marks)

    def _add(self, frame: Frame, marks: Landmarks, before: bool, *, sure: bool) -> None:
        at = 0 if before else len(self.frames)
        self.frames.insert(at, frame.index)
        self.times_s.insert(at, frame.time_s)
        self.seen.insert(at, marks)
        self.sure.insert(at, sure)

    def region_in(self, index: int) -> Region | None:
        """Where he was in a picture; None where he was not seen."""
        k = bisect_left(self.frames, index)
        return self.seen[k].region if self.frames[k : k + 1] == [index] else None

    def track(self) -> LandmarkTrack:
        """What was seen of him."""
        return LandmarkTrack(
            np.array(self.frames, int),
            np.array(self.times_s, float),
            np.stack([one.image_px for one in self.seen]),
            np.stack([one.world_m for one in self.seen]),
            np.stack([one.confidence for one in self.seen]),
        )

    def heads(self) -> list[Head]:
        """The head where he surely is; one that was seen for long goes on being somewhere.

        Between two pictures in which he is doubted he is not sure either: in a somersault the
        network is at times certain of a man who stands.
        """
        stays = self.times_s[-1] - self.times_s[0] >= LEAST_TRACK_S and not self.is_double
        size_px = float(np.median(self.track().size_px))
        sure = np.flatnonzero(self.sure)
        runs = np.split(sure, 1 + np.flatnonzero(np.diff(np.array(self.frames)[sure]) > 1))
        lasting = [
            run for run in runs if self.times_s[run[-1]] - self.times_s[run[0]] >= PATIENCE_S
        ]
        return [
            Head(
                self.frames[run[0]],
                np.array([head_circle(self.seen[k]) for k in run]),
                size_px,
                stays,
            )
            for run in lasting or [max(runs, key=len)]
        ]


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
        missed = False
        for one in list(self._live):
            sure = not one.doubted
            if not one.take(frame, self._detector.landmarks(frame.picture, one.region())):
                self._end(one, frame)
            missed |= sure and bool(one.doubted)
        lost = any(one.doubted for one in self._live) or frame.time_s - self._lost_s < LOST_FOR_S
        self._unsearched.append(frame)
        if len(self._unsearched) >= (SEARCH_LOST_EVERY if lost else SEARCH_EVERY) or (
            self._n_seen == 0 or missed or self._lost_s == frame.time_s
        ):
            self._search()
        self._n_seen += 1
        self._part_doubles(frame)
        return [one.seen[-1] for one in self._live]

    def go_back(self, pictures: Callable[[int, int], Sequence[Frame]]) -> None:
        """Follow everybody back to where he is first seen.

        Args:
            pictures: gives those from one number to before another, again.
        """
        for one in sorted((*self._ended, *self._live), key=lambda one: one.frames[0]):
            if one.is_double or one.times_s[-1] - one.times_s[0] < LEAST_TRACK_S:
                continue
            while not one.begins and one.frames[0] > len(one.doubted_before):
                first = one.frames[0] - len(one.doubted_before)
                self._follow_back(one, pictures(max(first - BACK_AT_ONCE, 0), first))

    def heads(self) -> list[Head]:
        """Of everybody, however short he was seen."""
        known = [head for one in (*self._ended, *self._live) for head in one.heads()]
        return known + self._glimpses

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
        closely = all(one.doubted for one in self._live)
        for region in self._detector.people(frame.picture, closely=closely):
            if self._is_followed(region, frame.index, FOLLOWED_WITHIN):
                continue
            doubted = next((one for one in self._live if one.is_doubted_at(region)), None)
            if doubted is None and len(self._live) >= MOST_PEOPLE:
                x, y, radius = head_behind(region)
                circle = np.array([[x, y, radius]])
                self._glimpses.append(Head(frame.index, circle, region.side_px / 2, stays=False))
                continue
            marks = self._detector.landmarks(frame.picture, region)
            # The search may see somebody who is followed larger than he is, and beside himself.
            if marks.presence < LEAST_PRESENCE or self._is_followed(
                marks.region, frame.index, FOLLOWED_WITHIN
            ):
                continue
            if doubted is not None:
                doubted.found_again(frame, marks)
                continue
            one = _Followed([frame.index], [frame.time_s], [marks], [True])
            self._follow_back(one, earlier)
            self._live.append(one)

    def _follow_back(self, one: _Followed, earlier: Sequence[Frame]) -> None:
        """Where somebody was in the pictures just before the first in which he is known."""
        for frame in reversed(earlier):
            marks = self._detector.landmarks(frame.picture, one.region(before=True))
            one.begins = self._is_followed(
                marks.region, frame.index, FOLLOWED_WITHIN
            ) or not one.take(frame, marks, before=True)
            if one.begins:
                return

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


def _between(one: Region, other: Region, share: float) -> Region:
    """On the straight way from one to the other."""
    return Region(
        (1 - share) * one.x_px + share * other.x_px,
        (1 - share) * one.y_px + share * other.y_px,
        (1 - share) * one.side_px + share * other.side_px,
        one.turn,
    )


def _near(one: Region, other: Region, share: float) -> bool:
    distance = np.hypot(one.x_px - other.x_px, one.y_px - other.y_px)
    return bool(distance < share * max(one.side_px, other.side_px))
