"""Normative gait curves of healthy walking: mean and SD per coordinate over the gait cycle.

Values every 5 % of the cycle, in degrees and clinical (Plug-in Gait) signs, per side from that
side's initial contact. They are rounded readings (whole or half degrees) of the published
natural-speed curves of Winter (2009, Biomechanics and Motor Control of Human Movement, 4th ed.,
app. A), Perry & Burnfield (2010, Gait Analysis, 2nd ed.), Bovi et al. (2011, Gait & Posture
33:6-13) and Schwartz et al. (2008, J Biomech 41:1639-1650), brought to one foot-off instant
(61 % of the cycle). They are a yardstick for reading a curve, not the norm of any one laboratory:
laboratories differ by several degrees in pelvic tilt and hip rotation.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from simgait.errors import InputError

FOOT_OFF_FRACTION = 0.61
"""Foot off in the curves below, as a fraction of the cycle."""

# fmt: off
_MEAN_DEG: dict[str, tuple[float, ...]] = {
    "pelvis_tilt": (10, 9.5, 9.5, 9.5, 10, 10.5, 10.5, 10.5, 10.5, 10.5,
                    10, 9.5, 9.5, 9.5, 10, 10.5, 10.5, 10.5, 10.5, 10.5),
    "pelvis_obliquity": (1, 3, 4.5, 4.5, 4, 3, 2, 1, 0.5, 0,
                         -1, -3, -4.5, -4.5, -4, -3, -2, -1, -0.5, 0),
    "pelvis_rotation": (5, 5, 4, 3, 2, 1, -1, -2.5, -4, -5,
                        -5, -5, -4, -3, -2, -1, 1, 2.5, 4, 5),
    "hip_flexion": (33, 33, 30, 26, 21, 15, 9, 3, -2, -6,
                    -9, -9, -4, 6, 16, 25, 31, 34, 35, 34),
    "hip_adduction": (0, 3, 5, 6, 6, 5, 4, 4, 4, 3,
                      1, -3, -5, -6, -5, -4, -3, -2, -1, -1),
    "hip_rotation": (-1, 1, 3, 3, 3, 2, 2, 1, 1, 0,
                     0, -1, -2, -2, -2, -2, -2, -2, -2, -2),
    "knee_flexion": (6, 11, 17, 19, 17, 14, 10, 8, 7, 8,
                     12, 22, 37, 52, 60, 59, 50, 35, 18, 7),
    "ankle_dorsiflexion": (0, -5, -2, 2, 5, 7, 8, 10, 11, 12,
                           10, 1, -12, -16, -9, -3, 1, 3, 3, 1),
}
_SD_DEG: dict[str, tuple[float, ...]] = {
    "pelvis_tilt": (5,) * 20,
    "pelvis_obliquity": (2,) * 20,
    "pelvis_rotation": (3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3),
    "hip_flexion": (6, 6, 6, 6, 6, 6, 6, 6.5, 6.5, 7, 7, 7, 7, 7, 7, 6.5, 6.5, 6, 6, 6),
    "hip_adduction": (3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3.5, 4, 4, 4, 3.5, 3, 3, 3, 3),
    "hip_rotation": (8,) * 20,
    "knee_flexion": (5, 5.5, 6, 6, 6, 5.5, 5, 5, 5, 5, 6, 7, 7.5, 7, 6, 6, 7, 8, 7.5, 5.5),
    "ankle_dorsiflexion": (4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 7, 7, 6.5, 5.5, 4.5, 4, 4, 4),
}
# fmt: on

NORMATIVE_COORDINATES: tuple[str, ...] = tuple(_MEAN_DEG)


@cache
def mean_spline(coordinate: str) -> CubicSpline:
    """Periodic spline of the mean (deg) over cycle fraction 0..1; `coordinate` without side."""
    values = _MEAN_DEG[coordinate]
    return CubicSpline(np.linspace(0.0, 1.0, 21), (*values, values[0]), bc_type="periodic")


def normative_band(coordinate: str) -> tuple[Float[np.ndarray, "101"], Float[np.ndarray, "101"]]:
    """Mean and SD (deg) of a healthy adult's curve on 0..100 % of the cycle.

    Args:
        coordinate: as in `NORMATIVE_COORDINATES`. Pelvic obliquity is + with the curve's own side
            up, rotation + with the own side forward (internal), tilt + anterior.

    Raises:
        InputError: there is no band for that name.
    """
    if coordinate not in _MEAN_DEG:
        raise InputError(
            f"There is no normative band for '{coordinate}'; use one of "
            f"{', '.join(NORMATIVE_COORDINATES)}."
        )
    percent = np.linspace(0.0, 1.0, 101)
    sd = (*_SD_DEG[coordinate], _SD_DEG[coordinate][0])
    return mean_spline(coordinate)(percent), np.interp(percent, np.linspace(0.0, 1.0, 21), sd)
