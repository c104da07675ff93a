"""Where faces are, of everybody who was seen: so that no picture leaves with one."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, UInt8

from simgait.video.landmarks import FACE, HIPS, SHOULDERS, Landmarks

REACH = 2.0
"""Of the distance from the middle of eyes, ears, nose and mouth to the farthest of them."""
OF_TRUNK = 0.3
"""Of shoulders to hips: a face in profile is as large as one from the front."""
HELD_S = 0.7
"""Before somebody is first seen, after he is last seen, and while he is lost."""
GREY = 128


def face_circle(marks: Landmarks) -> tuple[float, float, float]:
    """Middle and radius (px) of a circle that covers a head."""
    face = marks.image_px[FACE]
    middle = face.mean(axis=0)
    reach = float(np.linalg.norm(face - middle, axis=1).max())
    trunk = marks.image_px[list(SHOULDERS)].mean(axis=0) - marks.image_px[list(HIPS)].mean(axis=0)
    radius = max(REACH * reach, OF_TRUNK * float(np.linalg.norm(trunk)))
    return float(middle[0]), float(middle[1]), radius


def faces_at(faces: Float[np.ndarray, "M 4"], time_s: float) -> Float[np.ndarray, "m 3"]:
    """Circles (x, y, radius) to cover at a time: every face seen within `HELD_S` of it.

    A moving face is covered along its whole way, so that it is covered even where it was not found.

    Args:
        faces: time (s), x, y, radius (px) of each face in each picture.
        time_s: of the picture.
    """
    off = np.abs(faces[:, 0] - time_s)
    now = off < 1e-4
    if not now.any():
        return faces[off <= HELD_S, 1:]
    known = faces[now, 1:]
    # Faces seen a moment ago or soon that no face of this picture can be.
    near = faces[(off <= HELD_S) & ~now, 1:]
    lone = [
        one
        for one in near
        if (np.linalg.norm(known[:, :2] - one[:2], axis=1) > 4 * (known[:, 2] + one[2])).all()
    ]
    return np.concatenate([known, np.array(lone).reshape(-1, 3)])


def cover(picture: UInt8[np.ndarray, "H W 3"], circles: Float[np.ndarray, "m 3"]) -> None:
    """Grey discs, in place: nothing can be computed back from them."""
    height, width = picture.shape[:2]
    for x, y, radius in circles:
        x0, x1 = max(int(x - radius), 0), min(int(x + radius) + 2, width)
        y0, y1 = max(int(y - radius), 0), min(int(y + radius) + 2, height)
        if x0 >= x1 or y0 >= y1:
            continue
        rows, columns = np.ogrid[y0:y1, x0:x1]
        inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
        picture[y0:y1, x0:x1][inside] = GREY
