"""Training: the frame network on postures, what reads its numbers on the GDI, designs as a whole.

Published is the last alone, from the GDI of some hundred exams. A rendered walker's posture is
known in every frame, so that the frame network can learn it first: then the 16 numbers that it says
of a frame are its angles, and what reads them over time has little to learn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, UInt8

from simgait.companions.gdi_net.config import OptimiserConfig
from simgait.companions.gdi_net.frames import N_FRAMES, STRIDE, WINDOW
from simgait.companions.gdi_net.networks import (
    DENSE,
    LEAST_POINTS,
    N_BUCKETS,
    Design,
    FrameNet,
    Network,
    scaled,
    time_part,
)
from simgait.companions.gdi_net.walkers import RenderedWalks

LEAST_SPREAD = 1e-3
"""Below any angle's and the GDI's, so that a constant one is not divided by zero."""
LARGEST_GRADIENT = 5.0
"""Chosen: norm beyond which it is cut."""
L2_BLOCKS = ("conv1", "conv2")
FRAMES_OF_CALL = 102
"""Two walks: one shape, one compilation."""


@dataclass(frozen=True)
class Standard:
    """Mean and SD of the GDI, and of the angles of a frame followed by its walk's GDI."""

    gdi_mean: float
    gdi_sd: float
    frame_mean: Float[np.ndarray, " P"]
    frame_sd: Float[np.ndarray, " P"]

    @classmethod
    def of(cls, walks: RenderedWalks) -> Standard:
        """Those of walks to learn from."""
        rows = frame_targets(walks).reshape(-1, walks.posture.shape[-1] + 1)
        mean, sd = rows.mean(axis=0), np.maximum(rows.std(axis=0), LEAST_SPREAD)
        return cls(float(mean[-1]), float(sd[-1]), mean, sd)


def frame_targets(walks: RenderedWalks) -> Float[np.ndarray, "N 51 P"]:
    """The posture of each frame, and the GDI of its walk."""
    gdi = np.broadcast_to(walks.target[:, None, None], (*walks.posture.shape[:2], 1))
    return np.concatenate([walks.posture, gdi], axis=-1).astype(np.float64)


def window_frames(every: int) -> Int[np.ndarray, "W 10"]:
    """Frames of each window of a walk of 51: ten, `every` apart, windows 5 frames apart."""
    last = N_FRAMES - 1 - (WINDOW - 1) * every
    starts = np.arange(0, last + 1, STRIDE)
    return np.asarray(starts[:, None] + every * np.arange(WINDOW))


Batch = tuple[Array | np.ndarray, ...]
Loss = Callable[[Any, Any, Batch], tuple[Array, Any]]


@dataclass(frozen=True)
class Task:
    """One thing to be learned.

    Attributes:
        name: for people.
        loss: of variables, key and batch; with the new batch_stats.
        draw: a batch of a step's random numbers.
        steps: how many.
        learning_rate: at the begin.
    """

    name: str
    loss: Loss
    draw: Callable[[np.random.Generator], Batch]
    steps: int
    learning_rate: float


@dataclass(frozen=True)
class TaskState:
    """A task under way."""

    variables: Any
    optimiser: Any
    step: Int[Array, ""]


jax.tree_util.register_dataclass(
    TaskState, data_fields=["variables", "optimiser", "step"], meta_fields=[]
)


def optimiser_of(learning_rate: float, steps: int) -> optax.GradientTransformation:
    """Adam; the rate falls to nothing along half a cosine (published: × .95 every ten epochs)."""
    schedule = optax.cosine_decay_schedule(learning_rate, steps)
    return optax.chain(optax.clip_by_global_norm(LARGEST_GRADIENT), optax.adam(schedule))


def begun(variables: Any) -> TaskState:
    """A task before its first step, when neither its rate nor its steps matter."""
    optimiser = optimiser_of(1.0, 1)
    return TaskState(variables, optimiser.init(variables["params"]), jnp.zeros((), jnp.int32))


