"""What the simulated body is made of."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from simgait.skeleton.skeleton import Skeleton
from simgait.skeleton.spec import load_skeleton


def _of_joints(given: dict[str, Any], attribute: str) -> tuple[float, ...]:
    """What the spec file of the body says of each kind of joint."""
    skeleton = load_skeleton(given["model"])
    by_kind = {joint.coordinate.unsided: getattr(joint, attribute) for joint in skeleton.joints}
    return tuple(by_kind[kind] for kind in skeleton.joint_kinds)


class BodyConfig(BaseModel):
    """The body and its physics. Joint values are those of a 70 kg, 1.75 m adult.

    One value for each kind of joint (`Skeleton.joint_kinds`, both sides alike), by default the spec
    file's. Strength, stiffness and damping grow with mass × height, armature with mass × height².
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: str = Field(
        "trimmed_humanoid",
        description="the body: a shipped one by name, or the path of a spec file (.toml) with its "
        "MuJoCo XML beside it",
    )
    timestep_s: float = Field(1 / 240, gt=0, description="physics step, s")
    solver_iterations: int = Field(1, ge=1, description="Newton iterations per step")
    line_search_iterations: int = Field(2, ge=1, description="line-search iterations per step")
    friction: float = Field(1.0, gt=0, description="sliding friction of sole on floor")
    contact_time_constant_s: float = Field(
        0.045, gt=0, description="time constant of the sole's contact spring, s"
    )
    sole_gives_m: float = Field(
        0.012,
        ge=0,
        description="by which the sole of a swinging foot draws back, for a leg of 0.85 m, m",
    )
    sole_fills_m: float = Field(
        0.014,
        ge=0,
        description="by which the sole of a standing foot is thicker, for a leg of 0.85 m: a "
        "loaded sole sinks as deep into the floor, m",
    )
    sole_changes_between: tuple[float, float] = Field(
        (0.2, 0.6), description="probabilities of standing between which the sole changes"
    )
    sole_follows_m: float = Field(
        0.015,
        ge=0,
        description="by which the sole of a standing foot reaches further at most, for a leg of "
        "0.85 m, where the reference's foot is above the floor: real toes bend, m",
    )
    carried_mass: bool = Field(
        True,
        description="mass of trunk, arms and head rides on the pelvis where they are no segments "
        "(False: the paper)",
    )
    carried_com_height: float = Field(
        0.10, description="their centre of mass above mid-hip, fraction of height"
    )
    joint_stiffness_nm_per_rad: tuple[float, ...] = Field(
        default_factory=lambda given: _of_joints(given, "stiffness_nm_per_rad"),
        description="PD stiffness, N·m/rad",
    )
    joint_damping_ratio_s: float = Field(
        0.03, ge=0, description="PD damping as a fraction of stiffness, s"
    )
    joint_torque_limit_nm: tuple[float, ...] = Field(
        default_factory=lambda given: _of_joints(given, "torque_limit_nm"),
        description="largest actuator torque, N·m",
    )
    armature_kg_m2: float = Field(
        0.01, ge=0, description="rotor inertia added to each joint, kg·m²"
    )

    @field_validator("model")
    @classmethod
    def _exists(cls, model: str) -> str:
        load_skeleton(model)
        return model

    @model_validator(mode="after")
    def _one_value_per_joint(self) -> BodyConfig:
        kinds = self.skeleton.joint_kinds
        for name in ("joint_stiffness_nm_per_rad", "joint_torque_limit_nm"):
            if len(getattr(self, name)) != len(kinds):
                raise ValueError(f"{name} takes {len(kinds)} values: {', '.join(kinds)}")
        return self

    @property
    def skeleton(self) -> Skeleton:
        """The body as a value.

        Raises:
            InputError: there is no such body, or its spec file cannot be read.
        """
        return load_skeleton(self.model)
