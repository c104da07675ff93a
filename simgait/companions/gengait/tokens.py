"""Windows of walks as the network reads them: standardised, with velocities, mirrored at will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from simgait.companions.gengait.cycles import (
    SAMPLES,
    NormalisedWalk,
    window_starts,
    windows_of,
)
from simgait.companions.gengait.joints import mirrored
from simgait.companions.gengait.network import N_FEATURES

LEAST_SD = 0.01
"""Body heights (1.7 cm): what moves less (hips about mid-hip) is not magnified further."""
SPEED_MIDDLE, SPEED_SD = 0.3, 0.1
"""Of walking speed / sqrt(g * height), so that it is of order one."""


@dataclass(frozen=True)
class Standard:
    """Mean and SD by which points are standardised, and the SD of their steps."""

    mean: Float[np.ndarray, "12 3"]
    sd: Float[np.ndarray, "12 3"]
    step_sd: Float[np.ndarray, "12 3"]

    @classmethod
    def of(cls, walks: Sequence[NormalisedWalk]) -> Standard:
        """Those of walks and their mirror images."""
        points = np.concatenate([walk.points for walk in walks])
        points = np.concatenate([points, mirrored(points)])
        step = np.concatenate([velocities(walk.points) for walk in walks])
        step = np.concatenate([step, mirrored(step)])
        return cls(
            np.nanmean(points, axis=0),
            np.maximum(np.nanstd(points, axis=0), LEAST_SD),
            np.maximum(np.nanstd(step, axis=0), LEAST_SD / SAMPLES),
        )


@dataclass(frozen=True)
class Windows:
    """Windows of walks.

    Attributes:
        points: (W, 7, 12, 3) body heights; NaN where missing.
        velocity: (W, 7, 12, 3) body heights a sample.
        phase: (W, 7) sample of the gait cycle, 0 where the left heel is furthest ahead.
        relative_speed: (W,) NaN unknown.
        walk: (W,) number of the walk; start: (W,) its first sample.
    """

    points: Float[np.ndarray, "W 7 12 3"]
    velocity: Float[np.ndarray, "W 7 12 3"]
    phase: Int[np.ndarray, "W 7"]
    relative_speed: Float[np.ndarray, " W"]
    walk: Int[np.ndarray, " W"]
    start: Int[np.ndarray, " W"]


def velocities(points: Float[np.ndarray, "N 12 3"]) -> Float[np.ndarray, "N 12 3"]:
    """Central differences, a sample each; NaN beside a missing point."""
    return np.asarray(np.gradient(points, axis=0))


def windows(walks: Sequence[NormalisedWalk], step: int) -> Windows:
    """All windows of walks, every `step`-th sample one."""
    parts: list[tuple[np.ndarray, ...]] = []
    for number, walk in enumerate(walks):
        starts = window_starts(len(walk.points), step)
        phase = (np.arange(len(walk.points)) + walk.first_phase) % SAMPLES
        parts.append((
            windows_of(walk.points, starts),
            windows_of(velocities(walk.points), starts),
            windows_of(phase, starts),
            np.full(len(starts), walk.relative_speed),
            np.full(len(starts), number),
            np.array(starts),
        ))  # fmt: skip
    return Windows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def mirrored_windows(chosen: Windows) -> Windows:
    """The same in a mirror, half a cycle on: what the right leg did, the left one does."""
    return Windows(
        mirrored(chosen.points),
        mirrored(chosen.velocity),
        (chosen.phase + SAMPLES // 2) % SAMPLES,
        chosen.relative_speed,
        chosen.walk,
        chosen.start,
    )


def features(
    chosen: Windows, standard: Standard
) -> tuple[Float[np.ndarray, "W 7 12 8"], Bool[np.ndarray, "W 7 12"]]:
    """Tokens as the network reads them, and which of them are there at all."""
    there = np.isfinite(chosen.points).all(axis=-1)
    known = np.isfinite(chosen.relative_speed)
    speed = np.where(known, (chosen.relative_speed - SPEED_MIDDLE) / SPEED_SD, 0.0)
    out = np.zeros((*there.shape, N_FEATURES), np.float32)
    out[..., :3] = np.nan_to_num((chosen.points - standard.mean) / standard.sd)
    out[..., 3:6] = np.nan_to_num(chosen.velocity / standard.step_sd)
    out[..., 6], out[..., 7] = speed[:, None, None], known[:, None, None]
    return out, there