def learn(
    task: Task,
    state: TaskState,
    choice: OptimiserConfig,
    *,
    turn: Callable[[TaskState, float], bool] = lambda state, loss: True,
    every: int = 100,
) -> Any:
    """Does a task; the same batches, settings and machine give the same variables.

    Args:
        task: what is learned.
        state: `begun`, or one to go on from.
        choice: of the optimiser.
        turn: called every so many steps with the mean loss since; False ends it there.
        every: steps.

    Returns:
        the variables.

    Raises:
        FloatingPointError: a loss was no number.
    """
    optimiser = optimiser_of(task.learning_rate, task.steps)

    @jax.jit
    def update(state: TaskState, key: Any, batch: Batch) -> tuple[TaskState, Array]:
        def loss(params: Any) -> tuple[Array, Any]:
            return task.loss({**state.variables, "params": params}, key, batch)

        (value, stats), gradient = jax.value_and_grad(loss, has_aux=True)(state.variables["params"])
        change, moments = optimiser.update(gradient, state.optimiser, state.variables["params"])
        params = optax.apply_updates(state.variables["params"], change)
        return TaskState({"params": params, **stats}, moments, state.step + 1), value

    values: list[Array] = []
    for step in range(int(state.step), task.steps):
        batch = task.draw(np.random.default_rng([choice.seed, step]))
        key = jax.random.fold_in(jax.random.key(choice.seed), step)
        state, value = update(state, key, batch)
        values.append(value)
        if (step + 1) % every == 0 or step + 1 == task.steps:
            mean = float(np.mean([float(value) for value in values]))
            values = []
            if not np.isfinite(mean):
                raise FloatingPointError(f"{task.name}: the loss is {mean}")
            if not turn(state, mean):
                break
    return state.variables


def posture_task(walks: RenderedWalks, standard: Standard, choice: OptimiserConfig) -> Task:
    """The frame network learns the posture of single frames, and the GDI beside it."""
    targets = (frame_targets(walks) - standard.frame_mean) / standard.frame_sd
    targets = targets.astype(np.float32)
    # Angles are told by many rows, and halved pictures would blur them.
    n, net = targets.shape[-1], FrameNet(dropout=0.0)

    def loss(variables: Any, key: Any, batch: Batch) -> tuple[Array, Any]:
        said, stats = net.apply(
            variables, scaled(jnp.asarray(batch[0])), True, rngs={"dropout": key},
            mutable=["batch_stats"],
        )  # fmt: skip
        error = jnp.mean(jnp.square(said[:, :n] - batch[1]))
        return error + _l2(variables["params"], choice.l2), stats

    def draw(rng: np.random.Generator) -> Batch:
        walk = rng.integers(len(walks.frames), size=choice.posture_batch)
        frame = rng.integers(N_FRAMES, size=choice.posture_batch)
        return walks.frames[walk, frame], targets[walk, frame]

    return Task("postures", loss, draw, choice.posture_steps, choice.learning_rate)


def over_time_task(
    design: Design,
    numbers: Float[np.ndarray, "N 51 16"],
    walks: RenderedWalks,
    standard: Standard,
    choice: OptimiserConfig,
    every: int,
    windows: Int[np.ndarray, "K 2"] | None = None,
) -> Task:
    """What reads the frame network's numbers learns the GDI, of all windows or of some."""
    net = time_part(design)
    some = all_windows(len(numbers), every) if windows is None else windows

    def loss(variables: Any, key: Any, batch: Batch) -> tuple[Array, Any]:
        said = net.apply(variables, batch[0], True)
        return said_loss(design, jnp.asarray(said), jnp.asarray(batch[1]), standard), {}

    def draw(rng: np.random.Generator) -> Batch:
        walk, frames = _drawn(rng, some, choice.over_time_batch, every)
        return numbers[walk[:, None], frames], walks.target[walk].astype(np.float32)

    return Task(design.label, loss, draw, choice.over_time_steps, choice.learning_rate)


