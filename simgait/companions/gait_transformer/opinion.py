"""What the network says of the walk in a recording."""

from __future__ import annotations

from pathlib import Path

from simgait.companions.gait_transformer.tracker import released_tracker
from simgait.estimators.companion import Asked, Opinion, TrackedWalk, no_network
from simgait.estimators.walking_opinion import opinion_of_file, opinion_of_tracked
from simgait.findings import Basis

MADE_OF = frozenset((Basis.CLOCK, Basis.TRAVEL))
"""Its way from step to step is a speed, inferred from the legs, times the recording's seconds."""
SAID_WAYS = ("distance_said", "factor_said", "belt_said")


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """Velocity, cadence and step length of the longest straight walk in a recording.

    Raises:
        InputError: the recording cannot be read or used, or the weights are missing.
    """
    if asked.network is not None:
        raise no_network("gait-transformer", asked.network)
    return opinion_of_file(released_tracker(asked.weights), path, asked, MADE_OF, SAID_WAYS)


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """The same of a walk that was tracked.

    Raises:
        InputError: the network cannot walk it, or the weights are missing.
    """
    return opinion_of_tracked(released_tracker(), walk, MADE_OF, SAID_WAYS)
