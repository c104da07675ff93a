"""When feet stand: the mean of what the refiner and the feet's motion say.

The refiner learned contacts from thousands of synthetic walkers and eight people; the kinematic
events (`trials.kinematic_events`) have two constants, set on those eight, and know nothing else.
On walkers the first is better, on people whom neither met the second often is, and their errors
have little to do with each other, so the mean of both times is better than either (Clemen 1989,
"Combining forecasts", International Journal of Forecasting 5:559-583).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.skeleton.sides import SIDES
from simgait.types import EventKind, GaitEvent

ONE_EVENT_S = 0.12
"""Two times closer than this are of one event; else the refiner's stays."""


def crossings(standing: Float[np.ndarray, " T"], fps_hz: float) -> list[tuple[float, EventKind]]:
    """Times (s) at which a probability passes one half, and which event that is."""
    above = standing >= 0.5
    found: list[tuple[float, EventKind]] = []
    for frame in np.flatnonzero(above[1:] != above[:-1]).tolist():
        before, after = standing[frame], standing[frame + 1]
        time_s = (frame + (0.5 - before) / (after - before)) / fps_hz
        found.append((float(time_s), "initial_contact" if after > before else "foot_off"))
    return found


def mean_timing(
    standing: Float[np.ndarray, "T 2"], events: Sequence[GaitEvent], fps_hz: float
) -> Float[np.ndarray, "T 2"]:
    """The probabilities, shifted in time so that each event lies midway to the kinematic one.

    Between two events the shift changes evenly, so that probabilities keep their values and their
    order.

    Args:
        standing: probability that the left and the right foot stands.
        events: kinematic events on the clock of the first frame; a foot without any keeps its
            probabilities.
        fps_hz: frame rate.
    """
    time_s = np.arange(len(standing)) / fps_hz
    result = np.array(standing, dtype=float)
    for column, side in enumerate(SIDES):
        new_s: list[float] = []
        shift_s: list[float] = []
        for at_s, kind in crossings(result[:, column], fps_hz):
            away = [e.time_s - at_s for e in events if e.side == side and e.kind == kind]
            nearest = min(away, key=abs, default=np.inf)
            # Times must stay in order; a flicker between two events keeps its place.
            in_order = not new_s or at_s + 0.5 * nearest > new_s[-1]
            if abs(nearest) < ONE_EVENT_S and in_order:
                new_s.append(at_s + 0.5 * nearest)
                shift_s.append(0.5 * nearest)
        if new_s:
            back_s = np.interp(time_s, new_s, shift_s)
            result[:, column] = np.interp(time_s - back_s, time_s, standing[:, column])
    return result
