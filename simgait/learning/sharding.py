"""A training spread over devices: environments and minibatches are shared out, weights are not.

Each device simulates its share of the environments and takes its share of every minibatch; XLA adds
the gradients up. What is drawn at random does not hang on the number of devices, so the learning
curve is the same but for the order in which floats are added.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from simgait.errors import InputError
from simgait.learning.config import LearnerConfig

ENVIRONMENTS = "environments"
"""The axis of a mesh along which environments lie."""
SAME, BY_ENVIRONMENT, BY_SAMPLE = (
    PartitionSpec(),
    PartitionSpec(ENVIRONMENTS),
    PartitionSpec(None, ENVIRONMENTS),
)
Tree = TypeVar("Tree")


def training_mesh(config: LearnerConfig, asked: int | None) -> Mesh | None:
    """The devices that a training is spread over; None for one.

    Args:
        config: whose environments and minibatches are shared out.
        asked: how many devices of each process; None for as many as there are and divide the batch.

    Raises:
        InputError: there are fewer, or the batch does not divide into so many shares.
    """
    devices, processes = jax.devices(), jax.process_count()
    most = len(devices) // processes
    if asked is None:
        fits = [n for n in range(1, most + 1) if not _left_over(config, n * processes)]
        asked = max(fits, default=1)
    if not 1 <= asked <= most:
        raise InputError(
            f"--devices {asked}: there are {most}; on a CPU $SIMGAIT_DEVICES says how many "
            "cores are devices."
        )
    left_over = _left_over(config, asked * processes)
    if left_over:
        each = f" of each of {processes} processes" if processes > 1 else ""
        raise InputError(
            f"--devices {asked}{each}: {left_over} cannot be shared out evenly; change --devices, "
            f"or n_envs, unroll or minibatches in [{config.table}]."
        )
    if asked * processes == 1:
        return None
    # Of each process as many; JAX lists those of a process side by side.
    chosen = np.array(devices).reshape(processes, most)[:, :asked].ravel()
    return Mesh(chosen, (ENVIRONMENTS,))


def n_devices(mesh: Mesh | None) -> int:
    """How many devices a training is spread over."""
    return 1 if mesh is None else int(mesh.devices.size)


def _left_over(config: LearnerConfig, devices: int) -> str:
    """What does not divide; empty where all does."""
    minibatch = config.steps_of_iteration // config.minibatches
    if config.n_envs % devices:
        return f"n_envs = {config.n_envs}"
    return f"a minibatch of {minibatch} steps" if minibatch % devices else ""


def shared_out(function: Callable[..., Any], mesh: Mesh | None, n_whole: int) -> Callable[..., Any]:
    """A function of many environments at once, each device calling it for its own.

    Args:
        function: of arguments that are everybody's, then of some with environments first; what it
            gives has environments first, too.
        mesh: None calls it as it is.
        n_whole: how many arguments are everybody's.
    """
    if mesh is None:
        return function

    def called(*given: Any) -> Any:
        specs = tuple(SAME if i < n_whole else BY_ENVIRONMENT for i in range(len(given)))
        # MJX's loops begin with constants, which vary between no devices.
        spread = jax.shard_map(
            function, mesh=mesh, in_specs=specs, out_specs=BY_ENVIRONMENT, check_vma=False
        )
        return spread(*given)

    return called


def held(tree: Tree, mesh: Mesh | None, spec: PartitionSpec) -> Tree:
    """Within a compiled program: arrays that lie on the devices as `spec` says."""
    if mesh is None:
        return tree
    constrained: Tree = jax.lax.with_sharding_constraint(tree, NamedSharding(mesh, spec))
    return constrained


def placed(tree: Tree, mesh: Mesh | None, spec: PartitionSpec) -> Tree:
    """Arrays put on the devices as `spec` says; as they are where there is one device."""
    if mesh is None:
        return tree
    return jax.tree.map(partial(_put, NamedSharding(mesh, spec)), tree)


def _put(where: NamedSharding, leaf: Any) -> Any:
    if where.is_fully_addressable:
        return jax.device_put(leaf, where)
    # Devices of other processes: each process has the whole, and puts its share of it.
    if isinstance(leaf, jax.Array) and leaf.sharding.is_equivalent_to(where, leaf.ndim):
        return leaf
    if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        return jax.random.wrap_key_data(_put(where, jax.random.key_data(leaf)))
    whole = np.asarray(leaf)
    return jax.make_array_from_callback(whole.shape, where, lambda index: whole[index])


def on_host(tree: Tree, mesh: Mesh | None) -> Tree:
    """Arrays that no mesh binds, for programs that know nothing of it."""
    return tree if mesh is None else jax.tree.map(np.asarray, tree)
