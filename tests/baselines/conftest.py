"""Synthetic walkers whose gait is known, and what a tracker makes of them."""

from simgait.baselines.tracker import Tracker, WalkEstimate
from simgait.types import Trial
from tests.known_walks import exact, exact_legs, giant, monocular

__all__ = ["exact", "exact_legs", "giant", "monocular"]


def estimate(tracker: Tracker, trial: Trial) -> WalkEstimate:
    """What a tracker makes of a trial that it does not refuse."""
    (answer,) = tracker.estimate([trial])
    assert isinstance(answer, WalkEstimate)
    return answer