def whole_task(
    design: Design,
    walks: RenderedWalks,
    standard: Standard,
    choice: OptimiserConfig,
    every: int,
) -> Task:
    """A design learns from the GDI alone."""
    net, windows = Network(design), all_windows(len(walks.frames), every)

    def loss(variables: Any, key: Any, batch: Batch) -> tuple[Array, Any]:
        said, stats = net.apply(
            variables, jnp.asarray(batch[0]), True, rngs={"dropout": key}, mutable=["batch_stats"]
        )
        error = said_loss(design, jnp.asarray(said), jnp.asarray(batch[1]), standard)
        return error + _l2(variables["params"]["frame"], choice.l2), stats

    def draw(rng: np.random.Generator) -> Batch:
        walk, frames = _drawn(rng, windows, choice.whole_batch, every)
        return walks.frames[walk[:, None], frames], walks.target[walk].astype(np.float32)

    if design.reads == "vgg16":
        return Task(design.label, loss, draw, choice.vgg16_steps, choice.vgg16_learning_rate)
    return Task(design.label, loss, draw, choice.whole_steps, choice.whole_learning_rate)


def all_windows(walks: int, every: int) -> Int[np.ndarray, "K 2"]:
    """Walk and first frame of every window that fits."""
    starts = N_FRAMES - (WINDOW - 1) * every
    return np.stack(np.meshgrid(np.arange(walks), np.arange(starts), indexing="ij"), -1).reshape(
        -1, 2
    )


def _drawn(
    rng: np.random.Generator, windows: Int[np.ndarray, "K 2"], count: int, every: int
) -> tuple[Int[np.ndarray, " B"], Int[np.ndarray, "B 10"]]:
    """Walks, and the frames of a window of each."""
    walk, start = windows[rng.integers(len(windows), size=count)].T
    return walk, start[:, None] + every * np.arange(WINDOW)


def said_loss(
    design: Design, said: Float[Array, "B K"], gdi: Float[Array, " B"], standard: Standard
) -> Array:
    """Squared error of the standardised GDI, or minus the log probability of its bucket."""
    if not design.buckets:
        return jnp.mean(jnp.square(said[:, 0] - (gdi - standard.gdi_mean) / standard.gdi_sd))
    bucket = jnp.clip(jnp.round(gdi) - LEAST_POINTS, 0, N_BUCKETS - 1).astype(jnp.int32)
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(said, bucket))


def gdi_of(
    design: Design, said: Float[Array, "B K"], standard: Standard
) -> Float[np.ndarray, " B"]:
    """Points, from what a network says; of buckets the mean by their probabilities."""
    if not design.buckets:
        return np.asarray(said[:, 0], float) * standard.gdi_sd + standard.gdi_mean
    points = LEAST_POINTS + np.arange(N_BUCKETS)
    return np.asarray(np.asarray(jax.nn.softmax(said), float) @ points)


def _l2(params: Any, weight: float) -> Array:
    """Of the kernels of the second and third block."""
    kernels = [layer["kernel"] for name, layer in params.items() if name.startswith(L2_BLOCKS)]
    return weight * sum((jnp.sum(jnp.square(k)) for k in kernels), jnp.zeros(()))


@partial(jax.jit)
def _frame_numbers(variables: Any, frames: UInt8[Array, "B h w 3"]) -> Array:
    return jnp.asarray(FrameNet().apply(variables, scaled(frames), False))


def frame_numbers(
    variables: Any, frames: UInt8[np.ndarray, "N 51 h w 3"]
) -> Float[np.ndarray, "N 51 16"]:
    """What the frame network says of every frame of walks."""
    flat = frames.reshape(-1, *frames.shape[2:])
    said = []
    for first in range(0, len(flat), FRAMES_OF_CALL):
        part = flat[first : first + FRAMES_OF_CALL]
        blank = np.zeros((FRAMES_OF_CALL - len(part), *part.shape[1:]), np.uint8)
        said.append(
            np.asarray(_frame_numbers(variables, np.concatenate([part, blank])))[: len(part)]
        )
    return np.concatenate(said).reshape(*frames.shape[:2], DENSE)
