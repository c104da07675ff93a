"""Configuration of a training run."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from simgait.learning.refiner_training import RefinerConfig
from simgait.tracking.config import TrackingConfig


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetworkConfig(_Frozen):
    """Policy and value networks (the paper: 8 × 256 and 8 × 1024)."""

    policy_layers: tuple[int, ...] = Field((256, 256, 256), description="hidden widths")
    value_layers: tuple[int, ...] = Field((256, 256, 256), description="hidden widths")
    initial_noise: float = Field(0.25, gt=0, description="SD of the untrained policy's actions")


class PPOConfig(_Frozen):
    """Proximal policy optimisation (Schulman et al. 2017)."""

    n_envs: int = Field(512, ge=1, description="environments in parallel")
    unroll: int = Field(16, ge=1, description="steps per environment and iteration")
    epochs: int = Field(4, ge=1, description="passes over each batch")
    minibatches: int = Field(8, ge=1, description="minibatches per pass")
    total_steps: int = Field(18_000_000, ge=1, description="environment steps")
    learning_rate: float = Field(3e-4, gt=0, description="Adam's, decays linearly to a tenth")
    discount: float = Field(0.985, gt=0, le=1, description="γ")
    gae_lambda: float = Field(0.95, ge=0, le=1, description="λ")
    reward_scale: float = Field(
        0.1,
        gt=0,
        description="keeps returns near one, so that the value's gradient does not "
        "crowd out the policy's under the shared gradient clip",
    )
    clip: float = Field(0.2, gt=0, description="ratio clip")
    entropy: float = Field(0.001, ge=0, description="entropy bonus")
    value_weight: float = Field(0.5, ge=0, description="weight of the value loss")
    max_gradient_norm: float = Field(1.0, gt=0, description="global gradient clip")
    seed: int = Field(0, description="of everything drawn")


class DataConfig(_Frozen):
    """Walks to learn from."""

    n_synthetic: int = Field(1200, ge=0, description="synthetic walkers for the policy")
    first_synthetic: int = Field(
        100_000, ge=0, description="index of the first, beyond the refiner's"
    )
    real_copies: int = Field(2, ge=0, description="monocular copies of each real training walk")
    use_real: bool = Field(True, description="use the real training subjects where they are found")
    n_validation: int = Field(96, ge=1, description="validation walkers")
    frames: int = Field(150, ge=30, description="longest clip, frames")
    seed: int = Field(7, description="of the mixture")


class TrainingConfig(_Frozen):
    """One training run."""

    name: str = Field("default", description="of the policy's folder")
    tracking: TrackingConfig = TrackingConfig()
    networks: NetworkConfig = NetworkConfig()
    ppo: PPOConfig = PPOConfig()
    data: DataConfig = DataConfig()
    refiner: RefinerConfig = RefinerConfig()
    checkpoint_every: int = Field(25, ge=1, description="iterations between checkpoints")
    validate_every: int = Field(50, ge=1, description="iterations between validations")
