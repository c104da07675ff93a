"""Configuration of the tracking environment."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.body.config import BodyConfig
from simgait.clock import CONTROL_RATE_HZ
from simgait.tracking.reward_terms import REWARD_TERMS, Sharpness

# Force per offset and per velocity, moment per angle and per angular velocity.
RootGains = tuple[float, float, float, float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ObservationConfig(_Frozen):
    """What the policy sees beside the body's own state."""

    future_frames: int = Field(
        4, ge=0, le=30, description="keypoint frames beyond the present one (the paper: 0 to 10)"
    )
    keypoints: Literal["fitted", "recorded"] = Field(
        "fitted",
        description="the keypoints as the fitted and refined body shows them: smooth, none "
        "missing; or as the recording holds them, with their mask (the paper)",
    )
    keypoint_stride: int = Field(1, ge=1, description="frames between two observed keypoint frames")
    all_keypoints: bool = Field(
        False,
        description="all recorded keypoints (the paper) instead of those that the body carries",
    )
    reference: bool = Field(True, description="the fitted reference ahead (False: the paper)")
    reference_frames: tuple[int, ...] = Field(
        (1, 2, 4, 8), description="how far ahead the reference is seen, frames"
    )
    pelvis_velocity: bool = Field(
        True, description="the pelvis velocity that the recording shows, with its mask"
    )
    noise: float = Field(0.0, ge=0, description="SD of observation noise (paper: 1e-4)")
    extra: tuple[str, ...] = Field(
        (), description="names of further registered terms, see docs/contributing/term.md"
    )

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the observation's terms, in order."""
        chosen = {"reference": self.reference, "pelvis_velocity": self.pelvis_velocity}
        optional = (name for name, wanted in chosen.items() if wanted)
        return ("body_state", "last_action", "keypoints", *optional, *self.extra)

    @model_validator(mode="after")
    def _only_the_recording_has_all(self) -> ObservationConfig:
        if self.all_keypoints and self.keypoints == "fitted":
            raise ValueError(
                "all_keypoints needs keypoints = 'recorded': the body does not carry all of them"
            )
        return self


class ControlConfig(_Frozen):
    """How actions become forces."""

    mode: Literal["reference_pd", "pd", "pd_learned_gains", "torque"] = Field(
        "reference_pd",
        description="PD about the moving reference; PD about a neutral pose; the same with "
        "stiffness and damping as further actions; or torque (the last three: the paper)",
    )
    offset_rad: float = Field(
        0.25, gt=0, description="largest PD target offset in reference_pd, rad"
    )
    range_rad: float = Field(1.2, gt=0, description="largest PD target around neutral in pd, rad")
    residual_force_bw: float = Field(
        0.05, ge=0, description="bound of the residual force per axis, fraction of body weight"
    )
    residual_moment_bw_leg: float = Field(
        0.08,
        ge=0,
        description="bound of the residual moment per axis, body weight × leg length; it stands "
        "for trunk and arms, which were trimmed, and whose turning gives the pelvis such moments",
    )
    residual_feedback: RootGains = Field(
        (1.0, 1.0, 0.6, 0.08),
        description="a spring and a damper that pull the pelvis to the reference, added to the "
        "policy's residual within the same bounds: force per offset (BW / leg), per velocity "
        "(BW / √(g·leg)), moment per angle (BW·leg / rad), per angular velocity (BW·leg·s / rad)",
    )
    substeps: int = Field(8, ge=1, description="physics steps per control step")


def _weight(name: str) -> Any:
    term = REWARD_TERMS[name]
    said = term.description[0].lower() + term.description[1:]
    return Field(term.weight, ge=0, description=said if term.price else f"weight of {said}")


def _sharpness(name: str, description: str) -> Any:
    return Field(REWARD_TERMS[name].sharpness, description=description)


class SharpnessConfig(_Frozen):
    """How fast each reward term falls with its error, in a wide and a narrow bell."""

    joint_angle: tuple[float, float] = _sharpness(
        "joint_angle", "of the sum of squares, rad²: wide, narrow"
    )
    joint_velocity: tuple[float, float] = _sharpness(
        "joint_velocity", "of the sum of squares, rad²/s²"
    )
    limb_position: tuple[float, float] = _sharpness("limb_position", "of the sum of squares, leg²")
    pelvis_path: tuple[float, float, float] = _sharpness(
        "pelvis_path", "of the squares, leg²: wide, narrow, height within the narrow"
    )
    pelvis_orientation: tuple[float, float] = _sharpness(
        "pelvis_orientation", "of the sum of squares, rad²"
    )
    pelvis_velocity: tuple[float, float] = _sharpness(
        "pelvis_velocity", "of the sum of squares, g·leg"
    )
    contact: tuple[float, float] = _sharpness(
        "contact", "of the share of the control step in which a foot stood wrongly"
    )
    paper_exp: tuple[float, float, float] = Field(
        (5.0, 2.5, 0.17),
        description="of the paper's exponential reward: angle, position, velocity",
    )


class ChosenReward(_Frozen):
    """One reward term with its weight and sharpness; the term's own where they are not given."""

    name: str
    weight: float | None = Field(None, ge=0)
    sharpness: Sharpness | None = None


