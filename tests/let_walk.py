"""Synthetic walkers that many tests let walk alike; each walks once per process."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np

from simgait.synthetic.walkers.specification import Pattern, draw_walker
from simgait.synthetic.walkers.walk import WalkTruth, walk


@cache
def let_walk(seed: int, pattern: Pattern, duration_s: float, fps_hz: float = 30.0) -> WalkTruth:
    """The walk of `draw_walker(seed, pattern)`; its arrays cannot be changed."""
    made = walk(draw_walker(seed, pattern), duration_s, fps_hz)
    for part in fields(made):
        value = getattr(made, part.name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return made
