"""What any tracker makes of one trial, with or without physics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from simgait.types import GaitResult, Rollout, Trial


@dataclass(frozen=True)
class WalkEstimate:
    """One tracker's walk of one trial, on the trial's clock.

    Attributes:
        angles_rad: (T, A) clinical angles, columns `skeleton.ANGLE_NAMES`, NaN where the tracker
            gives none.
        keypoints_m: (T, K, 3) world positions, z up, with the pelvis's own travel; NaN unknown.
            Around a pelvis at rest where the tracker knows no travel (`gait.warnings` says so).
        keypoint_names: K canonical names.
        gait: events and parameters.
        rollout: the simulated body, for trackers that have one.
        undefined: ankle angle (of `skeleton.ANGLE_NAMES`) that is NaN throughout -> why.
    """

    angles_rad: Float[np.ndarray, "T A"]
    keypoints_m: Float[np.ndarray, "T K 3"]
    keypoint_names: tuple[str, ...]
    gait: GaitResult
    rollout: Rollout | None = None
    undefined: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A trial that a tracker could not walk, and why; it counts among the failures."""

    reason: str


Tracker = Callable[[Sequence[Trial]], list[WalkEstimate | Refusal]]
"""Prepared trials in, one answer for each out, in order. Trackers never see the truth."""
