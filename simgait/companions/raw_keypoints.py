"""The baseline raw keypoints (`baselines.raw_keypoints`) as a companion: a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simgait.estimators.companion import Companion
from simgait.estimators.rule import rule

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker


def companion() -> Companion:
    """Its value."""
    return rule(
        "raw-keypoints",
        "gait read from the recording's own points, without a body and without learning",
        other="kinematics only",
        tracker=_tracker,
    )


def _tracker() -> Tracker:
    from simgait.baselines.raw_keypoints import raw_keypoints_tracker

    return raw_keypoints_tracker()
