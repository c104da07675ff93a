"""The two passes: what each tile of a walk should be, and the walk with wrong joints withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Bool, Float

from simgait.companions.gengait.blend import blended
from simgait.companions.gengait.config import NetworkConfig
from simgait.companions.gengait.curves import by_phase
from simgait.companions.gengait.cycles import SAMPLES, SPACING, WINDOW, NormalisedWalk
from simgait.companions.gengait.joints import (
    ANGLES,
    JOINT_ANGLES,
    JOINTS,
    POINT_INDEX,
    TILE_POINTS,
    angles_rad,
    withheld_for,
)
from simgait.companions.gengait.network import MaskedAutoencoder
from simgait.companions.gengait.tokens import Standard, features, windows

BATCH = 64
"""Windows of a call: one shape, one compilation."""
STEP = 5
"""Samples from one window to the next: each sample lies in one or two of them."""
PELVIS = POINT_INDEX["Pelvis"]
_ANGLE_OF_JOINT = np.array([[name in JOINT_ANGLES[joint] for name in ANGLES] for joint in JOINTS])
_JOINT_OF_TILE = np.array([
    [bool((tile[withheld_for([joint])]).all()) for joint in JOINTS] for tile in TILE_POINTS
])  # fmt: skip
TILE_ANGLES: Bool[np.ndarray, "10 10"] = (_JOINT_OF_TILE.astype(int) @ _ANGLE_OF_JOINT) > 0
"""Tile x angle: whether a tile hides all that moves with the angle's joint."""


@dataclass(frozen=True)
class Network:
    """A trained network with the standardisation of its tokens."""

    config: NetworkConfig
    params: Any
    standard: Standard


@partial(jax.jit, static_argnames="config")
def _apply(
    config: NetworkConfig, params: Any, features: Array, visible: Array, phase: Array
) -> Array:
    said = MaskedAutoencoder(config).apply({"params": params}, features, visible, phase)
    return jax.numpy.asarray(said)


def reconstructed(
    network: Network, walks: Sequence[NormalisedWalk], hidden: Sequence[Bool[np.ndarray, " 12"]]
) -> list[Float[np.ndarray, "_ 12 3"]]:
    """What the network says of all points of walks, each with its own points withheld throughout.

    Args:
        network: trained.
        walks: in normalised time.
        hidden: of each walk, the points that are withheld besides those that are missing.

    Returns:
        positions as in the walks (body heights about mid-hip); where windows overlap, their mean.
    """
    if not walks:
        return []
    chosen = windows(walks, STEP)
    read, there = features(chosen, network.standard)
    visible = there & ~np.stack(hidden)[chosen.walk][:, None]
    count = len(read)
    said = np.zeros((count, *there.shape[1:], 3))
    for first in range(0, count, BATCH):
        rows = np.minimum(np.arange(first, first + BATCH), count - 1)
        out = _apply(
            network.config, network.params, read[rows], visible[rows],
            chosen.phase[rows].astype(np.int32),
        )  # fmt: skip
        said[first : first + BATCH] = np.asarray(out)[: count - first]
    points = said * network.standard.sd + network.standard.mean
    found = []
    for number, walk in enumerate(walks):
        own = chosen.walk == number
        at = chosen.start[own][:, None] + SPACING * np.arange(WINDOW)
        total, times = np.zeros(walk.points.shape), np.zeros((len(walk.points), 1, 1))
        np.add.at(total, at, points[own])
        np.add.at(times, at, 1.0)
        found.append(total / times)
    return found


def tile_residuals_deg(
    network: Network, walks: Sequence[NormalisedWalk]
) -> Float[np.ndarray, "W 10 28 10"]:
    """First pass: how far the angles of each tile are from what the rest of the walk lets expect.

    Walk x tile x sample of the cycle x angle, person minus expected, mean over cycles; NaN where a
    tile does not hide what moves with the angle, and where the person's points are missing.
    """
    many = [walk for walk in walks for _ in TILE_POINTS]
    hidden = [tile for _ in walks for tile in TILE_POINTS]
    said = reconstructed(network, many, hidden)
    out = np.full((len(walks), len(TILE_POINTS), SAMPLES, len(ANGLES)), np.nan)
    for row, (walk, tile, points) in enumerate(zip(many, hidden, said, strict=True)):
        w, t = divmod(row, len(TILE_POINTS))
        expected = np.where(tile[:, None], points, walk.points)
        gap = np.degrees(angles_rad(walk.points) - angles_rad(expected))
        gap = (gap + 180.0) % 360.0 - 180.0
        gap[:, ~TILE_ANGLES[t]] = np.nan
        out[w, t] = by_phase(gap, walk.first_phase)
    return out


def put_right(
    network: Network, walk: NormalisedWalk, shares: Mapping[str, float]
) -> Float[np.ndarray, "N 12 3"]:
    """Second pass: the walk with what moves with wrong joints withheld and said by the network.

    The person's own where nothing is wrong. The pelvis's point is read where normal people have it:
    it moves with the pelvis alone, and where that is hiked or hangs the network let it tell legs
    that nobody normal has (docs/history/companions.md).

    Args:
        network: trained.
        walk: of the person.
        shares: joint -> how much of what is said it takes, 0 to 1; what takes none is not withheld.
    """
    taken = {joint: float(share) for joint, share in shares.items() if share > 0.0}
    if not taken:
        return walk.points
    points = np.array(walk.points)
    points[:, PELVIS] = network.standard.mean[PELVIS]
    (said,) = reconstructed(network, [replace(walk, points=points)], [withheld_for(taken)])
    return blended(walk.points, said, taken)
