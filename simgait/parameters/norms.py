"""Round figures of healthy adults' gait, for whom `norm_rows` has no row.

The values stand with their parameters in `catalogue`: one rounded set for adults of 1.70 m at their
comfortable speed, mean and SD between people, compiled to be consistent (velocity = step length x
cadence / 60) and to agree with:
- velocity: stratum means of 0.94-1.43 m/s (Bohannon & Andrews 2011, Physiotherapy 97:182-189);
- cadence, step length: about 115-120 steps/min, 0.6-0.7 m indoors (Oberg et al. 1993, J Rehabil
  Res Dev 30:210-223);
- step width and phases: Hollman et al. 2011 (Gait Posture 34:111-118, older adults: longer
  stance) and Perry & Burnfield 2010 (62 % stance, 10 % + 10 % double support).
It is orientation, not a diagnosis: these figures know neither age nor sex, and a laboratory's own
are better.

Other heights: the dimensionless numbers of an adult are kept (Hof 1996, Gait Posture 4:222-223):
lengths go with leg length, times with its square root, phases stay. Leg length is proportional to
height. This holds for children from about 7 years on (Stansfield et al. 2003, Gait Posture
17:81-87); younger ones are more variable than these ranges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from simgait.errors import InputError
from simgait.limits import NORM_HEIGHT_M

REFERENCE_HEIGHT_M = 1.70
"""Of the adults whom the norms are of, women and men together."""
Scaling = Literal["length", "time", "frequency", "velocity", "none"]
EXPONENT: dict[Scaling, float] = {
    "length": 1.0, "time": 0.5, "frequency": -0.5, "velocity": 0.5, "none": 0.0,
}  # fmt: skip


def scaled(value: float, scaling: Scaling, from_m: float, to_m: float) -> float:
    """What a number of somebody of one height is in somebody of another, of the same gait."""
    return value * float((to_m / from_m) ** EXPONENT[scaling])


@dataclass(frozen=True)
class Norm:
    """A parameter in healthy people.

    Attributes:
        mean: of adults of 1.70 m, in the parameter's stored unit.
        sd: between them.
        scaling: how both go with body size.
        says_little_above: where a higher value is no finding, the value above which it says little.
    """

    mean: float
    sd: float
    scaling: Scaling
    says_little_above: float = math.inf

    def mean_sd(self, height_m: float) -> tuple[float, float]:
        """Mean and SD between healthy people of this height.

        Raises:
            InputError: a height outside `limits.NORM_HEIGHT_M`, and the parameter goes with it.
        """
        if self.scaling != "none" and height_m not in NORM_HEIGHT_M:
            raise InputError(
                f"There is no normal range for a height of {height_m:g} m, only for "
                f"{NORM_HEIGHT_M} m; give the height in metres."
            )
        to_person = self.scaling, REFERENCE_HEIGHT_M, height_m
        return scaled(self.mean, *to_person), scaled(self.sd, *to_person)

    def normal_range(self, height_m: float) -> tuple[float, float]:
        """Low and high end: mean - 2 SD, mean + 2 SD of healthy people of this height.

        Raises:
            InputError: a height outside `limits.NORM_HEIGHT_M`.
        """
        mean, sd = self.mean_sd(height_m)
        return mean - 2.0 * sd, mean + 2.0 * sd
