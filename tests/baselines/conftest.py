"""Synthetic walkers whose gait is known."""

from tests.known_walks import exact, exact_legs, giant, monocular

__all__ = ["exact", "exact_legs", "giant", "monocular"]