class RewardConfig(_Frozen):
    """Weights and sharpness of the reward terms."""

    kind: Literal["sum_of_exponentials", "paper_exp", "paper_mse"] = Field(
        "sum_of_exponentials", description="our default, or one of the paper's two rewards"
    )
    follow: Literal["reference", "truth"] = Field(
        "reference",
        description="whose angles, limbs, pelvis height and orientation are asked for: those of "
        "the refined reference, of which a policy sees everything; or the truth's, from which a "
        "monocular reference differs by what nobody can know",
    )
    joint_angle: float = _weight("joint_angle")
    joint_velocity: float = _weight("joint_velocity")
    limb_position: float = _weight("limb_position")
    pelvis_path: float = _weight("pelvis_path")
    pelvis_orientation: float = _weight("pelvis_orientation")
    pelvis_velocity: float = _weight("pelvis_velocity")
    contact: float = _weight("contact")
    residual_price: float = _weight("residual_price")
    action_rate_price: float = _weight("action_rate_price")
    impact_price: float = _weight("impact_price")
    paper_alpha: tuple[float, float, float, float] = Field(
        (8.0, 2.5, 3.9, 20.0),
        description="α of the paper's MSE reward: base, angle, position, velocity",
    )
    paper_effort_price: float = Field(
        0.005, ge=0, description="price of the squared action in the paper's MSE reward"
    )
    learned_offsets: bool = Field(
        False,
        description="offsets of the sagittal joint angles are learned beside the policy, with the "
        "paper's rewards (the paper)",
    )
    extra: tuple[ChosenReward, ...] = Field(
        (), description="further registered terms, see docs/contributing/term.md"
    )
    sharpness: SharpnessConfig = SharpnessConfig()

    @property
    def terms(self) -> tuple[ChosenReward, ...]:
        """The terms of `sum_of_exponentials`, in order."""
        mine = [name for name in type(self).model_fields if name in REWARD_TERMS]
        return (
            *(
                ChosenReward(
                    name=name,
                    weight=getattr(self, name),
                    sharpness=getattr(self.sharpness, name, ()),
                )
                for name in mine
            ),
            *self.extra,
        )

    @model_validator(mode="after")
    def _extra_terms_are_added_up(self) -> RewardConfig:
        if self.extra and self.kind != "sum_of_exponentials":
            raise ValueError("extra terms need kind = 'sum_of_exponentials'")
        return self

    @model_validator(mode="after")
    def _offsets_are_compared(self) -> RewardConfig:
        if self.learned_offsets and self.kind == "sum_of_exponentials":
            raise ValueError("learned_offsets needs kind = 'paper_mse' or 'paper_exp'")
        return self


class TerminationConfig(_Frozen):
    """When an episode ends early."""

    min_pelvis_height: float = Field(0.65, ge=0, description="of the reference's pelvis height")
    max_tilt_rad: float = Field(
        1.0, gt=0, description="pelvis tilt or obliquity off the reference, rad"
    )
    max_path_error_leg: float = Field(0.7, gt=0, description="pelvis off its path, leg lengths")
    max_limb_error_leg: float = Field(
        0.6,
        gt=0,
        description="knee or foot off its place under the pelvis, leg lengths (training only)",
    )


class ResetConfig(_Frozen):
    """Where an episode starts."""

    reference_state_share: float = Field(
        1.0, ge=0, le=1, description="share of episodes that start from a random frame"
    )
    truth_share: float = Field(
        0.5, ge=0, le=1, description="share of training episodes that start from the true state"
    )
    start_pose: Literal["reference", "standing"] = Field(
        "reference",
        description="where the other episodes start and inference always does: the fitted "
        "reference, or standing upright (the paper); an initialiser goes before both",
    )
    retry_share: float = Field(
        0.5, ge=0, le=1, description="share of falls after which the same stretch is tried again"
    )
    retry_frames: int = Field(
        60, ge=1, description="how far before a fall such an episode starts at the most, frames"
    )
    with_velocity: bool = Field(True, description="initial velocities (False: the paper)")
    angle_noise_rad: float = Field(0.03, ge=0, description="SD of noise on initial angles")
    velocity_noise: float = Field(0.15, ge=0, description="SD of noise on initial velocities")


class TrackingConfig(_Frozen):
    """The tracking environment."""

    plugins: tuple[str, ...] = Field(
        (),
        description="modules that register terms of your own; they are imported, which runs them",
    )
    body: BodyConfig = BodyConfig()
    observation: ObservationConfig = ObservationConfig()
    control: ControlConfig = ControlConfig()
    reward: RewardConfig = RewardConfig()
    termination: TerminationConfig = TerminationConfig()
    reset: ResetConfig = ResetConfig()

    @model_validator(mode="after")
    def _physics_steps_fill_a_control_step(self) -> TrackingConfig:
        step_s = self.control.substeps * self.body.timestep_s
        if not math.isclose(step_s * CONTROL_RATE_HZ, 1.0, rel_tol=1e-6):
            raise ValueError(
                f"{self.control.substeps} substeps of {self.body.timestep_s:.6g} s are "
                f"{step_s:.6g} s, but a control step lasts 1/{CONTROL_RATE_HZ:g} s: set "
                f"body.timestep_s = 1 / ({CONTROL_RATE_HZ:g} × control.substeps)"
            )
        return self
