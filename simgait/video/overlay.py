"""A video with a figure drawn on it and faces covered: VP9 in WebM, without sound or tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from simgait.video.decode import frames, open_clip, pyav
from simgait.video.faces import cover, faces_at

ENCODER = {
    "crf": "34", "b": "0", "deadline": "realtime", "cpu-used": "8", "row-mt": "1", "g": "60",
}  # fmt: skip
"""Of libvpx: constant quality, as quick as it can, every 60th picture whole, as a seek waits for
all since then. 230 of 1768x994 grow by 11 %, and by 43 % with every 30th."""
THICK_PX = 4.0  # seen on a telephone, and thinner than a limb
TIME_BASE = Fraction(1, 1000)  # milliseconds: frames of any rate keep their times
SAME_TIME_S = 1e-3
"""A picture whose stamp is this much beside the begin or the end belongs to the part."""


@dataclass(frozen=True)
class Stroke:
    """A line from one place in the picture to another (px), in a colour."""

    start_px: Float[np.ndarray, " 2"]
    end_px: Float[np.ndarray, " 2"]
    colour: tuple[int, int, int]


def write_overlay(
    out: Path,
    video: Path,
    faces: Float[np.ndarray, "M 4"],
    figure: Callable[[float], Sequence[Stroke]],
    *,
    begin_s: float,
    end_s: float,
) -> None:
    """Decode a part of a video again, cover faces, draw a figure, and encode.

    Its time is 0 at `begin_s`.

    Args:
        out: file to write; its name may end in anything.
        video: the file.
        faces: as `faces.faces_at` takes them.
        figure: the strokes at a time (s).
        begin_s: where the part begins, in true seconds from the file's zero.
        end_s: where it ends.

    Raises:
        InputError: the video can no longer be read.
    """
    av, clip = pyav(), open_clip(video)
    first_s = max(begin_s - SAME_TIME_S, 0.0) * clip.time_stretch
    last_s = (end_s + SAME_TIME_S) * clip.time_stretch
    with av.open(str(out), "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", options=dict(ENCODER))
        stream.width, stream.height = clip.width_px // 2 * 2, clip.height_px // 2 * 2
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", TIME_BASE
        for frame in frames(clip, first_s, last_s):
            picture = frame.picture[: stream.height, : stream.width].copy()
            cover(picture, faces_at(faces, frame.time_s))
            for stroke in figure(frame.time_s):
                draw(picture, stroke)
            new = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            new.pts = max(round((frame.time_s - begin_s) / TIME_BASE), 0)
            new.time_base = TIME_BASE
            container.mux(stream.encode(new))
        container.mux(stream.encode())


def draw(picture: UInt8[np.ndarray, "H W 3"], stroke: Stroke) -> None:
    """A line with round ends, in place; nothing where an end is unknown."""
    ends = np.stack([stroke.start_px, stroke.end_px])
    if not np.isfinite(ends).all() or np.abs(ends).max() > 1e5:
        return
    height, width = picture.shape[:2]
    x0, y0 = np.maximum(np.floor(ends.min(axis=0) - THICK_PX), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(ends.max(axis=0) + THICK_PX + 1), [width, height]).astype(int)
    if x0 >= x1 or y0 >= y1:
        return
    y, x = np.mgrid[y0:y1, x0:x1]
    along = ends[1] - ends[0]
    length2 = max(float(along @ along), 1e-9)
    share = np.clip(((x - ends[0, 0]) * along[0] + (y - ends[0, 1]) * along[1]) / length2, 0, 1)
    off = np.hypot(x - ends[0, 0] - share * along[0], y - ends[0, 1] - share * along[1])
    strength = np.clip(0.5 + THICK_PX / 2 - off, 0.0, 1.0)[..., None]
    part = picture[y0:y1, x0:x1]
    part[:] = np.round(part * (1 - strength) + np.array(stroke.colour) * strength)
