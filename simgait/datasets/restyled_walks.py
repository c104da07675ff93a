"""Restyled walks as exact recordings: of walkers, and of real people from their markers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgait.datasets.monocular_copies import fully_seen_span
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.synthetic.detectors.definitions import walking_direction
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.restyled import (
    SPEEDS_MPS,
    Restyle,
    draw_pace,
    draw_restyle,
    restyled,
    widened,
)
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.types import Recording

CANDIDATES = 50
"""Walkers that are asked in turn whether a style takes them to the speed that was drawn."""
RECORDED_HZ = 30.0
"""The trials' rate: nothing is gained by more."""


def restyled_walker(split: Split, index: int, duration_s: float) -> Recording:
    """The `index`-th restyled walker of a split: exact points at 30 Hz, without a pose.

    Raises:
        InputError: no walker came to the speed that was drawn.
    """
    rng = np.random.default_rng([walker_seed(split, index), 31])
    speed_mps = float(rng.uniform(*SPEEDS_MPS))
    for candidate in range(CANDIDATES):
        seed = walker_seed(split, CANDIDATES * index + candidate)
        spec = widened(draw_walker(seed), rng)
        by = draw_restyle(rng, speed_mps / spec.speed_mps)
        if by is not None:
            made = walk(spec, duration_s * by.tempo, RECORDED_HZ / by.tempo)
            exact = trial_from_walk(made, monocular=False).recording
            return restyled(exact, np.array([1.0, 0.0, 0.0]), by)
    raise InputError(f"walker {index} of '{split}': no style takes it to {speed_mps:.2f} m/s.")


def restyled_person(recording: Recording, seed: int) -> Recording:
    """A real person's marker walk in another style, at the rate of its camera.

    Raises:
        InputError: no frame shows all markers at a time.
    """
    rng = np.random.default_rng([seed, 32])
    by: Restyle | None = None
    while by is None:
        by = draw_restyle(rng, draw_pace(rng))
    whole = fully_seen_span(recording)
    points = whole.all_keypoints_m
    return replace(restyled(whole, walking_direction(points), by), floor_z_m=None)
