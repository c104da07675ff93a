"""Whether a training learns the same on one device and on several, with the body's own physics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import jax
import numpy as np
from jaxtyping import Float

from simgait.benchmark.scorecard_rows import Row
from simgait.jax_setup import DEVICES, MOST_SAID
from simgait.learning.algorithms import make_algorithm
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.run_state import placed_run
from simgait.learning.sharding import SAME, placed, training_mesh
from simgait.parameters.wording import counted
from simgait.tracking.clips import build_clips
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial

SMALL = TrainingConfig(
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
    ppo=PPOConfig(n_envs=16, unroll=4, epochs=2, minibatches=2, total_steps=10_000, warm_up=0),
)
"""A training whose batch divides by one, two, four and eight."""
ITERATIONS = 4
COLUMNS = ("reward", "angle_error_deg", "value_loss")
LEAST = 1e-3
"""Numbers smaller than this differ relative to it."""
BAR = 2e-3
"""The tolerance that tests hold trainings without contact physics to."""
Tell = Callable[[str], None]


def curve_rows(
    devices: Sequence[int], walks: Sequence[FittedTrial], tell: Tell, *, measured: bool
) -> Iterator[Row]:
    """A row for each number of devices after the first: how far its curve is from the first's.

    Args:
        devices: numbers of devices; the first one's curve is what the others are compared with.
        walks: to learn from.
        tell: gets a sentence before each curve.
        measured: False gives the rows without measuring; so are those of more devices than exist.

    Raises:
        InputError: the small training's batch cannot be shared out over so many.
    """
    first, *others = devices
    usual = None
    for n in others:
        difference = float("nan")
        run = measured and max(n, first) <= len(jax.devices())
        why = _too_few(max(n, first)) if measured else "ask with --devices 1,2,4,8"
        if run:
            usual = _told_curve(first, walks, tell) if usual is None else usual
            difference = difference_of(_told_curve(n, walks, tell), usual)
        yield Row(
            f"learning curve, {n} devices beside {first}, largest difference", difference,
            "relative", ITERATIONS if run else 0, BAR, not_asked="" if run else why,
        )  # fmt: skip


def _too_few(asked: int) -> str:
    """Why so many devices are not measured, and what makes as many where the backend is the CPU."""
    there = len(jax.devices())
    said = f"there {'is' if there == 1 else 'are'} {counted(there, 'device')}"
    if jax.default_backend() != "cpu" or asked > MOST_SAID:
        return said
    return f"{said}; {DEVICES}={asked} makes {asked} on a CPU"


def _told_curve(devices: int, walks: Sequence[FittedTrial], tell: Tell) -> Float[np.ndarray, "I C"]:
    tell(f"learning curve on {devices} of {len(jax.devices())} devices ...")
    return learning_curve(SMALL, devices, walks)


def learning_curve(
    config: TrainingConfig, devices: int, walks: Sequence[FittedTrial]
) -> Float[np.ndarray, "I C"]:
    """`COLUMNS` of the first iterations of a training on so many devices.

    Raises:
        InputError: there are fewer, or the batch cannot be shared out.
    """
    mesh = training_mesh(config.learner, devices)
    algorithm = make_algorithm(config, mesh)
    clips = build_clips(walks, config.tracking.body, frames=config.data.frames)
    run = placed_run(algorithm.start(clips, jax.random.key(config.learner.seed)), mesh)
    clips = placed(clips, mesh, SAME)
    rows = []
    for _ in range(ITERATIONS):
        run, measured = algorithm.iterate(run, clips)
        rows.append([float(measured[name]) for name in COLUMNS])
    return np.array(rows)


def difference_of(one: Float[np.ndarray, "I C"], other: Float[np.ndarray, "I C"]) -> float:
    """The largest difference of two curves' numbers, relative to the other's."""
    return float(np.max(np.abs(one - other) / np.maximum(np.abs(other), LEAST)))
