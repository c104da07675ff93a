"""Full batches, whatever order walks come in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.body.batches import LENGTH_STEP, batch_sizes, batches
from simgait.cohort.study.packing import Pool


def packed(frames: list[int], together: int, devices: int = 1) -> list[list[int]]:
    pool: Pool[int] = Pool(together, devices)
    found = []
    for number, n_frames in enumerate(frames):
        pool.add(n_frames, number)
        found += list(pool.full())
    return found + list(pool.rest())


@given(st.lists(st.integers(30, 500), max_size=150), st.integers(1, 80))
def test_every_walk_comes_out_once(frames: list[int], together: int) -> None:
    found = packed(frames, together)
    assert sorted(number for batch in found for number in batch) == list(range(len(frames)))
    assert all(0 < len(batch) <= together for batch in found)


@pytest.mark.parametrize("devices", [1, 2])
def test_batches_before_the_last_walk_have_no_empty_place(devices: int) -> None:
    rng = np.random.default_rng(0)
    frames = [int(n) for n in rng.integers(90, 450, 500)]
    found = packed(frames, 64, devices)
    run = [b for batch in found for b in batches([frames[i] for i in batch], devices)]
    assert sum(b.size * b.frames for b in run) < 1.25 * sum(frames)
    for batch in found[:5]:
        lengths = {-(-frames[i] // LENGTH_STEP) for i in batch}
        assert len(lengths) <= len(batch) / batch_sizes(devices)[-1]
