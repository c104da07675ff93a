"""Supervised training on random windows: one compiled program a step, on CPU and GPU alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, PRNGKeyArray

from simgait.companions.gait_transformer.columns import (
    ANGLE_COLUMNS,
    ANGLE_SCALE_RAD,
    FOOT_VELOCITY_COLUMNS,
    HEEL_COLUMNS,
    HEEL_SCALE,
    INPUT_SIGN,
    KEYPOINT_ORDER,
    N_FEATURES,
    N_KEYPOINTS,
    OUTPUT_ORDER,
    OUTPUT_SIGN,
    PHASE_COLUMNS,
    SPEED_SCALE,
    VELOCITY_COLUMNS,
    mirror_input,
)
from simgait.companions.gait_transformer.config import GaitTransformerConfig, OptimiserConfig
from simgait.companions.gait_transformer.data import LabelledWalk, PaddedWalks, pad
from simgait.companions.gait_transformer.network import GaitTransformer, features
from simgait.companions.gait_transformer.weights import TransformerWeights
from simgait.skeleton.keypoints import KEYPOINT_INDEX, REQUIRED_KEYPOINTS

LONGEST_PIECE = 240
"""Frames (8 s); longer walks are cut, so that padding to the longest does not fill memory."""
HELD_WINDOWS = 256
"""Of the held-out walks, the same at each validation: a mean over them repeats to a few percent."""
# Losses are Huber's in the network's units, in which errors worth telling apart are about 0.1.
GROUPS: dict[str, tuple[slice, float]] = {
    "phase": (PHASE_COLUMNS, 2.0),
    "velocity": (VELOCITY_COLUMNS, 1.0),
    "foot_velocity": (FOOT_VELOCITY_COLUMNS, 0.5),
    "angle": (ANGLE_COLUMNS, 1.0),
    "heel": (HEEL_COLUMNS, 1.0),
}
_CAN_BE_HIDDEN = np.ones(N_KEYPOINTS, np.float32)
_CAN_BE_HIDDEN[[KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]] = 0.0


def standardisation(
    walks: Sequence[LabelledWalk],
) -> tuple[Float[np.ndarray, "23 3"], Float[np.ndarray, "23 3"]]:
    """Mean and SD of each keypoint where it is seen, over the walks and their mirror images."""
    points = np.concatenate([walk.points for walk in walks])
    both = np.concatenate([points, mirror_input(points)])
    mask = both[..., 3:]
    count = np.maximum(mask.sum(axis=0), 1.0)
    mean = both[..., :3].sum(axis=0, dtype=np.float64) / count
    variance = (np.square(both[..., :3] - mean) * mask).sum(axis=0, dtype=np.float64) / count
    # A hip is always at the same place: floor the spread.
    return mean.astype(np.float32), np.maximum(np.sqrt(variance), 0.005).astype(np.float32)


Batch = dict[str, Array]
Errors = dict[str, float]
NO_ERRORS: Errors = {"loss": float("inf")}
"""Of the best weights before the first validation."""
Objective = Callable[[Any, Batch, PRNGKeyArray | None], Any]


def draw_windows(
    data: dict[str, Array], key: PRNGKeyArray, count: int, frames: int, hide: float
) -> Batch:
    """Random windows of random walks, half of them mirrored, some keypoints hidden."""
    n = data["length"].shape[0]
    which, where, mirror, hidden = jax.random.split(key, 4)
    rows = jax.random.randint(which, (count,), 0, n)
    spare = jnp.maximum(data["length"][rows] - frames, 0)
    start = jnp.floor(jax.random.uniform(where, (count,)) * (spare + 1)).astype(jnp.int32)

    def cut(name: str) -> Array:
        values = data[name]

        def one(row: Array, begin: Array) -> Array:
            size = (1, frames, *values.shape[2:])
            corner: list[Any] = [row, begin, *[0] * (values.ndim - 2)]
            return jax.lax.dynamic_slice(values, corner, size)[0]

        return jax.vmap(one)(rows, start)

    points, target, known = cut("points"), cut("target"), cut("known")
    valid = (start[:, None] + jnp.arange(frames) < data["length"][rows, None]).astype(jnp.float32)
    flip = jax.random.bernoulli(mirror, 0.5, (count,))[:, None, None]
    points = jnp.where(flip[..., None], points[:, :, KEYPOINT_ORDER] * INPUT_SIGN, points)
    target = jnp.where(flip, target[..., OUTPUT_ORDER] * OUTPUT_SIGN, target)
    known = jnp.where(flip, known[..., OUTPUT_ORDER], known)
    drop = jax.random.bernoulli(hidden, hide, (count, N_KEYPOINTS)) * _CAN_BE_HIDDEN
    points = points * (1.0 - drop)[:, None, :, None]
    return {
        "points": points, "target": target, "known": known * valid[..., None], "valid": valid,
        "height_m": data["height_m"][rows],
    }  # fmt: skip


def loss_and_parts(
    output: Float[Array, "B T 20"], batch: Batch, window_mean_weight: float
) -> tuple[Array, dict[str, Array]]:
    """Weighted sum of the groups' losses, and what a reader can judge: errors in units."""
    error = (output - batch["target"]) * batch["known"]
    loss = jnp.zeros(())
    root: dict[str, Array] = {}
    for name, (columns, weight) in GROUPS.items():
        count = jnp.maximum(batch["known"][..., columns].sum(), 1.0)
        loss += weight * optax.huber_loss(error[..., columns]).sum() / count
        root[name] = jnp.sqrt(jnp.square(error[..., columns]).sum() / count)
    per_window = jnp.maximum(batch["known"][..., VELOCITY_COLUMNS].sum(1), 1.0)
    mean_error = error[..., VELOCITY_COLUMNS].sum(1) / per_window
    loss += window_mean_weight * jnp.square(mean_error).mean()
    parts = {
        "loss": loss,
        "phase": root["phase"],
        "angle_deg": jnp.rad2deg(ANGLE_SCALE_RAD * root["angle"]),
        "heel_cm_per_m": 100.0 * HEEL_SCALE * root["heel"],
        "speed_froude": SPEED_SCALE * root["velocity"],
        "mean_speed_froude": SPEED_SCALE * jnp.sqrt(jnp.square(mean_error[:, 0]).mean()),
    }
    return loss, parts


