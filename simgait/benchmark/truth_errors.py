"""How well the truth itself is known, and what slope that leaves to a perfect estimate.

A truth with errors of its own spreads people further than they differ, so that the slope of any
estimate on it falls short of 1 (regression dilution; Spearman 1904, American Journal of Psychology
15:72-101; Fuller 1987, Measurement Error Models, section 1.1). A slope can be told from a miss of
the estimate only beside what could be reached.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.benchmark.over_people import FEWEST_PEOPLE

NAN = float("nan")

STANCE, SINGLE_SUPPORT, DOUBLE_SUPPORT = "stance", "single support", "double support"
SD_BY_LABORATORY = {STANCE: 1.4, SINGLE_SUPPORT: 2.0, DOUBLE_SUPPORT: 2.6}
"""Of a laboratory's events, % of the cycle: SD of their phases less those of the measured feet over
both sides of eight McGill training subjects (1.5, 2.1, 2.7), without the measured feet's own error
in the same people (0.5 each foot). Where the foot was on a plate both agree to 7 ms; where it was
not, to 20 ms at initial contact and 9 ms at foot off (docs/history/phases.md)."""
SD_BY_MEASURED_FEET = {STANCE: 1.2, SINGLE_SUPPORT: 1.2, DOUBLE_SUPPORT: 2.4}
"""Of the contacts of measured feet (`trials.measured_contacts`), % of the cycle: SD over the 15
people whom a force plate saw of the error of their stance, 13 ms of a cycle of 1.05 s (0.5 % in
barefoot children; adults of other laboratories, whose heels still slide when a plate bears 20 N,
are told 0.6 to 2.6 % too little). Single support is the other foot's swing, double support has
both feet's errors, which a person's feet share."""


def attainable_slope(true: Float[np.ndarray, " N"], error_sd: float) -> float:
    """Slope of a perfect estimate on truths that have errors of their own, 0 to 1.

    The share of the truths' variance that is not their errors'; NaN of fewer than three.

    Args:
        true: of people or walks, any unit.
        error_sd: SD of their errors, in that unit, which have nothing to do with the truth.
    """
    if len(true) < FEWEST_PEOPLE or np.ptp(true) == 0.0:
        return NAN
    return float(max(1.0 - error_sd**2 / np.var(true, ddof=1), 0.0))
