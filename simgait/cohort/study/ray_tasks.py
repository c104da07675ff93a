"""What a worker of a Ray cluster does; its process may be on another machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from simgait.cohort.study.batch import BatchWalk, WalkEnded, track_batch
from simgait.cohort.study.lost import UnfitWorkerError
from simgait.cohort.study.reading import Found, Work, walks_of_work
from simgait.jax_setup import DEVICES, configure_jax
from simgait.pipeline import TrackOptions
from simgait.provenance import code_sha256
from simgait.tracking.policies import Policy

WORKER_DEVICES = 1
"""Of a worker: as many workers as cores leave no core idle while one reads."""


def read(work: Work, of_all: TrackOptions, code: str) -> list[Found]:
    """See `reading.walks_of_work`; `code` is the hash of the simgait that asks."""
    _prepare(code)
    return walks_of_work(work, of_all)


def track(policy: Sequence[Any], batch: Sequence[BatchWalk], code: str) -> list[WalkEnded]:
    """See `batch.track_batch`.

    Args:
        policy: Ray's reference to it, in a list, in which Ray leaves it: JAX must not begin before
            it knows its devices.
        batch: the walks.
        code: hash of the simgait that asks.
    """
    _prepare(code)
    import ray

    found: Policy = ray.get(policy[0])
    return track_batch(found, batch, lambda walks, share: None)


@cache
def _prepare(code: str) -> None:
    """Sets JAX up, once.

    Raises:
        UnfitWorkerError: this is another simgait than the one that asks.
    """
    if code_sha256() != code:
        raise UnfitWorkerError(
            "a worker of the cluster has another simgait; install the same one on every machine."
        )
    os.environ[DEVICES] = str(WORKER_DEVICES)
    configure_jax()
