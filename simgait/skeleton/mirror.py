"""The sagittal mirror image of poses, keypoints and what else is put together from them.

Bodies are symmetric: seen in a mirror, a walk is again a walk. Each number of a vector has its
image at another place of the same vector, up to its sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from simgait.skeleton.keypoints import mirrored_columns


@dataclass(frozen=True)
class Mirror:
    """`image[..., i] = sign[i] * x[..., order[i]]`; applied twice, nothing has changed."""

    order: Int[np.ndarray, " N"]
    sign: Float[np.ndarray, " N"]

    def __call__(self, x: Float[Any, "... N"]) -> Float[Any, "... N"]:
        """The mirror image."""
        return x[..., self.order] * self.sign

    def __getitem__(self, part: slice) -> Mirror:
        """Of a part of the vector that is its own image."""
        return Mirror(self.order[part] - (part.start or 0), self.sign[part])


def joined(*parts: Mirror) -> Mirror:
    """Of vectors one after the other."""
    starts = np.cumsum([0, *(len(part.order) for part in parts)])
    orders = [start + part.order for start, part in zip(starts, parts, strict=False)]
    signs = [part.sign for part in parts]
    return Mirror(np.concatenate(orders), np.concatenate(signs).astype(np.float32))


def same(n: int) -> Mirror:
    """Of numbers that are their own images."""
    return Mirror(np.arange(n), np.ones(n, np.float32))


def vector(n: int = 3) -> Mirror:
    """Of a vector's x, y and z; of its first `n`."""
    return Mirror(np.arange(n), np.array([1, -1, 1], np.float32)[:n])


# A moment is a pseudovector: in the mirror it turns the other way about the axes in the mirror's
# plane.
MOMENT = Mirror(np.arange(3), np.array([-1, 1, -1], np.float32))
FEET = Mirror(np.array([1, 0]), np.ones(2, np.float32))


def columns(names: Sequence[str]) -> Mirror:
    """Of one number for each keypoint."""
    return Mirror(np.array(mirrored_columns(names)), np.ones(len(names), np.float32))


def points(names: Sequence[str]) -> Mirror:
    """Of x, y, z of each keypoint, keypoint by keypoint."""
    order = columns(names).order
    return Mirror((3 * order[:, None] + np.arange(3)).ravel(), np.tile(vector().sign, len(names)))


class Layout:
    """Named parts of a vector, one after the other: where each lies, and the whole in the mirror.

    So that no size, slice or mirror image is kept beside what it belongs to.
    """

    def __init__(self, parts: Mapping[str, Mirror]) -> None:
        """`parts` in their order, each with the mirror of its numbers."""
        stops = np.cumsum([len(part.order) for part in parts.values()]).tolist()
        starts = [0, *stops[:-1]]
        self._slices = {n: slice(a, b) for n, a, b in zip(parts, starts, stops, strict=True)}
        self.size: int = stops[-1]
        self.mirror = joined(*parts.values())

    def __getitem__(self, part: str) -> slice:
        """Where a part lies."""
        return self._slices[part]
