"""Linear rivals on the pixels themselves, and the mean of the training people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, UInt8

from simgait.companions.gdi_net.walkers import RenderedWalks
from simgait.estimators.rivals import Ridge, fit_ridge

MOST_PIXELS = 1728
"""Of a frame: of larger ones every n-th, as a linear rule of a million inputs fits no memory."""
LEARNED_FRAMES = (12, 37)
"""Of each walk, of the 51: half a cycle or so apart, at a quarter and three."""


@dataclass(frozen=True)
class LinearRivals:
    """Both rules.

    Attributes:
        flat: of one flattened frame; the walk's GDI is the mean over its frames, as published.
        moments: ridge of the mean picture and of its spread over the walk.
    """

    flat: Ridge
    moments: Ridge


def flattened(frames: UInt8[np.ndarray, "*N h w 3"]) -> Float[np.ndarray, "*N F"]:
    """Pixels as rows, 0 to 255."""
    h, w = frames.shape[-3:-1]
    step = int(np.ceil(np.sqrt(h * w / MOST_PIXELS)))
    part = frames[..., ::step, ::step, :]
    return part.reshape(*frames.shape[:-3], -1).astype(np.float32)


def moments(frames: UInt8[np.ndarray, "N T h w 3"]) -> Float[np.ndarray, "N F"]:
    """Mean of each pixel over the walk, and its SD."""
    rows = []
    for own in frames:
        flat = flattened(own)
        rows.append(np.concatenate([flat.mean(axis=0), flat.std(axis=0)]))
    return np.stack(rows)


def fit_linear(walks: RenderedWalks) -> LinearRivals:
    """Both rules of walks to learn from."""
    single: Int[np.ndarray, " n"] = np.array(LEARNED_FRAMES)
    rows = flattened(walks.frames[:, single])
    flat = rows.reshape(-1, rows.shape[-1])
    target = walks.target[:, None]
    return LinearRivals(
        fit_ridge(flat, np.repeat(target, len(single), axis=0)),
        fit_ridge(moments(walks.frames), target),
    )


def said_by_linear(
    rivals: LinearRivals, frames: UInt8[np.ndarray, "N 51 h w 3"]
) -> dict[str, Float[np.ndarray, " N"]]:
    """GDI of each walk, by name."""
    flat = np.stack([rivals.flat(flattened(own))[:, 0].mean() for own in frames])
    return {
        "linear regression on flattened frames": flat,
        "ridge": rivals.moments(moments(frames))[:, 0],
    }


def n_features(size_px: tuple[int, int]) -> int:
    """Of a flattened frame."""
    return int(flattened(np.zeros((*size_px, 3), np.uint8)).size)
