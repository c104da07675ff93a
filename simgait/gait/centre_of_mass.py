"""How far the centre of mass moves up and down, and from side to side, in a stride."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.gait.curves import normalise
from simgait.gait_result import Cycle, MassExcursion
from simgait.trials.trajectories import Trajectories, left_of, progression


def mass_excursions(
    time_s: Float[np.ndarray, " T"],
    centre_of_mass_m: Float[np.ndarray, "T 3"],
    cycles: Sequence[Cycle],
    paths: Trajectories,
) -> tuple[MassExcursion, ...]:
    """Of each gait cycle: highest minus lowest, and furthest left minus furthest right (m).

    Sideways is across the direction of progression of that cycle; NaN where it has none.

    Args:
        time_s: clock of the events.
        centre_of_mass_m: world axes, z up.
        cycles: in the order of the result.
        paths: of pelvis and feet.
    """
    found = []
    for cycle in cycles:
        path_m = normalise(time_s, centre_of_mass_m, cycle)
        leftward_m = path_m @ left_of(progression(paths, cycle.start_s, cycle.end_s))
        found.append(
            MassExcursion(cycle.side, float(np.ptp(path_m[:, 2])), float(np.ptp(leftward_m)))
        )
    return tuple(found)
