"""A study over the workers of a Ray cluster, on this machine or on several."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from simgait.body.batches import batch_sizes
from simgait.cohort.study import ray_tasks
from simgait.cohort.study.batch import BatchWalk, WalkEnded
from simgait.cohort.study.lost import UnfitWorkerError, WorkerLostError
from simgait.cohort.study.ray_library import ray_library
from simgait.cohort.study.reading import Found, Work
from simgait.errors import InputError
from simgait.jax_setup import cpu_devices, usable_cores
from simgait.pipeline import TrackOptions
from simgait.provenance import code_sha256
from simgait.tracking.policies import Policy

READ_AHEAD = 8
"""Recordings that are read ahead for each worker; reading takes a fiftieth of tracking."""
UNFIT = (
    "a worker could not load what it was sent; install the same simgait, and what it needs, on "
    "every machine of the cluster."
)
STORE_BYTES = 512 * 2**20
"""Of what travels between processes of this machine: a batch of 64 walks of 15 s takes 15 MiB."""


class RayEngine:
    """Workers of a cluster that this process is connected to; see `engine.Engine`.

    Args:
        ray: the library.
        workers: how many work at a time.
    """

    def __init__(self, ray: Any, workers: int) -> None:
        self.devices = cpu_devices()
        self.together = batch_sizes(self.devices)[-1]
        self._ray, self._asking = ray, ray_tasks.Asking(code_sha256(), self.devices)
        self.reading = READ_AHEAD * workers
        self.tracking = workers + 1  # one waits, so that no worker does
        # A task that is lost is started again by `scheduling`, which knows when to give it up.
        # As many workers as cores leave no core idle while one reads.
        asked = ray.remote(num_cpus=1, max_retries=0)
        self._read, self._track = asked(ray_tasks.read), asked(ray_tasks.track)
        self._policies: dict[str, Any] = {}

    def read(self, work: Work, of_all: TrackOptions) -> Future[list[Found]]:
        """See `engine.Engine`."""
        return self._promise(self._read.remote(work, of_all, self._asking))

    def track(
        self, policy: Policy, batch: Sequence[BatchWalk], tell: Callable[[str], None]
    ) -> Future[list[WalkEnded]]:
        """See `engine.Engine`; the policy goes to each machine once."""
        if policy.sha256 not in self._policies:
            self._policies[policy.sha256] = self._ray.put(policy)
        known = [self._policies[policy.sha256]]
        # A worker's own folder is another.
        asked = [replace(one, report=one.report and one.report.absolute()) for one in batch]
        return self._promise(self._track.remote(known, asked, self._asking))

    def _promise(self, reference: Any) -> Future[Any]:
        """What a task will give; its errors without the name and address of the machine."""
        found: Future[Any] = Future()
        errors = self._ray.exceptions

        def ended(task: Future[Any]) -> None:
            try:
                found.set_result(task.result())
            except errors.RayTaskError as error:
                # Ray's own say is that a worker could not load what it was sent.
                of_ray = isinstance(error.cause, errors.RayError)
                found.set_exception(UnfitWorkerError(UNFIT) if of_ray else error.cause)
            except errors.RayError:
                found.set_exception(WorkerLostError())
            except BaseException as error:  # noqa: BLE001 - somebody waits for it
                found.set_exception(error)

        reference.future().add_done_callback(ended)
        return found


@contextmanager
def ray_workers(workers: int | None = None, address: str | None = None) -> Iterator[RayEngine]:
    """Workers until the end of the block.

    Args:
        workers: on this machine, None: one for each core; of a cluster as many as it has cores.
        address: of a cluster that runs, "auto" for that of this machine; None: one is started here.

    Raises:
        InputError: Ray is not installed, or no cluster can be had.
    """
    ray = ray_library()
    here = {
        "num_cpus": workers or usable_cores(),
        "include_dashboard": False,
        "object_store_memory": STORE_BYTES,
        "_node_ip_address": "127.0.0.1",
    }
    try:
        with warnings.catch_warnings():
            # JAX warns of any process that is started; none of these goes on as a copy of this one.
            warnings.filterwarnings("ignore", message=r"os\.fork\(\)", category=RuntimeWarning)
            ray.init(
                **(here if address is None else {"address": address}),
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
    except (ConnectionError, RuntimeError, ValueError, OSError):
        raise InputError(
            "no Ray cluster could be started on this machine."
            if address is None
            else "--address: no Ray cluster answers there, or its Ray or Python is another version."
        ) from None
    try:
        cores = int(ray.cluster_resources().get("CPU", 0))
        if cores < 1:
            raise InputError("--address: this Ray cluster has no cores to work on.")
        yield RayEngine(ray, min(workers or cores, cores))
    finally:
        ray.shutdown()
