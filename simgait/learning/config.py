"""Configuration of a training run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.learning.curriculum import PLACES, CurriculumConfig, check_curriculum
from simgait.learning.practice import SamplingConfig
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.seeds import (
    LARGEST,
    USUAL,
    VALIDATION,
    derived,
    refiner_walks,
    with_stage_seeds,
)
from simgait.learning.teacher import TeacherConfig
from simgait.tracking.policy_config import InitialiserConfig, PolicyConfig, SizingConfig


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class LearnerConfig(_Frozen):
    """What every algorithm has, and all that the training loop asks it for."""

    table: ClassVar[str] = ""
    """In which of a recipe's tables it stands."""

    n_envs: int = Field(512, ge=1, description="environments in parallel")
    unroll: int = Field(16, ge=1, description="steps per environment and iteration")
    minibatches: int = Field(8, ge=1, description="minibatches per pass")
    total_steps: int = Field(18_000_000, ge=1, description="environment steps")
    discount: float = Field(0.985, gt=0, le=1, description="γ")
    seed: int = Field(0, ge=0, description="of everything drawn")

    @property
    def steps_of_iteration(self) -> int:
        """Environment steps of an iteration."""
        return self.n_envs * self.unroll

    @property
    def iterations(self) -> int:
        """How many a whole training has."""
        return max(self.total_steps // self.steps_of_iteration, 1)

    @property
    def steps_in_all(self) -> int:
        """Environment steps of a whole training."""
        return self.iterations * self.steps_of_iteration


class PPOConfig(LearnerConfig):
    """Proximal policy optimisation (Schulman et al. 2017)."""

    table: ClassVar[str] = "ppo"

    epochs: int = Field(4, ge=1, description="passes over each batch")
    optimiser: Literal["adam", "adamw", "rmsprop", "muon"] = Field(
        "adam", description="Adam, AdamW, RMSProp, or Muon (matrices; all else by AdamW)"
    )
    weight_decay: float = Field(0.0, ge=0, description="of adamw and muon, per unit of step")
    learning_rate: float = Field(3e-4, gt=0, description="of the optimiser, after the warm-up")
    schedule: Literal["linear", "constant", "kl_adaptive"] = Field(
        "linear",
        description="of the learning rate: linearly to a tenth, constant, or after every gradient "
        "step as target_kl asks for",
    )
    target_kl: float = Field(
        0.0,
        ge=0,
        description="of kl_adaptive, 0.01 say: divergence of the policy from the one that acted; "
        "beyond twice that the rate is divided by 1.5, below half of it multiplied",
    )
    warm_up: int = Field(
        20,
        ge=0,
        description="iterations over which the learning rate rises from zero: Adam's first steps "
        "know no scale of the gradient, and would undo a policy that a run goes on from",
    )
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

    @model_validator(mode="after")
    def _settings_are_used(self) -> PPOConfig:
        if self.weight_decay and self.optimiser not in ("adamw", "muon"):
            raise ValueError(
                f"weight_decay needs optimiser = 'adamw' or 'muon'; {self.optimiser} has none"
            )
        if self.target_kl and self.schedule != "kl_adaptive":
            raise ValueError(
                f"target_kl needs schedule = 'kl_adaptive'; {self.schedule} does not look at it"
            )
        if self.schedule == "kl_adaptive" and not self.target_kl:
            raise ValueError("schedule = 'kl_adaptive' needs target_kl > 0, say 0.01")
        return self


class SHACConfig(LearnerConfig):
    """Short-horizon actor-critic (Xu et al. 2022): up the derivative of the simulated steps."""

    # As in the paper's experiments, but for discount and reward scale, which are PPO's here; the
    # horizon, as long in seconds (32 steps at 60 Hz there); and rates and target_stays (2e-3, 0.2
    # there), with which the critic ran away (docs/history/training.md).
    table: ClassVar[str] = "shac"

    n_envs: int = Field(64, ge=1, description="environments in parallel")
    unroll: int = Field(16, ge=1, description="the horizon: steps per environment and iteration")
    minibatches: int = Field(4, ge=1, description="minibatches per pass of the critic")
    total_steps: int = Field(2_000_000, ge=1, description="environment steps")
    epochs: int = Field(16, ge=1, description="passes of the critic over each batch")
    actor_learning_rate: float = Field(5e-4, gt=0, description="Adam's, falling to nearly nothing")
    critic_learning_rate: float = Field(5e-4, gt=0, description="likewise")
    momentum: tuple[float, float] = Field((0.7, 0.95), description="Adam's β, of both")
    td_lambda: float = Field(0.95, ge=0, le=1, description="λ of what the critic is fitted to")
    target_stays: float = Field(
        0.9, ge=0, le=1, description="share of the target critic that stays in each iteration"
    )
    reward_scale: float = Field(0.1, gt=0, description="keeps returns near one")
    contact_onset: float = Field(
        0.01,
        gt=0,
        lt=1,
        description="impedance of a sole that just touches the floor, MuJoCo's dmin (elsewhere "
        "0.9): from there its force rises without a jump, so that derivatives know of it",
    )
    contact_rise_m: float = Field(
        0.02, gt=0, description="depth over which the impedance rises, MuJoCo's width, m"
    )
    largest_gradient: float = Field(
        1.0,
        gt=0,
        description="norm to which one environment's gradient by its actions is cut: impacts make "
        "some of them huge",
    )
    max_gradient_norm: float = Field(1.0, gt=0, description="global gradient clip of both")


class DataConfig(SizingConfig):
    """Walks to learn from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    n_synthetic: int = Field(1200, ge=0, description="synthetic walkers for the policy")
    first_synthetic: int = Field(
        100_000, ge=0, description="index of the first, beyond the refiner's"
    )
    real_copies: int = Field(2, ge=0, description="monocular copies of each real training walk")
    use_real: bool = Field(True, description="use the real training subjects where they are found")
    n_validation: int = Field(96, ge=1, description="validation walkers")
    frames: int = Field(150, ge=30, description="longest clip, frames")
    seed: int = Field(7, ge=0, description="of the mixture")
    keypoints: Literal["mixture", "monocular", "exact"] = Field(
        "mixture",
        description="what walks show: a mixture of detectors and points; all 23 through "
        "monocular-v1 (the paper's video); or all 23 exactly (its motion capture)",
    )
    n_from_validation: int = Field(
        0,
        ge=0,
        description="walkers of the validation split to learn from too (the paper's train+val); "
        "those that choose the checkpoint stay out",
    )
    mirror: bool = Field(True, description="the mirror image of every clip as well")
    resident_shards: int = Field(
        8, ge=1, description="of a trial set (--trials): shards that are in memory at a time"
    )
    rotate_every: int = Field(
        10, ge=1, description="iterations after which one of them makes room for the next"
    )


class InitialiserTrainingConfig(InitialiserConfig):
    """A network from the first keypoints to the initial pose, learned through the rollout."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    horizon: int = Field(8, ge=1, description="control steps that its return counts")
    batch: int = Field(64, ge=1, description="starts per update")
    updates: int = Field(8, ge=1, description="updates in a row, under a policy that stands still")
    every: int = Field(20, ge=1, description="iterations of the policy between such rows")
    learning_rate: float = Field(1e-3, gt=0, description="Adam's")
    max_gradient_norm: float = Field(
        10.0, gt=0, description="clip of one start's gradient; impacts make some of them huge"
    )


class FurtherRefinerConfig(RefinerConfig):
    """How the refiner goes on learning from its own weights."""

    share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="of the weights after it in the mean of those before and after it, with which "
        "the refiner refines",
    )


