"""The stages of a whole recipe, and how long each usually takes."""

from __future__ import annotations

from pathlib import Path

from simgait.datasets.real_recordings import n_real_files
from simgait.learning.config import TrainingConfig
from simgait.learning.refiner_run import WALK_S, planned_refiner
from simgait.learning.run_examples import CHOSEN_BY, LEARNED
from simgait.learning.whole_time import Stage

COMPILING, TRAINING = "compiling the physics", "training"
COMPILE_S = 240.0
"""Measured with the shipped recipe on two busy cores: 46 s to begin, 19 s to lower, 175 s to
compile."""
STEPS_PER_S = {"ppo": 4200.0, "shac": 580.0}
"""Environment steps with learning: PPO by the default recipe on two idle cores (between the 3 975
and 4 472 of 29 November 2026), SHAC by its own (docs/training.md). Larger networks are slower,
which the pace tells once a training is begun."""


def planned_training(
    config: TrainingConfig,
    real: Path | None,
    *,
    with_refiner: bool,
    with_walks: bool = True,
    steps_behind: int = 0,
) -> list[Stage]:
    """All stages of a policy's training, in order.

    Args:
        config: the run.
        real: real recordings, None for synthetic walkers only.
        with_refiner: whether it has to be trained.
        with_walks: whether walks to learn from are made, and not read from a set.
        steps_behind: of the policy.
    """
    data, learner = config.data, config.learner
    stages = planned_refiner(config, real) if with_refiner else []
    if with_walks:
        stages.append(Stage(LEARNED, data.n_synthetic, WALK_S))
        if data.n_from_validation:
            stages.append(Stage(f"more {LEARNED}", data.n_from_validation, WALK_S))
        if files := n_real_files(real):
            stages.append(Stage(f"real {LEARNED}", files, WALK_S * (1 + data.real_copies)))
    stages.append(Stage(CHOSEN_BY, data.n_validation, WALK_S))
    stages.append(Stage(COMPILING, 1, COMPILE_S, tells_pace=False))
    iterations = learner.iterations - steps_behind // learner.steps_of_iteration
    unit_s = learner.steps_of_iteration / STEPS_PER_S[config.algorithm]
    return [*stages, Stage(TRAINING, iterations, unit_s)]
