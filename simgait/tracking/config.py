"""Configuration of the tracking environment."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.body.config import BodyConfig

# Force per offset and per velocity, moment per angle and per angular velocity.
RootGains = tuple[float, float, float, float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
        description="all 23 recorded keypoints (the paper) instead of the 14 that the body carries",
    )
    reference: bool = Field(True, description="the fitted reference ahead (False: the paper)")
    reference_frames: tuple[int, ...] = Field(
        (1, 2, 4, 8), description="how far ahead the reference is seen, frames"
    )
    pelvis_velocity: bool = Field(
        True, description="the pelvis velocity that the recording shows, with its mask"
    )
    noise: float = Field(0.0, ge=0, description="SD of observation noise (paper: 1e-4)")

    @model_validator(mode="after")
    def _only_the_recording_has_all(self) -> ObservationConfig:
        if self.all_keypoints and self.keypoints == "fitted":
            raise ValueError(
                "all_keypoints needs keypoints = 'recorded': the body carries 14 of the 23 only"
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


class RewardConfig(_Frozen):
    """Weights and sharpness of the reward terms (see `rewards`)."""

    kind: Literal["sum_of_exponentials", "paper_exp", "paper_mse"] = Field(
        "sum_of_exponentials", description="our default, or one of the paper's two rewards"
    )
    follow: Literal["reference", "truth"] = Field(
        "reference",
        description="whose angles, limbs, pelvis height and orientation are asked for: those of "
        "the refined reference, of which a policy sees everything; or the truth's, from which a "
        "monocular reference differs by what nobody can know",
    )
    joint_angle: float = Field(0.25, ge=0, description="weight of joint angles")
    joint_velocity: float = Field(0.05, ge=0, description="weight of joint velocities")
    limb_position: float = Field(0.20, ge=0, description="weight of foot and knee positions")
    pelvis_path: float = Field(0.15, ge=0, description="weight of the path against the reference")
    pelvis_orientation: float = Field(0.10, ge=0, description="weight of pelvis angles")
    pelvis_velocity: float = Field(0.15, ge=0, description="weight of pelvis velocity")
    contact: float = Field(
        0.20, ge=0, description="weight of feet standing when the keypoints say that they do"
    )
    residual_price: float = Field(
        0.05, ge=0, description="price of the mean squared residual, as a share of its bound"
    )
    action_rate_price: float = Field(
        0.02, ge=0, description="price of the mean squared change of action"
    )
    impact_price: float = Field(
        0.1, ge=0, description="price of the mean squared foot load beyond 1.3 body weights"
    )
    paper_alpha: tuple[float, float, float, float] = Field(
        (8.0, 2.5, 3.9, 20.0),
        description="α of the paper's MSE reward: base, angle, position, velocity",
    )


class TerminationConfig(_Frozen):
    """When an episode ends early."""

    min_pelvis_height: float = Field(0.65, description="of the reference's pelvis height")
    max_tilt_rad: float = Field(1.0, description="pelvis tilt or obliquity off the reference, rad")
    max_path_error_leg: float = Field(0.7, description="pelvis off its path, leg lengths")
    max_limb_error_leg: float = Field(
        0.6, description="knee or foot off its place under the pelvis, leg lengths (training only)"
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

    body: BodyConfig = BodyConfig()
    observation: ObservationConfig = ObservationConfig()
    control: ControlConfig = ControlConfig()
    reward: RewardConfig = RewardConfig()
    termination: TerminationConfig = TerminationConfig()
    reset: ResetConfig = ResetConfig()