def _on_device(walks: PaddedWalks) -> dict[str, Array]:
    return {name: jnp.asarray(value) for name, value in vars(walks).items()}


def _optimiser(choice: OptimiserConfig) -> optax.GradientTransformation:
    """AdamW with a warm-up and a cosine decay, gradients clipped."""
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, choice.learning_rate, min(100, choice.steps // 4), choice.steps
    )
    return optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=choice.weight_decay)
    )


def _objective(
    network: GaitTransformer, mean: np.ndarray, sd: np.ndarray, window_mean_weight: float
) -> Objective:
    """Loss and its parts of a batch; without a key nothing is dropped out."""

    def objective(params: Any, batch: Batch, key: PRNGKeyArray | None) -> Any:
        x = features(batch["points"], batch["height_m"], jnp.asarray(mean), jnp.asarray(sd))
        rngs = {} if key is None else {"dropout": key}
        out = network.apply(params, x, batch["valid"], training=key is not None, rngs=rngs)
        return loss_and_parts(jnp.asarray(out), batch, window_mean_weight)

    return objective


def _update(
    objective: Objective,
    optimiser: optax.GradientTransformation,
    choice: OptimiserConfig,
    frames: int,
) -> Callable[[Any, Any, dict[str, Array], PRNGKeyArray], tuple[Any, Any, dict[str, Array]]]:
    """One step on windows drawn by its key: parameters, the optimiser's state, and the errors."""

    @jax.jit
    def update(
        params: Any, state: Any, data: dict[str, Array], key: PRNGKeyArray
    ) -> tuple[Any, Any, dict[str, Array]]:
        draw, drop = jax.random.split(key)
        batch = draw_windows(data, draw, choice.batch, frames, choice.keypoint_dropout)
        gradient, parts = jax.grad(objective, has_aux=True)(params, batch, drop)
        change, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, change), state, parts

    return update


