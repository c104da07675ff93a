"""Where faces are, of everybody who was seen: so that no picture leaves with one.

A head that is lost is still somewhere: what may hold it is covered, and grows, until it is found
again or has left the picture. In doubt too much is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, UInt8

from simgait.video.landmarks import FACE, HIPS, SHOULDERS, Landmarks, Region

REACH = 2.2
"""Of the distance from the middle of eyes, ears, nose and mouth to the farthest of them."""
OF_TRUNK = 0.36
"""Of shoulders to hips: a face in profile is as large as one from the front. With .3 a tucked head
showed half in the clip of a somersault."""
HEAD_UP, HEAD_OF_SIDE = 0.31, 0.11
"""Of a region's side: from the middle of the hips to that of the head, and the head's radius, of
somebody upright (the region is 2.2 m wide, the face .68 m over the hips, a head .12 m), doubled."""
HELD_S = 0.7
"""Before and after somebody who is seen for a moment only, and behind somebody who left."""
GROWS = 1.5
"""Of a body size (shoulders to ankles, 1.3 m) a second: 2 m/s beside what was foreseen."""
MOST_GROWN = 0.6
"""Of a body size: .8 m around where a head should be."""
FORESEEN_S = 0.4
"""For so long a lost head is taken to go on as it went."""
LEAVES = 0.2
"""Body sizes a second, in its last second: a head at the picture's edge that moves out so fast
leaves."""
FOUND_WITHIN_S = 2.0
"""Behind it who is found elsewhere is somebody else."""
SAME_TIME_S = 1e-4
"""Pictures are 4 ms apart at the least (240 Hz), times rounded to hundredths of one."""
GREY = 128
"""The middle of 8 bits: neither light nor dark skin."""


@dataclass(frozen=True)
class Head:
    """One head in pictures that follow each other.

    Attributes:
        first: number of the first picture.
        circles_px: (F, 3) middle x, y and radius of a circle that covers it.
        size_px: of the person, shoulders to ankles.
        stays: whether it was seen for so long that it is still there when it is lost.
    """

    first: int
    circles_px: Float[np.ndarray, "F 3"]
    size_px: float
    stays: bool

    @property
    def last(self) -> int:
        """Number of the last picture."""
        return self.first + len(self.circles_px) - 1


def head_circle(marks: Landmarks) -> tuple[float, float, float]:
    """Middle and radius (px) of a circle that covers a head."""
    face = marks.image_px[FACE]
    middle = face.mean(axis=0)
    reach = float(np.linalg.norm(face - middle, axis=1).max())
    trunk = marks.image_px[list(SHOULDERS)].mean(axis=0) - marks.image_px[list(HIPS)].mean(axis=0)
    radius = max(REACH * reach, OF_TRUNK * float(np.linalg.norm(trunk)))
    return float(middle[0]), float(middle[1]), radius


def head_behind(region: Region) -> tuple[float, float, float]:
    """The same of a person of whom only the region is known."""
    up = HEAD_UP * region.side_px
    x, y = region.x_px + up * np.sin(region.turn), region.y_px - up * np.cos(region.turn)
    return float(x), float(y), HEAD_OF_SIDE * region.side_px


def covers(
    heads: Sequence[Head], time_s: Float[np.ndarray, " N"], picture_px: tuple[int, int]
) -> Float[np.ndarray, "M 4"]:
    """Circles that cover every head in every picture, also where it was not found.

    Args:
        heads: of everybody.
        time_s: of the N pictures.
        picture_px: their width and height.

    Returns:
        Time (s), x, y and radius (px) of each circle, in order of time.
    """
    n = len(time_s)
    back_heads = [_reversed(one, n) for one in heads]
    back_time_s = time_s[-1] - time_s[::-1] if n else time_s
    rows = [np.zeros((0, 4))]
    for one, back in zip(heads, back_heads, strict=True):
        rows.append(np.column_stack([np.arange(one.first, one.last + 1), one.circles_px]))
        found = _found_again(one, heads, time_s)
        rows.append(_between(one, found, time_s) if found else _carried(one, time_s, picture_px))
        if _found_again(back, back_heads, back_time_s) is None:
            before = _carried(back, back_time_s, picture_px)
            rows.append(np.column_stack([n - 1 - before[:, 0], before[:, 1:]]))
    out = np.concatenate(rows)
    out = out[np.argsort(out[:, 0], kind="stable")]
    return np.column_stack([time_s[out[:, 0].astype(int)], out[:, 1:]])


def _reversed(one: Head, n: int) -> Head:
    """The same head where the film runs backwards."""
    return replace(one, first=n - 1 - one.last, circles_px=one.circles_px[::-1])


def _found_again(one: Head, heads: Sequence[Head], time_s: Float[np.ndarray, " N"]) -> Head | None:
    """The first head that one that is lost can be."""
    later = sorted((head for head in heads if head.first > one.last), key=lambda head: head.first)
    x, y, radius = one.circles_px[-1]
    for head in later:
        gap_s = time_s[head.first] - time_s[one.last]
        size = max(one.size_px, head.size_px)
        reach = MOST_GROWN if gap_s > FOUND_WITHIN_S else max(MOST_GROWN, 2 * GROWS * gap_s)
        if np.hypot(*(head.circles_px[0, :2] - [x, y])) <= radius + reach * size:
            return head
    return None


def _between(one: Head, other: Head, time_s: Float[np.ndarray, " N"]) -> Float[np.ndarray, "n 4"]:
    """Straight from where a head was lost to where it was found again, largest in the middle.

    Rows: number of the picture, x, y, radius (px).
    """
    pictures = np.arange(one.last + 1, other.first)
    begin_s, end_s, now_s = time_s[one.last], time_s[other.first], time_s[pictures]
    share = ((now_s - begin_s) / (end_s - begin_s))[:, None]
    circles = (1 - share) * one.circles_px[-1] + share * other.circles_px[0]
    off_s = np.minimum(now_s - begin_s, end_s - now_s)
    size = max(one.size_px, other.size_px)
    circles[:, 2] += np.minimum(GROWS * off_s, MOST_GROWN) * size
    return np.column_stack([pictures, circles])


def _carried(
    one: Head, time_s: Float[np.ndarray, " N"], picture_px: tuple[int, int]
) -> Float[np.ndarray, "n 4"]:
    """Where a head may be that is not found again, until it must have left; rows as `_between`."""
    begin_s = time_s[one.last]
    goes = not one.stays or _leaves(one, time_s, picture_px)
    last_s = begin_s + HELD_S if goes else np.inf
    pictures = one.last + 1 + np.flatnonzero(time_s[one.last + 1 :] <= last_s)
    off_s = time_s[pictures] - begin_s
    ahead = np.minimum(off_s, FORESEEN_S)[:, None] * _speed(one, time_s, FORESEEN_S)
    grown = np.minimum(GROWS * off_s, MOST_GROWN) * one.size_px
    return np.column_stack([
        pictures, one.circles_px[-1, :2] + ahead, one.circles_px[-1, 2] + grown,
    ])  # fmt: skip


def _speed(one: Head, time_s: Float[np.ndarray, " N"], over_s: float) -> Float[np.ndarray, " 2"]:
    """Pixels a second in its last pictures."""
    times = time_s[one.first : one.last + 1]
    since = int(np.searchsorted(times, times[-1] - over_s))
    if since >= len(times) - 1:
        return np.zeros(2)
    way = one.circles_px[-1, :2] - one.circles_px[since, :2]
    return np.asarray(way / (times[-1] - times[since]))


def _leaves(one: Head, time_s: Float[np.ndarray, " N"], picture_px: tuple[int, int]) -> bool:
    """Whether a head reaches over the picture's edge and moves out over it."""
    (x, y, radius), (right, down) = one.circles_px[-1], _speed(one, time_s, 1.0)
    outward = (
        (x - radius < 0, -right), (x + radius > picture_px[0], right),
        (y - radius < 0, -down), (y + radius > picture_px[1], down),
    )  # fmt: skip
    return any(over and speed > LEAVES * one.size_px for over, speed in outward)


def faces_at(faces: Float[np.ndarray, "M 4"], time_s: float) -> Float[np.ndarray, "m 3"]:
    """Circles (x, y, radius) to cover at a time, of all that `covers` gives, in order of time."""
    first, last = np.searchsorted(faces[:, 0], [time_s - SAME_TIME_S, time_s + SAME_TIME_S])
    return faces[first:last, 1:]


def cover(picture: UInt8[np.ndarray, "H W 3"], circles: Float[np.ndarray, "m 3"]) -> None:
    """Grey discs, in place: nothing can be computed back from them."""
    height, width = picture.shape[:2]
    for x, y, radius in circles:
        x0, y0 = max(int(x - radius), 0), max(int(y - radius), 0)
        x1, y1 = min(int(x + radius) + 2, width), min(int(y + radius) + 2, height)
        if x0 >= x1 or y0 >= y1:
            continue
        rows, columns = np.ogrid[y0:y1, x0:x1]
        inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
        picture[y0:y1, x0:x1][inside] = GREY
