"""From landmarks over time to joints in space, level with the floor.

Straight stretches are fitted one by one (`batch_fit`), and what is none of them is left out: turns.
Where there is none at all the points stay as the detector has them, placed by its size (`placing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import frame_rate_hz
from simgait.series.filters import low_pass
from simgait.video.batch_fit import FITTED, fit_walk
from simgait.video.camera import Lens
from simgait.video.exchanges import turned_to_way, untangled
from simgait.video.floor import Floor
from simgait.video.landmarks import HIPS, LandmarkTrack
from simgait.video.people import MOST_LOST_S
from simgait.video.placing import placed
from simgait.video.stride_phase import LEAST_RHYTHM_S
from simgait.video.traits import BLAZEPOSE, Traits
from simgait.video.way import WAY_HZ

TURN_COS = np.cos(np.radians(50.0))
"""Of the angle to the way so far, at which a stretch ends."""
WAY_SO_FAR_S = 1.0
"""Over which the way so far is a mean: who turns round within three seconds is 50° ahead of it."""
UNDER_WAY = 0.25
"""Of the person's fast speed, below which the way's direction says nothing."""
TURN_S = 0.5
"""Before and after the moment at which a stretch ends so. Nobody turns at once, and where a person
still turns the fit, which has him square to his way, misplaces him by up to 1.4 m: made-up walkers
who go to and fro, turning within 1.2 s, lost half of their passes as somebody else's."""
LONGEST_STRETCH = 2400
"""Pictures, 10 s of 240 a second: the fit takes .12 MB for each. Where a stretch is cut so the
person may be moved by some centimetres."""


@dataclass(frozen=True)
class Lifted:
    """A walk in space.

    Attributes:
        track: the landmarks that were lifted, exchanged legs back in their places, turns out.
        points_m: (F, 33, 3) in level axes: x ahead of the camera, y to its left, z up from the
            floor below it; in the detector's metres.
        exchanged: (F,) where left and right legs were exchanged back.
        fitted: (F,) where the points are those of the batch fit.
        axes: (3, 3) columns are the level axes in the camera's (right, down, ahead).
        camera_height_m: of the camera over the floor, in the detector's metres.
        image_sd_px: (F, 33) SD of the landmarks' places in the picture; None where nobody knows.
        turning: how many pictures were left out, as the person turns there.
    """

    track: LandmarkTrack
    points_m: Float[np.ndarray, "F 33 3"]
    exchanged: Bool[np.ndarray, " F"]
    fitted: Bool[np.ndarray, " F"]
    axes: Float[np.ndarray, "3 3"]
    camera_height_m: float
    image_sd_px: Float[np.ndarray, "F 33"] | None = None
    turning: int = 0


def lift(track: LandmarkTrack, lens: Lens, rate_hz: float, traits: Traits = BLAZEPOSE) -> Lifted:
    """Lift the walker.

    Args:
        track: landmarks in F pictures.
        lens: of the pictures.
        rate_hz: of the pictures.
        traits: of whose landmarks they are.
    """
    across = _left_across(placed(track, lens)[:, HIPS], track.time_s, rate_hz)
    track, turned = turned_to_way(track, across, rate_hz)
    # Legs that are exchanged leave the hips where they are, and with them the way.
    straight = stretches(placed(track, lens)[:, HIPS].mean(axis=1), track.time_s)
    track, exchanged = untangled(track, straight)
    exchanged |= turned
    sd_px = None if traits.sd_px_of is None else traits.sd_px_of(track)
    points = placed(track, lens)
    fitted = np.zeros(len(points), bool)
    floors: list[tuple[int, Floor]] = []
    for start, stop in straight:
        part = np.zeros(len(points), bool)
        part[start:stop] = True
        one = track.part(part)
        sure = None if sd_px is None else sd_px[part]
        fit = fit_walk(one, points[part], lens, rate_hz, traits.bones, sure)
        points[part] = _with_fit(points[part], fit.points[one.frames - one.frames[0]])
        fitted |= part
        floors.append((stop - start, fit.floor))
    if traits.to_joints is not None:
        points = traits.to_joints(points)
    floor = max(floors, key=lambda pair: pair[0])[1] if floors else Floor(0.0, 0.0, 1.0)
    axes, height_m = level_axes(floor)
    level = points @ axes + [0.0, 0.0, height_m]
    kept = fitted if fitted.any() else ~fitted
    return Lifted(
        track.part(kept), level[kept], exchanged[kept], fitted[kept], axes, height_m,
        None if sd_px is None else sd_px[kept], int((~kept).sum()),
    )  # fmt: skip


