"""Rows of both ablations as recipes, and budgets: how much of a recipe a machine can bear.

A budget is the same for all rows, so that they can be compared. What it takes away is in the
configuration that is written beside each result.
"""

from __future__ import annotations

from pathlib import PurePath

from pydantic import BaseModel, ConfigDict, Field

from simgait.clock import CONTROL_RATE_HZ
from simgait.learning.config import TrainingConfig
from simgait.learning.curriculum import CurriculumConfig
from simgait.tracking.config import TrackingConfig

OWN_ROW = "simgait"
"""The row of the default recipe; the others are the paper's."""
ROWS: dict[str, str] = {
    "final": "paper_final.toml",
    "init": "paper_init.toml",
    "base": "paper_base.toml",
    "exp": "paper_exp.toml",
    "noaug": "paper_noaug.toml",
    "future0": "paper_future0.toml",
    "future5": "paper_future5.toml",
    "future10": "paper_future10.toml",
    "small": "paper_small.toml",
    "mocap": "paper_mocap.toml",
    "pd": "paper_pd.toml",
    OWN_ROW: "train_default.toml",
}
"""Row of the paper's Table I -> recipe in `configs/`."""
SETTINGS_ROWS: dict[str, str] = {
    name: f"settings/{name}.toml"
    for name in (
        "default", "adamw", "rmsprop", "muon", "constant", "kl_adaptive", "by_failure",
        "no_retries", "tightening", "noise", "helper", "asymmetric", "bfloat16",
        "ahead", "encoder", "light", "teacher", "student",
    )
}  # fmt: skip
"""Row -> recipe: the default recipe, and the same with one setting that is not the default."""
PAPER_CONFIGURATIONS = frozenset(
    PurePath(recipe).stem for row, recipe in ROWS.items() if row != OWN_ROW
)
"""Names of the configurations that follow rows of the paper."""


class Budget(BaseModel):
    """Limits on a recipe; None leaves it as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: int | None = Field(None, ge=1, description="environment steps")
    n_envs: int | None = Field(None, ge=1, description="environments in parallel")
    unroll: int | None = Field(None, ge=1, description="steps per environment and iteration")
    epochs: int | None = Field(None, ge=1, description="passes over each batch")
    minibatches: int | None = Field(None, ge=1, description="minibatches per pass")
    max_layers: int | None = Field(None, ge=1, description="hidden layers at the most")
    max_width: int | None = Field(None, ge=1, description="units per hidden layer at the most")
    max_substeps: int | None = Field(None, ge=1, description="physics steps per control step")
    max_walkers: int | None = Field(None, ge=1, description="synthetic walkers to learn from")
    max_copies: int | None = Field(None, ge=0, description="monocular copies of a real walk")
    n_validation: int | None = Field(None, ge=1, description="walkers that choose a checkpoint")
    validate_every: int | None = Field(None, ge=10, description="iterations between validations")
    max_start_batch: int | None = Field(None, ge=1, description="starts per initialiser update")
    max_start_horizon: int | None = Field(None, ge=1, description="steps of its return")
    scored_walkers: int = Field(64, ge=1, description="walkers that the result is scored on")
    scored_s: float = Field(8.0, gt=0, description="length of a scored walk, s")


BUDGETS: dict[str, Budget] = {
    "full": Budget(),
    "cpu-small": Budget(
        steps=2_000_000, n_envs=512, unroll=16, epochs=4, minibatches=8, max_layers=3,
        max_width=256, max_substeps=8, max_walkers=400, max_copies=1, n_validation=24,
        validate_every=60, max_start_batch=32, max_start_horizon=8, scored_walkers=32,
    ),
    "smoke": Budget(
        steps=2048, n_envs=32, unroll=8, epochs=1, minibatches=2, max_layers=2, max_width=32,
        max_substeps=4, max_walkers=4, max_copies=0, n_validation=2, validate_every=1000,
        max_start_batch=4, max_start_horizon=2, scored_walkers=2, scored_s=4.0,
    ),
}  # fmt: skip


def within_budget(
    config: TrainingConfig, budget: Budget, steps: int | None = None
) -> TrainingConfig:
    """The recipe as this budget lets it run; a curriculum takes the same share of the training.

    Args:
        config: the full-size recipe.
        budget: its limits.
        steps: environment steps, instead of the budget's.
    """

    def lowest(value: int, limit: int | None) -> int:
        return value if limit is None else min(value, limit)

    def layers(widths: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(lowest(w, budget.max_width) for w in widths[: budget.max_layers])

    def given(**values: int | None) -> dict[str, int]:
        return {name: value for name, value in values.items() if value is not None}

    tracking, data, starts = config.tracking, config.data, config.initialiser
    substeps = lowest(tracking.control.substeps, budget.max_substeps)
    networks = config.networks.model_copy(
        update={
            "policy_layers": layers(config.networks.policy_layers),
            "value_layers": layers(config.networks.value_layers),
            "encoder_layers": layers(config.networks.encoder_layers),
        }
    )
    total = steps or budget.steps or config.learner.total_steps
    learner = given(
        total_steps=total,
        n_envs=budget.n_envs,
        unroll=budget.unroll,
        epochs=budget.epochs,
        minibatches=budget.minibatches,
    )
    walkers = lowest(data.n_synthetic, budget.max_walkers)
    walks = {
        "n_synthetic": walkers,
        # The share that validation walkers have in the full recipe.
        "n_from_validation": data.n_from_validation * walkers // max(data.n_synthetic, 1),
        "real_copies": lowest(data.real_copies, budget.max_copies),
    } | given(n_validation=budget.n_validation)
    start = {
        "batch": lowest(starts.batch, budget.max_start_batch),
        "horizon": lowest(starts.horizon, budget.max_start_horizon),
    }
    return config.model_copy(
        update={
            "tracking": _with_substeps(tracking, substeps),
            "networks": networks,
            config.learner.table: config.learner.model_copy(update=learner),
            "data": data.model_copy(update=walks),
            "initialiser": starts.model_copy(update=start),
            "curriculum": _same_share(config.curriculum, config.learner.total_steps, total),
        }
        | given(validate_every=budget.validate_every)
    )


def _with_substeps(tracking: TrackingConfig, substeps: int) -> TrackingConfig:
    """The environment with so many physics steps per control step, each as long as they fit."""
    body = tracking.body
    if substeps != tracking.control.substeps:
        body = body.model_copy(update={"timestep_s": 1.0 / (CONTROL_RATE_HZ * substeps)})
    control = tracking.control.model_copy(update={"substeps": substeps})
    return tracking.model_copy(update={"body": body, "control": control})


def _same_share(curriculum: CurriculumConfig, full: int, now: int) -> CurriculumConfig:
    """Schedules that take the same share of a training of `now` steps as of one of `full`."""
    if now == full:
        return curriculum
    scaled = {
        name: one.model_copy(update={"steps": max(round(one.steps * now / full), 1)})
        for name, one in curriculum.schedules.items()
    }
    return curriculum.model_copy(update=scaled)
