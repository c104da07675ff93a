"""A large batch is spread over devices, and nobody's walk is another for it."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from simgait.body import batches
from simgait.tracking import devices, inference
from simgait.tracking.clips import build_clips
from simgait.tracking.inference import PhysicsTracker
from tests.tracking.test_inference import CONFIG, IDLE, tracker


def test_only_the_largest_batch_is_spread() -> None:
    assert devices.simulating_devices() == 2
    assert devices.mesh_of(1) is None and devices.mesh_of(32) is None
    mesh = devices.mesh_of(64)
    assert mesh is not None and mesh.devices.size == 2


@pytest.mark.slow
def test_each_device_gets_its_walks_and_what_all_share(walks, monkeypatch) -> None:
    monkeypatch.setattr(batches, "BATCH_SIZES", (1,))
    clips = build_clips(walks[:2], CONFIG.body)
    placed = devices.spread(clips, devices.mesh_of(2), devices.shares(clips))
    first, second = placed.length.addressable_shards
    assert {first.device, second.device} == set(jax.local_devices())
    assert (int(first.data[0]), int(second.data[0])) == tuple(int(n) for n in clips.length)
    base = placed.bodies.base.body_mass
    assert base.is_fully_replicated and np.array_equal(base, clips.bodies.base.body_mass)


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_optimised")
def test_walks_on_two_devices_are_those_on_one(walks, monkeypatch) -> None:
    def tracked(sizes: tuple[int, ...], n_devices: int) -> list[np.ndarray]:
        monkeypatch.setattr(batches, "BATCH_SIZES", sizes)
        monkeypatch.setattr(inference, "simulating_devices", lambda: n_devices)
        runner: PhysicsTracker = tracker(IDLE)
        many = [walks[i % len(walks)] for i in range(16)]
        return [rollout.pose for rollout in runner.track(many)]

    spread_out = tracked((8,), 2)
    alone = tracked((16,), 1)
    for one, other in zip(spread_out, alone, strict=True):
        assert np.abs(one - other).max() < 1e-3  # m and rad: rounding alone
