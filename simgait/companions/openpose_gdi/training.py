"""Supervised training of the networks side by side, an epoch of each in turn, resumable exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int

from simgait.companions.openpose_gdi.columns import COLUMNS, WINDOW
from simgait.companions.openpose_gdi.config import OptimiserConfig
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows
from simgait.companions.openpose_gdi.networks import KINDS, Kind, Network

LEAST_SPREAD = 1e-3
"""Below any column's and any target's, so that a constant one is not divided by zero."""


@dataclass(frozen=True)
class Standard:
    """Mean and SD by which columns and targets are standardised."""

    column_mean: Float[np.ndarray, " 24"]
    column_sd: Float[np.ndarray, " 24"]
    target_mean: Float[np.ndarray, " 4"]
    target_sd: Float[np.ndarray, " 4"]

    @classmethod
    def of(cls, windows: LabelledWindows) -> Standard:
        """Those of windows to learn from."""
        flat = windows.columns.reshape(-1, len(COLUMNS))
        return cls(
            flat.mean(axis=0, dtype=np.float64),
            np.maximum(flat.std(axis=0, dtype=np.float64), LEAST_SPREAD),
            np.asarray(np.nanmean(windows.targets, axis=0, dtype=np.float64)),
            np.maximum(np.nanstd(windows.targets, axis=0, dtype=np.float64), LEAST_SPREAD),
        )

    def columns(self, columns: Float[np.ndarray, "W 124 24"]) -> Float[np.ndarray, "W 124 24"]:
        """Standardised, as the networks read them."""
        return np.asarray((columns - self.column_mean) / self.column_sd, np.float32)


@dataclass(frozen=True)
class TrainingState:
    """Everything a training is: variables and optimiser of each network, and epochs done."""

    variables: dict[Kind, Any]
    optimiser: dict[Kind, Any]
    epoch: Int[Array, ""]


jax.tree_util.register_dataclass(
    TrainingState, data_fields=["variables", "optimiser", "epoch"], meta_fields=[]
)
Update = Callable[[Any, Any, Any, Any, Any, Any], tuple[Any, Any, Array]]


def fresh_variables(kind: Kind, seed: int) -> Any:
    """Weights of a network before it learned anything."""
    blank = jnp.zeros((1, WINDOW, len(COLUMNS)))
    variables: Any = Network(kind).init(jax.random.key(seed), blank)
    return {"batch_stats": {}, **variables}


def optimiser_of(choice: OptimiserConfig, steps_per_epoch: int) -> optax.GradientTransformation:
    """RMSprop whose rate falls by a fifth every tenth of the training, as published."""
    every = max(1, choice.epochs * steps_per_epoch // 10)
    schedule = optax.exponential_decay(choice.learning_rate, every, choice.decay, staircase=True)
    return optax.chain(optax.clip_by_global_norm(choice.largest_gradient), optax.rmsprop(schedule))


def _update_of(kind: Kind, optimiser: optax.GradientTransformation) -> Update:
    network = Network(kind)

    @jax.jit
    def update(
        variables: Any, state: Any, key: Any, columns: Array, targets: Array, known: Array
    ) -> tuple[Any, Any, Array]:
        def loss(params: Any) -> tuple[Array, Any]:
            said, changed = network.apply(
                {**variables, "params": params}, columns, True,
                rngs={"dropout": key}, mutable=["batch_stats"],
            )  # fmt: skip
            error = jnp.square(said - targets) * known
            return error.sum() / jnp.maximum(known.sum(), 1.0), changed.get("batch_stats", {})

        (value, stats), gradient = jax.value_and_grad(loss, has_aux=True)(variables["params"])
        change, state = optimiser.update(gradient, state, variables["params"])
        params = optax.apply_updates(variables["params"], change)
        return {"params": params, "batch_stats": stats}, state, value

    return update


def train(
    windows: LabelledWindows,
    standard: Standard,
    choice: OptimiserConfig,
    *,
    kinds: Sequence[Kind] = KINDS,
    resume: Callable[[TrainingState], TrainingState] = lambda fresh: fresh,
    turn: Callable[[TrainingState, dict[str, float]], bool] = lambda state, losses: True,
) -> TrainingState:
    """Trains all networks; the same windows, settings and machine give the same weights.

    Args:
        windows: to learn from.
        standard: of them.
        choice: of the optimiser.
        kinds: of the networks.
        resume: gets a fresh state, gives the one to go on from.
        turn: called after each epoch of all networks with their mean losses; False ends it there.

    Returns:
        the last state.

    Raises:
        FloatingPointError: a loss was no number.
    """
    data = _standardised(windows, standard)
    batch = min(choice.batch, len(data[0]))
    steps = max(1, len(data[0]) // batch)
    optimiser = optimiser_of(choice, steps)
    updates = {kind: _update_of(kind, optimiser) for kind in kinds}
    variables = {kind: fresh_variables(kind, choice.seed) for kind in kinds}
    moments = {kind: optimiser.init(variables[kind]["params"]) for kind in kinds}
    state = resume(TrainingState(variables, moments, jnp.zeros((), jnp.int32)))
    for epoch in range(int(state.epoch), choice.epochs):
        order = np.random.default_rng([choice.seed, epoch]).permutation(len(data[0]))
        batches = order[: steps * batch].reshape(steps, batch)
        key = jax.random.fold_in(jax.random.key(choice.seed), epoch)
        variables, moments = dict(state.variables), dict(state.optimiser)
        losses: dict[str, float] = {}
        for kind in kinds:
            variables[kind], moments[kind], losses[kind] = _epoch(
                updates[kind], variables[kind], moments[kind], key, data, batches
            )
            if not np.isfinite(losses[kind]):
                raise FloatingPointError(f"the loss of the {kind} is {losses[kind]}")
        state = TrainingState(variables, moments, jnp.asarray(epoch + 1, jnp.int32))
        if not turn(state, losses):
            break
    return state


Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def _standardised(windows: LabelledWindows, standard: Standard) -> Data:
    """Columns and targets as the networks see them, and 1 where a target is known."""
    targets = (windows.targets - standard.target_mean) / standard.target_sd
    known = np.isfinite(targets).astype(np.float32)
    return standard.columns(windows.columns), np.nan_to_num(targets).astype(np.float32), known


def _epoch(
    update: Update, variables: Any, moments: Any, key: Any, data: Data, batches: np.ndarray
) -> tuple[Any, Any, float]:
    """All batches once: variables, the optimiser's state, and the mean loss."""
    values = []
    for step, rows in enumerate(batches):
        variables, moments, value = update(
            variables, moments, jax.random.fold_in(key, step), *(part[rows] for part in data)
        )
        values.append(value)
    return variables, moments, float(np.mean([float(value) for value in values]))
