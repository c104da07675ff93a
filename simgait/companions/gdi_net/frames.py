"""From DensePose pictures of a walk to the frames that the networks read.

As published the first 51 frames go in whole, 480 × 640, uint8 as they are. That takes days on two
cores, so the released networks read smaller ones: cut around the person ("follow"), who then fills
the frame whatever the camera, and turned so that the right side is the near one. Each pixel is one
of the picture's, never a mean: part numbers have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8
from scipy.ndimage import label

from simgait.errors import InputError

Framing = Literal["whole", "follow"]
N_PARTS = 24
N_FRAMES, WINDOW, STRIDE = 51, 10, 5
"""Of an exam, of a window, and from one window's begin to the next one's; as published."""
FPS_HZ = 25.0
"""Of the videos of the clinic's that the paper learned from (Kidzinski et al. 2020)."""
PUBLISHED_PX = (480, 640)
"""Rows and columns."""
TRUNK = (1, 2)
LEFT_PARTS = (4, 5, 8, 10, 12, 14, 15, 17, 19, 21)
RIGHT_PARTS = (3, 6, 7, 9, 11, 13, 16, 18, 20, 22)
"""Of limbs, in the same order: a mirror exchanges them, and the head's 23 and 24."""
ACROSS = (1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
"""Parts on which simgait's U goes from the person's right to the left: mirrored it goes back."""
HEAD_ROOM = 1.12
"""Chosen: height of the cut over the person's, so that beating steps and arms stay in it."""
LEAST_PERSON_PX = 60
"""Chosen: a person of fewer rows has legs of 30, on which a knee moves by 2."""
SECOND_PERSON = 0.25
"""Of the largest patch: a patch as large is no limb that something hides a part of."""
OFTEN = 0.2
"""Chosen: of the frames. In fewer a detector may err."""

Iuv = UInt8[np.ndarray, "H W 3"]


def mirrored(frames: UInt8[np.ndarray, "*T H W 3"]) -> UInt8[np.ndarray, "*T H W 3"]:
    """The same walk seen in a mirror: left is right, and simgait's U runs the other way."""
    swap = np.arange(256, dtype=np.uint8)
    swap[[*LEFT_PARTS, *RIGHT_PARTS, 23, 24]] = [*RIGHT_PARTS, *LEFT_PARTS, 24, 23]
    flipped = frames[..., ::-1, :]
    out = np.empty_like(flipped)
    out[..., 0], out[..., 2] = swap[flipped[..., 0]], flipped[..., 2]
    across = np.isin(flipped[..., 0], ACROSS)
    out[..., 1] = np.where(across, 255 - flipped[..., 1], flipped[..., 1])
    return out


def left_is_near(frames: UInt8[np.ndarray, "T H W 3"]) -> bool:
    """Whether more is seen of the left limbs than of the right ones."""
    counts = np.bincount(frames[..., 0].ravel(), minlength=N_PARTS + 1)
    return bool(counts[list(LEFT_PARTS)].sum() > counts[list(RIGHT_PARTS)].sum())


def part_numbers(picture: Iuv) -> UInt8[np.ndarray, "H W"]:
    """I alone, its pixels side by side: what is asked of them then takes a fifth of the time."""
    return np.ascontiguousarray(picture[..., 0])


def places(chosen: Bool[np.ndarray, "H W"]) -> tuple[Int[np.ndarray, " P"], Int[np.ndarray, " P"]]:
    """Rows and columns of the chosen pixels, as `numpy.nonzero`, in a tenth of the time."""
    rows, columns = np.divmod(np.flatnonzero(chosen), chosen.shape[1])
    return rows, columns


def prepared(
    pictures: Sequence[Iuv], framing: Framing, size_px: tuple[int, int]
) -> UInt8[np.ndarray, "T h w 3"]:
    """Frames for the networks.

    Args:
        pictures: I, U, V of each frame, one person in them.
        framing: "whole" as published, or "follow".
        size_px: rows and columns of the frames.

    Raises:
        InputError: the pictures differ in size, have another shape than the frames ("whole"), or
            the person is not seen, too small, or not alone.
    """
    sizes = {picture.shape for picture in pictures}
    if len(sizes) > 1:
        raise InputError(
            f"pictures of {len(sizes)} sizes; give those of one video, as DensePose wrote them."
        )
    refuse_several_people(pictures)
    if framing == "whole":
        return np.stack([_reduced(picture, size_px) for picture in pictures])
    cut = _followed(pictures, size_px)
    return mirrored(cut) if left_is_near(cut) else cut


def refuse_several_people(pictures: Sequence[Iuv]) -> None:
    """One person to a walk.

    Raises:
        InputError: in many frames two patches are as large as people.
    """
    shared = sum(shows_several(picture) for picture in pictures)
    if shared > OFTEN * len(pictures):
        raise InputError(several_people(shared, len(pictures)))


def shows_several(picture: Iuv) -> bool:
    """Whether two patches of a picture are as large as people."""
    patches, count = label(picture[::2, ::2, 0] > 0)
    if count < 2:
        return False
    areas = np.sort(np.bincount(patches.ravel())[1:])
    return bool(areas[-2] >= SECOND_PERSON * areas[-1])


def several_people(shared: int, of: int) -> str:
    """What is said where so many of a walk's pictures show several people."""
    return (
        f"several people are in {shared} of {of} pictures; let DensePose see the walking person "
        "alone, or cut the others out."
    )


def _reduced(picture: Iuv, size_px: tuple[int, int]) -> UInt8[np.ndarray, "h w 3"]:
    """Every n-th pixel of every n-th row."""
    (rows, columns), (h, w) = picture.shape[:2], size_px
    if rows % h or rows // h * w != columns:
        raise InputError(
            f"pictures of {columns} × {rows} pixels, and the network reads {w} × {h} or a "
            f"multiple of it (published: {PUBLISHED_PX[1]} × {PUBLISHED_PX[0]}); bring the video "
            "to that size before DensePose."
        )
    step = rows // h
    return picture[step // 2 :: step, step // 2 :: step]


def _followed(pictures: Sequence[Iuv], size_px: tuple[int, int]) -> UInt8[np.ndarray, "T h w 3"]:
    parts = [part_numbers(picture) for picture in pictures]
    middle = np.stack([_trunk_middle(part) for part in parts])
    known = np.isfinite(middle[:, 0])
    if not known.all():
        raise InputError(
            f"nobody is seen in {int((~known).sum())} of {len(pictures)} pictures; give a stretch "
            "in which the person is always in the picture."
        )
    spans = np.array([np.flatnonzero(part.any(axis=1))[[0, -1]] for part in parts])
    above, below = np.median(spans - middle[:, :1], axis=0)
    person_px = below - above + 1.0
    if person_px < LEAST_PERSON_PX:
        raise InputError(
            f"the person is {person_px:.0f} pixels tall and {LEAST_PERSON_PX} are needed; use the "
            "video's full resolution, or film from nearer."
        )
    (h, w), tall = size_px, HEAD_ROOM * person_px
    rows = ((np.arange(h) + 0.5) / h - 0.5) * tall + 0.5 * (above + below + 1.0)
    columns = ((np.arange(w) + 0.5) / h - 0.5 * w / h) * tall
    return np.stack([
        _picked(picture, rows + at[0], columns + at[1])
        for picture, at in zip(pictures, middle, strict=True)
    ])  # fmt: skip


def _trunk_middle(part: UInt8[np.ndarray, "H W"]) -> Float[np.ndarray, " 2"]:
    """Mean row and column of the trunk, of all that is seen where it is hidden, else NaN."""
    trunk = (part == TRUNK[0]) | (part == TRUNK[1])
    rows, columns = places(trunk if trunk.any() else part > 0)
    return np.array([rows.mean(), columns.mean()]) if len(rows) else np.full(2, np.nan)


def _picked(
    picture: Iuv, rows: Float[np.ndarray, " h"], columns: Float[np.ndarray, " w"]
) -> UInt8[np.ndarray, "h w 3"]:
    """The pixels at these places, 0 outside of the picture."""
    r, c = np.floor(rows).astype(int), np.floor(columns).astype(int)
    inside = np.outer((r >= 0) & (r < picture.shape[0]), (c >= 0) & (c < picture.shape[1]))
    found = picture[
        np.clip(r, 0, picture.shape[0] - 1)[:, None], np.clip(c, 0, picture.shape[1] - 1)
    ]
    return np.where(inside[..., None], found, 0).astype(np.uint8)
