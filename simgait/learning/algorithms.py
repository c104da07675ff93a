"""The algorithms behind one face: all that the training loop knows of any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
from jax.sharding import Mesh

from simgait.learning.config import TrainingConfig
from simgait.learning.optimisers import KL_COLUMNS, at_iteration
from simgait.learning.ppo import PPO
from simgait.learning.shac import GRADIENT_COLUMNS, SHAC
from simgait.learning.teacher import COLUMN as TEACHER_COLUMN
from simgait.learning.teacher import teacher_of
from simgait.learning.teacher_given import refuse_nobody_to_follow
from simgait.tracking.angle_offsets import OFFSET_NAMES
from simgait.tracking.policies import Policy


@dataclass(frozen=True)
class Algorithm:
    """One algorithm with its recipe.

    Attributes:
        mesh: the devices that a run is spread over; None for one.
        start: `start(clips, key)` is a run before its first iteration; compiled on first use.
        iterate: `iterate(run, clips)` is the run after an iteration and what is to be logged of
            it; it takes over the memory of the run that it is given. Compiled on first use.
        fresh: what the optimiser remembers of weights that it has not moved yet.
        at_iteration: an optimiser's state with its schedule after so many iterations.
        columns: of the log, beyond those that every algorithm has.
    """

    mesh: Mesh | None
    start: Any
    iterate: Any
    fresh: Callable[[Any], Any]
    at_iteration: Callable[[Any, int], Any]
    columns: tuple[str, ...]


def make_algorithm(
    config: TrainingConfig, mesh: Mesh | None = None, teacher: Policy | None = None
) -> Algorithm:
    """The recipe's algorithm. Compiles nothing yet.

    Args:
        config: of the training.
        mesh: see `learning.sharding`.
        teacher: policy that is followed at first, where the recipe gives that a weight.

    Raises:
        InputError: the recipe does, and nobody is given.
    """
    refuse_nobody_to_follow(config, given=teacher is not None)
    return _ppo(config, mesh, teacher) if config.algorithm == "ppo" else _shac(config, mesh)


def _ppo(config: TrainingConfig, mesh: Mesh | None, teacher: Policy | None) -> Algorithm:
    ppo = PPO(config, mesh, None if teacher is None else teacher_of(teacher))
    adaptive = KL_COLUMNS if config.ppo.schedule == "kl_adaptive" else ()
    learned = OFFSET_NAMES if config.tracking.reward.learned_offsets else ()
    followed = () if teacher is None else (TEACHER_COLUMN,)
    return Algorithm(
        mesh,
        ppo.start,
        ppo.iterate,
        fresh=jax.jit(ppo.optimiser.init),
        at_iteration=lambda state, done: at_iteration(config.ppo, state, done),
        columns=(*adaptive, *learned, *followed),
    )


def _shac(config: TrainingConfig, mesh: Mesh | None) -> Algorithm:
    shac = SHAC(config, mesh)
    return Algorithm(
        mesh,
        shac.start,
        shac.iterate,
        fresh=jax.jit(shac.fresh),
        at_iteration=shac.at_iteration,
        columns=GRADIENT_COLUMNS,
    )
