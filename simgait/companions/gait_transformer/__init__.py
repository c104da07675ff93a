"""The Gait Transformer (Cotton et al. 2022, arXiv 2203.09371), re-implemented from its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker


def companion() -> Tracker:
    """The released network.

    Raises:
        InputError: its weights are missing or damaged.
    """
    from simgait.companions.gait_transformer.tracker import released_tracker

    return released_tracker()
