"""What a worker of a Ray cluster does; its process may be on another machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from simgait.cohort.study.batch import BatchWalk, WalkEnded, track_batch
from simgait.cohort.study.lost import UnfitWorkerError
from simgait.cohort.study.reading import Found, Work, walks_of_work
from simgait.jax_setup import DEVICES, configure_jax
from simgait.pipeline import TrackOptions
from simgait.provenance import code_sha256
from simgait.tracking.policies import Policy


@dataclass(frozen=True)
class Asking:
    """The simgait that asks.

    Attributes:
        code: its hash.
        devices: over which it spreads a batch; a worker has as many, so that its numbers are those
            of one process, bit by bit.
    """

    code: str
    devices: int


def read(work: Work, of_all: TrackOptions, asking: Asking) -> list[Found]:
    """See `reading.walks_of_work`."""
    _prepare(asking)
    return walks_of_work(work, of_all)


def track(policy: Sequence[Any], batch: Sequence[BatchWalk], asking: Asking) -> list[WalkEnded]:
    """See `batch.track_batch`.

    Args:
        policy: Ray's reference to it, in a list, in which Ray leaves it: JAX must not begin before
            it knows its devices.
        batch: the walks.
        asking: who asks.
    """
    _prepare(asking)
    import ray

    found: Policy = ray.get(policy[0])
    return track_batch(found, batch, lambda walks, share: None)


@cache
def _prepare(asking: Asking) -> None:
    """Sets JAX up, once.

    Raises:
        UnfitWorkerError: this is another simgait than the one that asks.
    """
    if code_sha256() != asking.code:
        raise UnfitWorkerError(
            "a worker of the cluster has another simgait; install the same one on every machine."
        )
    os.environ[DEVICES] = str(asking.devices)
    configure_jax()
