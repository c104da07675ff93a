"""The lengths and the mass of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dimensions:
    """Lengths (m) and mass (kg) of one person; left and right alike. Registered as a pytree."""

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