def _fresh_weights(network: GaitTransformer, key: PRNGKeyArray, frames: int) -> Any:
    blank = jnp.zeros((1, frames, N_FEATURES))
    return network.init(key, blank, jnp.ones((1, frames)))


def _validation(
    objective: Objective, walks: Sequence[LabelledWalk], frames: int
) -> Callable[[Any], Errors]:
    """Errors of parameters on windows of validation walkers, the same at every validation."""
    data = _on_device(pad(walks, LONGEST_PIECE, frames))
    held = draw_windows(data, jax.random.key(1), HELD_WINDOWS, frames, 0.0)
    evaluate = jax.jit(lambda params, batch: objective(params, batch, None))

    def errors(params: Any) -> Errors:
        _, parts = evaluate(params, held)
        return {name: float(value) for name, value in parts.items()}

    return errors


@dataclass(frozen=True)
class TransformerState:
    """Everything a training is, for an exact resume: windows are drawn by the step alone."""

    params: Any
    optimiser: Any
    best: Any
    step: Int[Array, ""]


jax.tree_util.register_dataclass(
    TransformerState, data_fields=["params", "optimiser", "best", "step"], meta_fields=[]
)


def train(
    walks: Sequence[LabelledWalk],
    validation: Sequence[LabelledWalk],
    config: GaitTransformerConfig,
    report: Callable[[int, Errors], None] = lambda step, parts: None,
    out_of_time: Callable[[], bool] = lambda: False,
    *,
    resume: Callable[[TransformerState], tuple[TransformerState, Errors]] = (
        lambda fresh: (fresh, NO_ERRORS)
    ),
    turn: Callable[[TransformerState, Errors, bool], None] = lambda state, errors, validated: None,
) -> tuple[TransformerWeights, Errors]:
    """Trains; the same walks, config and machine give the same weights, if there is time enough.

    Args:
        walks: of training subjects.
        validation: of others; the weights that do best on windows of theirs are kept.
        config: network, optimiser and seeds.
        report: called with the step and its errors at every validation.
        out_of_time: asked after every validation; True ends the training there.
        resume: gets a fresh state, gives the one to go on from and its best weights' errors.
        turn: called after every step with both, and whether the step was validated.

    Returns:
        the best weights, their validation errors and the "step" they come from.

    Raises:
        FloatingPointError: no validation loss was a number.
    """
    choice, frames = config.optimiser, config.network.window_frames
    mean, sd = standardisation(walks)
    data = _on_device(pad(walks, LONGEST_PIECE, frames))
    optimiser = _optimiser(choice)
    network = GaitTransformer(config.network, choice.dropout)
    key = jax.random.key(choice.seed)
    params = _fresh_weights(network, jax.random.fold_in(key, choice.steps), frames)
    objective = _objective(network, mean, sd, choice.window_mean_weight)

    update = _update(objective, optimiser, choice, frames)
    errors_of = _validation(objective, validation, frames)
    fresh = TransformerState(params, optimiser.init(params), params, jnp.zeros((), jnp.int32))
    state, best_errors = resume(fresh)
    for step in range(int(state.step), choice.steps):
        step_key = jax.random.fold_in(key, step)
        params, moments, parts = update(state.params, state.optimiser, data, step_key)
        best = state.best
        validated = (step + 1) % choice.validate_every == 0 or step + 1 == choice.steps
        if validated:
            errors = errors_of(params)
            # A loss that is not a number never wins.
            if errors["loss"] < best_errors["loss"]:
                best, best_errors = params, errors | {"step": step + 1.0}
            report(step + 1, {f"train_{k}": float(v) for k, v in parts.items()} | errors)
        state = TransformerState(params, moments, best, jnp.asarray(step + 1, jnp.int32))
        turn(state, best_errors, validated)
        if validated and out_of_time():
            break
    if not np.isfinite(best_errors["loss"]):
        raise FloatingPointError("training never gave a finite validation loss")
    return TransformerWeights(config, jax.tree.map(np.asarray, state.best), mean, sd), best_errors
