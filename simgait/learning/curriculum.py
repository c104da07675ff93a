"""What a training makes harder as it goes on: settings that follow a schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float, Int
from pydantic import BaseModel, ConfigDict, Field, model_serializer

from simgait.tracking.config import TrackingConfig


class Schedule(BaseModel):
    """A value that changes in a straight line with the steps of a training, and then stays."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )

    begin: float = Field(alias="from", description="at the first step")
    to: float = Field(description="from the last of them on")
    steps: int = Field(ge=1, description="environment steps that it takes")

    @model_serializer
    def _as_written(self) -> dict[str, float]:
        return {"from": self.begin, "to": self.to, "steps": self.steps}

    def at(self, steps: Int[Array, ""]) -> Float[Array, ""]:
        """The value after so many environment steps."""
        share = jnp.clip(steps.astype(jnp.float32) / self.steps, 0.0, 1.0)
        return self.begin + (self.to - self.begin) * share


class CurriculumConfig(BaseModel):
    """Settings that change over the training, each until it is what it is set to."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    observation_noise: Schedule | None = Field(
        None, description="{ from, to, steps } of tracking.observation.noise"
    )
    residual_force_bw: Schedule | None = Field(
        None, description="of the helper's bound, tracking.control.residual_force_bw"
    )
    residual_moment_bw_leg: Schedule | None = Field(
        None, description="of tracking.control.residual_moment_bw_leg"
    )
    max_tilt_rad: Schedule | None = Field(
        None, description="of tracking.termination.max_tilt_rad: falls are called sooner"
    )
    max_path_error_leg: Schedule | None = Field(
        None, description="of tracking.termination.max_path_error_leg"
    )
    max_limb_error_leg: Schedule | None = Field(
        None, description="of tracking.termination.max_limb_error_leg"
    )

    @property
    def schedules(self) -> dict[str, Schedule]:
        """Those that are set, by name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: one for name, one in found.items() if one is not None}


PLACES: dict[str, tuple[str, str]] = {
    "observation_noise": ("observation", "noise"),
    "residual_force_bw": ("control", "residual_force_bw"),
    "residual_moment_bw_leg": ("control", "residual_moment_bw_leg"),
    "max_tilt_rad": ("termination", "max_tilt_rad"),
    "max_path_error_leg": ("termination", "max_path_error_leg"),
    "max_limb_error_leg": ("termination", "max_limb_error_leg"),
}
"""Name of a schedule -> the setting of the environment that follows it."""


def check_curriculum(curriculum: CurriculumConfig, tracking: TrackingConfig) -> None:
    """Raises ValueError where a schedule does not end at its setting, or leaves what can be."""
    for name, one in curriculum.schedules.items():
        table, setting = PLACES[name]
        ends_at = getattr(getattr(tracking, table), setting)
        if one.to != ends_at:
            raise ValueError(
                f"curriculum.{name} ends at {one.to:g}, and tracking.{table}.{setting} is "
                f"{ends_at:g}; give both the same, as a policy is used with what it ends at"
            )
        if one.begin < 0:
            raise ValueError(f"curriculum.{name} begins at {one.begin:g}; give 0 or more")


def values_at(curriculum: CurriculumConfig, steps: Int[Array, ""]) -> dict[str, Float[Array, ""]]:
    """What the scheduled settings are after so many environment steps; by name."""
    return {name: one.at(steps) for name, one in curriculum.schedules.items()}


def tracking_with(tracking: TrackingConfig, values: Mapping[str, Any]) -> TrackingConfig:
    """The environment with other values of scheduled settings; as it is where there are none."""
    changed: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        table, setting = PLACES[name]
        changed.setdefault(table, {})[setting] = value
    tables = {
        table: getattr(tracking, table).model_copy(update=own) for table, own in changed.items()
    }
    return tracking.model_copy(update=tables) if tables else tracking
