"""Ranges in which the gait parameters of healthy people lie, for the report's table.

One rounded set for adults of 1.70 m at their comfortable speed, mean and SD between people,
compiled to be consistent (velocity = step length x cadence / 60) and to agree with:
- velocity: stratum means of 0.94-1.43 m/s (Bohannon & Andrews 2011, Physiotherapy 97:182-189);
- cadence, step length: about 115-120 steps/min, 0.6-0.7 m indoors (Oberg et al. 1993, J Rehabil
  Res Dev 30:210-223);
- step width and phases: Hollman et al. 2011 (Gait Posture 34:111-118, older adults: longer
  stance) and Perry & Burnfield 2010 (62 % stance, 10 % + 10 % double support).
It is orientation, not a diagnosis: no age or sex is asked for, and a laboratory's own reference
data are better.

Other heights: the dimensionless numbers of an adult are kept (Hof 1996, Gait Posture 4:222-223):
lengths go with leg length, times with its square root, phases stay. Leg length is proportional to
height. This holds for children from about 7 years on (Stansfield et al. 2003, Gait Posture
17:81-87); younger ones are more variable than these ranges.
"""

from __future__ import annotations

from typing import Literal

from simgait.errors import InputError
from simgait.limits import NORM_HEIGHT_M

REFERENCE_HEIGHT_M = 1.70
Scaling = Literal["length", "time", "frequency", "velocity", "none"]

# Parameter -> mean, SD between healthy adults of 1.70 m, how it scales with size.
ADULT: dict[str, tuple[float, float, Scaling]] = {
    "velocity_mps": (1.28, 0.17, "velocity"),
    "cadence_spm": (116.0, 9.0, "frequency"),
    "step_length_m": (0.66, 0.06, "length"),
    "step_width_m": (0.10, 0.03, "length"),
    "stride_length_m": (1.32, 0.12, "length"),
    "stride_time_s": (1.034, 0.08, "time"),
    "step_time_s": (0.517, 0.04, "time"),
    "stance_percent": (61.5, 2.0, "none"),
    "swing_percent": (38.5, 2.0, "none"),
    "single_support_percent": (38.5, 2.0, "none"),
    "double_support_percent": (23.0, 4.0, "none"),
}
EXPONENT: dict[Scaling, float] = {
    "length": 1.0, "time": 0.5, "frequency": -0.5, "velocity": 0.5, "none": 0.0,
}  # fmt: skip
SOURCE = (
    "For orientation only: mean plus or minus 2 SD of healthy adults at comfortable speed, "
    "rounded, in the spirit of Bohannon 2011, Oberg 1993, Hollman 2011 and Perry 2010 but not "
    "transcribed from one table, without regard to age and sex, scaled to the person's height "
    "(Hof 1996)."
)


def normal_mean_sd(parameter: str, height_m: float) -> tuple[float, float]:
    """Mean and SD between healthy people of this height.

    Raises:
        InputError: unknown parameter, or a height outside `limits.NORM_HEIGHT_M`.
    """
    if parameter not in ADULT:
        raise InputError(f"There is no normal range for {parameter}; known: {', '.join(ADULT)}.")
    if height_m not in NORM_HEIGHT_M:
        raise InputError(
            f"There is no normal range for a height of {height_m:g} m, only for {NORM_HEIGHT_M} m; "
            "give the height in metres."
        )
    mean, sd, scaling = ADULT[parameter]
    factor = (height_m / REFERENCE_HEIGHT_M) ** EXPONENT[scaling]
    return mean * factor, sd * factor


def normal_range(parameter: str, height_m: float) -> tuple[float, float]:
    """Low and high end: mean - 2 SD, mean + 2 SD of healthy people of this height.

    Raises:
        InputError: unknown parameter, or a height outside `limits.NORM_HEIGHT_M`.
    """
    mean, sd = normal_mean_sd(parameter, height_m)
    return mean - 2.0 * sd, mean + 2.0 * sd
