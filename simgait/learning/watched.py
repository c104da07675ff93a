"""Validation walks that somebody may want to see: the worst one and the one in the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgait.learning.validation import Validation
from simgait.types import Rollout

Kind = Literal["worst", "median"]


@dataclass(frozen=True)
class WatchedWalk:
    """One validation walk of a policy.

    Attributes:
        kind: which one it is, by `cost_deg`.
        cost_deg: what the score would be if it were the only walk.
        angle_rmse_deg: of its joint angles.
        rollout: the simulated body's walk, and the reference that it followed.
    """

    kind: Kind
    cost_deg: float
    angle_rmse_deg: float
    rollout: Rollout


@dataclass(frozen=True)
class Watched:
    """What a policy does that is better than all before it.

    Attributes:
        steps: after which the policy is as it is.
        score: of all validation walks.
        walks: the worst, then the median where that is another one.
    """

    steps: int
    score: float
    walks: tuple[WatchedWalk, ...]


Watch = Callable[[Watched], None]


def watched(found: Validation, steps: int) -> Watched:
    """The worst walk and the median (the better one of the middle two) of a validation."""
    order = np.argsort(found.cost_deg, kind="stable")
    which: dict[int, Kind] = {int(order[-1]): "worst"}
    which.setdefault(int(order[(len(order) - 1) // 2]), "median")
    walks = tuple(
        WatchedWalk(
            kind,
            float(found.cost_deg[i]),
            float(found.angle_rmse_deg[i]),
            found.tracked[i].rollout,
        )
        for i, kind in which.items()
    )
    return Watched(steps, found.scores["score"], walks)
