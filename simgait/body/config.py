"""What the simulated body is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

# One value per joint of a leg: hip flexion, adduction, rotation, knee, ankle.
LegValues = tuple[float, float, float, float, float]


class BodyConfig(BaseModel):
    """Physics of the trimmed humanoid. Joint values are those of a 70 kg, 1.75 m adult.

    Strength, stiffness and damping grow with mass × height, armature with mass × height².
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        True, description="mass of trunk, arms and head rides on the pelvis (False: the paper)"
    )
    carried_com_height: float = Field(
        0.10, description="their centre of mass above mid-hip, fraction of height"
    )
    joint_stiffness_nm_per_rad: LegValues = Field(
        (1200.0, 1200.0, 600.0, 1200.0, 1000.0), description="PD stiffness, N·m/rad"
    )
    joint_damping_ratio_s: float = Field(
        0.03, ge=0, description="PD damping as a fraction of stiffness, s"
    )
    joint_torque_limit_nm: LegValues = Field(
        (250.0, 200.0, 100.0, 250.0, 200.0), description="largest actuator torque, N·m"
    )
    armature_kg_m2: float = Field(
        0.01, ge=0, description="rotor inertia added to each joint, kg·m²"
    )