class CheckpointConfig(_Frozen):
    """Policies that are kept beside the best one."""

    keep: int = Field(
        0,
        ge=0,
        description="policies of the newest so many validations, in policies/STEP, and the best "
        "one; 0: only the best, in policy/",
    )


class TrainingConfig(PolicyConfig):
    """One training run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    algorithm: Literal["ppo", "shac"] = Field(
        "ppo", description="how the policy learns; its settings stand in the table of that name"
    )
    seed: int = Field(
        0,
        ge=0,
        le=LARGEST,
        strict=True,
        description="of all stages: walks, refiner, families, policy; a stage that says its own "
        "has that",
    )
    ppo: PPOConfig = PPOConfig()
    shac: SHACConfig = SHACConfig()
    data: DataConfig = DataConfig()
    refiner: RefinerConfig = RefinerConfig()
    refiner_families: FurtherRefinerConfig | None = Field(
        None,
        description="a second stage of the refiner, from the weights of the first: the settings of "
        "[refiner], and share, of these weights in the mean of both, as release.toml has it",
    )
    initialiser: InitialiserTrainingConfig = InitialiserTrainingConfig()
    sampling: SamplingConfig = SamplingConfig()
    curriculum: CurriculumConfig = CurriculumConfig()
    teacher: TeacherConfig = TeacherConfig()
    checkpoint: CheckpointConfig = CheckpointConfig()
    checkpoint_every: int = Field(25, ge=1, description="iterations between checkpoints")
    validate_every: int = Field(50, ge=1, description="iterations between validations")
    replays: bool = Field(
        True,
        description="the worst and the median validation walk of each new best policy, to be "
        "played in training.html and at Weights & Biases",
    )

    @model_validator(mode="before")
    @classmethod
    def _stages_follow_the_seed(cls, given: Any) -> Any:
        return with_stage_seeds(given) if isinstance(given, Mapping) else given

    @property
    def seeds(self) -> dict[str, int]:
        """All that is drawn -> the seed it is drawn by, for the provenance."""
        walks, further = refiner_walks(self.seed), self.refiner_families
        return {
            "recipe": self.seed,
            "walks the refiner learns from": walks.train,
            "walks the refiner is chosen by": walks.validation,
            "real people the refiner learns from": walks.real,
            "refiner": self.refiner.seed,
            **({} if further is None else {"refiner_families": further.seed}),
            "walks the policy learns from": self.data.seed,
            "walks the policy is chosen by": VALIDATION,
            "policy": self.learner.seed,
        }

    @property
    def own_seeds(self) -> dict[str, int]:
        """Settings by which a stage has a seed of its own, and not what follows from `seed`."""
        other = "shac" if self.algorithm == "ppo" else "ppo"
        tables = {name: getattr(self, name) for name in USUAL if name != other}
        return {
            f"{name}.seed": table.seed
            for name, table in tables.items()
            if table is not None and table.seed != derived(USUAL[name], self.seed)
        }

    @model_validator(mode="after")
    def _curriculum_ends_where_it_should(self) -> TrainingConfig:
        asked = ["sampling"] if self.sampling.by != "uniform" else []
        asked += [f"curriculum.{name}" for name in self.curriculum.schedules]
        asked += ["teacher"] if self.teacher.weight else []
        if asked and self.learner.table != PPOConfig.table:
            raise ValueError(
                f"{asked[0]} needs algorithm = 'ppo'; {self.algorithm} does not look at it"
            )
        check_curriculum(self.curriculum, self.tracking)
        return self

    @model_validator(mode="after")
    def _a_teachers_actions_keep_their_meaning(self) -> TrainingConfig:
        moved = [name for name in self.curriculum.schedules if PLACES[name][0] == "control"]
        if moved and self.teacher.weight:
            raise ValueError(
                f"curriculum.{moved[0]} changes what an action does, and a teacher's do the same "
                "all along; take one of the two out"
            )
        return self

    @model_validator(mode="after")
    def _the_refiner_can_go_on(self) -> TrainingConfig:
        further = self.refiner_families
        if further is None:
            return self
        if further.width != self.refiner.width:
            raise ValueError(
                f"refiner_families.width is {further.width} and refiner.width "
                f"{self.refiner.width}: the refiner goes on with its own network; set both alike"
            )
        if further.left_out and not (
            self.data.use_real and further.real_share and further.real_copies
        ):
            raise ValueError(
                "refiner_families.left_out names real people, and without data.use_real and its "
                "real_share and real_copies above 0 nobody real is met; set these, or left_out = []"
            )
        return self

    @property
    def learner(self) -> LearnerConfig:
        """The settings of its algorithm."""
        return self.ppo if self.algorithm == "ppo" else self.shac

    @model_validator(mode="after")
    def _one_algorithm_is_set(self) -> TrainingConfig:
        other = self.shac if self.algorithm == "ppo" else self.ppo
        for name in type(other).model_fields:
            if getattr(other, name) != type(other).model_fields[name].default:
                raise ValueError(
                    f"algorithm = '{self.algorithm}' does not look at [{other.table}] {name}; take "
                    f"it out, or set algorithm = '{other.table}'"
                )
        return self

    @model_validator(mode="after")
    def _shac_can_differentiate(self) -> TrainingConfig:
        if self.algorithm != "shac":
            return self
        iterations = self.tracking.body.solver_iterations
        if iterations > 1:
            raise ValueError(
                "algorithm = 'shac' needs tracking.body.solver_iterations = 1, not "
                f"{iterations}: MJX cannot be differentiated backwards through more"
            )
        if self.tracking.reward.learned_offsets:
            raise ValueError(
                "tracking.reward.learned_offsets needs algorithm = 'ppo': SHAC learns the policy "
                "alone"
            )
        return self
