"""The lengths and the mass of one person, from which every body's proportions follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

GRAVITY_MPS2 = 9.81
"""MuJoCo's own default, too; 9.78 to 9.83 on Earth."""
THIGH_PER_HEIGHT, SHANK_PER_HEIGHT = 0.245, 0.246
"""Drillis & Contini, in Winter 2009, *Biomechanics and Motor Control*, fig. 4.1."""
LEG_PER_HEIGHT = THIGH_PER_HEIGHT + SHANK_PER_HEIGHT
"""Hip to ankle over body height."""
ADULT_LEG_M = 0.85
"""Leg for which lengths in a config are meant; they scale with the person's."""


@dataclass(frozen=True)
class Dimensions:
    """Lengths (m) and mass (kg) of one person; left and right alike.

    Fields are numbers, or arrays of one shape for many people or frames. JAX looks into it
    (`simgait.body` registers it as a pytree).
    """

    height_m: Any
    mass_kg: Any
    hip_width_m: Any
    thigh_m: Any
    shank_m: Any
    ankle_height_m: Any
    foot_length_m: Any

    @property
    def leg_m(self) -> Any:
        """Hip to ankle joint centre."""
        return self.thigh_m + self.shank_m

    @property
    def standing_hip_height_m(self) -> Any:
        """Hip joint centre above the floor when standing straight."""
        return self.thigh_m + self.shank_m + self.ankle_height_m


def mass_from_height_kg(height_m: Any) -> Any:
    """Median body mass for a height: body mass index 15.5 below 1.1 m rising to 22 at 1.7 m."""
    xp = height_m.__array_namespace__() if hasattr(height_m, "__array_namespace__") else np
    bmi = 15.5 + 6.5 * xp.clip((height_m - 1.1) / 0.6, 0.0, 1.0)
    return bmi * height_m**2


def dimensions_from_height(height_m: Any, mass_kg: Any | None = None) -> Dimensions:
    """Segment lengths as fractions of height (Drillis & Contini in Winter 2009, fig. 4.1)."""
    return Dimensions(
        height_m=height_m,
        mass_kg=mass_from_height_kg(height_m) if mass_kg is None else mass_kg,
        hip_width_m=0.100 * height_m,
        thigh_m=THIGH_PER_HEIGHT * height_m,
        shank_m=SHANK_PER_HEIGHT * height_m,
        ankle_height_m=0.039 * height_m,
        foot_length_m=0.152 * height_m,
    )
