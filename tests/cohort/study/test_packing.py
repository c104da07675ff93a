"""Full batches, whatever order walks come in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgait.body.batches import BATCH_SIZES, LENGTH_STEP, batches
from simgait.cohort.study.packing import Pool


def packed(frames: list[int], together: int) -> list[list[int]]:
    pool: Pool[int] = Pool(together)
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


def test_batches_before_the_last_walk_have_no_empty_place() -> None:
    rng = np.random.default_rng(0)
    frames = [int(n) for n in rng.integers(90, 450, 500)]
    found = packed(frames, 64)
    places = sum(b.size for batch in found for b in batches([frames[i] for i in batch]))
    assert places < 1.15 * len(frames)
    for batch in found[:5]:
        lengths = {-(-frames[i] // LENGTH_STEP) for i in batch}
        assert len(lengths) <= len(batch) / BATCH_SIZES[-1]
