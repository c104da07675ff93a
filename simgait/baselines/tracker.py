"""What every tracker is, with or without physics: a name, what it says of itself, its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.gait_result import GaitResult
from simgait.types import Rollout, Trial


@dataclass(frozen=True)
class WalkEstimate:
    """One tracker's walk of one trial, on the trial's clock.

    Attributes:
        angles_rad: (T, A) clinical angles, columns `skeleton.default.ANGLE_NAMES`, NaN
            where the tracker gives none.
        keypoints_m: (T, K, 3) world positions, z up, with the pelvis's own travel; NaN unknown.
            Around a pelvis at rest where the tracker knows no travel (`gait.findings` says so).
        keypoint_names: K canonical names.
        gait: events and parameters.
        rollout: the simulated body, for trackers that have one.
        undefined: ankle angle (of `skeleton.default.ANGLE_NAMES`) that is NaN throughout -> why.
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


Answer = WalkEstimate | Refusal


@dataclass(frozen=True)
class Tracker:
    """A method that walks prepared trials, and what a reader must know of it.

    Attributes:
        name: in tables and on the command line.
        estimate: prepared trials in, one answer for each out, in order. Trackers never see the
            truth: trials come without it.
        about: a sentence or two: what it is, how long it was trained.
        facts: the same for programs, with the hash of whatever was learned.
    """

    name: str
    estimate: Callable[[Sequence[Trial]], list[Answer]]
    about: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def introduction(self) -> str:
        """Name and `about`, for a report's methods."""
        return f"{self.name}: {self.about}"
