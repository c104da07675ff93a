"""How walks are prepared that a network learns from or that a benchmark judges by."""

from __future__ import annotations

from simgait.trials.preparation import PreparationConfig

SHORT_WALKS = PreparationConfig(min_frames=40)
"""Walks of 1.3 s on: a step or two teach as well, and real markers often show no more."""
