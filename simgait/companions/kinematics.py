"""The baseline kinematics only (`baselines.kinematics`) as a companion: a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simgait.estimators.companion import Companion
from simgait.estimators.rule import rule

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker


def companion() -> Companion:
    """Its value."""
    return rule(
        "kinematics",
        "the body fitted to the keypoints and filtered, without physics and without learning",
        other="raw keypoints",
        tracker=_tracker,
    )


def _tracker() -> Tracker:
    from simgait.baselines.kinematics import kinematics_tracker

    return kinematics_tracker()
