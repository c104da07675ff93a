"""Everybody in a clip, followed from its first picture to its last."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.limits import FPS_HZ
from simgait.memory import return_large_blocks
from simgait.parameters.wording import duration
from simgait.telling import tell
from simgait.video.decode import Clip, Frame, frames
from simgait.video.faces import covers
from simgait.video.following import Detector, Follower
from simgait.video.landmarks import LandmarkTrack
from simgait.video.moving_camera import BackgroundWatch

TELL_EVERY_S = 20.0
"""Seconds that somebody waits between two lines on how far it is."""
LEAST_SIDE_PX = 96
"""Of the shorter side. In four rendered clips made smaller to 96 BlazePose follows the person in
every picture (joints 2.7 to 4.0 % of his height off; 1.8 to 3.5 % with 480), with 80 in two."""


@dataclass(frozen=True)
class Watched:
    """A clip that was watched: the times of its pictures, everybody's tracks, what covers faces.

    The last as `faces.covers` gives it; of points that another detector found there is none.
    """

    clip: Clip
    time_s: Float[np.ndarray, " N"]
    tracks: tuple[LandmarkTrack, ...]
    faces: Float[np.ndarray, "M 4"] | None


def watch(
    clip: Clip,
    detector: Detector,
    *,
    from_s: float | None = None,
    to_s: float | None = None,
) -> Watched:
    """Look at every picture, few in memory at a time, and tell how far it is.

    Args:
        clip: from `decode.open_clip`.
        detector: see `people.Detector`.
        from_s: where the part that is wanted begins, in seconds as a player shows them.
        to_s: where it ends.

    Raises:
        InputError: pictures that are too small, too few or too few a second, a still picture, a
            moving camera, or a file that breaks off.
    """
    _check_size(clip)
    return_large_blocks()
    follower, background, times_s = Follower(detector), BackgroundWatch(), list[float]()
    losses, how_far = list[str](), HowFar(clip, from_s or 0.0, to_s)
    for frame in frames(clip, from_s, to_s, losses.append):
        if times_s and frame.time_s <= times_s[-1]:
            raise InputError(
                f"{clip.name}: its time stamps do not increase at {frame.time_s:.2f} s; export it "
                "again."
            )
        times_s.append(frame.time_s)
        background.see(frame.picture, frame.time_s, follower.see(frame))
        background.check_so_far(clip.name)
        how_far.at(frame.time_s)
    time_s = np.array(times_s)
    check_rate(time_s, clip.name)
    background.check(clip.name)
    follower.go_back(lambda first, stop: _again(clip, time_s, first, stop))
    faces = covers(follower.heads(), time_s, (clip.width_px, clip.height_px))
    return Watched(
        clip.noted([*losses, *background.notes()]), time_s, tuple(follower.tracks()), faces
    )


class HowFar:
    """Tells those who wait for a long video how much of it was seen, and how long it may take.

    Args:
        clip: the video.
        from_s, to_s: part that is seen, in seconds as a player shows them.
        clock: of the seconds that pass.
    """

    def __init__(
        self,
        clip: Clip,
        from_s: float,
        to_s: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clip, self._from_s, self._clock = clip, from_s, clock
        self._whole_s = (to_s if to_s is not None else clip.stated_s or 0.0) - from_s
        self._begun_s = self._told_s = clock()

    def at(self, time_s: float) -> None:
        """The picture of this true time was seen."""
        now_s = self._clock()
        if now_s - self._told_s < TELL_EVERY_S:
            return
        self._told_s = now_s
        seen_s = time_s * self._clip.time_stretch - self._from_s
        if not 0.0 < seen_s < self._whole_s:
            tell(f"watching {self._clip.name}: {seen_s:.0f} s of it so far")
            return
        left_s = (now_s - self._begun_s) * (self._whole_s - seen_s) / seen_s
        tell(
            f"watching {self._clip.name}: {seen_s:.0f} of {self._whole_s:.0f} s so far, about "
            f"{duration(left_s)} left"
        )


def _again(clip: Clip, time_s: Float[np.ndarray, " N"], first: int, stop: int) -> list[Frame]:
    """Some of the pictures that were seen, once more; from `first` to before `stop`."""
    half_s = 0.5 * float(np.diff(time_s).min())
    begin_s, end_s = time_s[first] - half_s, time_s[stop - 1] + half_s
    again = frames(clip, max(begin_s * clip.time_stretch, 0.0), end_s * clip.time_stretch)
    return [replace(frame, index=first + k) for k, frame in enumerate(again)]


def _check_size(clip: Clip) -> None:
    if min(clip.width_px, clip.height_px) < LEAST_SIDE_PX:
        raise InputError(
            f"{clip.name}: pictures of {clip.width_px} × {clip.height_px} pixels are too small to "
            f"find a person's joints in; film with 480 lines or more (at least {LEAST_SIDE_PX})."
        )


def check_rate(time_s: Float[np.ndarray, " N"], where: str) -> None:
    """Refuses too few pictures, or too few a second.

    Raises:
        InputError: what is wrong, and what to do.
    """
    if len(time_s) < 2:
        count = "one picture" if len(time_s) else "no picture"
        raise InputError(f"{where}: holds {count}; film a few seconds.")
    rate_hz = frame_rate_hz(time_s)
    # To six digits: time stamps of 10 Hz are a hair off 10 Hz.
    if float(f"{rate_hz:.6g}") not in FPS_HZ:
        # Cut, not rounded: 9.96 would be 10, and 10 is enough.
        told = f"{np.floor(100.0 * rate_hz) / 100.0:g}"
        raise InputError(
            f"{where}: {told} pictures a second do not show how a person walks; film with 30 or "
            f"more (at least {FPS_HZ.low:g})."
            if rate_hz < FPS_HZ.low
            else f"{where}: {told} pictures a second are more than any camera of gait takes "
            f"({FPS_HZ.high:g}); its time stamps are wrong, export it again."
        )
