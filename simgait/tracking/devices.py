"""Walks spread over devices: each simulates its share of a batch, all by one program.

A step of physics runs on one core: MJX factorises by LAPACK, whose calls the CPU backend runs one
after the other. So every core that simulates is a device of its own (`jax_setup`), as every GPU is.
"""

from __future__ import annotations

from typing import Any, TypeVar

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from simgait.body.batches import batch_sizes

WALKS = "walks"
"""The axis of a mesh along which walks lie."""
WHOLE, BY_WALK, BY_TIME_AND_WALK = (
    PartitionSpec(),
    PartitionSpec(WALKS),
    PartitionSpec(None, WALKS),
)
_SAME_FOR_ALL = jax.tree_util.GetAttrKey("base")
"""The part of a bank of bodies that is nobody's."""

Tree = TypeVar("Tree")


def simulating_devices() -> int:
    """How many devices of this process share a large batch."""
    return jax.local_device_count()


def mesh_of(rows: int) -> Mesh | None:
    """The devices that a batch of so many rows is spread over; None for one that runs on one."""
    devices = jax.local_devices()
    if len(devices) == 1 or rows < batch_sizes(len(devices))[-1]:
        return None
    return Mesh(np.array(devices), (WALKS,))


def shares(clips: Any) -> Any:
    """For each array of a clip bank how it is spread: by walk, but for what all bodies share."""
    return jax.tree_util.tree_map_with_path(
        lambda path, _: WHOLE if _SAME_FOR_ALL in path else BY_WALK, clips
    )


def spread(tree: Tree, mesh: Mesh | None, as_shared: Any) -> Tree:
    """Arrays on the devices that need them, as they are where there is one device.

    Args:
        tree: arrays.
        mesh: from `mesh_of`.
        as_shared: how each of them, or all, are spread.
    """
    if mesh is None:
        return tree
    places = jax.tree.map(lambda share: NamedSharding(mesh, share), as_shared)
    spread_out: Tree = jax.device_put(tree, places)
    return spread_out