def stretches(
    hips: Float[np.ndarray, "F 3"], time_s: Float[np.ndarray, " F"]
) -> list[tuple[int, int]]:
    """Straight stretches (start, stop) in which the person gets on, none too long for one fit.

    Between two of them the person turns, or is away.
    """
    return [
        (begin + start, begin + stop)
        for begin, end in visits(time_s)
        for start, stop in _straight(hips[begin:end], time_s[begin:end])
    ]


def visits(time_s: Float[np.ndarray, " F"]) -> list[tuple[int, int]]:
    """Spans (start, stop) of pictures between which the person is away.

    How he walked before he was away says nothing of his way afterwards.
    """
    cuts = np.flatnonzero(np.diff(time_s) > MOST_LOST_S) + 1
    return list(pairwise([0, *cuts.tolist(), len(time_s)]))


def _straight(
    hips: Float[np.ndarray, "F 3"], time_s: Float[np.ndarray, " F"]
) -> list[tuple[int, int]]:
    """Straight stretches of one visit."""
    if len(hips) < 5:
        return []
    rate_hz = frame_rate_hz(time_s)
    ways, telling = _ways(hips, rate_hz)
    edge, share = round(TURN_S * rate_hz), min(1.0 / (WAY_SO_FAR_S * rate_hz), 1.0)
    begin, pairs = 0, []
    way = ways[int(np.argmax(telling))]
    for i in np.flatnonzero(telling):
        turned = float(ways[i] @ way) < TURN_COS
        if turned or i - begin >= LONGEST_STRETCH:
            away = edge if turned else 0
            pairs.append((begin, int(i) - away))
            begin, way = int(i) + away, ways[i]
        mixed = (1.0 - share) * way + share * ways[i]
        way = mixed / max(float(np.linalg.norm(mixed)), 1e-9)
    pairs.append((begin, len(hips)))
    return [(a, b) for a, b in pairs if b - a > 1 and time_s[b - 1] - time_s[a] >= LEAST_RHYTHM_S]


def _ways(
    hips: Float[np.ndarray, "F 3"], rate_hz: float
) -> tuple[Float[np.ndarray, "F 2"], Bool[np.ndarray, " F"]]:
    """Directions (right, away) in which the person goes, and where that is to be told."""
    speed = np.gradient(low_pass(hips, rate_hz, WAY_HZ)[:, [0, 2]], axis=0)
    fast = np.linalg.norm(speed, axis=1)
    ways = speed / np.maximum(fast, 1e-9)[:, None]
    return ways, fast > UNDER_WAY * float(np.percentile(fast, 90))


def _left_across(
    hips: Float[np.ndarray, "F 2 3"], time_s: Float[np.ndarray, " F"], rate_hz: float
) -> Float[np.ndarray, " F"]:
    """How far the left of who goes as the hips do points to the picture's right; 0 = not known."""
    across = np.zeros(len(hips))
    for begin, end in visits(time_s):
        if end - begin < 5:
            continue
        middle = hips[begin:end].mean(axis=1)
        ways, telling = _ways(middle, rate_hz)
        slope = middle[:, 0] / np.maximum(middle[:, 2], 0.1)
        across[begin:end] = np.where(telling, -ways[:, 1] - ways[:, 0] * slope, 0.0)
    return across


def level_axes(floor: Floor) -> tuple[Float[np.ndarray, "3 3"], float]:
    """Columns: the level axes (ahead, left, up) in the camera's; and its height over the floor."""
    up = floor.up
    ahead = np.array([0.0, 0.0, 1.0]) - up[2] * up
    ahead /= np.linalg.norm(ahead)
    axes = np.column_stack([ahead, np.cross(up, ahead), up])
    # The plane's point below the camera's middle is (0, drop, 0).
    return axes, -float(up @ [0.0, floor.drop, 0.0])


def _with_fit(
    points: Float[np.ndarray, "F 33 3"], fit: Float[np.ndarray, "F n 3"]
) -> Float[np.ndarray, "F 33 3"]:
    """All points: those that were fitted, and the others moved along with the hips."""
    hips = fit[:, [FITTED.index(hip) for hip in HIPS]].mean(axis=1)
    out = points + (hips - points[:, HIPS].mean(axis=1))[:, None]
    out[:, list(FITTED)] = fit
    return out
